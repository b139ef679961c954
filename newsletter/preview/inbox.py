"""A letter's row in the inbox: from whom, the subject, and as much of the preheader as fits.

How much fits, in characters, is in truth a matter of pixels, of the window and of the type size
that the reader chose. The numbers here are for a usual window in the usual size:

* iPhone Mail: 48 and 99, measured on an iPhone 14 (EmailToolTester, 2023; the same test is the
  source of the rules H01 and H07).
* Subjects elsewhere: Gmail 70 on computers and 37 on phones, Outlook 60 on computers
  (lettercounter.org, read in 2026-11); Apple Mail 64 on the Mac, Outlook 38 on phones
  (typecount.com, 2026). Published lists differ by about a tenth.
* Preheaders elsewhere: Gmail 97 on computers (Newsletter2Go's help pages); Apple Mail 140 on the
  Mac (InboxEagle, 2026, and AcelleMail); Outlook 55 on computers (Newsletrix; AcelleMail says 50 to
  70); on phones Gmail 40 and Outlook 75, the ends of what Mailneo and AcelleMail give (40 to 75).
* Senders: 25 everywhere (campaign.name: 20 to 25 on phones).
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass

from newsletter.preview.appearances.markup import Tag, attributes_of, tags
from newsletter.preview.cut import cut


@dataclass(frozen=True, slots=True)
class Row:
    """A line in a mail program's list; texts are cut, with an ellipsis, where that program cuts.

    Attributes:
        client: The program.
        device: What it runs on.
        sender: Who the letter is from, without the address if there is a name.
        subject: The subject.
        preheader: What stands behind or below the subject.
        date: As given.
    """

    client: str
    device: str
    sender: str
    subject: str
    preheader: str
    date: str


_SENDER = 25
_CLIENTS = (
    ("Gmail", "computer", 70, 97),
    ("Gmail", "phone", 37, 40),
    ("Apple Mail", "Mac", 64, 140),
    ("Apple Mail", "iPhone", 48, 99),
    ("Outlook", "computer", 60, 55),
    ("Outlook", "phone", 38, 75),
)


def rows(
    sender: str, subject: str, preheader: str, date: str = "", body_text: str = ""
) -> tuple[Row, ...]:
    """How mail programs list a letter.

    Args:
        sender: The ``From`` field: ``The Harbour Letter <letter@example.org>``, or only a name.
        subject: The subject line.
        preheader: What is meant to stand behind it.
        date: As it shall be shown.
        body_text: The text of the HTML part from its top, as ``text_of`` gives it: programs go on
            with it behind a short preheader. Where invisible characters pad the preheader, they
            are in it, and keep the rest out of the row.
    """
    shown = _spaced(body_text)
    if not shown.startswith(_spaced(preheader)):
        shown = f"{_spaced(preheader)} {shown}"
    name = _name(sender)
    return tuple(
        Row(
            client,
            device,
            cut(name, _SENDER),
            cut(_spaced(subject), of_subject),
            cut(shown, of_preheader),
            date,
        )
        for client, device, of_subject, of_preheader in _CLIENTS
    )


_UNSEEN = frozenset({"head", "noscript", "script", "style", "template", "title"})
_ENOUGH = 1000
"""Characters: more than any row has room for, padding included."""


def text_of(html: str) -> str:
    """The first text of an HTML part, hidden text included, as inboxes read it.

    Args:
        html: The HTML part as sent.
    """
    pieces, length, done = [], 0, 0
    hidden = 0
    for tag in tags(html):
        if not hidden and (piece := _between(html[done : tag.start])):
            pieces.append(piece)
            length += len(piece)
        done = tag.end
        if tag.name in _UNSEEN:
            hidden = max(hidden + (-1 if tag.is_end else 1), 0)
        elif tag.name == "body":
            hidden = 0
        elif tag.name == "img" and not hidden:
            pieces.append(f" {_alternative(html, tag)} ")
        elif tag.name not in _INLINE:
            pieces.append(" ")
        if length > _ENOUGH:
            break
    else:
        pieces.append(_between(html[done:]))
    return _spaced("".join(pieces))


# Elements that stand in a line of text: no space comes of them that nobody wrote.
_INLINE = frozenset(
    {"a", "abbr", "b", "code", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span"}
    | {"strong", "sub", "sup", "u", "wbr"}
)


def _alternative(html: str, tag: Tag) -> str:
    return next(
        (one.value for one in attributes_of(html[slice(*tag.attributes)]) if one.name == "alt"), ""
    )


_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)|<![^>]*(?:>|\Z)", re.DOTALL)


def _between(source: str) -> str:
    return entities.unescape(_COMMENT.sub("", source))


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\r\n\f]+", " ", text).strip(" ")


def _name(sender: str) -> str:
    name, bracket, rest = sender.strip().rpartition("<")
    if bracket and rest.endswith(">"):
        name = name.strip().strip('"').replace('\\"', '"').strip()
        return _spaced(name or rest[:-1])
    return _spaced(sender)
