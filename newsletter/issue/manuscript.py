"""An issue together with the file it came from and the place of every value in it."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.findings import Finding, Severity
from newsletter.issue.model import Issue
from newsletter.issue.scalars import offsets

Where = tuple[str | int, ...]
"""The way to a value: ``("sections", 2, "image", "alt")``."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands in the source, as offsets in characters: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Manuscript:
    r"""A valid issue with its source.

    Attributes:
        path: The file.
        name: The file as findings show it.
        text: Its content, with ``\n`` line ends and without a byte order mark.
        issue: What it says.
        spans: Where each value (and each list or mapping) stands in ``text``; an entry of a list
            that has keys starts at its ``-``.
    """

    path: Path
    name: str
    text: str
    issue: Issue
    spans: Mapping[Where, Span]

    @property
    def slug(self) -> str:
        """File name without its ending; names the issue everywhere."""
        return self.path.stem

    def finding(
        self,
        rule: str,
        severity: Severity,
        message: str,
        hint: str = "",
        *,
        where: Where = (),
        offset: int | None = None,
    ) -> Finding:
        """A finding at a value of this manuscript.

        Args:
            rule: Slug of the rule.
            severity: How bad it is.
            message: What is wrong.
            hint: What to do.
            where: The way to the value; if it is not in the file, its nearest parent that is.
            offset: Characters into the value as the issue holds it (not as the file quotes it);
                None for the value as a whole.
        """
        line, column = self.place(where, offset)
        return Finding(self.name, line, column, rule, severity, message, hint)

    def place(self, where: Where, offset: int | None = None) -> tuple[int, int]:
        """Line and column, counted from 1, of a value or of a character inside it.

        Args:
            where: The way to the value; if it is not in the file, its nearest parent that is.
            offset: Characters into the value as the issue holds it. None is where the value
                starts in the file, be it with a quote or a ``|``.
        """
        span, is_there = self._span(where)
        start = span.start
        if is_there and offset is not None:
            places = offsets(_part(self.text, span.start, span.end), self.value(where))
            if places:
                start += places[min(offset, len(places) - 1)]
        starts = _line_starts(self.text)
        line = bisect.bisect_right(starts, start)
        return line, start - starts[line - 1] + 1

    def value(self, where: Where) -> str:
        """A text of the issue; empty if there is another kind of value."""
        value: object = self.issue
        for step in where:
            value = value[step] if isinstance(step, int) else getattr(value, step)  # type: ignore[index]
        return value if isinstance(value, str) else ""

    def _span(self, where: Where) -> tuple[Span, bool]:
        for length in range(len(where), -1, -1):
            if where[:length] in self.spans:
                return self.spans[where[:length]], length == len(where)
        return Span(0, 0), False


# One long text may have thousands of findings: it is cut out and searched for lines once, not
# once for each.
@functools.lru_cache(maxsize=64)
def _part(text: str, start: int, end: int) -> str:
    return text[start:end]


@functools.lru_cache(maxsize=8)
def _line_starts(text: str) -> Sequence[int]:
    return (0, *(at + 1 for at, character in enumerate(text) if character == "\n"))
