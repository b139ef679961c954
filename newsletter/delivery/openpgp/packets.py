"""The packets of a key, counted before anything is done with them.

A key of 200 KB can be made so that it takes the library a minute and a half to sort its signatures
(two thousand names, seven hundred signatures that fit none of them), or so that it unfolds to
gigabytes. Anybody can give us a key, so we look at its outline first.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from collections.abc import Iterator

# Types of packets (RFC 9580 §5).
SIGNATURE = 2
SECRET_KEY = 5
PUBLIC_KEY = 6
SECRET_SUBKEY = 7
_OTHER_PARTS = {13, 14, 17}  # names, public subkeys, portraits
_MEANINGLESS = {10, 12, 21}  # markers, trust, padding

MOST_PARTS = 40
"""Subkeys, names and portraits that a key may have."""

MOST_SIGNATURES = 250
"""Signatures that it may have; each is tried with each part that it might belong to."""

_ARMOUR = re.compile(
    rb"-----BEGIN PGP ([A-Z ]+)-----[ \t\r]*\n(.*?)-----END PGP \1-----", re.DOTALL
)
_NOT_DATA = re.compile(rb"^(?:[A-Za-z-]+: .*|=[A-Za-z0-9+/]{4})[ \t\r]*$", re.MULTILINE)


class OutlineError(ValueError):
    """It is not a sequence of packets that make a key."""


class TooManyPartsError(ValueError):
    """It has more parts or signatures than are looked at."""


def outline(data: bytes) -> Counter[int]:
    """How many packets of each type there are.

    Args:
        data: A key in binary.

    Raises:
        OutlineError: It cannot be one.
        TooManyPartsError: It is too much of one.
    """
    found = Counter(kind for kind in _kinds(data) if kind not in _MEANINGLESS)
    main = found[PUBLIC_KEY] + found[SECRET_KEY]
    parts = sum(found.values()) - found[SIGNATURE] - main
    known = {SIGNATURE, SECRET_KEY, PUBLIC_KEY, SECRET_SUBKEY} | _OTHER_PARTS
    if main != 1 or not set(found) <= known:
        raise OutlineError
    if parts > MOST_PARTS or found[SIGNATURE] > MOST_SIGNATURES:
        raise TooManyPartsError
    return found


def without_armour(given: bytes) -> bytes:
    """A key in binary, whatever stands around its armour (RFC 9580 §6.2).

    Raises:
        OutlineError: The armour is broken, or there are several.
    """
    if b"-----BEGIN PGP " not in given:
        return given
    blocks = _ARMOUR.findall(given)
    if len(blocks) != 1:
        raise OutlineError
    try:
        return base64.b64decode(b"".join(_NOT_DATA.sub(b"", blocks[0][1]).split()), validate=True)
    except binascii.Error as error:
        raise OutlineError from error


def _kinds(data: bytes) -> Iterator[int]:
    """The type of each packet (RFC 9580 §4.2); nothing that could be inside of one is looked at."""
    at = 0
    while at < len(data):
        first = data[at]
        if not first & 0x80:
            raise OutlineError
        if first & 0x40:
            kind = first & 0x3F
            length, size = _length(data[at + 1 : at + 6])
        else:
            kind = first >> 2 & 0x0F
            size = (1, 2, 4, 0)[first & 3]
            length = int.from_bytes(data[at + 1 : at + 1 + size], "big")
            if not size:  # "until the end": a key has no such packet
                raise OutlineError
        at += 1 + size + length
        if at > len(data):
            raise OutlineError
        yield kind


def _length(octets: bytes) -> tuple[int, int]:
    """A length of the newer kind, and how many octets it takes (RFC 9580 §4.2.1)."""
    first = octets[0] if octets else 255
    if first < 192:
        return first, 1
    if first < 224 and len(octets) > 1:
        return (first - 192 << 8) + octets[1] + 192, 2
    if first == 255 and len(octets) == 5:
        return int.from_bytes(octets[1:], "big"), 5
    raise OutlineError  # in pieces, which only data may come in, or cut off
