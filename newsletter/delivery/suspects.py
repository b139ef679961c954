"""Readers whose message kills the program that makes it: known by what it did last."""

from __future__ import annotations

import contextlib
import json
import mmap
import struct
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Self

from newsletter.files import write_atomically

DEATHS = 3
"""So many times may a program die while it makes one reader's message."""

_SLOTS = 16
_NUMBER = struct.Struct("<q")


class Suspects:
    """Which message is being made at this moment, in a file that outlives the program.

    A number is written for each message, to memory that the kernel keeps when the program is
    killed; after a power cut nobody is suspected, which is as well. There is a slot for each
    thread that makes messages.

    Args:
        slots: The memory.
        convicted: Deliveries that were being made when a program died, often enough.
    """

    def __init__(self, slots: mmap.mmap, convicted: Collection[int]) -> None:
        self._slots = slots
        self.convicted = frozenset(convicted)

    @classmethod
    @contextlib.contextmanager
    def watch(cls, folder: Path) -> Iterator[Self]:
        """Watch the making of messages; nobody else may be sending from here.

        Args:
            folder: The project's state folder.

        Raises:
            OSError: The file cannot be made.
        """
        convicted = _convicted(folder)
        path = folder / "composing"
        path.touch(mode=0o600)
        with path.open("r+b") as file:
            file.truncate(_SLOTS * _NUMBER.size)
            with mmap.mmap(file.fileno(), _SLOTS * _NUMBER.size) as slots:
                slots[:] = bytes(len(slots))
                try:
                    yield cls(slots, convicted)
                finally:  # whoever comes to this has not been killed
                    slots[:] = bytes(len(slots))

    def making(self, slot: int, delivery: int) -> None:
        """A delivery's message is about to be made; 0 when the last one is."""
        _NUMBER.pack_into(self._slots, slot % _SLOTS * _NUMBER.size, delivery)


def _convicted(folder: Path) -> Collection[int]:
    """Deliveries that programs have died of often enough; the last death is counted first."""
    path, counts = folder / "composing", folder / "composing.json"
    deaths: dict[str, int] = {}
    with contextlib.suppress(OSError, ValueError):
        deaths = {str(key): int(times) for key, times in json.loads(counts.read_text()).items()}
    with contextlib.suppress(OSError):
        left = path.read_bytes()
        whole = left[: min(len(left), _SLOTS * _NUMBER.size) // _NUMBER.size * _NUMBER.size]
        found = {number for (number,) in _NUMBER.iter_unpack(whole)} - {0}
        if found:
            for number in found:
                deaths[str(number)] = deaths.get(str(number), 0) + 1
            write_atomically(counts, json.dumps(deaths) + "\n", mode=0o600)
        path.unlink()
    return {int(number) for number, times in deaths.items() if times >= DEATHS}
