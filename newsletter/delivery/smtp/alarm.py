"""A time limit that is moved far more often than it is reached."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable


class Alarm:
    """Calls a function when the time is up.

    Args:
        ring: The function; called by the event loop.
    """

    def __init__(self, ring: Callable[[], None]) -> None:
        self._ring = ring
        self._loop = asyncio.get_running_loop()
        self._due = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def set(self, seconds: float) -> None:
        """Ring so many seconds from now, and not when it was to ring before."""
        self._due = self._loop.time() + seconds
        # An earlier timer finds out by itself that it is too early: most are never needed.
        if not self._timer or self._timer.when() > self._due:
            self._wind()

    def pause(self) -> None:
        """Do not ring until it is set again."""
        self._due = math.inf

    def stop(self) -> None:
        """Do not ring any more."""
        self.pause()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _wind(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._due, self._time_is_up)

    def _time_is_up(self) -> None:
        self._timer = None
        if self._loop.time() >= self._due:
            self._ring()
        elif self._due < math.inf:
            self._wind()
