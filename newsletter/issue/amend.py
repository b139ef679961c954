"""Changes in the text of an issue file that leave every other byte as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript, Where
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
    done: list[Edit] = []
    chosen = _apart(edits)
    amended = _try(manuscript, chosen)
    if amended is not None:
        return Amended(amended, tuple(chosen))
    # One of them changes what the file means: edit by edit.
    kept = manuscript
    for edit in chosen:
        amended = _try(manuscript, [*done, edit])
        if amended is not None:
            kept = amended
            done.append(edit)
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
    matcher = difflib.SequenceMatcher(None, lines, new, autojunk=False)
    said: list[str] = []
    for _, first, last, new_first, new_last in matcher.get_opcodes():
        for number in range(new_first, new_last):
            old = first + number - new_first
            end = ends[old] if old < min(last, len(ends)) else usual
            said.append(new[number] + (end if number < len(new) - 1 else ""))
    return mark + "".join(said).encode()


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
        replacement = _in_source(manuscript, edit)
        if replacement is None:
            return None
        replacements.append(replacement)
    text = manuscript.text
    for start, end, new in sorted(replacements, reverse=True):
        text = text[:start] + new + text[end:]
    read = load_text(text, manuscript.path, manuscript.name)
    if not isinstance(read, Manuscript):
        return None
    meant = read.issue.model_dump(mode="json")
    return read if meant == _expected(manuscript, edits) else None


def _in_source(manuscript: Manuscript, edit: Edit) -> tuple[int, int, str] | None:
    span = manuscript.spans.get(edit.where)
    if span is None:
        return None
    source = manuscript.text[span.start : span.end]
    places = offsets(source, manuscript.value(edit.where))
    if not places or edit.start >= len(places):
        return None
    start = places[edit.start]
    if edit.end < len(places):
        end = places[edit.end] if edit.end > edit.start else start
    else:
        end = places[-1] + width(source, places[-1])
    return span.start + start, span.start + end, _typed(edit.replacement, source[:1])


def _typed(text: str, style: str) -> str:
    if style == "'":
        return text.replace("'", "''")
    if style == '"':
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text


def _expected(manuscript: Manuscript, edits: Sequence[Edit]) -> dict[str, Any]:
    expected = manuscript.issue.model_dump(mode="json")
    for edit in sorted(edits, key=lambda e: e.start, reverse=True):
        holder: Any = expected
        for step in edit.where[:-1]:
            holder = holder[step]
        last = edit.where[-1]
        value = holder[last]
        holder[last] = value[: edit.start] + edit.replacement + value[edit.end :]
    return expected
