"""Words with emphasis, links, code and notes → Markdown that shows them, whatever they are."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import groupby
from operator import and_

from newsletter.issue.drafts.emphasis import Mark, signs, writable
from newsletter.issue.drafts.escape import (
    addresses,
    before_bracket,
    destination,
    escape,
    escape_address,
    escape_piece,
    is_address,
)


class Kind(enum.Enum):
    """What a run is."""

    TEXT = enum.auto()
    CODE = enum.auto()
    ADDRESS = enum.auto()
    """A web address that is written out."""
    BREAK = enum.auto()
    """A line break inside a paragraph; it has no text."""
    NOTE = enum.auto()
    """A footnote, where it is referred to; its words are ``note``."""


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of words that look the same.

    Attributes:
        text: The words; white space counts as HTML counts it.
        marks: How they are emphasised.
        href: The web address that they lead to; empty for none.
        kind: What it is.
        note: The words of a footnote.
    """

    text: str
    marks: int = Mark.NONE
    href: str = ""
    kind: Kind = Kind.TEXT
    note: tuple[Run, ...] = ()


LINE_BREAK = Run("", kind=Kind.BREAK)

_SPACES = re.compile(r"[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
# No-break spaces beside others are what word processors write for an indentation.
_PADDING = re.compile(r"[ \xa0]{2,}")
_EDGE = " \xa0"


def markdown(runs: Iterable[Run]) -> str:
    r"""The runs as one paragraph of Markdown; line breaks are ``\`` at the end of a line."""
    return _written(tidied(runs))


def plain(runs: Iterable[Run]) -> str:
    """The words alone, on one line; a note stands in brackets."""
    said = "".join(
        f" ({plain(run.note)})" if run.kind is Kind.NOTE else run.text or " "
        for run in tidied(runs)
    )
    return _PADDING.sub(" ", said).strip(_EDGE)


def tidied(runs: Iterable[Run]) -> list[Run]:
    """The runs with white space as it shows: one space at most, none at the ends of lines."""
    kept: list[Run] = []
    for look, group in groupby(runs, key=_look):
        if look.kind is Kind.BREAK or look.kind is Kind.NOTE:
            for run in group:
                if run.kind is Kind.BREAK:
                    _cut_end(kept)
                kept.append(run)
            continue
        text = _SPACES.sub(" ", "".join(run.text for run in group))
        text = _PADDING.sub(" ", text)
        last = kept[-1] if kept else LINE_BREAK
        if last.kind is Kind.BREAK or last.text.endswith((" ", "\xa0")):
            text = text.lstrip(_EDGE)
        if text:
            kept.append(replace(look, text=text))
    _cut_end(kept)
    while kept and kept[-1].kind is Kind.BREAK:
        kept.pop()
        _cut_end(kept)
    start = next((at for at, run in enumerate(kept) if run.kind is not Kind.BREAK), len(kept))
    return kept[start:]


def _look(run: Run) -> Run:
    """A run without its words: what runs must share to be one."""
    # Two kinds of code side by side would share their signs.
    marks = Mark.NONE if run.kind is Kind.CODE else run.marks
    return replace(run, text="", marks=marks)


def _cut_end(runs: list[Run]) -> None:
    """Takes the spaces at the end away."""
    while runs and runs[-1].kind in {Kind.TEXT, Kind.CODE}:
        if text := runs[-1].text.rstrip(_EDGE):
            runs[-1] = replace(runs[-1], text=text)
            return
        runs.pop()


def _written(runs: Sequence[Run], *, in_link: bool = False) -> str:
    """The Markdown of tidied runs."""
    runs = [replace(run, href="" if in_link else _href(run)) for run in runs]
    if len(runs) == 1 and runs[0] == Run(runs[0].text):
        return escape(runs[0].text, in_link=in_link)
    cells: list[str] = []
    marks: list[int] = []
    wholes: dict[int, tuple[Run, ...]] = {}  # what is written as a whole: its cell is empty
    for run in _wholes(runs, in_link=in_link):
        if len(run) > 1 or run[0].href or run[0].kind not in {Kind.TEXT, Kind.BREAK}:
            wholes[len(cells)] = run
            cells.append("")
            marks.append(reduce(and_, (part.marks for part in run)))
        else:
            letters = run[0].text or "\n"
            cells += letters
            marks += [run[0].marks] * len(letters)
    return _joined(cells, writable(cells, marks), wholes, in_link=in_link)


def _wholes(runs: Sequence[Run], *, in_link: bool) -> Iterator[tuple[Run, ...]]:
    """The runs, those of one link together, addresses by themselves."""
    for href, group in groupby(runs, key=lambda run: run.href):
        parts = tuple(group)
        if in_link:
            yield from ((run,) for run in parts)
        elif href:
            before, link, behind = _trimmed(parts)
            yield from ((run,) for run in before)
            yield link
            yield from ((run,) for run in behind)
        else:
            yield from ((part,) for run in parts for part in _cut(run))


def _href(run: Run) -> str:
    """Where a run leads; nothing for an address that is written out, which is a link anyway."""
    is_bare = run.kind is Kind.TEXT and run.text == run.href and is_address(run.text)
    return "" if is_bare or not run.text.strip(_EDGE) else run.href


def _trimmed(link: tuple[Run, ...]) -> tuple[list[Run], tuple[Run, ...], list[Run]]:
    """A link without the spaces at its ends, and these."""
    first = link[0].text
    rest = replace(link[0], text=first.lstrip(_EDGE)), *link[1:]
    last = rest[-1].text
    trimmed = *rest[:-1], replace(rest[-1], text=last.rstrip(_EDGE))
    before = first[: len(first) - len(first.lstrip(_EDGE))]
    behind = last[len(last.rstrip(_EDGE)) :]
    return (
        [Run(before, link[0].marks)] if before else [],
        trimmed,
        [Run(behind, link[-1].marks)] if behind else [],
    )


def _cut(run: Run) -> Iterator[Run]:
    if run.kind is not Kind.TEXT:
        yield run
        return
    end = 0
    for start, stop in addresses(run.text):
        if start > end:
            yield replace(run, text=run.text[end:start])
        yield replace(run, text=run.text[start:stop], kind=Kind.ADDRESS)
        end = stop
    if end < len(run.text):
        yield replace(run, text=run.text[end:])


def _joined(
    cells: Sequence[str],
    marks: Sequence[int],
    wholes: dict[int, tuple[Run, ...]],
    *,
    in_link: bool,
) -> str:
    before = signs(marks)
    out: list[str] = []
    index = 0
    while index < len(cells):
        if index in before:
            out.append(before[index])
        if index in wholes:
            written = _whole(wholes[index], marks[index])
            if out and written.startswith("["):
                out[-1] = before_bracket(out[-1])
            out.append(written)
            index += 1
        elif cells[index] == "\n":
            out.append("\\\n")
            index += 1
        else:
            end = index + 1
            while end < len(cells) and end not in before and cells[end] not in {"", "\n"}:
                end += 1
            is_start = not in_link and (not out or out[-1].endswith("\n"))
            out.append(escape_piece("".join(cells[index:end]), is_start=is_start))
            index = end
    return "".join(out) + before.get(len(cells), "")


def _whole(runs: tuple[Run, ...], outside: int) -> str:
    first = runs[0]
    if first.href:
        words = _on_one_line([replace(run, marks=run.marks & ~outside) for run in runs])
        return f"[{_written(words, in_link=True)}]({destination(first.href)})"
    if first.kind is Kind.NOTE:
        return f"^[{_written(_on_one_line(tidied(first.note)))}]"
    return escape_address(first.text) if first.kind is Kind.ADDRESS else _code(first.text)


def _on_one_line(runs: Sequence[Run]) -> list[Run]:
    return [replace(run, text=" ", kind=Kind.TEXT) if run == LINE_BREAK else run for run in runs]


def _code(text: str) -> str:
    """A code span (CommonMark 0.31, section 6.1)."""
    longest = max((len(ticks) for ticks in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}"
