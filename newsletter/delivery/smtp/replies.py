"""Bytes from a server, cut anywhere, become replies of one line or several (RFC 5321 §4.2.1)."""

from __future__ import annotations

from collections.abc import Iterator

LONGEST_LINE = 64 * 1024
"""Octets; the standard allows 512, but a long answer to the final dot is still an answer."""

MOST_LINES = 200
KEPT_OF_A_LINE = 2_000


class EndlessReplyError(Exception):
    """A reply that is longer than any sensible server makes it."""

    def __init__(self) -> None:
        super().__init__("the server's answer has no end")


class ReplyReader:
    """Collects bytes until a reply is complete; each is given as its lines, whatever they hold."""

    def __init__(self) -> None:
        self._data = b""
        self._start = 0  # of what was not read yet
        self._lines: list[bytes] = []

    @property
    def empty(self) -> bool:
        """Whether everything that came in has been given out."""
        return self._start == len(self._data) and not self._lines

    def receive(self, data: bytes) -> Iterator[list[bytes]]:
        """Take bytes; yields every reply that is complete now.

        Raises:
            EndlessReplyError: A line or a reply has no end; what came before it was yielded.
        """
        self._data, self._start = self._data[self._start :] + data, 0
        while (end := self._data.find(b"\n", self._start)) >= 0:
            if end - self._start > LONGEST_LINE:
                raise EndlessReplyError
            line = self._data[self._start : end].rstrip(b"\r")
            self._start = end + 1
            self._lines.append(line[:KEPT_OF_A_LINE])
            if not (line[3:4] == b"-" and line[:3].isdigit()):
                complete, self._lines = self._lines, []
                yield complete
            elif len(self._lines) >= MOST_LINES:
                raise EndlessReplyError
        if len(self._data) - self._start > LONGEST_LINE:
            raise EndlessReplyError
