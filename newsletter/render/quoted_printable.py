"""Quoted-printable for text (RFC 2045 §6.7), with lines that are really at most 76 octets.

The standard library's email package writes lines of 78 (CPython 3.11.7), and none of its encoders
hides a leading ``.`` or ``From ``, which careless relays change on the way.
"""

from __future__ import annotations

import re

LINE = 76
"""Longest encoded line in octets, without CRLF (RFC 2045 §6.7, rule 5)."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_SPECIAL = re.compile(r"[^\t -<>-~]")
_ESCAPED = [f"={octet:02X}" if _SPECIAL.match(chr(octet)) else chr(octet) for octet in range(256)]
_CONTINUING = ("=8", "=9", "=A", "=B")  # how the second and later octets of a character begin


def encode(text: str) -> bytes:
    """Text as UTF-8 in quoted-printable.

    CR, LF and CRLF all become CRLF. The result ends as the text does: no line end is added.
    """
    lines = _LINE_END.split(text)
    return "\r\n".join(_broken(_closed(_encoded(line))) for line in lines).encode("ascii")


def encode_stretch(text: str) -> bytes:
    """Like ``encode``, for text that goes on: it ends where a line can begin.

    That is behind a line end of its own, else behind a soft line break, which readers do not see
    (RFC 2045 §6.7, rule 5). So whatever follows, encoded for itself, starts a line.
    """
    *lines, last = _LINE_END.split(text)
    encoded = [_broken(_closed(_encoded(line))) for line in lines]
    encoded.append(f"{_broken(_encoded(last), LINE - 1)}=\r\n" if last else "")
    return "\r\n".join(encoded).encode("ascii")


def encode_line(text: str) -> bytes:
    """A part of a line, to stand where a line begins and with room for a soft break behind it.

    No two spaces stand side by side in it and none at its end, so that nothing between here and
    the reader takes one away, and DKIM's relaxed form (RFC 6376 §3.4.4) is the same.

    Args:
        text: Without line ends and tabs.
    """
    encoded = _closed(_encoded(text)).replace("  ", " =20")
    return _broken(encoded, LINE - 1).encode("ascii")


def _encoded(line: str) -> str:
    if line.isascii():
        return _SPECIAL.sub(lambda found: _ESCAPED[ord(found[0])], line)
    return "".join(map(_ESCAPED.__getitem__, line.encode()))


def _closed(encoded: str) -> str:
    # White space at the end of a line gets lost on the way (rule 3).
    if encoded.endswith((" ", "\t")):
        encoded = f"{encoded[:-1]}={ord(encoded[-1]):02X}"
    return encoded


def _broken(encoded: str, room: int = LINE) -> str:
    pieces = []
    start = 0
    while len(piece := _guarded(encoded[start : start + LINE + 1])) > room:
        cut = LINE - 1
        # An "=" in the last two places would be parted from its digits.
        if (escape := piece.rfind("=", cut - 2, cut)) >= 0:
            cut = escape
        while piece.startswith(_CONTINUING, cut):  # a character is not divided
            cut -= 3
        pieces.append(piece[:cut] + "=")
        start += cut - (2 if piece[0] != encoded[start] else 0)  # "." has become "=2E"
    return "\r\n".join([*pieces, piece])


def _guarded(start: str) -> str:
    # A lone dot would end the message on a relay that does not stuff dots (RFC 5321 §4.5.2), and
    # "From " starts the next message of an mbox file.
    if start.startswith("."):
        return "=2E" + start[1:]
    return "=46rom " + start[5:] if start.startswith("From ") else start
