"""Tokens in links and bounce addresses: sealed, so that nothing about them need be stored.

A token is an AES-SIV (RFC 5297) of a few numbers of rows. Without the key it says nothing, not
even that two tokens are of the same reader, and none can be made; each is bound to one purpose.
Written in base32 in lower case: mail servers may change the case of an address (RFC 5321 §2.4 says
that they must not), and a link may be typed.
"""

from __future__ import annotations

import base64
import binascii
import enum
import functools
import struct
from typing import TYPE_CHECKING

from newsletter.database.keys import Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

LONGEST = 80
"""Characters of the longest token; more is none, and not looked at."""


class Purpose(enum.Enum):
    """What a token is good for, and the form of the numbers in it."""

    UNSUBSCRIBE = ("unsubscribe", ">QI")
    """Numbers: subscription, campaign (0: none)."""
    BOUNCE = ("bounce", ">Q")
    """Number: delivery."""
    CONFIRM = ("confirm", ">QI")
    """Numbers: subscription, when it was made (seconds since 1970)."""
    PREFERENCES = ("preferences", ">QI")
    """Numbers: subscriber, when it was made."""
    OLD_MAILBOX = ("old mailbox", ">QI")
    """Numbers: change of address, when it was made."""
    NEW_MAILBOX = ("new mailbox", ">QI")
    """Numbers: change of address, when it was made."""


_LASTING = (Purpose.UNSUBSCRIBE, Purpose.BOUNCE)
"""Stay good when the key is changed: they stand in letters that people keep for years."""


def seal(keys: Keys, purpose: Purpose, *numbers: int) -> str:
    """The token of some numbers; the same numbers always give the same token.

    Returns:
        Lower-case letters and digits, ``LONGEST`` at most.
    """
    name, form = purpose.value
    sealed = _cipher(keys.links[0]).encrypt(struct.pack(form, *numbers), [name.encode()])
    return base64.b32encode(sealed).decode().rstrip("=").lower()


def unseal(keys: Keys, purpose: Purpose, token: str) -> tuple[int, ...] | None:
    """The numbers in a token; None if it is not one that these keys made for this purpose."""
    from cryptography.exceptions import InvalidTag

    name, form = purpose.value
    if not (token.isascii() and len(token) <= LONGEST):
        return None
    try:
        sealed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except binascii.Error:
        return None
    for key in keys.links if purpose in _LASTING else keys.links[:1]:
        try:
            return struct.unpack(form, _cipher(key).decrypt(sealed, [name.encode()]))
        except (InvalidTag, ValueError, struct.error):
            continue
    return None


@functools.lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESSIV:
    # Its import takes 30 ms, which a command without links need not wait for.
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(key)
