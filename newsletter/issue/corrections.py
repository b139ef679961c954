"""A correction, written into an issue file behind those that are there."""

from __future__ import annotations

import copy
import datetime
import re
from typing import Any

import yaml

from newsletter.errors import NewsletterError
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.nodes import Tree, build
from newsletter.issue.quoting import quoted, refuse_unseen

KEY = "corrections"

_BY_HAND = "Add it in the file by hand."


def add_correction(manuscript: Manuscript, date: datetime.date, note: str) -> Manuscript:
    """Write a correction into an issue; every other byte of the file stays.

    Args:
        manuscript: The issue.
        date: The day of the correction.
        note: What is right now, in one line.

    Returns:
        The issue afterwards: it means what it meant, and that correction as its last.

    Raises:
        NewsletterError: The note is empty or cannot be typed, or the file has no place for it.
    """
    note = " ".join(note.split())
    refuse_unseen(note)
    if not note:
        raise NewsletterError("the note says nothing", 'Say what is right: --note "…"')
    try:
        tree = build(manuscript.text)
    except yaml.YAMLError as error:  # a manuscript was read from this text, so it cannot be
        raise NewsletterError(f"{manuscript.name} cannot be read as it is", _BY_HAND) from error
    meant: Any = copy.deepcopy(tree.value)
    entries = meant.get(KEY) or []
    meant[KEY] = [*entries, {"date": date.isoformat(), "note": note}]
    start, before, indent = _place(tree, manuscript.name)
    entry = f"{indent}- date: {date.isoformat()}\n{indent}  note: {quoted(note)}"
    text = f"{tree.text[:start]}{before}{entry}{tree.text[start:] or chr(10)}"
    read = load_text(text, manuscript.path, manuscript.name)
    if not isinstance(read, Manuscript):
        raise NewsletterError(f"{read[0].message}", read[0].hint or _BY_HAND)
    if build(text).value != meant:
        raise NewsletterError(f"a correction cannot be added to {manuscript.name}", _BY_HAND)
    return read


def _place(tree: Tree, name: str) -> tuple[int, str, str]:
    """Where the entry is written, what stands before it, and how deep it is indented."""
    text = tree.text
    if (KEY,) not in tree.keys:
        # YAML ends a text below "|" where a line is not indented any more. What follows the last
        # line, blank lines and comments, stays behind it.
        return _at_the_end(text, f"{KEY}:\n", "  ")
    entries = tree.get((KEY,))
    span = tree.spans[KEY,]
    if not isinstance(entries, list) or not entries or text[span.start : span.start + 1] == "[":
        raise NewsletterError(
            f'"{KEY}:" in {name} is no list that can be added to',
            f'Take the line "{KEY}: …" out of the file first, then try again.',
        )
    last = tree.spans[KEY, len(entries) - 1]
    begin = text.rfind("\n", 0, last.start) + 1
    end = last.start + len(text[last.start : last.end].rstrip(" \n"))
    line_end = text.find("\n", end)
    indent = re.match(" *", text[begin:])
    assert indent  # noqa: S101 - it matches nothing, too
    return len(text) if line_end < 0 else line_end, "\n", indent[0]


def _at_the_end(text: str, opening: str, indent: str) -> tuple[int, str, str]:
    end = len(text.rstrip("\n"))
    return end, f"\n\n{opening}", indent
