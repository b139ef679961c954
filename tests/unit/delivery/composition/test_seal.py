from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Sequence
from typing import cast

import pytest
from hypothesis import example, given

from newsletter.delivery.composition.press import Press
from newsletter.delivery.dkim.keys import new_key
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.dkim.whole import sign_whole
from newsletter.delivery.message import Recipient
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Merged, Slot
from tests.unit.delivery.composition import awkward
from tests.unit.delivery.kit import NOON, make_edition, make_sender

SIGNATURE = b"DKIM-Signature: v=1;\r\n b=\r\n"
ADA = Recipient("ada@example.com", "t0ken", {"name": "Ada  Sample "})
ID = "<1@example.org>"


class Notary:
    """Notes what it is asked to sign."""

    def __init__(self) -> None:
        self.fields: list[tuple[str, bytes]] = []
        self.body = b""
        self.at: datetime.datetime | None = None

    def sign(
        self,
        fields: Sequence[tuple[str, bytes]],
        body: Iterable[bytes],
        at: datetime.datetime | None = None,
    ) -> bytes:
        self.fields, self.body, self.at = list(fields), b"".join(body), at
        return SIGNATURE


def without_runs(line: bytes) -> bytes:
    """Each run of spaces and tabs as one space."""
    kept = bytearray()
    for octet in line.replace(b"\t", b" "):
        if octet != ord(" ") or kept[-1:] != b" ":
            kept.append(octet)
    return bytes(kept)


def relaxed_lines(body: bytes) -> bytes:
    """RFC 6376 §3.4.4, word for word."""
    lines = [without_runs(line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(line + b"\r\n" for line in lines)


def relaxed_fields(head: bytes) -> list[tuple[str, bytes]]:
    """RFC 6376 §3.4.2, word for word."""
    fields = []
    for field in head.replace(b"\r\n ", b" ").split(b"\r\n"):
        name, _, value = field.partition(b":")
        lower = name.lower()
        fields.append((lower.decode(), lower + b":" + without_runs(value).strip(b" ") + b"\r\n"))
    return fields


@given(awkward.editions, awkward.readers, awkward.dates)
@example(make_edition(), ADA, NOON)
@example(make_edition(), Recipient("ada@example.com", "t", {"name": "Ada  Sample"}), NOON)
def test_what_is_signed_is_the_relaxed_form_of_what_is_sent(
    edition: Edition, reader: Recipient, date: datetime.datetime
) -> None:
    notary = Notary()
    try:
        press = Press(edition, make_sender(), signer=cast("Signer", notary))
        message = press.message(reader, message_id=ID, date=date)
    except ValueError:
        return
    unsigned = message.data.removeprefix(SIGNATURE)
    assert message.data == SIGNATURE + unsigned
    assert message.size == len(message.data)
    head, _, body = unsigned.partition(b"\r\n\r\n")
    assert notary.fields == relaxed_fields(head)
    assert notary.body == relaxed_lines(body)
    assert notary.at == date


def test_a_signature_changes_nothing_but_what_stands_in_front() -> None:
    unsigned = Press(make_edition(), make_sender()).message(ADA, message_id=ID, date=NOON)
    signing = Press(make_edition(), make_sender(), signer=cast("Signer", Notary()))
    signed = signing.message(ADA, message_id=ID, date=NOON)
    assert signed.data == SIGNATURE + unsigned.data


@pytest.mark.parametrize("is_ed25519", [True, False])
def test_real_keys_sign_as_if_the_message_were_whole(*, is_ed25519: bool) -> None:
    signer = Signer([new_key("example.org", "letter", is_ed25519=is_ed25519)])
    edition = dataclasses.replace(
        make_edition(text="The harbour  board met. \t\n\n\nFrom now on.\n\n"),
        subject=Merged(("News for  ", Slot("name", "", Context.TEXT))),
    )
    for reader in (ADA, Recipient("пример@example.com", "t", {"name": "Олена " * 20})):
        unsigned = Press(edition, make_sender()).message(reader, message_id=ID, date=NOON)
        press = Press(edition, make_sender(), signer=signer)
        first, again = (press.message(reader, message_id=ID, date=NOON) for _ in range(2))
        assert first.data == sign_whole(signer, unsigned.data, NOON)
        assert b"".join(first.stuffed) == first.data
        assert first == again
