"""Where each character of a value stands in its source, whatever its quotes and folding.

The rules are those of YAML 1.1 as libyaml reads it: chapters 7.3 (flow scalars) and 8.1 (block
scalars) of YAML 1.2 say the same.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\n[ \t]*|.)", re.DOTALL)
_NAMED = {
    **{"0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f"},
    **{"r": "\r", "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029"},
}
_HEADER = re.compile(r"([|>])([-+]?)([1-9]?)([-+]?)[^\n]*(?:\n|$)")

Character = tuple[str, int]
"""A character of a value and its offset in the source."""


@functools.lru_cache(maxsize=64)  # a text may have hundreds of findings and edits
def offsets(source: str, value: str) -> tuple[int, ...] | None:
    """The offset in ``source`` of each character of ``value``.

    Args:
        source: A YAML scalar as it was typed, with its quotes or its ``|`` line.
        value: What it means; white space around it may have been taken off.

    Returns:
        One offset for each character; None if the source does not mean that value.
    """
    for reading in _readings(source):
        characters, places = tuple(zip(*reading, strict=True)) or ((), ())
        start = "".join(characters).find(value)
        if start >= 0:
            return places[start : start + len(value)]
    return None


def width(source: str, position: int) -> int:
    """How many characters of the source make the character of the value that stands there."""
    if source[:1] == '"' and (escape := _ESCAPE.match(source, position)):
        return len(escape[0])
    if source[:1] == "'" and source.startswith("''", position):
        return 2
    return 1


def _readings(source: str) -> Iterator[Iterator[Character]]:
    style = source[:1]
    if style in ("'", '"'):
        yield _flow(source, 1, len(source) - 1, style)
    elif style in ("|", ">"):
        yield from _blocks(source)
    else:
        yield _flow(source, 0, len(source), "")


def _flow(source: str, position: int, end: int, style: str) -> Iterator[Character]:
    while position < end:
        character = source[position]
        if character in " \t\n":
            stop = position
            while stop < end and source[stop] in " \t\n":
                stop += 1
            yield from _white(source, position, stop)
            position = stop
        elif style == "'" and character == "'":
            yield character, position  # written twice
            position += 2
        elif style == '"' and (escape := _ESCAPE.match(source, position)):
            yield from _escaped(escape[0], position)
            position = escape.end()
            if escape[0][1] == "\n":  # the blank lines that follow are kept
                stop = position
                while stop < end and source[stop] in " \t\n":
                    stop += 1
                yield from ((c, i) for i, c in _enumerate(source, position, stop) if c == "\n")
                position = stop
        else:
            yield character, position
            position += 1


def _enumerate(source: str, start: int, stop: int) -> Iterator[tuple[int, str]]:
    return ((index, source[index]) for index in range(start, stop))


def _white(source: str, start: int, stop: int) -> Iterator[Character]:
    """Folding: one line break is a space, more are one less."""
    breaks = [index for index, character in _enumerate(source, start, stop) if character == "\n"]
    if not breaks:
        yield from ((character, index) for index, character in _enumerate(source, start, stop))
    elif len(breaks) == 1:
        yield " ", breaks[0]
    else:
        yield from (("\n", index) for index in breaks[1:])


def _escaped(escape: str, position: int) -> Iterator[Character]:
    code = escape[1]
    if code == "\n":
        return
    if code in "xuU" and len(escape) > 2:
        yield chr(int(escape[2:], 16)), position
    else:
        yield _NAMED.get(code, code), position


def _blocks(source: str) -> Iterator[Iterator[Character]]:
    header = _HEADER.match(source)
    if header is None:
        return
    folded = header[1] == ">"
    chomping = header[2] or header[4]
    lines = []
    position = header.end()
    for line in source[position:].split("\n"):
        lines.append((position, line))
        position += len(line) + 1
    depths = [len(line) - len(line.lstrip(" ")) for _, line in lines if line.strip(" ")]
    deepest = min(depths, default=0)
    # Leading blank lines may be deeper than the text, and a number in the header says how far to
    # indent, but not from where: then the shallowest line only limits it.
    first = depths[0] if depths and not header[3] else deepest
    for indent in dict.fromkeys([first, *range(deepest, 0, -1)]):
        yield _block(lines, indent, folded=folded, chomping=chomping)


def _block(
    lines: list[tuple[int, str]], indent: int, *, folded: bool, chomping: str
) -> Iterator[Character]:
    texts = [
        (start, line, len(line) > indent and not line[:indent].strip(" ")) for start, line in lines
    ]
    last = max((number for number, text in enumerate(texts) if text[2]), default=-1)
    breaks: list[int] = []  # of blank lines that wait for what follows
    previous: tuple[int, bool] | None = None  # line break, and whether its line is folded
    for start, line, is_text in texts[: last + 1]:
        end = start + len(line)
        if not is_text:
            breaks.append(end)
            continue
        is_plain = line[indent] not in " \t"
        if previous is not None:
            at, was_plain = previous
            if not (folded and was_plain and is_plain):
                yield "\n", at
            elif not breaks:
                yield " ", at
        yield from (("\n", index) for index in breaks)
        breaks = []
        yield from zip(line[indent:], range(start + indent, end), strict=True)
        previous = end, is_plain
    if chomping != "-" and previous is not None:
        yield "\n", previous[0]
    if chomping == "+":
        yield from (("\n", start + len(line)) for start, line, _ in texts[last + 1 : -1])
