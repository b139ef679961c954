"""Header fields as they stand on the wire.

The standard library folds header values itself, in three ways that break letters (measured on
CPython 3.11.7, 3.12.1 and 3.13.0): it turns a URL of more than one line into an encoded-word,
which no mailbox provider reads; it loses or doubles spaces between encoded-words (3 to 5 % of mixed
Cyrillic and ASCII subjects, CPython gh-144156); and with long lines allowed it writes
encoded-words of more than 75 characters. So each kind of field here folds itself.
"""

from __future__ import annotations

import re
from email.header import Header

LINE = 76
"""Longest line that holds an encoded-word (RFC 2047 §2); we keep to it everywhere we can."""

LONGEST_LINE = 998
"""Octets that a line may have without its CRLF (RFC 5322 §2.1.1)."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class HeaderError(ValueError):
    """A value that must not stand in a header: it holds a line break, or is too long."""


def one_line(value: str) -> str:
    """The value itself, if it cannot break out of its header field.

    Raises:
        HeaderError: It holds a control character, a line separator, or half a character.
    """
    if found := _CONTROL.search(value):
        raise HeaderError(f"a header must not hold the character U+{ord(found[0]):04X}")
    return value


def words(name: str, value: str) -> str:
    """Free text for the field ``name``, folded, in encoded-words where it must be (RFC 2047)."""
    one_line(value)
    if value.isascii() and "=?" not in value and (folded := _fold(name, value)):
        return folded
    return Header(value, "utf-8", header_name=name, maxlinelen=LINE).encode(linesep="\r\n")


def mailbox(header: str, name: str, address: str) -> str:
    """``Name <address>`` for the field ``header``; ``<address>`` alone if the name is empty.

    Args:
        header: Name of the field.
        name: Display name, any text.
        address: The address, as ``wire_address`` gives it.
    """
    one_line(name)
    one_line(address)
    if not name.strip():
        return f"<{address}>"
    if name.isascii() and "=?" not in name and len(name) <= LINE - len(header) - 8:
        phrase = name if re.fullmatch(r"[A-Za-z0-9 ]+", name) else _quoted(name)
    else:
        phrase = Header(name, "utf-8", header_name=header, maxlinelen=LINE).encode(linesep="\r\n")
    last = phrase.rsplit("\r\n", 1)[-1]
    used = len(last) if "\r\n" in phrase else len(last) + len(header) + 2
    gap = " " if used + len(address) + 3 <= LINE else "\r\n "
    return f"{phrase}{gap}<{address}>"


def literal(*values: str) -> str:
    """Values that must be readable as they are, such as ``<https://…>``: folded only at commas.

    Raises:
        HeaderError: One is not ASCII, or does not fit a line of 998 octets.
    """
    for value in values:
        if not one_line(value).isascii():
            raise HeaderError("an address in a header must be ASCII")
        if len(value) > LONGEST_LINE - 40:
            raise HeaderError(f"a header value of {len(value)} characters is too long for a line")
    return ",\r\n ".join(values)


def _quoted(name: str) -> str:
    return '"' + re.sub(r'([\\"])', r"\\\1", name) + '"'


def _fold(name: str, value: str) -> str:
    # Unfolding removes the CRLF and keeps the space (RFC 5322 §2.2.3), so a line may be broken at
    # single spaces only; anything else becomes encoded-words.
    if value != value.strip() or "  " in value:
        return ""
    lines = [""]
    room = LINE - len(name) - 2
    for word in value.split(" "):
        if len(word) > LINE - 2:
            return ""
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = LINE - 1
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)
