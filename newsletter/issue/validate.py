"""Plain values → Issue, or what is wrong with them in an editor's words.

Pydantic decides what is valid. Here its errors find their places, and those that follow from
another one are left out; ``newsletter.issue.wording`` says them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from newsletter.issue import wording
from newsletter.issue.bounds import beyond
from newsletter.issue.fields import CODES, MARKDOWN
from newsletter.issue.manuscript import Span, Where
from newsletter.issue.model import Issue
from newsletter.issue.nodes import Tree
from newsletter.issue.problems import Problem, shorten

_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*[^\s\"']|[-*] |\d+[.)] )")
"""Where a further paragraph or the entry of a list begins."""


def validate(tree: Tree) -> tuple[Issue | None, list[Problem]]:
    """The issue that a tree means, or None and every reason why it means none."""
    if not isinstance(tree.value, dict):
        return None, [_not_keys(tree)]
    misread = dict(_misread(tree))
    problems = [*misread.values(), *_same_ids(tree), *beyond(tree)]
    try:
        issue = Issue.model_validate(_without_nulls(tree, ()))
    except ValidationError as error:
        errors = [(_where(tree, item["loc"]), item) for item in error.errors(include_url=False)]
        return None, [*problems, *_say(tree, errors, tree.holes | misread.keys())]
    return issue, problems


def _not_keys(tree: Tree) -> Problem:
    if tree.value is None:
        hint = "Start an issue with: newsletter new"
        return Problem(0, 0, "empty-file", "the file says nothing", hint)
    return tree.problem(
        tree.spans[()].start,
        "wrong-type",
        "an issue consists of keys with values",
        'Begin with "subject: " and the subject line.',
    )


def _without_nulls(tree: Tree, where: Where) -> Any:
    """The value at a place; keys without a value count as left out, if they may stand there."""
    value = tree.get(where)
    if isinstance(value, dict):
        fields = wording.part_at(tree, where).model_fields
        return {
            key: _without_nulls(tree, (*where, key))
            for key, item in value.items()
            if item is not None or key not in fields
        }
    if isinstance(value, list):
        return [_without_nulls(tree, (*where, index)) for index in range(len(value))]
    return value


def _misread(tree: Tree) -> Iterator[tuple[Where, Problem]]:
    """Unquoted values that are valid YAML but surely not what was meant."""
    for where, span in tree.spans.items():
        value = tree.get(where)
        if not isinstance(value, str) or not value or tree.text[span.start] == "|":
            continue
        key = next((step for step in reversed(where) if isinstance(step, str)), None)
        if key in MARKDOWN and _PARAGRAPHS.search(tree.text, span.start, span.end):
            yield where, _run_together(tree, span, key)
            continue
        if tree.text[span.start] in "\"'>":
            continue
        behind = tree.text[span.end : span.end + 200].split("\n", 1)[0]
        comment = behind.lstrip()
        if key in CODES:
            if len(value) > 2 and value[0] in "“”„" and value[-1] in "“”":
                yield (
                    where,
                    tree.problem(
                        span.start,
                        "curly-quotes",
                        f'curly quotes are part of the value of "{key}"',
                        f"Write {key}: {shorten(value[1:-1])}",
                    ),
                )
        elif comment.startswith("#") and comment[1:2].isalnum():
            yield (
                where,
                tree.problem(
                    span.end + len(behind) - len(comment),
                    "hash",
                    'text is cut off here: a "#" behind a space starts a comment',
                    'Put quotes around the whole text, or a space behind "#" if it is a comment.',
                ),
            )


def _run_together(tree: Tree, span: Span, key: str | None) -> Problem:
    """Without ``|`` YAML joins lines, and with them paragraphs and the entries of a list."""
    return tree.problem(
        span.start,
        "run-together",
        f'the paragraphs of "{key}" would run together',
        f'Write "{key}: |" and the text on the lines below it, indented.',
    )


def _same_ids(tree: Tree) -> Iterator[Problem]:
    sections = tree.get(("sections",))
    first: dict[str, int] = {}
    for index, section in enumerate(sections if isinstance(sections, list) else ()):
        name = section.get("id") if isinstance(section, dict) else None
        if not isinstance(name, str):
            continue
        start = tree.spans["sections", index, "id"].start
        if name in first:
            line, column = tree.place(first[name])
            yield tree.problem(
                start,
                "duplicate-id",
                f'another section has the id "{shorten(name)}", on line {line + 1}, '
                f"column {column + 1}",
                "Give each section an id of its own.",
            )
        first.setdefault(name, start)


def _where(tree: Tree, loc: Where) -> Where:
    """Pydantic's way to a value as the file has it."""
    if loc[0] == "sections" and len(loc) > 2:
        return (*loc[:2], *loc[3:])  # without the kind, which it puts behind a section's number
    if loc[0] == "summary" and isinstance(tree.get(loc[:2]), str):
        return loc[:2]  # a bullet that is only its text
    return loc


def _say(
    tree: Tree, errors: list[tuple[Where, ErrorDetails]], silent: set[Where]
) -> Iterator[Problem]:
    explained = set(silent)
    for where, item in errors:
        section = where[:-1]
        if item["type"] == "missing" and where[-1] == "headline" and section not in explained:
            said = wording.other_kind(tree, section)
            if said:
                yield tree.problem(tree.spans[section].start, *said)
                explained.add(section)
    for where, item in errors:
        if item["type"] == "extra_forbidden" and not _is_explained(where, explained):
            said, explains = wording.unknown_key(tree, where)
            yield tree.problem(tree.keys[where].start, *said)
            explained |= explains
    for where, item in errors:
        kind = item["type"]
        if _is_explained(where, explained) or kind == "extra_forbidden":
            continue
        if kind == "missing":
            yield _missing(tree, where)
        elif kind != "too_short" or not tree.get(where):
            # pydantic counts only the valid entries of a list: too_short may be a consequence
            place, said = wording.wrong_value(tree, where, item)
            yield tree.problem(tree.spans[place].start, *said)


def _is_explained(where: Where, explained: set[Where]) -> bool:
    return any(where[:length] in explained for length in range(len(where) + 1))


def _missing(tree: Tree, where: Where) -> Problem:
    if where in tree.keys:
        return tree.problem(tree.keys[where].start, *wording.empty(tree, where))
    return tree.problem(tree.spans[where[:-1]].start, *wording.missing(tree, where))
