"""Whether the pieces of a message may stand between DATA and the final dot (RFC 5321 §4.5.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

WORTH_REMEMBERING = 1_000
"""Octets from which a piece is looked up rather than searched again; most are for all readers."""

# The least that shows what a piece begins and ends with, cut where nothing can span the cut.
_HEAD = re.compile(rb"[\r\n.]{0,99}[^\r\n.]")
_TAIL = re.compile(rb"[^\r\n.][\r\n.]{0,99}\Z")
_NOT_ASCII = b"\xff"


class WireCheck:
    """Checks messages, and remembers the large pieces that it has seen."""

    def __init__(self) -> None:
        self._gist: dict[bytes, bytes] = {}

    def gist(self, stuffed: Sequence[bytes]) -> bytes:
        """A short text that is sound, ends its last line and is ASCII if the message is.

        Args:
            stuffed: The message, dots doubled, without the final dot.
        """
        return b"".join(
            [
                piece
                if len(piece) < WORTH_REMEMBERING
                else self._gist.get(piece) or self._new(piece)
                for piece in stuffed
            ]
        )

    def _new(self, piece: bytes) -> bytes:
        if len(self._gist) >= 100:
            self._gist.clear()
        gist = self._gist[piece] = _gist(piece)  # found again without comparing its bytes
        return gist


def sound(text: bytes) -> bool:
    """Whether a dot-stuffed text, from the start of a line, has only CRLF and doubled dots.

    A bare CR or LF, or a single dot at the start of a line, might end a message early for some
    servers, so that the rest of it would be obeyed as commands.
    """
    return _sound(b"\r\n" + text) and text.endswith(b"\r\n")


def _gist(piece: bytes) -> bytes:
    head, tail = _HEAD.match(piece), _TAIL.search(piece, len(piece) - 100)
    if not (head and tail and _sound(piece[head.end() - 1 : tail.start() + 1])):
        return piece  # as it is, it will be found out
    return head[0] + (b"" if piece.isascii() else _NOT_ASCII) + tail[0]


def _sound(text: bytes) -> bool:
    ends = text.count(b"\r\n")
    single_dots = text.count(b"\n.") != text.count(b"\n..")
    return text.count(b"\r") == ends == text.count(b"\n") and not single_dots
