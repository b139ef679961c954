"""Quoted-printable for text (RFC 2045 §6.7), with lines that are really at most 76 octets.

The standard library's email package writes lines of 78 (CPython 3.11.7), and none of its encoders
hides a leading ``.`` or ``From ``, which careless relays change on the way.
"""

from __future__ import annotations

import re

LINE = 76
"""Longest encoded line in octets, without CRLF (RFC 2045 §6.7, rule 5)."""

_SPECIAL = re.compile(rb"[^\t -<>-~]")
_ESCAPED = [f"={octet:02X}".encode() for octet in range(256)]


def encode(text: str) -> bytes:
    """Text as UTF-8 in quoted-printable.

    CR, LF and CRLF all become CRLF. The result ends as the text does: no line end is added.
    """
    lines = re.split(r"\r\n|\r|\n", text)
    return "\r\n".join(_broken(_encoded(line)) for line in lines).encode("ascii")


def _encoded(line: str) -> str:
    encoded = _SPECIAL.sub(lambda found: _ESCAPED[found[0][0]], line.encode()).decode("ascii")
    # White space at the end of a line gets lost on the way (rule 3).
    if encoded.endswith((" ", "\t")):
        encoded = f"{encoded[:-1]}={ord(encoded[-1]):02X}"
    return encoded


def _broken(encoded: str) -> str:
    pieces = []
    start = 0
    while len(piece := _guarded(encoded[start : start + LINE + 1])) > LINE:
        cut = LINE - 1
        # An "=" in the last two places would be parted from its digits.
        if (escape := piece.rfind("=", cut - 2, cut)) >= 0:
            cut = escape
        pieces.append(piece[:cut] + "=")
        start += cut - (2 if piece[0] != encoded[start] else 0)  # "." has become "=2E"
    return "\r\n".join([*pieces, piece])


def _guarded(start: str) -> str:
    # A lone dot would end the message on a relay that does not stuff dots (RFC 5321 §4.5.2), and
    # "From " starts the next message of an mbox file.
    if start.startswith("."):
        return "=2E" + start[1:]
    return "=46rom " + start[5:] if start.startswith("From ") else start
