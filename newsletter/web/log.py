"""The log: a line of JSON for each request, with nothing in it that tells who asked for what."""

from __future__ import annotations

import datetime
import json
import sys
import threading
import traceback
from typing import TextIO

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})


class Log:
    """Writes the lines.

    Args:
        stream: Where to; standard error if nothing is said.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._lock = threading.Lock()

    def request(self, method: str, route: str, status: int, milliseconds: float) -> None:
        """A request that was answered.

        Args:
            method: As it came.
            route: The pattern that its path fits, never the path.
            status: HTTP's.
            milliseconds: How long it took.
        """
        method = method if method in _METHODS else "other"
        self._write("request", method=method, route=route, status=status, ms=round(milliseconds, 1))

    def event(self, event: str, **values: object) -> None:
        """Something else that happened; no value may name a reader."""
        self._write(event, **values)

    def defect(self, event: str, error: BaseException) -> None:
        """A mistake of our own: what kind and where, not what it says, which may be an address."""
        trace = traceback.extract_tb(error.__traceback__)
        where = [f"{frame.filename}:{frame.lineno}" for frame in trace[-3:]]
        self._write(event, error=type(error).__name__, at=where)

    def _write(self, event: str, **values: object) -> None:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **values})
        with self._lock:
            try:
                print(line, file=self._stream, flush=True)
            except (OSError, ValueError):  # nobody reads it any more
                return
