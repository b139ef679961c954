"""The body of a message: plain text and HTML as alternatives, with the pictures they need."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from email.message import EmailMessage

from newsletter.delivery.headers import POLICY
from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.quoted_printable import encode

# Neither quoted-printable nor base64 can contain "=_" (RFC 2045 §6.7), so these never occur in a
# part; being constant they say nothing about time, machine or reader.
_ALTERNATIVE = "=_alternative"
_RELATED = "=_related"


def fill_body(message: EmailMessage, edition: Edition, values: Mapping[str, str]) -> None:
    """Put the edition for one reader into a message: text first, HTML last (RFC 2046 §5.1.4).

    Args:
        message: Gets its Content-Type and parts.
        edition: What all readers get.
        values: Plain text for its merge fields.
    """
    html = _text_part("html", edition.html.fill(values))
    if edition.images:
        related = EmailMessage(POLICY)
        related["Content-Type"] = f'multipart/related; boundary="{_RELATED}"; type="text/html"'
        for part in (html, *map(_image_part, edition.images)):
            related.attach(part)
        html = related
    message["Content-Type"] = f'multipart/alternative; boundary="{_ALTERNATIVE}"'
    message.attach(_text_part("plain", edition.text.fill(values)))
    message.attach(html)


def _text_part(subtype: str, text: str) -> EmailMessage:
    part = EmailMessage(POLICY)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(encode(text).decode("ascii"))
    return part


def _image_part(image: EmbeddedImage) -> EmailMessage:
    part = EmailMessage(POLICY)
    part["Content-Type"] = image.content_type
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-ID"] = f"<{image.cid}>"
    part.add_header("Content-Disposition", "inline", filename=image.filename)
    part.set_payload(base64.encodebytes(image.data).decode("ascii"))
    return part
