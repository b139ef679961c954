"""A message as a mail client shows it: headers, HTML, text, pictures, source."""

from __future__ import annotations

import datetime
import email
import email.policy
import email.utils
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that are shown; SVG is not among them, since it can hold scripts."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that travels inside a message."""

    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message (RFC 2045).

    Attributes:
        depth: 0 for the message as a whole, 1 for its parts, and so on.
        content_type: ``text/html``.
        about: Character set, transfer encoding and file name, as far as it has them.
        size: Bytes as it travels; 0 for what only holds other parts.
    """

    depth: int
    content_type: str
    about: str
    size: int


@dataclass(frozen=True, slots=True)
class Mail:
    """A message, opened.

    Attributes:
        sender: The ``From`` field, decoded.
        to: The ``To`` field, decoded.
        subject: The subject line, decoded.
        date: When it was written, in the time zone of this machine; empty if it does not say.
        headers: All fields in order, decoded and unfolded.
        html: The HTML part, lines ended by line feeds; empty if there is none.
        text: The plain-text part, likewise.
        source: The message itself.
        pictures: Embedded pictures by Content-ID.
        weight: Size of the HTML part as it travels, transfer encoding included, in bytes.
        parts: Its MIME tree, each part behind the one that holds it.
    """

    sender: str
    to: str
    subject: str
    date: str
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    source: str
    pictures: Mapping[str, Picture]
    weight: int
    parts: tuple[Part, ...] = ()


def open_mail(data: bytes) -> Mail:
    """Read a message, however broken it may be."""
    # The old policy leaves header fields as they are: understanding those of each picture, which
    # nobody reads, would take longer than all the rest.
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    headers = tuple(_fields(message))
    first: dict[str, str] = {}
    for name, value in headers:
        first.setdefault(name.lower(), value)
    html, weight = _body(message, "text/html")
    return Mail(
        sender=first.get("from", ""),
        to=first.get("to", ""),
        subject=first.get("subject", ""),
        date=_local(first.get("date", "")),
        headers=headers,
        html=html,
        text=_body(message, "text/plain")[0],
        source=data.decode("utf-8", "replace").replace("\r\n", "\n"),
        pictures=dict(_pictures(message)),
        weight=weight,
        parts=tuple(_parts(message, 0)),
    )


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    for name, raw in message.raw_items():
        try:
            value = str(email.policy.default.header_fetch_parse(name, raw))
        except Exception:  # noqa: BLE001 - the stdlib's header parsers fail in many ways on junk
            value = str(raw)
        yield name, " ".join(value.split())


def _local(date: str) -> str:
    try:
        written = email.utils.parsedate_to_datetime(date)
        if written.tzinfo is None:  # "-0000": UTC, in no known zone (RFC 5322 §3.3)
            written = written.replace(tzinfo=datetime.UTC)
        written = written.astimezone()
    except (ValueError, OverflowError):
        return ""
    return f"{written.day} {written:%B %Y, %H:%M}"


def _body(message: Message, content_type: str) -> tuple[str, int]:
    for part in message.walk():
        if part.get_content_type() != content_type or _is_attachment(part):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            return _decode(data, part.get_content_charset("utf-8")), _size(part)
    return "", 0


def _is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"


def _size(part: Message) -> int:
    """Bytes of a part as it travels."""
    return len(str(part.get_payload()).encode("utf-8", "replace"))


def _parts(message: Message, depth: int) -> Iterator[Part]:
    whole = message.is_multipart()
    about = (
        message.get_content_charset(""),
        str(message.get("Content-Transfer-Encoding", "")),
        message.get_filename(""),
    )
    said = ", ".join(word for word in about if word)
    yield Part(depth, message.get_content_type(), said, 0 if whole else _size(message))
    if whole:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part, depth + 1)


def _decode(data: bytes, charset: str) -> str:
    try:
        text = data.decode(charset, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _pictures(message: Message) -> Iterator[tuple[str, Picture]]:
    for part in message.walk():
        cid = str(part.get("Content-ID", "")).strip().strip("<>")
        if cid and part.get_content_type() in PICTURES:
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                yield cid, Picture(part.get_content_type(), data)
