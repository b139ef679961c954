"""Who the letter is from, and what the law asks for.

What: ``from`` without a name; answers that go to a no-reply address; no postal address in the
settings (warnings); no ``list_id`` (note); a copyright year in the template or beside the
newsletter's name that is not the issue's (warning).

Why: inboxes show the name, and the address if there is none. Readers who answer are the best sign
a mail provider knows. The law of many countries wants the publisher's postal address in every
letter. Last year's date at the end says that nobody looks.

Source: Google, Email sender guidelines; RFC 2919; CAN-SPAM Act, 15 U.S.C. 7704(a)(5).

Bad::

    html: <p>© 2019 The Harbour Letter</p>

Good::

    html: <p>© 2009–2026 The Harbour Letter</p>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import parseaddr

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import texts

ID = "H06"
GROUP = Group.INBOX
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

_NO_REPLY = re.compile(
    r"(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|keine?[-_.]?antwort|nicht[-_.]?antworten"
    r"|ne[-_.]?pas[-_.]?repondre|no[-_.]?responder|nie[-_.]?odpowiadaj)\b.*",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)[^\d\n]{0,40}?(?:(?:19|20)\d\d\s*[-–—,]\s*)?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_NEAR = 60
"""Characters around a copyright year in which the newsletter's name makes it ours."""


def check(context: Context) -> Iterator[Problem]:
    """Problems of the settings and of the years, the settings' for the letter as a whole."""
    if "list_id" in context.headers:  # an example in a rule's documentation has no settings
        yield from _settings(context)
    yield from _years(context)


def _settings(context: Context) -> Iterator[Problem]:
    headers = context.headers
    name, address = parseaddr(headers.get("from", ""))
    if not name.strip():
        yield Problem(
            "the letter is from a bare address, and inboxes show it instead of a name",
            'In newsletter.toml, write from = "The Harbour Letter <letter@example.org>".',
        )
    answers = parseaddr(headers.get("reply_to", ""))[1] or address
    if _NO_REPLY.match(answers):
        yield Problem(
            f"answers go to {answers}, where nobody reads them",
            "In newsletter.toml, let reply_to be an address that somebody reads.",
        )
    if not context.publication.postal_address.strip():
        yield Problem(
            "the letter says nowhere how its publisher can be reached by post",
            "In newsletter.toml, set postal_address.",
        )
    if not headers.get("list_id"):
        yield Problem(
            "the newsletter has no list_id, by which readers' mail programs could sort it",
            "In newsletter.toml, set list_id once and never change it.",
            severity=Severity.INFO,
        )


def _years(context: Context) -> Iterator[Problem]:
    year, name = str(context.issue.date.year), context.publication.name.casefold()
    typed = list(texts(context.issue))
    for text in typed:
        for found in _YEAR.finditer(text.value):
            around = text.value[max(found.start() - _NEAR, 0) : found.end() + _NEAR]
            # A year beside another name is that of a picture, or of a book.
            if found[1] != year and name in around.casefold():
                yield Problem(*_said(found[1], year, "in the text"), text.where, found.start(1))
    document = context.document
    for found in _YEAR.finditer(document.text(document.root)):
        if found[1] != year and not any(found[0] in text.value for text in typed):
            yield Problem(*_said(found[1], year, "in the template"))


def _said(found: str, year: str, where: str) -> tuple[str, str]:
    return f"the copyright year is {found}; the issue is of {year}", f"Write {year} {where}."
