"""A table of a draft → a Markdown table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import Element

WIDEST = 50
"""Columns of a table that are read; more are no table that a letter can show."""

_BLOCKS = {"h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table", "figure"}
_PARAGRAPHS = 3  # of one cell; a cell with more is a column of text


def rows(table: Element) -> list[list[Element]]:
    """The cells of a table without those of tables inside it."""
    found: list[list[Element]] = []
    for row in table.iter("tr"):
        if next(outer for outer in row.iterancestors() if outer.tag == "table") is table:
            found.append([cell for cell in row if cell.tag in {"td", "th"}])
    return [row for row in found if row]


def is_layout(table: Element, cells: Sequence[Sequence[Element]]) -> bool:
    """Whether a table only puts things beside one another."""
    return (
        (table.get("role") or "").lower() in {"presentation", "none"}
        or len(cells) < 2
        or max(map(len, cells)) < 2
        or any(inner is not table and inner.tag in _BLOCKS for inner in table.iter())
        or any(
            sum(1 for part in cell.iter() if part.tag in {"p", "div"}) > _PARAGRAPHS
            for row in cells
            for cell in row
        )
    )


def markdown(cells: Sequence[Sequence[Element]], written: Callable[[Element], str]) -> str:
    """A Markdown table (GitHub's tables, 0.29); the first row is its head.

    Args:
        cells: Rows of cells. One that spans several stands in the first; the others are empty.
        written: The Markdown of a cell's words, on one line.
    """
    grid: list[list[str]] = []
    down: dict[int, int] = {}  # column -> how many rows below are taken by a cell above
    for row in cells:
        line: list[str] = []
        for cell in row:
            _skip(line, down)
            if len(line) >= WIDEST:
                line[-1] += f" {_cell(written(cell))}"
                continue
            start = len(line)
            across = min(_span(cell, "colspan"), WIDEST - start)
            line += [_cell(written(cell)), *[""] * (across - 1)]
            below = _span(cell, "rowspan") - 1
            down |= dict.fromkeys(range(start, start + across), below) if below else {}
        _skip(line, down)
        grid.append(line)
    width = max(map(len, grid))
    lines = [f"| {' | '.join(line + [''] * (width - len(line)))} |" for line in grid]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _skip(line: list[str], down: dict[int, int]) -> None:
    while down.get(len(line), 0) > 0:
        down[len(line)] -= 1
        line.append("")


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(max(int(value), 1), 10_000) if value.isascii() and value.isdigit() else 1


def _cell(text: str) -> str:
    # A backslash before a bar would be taken for the bar's own.
    return (
        text.replace("\\\n", " ").replace("\n", " ").replace("\\|", "\\&#124;").replace("|", r"\|")
    )
