"""The header of a message: most of its fields are the same for all readers of an edition."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from email.utils import format_datetime
from typing import NamedTuple
from urllib.parse import quote

from newsletter.delivery.composition.mime import CONTENT_TYPE
from newsletter.delivery.composition.to_field import to_field
from newsletter.delivery.headers import literal, mailbox, words
from newsletter.delivery.links import has_one_click, unsubscribe_url
from newsletter.delivery.message import Recipient, Sender
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Slot

_NAME = Slot("name", "", Context.TEXT)  # the same cleaning as for names in the letter
_SHORT = 128  # characters of a token; a longer one is looked at

Field = tuple[str, str]
"""A header field: its name, and its value folded as on the wire."""


class OwnFields(NamedTuple):  # made for every message, and sooner than a frozen dataclass
    """The values of the fields that are one reader's own, folded as on the wire."""

    to: str
    subject: str
    date: str
    message_id: str
    list_unsubscribe: str


class Head:
    """Writes the header; may be used by several threads at once.

    Args:
        edition: What all readers get.
        sender: Who it is from.
        subject_prefix: Stands before the subject, to mark proofs.

    Raises:
        ValueError: A value of the edition or the sender cannot stand in a header.
    """

    def __init__(self, edition: Edition, sender: Sender, subject_prefix: str) -> None:
        self._edition = edition
        self._sender = sender
        self.prefix = subject_prefix
        self._subject = (
            None
            if edition.subject.slots
            else words("Subject", subject_prefix + edition.subject.fill({}))
        )
        self._shown_subject = (
            words("Subject", subject_prefix + sender.outer_subject)
            if sender.disguised
            else self._subject
        )
        self._date: tuple[datetime.datetime | None, str] = (None, "")  # the last one, as written
        self.page = literal(unsubscribe_url(sender.base_url, ""))
        """Where readers unsubscribe, without the token."""
        self._by_click = has_one_click(sender.base_url)
        address = quote(sender.unsubscribe_address, safe="@")
        self._mailto = literal(f"mailto:{address}?subject=unsubscribe%20")
        self._first: Field = ("From", mailbox("From", sender.name, sender.address))
        self._middle: tuple[Field, ...] = (
            *([("Reply-To", literal(sender.reply_to))] if sender.reply_to else []),
            ("List-Id", mailbox("List-Id", sender.list_name, sender.list_id)),
        )
        self._last: tuple[Field, ...] = (
            *([("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if self._by_click else []),
            ("Feedback-ID", literal(feedback_id(edition.slug, sender))),
            ("Content-Language", literal(edition.language)),
            ("MIME-Version", "1.0"),
            ("Content-Type", CONTENT_TYPE),
        )
        self._first_line = _lines([self._first])
        self._middle_lines = _lines(self._middle)
        self.end = f"{_lines(self._last)}\r\n".encode()
        """What all readers' headers end with: the last fields and the empty line."""

    def own(
        self, recipient: Recipient, to: str, token: str, message_id: str, date: datetime.datetime
    ) -> OwnFields:
        """The values of one reader's own fields.

        Args:
            recipient: Whose.
            to: The address as ``wire_address`` gives it.
            token: The reader's token, quoted for a web address.
            message_id: With angle brackets.
            date: An aware time; shown in UTC, so that it tells no time zone (RFC 5322 §3.3).

        Raises:
            ValueError: One of them cannot stand in a header.
        """
        name = recipient.values.get("name", "")
        if not name.isprintable():
            name = _NAME.fill(recipient.values)
        subject = self._shown_subject
        if subject is None:
            subject = self.subject(recipient)
        page, mailto = f"<{self.page}{token}>", f"<{self._mailto}{token}>"
        if not self._by_click:
            unsubscribe = literal(mailto)
        elif len(token) <= _SHORT:
            unsubscribe = f"{page},\r\n {mailto}"
        else:
            unsubscribe = literal(page, mailto)
        return OwnFields(
            to=to_field(name.strip(), to),
            subject=subject,
            date=self._shown(date),
            message_id=literal(message_id),
            list_unsubscribe=unsubscribe,
        )

    def subject(self, recipient: Recipient) -> str:
        """The issue's own subject for one reader, folded, whatever stands in its place outside.

        Raises:
            ValueError: It cannot stand in a header.
        """
        if self._subject is not None:
            return self._subject
        values = recipient.merge_values(self._edition, self._sender)
        return words("Subject", self.prefix + self._edition.subject.fill(values))

    def begin(self, own: OwnFields) -> bytes:
        """One reader's header up to ``end``."""
        return (
            f"{self._first_line}To: {own.to}\r\nSubject: {own.subject}\r\nDate: {own.date}\r\n"
            f"Message-ID: {own.message_id}\r\n{self._middle_lines}"
            f"List-Unsubscribe: {own.list_unsubscribe}\r\n"
        ).encode()

    @property
    def fixed(self) -> tuple[Field, ...]:
        """The fields that are the same for all readers."""
        return (self._first, *self._middle, *self._last)

    def fields(self, own: OwnFields) -> tuple[Field, ...]:
        """All of one reader's fields, in their order."""
        return (
            self._first,
            ("To", own.to),
            ("Subject", own.subject),
            ("Date", own.date),
            ("Message-ID", own.message_id),
            *self._middle,
            ("List-Unsubscribe", own.list_unsubscribe),
            *self._last,
        )

    def _shown(self, date: datetime.datetime) -> str:
        last, shown = self._date
        if date != last:
            shown = format_datetime(date.astimezone(datetime.UTC))
            self._date = (date, shown)
        return shown


def feedback_id(slug: str, sender: Sender) -> str:
    """``issue:list::SenderId`` for Gmail's feedback loop; no field differs between readers.

    SenderId has 10 characters (5 to 15 are allowed) and stays the same for a domain.
    """
    issue = re.sub(r"[^A-Za-z0-9._-]+", "-", slug)
    sender_id = hashlib.sha256(sender.domain.lower().encode()).hexdigest()[:10]
    return f"{issue}:{sender.list_id.partition('.')[0]}:newsletter:{sender_id}"


def _lines(fields: Iterable[Field]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in fields)
