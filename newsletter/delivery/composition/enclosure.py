"""The enclosure: a letter that only its reader can open, in an envelope that says little."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from newsletter.delivery.composition.form import Form
from newsletter.delivery.composition.head import Field, Head, OwnFields
from newsletter.delivery.composition.mime import CONTENT_TYPE
from newsletter.delivery.headers import words
from newsletter.delivery.message import Recipient, Sender

if TYPE_CHECKING:
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.openpgp.encryption import Encryption

NEUTRAL_SUBJECT = "[...]"
"""What stands outside (RFC 9788 §3.2.1): the same from everybody, in no language."""

# Neither base64 nor the frame of an armoured message has a line that begins with "--=".
_BOUNDARY = "=_encrypted"
_CONTENT_TYPE = (
    f'multipart/encrypted; protocol="application/pgp-encrypted";\r\n boundary="{_BOUNDARY}"'
)
# The two parts of RFC 3156 §4. The name of the file is what GnuPG's users know.
_BEFORE = (
    f"--{_BOUNDARY}\r\n"
    "Content-Type: application/pgp-encrypted\r\n\r\n"
    "Version: 1\r\n"
    f"\r\n--{_BOUNDARY}\r\n"
    'Content-Type: application/octet-stream; name="encrypted.asc"\r\n'
    'Content-Disposition: inline; filename="encrypted.asc"\r\n\r\n'
).encode()
_AFTER = f"\r\n--{_BOUNDARY}--\r\n".encode()

# "hp" is RFC 9788 §2.1.1; mail programs that are older know the other one.
_PROTECTED = f'{CONTENT_TYPE};\r\n protected-headers="v1"; hp="cipher"'

_OUTSIDE = frozenset(
    {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Reply-To",
        "List-Id",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    }
)
"""What the way, and the button "Unsubscribe", need; all else stands inside only."""


class Enclosure:
    """Makes the encrypted messages of one edition; may be used by several threads at once.

    Args:
        encryption: Encrypts them.
        head: The edition's header.
        letter: The parts of its body.
        sender: Who it is from.
        signer: Signs each message by DKIM as it travels; None for no signature.
    """

    def __init__(
        self,
        encryption: Encryption,
        head: Head,
        letter: Iterable[bytes | int],
        sender: Sender,
        signer: Signer | None,
    ) -> None:
        self._encryption, self._head, self._signer = encryption, head, signer
        self._form = Form(letter)
        self._subject = words("Subject", head.prefix + (sender.outer_subject or NEUTRAL_SUBJECT))

    def takes(self, recipient: Recipient) -> bool:
        """Whether a reader's message must be encrypted."""
        return self._encryption.wanted(recipient.openpgp)

    def message(
        self,
        recipient: Recipient,
        to: str,
        own: OwnFields,
        values: Sequence[bytes],
        date: datetime.datetime,
    ) -> bytes:
        """One reader's message as it travels.

        Args:
            recipient: The reader.
            to: The address as ``wire_address`` gives it.
            own: The reader's own fields in clear.
            values: The reader's values in the body, by number.
            date: The message's own.

        Raises:
            NotEncryptedError: The reader has no key, or none that can be used; nothing of the
                letter must go out then.
        """
        inside = self._head.fields(own._replace(subject=self._head.subject(recipient)))
        # No name: only the address is needed on the way.
        named = {"To": f"<{to}>", "Subject": self._subject}
        outside = tuple(
            (name, named.get(name, value)) for name, value in inside if name in _OUTSIDE
        )
        pieces, _ = self._form.fill(values)
        letter = b"".join([_protected(inside, outside), *pieces])
        armoured = self._encryption.encrypt(letter, recipient.openpgp)
        head = _lines((*outside, ("MIME-Version", "1.0"), ("Content-Type", _CONTENT_TYPE)))
        data = b"".join([head, b"\r\n", _BEFORE, armoured, _AFTER])
        if self._signer is None:
            return data
        from newsletter.delivery.dkim.whole import sign_whole

        return sign_whole(self._signer, data, date)


def _protected(inside: Iterable[Field], outside: Iterable[Field]) -> bytes:
    """The header of the part that is encrypted, with the empty line.

    All fields stand in it as they would in a message in clear, and beside them what stands outside
    in their stead (``HP-Outer``, RFC 9788 §2.2), so that a mail program can tell what was secret.
    """
    fields = [
        (name, _PROTECTED if name == "Content-Type" else value)
        for name, value in inside
        if name != "MIME-Version"
    ]
    told = [("HP-Outer", f"{name}: {value}") for name, value in outside]
    return _lines((*fields[:-1], *told, fields[-1])) + b"\r\n"


def _lines(fields: Iterable[Field]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()
