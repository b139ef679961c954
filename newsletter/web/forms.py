"""What a form sends: read with bounds in size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

LARGEST = 16 * 1024
"""Bytes of a form."""

SECONDS = 15.0
"""For which the whole of it is waited for."""

_MOST_FIELDS = 100


class Form:
    """The fields of a form, in the order in which they came.

    Args:
        fields: Names and values.
    """

    def __init__(self, fields: Sequence[tuple[str, str]] = ()) -> None:
        self._fields: Mapping[str, list[str]] = {}
        fields_by_name: dict[str, list[str]] = {}
        for name, value in fields:
            fields_by_name.setdefault(name, []).append(value)
        self._fields = fields_by_name

    def text(self, name: str) -> str:
        """The first value of a field; empty if there is none."""
        return self._fields.get(name, [""])[0]

    def all(self, name: str) -> list[str]:
        """All values of a field."""
        return self._fields.get(name, [])

    def again(self, name: str, most: int) -> str:
        """The first value of a field as a page may show it to whoever typed it.

        Args:
            name: The field.
            most: Characters that are kept.

        Returns:
            Its printable characters; a template must still escape them.
        """
        return "".join(c for c in self.text(name)[:most] if c.isprintable())


async def read_form(request: Request, largest: int = LARGEST) -> Form:
    """The form that a request brings.

    Raises:
        HTTPException: 413 if it is too large, 408 if it comes too slowly, 400 if it is none.
    """
    try:
        async with asyncio.timeout(SECONDS):
            body = await _read(request, largest)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None
    kind = request.headers.get("content-type", "")
    try:
        if kind.lower().startswith("multipart/form-data"):
            return Form(_multipart(kind, body))
        # Whatever else it calls itself: some programs that unsubscribe say nothing, or text/plain.
        return Form(
            parse_qsl(
                body.decode("utf-8"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=_MOST_FIELDS,
            )
        )
    except (ValueError, LookupError):  # not UTF-8, too many fields, a charset that is none
        raise HTTPException(400) from None


async def _read(request: Request, largest: int) -> bytes:
    length = request.headers.get("content-length", "0")
    if length.isascii() and length.isdecimal() and int(length[:20]) > largest:
        raise HTTPException(413)
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > largest:
            raise HTTPException(413)
    return bytes(body)


def _multipart(kind: str, body: bytes) -> list[tuple[str, str]]:
    if not (kind.isascii() and kind.isprintable()):
        raise ValueError("a content type that is none")
    whole = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + kind.encode("ascii") + b"\r\n\r\n" + body
    )
    if not whole.is_multipart():
        raise ValueError("no parts")
    parts = whole.get_payload()
    if not isinstance(parts, list) or len(parts) > _MOST_FIELDS:
        raise ValueError("too many fields")
    return [(_name(part), _value(part)) for part in parts if isinstance(part, Message)]


def _name(part: Message) -> str:
    name = part.get_param("name", "", "content-disposition")
    return name if isinstance(name, str) else ""


def _value(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8") if isinstance(payload, bytes) else ""
