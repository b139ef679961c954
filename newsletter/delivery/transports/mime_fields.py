"""A finished message taken apart again, for APIs that want its parts rather than its bytes."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import policy
from email.header import decode_header, make_header
from email.message import Message as MimeMessage
from email.parser import Parser
from email.utils import parseaddr

from newsletter.delivery.transports.base import Message
from newsletter.errors import TransportConfigurationError

# Fields that each API makes from its own parameters. Our own DKIM signature goes, too: the
# provider puts the parts together in its own way, and a broken signature is worse than none.
_MADE_BY_THE_API = {
    "from",
    "to",
    "subject",
    "reply-to",
    "date",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "dkim-signature",
}


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address.

    Attributes:
        name: Display name as readers see it, or empty.
        address: The address.
    """

    name: str
    address: str

    def __str__(self) -> str:
        if not self.name:
            return self.address
        quoted = re.sub(r'([\\"])', r"\\\1", self.name)
        return f'"{quoted}" <{self.address}>'


@dataclass(frozen=True, slots=True)
class InlineFile:
    """A picture that the HTML shows by its Content-ID.

    Attributes:
        filename: Its name.
        content_type: Such as ``image/png``.
        cid: Content-ID without angle brackets.
        data: Its bytes.
    """

    filename: str
    content_type: str
    cid: str
    data: bytes

    @property
    def base64(self) -> str:
        """The bytes in base64, on one line."""
        return base64.b64encode(self.data).decode("ascii")


@dataclass(frozen=True, slots=True)
class MimeFields:
    """The parts of a message.

    Attributes:
        sender: The ``From`` field.
        to: The reader: the name from the ``To`` field, the address from the envelope.
        reply_to: Where answers go; None for the sender.
        subject: Decoded.
        text: Plain text, lines ended by LF.
        html: HTML, lines ended by LF; empty if there is none.
        files: Embedded pictures.
        headers: The other fields, on one line each, non-ASCII text in encoded-words (RFC 2047).
    """

    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str
    files: tuple[InlineFile, ...]
    headers: Mapping[str, str]

    @classmethod
    def parse(cls, message: Message) -> MimeFields:
        """Take a message apart.

        Raises:
            TransportConfigurationError: It is encrypted, and so has no parts that could be told.
        """
        # compat32 hands header values over as they are; the newer policies decode them with
        # mistakes of their own (spaces between encoded-words, CPython gh-144156).
        text = message.data.decode("utf-8", "surrogateescape")
        parsed = Parser(policy=policy.compat32).parsestr(text)
        if parsed.get_content_type() == "multipart/encrypted":
            raise TransportConfigurationError(
                "this provider puts messages together itself, so it cannot carry encrypted ones",
                "Send lists with OpenPGP through SMTP, Amazon SES or Mailgun.",
            )
        fields = {name: _unfold(value) for name, value in parsed.items()}
        known = {name.lower(): value for name, value in fields.items()}
        reply_to = known.get("reply-to")
        return cls(
            sender=_mailbox(known.get("from", "")),
            to=Mailbox(_mailbox(known.get("to", "")).name, message.envelope.rcpt_to),
            reply_to=_mailbox(reply_to) if reply_to else None,
            subject=_words(known.get("subject", "")),
            text=_body(parsed, "text/plain"),
            html=_body(parsed, "text/html"),
            files=tuple(_files(parsed)),
            headers={
                name: value
                for name, value in fields.items()
                if name.lower() not in _MADE_BY_THE_API
            },
        )

    def other_headers(self, *without: str) -> dict[str, str]:
        """``headers`` without some, named in lower case."""
        return {name: value for name, value in self.headers.items() if name.lower() not in without}


def _unfold(value: str) -> str:
    return re.sub(r"\r?\n", "", str(value)).strip()


def _words(value: str) -> str:
    return str(make_header(decode_header(value)))


def _mailbox(value: str) -> Mailbox:
    name, address = parseaddr(value)
    return Mailbox(_words(name), address)


def _body(parsed: MimeMessage, content_type: str) -> str:
    for part in parsed.walk():
        if part.get_content_type() == content_type and not part.is_multipart():
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                text = data.decode(part.get_content_charset("utf-8"), "replace")
                return text.replace("\r\n", "\n")
    return ""


def _files(parsed: MimeMessage) -> list[InlineFile]:
    found = []
    for part in parsed.walk():
        data = part.get_payload(decode=True)
        if part.get("Content-ID") and isinstance(data, bytes):
            cid = _unfold(part["Content-ID"]).strip("<>")
            name = part.get_filename() or cid.partition("@")[0]
            found.append(InlineFile(name, part.get_content_type(), cid, data))
    return found
