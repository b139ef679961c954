"""Where Markdown's signs of emphasis may stand.

CommonMark 0.31, section 6.2, lets emphasis begin and end only at some places ("flanking"), and
reads signs that touch one another by rules of their own. So marks are taken from spaces, from
punctuation and, where two marks meet inside a word, from the rest of that word, until what is
left can be written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import reduce
from operator import and_


class Mark:
    """How words are emphasised: a sum of these. Plain numbers: each character has one."""

    NONE = 0
    STRONG = 1
    EM = 2
    STRIKE = 4


_SIGNS = {Mark.STRIKE: "~~", Mark.STRONG: "**", Mark.EM: "*"}
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def writable(cells: Sequence[str], marks: Sequence[int]) -> list[int]:
    """The marks that can be written, of those that are wanted.

    Args:
        cells: The characters; an empty string stands for something that is written as a whole
            and begins and ends with punctuation: a link, code.
        marks: For each of them, its marks.
    """
    left = list(marks)
    while True:
        before = list(left)
        _clear_spaces(cells, left)
        _nest(cells, left)
        _flank(cells, left)
        _unify(cells, left)
        if left == before:
            return left


def signs(marks: Sequence[int]) -> dict[int, str]:
    """The signs before cells, by their index, and behind the last one."""
    written: dict[int, str] = {}
    stack: list[int] = []
    for index in _changes(marks):
        want = marks[index] if index < len(marks) else Mark.NONE
        sign = ""
        while stack and not stack[-1] & want:
            sign += _SIGNS[stack.pop()]
        for mark in _opened(marks, index, stack):
            sign += _SIGNS[mark]
            stack.append(mark)
        written[index] = sign
    return written


def _changes(marks: Sequence[int]) -> list[int]:
    """Where the marks are other than before, the end among it if there are any there."""
    padded = zip([Mark.NONE, *marks], [*marks, Mark.NONE], strict=True)
    return [index for index, (before, mark) in enumerate(padded) if before != mark]


def _opened(marks: Sequence[int], index: int, stack: Sequence[int]) -> list[int]:
    """The marks that begin at a cell, the longest first: it is the outermost."""
    want = marks[index] if index < len(marks) else Mark.NONE
    opened = [mark for mark in _SIGNS if mark & want and mark not in stack]
    return sorted(opened, key=lambda mark: -_extent(marks, index, mark))


def _extent(marks: Sequence[int], index: int, mark: int) -> int:
    end = index
    while end < len(marks) and marks[end] & mark:
        end += 1
    return end - index


def _clear_spaces(cells: Sequence[str], marks: list[int]) -> None:
    """A space has the marks that both its neighbours have; a line break has none."""
    start = 0
    while start < len(cells):
        end = start
        while end < len(cells) and cells[end].isspace():
            end += 1
        if end > start:
            both = marks[start - 1] & marks[end] if start > 0 and end < len(cells) else Mark.NONE
            for index in range(start, end):
                marks[index] &= Mark.NONE if "\n" in cells[start:end] else both
        start = end + 1


def _nest(cells: Sequence[str], marks: list[int]) -> None:
    """Marks lie in one another, and none begins where another ends."""
    stack: list[int] = []
    index = 0
    while index < len(cells):
        closes = False
        while any(not mark & marks[index] for mark in stack):
            closes = True
            mark = stack.pop()
            if mark & marks[index]:
                _unmark(cells, marks, index, mark)
        opened = _opened(marks, index, stack)
        if closes and opened and not cells[index].isspace():
            for mark in opened:
                _unmark(cells, marks, index, mark)
            opened = []
        stack += opened
        same = marks[index]
        index += 1
        while index < len(cells) and marks[index] == same:
            index += 1


def _unmark(cells: Sequence[str], marks: list[int], index: int, mark: int) -> None:
    """Takes a mark from the rest of a word, and from the spaces behind it."""
    behind = False
    while index < len(cells) and marks[index] & mark:
        if behind and not cells[index].isspace():
            return
        behind = cells[index].isspace()
        marks[index] &= ~mark
        index += 1


def _flank(cells: Sequence[str], marks: list[int]) -> None:
    """Punctuation at the end of a mark, on the side of a word, goes without it."""
    for index in _changes(marks):
        if 0 < index < len(cells):
            _flank_at(marks, index, cells[index], marks[index - 1], cells[index - 1])
            _flank_at(marks, index - 1, cells[index - 1], marks[index], cells[index])


def _flank_at(marks: list[int], index: int, cell: str, beside: int, neighbour: str) -> None:
    edge = marks[index] & ~beside
    if not edge or not _may_be_word(neighbour):
        return
    if not _is_word(cell):
        marks[index] &= ~edge
    elif edge & Mark.STRIKE and edge & ~Mark.STRIKE:
        # Of two kinds of signs at one place, the outer one has the inner one beside it.
        marks[index] &= ~Mark.STRIKE


def _unify(cells: Sequence[str], marks: list[int]) -> None:
    """A word, and the punctuation on each side of it, has one kind of emphasis.

    What "***a*b*c***" means, nobody knows.
    """
    start = 0
    for end in range(len(cells) + 1):
        if end < len(cells) and not cells[end].isspace():
            continue
        if len(set(marks[start:end])) > 1:
            letters = [at for at in range(start, end) if _is_word(cells[at])] or [start, end - 1]
            _unify_part(marks, start, letters[0])
            _unify_part(marks, letters[0], letters[-1] + 1)
            _unify_part(marks, letters[-1] + 1, end)
        start = end + 1


def _unify_part(marks: list[int], start: int, end: int) -> None:
    kinds = set(marks[start:end]) - {Mark.NONE}
    if len(kinds) > 1:
        common = reduce(and_, kinds)
        marks[start:end] = [mark & common for mark in marks[start:end]]


def _is_word(cell: str) -> bool:
    return bool(cell) and unicodedata.category(cell)[0] in "LMN"


def _may_be_word(cell: str) -> bool:
    return bool(cell) and not (
        cell.isspace() or cell in _ASCII_PUNCTUATION or unicodedata.category(cell)[0] == "P"
    )
