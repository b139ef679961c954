"""Comments in an issue file that switch rules off: ``# lint: disable=image-credit``.

At the end of a line such a comment speaks of what stands on that line: a value, or all that begins
there (``body: |  # lint: disable=quotes``, ``image:  # lint: …``, ``sections:  # lint: …``). Behind
the ``kind`` that a section begins with it speaks of the section. On a line of its own it speaks of
what follows it: one value, or one entry of a list with all that is in it.
``# lint: disable-file=...`` anywhere speaks of the whole file.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.issue.manuscript import Manuscript, Span

_COMMENT = re.compile(
    r"(?:^|(?<=\s))#[ \t]*lint:[ \t]*(disable|disable-file)[ \t]*=([^\n#]*)", re.M
)
_NAME = re.compile(r"[\w-]+")
_BELOW = re.compile(r"\n(?:[ \t]*(?:#[^\n]*)?\n)*")
_BLOCK_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+#[^\n]*")


@dataclass(frozen=True, slots=True)
class Comment:
    """One rule switched off for one part of a file.

    Attributes:
        name: The rule as it was written: a slug or an id.
        at: Offset of the name in the file's text.
        first: First line that it speaks of, from 1.
        last: Last line that it speaks of.
    """

    name: str
    at: int
    first: int
    last: int


def comments(manuscript: Manuscript) -> Iterator[Comment]:
    """The comments of a file that switch rules off, in order."""
    text = manuscript.text
    found = list(_COMMENT.finditer(text)) if "lint:" in text else []
    if not found:
        return
    spots = _Spots.of(manuscript)
    for comment in found:
        if spots.hold(comment.start()):
            continue
        first, last = _lines(spots, comment)
        for name in _NAME.finditer(text, *comment.span(2)):
            yield Comment(name[0], name.start(), first, last)


@dataclass(frozen=True, slots=True)
class _Spots:
    """Where the values of a file stand, by line: an issue may have thousands of both.

    Attributes:
        text: The file.
        starts: Where each line begins.
        texts: Texts, by the line on which they begin.
        parts: Texts, mappings and entries of lists, likewise; a list begins where its first entry
            does, and the entry is meant.
        lists: Lists, likewise.
        kinds: Sections, by the line on which their ``kind`` begins.
    """

    text: str
    starts: Sequence[int]
    texts: Mapping[int, Sequence[Span]]
    parts: Mapping[int, Sequence[Span]]
    lists: Mapping[int, Sequence[Span]]
    kinds: Mapping[int, Span]

    @classmethod
    def of(cls, manuscript: Manuscript) -> _Spots:
        """The spots of a manuscript."""
        spans = manuscript.spans
        starts = [0, *(at + 1 for at, c in enumerate(manuscript.text) if c == "\n")]
        holders = {where[:length] for where in spans for length in range(len(where))}
        texts: dict[int, list[Span]] = {}
        parts: dict[int, list[Span]] = {}
        lists: dict[int, list[Span]] = {}
        kinds: dict[int, Span] = {}
        for where, span in spans.items():
            line = bisect.bisect_right(starts, span.start)
            if where not in holders:
                texts.setdefault(line, []).append(span)
            if where and (*where, 0) not in spans:
                parts.setdefault(line, []).append(span)
            elif where:
                lists.setdefault(line, []).append(span)
            if where[:1] == ("sections",) and where[2:] == ("kind",):
                section = spans[where[:2]]
                if bisect.bisect_right(starts, section.start) == line:
                    kinds[line] = section
        return cls(manuscript.text, starts, texts, parts, lists, kinds)

    def line(self, offset: int) -> int:
        """The line of an offset, from 1."""
        return bisect.bisect_right(self.starts, offset)

    def last_line(self, span: Span) -> int:
        """The last line of a value that is not blank."""
        length = len(self.text[span.start : span.end].rstrip())
        return self.line(span.start + max(length - 1, 0))

    def hold(self, offset: int) -> bool:
        """Whether an offset is inside a text, and so no comment."""
        line = self.line(offset)
        while line > 0 and line not in self.texts:
            line -= 1
        return any(_holds(self.text, span, offset) for span in self.texts.get(line, ()))


def _holds(text: str, span: Span, offset: int) -> bool:
    header = _BLOCK_HEADER.match(text, span.start)
    start = header.end() if header else span.start
    return start <= offset < span.end


def _lines(spots: _Spots, comment: re.Match[str]) -> tuple[int, int]:
    text = spots.text
    if comment[1] == "disable-file":
        return 1, len(spots.starts)
    line = spots.line(comment.start())
    is_behind = bool(text[spots.starts[line - 1] : comment.start()].strip())
    if is_behind and line in spots.kinds:
        return line, spots.last_line(spots.kinds[line])
    if is_behind and line in spots.texts:
        return line, max(map(spots.last_line, spots.texts[line]))
    # On its own, or behind a key whose value begins below ("image:  # lint: disable=…").
    below = _BELOW.match(text, comment.end())
    if below is None:
        return line, line
    line = spots.line(below.end())
    held = [*spots.parts.get(line, ()), *(spots.lists.get(line, ()) if is_behind else ())]
    return line, max(map(spots.last_line, held), default=line)
