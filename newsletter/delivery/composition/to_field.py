"""The To field: each reader's own, and so the one that has to be quick to write."""

from __future__ import annotations

from base64 import b64encode
from email.quoprimime import header_encode

from newsletter.delivery.headers import LINE, mailbox

_ROOM = LINE - len("To: ")
_LONGEST = _ROOM - 6  # characters of a name that is not encoded, as in ``mailbox``
_FRAME = len("=?utf-8?b??=")
_LITERAL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/ "
"""Octets that stay one octet in an encoded-word of the kind "q" (RFC 2047 §5)."""


def to_field(name: str, address: str) -> str:
    """``Name <address>`` as ``mailbox`` writes it, sooner for a name that fits the line.

    Args:
        name: Display name, any text, without white space at its ends.
        address: As ``wire_address`` gives it.

    Raises:
        ValueError: The name holds a control character or half a character.
    """
    if not name:
        return f"<{address}>"
    phrase = ""
    if not name.isascii():
        phrase = _encoded_word(name)
    elif len(name) <= _LONGEST and name.replace(" ", "").isalnum():
        phrase = name
    if not phrase:
        return mailbox("To", name, address)
    gap = " " if len(phrase) + len(address) + len(" <>") <= _ROOM else "\r\n "
    return f"{phrase}{gap}<{address}>"


def _encoded_word(name: str) -> str:
    """The name in one encoded-word of the shorter kind; empty if it takes more."""
    if not name.isprintable():  # so it may hold what must not stand in a header at all
        return ""
    octets = name.encode()
    in_base64 = (len(octets) + 2) // 3 * 4
    in_q = len(octets) + 2 * len(octets.translate(None, _LITERAL))
    if min(in_base64, in_q) + _FRAME > _ROOM:
        return ""
    if in_base64 < in_q:
        return f"=?utf-8?b?{b64encode(octets).decode()}?="
    return header_encode(octets, "utf-8")
