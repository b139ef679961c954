"""HTML in a text that is Markdown.

What: tags, comments and the like in a body, an intro, a bullet, a caption and so on. Addresses in
angle brackets (``<https://example.com>``) are Markdown and fine.

Why: HTML is not let through, so readers would see the tag itself. Written by hand it is also what
breaks in mail clients.

Source: CommonMark 0.31, sections 4.6 and 6.6.

Bad::

    intro: The ferry is <b>back</b>.

Good::

    intro: The ferry is **back**, see <https://example.com>.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.markdown import raw_html
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import texts

ID = "T06"
GROUP = Group.TEXT
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """A problem for each opening tag, comment or block of HTML; a closing tag goes with its own."""
    for text in texts(context.issue):
        if not text.markdown or "<" not in text.value:
            continue
        for offset, html in raw_html(text.value):
            if html.startswith("</"):
                continue
            yield Problem(
                f"{_shortened(html)} is HTML, and readers would see it as it stands",
                _hint(html),
                text.where,
                offset,
            )


def _shortened(html: str) -> str:
    first = html.splitlines()[0]
    return first if len(first) <= 40 else f"{first[:39]}…"


def _hint(html: str) -> str:
    if html.startswith("<!--"):
        return 'Notes for colleagues stand outside the text, behind "#".'
    tag = re.match(r"<(\w+)", html)
    mend = _MENDS.get(tag[1].lower()) if tag else None
    return f"Write it as Markdown: {mend}." if mend else r'For a mere "<" write "\<".'


_MENDS = {
    "b": "**bold**",
    "strong": "**bold**",
    "i": "*italic*",
    "em": "*italic*",
    "a": "[words](https://…)",
    "br": "a blank line for a new paragraph",
    "p": "a blank line for a new paragraph",
    "h2": "## Headline",
    "h3": "### Headline",
    "li": '"- " at the start of each line',
    "blockquote": '"> " at the start of each line',
}
