"""The press: an edition set once, a message for each reader printed from it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.delivery.address import wire_address
from newsletter.delivery.composition.form import Form
from newsletter.delivery.composition.head import Head
from newsletter.delivery.composition.letter import Letter
from newsletter.delivery.message import Recipient, Sender
from newsletter.delivery.transports.base import Envelope, Message
from newsletter.render.edition import Edition

if TYPE_CHECKING:
    from newsletter.delivery.composition.seal import Seal
    from newsletter.delivery.dkim.signer import Signer

_HEADER = 0  # the place of a reader's own header fields; those of the letter follow


class Press:
    """Makes the messages of an edition; may be used by several threads at once.

    Everything that is the same for all readers is encoded here, once. A message then shares those
    bytes with all others and holds only what is its reader's own besides.

    Args:
        edition: What all readers get.
        sender: Who it is from.
        signer: Signs each message by DKIM; None for no signature.
        subject_prefix: Stands before the subject, to mark proofs.

    Raises:
        ValueError: The edition cannot stand in a message, whoever the reader is.
    """

    def __init__(
        self,
        edition: Edition,
        sender: Sender,
        *,
        signer: Signer | None = None,
        subject_prefix: str = "",
    ) -> None:
        self._bounce_address = sender.bounce_address
        self._head = Head(edition, sender, subject_prefix)
        self._letter = Letter(edition)
        self._form = Form((_HEADER, self._head.end, *self._letter.parts))
        self._seal: Seal | None = None
        if signer is not None:
            from newsletter.delivery.composition.seal import Seal

            self._seal = Seal(signer, self._head, self._letter.parts)

    def message(
        self,
        recipient: Recipient,
        *,
        message_id: str,
        date: datetime.datetime,
        envid: str = "",
    ) -> Message:
        """The message for one reader; the same arguments always give the same bytes.

        Args:
            recipient: Who gets it.
            message_id: With angle brackets; unique per reader and kept over retries.
            date: An aware time; shown in UTC so that it tells no time zone (RFC 5322 §3.3).
            envid: Names this delivery in delivery reports (RFC 3461 §4.4); empty for none.

        Returns:
            CRLF line ends, no line longer than 998 octets, ASCII only (but for the ``To`` field of
            an address that is not ASCII itself, RFC 6532).

        Raises:
            ValueError: The address or a value of this reader cannot stand in a message.
        """
        to = wire_address(recipient.address)
        token = recipient.token
        if not (token.isascii() and token.isalnum()):
            token = quote(token, safe="")
        own = self._head.own(recipient, to, token, message_id, date)
        values = [
            self._head.begin(own),
            *self._letter.values(recipient, self._head.page + token),
        ]
        if self._seal is not None:
            values[_HEADER] = self._seal.sign(own, values, date) + values[_HEADER]
        pieces, size = self._form.fill(values)
        return Message(
            envelope=Envelope(self._bounce_address, to, envid),
            message_id=message_id,
            pieces=pieces,
            # No line begins with a dot, so there is none to double (RFC 5321 §4.5.2): not in
            # quoted-printable as we write it, not in base64, not in the fields of our headers.
            stuffed=pieces,
            size=size,
        )
