"""Helpers to read what the doctor said."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.probes.doctor.checkup import Checkup, Level

OK, WARNING, ERROR, UNCHECKED = Level.OK, Level.WARNING, Level.ERROR, Level.UNCHECKED


def levels(checkups: Sequence[Checkup]) -> list[Level]:
    return [checkup.level for checkup in checkups]


def only(checkups: Sequence[Checkup]) -> Checkup:
    """The one checkup that there is."""
    assert len(checkups) == 1, checkups
    return checkups[0]


def of(checkups: Sequence[Checkup], what: str) -> Checkup:
    """The one checkup of a thing."""
    return only([checkup for checkup in checkups if checkup.what == what])
