"""The long way to a message: a new one from the standard library's parts for each reader.

Slow, and simple enough to be seen to be right; what the press makes is compared with it.
"""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from newsletter.delivery.address import wire_address
from newsletter.delivery.composition.head import feedback_id
from newsletter.delivery.headers import HeaderError, literal, mailbox, words
from newsletter.delivery.message import Recipient, Sender
from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.merge import Context, Slot
from newsletter.render.quoted_printable import encode

_NAME = Slot("name", "", Context.TEXT)


class _Field(str):
    """A value that is folded and is written as it is."""

    __slots__ = ("name",)
    name: str

    def fold(self, *, policy: Any) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Policy(EmailPolicy):
    """Takes folded values, each field once, and refuses a line break that does not fold."""

    def header_max_count(self, name: str) -> int:
        return 1

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if re.search(r"\r\n(?! \S)|(?<!\r)\n|\r(?!\n)", value):
            raise HeaderError(f"{name} holds a line break")
        field = _Field(value)
        field.name = name
        return name, field


_POLICY = _Policy(linesep="\r\n", utf8=True)


def compose(
    edition: Edition,
    sender: Sender,
    recipient: Recipient,
    *,
    message_id: str,
    date: datetime.datetime,
    subject_prefix: str = "",
) -> bytes:
    """The message for one reader."""
    to = wire_address(recipient.address)
    values = recipient.merge_values(edition, sender)
    message = EmailMessage(_POLICY)
    message["From"] = mailbox("From", sender.name, sender.address)
    message["To"] = mailbox("To", _NAME.fill(values).strip(), to)
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
    _fill_body(message, edition, values)
    return message.as_bytes()


def _by_mail(sender: Sender, token: str) -> str:
    address = quote(sender.unsubscribe_address, safe="@")
    return f"mailto:{address}?subject=unsubscribe%20{quote(token, safe='')}"


def _fill_body(message: EmailMessage, edition: Edition, values: Mapping[str, str]) -> None:
    html = _text_part("html", edition.html.fill(values))
    if edition.images:
        related = EmailMessage(_POLICY)
        related["Content-Type"] = 'multipart/related; boundary="=_related"; type="text/html"'
        for part in (html, *map(_image_part, edition.images)):
            related.attach(part)
        html = related
    message["Content-Type"] = 'multipart/alternative; boundary="=_alternative"'
    message.attach(_text_part("plain", edition.text.fill(values)))
    message.attach(html)


def _text_part(subtype: str, text: str) -> EmailMessage:
    part = EmailMessage(_POLICY)
    part["Content-Type"] = f'text/{subtype}; charset="utf-8"'
    part["Content-Transfer-Encoding"] = "quoted-printable"
    part.set_payload(encode(text).decode("ascii"))
    return part


def _image_part(image: EmbeddedImage) -> EmailMessage:
    part = EmailMessage(_POLICY)
    part["Content-Type"] = image.content_type
    part["Content-Transfer-Encoding"] = "base64"
    part["Content-ID"] = f"<{image.cid}>"
    part.add_header("Content-Disposition", "inline", filename=image.filename)
    part.set_payload(base64.encodebytes(image.data).decode("ascii"))
    return part
