"""The press: an edition set once, a message for each reader printed from it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.delivery.address import wire_address
from newsletter.delivery.composition.form import Form
from newsletter.delivery.composition.head import Head
from newsletter.delivery.composition.letter import Letter
from newsletter.delivery.links import PROOF
from newsletter.delivery.message import BOUNCE_TOKEN, Recipient, Sender
from newsletter.delivery.transports.base import Envelope, Message
from newsletter.render.edition import Edition

if TYPE_CHECKING:
    from newsletter.delivery.composition.enclosure import Enclosure
    from newsletter.delivery.composition.seal import Seal
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.openpgp.encryption import Encryption

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
        encryption: Encrypts the letters of readers whose keys it is given; None for no such thing.

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
        encryption: Encryption | None = None,
    ) -> None:
        self._bounce_address = sender.bounce_address.replace(BOUNCE_TOKEN, PROOF)
        self._head = Head(edition, sender, subject_prefix)
        self._letter = Letter(edition)
        self._form = Form((_HEADER, self._head.end, *self._letter.parts))
        self._seal: Seal | None = None
        if signer is not None:
            from newsletter.delivery.composition.seal import Seal

            self._seal = Seal(signer, self._head, self._letter.parts)
        self._enclosure: Enclosure | None = None
        if encryption is not None:
            from newsletter.delivery.composition.enclosure import Enclosure

            self._enclosure = Enclosure(encryption, self._head, self._letter.parts, sender, signer)

    def message(
        self,
        recipient: Recipient,
        *,
        message_id: str,
        date: datetime.datetime,
        envid: str = "",
        mail_from: str = "",
    ) -> Message:
        """The message for one reader; the same arguments always give the same bytes.

        Only of an encrypted message no two are the same.

        Args:
            recipient: Who gets it.
            message_id: With angle brackets; unique per reader and kept over retries.
            date: An aware time; shown in UTC so that it tells no time zone (RFC 5322 §3.3).
            envid: Names this delivery in delivery reports (RFC 3461 §4.4); empty for none.
            mail_from: The envelope's sender; empty for the bounce address that is nobody's own.

        Returns:
            CRLF line ends, no line longer than 998 octets, ASCII only (but for the ``To`` field of
            an address that is not ASCII itself, RFC 6532).

        Raises:
            ValueError: The address or a value of this reader cannot stand in a message.
            NotEncryptedError: It must be encrypted (see ``openpgp.policy``) and cannot be.
        """
        to = wire_address(recipient.address)
        envelope = Envelope(mail_from or self._bounce_address, to, envid)
        token = recipient.token
        if not (token.isascii() and token.isalnum()):
            token = quote(token, safe="")
        own = self._head.own(recipient, to, token, message_id, date)
        values = [
            self._head.begin(own),
            *self._letter.values(recipient, self._head.page + token),
        ]
        if self._enclosure is not None and self._enclosure.takes(recipient):
            data = self._enclosure.message(recipient, to, own, values, date)
            return Message.whole(envelope, message_id, data)
        if self._seal is not None:
            values[_HEADER] = self._seal.sign(own, values, date) + values[_HEADER]
        pieces, size = self._form.fill(values)
        return Message(
            envelope=envelope,
            message_id=message_id,
            pieces=pieces,
            # No line begins with a dot, so there is none to double (RFC 5321 §4.5.2): not in
            # quoted-printable as we write it, not in base64, not in the fields of our headers.
            stuffed=pieces,
            size=size,
        )
