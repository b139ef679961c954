"""The body of a message: plain text and HTML as alternatives, with the pictures they need."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from email.utils import encode_rfc2231, quote

from newsletter.delivery.headers import one_line
from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.transfer import Blank, encode_merged

# Neither quoted-printable nor base64 can contain "=_" (RFC 2045 §6.7), so these never occur in a
# part; being constant they say nothing about time, machine or reader.
_ALTERNATIVE = "=_alternative"
_RELATED = "=_related"

CONTENT_TYPE = f'multipart/alternative; boundary="{_ALTERNATIVE}"'
"""Content-Type of every message."""


def body(edition: Edition) -> Iterator[bytes | Blank]:
    """An edition's body, encoded, its merge fields left open: text first, HTML last.

    The order is that of RFC 2046 §5.1.4. Lines end in CRLF, the last one, too.

    Args:
        edition: What all readers get.

    Raises:
        ValueError: It holds half a character, or a picture's name a line break.
    """
    constants = {"view_url": edition.view_url}
    yield f"--{_ALTERNATIVE}\r\n{_text_head('plain')}".encode()
    yield from encode_merged(edition.text, constants)
    yield f"\r\n--{_ALTERNATIVE}\r\n".encode()
    if edition.images:
        yield (
            f'Content-Type: multipart/related; boundary="{_RELATED}"; type="text/html"\r\n'
            f"\r\n--{_RELATED}\r\n"
        ).encode()
    yield _text_head("html").encode()
    yield from encode_merged(edition.html, constants)
    for image in edition.images:
        yield f"\r\n--{_RELATED}\r\n".encode()
        yield _image_part(image)
    if edition.images:
        yield f"\r\n--{_RELATED}--\r\n".encode()
    yield f"\r\n--{_ALTERNATIVE}--\r\n".encode()


def _text_head(subtype: str) -> str:
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )


def _image_part(image: EmbeddedImage) -> bytes:
    name = one_line(image.filename)
    # RFC 2231 §4 for a name in other letters.
    parameter = f'="{quote(name)}"' if name.isascii() else f"*={encode_rfc2231(name, 'utf-8', '')}"
    head = (
        f"Content-Type: {one_line(image.content_type)}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{one_line(image.cid)}>\r\n"
        f"Content-Disposition: inline; filename{parameter}\r\n\r\n"
    )
    return head.encode("ascii") + base64.encodebytes(image.data).replace(b"\n", b"\r\n")
