"""A letter without a way out.

What: the HTML part needs a link that leads to ``unsubscribe_url``, with words in it and not hidden;
the text part needs that address, too.

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
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.document import Document
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.styles import styles

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "L11"
GROUP = Group.LINKS
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_FIELD = "unsubscribe_url"


def check(context: Context) -> Iterator[Problem]:
    """At most one problem for each part of the letter."""
    document = context.document
    if not any(_leads_out(document, link) for link in document.root.iter("a")):
        yield Problem(
            "the HTML part has no link to unsubscribe",
            'Add to the template: <a href="{{ issue.unsubscribe_url }}">Unsubscribe</a>',
        )
    if not any(slot.field == _FIELD for slot in context.edition.text.slots):
        yield Problem(
            "the text part has no address to unsubscribe",
            "The program makes the text part, not the template: please report it.",
        )


def _leads_out(document: Document, link: Element) -> bool:
    """Whether a link that readers can see ends the subscription."""
    if not (link.get("href") or "").strip().startswith(f"{{{{ {_FIELD} }}}}"):
        return False
    shown = document.text(link) or any((one.get("alt") or "").strip() for one in link.iter("img"))
    return bool(shown) and not styles(document.root)[link].is_hidden
