"""Signs of HTML where readers would see them.

What: tags such as ``<b>`` and entities such as ``&nbsp;`` in the fields that are no Markdown
(subject, headline, byline, alt, label …), and in the text part. Code that is about HTML is fine;
what stands in Markdown is found by ``raw-html``.

Why: these fields and the text part show what is typed. "Bread &amp; butter" is what readers read.

Source: CommonMark 0.31, section 6.2 (entities are for Markdown); Mailflow, issue 238.

Bad::

    html: <p>Bread &amp; butter</p>
    text: Bread &amp; butter

Good::

    html: <p>Bread &amp; butter</p>
    text: Bread & butter
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.fields import as_typed
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import texts

ID = "T04"
GROUP = Group.TEXT
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_TAGS = "a|b|big|blockquote|br|center|div|em|font|h[1-6]|hr|i|img|li|ol|p|small|span|strong|sub|sup"
_MARKUP = re.compile(
    rf"</?(?:{_TAGS}|table|tbody|td|th|tr|u|ul)(?:\s[^<>]*)?/?>"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});",
    re.IGNORECASE,
)


def check(context: Context) -> Iterator[Problem]:
    """A problem for each tag or entity of a field; one for the text part if it has others."""
    typed = []
    for text in texts(context.issue):
        typed.append(text.value)
        for found in _found(text.value) if not text.markdown else ():
            yield Problem(
                f'readers would see "{found[0]}" as it stands',
                _hint(found[0]),
                text.where,
                found.start(),
            )
    for found in _found(as_typed(context.edition.text)):
        if not any(found[0] in value for value in typed):
            yield Problem(
                f'the text part says "{found[0]}"',
                "Look for it in newsletter.toml. If it is not there, please report it.",
            )
            return


def _found(text: str) -> Iterator[re.Match[str]]:
    if "<" in text or "&" in text:
        for found in _MARKUP.finditer(text):
            if found[0][0] == "<" or html.unescape(found[0]) != found[0]:
                yield found


def _hint(markup: str) -> str:
    if markup.startswith("<"):
        return "Take it out: this field is a plain line."
    meant = html.unescape(markup)
    return f'Type "{meant}".' if meant.isprintable() else "Type the character itself."
