"""A letter without a way out.

What: the HTML part needs a link with words in it that leads to ``unsubscribe_url``; the text part
needs that address, too.

Why: whoever cannot find the link reports the letter as spam, which hurts delivery to everybody
else; and many laws demand it.

Source: Google, Email sender guidelines ("a clearly visible unsubscribe link in the message
body"); Yahoo, Sender best practices; CAN-SPAM Act, 15 U.S.C. 7704(a)(3).

Bad::

    html: <p>Until next week.</p>
    text: Until next week.

Good::

    html: <p>Until next week. <a href="{{ unsubscribe_url }}">Unsubscribe</a></p>
    text: "Until next week. Unsubscribe: {{ unsubscribe_url }}"
"""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Problem, Target

ID = "unsubscribe-link"
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_SAMPLE = "https://unsubscribe.example.com/"


def check(context: Context) -> Iterator[Problem]:
    """At most one problem for each part of the letter."""
    if not _has_link(context.edition.html.fill({"unsubscribe_url": _SAMPLE})):
        yield Problem(
            "the HTML part has no link to unsubscribe",
            'Add to the template: <a href="{{ issue.unsubscribe_url }}">Unsubscribe</a>',
        )
    if not any(slot.field == "unsubscribe_url" for slot in context.edition.text.slots):
        yield Problem(
            "the text part has no address to unsubscribe",
            "The program makes the text part, not the template: please report it.",
        )


def _has_link(html: str) -> bool:
    finder = _Finder()
    finder.feed(html)
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    # Comments, and with them what only Outlook for Windows reads, are not looked into.
    def __init__(self) -> None:
        super().__init__()
        self.found = False
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._inside = (dict(attrs).get("href") or "").strip().startswith(_SAMPLE)
        elif tag == "img" and self._inside and (dict(attrs).get("alt") or "").strip():
            self.found = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.found = True
