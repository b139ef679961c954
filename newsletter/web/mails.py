"""The mails that forms bring about: what they say, and the message on the wire."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

from newsletter.audience.address_changes import VALID as CHANGE_VALID
from newsletter.audience.signup import Answer, Notice
from newsletter.delivery.address import wire_address
from newsletter.delivery.headers import literal, mailbox, words
from newsletter.delivery.transports.base import Envelope, Message
from newsletter.render.quoted_printable import encode
from newsletter.web.pages import Page, Pages
from newsletter.web.texts import Texts

if TYPE_CHECKING:
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.message import Sender
    from newsletter.settings import Settings

_BOUNDARY = "=_alternative"  # cannot stand in quoted-printable (RFC 2045 §6.7)

_PATHS = {
    Notice.CONFIRM: "confirm",
    Notice.ALREADY: "preferences",
    Notice.WELCOME: "preferences",
    Notice.PREFERENCES: "preferences",
    Notice.OLD_MAILBOX: "address",
    Notice.NEW_MAILBOX: "address",
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a mail says.

    Attributes:
        subject: Its subject.
        opening: Paragraphs before the link.
        button: The link's words.
        closing: Paragraphs behind it.
    """

    subject: str
    opening: tuple[str, ...]
    button: str
    closing: tuple[str, ...]


class Mails:
    """Makes them; the same arguments always give the same bytes.

    Args:
        settings: Of the newsletter.
        sender: Who they are from.
        pages: Their templates.
        signer: Signs them (DKIM); None for no signature.
    """

    def __init__(
        self, settings: Settings, sender: Sender, pages: Pages, signer: Signer | None
    ) -> None:
        self._settings = settings
        self._sender = sender
        self._pages = pages
        self._signer = signer
        self._neutral = bool(settings.must_not_reveal)

    def message(self, answer: Answer, texts: Texts, date: datetime.datetime) -> Message:
        """The message that answers a wish.

        Args:
            answer: What it answers.
            texts: The words of the reader's language.
            date: Its Date; the same over retries.

        Raises:
            ValueError: The address cannot stand in a message.
            TemplateError: A template is missing or wrong.
        """
        said = self.said(answer, texts)
        url = f"{self._settings.base_url}/{_PATHS[answer.notice]}/{answer.token}"
        values = {
            "title": said.subject,
            "opening": said.opening,
            "button": said.button,
            "closing": said.closing,
            "url": f"{url}?lang={texts.language}",
        }
        page = Page(answer.notice.value, texts.language, texts.direction, "")
        text, html = self._pages.mail("mail", page, texts, values)
        to = wire_address(answer.address)
        fields = {
            "From": mailbox("From", self._sender.name, self._sender.address),
            "To": f"<{to}>",
            "Subject": words("Subject", said.subject),
            "Date": format_datetime(date.astimezone(datetime.UTC)),
            "Message-ID": literal(answer.message_id),
            "Auto-Submitted": "auto-generated",  # RFC 3834 §5: nobody's absence note answers it
            "Content-Language": literal(texts.language),
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{_BOUNDARY}"',
        }
        if self._sender.reply_to:
            fields["Reply-To"] = literal(self._sender.reply_to)
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        body = b"".join(
            [
                *(_part("plain", text), _part("html", html)),
                f"--{_BOUNDARY}--\r\n".encode(),
            ]
        )
        data = f"{head}\r\n".encode() + body
        if self._signer is not None:
            from newsletter.delivery.dkim.whole import sign_whole

            data = sign_whole(self._signer, data, date)
        return Message.whole(Envelope(self._bounce_address(), to), answer.message_id, data)

    def said(self, answer: Answer, texts: Texts) -> Said:
        """What a mail says; under a disguise, nothing that tells what it is about."""
        said = self._neutrally(answer, texts) if self._neutral else self._openly(answer, texts)
        if self._neutral and self._settings.outer_subject:
            return Said(self._settings.outer_subject, said.opening, said.button, said.closing)
        return said

    def _openly(self, answer: Answer, _: Texts) -> Said:
        name = self._settings.name
        lists = ", ".join(self._settings.all_lists[each].title for each in answer.lists)
        if answer.notice is Notice.CONFIRM:
            return Said(
                _("Please confirm: {name}", name=name),
                (
                    _(
                        "Somebody, probably you, asked to get this at this address: {lists}.",
                        lists=lists,
                    ),
                    _("If it was you, follow this link and press the button:"),
                ),
                _("Yes, I want to get them"),
                (self._or_nothing(_),),
            )
        if answer.notice is Notice.ALREADY:
            return Said(
                _("You are subscribed already: {name}", name=name),
                (
                    _("Somebody, probably you, asked to subscribe this address. It is subscribed."),
                    _("With this link you can choose what you get, or leave:"),
                ),
                _("Change your subscription"),
                (_("The link works for one day."),),
            )
        if answer.notice is Notice.WELCOME:
            return Said(
                _("You are subscribed: {name}", name=name),
                (
                    _("From now on you get this by mail at this address: {lists}.", lists=lists),
                    _("With this link you can choose what you get, or leave:"),
                ),
                _("Change your subscription"),
                (_("The link works for one day."),),
            )
        if answer.notice is Notice.PREFERENCES:
            return Said(
                _("Your subscription: {name}", name=name),
                (_("With this link you can choose what you get, or leave:"),),
                _("Change your subscription"),
                (_("The link works for one day. Keep it to yourself: whoever has it can use it."),),
            )
        return Said(
            _("Another address for your letters: {name}", name=name),
            (
                self._moving(answer, _),
                _("If that is right, follow this link and press the button:"),
            ),
            _("This mailbox is mine"),
            (self._keeps(_),),
        )

    def _neutrally(self, answer: Answer, _: Texts) -> Said:
        subject = _("Please have a look")
        if answer.notice is Notice.CONFIRM:
            opening = (
                _("Somebody, probably you, typed this address into a form."),
                _("If it was you, follow this link and press the button:"),
            )
            return Said(subject, opening, _("Continue"), (self._or_nothing(_),))
        if answer.notice in (Notice.OLD_MAILBOX, Notice.NEW_MAILBOX):
            opening = (
                _("Somebody, probably you, asked for a change of address."),
                _("If that is right, follow this link and press the button:"),
            )
            return Said(subject, opening, _("This mailbox is mine"), (self._keeps(_),))
        return Said(
            subject,
            (_("Here is the link that was asked for:"),),
            _("Continue"),
            (_("The link works for one day. Keep it to yourself: whoever has it can use it."),),
        )

    def _or_nothing(self, _: Texts) -> str:
        return _(
            "If it was not you, do nothing. Nothing will be sent then, and the address is erased "
            "after {days} days.",
            days=self._settings.retention.unconfirmed_days,
        )

    def _moving(self, answer: Answer, _: Texts) -> str:
        if answer.notice is Notice.OLD_MAILBOX:
            return _("Somebody, probably you, asked to send your letters to another address.")
        return _("Somebody, probably you, asked to send their letters to this address.")

    def _keeps(self, _: Texts) -> str:
        return _(
            "Nothing changes until the links in both mailboxes were used. If you did not ask for "
            "it, do nothing. The link works for {days} days.",
            days=CHANGE_VALID.days,
        )

    def _bounce_address(self) -> str:
        """Where bounces of these mails go: the address alone, for they belong to no delivery."""
        address = self._sender.bounce_address
        for token in ("+{token}", "-{token}", "={token}", "{token}"):
            address = address.replace(token, "")
        return self._sender.address if address.startswith("@") else address


def _part(subtype: str, text: str) -> bytes:
    head = (
        f"--{_BOUNDARY}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + encode(text) + b"\r\n"
