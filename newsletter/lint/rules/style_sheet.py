"""A style sheet that mail programs drop.

What: ``<style>`` outside ``<head>``; style sheets of more than 16 KiB together.

Why: Gmail drops a style sheet in the body, and reads no more than 16 KiB of them; classic Outlook
wants them in front of what they are about. The letter then looks as if it had none, on every
telephone.

Source: caniemail, html-style, notes 1, 4 and 6; email-bugs issue 90, with the tests.

Bad::

    html: <div><style>.lead { color:#222222 }</style><p class="lead">The ferry is back.</p></div>

Good::

    html: |
      <html><head><style>.lead { color:#222222 }</style></head>
      <body><p class="lead">The ferry is back.</p></body></html>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.names import names
from newsletter.lint.caniemail.support import support
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C12"
GROUP = Group.CLIENTS
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

LIMIT = 16 * 1024
"""Bytes."""

_ABOUT_PLACE = ("`<body>`", "before their rules")
_ABOUT_SIZE = ("16 KB",)


def check(context: Context) -> Iterator[Problem]:
    """At most two problems: where style sheets stand, and how large they are."""
    document = context.document
    styles = list(document.root.iter("style"))
    late = [one for one in styles if all(outer.tag != "head" for outer in one.iterancestors())]
    if late and (programs := _programs(context, _ABOUT_PLACE)):
        yield Problem(
            f"<style> stands in the body of the letter, where {programs} may drop it",
            "In the template, move it into <head>: <mj-style> does that.",
            *(document.place(late[0]) or ()),
        )
    size = sum(len((style.text or "").encode()) for style in styles)
    if size > LIMIT and (programs := _programs(context, _ABOUT_SIZE)):
        yield Problem(
            f"the style sheets are {size:,} bytes, and {programs} reads no more than {LIMIT:,}",
            "In the template, take out rules that no part of the letter uses.",
        )


def _programs(context: Context, notes: tuple[str, ...]) -> str:
    """The chosen programs of which caniemail notes this; empty if it is none."""
    feature = support().lookup("html-style")
    found = [
        result
        for result in feature.among(context.options.clients)
        if any(words in note for note in result.notes for words in notes)
    ]
    return f"{names(found, feature.results)} (tested {feature.tested[:7]})" if found else ""
