from __future__ import annotations

import dataclasses
import datetime
import re
from email import message_from_bytes
from pathlib import Path

from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import Accepted
from newsletter.delivery.proof import proof, send_proofs
from newsletter.delivery.transports import open_transport
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Merged, Slot
from tests.unit.delivery.kit import NOON, make_edition


def test_a_proof_is_marked_with_the_time_of_the_newsroom(edition: Edition, sender: Sender) -> None:
    kyiv = datetime.timezone(datetime.timedelta(hours=2))
    message = message_from_bytes(
        proof(edition, sender, "desk@example.org", NOON.astimezone(kyiv)).data
    )
    assert message["Subject"] == "[Proof 14:00] Ferry to run all winter"
    assert message["Date"].endswith("12:00:00 +0000")


def test_a_proof_shows_a_made_up_reader_and_names_fields_without_default(sender: Sender) -> None:
    city = Slot("city", "", Context.TEXT)
    edition = dataclasses.replace(make_edition(), subject=Merged(("News from ", city)))
    data = proof(edition, sender, "desk@example.org", NOON).data.replace(b"=\r\n", b"")
    assert b"Subject: [Proof 12:00] News from [city]\r\n" in data
    assert b"Dear Alex Example," in data
    assert b"https://letter.example.org/unsubscribe/proof" in data


def test_each_proof_is_a_message_of_its_own(
    edition: Edition, sender: Sender, tmp_path: Path
) -> None:
    transport = open_transport("maildir:outbox", root=tmp_path, hello="example.org")
    people = ["ann@example.org", "bob@example.org"]
    became = list(send_proofs(edition, sender, people, transport, NOON))
    assert [address for address, _ in became] == people
    assert all(isinstance(outcome, Accepted) for _, outcome in became)
    files = [file.read_bytes() for file in (tmp_path / "outbox/new").iterdir()]
    assert len({re.search(rb"Message-ID: (\S+)", data)[1] for data in files}) == 2  # type: ignore[index]
