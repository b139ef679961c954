"""Signing a message that is there in one piece, such as a proof."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

from newsletter.delivery.dkim.canonical import relaxed_body, relaxed_field

if TYPE_CHECKING:
    from newsletter.delivery.dkim.signer import Signer

_FIELD_END = re.compile(rb"\r\n(?![ \t])")


def sign_whole(signer: Signer, data: bytes, at: datetime.datetime | None = None) -> bytes:
    """A message with its signatures in front.

    Args:
        signer: Makes the signatures.
        data: Headers and body, lines ended by CRLF; stays as it is.
        at: When it was signed; a message that is tried again must say the same.

    Raises:
        ValueError: It has no From, or a header line that is none.
    """
    head, _, body = data.partition(b"\r\n\r\n")
    return signer.sign(split_head(head), [relaxed_body(body)], at) + data


def split_head(head: bytes) -> list[tuple[str, bytes]]:
    """The header fields of a message as ``Signer.sign`` takes them.

    Args:
        head: The fields, in UTF-8, with or without the CRLF behind the last one.

    Raises:
        ValueError: A line is not a field.
    """
    fields = []
    for field in _FIELD_END.split(head.removesuffix(b"\r\n")):
        name, colon, value = field.decode("utf-8").partition(":")
        if not colon:
            raise ValueError("a header line without a colon")
        fields.append((name.rstrip(" \t").lower(), relaxed_field(name, value)))
    return fields
