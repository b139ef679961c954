"""What one program's export means: a table of its documented columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from newsletter.audience.standing import Standing

# What programs note of readers without being asked, in words that their columns have in common.
_WATCHED = re.compile(
    r"(?:^|_)(?:opens?|opened|clicks?|clicked|views?|viewed|seen|engagement|activity|rating"
    r"|ip|ips|latitude|longitude|geolocation|location|timezone|user_agent|device|stripe)(?:_|$)"
)

Cells = Mapping[str, str]
"""Cells of one row by column, named as ``fold`` names them."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of list.

    Columns are named in lower case, with ``_`` for all that is not a letter or digit. Those that
    are not named here become merge fields, as in any list.

    Attributes:
        name: As it is given to ``--format``.
        title: As its makers write it.
        known_by: Sets of columns; a header that has all of one is of this kind.
        fields: What columns mean: a field of ``Column``.
        asks: Columns that say whether a reader may be mailed.
        standing: Whether they may, from those of them that the file has; raises
            ``AudienceError`` if they say something that nobody knows.
        left_out: Columns that are not taken over: what readers did and where they are is nobody's
            business, and numbers of another program mean nothing here.
    """

    name: str
    title: str
    known_by: Sequence[frozenset[str]]
    fields: Mapping[str, str]
    asks: Sequence[str]
    standing: Callable[[Cells], Standing]
    left_out: frozenset[str] = field(default_factory=frozenset)

    def leaves_out(self, column: str) -> bool:
        """Whether a column is not taken over; ``column`` as ``fold`` names it."""
        return column in self.left_out or _WATCHED.search(column) is not None

    def fits(self, columns: frozenset[str]) -> bool:
        """Whether a header with these columns is of this kind."""
        return any(known <= columns for known in self.known_by)


def fold(label: str) -> str:
    """The name of a column as formats write it: ``Email Address`` becomes ``email_address``."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def is_true(cell: str) -> bool:
    """Whether a cell says yes, in any of the ways in which programs write it."""
    return cell.strip().lower() in {"true", "t", "yes", "y", "1", "on"}
