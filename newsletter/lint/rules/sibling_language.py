"""A file name that says another language than the issue, or a language that is there twice.

What: the language in the name of an issue's file (``2026-11-20.uk.yaml``) against its ``language``
and, without one, the newsletter's; and two files of one issue in one language.

Why: readers get the edition of their language, and which it is the file itself says: headings,
hyphenation and the voice of screen readers follow it. With two files in one language, nobody gets
the second.

Source: WCAG 2.2, 3.1.1 (language of page); practice of newsrooms that write in several languages.

Bad::

    subject: The night ferry is back
    ---
    language: en

Good::

    subject: The night ferry is back
    ---
    language: uk
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.siblings import language_in_name
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N25"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """At most one problem of each kind."""
    language = context.language.lower()
    named = language_in_name(context.manuscript.path)
    if named and not _alike(named.lower(), language):
        yield Problem(
            f"the file's name says {named}, and the issue is in {context.language}",
            f'Write "language: {named}", or give the file another name.',
            ("language",),
        )
    for other in context.siblings:
        theirs = other.issue.language or context.publication.language
        if theirs.lower() == language:
            yield Problem(
                f"{other.path.name} is the same issue in the same language, {theirs}",
                "Say in each which language it is in, or take one of them away.",
                ("language",),
            )
            return


def _alike(one: str, other: str) -> bool:
    """Whether one tag is the other, or the other with something behind it."""
    return one == other or one.startswith(f"{other}-") or other.startswith(f"{one}-")
