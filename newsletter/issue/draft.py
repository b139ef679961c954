"""A copy of a text in which mistakes are painted over, so that reading can go on behind them.

A misread value is overwritten with x's of the same length: the shape of the file stays, and what
the x's mean is not looked at any more. Only indentation may change its length; ``place`` leads
back to the column in the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.issue.fields import KEYS
from newsletter.issue.problems import Problem

_LINE = re.compile(
    r"""(?P<lead>[ ]*)(?P<dashes>(?:-[ ]+)*)
        (?:(?P<key>[A-Za-z_][\w-]*|"[^"]*"|'[^']*')(?P<colon>[ ]*:)(?=\s|$))?
        \s*(?P<value>.*)""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as block style has it: ``  - key: value``, each part optional.

    Attributes:
        indent: Column of the first thing on the line.
        column: Column behind the dashes: of the key, or of the text.
        has_dash: Whether it starts an entry of a list.
        key: The key without quotes, or None.
        colon: Column of the colon behind the key; -1 without a key.
        value_column: Column of the value.
        value: The rest of the line.
    """

    indent: int
    column: int
    has_dash: bool
    key: str | None
    colon: int
    value_column: int
    value: str

    @property
    def base(self) -> int:
        """Column of the key, or without one of the dash: what belongs to it is deeper."""
        return self.column if self.key else self.indent

    @property
    def is_known(self) -> bool:
        """Whether it has a key that issues have."""
        return self.key in KEYS


def entry(line: str) -> Entry:
    """What a line is, taken by itself."""
    found = _LINE.match(line)
    assert found  # noqa: S101 - every part is optional
    key = found["key"]
    return Entry(
        indent=len(found["lead"]),
        column=found.end("dashes"),
        has_dash=bool(found["dashes"]) or found["value"] == "-",
        key=key.strip("\"'") if key else None,
        colon=found.end("colon") - 1 if key else -1,
        value_column=found.start("value"),
        value=found["value"].rstrip(),
    )


class Draft:
    """The copy, what was found while painting, and where it was painted."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.problems: list[Problem] = []
        self._painted: dict[int, int] = {}
        self._moved: dict[int, tuple[int, int]] = {}

    @property
    def text(self) -> str:
        """The copy as one text."""
        return "\n".join(self.lines)

    def report(self, line: int, column: int, rule: str, message: str, hint: str = "") -> None:
        """Note a problem at a place of the copy."""
        self.problems.append(Problem(line, self.column(line, column), rule, message, hint))

    def column(self, line: int, column: int) -> int:
        """The column in the file of a column in the copy."""
        since, by = self._moved.get(line, (0, 0))
        return max(0, column - by) if column >= since else column

    def is_painted(self, line: int, column: int) -> bool:
        """Whether that place was painted over."""
        return column >= self._painted.get(line, column + 1)

    def paint(self, line: int, column: int, base: int, *, whole: bool = False) -> bool:
        """Paint over a value: from a place on, with the lines that belong to it.

        Args:
            line: Where the value starts.
            column: Its column there.
            base: Column of its key or dash; lines that are indented deeper belong to it.
            whole: Paint over keys below it too; else the next key that issues have ends it.

        Returns:
            Whether anything changed.
        """
        changed = self._paint_line(line, column)
        for number in range(line + 1, len(self.lines)):
            text = self.lines[number]
            indent = len(text) - len(text.lstrip(" "))
            if text.lstrip().startswith("#") and indent <= base:
                self.blank(number)  # a comment would end the painted text
            elif text.strip() and (indent <= base or (not whole and entry(text).is_known)):
                break
            else:
                changed |= self._paint_line(number, indent)
        return changed

    def blank(self, line: int) -> bool:
        """Empty a line; returns whether it was not empty before."""
        changed = bool(self.lines[line].strip())
        self.lines[line] = " " * len(self.lines[line])
        self._painted[line] = 0
        return changed

    def move(self, line: int, by: int) -> None:
        """Indent a line, and those below it that are indented at least as deep, by ``by``."""
        depth = entry(self.lines[line]).indent
        for number in range(line, len(self.lines)):
            text = self.lines[number]
            if text.strip():
                if entry(text).indent < depth:
                    break
                self._move_line(number, 0, by)
                self.lines[number] = " " * by + text if by > 0 else text[-by:]

    def replace(self, line: int, start: int, end: int, new: str) -> None:
        """Exchange a part of a line; what stands behind it keeps its place in the file."""
        text = self.lines[line]
        self.lines[line] = text[:start] + new + text[end:]
        self._move_line(line, start + len(new), len(new) - (end - start))

    def _move_line(self, line: int, since: int, by: int) -> None:
        _, before = self._moved.get(line, (0, 0))
        self._moved[line] = (since, before + by)

    def _paint_line(self, line: int, column: int) -> bool:
        before = self.lines[line]
        self.lines[line] = before[:column] + re.sub(r"\S", "x", before[column:])
        self._painted[line] = min(column, self._painted.get(line, column))
        return self.lines[line] != before
