"""A line that an issue file does not have yet, written where such a line usually stands."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from newsletter.errors import NewsletterError
from newsletter.issue.drafts.write import to_yaml
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.model import Issue
from newsletter.issue.nodes import Tree, Value, build
from newsletter.issue.quoting import quoted, refuse_unseen
from newsletter.issue.stretch import is_body, words_of
from newsletter.issue.wording import part_at


def insert(text: str, path: Path, name: str, where: Where, value: str) -> Manuscript:
    r"""Write a value that is not in an issue file yet, as a line of its own.

    Args:
        text: The file, with ``\n`` line ends. It need not be valid as long as it lacks that value.
        path: The file's path.
        name: The file as findings show it.
        where: The way to the value; its key has no value yet.
        value: One line.

    Returns:
        The issue afterwards: the file means what it meant, and that value.

    Raises:
        NewsletterError: The value cannot stand there, or something else is wrong with the file.
    """
    refuse_unseen(value)
    tree = _read(text, where)
    meant = copy.deepcopy(tree.value)
    part: Any = meant
    for step in where[:-1]:
        part = part[step]
    part[where[-1]] = value
    start, before, behind = _place(tree, where, meant)
    wrong = NewsletterError("this line cannot be added here", "Add it in the file.")
    for written in (value, quoted(value)) if value else (quoted(value),):
        new = f"{text[:start]}{before}{written}{behind}{text[start:]}"
        read = load_text(new, path, name)
        if not isinstance(read, Manuscript):
            wrong = NewsletterError(read[0].message, read[0].hint)
        elif build(new).value == meant:
            return read
    raise wrong


def _read(text: str, where: Where) -> Tree:
    try:
        tree = build(text)
    except yaml.YAMLError as error:
        raise NewsletterError(
            "the file cannot be read as it is", "Mend the lines named beside the letter first."
        ) from error
    if not tree.is_complete or tree.problems or not isinstance(tree.get(where[:-1]), dict):
        raise NewsletterError("there is no place for this line", "Add it in the file.")
    if where[-1] not in words_of(part_at(tree, where[:-1])) or is_body(where):
        raise NewsletterError(f'"{where[-1]}" is not a line of words', "Add it in the file.")
    if tree.get(where) is not None:
        raise NewsletterError("there is a text here already", "Look at it again, then change it.")
    return tree


def _place(tree: Tree, where: Where, meant: Value) -> tuple[int, str, str]:
    """Where it is written, and what is written before and behind the value."""
    text = tree.text
    if where in tree.keys:
        span = tree.spans[where]
        if span.end > span.start:  # "~" or "null"
            raise NewsletterError(
                f'"{text[span.start : span.end]}" stands there in the file, which means nothing',
                "Take that out of the file first.",
            )
        return text.index(":", tree.keys[where].end) + 1, " ", ""
    if text[tree.spans[where[:-1]].start] == "{":
        raise NewsletterError("these keys stand between braces", "Add the line in the file.")
    above = _above(tree, where, meant)
    start = tree.keys[above].start
    begin = text.rfind("\n", 0, start) + 1
    indent = " " * (start - begin)
    last = tree.spans[above]
    end = max(tree.keys[above].end, last.start + len(text[last.start : last.end].rstrip(" \n")))
    line_end = text.find("\n", end)
    if line_end < 0:
        return len(text), f"\n{indent}{where[-1]}: ", ""
    return line_end, f"\n{indent}{where[-1]}: ", ""


def _above(tree: Tree, where: Where, meant: Value) -> Where:
    """The key in the file behind which the new one usually stands."""
    there = [key for key in tree.keys if key[:-1] == where[:-1]]
    try:
        usual = list(build(to_yaml(Issue.model_validate(meant))).keys)
    except ValidationError:
        usual = [*there, where]  # what is wrong is said when the file is read
    order = [key for key in usual[: usual.index(where)] if key in there] if where in usual else []
    if order:
        return order[-1]
    if not there or where in usual:
        raise NewsletterError("this line would be the first of its kind", "Add it in the file.")
    return there[-1]
