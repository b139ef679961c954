"""A tolerant, bounded reader of MIME messages: bytes in, a flat list of parts out.

The standard library's parser is exact and unbounded; what comes back from strangers is neither.
This one never raises, never nests deeper than it has to, and stops reading at fixed limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from newsletter.feedback.classify.text import (
    from_bytes,
    from_html,
    header_decoded,
    transfer_decoded,
)

LONGEST_MESSAGE = 512 * 1024
"""Bytes read of a message. A report says what it has to say before the returned original."""
MOST_PARTS = 100
MOST_FIELDS = 400
LONGEST_HEADER = 64 * 1024
LONGEST_TEXT = 64 * 1024

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]{0,9}:(.*)", re.DOTALL)
_BOUNDARY = re.compile(r"boundary[\s=]{1,9}(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}\"?([^\s;\"]{1,60})", re.IGNORECASE)
_REPORT_TYPE = re.compile(r"report-type\s{0,9}=\s{0,9}\"?([\w-]{1,60})", re.IGNORECASE)
_GUESSED_BOUNDARY = re.compile(
    rb"(?:\A|\n)--([^\s][^\n]{0,100}?)[ \t]*\n(?:content-[^\n]*\n)", re.I
)


@dataclass(frozen=True, slots=True)
class Headers:
    """The fields of a header, by name in lower case, each with its values in order."""

    fields: dict[str, list[str]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The first value of a field, encoded words read; empty where it is absent."""
        values = self.fields.get(name)
        return header_decoded(values[0]) if values else ""

    def every(self, name: str) -> list[str]:
        """All values of a field, encoded words read."""
        return [header_decoded(value) for value in self.fields.get(name, ())]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __bool__(self) -> bool:
        return bool(self.fields)


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of a message: its header and its bytes, still transfer-encoded."""

    headers: Headers
    body: bytes
    type: str
    parameters: str = ""

    @property
    def text(self) -> str:
        """The part as text, its lines ended by LF; HTML as its words. Cut at 64 KiB."""
        data = self.body[: 2 * LONGEST_TEXT]
        data = transfer_decoded(data, self.headers.get("content-transfer-encoding"))
        charset = _CHARSET.search(self.parameters)
        text = from_bytes(data[: 2 * LONGEST_TEXT], charset[1] if charset else "")
        if self.type == "text/html" or text.lstrip()[:20].lower().startswith(
            ("<html", "<!doctype")
        ):
            text = from_html(text)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")[:LONGEST_TEXT]

    @property
    def decoded(self) -> bytes:
        """The part's bytes without transfer encoding, its lines ended by LF."""
        encoding = self.headers.get("content-transfer-encoding")
        return transfer_decoded(self.body, encoding).replace(b"\r\n", b"\n")


@dataclass(frozen=True, slots=True)
class Message:
    """A whole message: its own header and its leaves in order."""

    headers: Headers
    parts: tuple[Part, ...]
    type: str
    report_type: str = ""


def read(data: bytes) -> Message:
    """Read a message, however broken.

    Args:
        data: The message as it lies in a mailbox; a leading mbox `From ` line is ignored.
    """
    data = data[:LONGEST_MESSAGE]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode("utf-8")
    for ending in (b"\r\r\n", b"\r\n", b"\r"):  # twice converted, the network's, old Macs
        data = data.replace(ending, b"\n")
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\n \t")
    headers, body = split(data)
    kind, parameters = _type(headers)
    report = _REPORT_TYPE.search(parameters)
    parts = tuple(_leaves(headers, body))
    return Message(headers, parts, kind, report[1].lower() if report else "")


def split(data: bytes) -> tuple[Headers, bytes]:
    """A header and what follows it; the header is empty where the data begins with none."""
    fields: dict[str, list[str]] = {}
    name, lines = "", list[bytes]()
    position, count, limit = 0, 0, min(len(data), LONGEST_HEADER)
    while position < limit:
        end = data.find(b"\n", position)
        end = len(data) if end < 0 else end
        line = data[position:end]
        if not line.strip():
            position = end + 1
            if fields or name:
                break
            continue
        if line[:1] in b" \t" and name:
            lines.append(line.strip())
        elif (found := _FIELD.match(line)) and count < MOST_FIELDS:
            _keep(fields, name, lines)
            name, lines = found[1].decode("ascii").lower(), [found[2].strip()]
            count += 1
        elif position == 0 and line.startswith((b"From ", b">From ")):
            pass
        elif count < MOST_FIELDS and not (fields and _FIELD.match(data[end + 1 : end + 200])):
            break  # no header (any more): the body begins without an empty line
        position = end + 1
    _keep(fields, name, lines)
    return Headers(fields), data[position:] if position < len(data) else b""


def _keep(fields: dict[str, list[str]], name: str, lines: list[bytes]) -> None:
    if name:
        value = b" ".join(lines)[:8000]
        fields.setdefault(name, []).append(from_bytes(value))


def _type(headers: Headers) -> tuple[str, str]:
    value = headers.get("content-type") or "text/plain"
    kind, _, parameters = value.partition(";")
    return kind.strip().lower(), parameters


def _leaves(headers: Headers, body: bytes) -> Iterator[Part]:
    """The leaves below a header, in order, without recursion and at most MOST_PARTS."""
    waiting = [(headers, body, "text/plain")]
    seen = 0
    while waiting and seen < MOST_PARTS:
        seen += 1
        headers, body, default = waiting.pop()
        kind, parameters = _type(headers) if "content-type" in headers else (default, "")
        if kind.startswith("multipart/"):
            pieces = _pieces(body, parameters)
            default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
            if pieces:
                found = [(*_split_part(piece), default) for piece in pieces[: MOST_PARTS - seen]]
                waiting.extend(reversed(found))
                continue
            kind = "text/plain"
        yield Part(headers, body, kind, parameters)


def _split_part(piece: bytes) -> tuple[Headers, bytes]:
    """A part's header and body; a part that starts with an empty line has no header."""
    if piece.startswith(b"\n"):
        return Headers(), piece[1:]
    headers, body = split(piece)
    if any(name.startswith("content-") for name in headers.fields):
        return headers, body
    return Headers(), piece


def _pieces(body: bytes, parameters: str) -> list[bytes]:
    """What lies between the boundaries (RFC 2046 §5.1.1); the last one may be cut off."""
    found = _BOUNDARY.search(parameters)
    boundary = (found[1] or found[2]).strip().encode("utf-8", "replace") if found else b""
    if not boundary or b"--" + boundary not in body:
        guessed = _GUESSED_BOUNDARY.search(body)
        if guessed is None:
            return []
        boundary = guessed[1]
    mark = b"\n--" + boundary
    pieces: list[bytes] = []
    text = b"\n" + body
    start = -1
    position = text.find(mark)
    while position >= 0 and len(pieces) < MOST_PARTS:
        after = position + len(mark)
        end = text.find(b"\n", after)
        end = len(text) if end < 0 else end
        rest = text[after:end].strip()
        if rest in {b"", b"--"}:
            if start >= 0:
                pieces.append(text[start:position])
            start = -1 if rest else end + 1
            if rest:
                break
        position = text.find(mark, max(end, after) if rest in {b"", b"--"} else after)
    if start >= 0 and start < len(text):
        pieces.append(text[start:])
    return pieces
