"""Changes in the text of an issue file that leave every other byte as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.findings import Finding
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.quoting import inside
from newsletter.issue.scalars import offsets, width


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one value: its characters from ``start`` to ``end`` become ``replacement``.

    Attributes:
        where: The way to the value, a text.
        start: Characters into the value as the issue holds it.
        end: The first character after what is replaced.
        replacement: What stands there afterwards, without line breaks.
    """

    where: Where
    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Amended:
    """What came of some edits.

    Attributes:
        manuscript: The issue afterwards, with its new text.
        done: The edits that were made.
    """

    manuscript: Manuscript
    done: tuple[Edit, ...]


def amend(manuscript: Manuscript, edits: Sequence[Edit]) -> Amended:
    """Make edits in the text of a manuscript.

    An edit is left out if it overlaps one before it, or if the file would mean anything else with
    it than the issue with that one value changed (``: `` in a text without quotes, for example).
    """
    kept, done = manuscript, list[Edit]()
    waiting = [_apart(edits)]
    while waiting:
        some = waiting.pop()
        amended = _try(manuscript, [*done, *some])
        if amended is not None:
            kept = amended
            done += some
        elif len(some) > 1:
            # One of them changes what the file means. It is looked for by halves: the file is
            # read anew for each try, and there may be thousands of edits.
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return Amended(kept, tuple(done))


def rewrite(data: bytes, text: str) -> bytes:
    r"""The bytes of a file whose text was changed, its byte order mark and line ends kept.

    Args:
        data: The file, UTF-8.
        text: Its new text as a manuscript holds it: ``\n`` line ends, no byte order mark.
    """
    import difflib

    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    raw = data.removeprefix(mark).decode()
    if "\r" not in raw:
        return mark + text.encode()
    lines = raw.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    ends = _line_ends(raw)
    usual = max(set(ends), key=ends.count)
    new = text.split("\n")
    # What is the same at both ends keeps its place whatever stands between.
    head, tail = alike(lines, new)
    olds = [*range(head), *[-1] * (len(new) - head - tail), *range(len(lines) - tail, len(lines))]
    between = lines[head : len(lines) - tail], new[head : len(new) - tail]
    matcher = difflib.SequenceMatcher(None, *between, autojunk=False)
    for _, first, last, new_first, new_last in matcher.get_opcodes():
        for number in range(new_first, new_last):
            old = first + number - new_first
            olds[head + number] = head + old if old < last else -1
    said = (
        line + (ends[old] if 0 <= old < len(ends) else usual)
        for line, old in zip(new[:-1], olds, strict=False)
    )
    return mark + ("".join(said) + new[-1]).encode()


def _line_ends(raw: str) -> list[str]:
    ends, position = [], 0
    while position < len(raw):
        if raw.startswith("\r\n", position):
            ends.append("\r\n")
            position += 2
            continue
        if raw[position] in "\r\n":
            ends.append(raw[position])
        position += 1
    return ends


def _apart(edits: Iterable[Edit]) -> list[Edit]:
    """Edits in the order of the values, without those that overlap one before them."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: ([str(step) for step in e.where], e.start, e.end)):
        if "\n" in edit.replacement:
            continue
        if kept and kept[-1].where == edit.where and edit.start < max(kept[-1].end, 1):
            continue
        kept.append(edit)
    return kept


def _try(manuscript: Manuscript, edits: Sequence[Edit]) -> Manuscript | None:
    """The manuscript with edits, or None if the file would then mean something else."""
    replacements = []
    for edit in edits:
        replacement = in_source(manuscript, edit)
        if replacement is None or edit.start >= len(manuscript.value(edit.where)):
            return None
        replacements.append(replacement)
    read = put(manuscript, replacements, expected(manuscript, edits))
    return read if isinstance(read, Manuscript) else None


def alike(first: Sequence[str], second: Sequence[str]) -> tuple[int, int]:
    """How much is the same at the beginning of two texts or lists, and how much at their end."""
    most = min(len(first), len(second))
    head = next((i for i in range(most) if first[i] != second[i]), most)
    most -= head
    return head, next((i for i in range(most) if first[-1 - i] != second[-1 - i]), most)


Replacement = tuple[int, int, str]
"""Characters of a source from one offset to another, and what stands there afterwards."""


def put(
    manuscript: Manuscript, replacements: Sequence[Replacement], meant: dict[str, Any]
) -> Manuscript | tuple[Finding, ...]:
    """A manuscript with parts of its source replaced.

    Args:
        manuscript: The issue.
        replacements: Parts that do not overlap.
        meant: What the issue shall mean afterwards, as plain values.

    Returns:
        The manuscript if it means exactly that; else what is wrong with the file, and nothing if
        it is a valid issue that means something else.
    """
    text = manuscript.text
    for start, end, new in sorted(replacements, reverse=True):
        text = text[:start] + new + text[end:]
    read = load_text(text, manuscript.path, manuscript.name)
    if not isinstance(read, Manuscript):
        return read
    return read if read.issue.model_dump(mode="json") == meant else ()


def in_source(manuscript: Manuscript, edit: Edit) -> Replacement | None:
    """An edit of a value as one of its source; None if the value does not stand there as such."""
    span = manuscript.spans.get(edit.where)
    if span is None:
        return None
    source = manuscript.text[span.start : span.end]
    value = manuscript.value(edit.where)
    places = offsets(source, value)
    if not places or edit.start > len(places):
        return None
    behind = places[-1] + width(source, places[-1])
    start = places[edit.start] if edit.start < len(places) else behind
    if edit.end <= edit.start:
        end = start
    else:
        end = places[edit.end] if edit.end < len(places) else behind
    typed = _typed(edit, source, value, places)
    return None if typed is None else (span.start + start, span.start + end, typed)


def _typed(edit: Edit, source: str, value: str, places: Sequence[int]) -> str | None:
    text, style = edit.replacement, source[:1]
    if "\n" not in text or style == '"':
        return inside(text, style)
    if style not in ("|", ">"):
        return None  # a line break without its sign would be a space
    # YAML folds one line break to a space, and each further one is one.
    breaks = re.sub("\n+", r"\n\g<0>", text) if style == ">" else text
    indent = _indent(source, value, places)
    is_line = value[edit.end : edit.end + 1] not in ("", "\n")
    return begun(breaks, indent, is_line=is_line) if indent else None


def begun(text: str, lead: str, *, is_line: bool) -> str:
    """A text with the beginning of each further line that is not blank.

    Args:
        text: What is put into a text.
        lead: How lines begin there.
        is_line: Whether something stands behind it on the same line.
    """
    text = re.sub(r"\n(?=[^\n])", lambda _: "\n" + lead, text)
    return text + lead if is_line and text.endswith("\n") else text


def _indent(source: str, value: str, places: Sequence[int]) -> str:
    """What stands before the lines of a block."""
    for index, place in enumerate(places):
        if value[index] != "\n" and (not index or value[index - 1] == "\n"):
            return source[source.rfind("\n", 0, place) + 1 : place]
    return ""


def expected(manuscript: Manuscript, edits: Sequence[Edit]) -> dict[str, Any]:
    """What an issue means after edits, as plain values."""
    meant = manuscript.issue.model_dump(mode="json")
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        holder: Any = meant
        for step in edit.where[:-1]:
            holder = holder[step]
        last = edit.where[-1]
        value = holder[last]
        holder[last] = value[: edit.start] + edit.replacement + value[edit.end :]
    return meant
