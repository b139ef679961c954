"""This machine: its clock, and room for the ledger."""

from __future__ import annotations

import datetime
import shutil
from pathlib import Path

from newsletter.probes.doctor.checkup import Checkup, Group, Level

CLOCK_OFF = datetime.timedelta(minutes=5)
"""Letters from further in the past or the future look forged, and DKIM's t= counts."""

ENOUGH = 500_000_000
LEAST = 50_000_000
"""Free octets; an issue to 100,000 readers writes about 50 MB into the ledger."""

_SECONDS = 1.5  # a Date header has whole seconds, and was on its way


def check_clock(now: datetime.datetime, told: datetime.datetime | None, who: str) -> Checkup:
    """Compare the clock with a web server's.

    Args:
        now: This machine's time when the answer came, with its zone.
        told: The time that the server said; None if nobody said one.
        who: The server.
    """
    what = "clock"
    if told is None:
        said = "nobody was there to compare it with"
        return Checkup(what, Level.UNCHECKED, said, "", Group.MACHINE, is_essential=False)
    off = now - told
    if abs(off) <= CLOCK_OFF:
        about = max(0.0, abs(off.total_seconds()) - _SECONDS)
        said = f"it agrees with that of {who}" + (f" but for {about:.0f} s" if about >= 1 else "")
        return Checkup(what, Level.OK, said, "", Group.MACHINE)
    direction = "ahead of" if off > datetime.timedelta() else "behind"
    minutes = round(abs(off).total_seconds() / 60)
    said = f"it is {minutes:,} minutes {direction} that of {who}"
    hint = "Set it by the network (timedatectl set-ntp true): letters would bear a wrong date."
    return Checkup(what, Level.ERROR, said, hint, Group.MACHINE)


def check_room(state_folder: Path) -> Checkup:
    """Look how much room there is where the ledger is, or will be."""
    what = "room on the disk"
    folder = next(path for path in (state_folder, *state_folder.parents) if path.exists())
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        said = f"cannot be told: {error.strerror or error}"
        return Checkup(what, Level.UNCHECKED, said, "", Group.MACHINE, is_essential=False)
    return judge_room(free, folder)


def judge_room(free: int, folder: Path) -> Checkup:
    """What to say of so many free octets."""
    what, said = "room on the disk", f"{free // 1_000_000:,} MB are free for {folder}"
    hint = "Make room: a sending that cannot write its ledger stops."
    if free < LEAST:
        return Checkup(what, Level.ERROR, said, hint, Group.MACHINE)
    if free < ENOUGH:
        return Checkup(what, Level.WARNING, said, hint, Group.MACHINE)
    return Checkup(what, Level.OK, said, "", Group.MACHINE)
