"""What came of one check of the set-up."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Level(enum.StrEnum):
    """How a check went."""

    ERROR = "error"
    """Letters would be refused, lost, or tell who reads them."""
    UNCHECKED = "unchecked"
    """Nobody could say; it may be fine."""
    WARNING = "warning"
    """It works, but not as well as it should, or not for long."""
    OK = "ok"

    @property
    def urgency(self) -> int:
        """0 for the worst."""
        return list(Level).index(self)


class Group(enum.StrEnum):
    """What a check is about; the order is that of a first set-up."""

    RELAY = "relay"
    DOMAIN = "domain"
    WEB = "web pages"
    DATABASE = "database"
    MACHINE = "this machine"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing that was looked at.

    Attributes:
        what: What was looked at, two to five words.
        level: How it went.
        said: What was found, one sentence without a full stop.
        hint: What to change, and where; empty if there is nothing to do.
        group: What it is about.
        is_essential: Whether a set-up is not proved as long as this could not be checked.
    """

    what: str
    level: Level
    said: str
    hint: str = ""
    group: Group = Group.DOMAIN
    is_essential: bool = True
