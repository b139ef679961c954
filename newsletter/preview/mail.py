"""A message as a mail client shows it: headers, HTML, text, pictures, source."""

from __future__ import annotations

import datetime
import email
import email.policy
import email.utils
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that are shown; SVG is not among them, since it can hold scripts."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that travels inside a message."""

    content_type: str
    data: bytes


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


def open_mail(data: bytes) -> Mail:
    """Read a message, however broken it may be."""
    message = email.message_from_bytes(data, policy=email.policy.default)
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
    )


def _fields(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(message.keys()):
        try:
            values = [str(value) for value in message.get_all(name, [])]
        except Exception:  # noqa: BLE001 - the stdlib's header parsers fail in many ways on junk
            values = [str(value) for key, value in message.raw_items() if key == name]
        for value in values:
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


def _body(message: EmailMessage, content_type: str) -> tuple[str, int]:
    for part in message.walk():
        if part.get_content_type() != content_type or part.is_attachment():
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            weight = len(str(part.get_payload()).encode("utf-8", "replace"))
            return _decode(data, part.get_content_charset("utf-8")), weight
    return "", 0


def _decode(data: bytes, charset: str) -> str:
    try:
        text = data.decode(charset, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")


def _pictures(message: EmailMessage) -> Iterator[tuple[str, Picture]]:
    for part in message.walk():
        cid = dict(_fields(part)).get("Content-ID", "").strip("<>")
        data = part.get_payload(decode=True)
        if cid and part.get_content_type() in PICTURES and isinstance(data, bytes):
            yield cid, Picture(part.get_content_type(), data)
