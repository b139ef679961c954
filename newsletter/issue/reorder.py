"""Sections in another order: their lines move, everything else stays where it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from newsletter.errors import NewsletterError
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.nodes import build

Lines = tuple[int, int]
"""Lines of a file from one to before another, counted from 0."""

_COMMENT = re.compile(r" *#")


def move_section(manuscript: Manuscript, index: int, to: int) -> Manuscript:
    """Move a section to another place.

    The comments directly above a section belong to it, and those below it that are indented deeper
    than its ``-``. Blank lines and other comments stay where they are.

    Args:
        manuscript: The issue.
        index: The section's number, from 0.
        to: Its number afterwards.

    Returns:
        The issue afterwards: the same but for the order of its sections.

    Raises:
        NewsletterError: There is no such section, or its lines cannot move by themselves.
    """
    moved = rearranged(manuscript.text.split("\n"), new_order(manuscript, index, to))
    read = load_text("\n".join(moved), manuscript.path, manuscript.name)
    if isinstance(read, Manuscript) and _is_moved(manuscript, read, index, to):
        return read
    raise _refused()


def new_order(manuscript: Manuscript, index: int, to: int) -> list[Lines]:
    """All lines of the file, in the order that they have after a move.

    Raises:
        NewsletterError: There is no such section, or its lines cannot move by themselves.
    """
    count = len(manuscript.issue.sections)
    if not (0 <= index < count and 0 <= to < count):
        raise NewsletterError(
            f"there is no section {max(index, to) + 1} in this issue", "Look at it again."
        )
    lines = manuscript.text.split("\n")
    pieces = _pieces(manuscript, lines)
    order = list(range(count))
    order.insert(to, order.pop(index))
    between = [(0, pieces[0][0]), *((a[1], b[0]) for a, b in pairwise(pieces))]
    found: list[Lines] = []
    for gap, number in zip(between, order, strict=True):
        found += [gap, pieces[number]]
    return [*found, (pieces[-1][1], len(lines))]


def rearrange(data: bytes, order: Sequence[Lines]) -> bytes:
    """The lines of a file in another order, each with its own line end.

    Args:
        data: The file, UTF-8.
        order: Its lines, as ``new_order`` gave them.
    """
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    parts = re.split("(\r\n|\r|\n)", data.removeprefix(mark).decode())
    lines = rearranged(parts[::2], order)
    ends = rearranged([*parts[1::2], ""], order)
    if ends[-1]:  # the line that had no end stands elsewhere now
        unended = ends.index("")
        ends[unended], ends[-1] = ends[-1], ""
    return mark + "".join(map("".join, zip(lines, ends, strict=True))).encode()


def rearranged(lines: Sequence[str], order: Sequence[Lines]) -> list[str]:
    """Lines in another order."""
    return [line for first, last in order for line in lines[first:last]]


def _pieces(manuscript: Manuscript, lines: Sequence[str]) -> list[Lines]:
    """The lines that move with each section."""
    text, spans = manuscript.text, manuscript.spans
    listed = spans["sections",].start
    column = listed - (text.rfind("\n", 0, listed) + 1)
    contents: list[Lines] = []
    for index in range(len(manuscript.issue.sections)):
        span = spans["sections", index]
        end = span.start + len(text[span.start : span.end].rstrip(" \n"))
        first = text.count("\n", 0, span.start)
        reached = contents[-1][1] if contents else 0
        while first > reached and not _is_dash(lines[first], column):
            first -= 1
        if not _is_dash(lines[first], column) or first < reached:
            raise _refused()
        contents.append((first, text.count("\n", 0, end) + 1))
    key = text.count("\n", 0, build(text).keys["sections",].start)
    before = [key + 1, *(last for _, last in contents)]
    heads = [
        _head(lines, first, above, column, is_first=not index)
        for index, ((first, _), above) in enumerate(zip(contents, before, strict=False))
    ]
    ends = [*heads[1:], len(lines)]
    return [
        (head, _tail(lines, last, end, column))
        for head, (_, last), end in zip(heads, contents, ends, strict=True)
    ]


def _head(lines: Sequence[str], dash: int, above: int, column: int, *, is_first: bool) -> int:
    """The first line of the comments directly above a section.

    Args:
        lines: The file.
        dash: The section's first line.
        above: The line behind the section above.
        column: Of the dash; what is indented deeper belongs to the section above if it touches it.
        is_first: Whether there is no section above.
    """
    run = dash
    while run > above and _COMMENT.match(lines[run - 1]):
        run -= 1
    first = dash
    while first > run and not _is_deep(lines[first - 1], column):
        first -= 1
    return run if first == dash and (is_first or run > above) else first


def _tail(lines: Sequence[str], last: int, end: int, column: int) -> int:
    """The line behind the comments below a section that are indented as its keys are."""
    reached = last
    for number in range(last, end):
        if _COMMENT.match(lines[number]) and _is_deep(lines[number], column):
            reached = number + 1
        elif lines[number].strip():
            break
    return reached


def _is_deep(line: str, column: int) -> bool:
    return len(line) - len(line.lstrip(" ")) > column


def _is_dash(line: str, column: int) -> bool:
    return re.fullmatch(rf" {{{column}}}-(\s.*)?", line) is not None


def _is_moved(before: Manuscript, after: Manuscript, index: int, to: int) -> bool:
    meant, found = (m.issue.model_dump(mode="json") for m in (before, after))
    meant["sections"].insert(to, meant["sections"].pop(index))
    if before.text.endswith("\n"):
        return bool(meant == found)
    # The last line has no end: a text below "|" that stood there gets one, or loses it.
    for sections in (meant["sections"], found["sections"]):
        for section in sections:
            for key in ("body", "text"):
                if isinstance(section.get(key), str):
                    section[key] = section[key].removesuffix("\n")
    return bool(meant == found)


def _refused() -> NewsletterError:
    return NewsletterError(
        "this section cannot be moved by itself",
        'Each section must begin with "- " on a line of its own; move it in the file.',
    )
