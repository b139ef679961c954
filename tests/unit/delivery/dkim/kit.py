"""What tests of signing build on: keys that are made once, and a real letter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from newsletter.delivery.composition.press import Press
from newsletter.delivery.dkim.keys import SigningKey, new_key
from newsletter.delivery.dkim.record import Record, record
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.dkim.whole import sign_whole
from newsletter.delivery.message import Recipient
from tests.unit.delivery.kit import NOON, make_edition, make_sender


@cache
def rsa_key() -> SigningKey:
    return new_key("example.org", "letter")


@cache
def ed25519_key() -> SigningKey:
    return new_key("example.org", "letter-ed25519", is_ed25519=True)


def keys() -> list[SigningKey]:
    return [rsa_key(), ed25519_key()]


def records() -> list[Record]:
    return [record(key) for key in keys()]


def letter(address: str = "ada@example.com", **values: str) -> bytes:
    reader = Recipient(address, "t0ken", {"name": "Ada Sample", **values})
    text = "The harbour  board met. \t\n.\nFrom now on the ferry sails.\n\n"
    edition = make_edition("Ferry to run all winter", text)
    press = Press(edition, make_sender())
    return press.message(reader, message_id="<0a1b@example.org>", date=NOON).data


def signed(data: bytes, *signing: SigningKey) -> bytes:
    return sign_whole(Signer(signing or keys()), data, NOON)


def own_field(message: bytes, number: int = 0) -> bytes:
    """The DKIM-Signature field of that number, from 0, unfolded."""
    fields: Sequence[bytes] = message.split(b"DKIM-Signature:")[1:]
    field = fields[number].split(b"\r\nFrom:")[0]
    return b"".join(field.split(b"\r\n"))
