"""One reader's message: headers and body, ready for a transport."""

from __future__ import annotations

import datetime
import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote

from newsletter.delivery.address import AddressError, wire_address
from newsletter.delivery.headers import POLICY, literal, mailbox, words
from newsletter.delivery.links import unsubscribe_url
from newsletter.delivery.mime import fill_body
from newsletter.delivery.transports.base import Envelope, Message
from newsletter.errors import ConfigurationError
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Slot

_FROM = re.compile(r'\s*(?:"?(?P<name>[^<>"]*?)"?\s*<(?P<inner>[^<>]*)>|(?P<bare>[^<>"]*?))\s*')
_LIST_ID = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
_TO_NAME = Slot("name", "", Context.TEXT)  # the same cleaning as for names in the letter


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the letter is from; all addresses with A-labels.

    Attributes:
        name: Display name of the ``From`` field, may be empty.
        address: Address of the ``From`` field.
        reply_to: Where answers go; empty for the ``From`` address.
        bounce_address: The envelope's sender.
        unsubscribe_address: Where unsubscribe requests by mail go.
        list_id: Name of the list (RFC 2919), ``label.domain``.
        list_name: The newsletter's name.
        base_url: Where readers' pages are, without a slash at the end; empty if not set.
    """

    name: str
    address: str
    reply_to: str
    bounce_address: str
    unsubscribe_address: str
    list_id: str
    list_name: str
    base_url: str

    @classmethod
    def parse(
        cls,
        *,
        from_: str,
        reply_to: str = "",
        bounce_address: str = "",
        unsubscribe_address: str = "",
        list_id: str = "",
        list_name: str = "",
        base_url: str = "",
    ) -> Sender:
        """The sender that the settings of the same names describe.

        Raises:
            ConfigurationError: One of them is not an address, or not a list name.
        """
        match = _FROM.fullmatch(from_)
        address = _setting("from", (match["inner"] or match["bare"]) if match else from_)
        if not re.fullmatch(r"[!-~]*", base_url):
            raise ConfigurationError(
                "base_url holds a character that is not ASCII",
                "Write the domain in its xn-- form, and anything else percent-encoded.",
            )
        list_id = list_id or f"newsletter.{address.rpartition('@')[2]}"
        if not _LIST_ID.fullmatch(list_id) or len(list_id) > 255:
            raise ConfigurationError(
                f"list_id: {list_id!r} is not the name of a list",
                'Write a label and a domain of yours: list_id = "letter.example.org".',
            )
        return cls(
            name=_phrase("from", (match["name"] or "") if match else ""),
            address=address,
            reply_to=_setting("reply_to", reply_to) if reply_to else "",
            bounce_address=_setting("bounce_address", bounce_address or address),
            unsubscribe_address=_setting("unsubscribe_address", unsubscribe_address or address),
            list_id=list_id,
            list_name=_phrase("name", list_name),
            base_url=base_url,
        )

    @property
    def domain(self) -> str:
        """Domain of the ``From`` address: names us in EHLO and Message-ID."""
        return self.address.rpartition("@")[2]

    def new_message_id(self) -> str:
        """A fresh Message-ID: 128 random bits at our domain (RFC 5322 §3.6.4)."""
        return f"<{secrets.token_hex(16)}@{self.domain}>"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader, as far as a message needs to know.

    Attributes:
        address: Where it goes.
        token: Names the reader in links; opaque.
        values: Plain text for merge fields: ``name`` and the columns of the imported list.
    """

    address: str
    token: str
    values: Mapping[str, str]

    def merge_values(self, edition: Edition, sender: Sender) -> dict[str, str]:
        """Plain text for every merge field; the fields that the program makes cannot be faked."""
        return {
            **self.values,
            "email": self.address,
            "unsubscribe_url": unsubscribe_url(sender.base_url, self.token),
            "view_url": edition.view_url,
        }


def compose(
    edition: Edition,
    sender: Sender,
    recipient: Recipient,
    *,
    message_id: str,
    date: datetime.datetime,
    subject_prefix: str = "",
) -> Message:
    """The message for one reader; the same arguments always give the same bytes.

    Args:
        edition: What all readers get.
        sender: Who it is from.
        recipient: Who gets it.
        message_id: With angle brackets; unique per reader and kept over retries.
        date: An aware time; shown in UTC so that it tells no time zone (RFC 5322 §3.3).
        subject_prefix: Stands before the subject, to mark proofs.

    Returns:
        CRLF line ends, no line longer than 998 octets, ASCII only (but for the ``To`` field of an
        address that is not ASCII itself, RFC 6532).

    Raises:
        ValueError: The address or a value cannot stand in a message.
    """
    to = wire_address(recipient.address)
    values = recipient.merge_values(edition, sender)
    message = EmailMessage(POLICY)
    message["From"] = mailbox("From", sender.name, sender.address)
    message["To"] = mailbox("To", _TO_NAME.fill(values).strip(), to)
    message["Subject"] = words("Subject", subject_prefix + edition.subject.fill(values))
    message["Date"] = format_datetime(date.astimezone(datetime.UTC))
    message["Message-ID"] = literal(message_id)
    if sender.reply_to:
        message["Reply-To"] = literal(sender.reply_to)
    message["List-Id"] = mailbox("List-Id", sender.list_name, sender.list_id)
    message["List-Unsubscribe"] = literal(
        f"<{values['unsubscribe_url']}>", f"<{_by_mail(sender, recipient.token)}>"
    )
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Feedback-ID"] = literal(feedback_id(edition.slug, sender))
    message["Content-Language"] = literal(edition.language)
    message["MIME-Version"] = "1.0"
    fill_body(message, edition, values)
    return Message(Envelope(sender.bounce_address, to), message_id, message.as_bytes())


def feedback_id(slug: str, sender: Sender) -> str:
    """``issue:list::SenderId`` for Gmail's feedback loop; no field differs between readers.

    SenderId has 10 characters (5 to 15 are allowed) and stays the same for a domain.
    """
    issue = re.sub(r"[^A-Za-z0-9._-]+", "-", slug)
    sender_id = hashlib.sha256(sender.domain.lower().encode()).hexdigest()[:10]
    return f"{issue}:{sender.list_id.partition('.')[0]}:newsletter:{sender_id}"


def _by_mail(sender: Sender, token: str) -> str:
    address = quote(sender.unsubscribe_address, safe="@")
    return f"mailto:{address}?subject=unsubscribe%20{quote(token, safe='')}"


def _setting(key: str, value: str) -> str:
    try:
        address = wire_address(value.strip())
    except AddressError as error:
        raise ConfigurationError(
            f"{key}: {value!r} is not an address: {error}",
            f'Write it like this: {key} = "letter@example.org".',
        ) from error
    if not address.isascii():
        raise ConfigurationError(
            f"{key}: {value!r} has letters before the @ that many mail servers do not take",
            "Use an address of plain letters, digits, dots and hyphens.",
        )
    return address


def _phrase(key: str, value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", value):
        raise ConfigurationError(f"{key}: {value!r} holds a line break or control character")
    return value.strip()
