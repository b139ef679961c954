"""Merge fields that will not be filled in, or may stay empty.

What: anything between double braces, or between a brace and a percent sign, that is not a merge
field, and any field in the address of a picture (errors); a field that may be empty and has no
default (warning). Code is not looked at, but for fields that would be filled in there.

Why: readers would see the braces; or "Hello ," if nothing is known about them. A picture with an
address of its own for each reader tells who has looked at the letter, and when.

Source: ``newsletter.render.merge.FIELD``: a name of lower-case letters, digits and underscores,
then perhaps a bar and the words that stand in.

Bad::

    intro: Hello {{ Name }},

Good::

    intro: Hello {{ name | neighbour }},
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.markdown import pictures
from newsletter.issue.merge_field import FIELD
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.text import texts, without_code
from newsletter.render.merge import BUILT_IN_FIELDS
from newsletter.suggestion import nearest

ID = "L12"
GROUP = Group.LINKS
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_LOOKS_LIKE_ONE = re.compile(r"\{\{[^{}\n]*\}{0,2}|\{%[^{}\n]*%?\}?")
_FILTER = re.compile(r"[a-z_]+\(.*\)|([\"']).*\1", re.DOTALL)


def check(context: Context) -> Iterator[Problem]:
    """Problems of every merge field, and of all that looks like one."""
    for text in texts(context.issue, addresses=True):
        for field in FIELD.finditer(text.value):
            if text.where[-1] == "src":
                yield Problem(*_TRACKS, text.where, field.start())
            elif problem := _field(field, has_archive=bool(context.edition.view_url)):
                yield Problem(*problem[:2], text.where, field.start(), problem[2])
        if text.markdown:
            yield from (Problem(*_TRACKS, text.where, at) for at in _tracking(text.value))
        rest = FIELD.sub(lambda field: " " * len(field[0]), text.value)
        for match in _LOOKS_LIKE_ONE.finditer(without_code(rest) if text.markdown else rest):
            yield Problem(
                f"{_quoted(match[0])} is not a merge field: readers would see it as it stands",
                _mend(match[0]),
                text.where,
                match.start(),
            )


_TRACKS = (
    "a merge field stands in the address of a picture: it would tell who looked at the letter",
    "Give all readers the same picture.",
)


def _tracking(source: str) -> Iterator[int]:
    """Where pictures inside a text start whose address holds a merge field."""
    if "![" in source:
        yield from (p.offset for p in pictures(source) if FIELD.search(p.src))


def _field(field: re.Match[str], *, has_archive: bool) -> tuple[str, str, Severity] | None:
    name, default = field[1], (field[2] or "").strip()
    if _FILTER.fullmatch(default):
        return (
            f"readers without {name} would see {default}",
            f"Write the words themselves behind the bar: {{{{ {name} | friend }}}}",
            Severity.ERROR,
        )
    close = None if name in BUILT_IN_FIELDS else nearest(name, BUILT_IN_FIELDS)
    if default and close:
        return (
            f"{_quoted(field[0])} looks like a misspelt {close}",
            f'Did you mean "{close}"?',
            Severity.WARNING,
        )
    if default or name in {"email", "unsubscribe_url"} or (name == "view_url" and has_archive):
        return None
    if name == "view_url":
        message = f"{_quoted(field[0])} is empty: issues have no web version"
        return message, "Set archive_url in newsletter.toml.", Severity.WARNING
    message = f"{_quoted(field[0])} has no default: readers without {name} would see a gap"
    hint = f'Did you mean "{close}"?' if close else f"Say what stands in: {{{{ {name} | friend }}}}"
    return message, hint, Severity.WARNING


def _mend(wrong: str) -> str:
    name = re.sub(r"\W+", "_", wrong.partition("|")[0].lower()).strip("_")
    if wrong.startswith("{{") and FIELD.fullmatch(f"{{{{ {name} }}}}"):
        return f"Did you mean {{{{ {name} | friend }}}}?"
    return "A merge field is a name and what stands in without it: {{ name | friend }}"


def _quoted(text: str) -> str:
    return f'"{text.strip()}"'
