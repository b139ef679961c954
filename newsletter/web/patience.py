"""How long a client may take to say what it wants: without a bound, a few could take all places."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

SECONDS = 15.0
"""From the first sign of a client to the end of its request's header."""

LARGEST_HEADER = 16 * 1024
"""Bytes of a request's line and header together."""


class PatientProtocol(H11Protocol):
    """uvicorn's own, with an end to its patience."""

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there."""
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        """They say something; the first bytes of a request count, not the last."""
        if self._patience is None and (self.cycle is None or self.cycle.response_complete):
            self._begin()
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:  # a whole header was read
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        """They have gone."""
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._patience = self.loop.call_later(SECONDS, self.transport.close)

    def _end(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None
