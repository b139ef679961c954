"""Where in the manuscript a part of the letter comes from."""

from __future__ import annotations

from typing import NamedTuple

from newsletter.issue.manuscript import Where


class Place(NamedTuple):
    """A value of the manuscript, or a character inside it.

    Attributes:
        where: The way to the value: ``("sections", 2, "body")``.
        offset: Characters into the value as the issue holds it; None for the value as a whole.
    """

    where: Where
    offset: int | None = None

    def __str__(self) -> str:
        """``sections.2.body:120``, as annotated HTML says it."""
        way = ".".join(map(str, self.where))
        return way if self.offset is None else f"{way}:{self.offset}"

    @classmethod
    def parse(cls, written: str) -> Place:
        """The place that ``str()`` wrote.

        Raises:
            ValueError: It is not one.
        """
        way, _, offset = written.partition(":")
        where = tuple(int(step) if step.isdecimal() else step for step in way.split("."))
        return cls(where, int(offset) if offset else None)
