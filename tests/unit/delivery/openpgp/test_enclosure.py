from __future__ import annotations

import dataclasses
import re
from email import message_from_bytes
from email.message import Message as MimeMessage
from pathlib import Path

import pysequoia
import pytest
from pysequoia.packet import PacketPile, Tag

from newsletter.audience.lists import MAIN
from newsletter.database.keys import Keys
from newsletter.delivery import gate
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.composition.press import Press
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.message import Recipient, Sender
from newsletter.delivery.openpgp.certificate import parse_certificate
from newsletter.delivery.openpgp.encryption import Encryption
from newsletter.delivery.openpgp.errors import NotEncryptedError
from newsletter.delivery.openpgp.policy import Policy
from newsletter.delivery.outcome import About, Accepted, Failed
from newsletter.delivery.preparation import compose
from newsletter.delivery.presses import Presses
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.delivery.transports.mime_fields import MimeFields
from newsletter.delivery.waiting import Job
from newsletter.errors import SendRefusedError, TransportConfigurationError
from newsletter.render.edition import EmbeddedImage
from newsletter.render.merge import Context, Merged, Slot
from tests.smtp import real_server
from tests.unit.delivery.dkim.kit import keys, records
from tests.unit.delivery.dkim.verifiers import by_dkimpy
from tests.unit.delivery.kit import NOON, make_edition, make_sender
from tests.unit.delivery.openpgp.gnupg import Gnupg, needs_gpg

ID = "<0a1b@example.org>"
SUBJECT = "Паром ходитиме всю зиму"
PICTURE = EmbeddedImage("p@letter", "ferry.png", "image/png", bytes(range(256)) * 20)
EDITION = dataclasses.replace(
    make_edition(SUBJECT, ".\nThe harbour board met. \t\n" + "x" * 2000 + "\n..\nFrom now on\n"),
    images=(PICTURE,),
)
SECRET = pysequoia.Tsk.generate("Ada <ada@example.com>")
KEY = parse_certificate(bytes(SECRET.extract_certificate())).data
ADA = Recipient("ada@example.com", "t0ken", {"name": "Ada Sample"}, KEY)
BOB = Recipient("bob@example.net", "an0ther", {"name": "Bob Sample"})


def printed(
    policy: Policy | None,
    reader: Recipient = ADA,
    *,
    sender: Sender | None = None,
    signer: Signer | None = None,
    prefix: str = "",
) -> Message:
    encryption = None if policy is None else Encryption(policy)
    press = Press(
        EDITION,
        sender or make_sender(),
        signer=signer,
        subject_prefix=prefix,
        encryption=encryption,
    )
    return press.message(reader, message_id=ID, date=NOON)


def armour_in(data: bytes) -> bytes:
    parsed = message_from_bytes(data)
    payload = parsed.get_payload()
    assert isinstance(payload, list)
    assert isinstance(payload[1], MimeMessage)
    content = payload[1].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def opened(data: bytes) -> bytes:
    content = pysequoia.decrypt(armour_in(data), decryptor=SECRET.decryptor()).bytes
    assert content is not None
    return content


def fields(head: bytes) -> list[tuple[str, str]]:
    """The fields of a header, unfolded."""
    lines = head.decode().replace("\r\n ", " ").split("\r\n")
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def halves(data: bytes) -> tuple[bytes, bytes]:
    head, _, body = data.partition(b"\r\n\r\n")
    return head, body


def test_inside_is_the_letter_that_others_get_byte_for_byte() -> None:
    head, body = halves(printed(None).data)
    inner_head, inner_body = halves(opened(printed(Policy.REQUIRE).data))
    assert inner_body == body
    inside = [(n, v) for n, v in fields(inner_head) if n != "HP-Outer"]
    *others, content_type = [(n, v) for n, v in fields(head) if n != "MIME-Version"]
    protected = f'{content_type[1]}; protected-headers="v1"; hp="cipher"'
    assert inside == [*others, ("Content-Type", protected)]


def test_the_structure_is_that_of_pgp_mime() -> None:
    message = message_from_bytes(printed(Policy.REQUIRE).data)
    assert message.get_content_type() == "multipart/encrypted"
    assert message.get_param("protocol") == "application/pgp-encrypted"
    parts = message.get_payload()
    assert isinstance(parts, list)
    version, letter = parts
    assert isinstance(version, MimeMessage)
    assert isinstance(letter, MimeMessage)
    assert version.get_content_type() == "application/pgp-encrypted"
    assert version.get_payload() == "Version: 1\r\n"
    assert letter.get_content_type() == "application/octet-stream"
    assert [part.defects for part in message.walk() if part.defects] == []


def test_outside_is_only_what_the_way_needs() -> None:
    data = printed(Policy.REQUIRE).data
    outside = dict(fields(halves(data)[0]))
    clear = dict(fields(halves(printed(None).data)[0]))
    assert outside.pop("Content-Type").startswith("multipart/encrypted;")
    assert outside.pop("Subject") == "[...]"
    assert outside.pop("To") == "<ada@example.com>"
    assert outside == {
        name: clear[name]
        for name in (
            "From",
            "Date",
            "Message-ID",
            "List-Id",
            "List-Unsubscribe",
            "List-Unsubscribe-Post",
            "MIME-Version",
        )
    }
    for secret in (b"Ada", b"ferry.png", b"Ferry", b"2026-11-20", b"Feedback-ID", b"Language"):
        assert secret not in data


def test_what_stood_outside_is_told_inside() -> None:
    data = printed(Policy.REQUIRE).data
    told = [value for name, value in fields(halves(opened(data))[0]) if name == "HP-Outer"]
    structural = {"MIME-Version", "Content-Type"}
    outside = [(n, v) for n, v in fields(halves(data)[0]) if n not in structural]
    assert [tuple(value.split(": ", 1)) for value in told] == outside


def test_the_subject_outside_is_a_matter_of_choice() -> None:
    sender = dataclasses.replace(make_sender(), outer_subject="Weekly note")
    data = printed(Policy.REQUIRE, sender=sender, prefix="[Proof] ").data
    assert dict(fields(halves(data)[0]))["Subject"] == "[Proof] Weekly note"
    assert message_from_bytes(opened(data))["Subject"].startswith("=?utf-8?")
    clear = dict(fields(halves(printed(None, sender=sender).data)[0]))
    assert clear["Subject"].startswith("=?utf-8?")


def test_a_subject_of_the_readers_own_stays_inside() -> None:
    own = dataclasses.replace(
        EDITION, subject=Merged(("News for ", Slot("name", "", Context.TEXT)))
    )
    press = Press(own, make_sender(), encryption=Encryption(Policy.REQUIRE))
    data = press.message(ADA, message_id=ID, date=NOON).data
    assert dict(fields(halves(data)[0]))["Subject"] == "[...]"
    assert message_from_bytes(opened(data))["Subject"] == "News for Ada Sample"


def test_the_signature_of_the_domain_is_over_what_travels() -> None:
    data = printed(Policy.REQUIRE, signer=Signer(keys())).data
    for number in range(2):
        assert by_dkimpy(data, records(), number)
    changed = data.replace(b"[...]", b"[,..]")
    assert not by_dkimpy(changed, records(), 0)
    assert opened(data) != b""


def test_a_reader_without_a_key_gets_the_usual_letter_where_a_key_is_no_condition() -> None:
    for policy in (Policy.OFF, Policy.WHEN_AVAILABLE):
        assert printed(policy, BOB) == printed(None, BOB)
    assert printed(Policy.OFF, ADA) == printed(None, ADA)
    assert b"multipart/encrypted" in printed(Policy.WHEN_AVAILABLE, ADA).data


def revoked() -> bytes:
    tsk = pysequoia.Tsk.generate("Old <old@example.com>")
    cert = tsk.extract_certificate()
    return bytes(cert) + bytes(cert.revoke(tsk.certifier()))


def without_subkeys() -> bytes:
    packets = list(PacketPile.from_bytes(KEY))
    first = next(n for n, packet in enumerate(packets) if packet.tag == Tag.PublicSubkey)
    return b"".join(bytes(packet) for packet in packets[:first])


UNUSABLE = {
    "missing": (b"", "not sent: the list asks for an OpenPGP key, and this reader has none"),
    "revoked": (revoked(), "not sent: the OpenPGP key was revoked"),
    "signing": (
        without_subkeys(),
        "not sent: the OpenPGP key has no part that can encrypt, or that part was revoked",
    ),
    "spoilt": (b"\x99\x01", "not sent: the OpenPGP key cannot be read"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_a_reader_whose_key_is_of_no_use_gets_nothing_and_the_ledger_says_why(kind: str) -> None:
    key, reason = UNUSABLE[kind]
    policies = [Policy.REQUIRE] if kind == "missing" else [Policy.REQUIRE, Policy.WHEN_AVAILABLE]
    for policy in policies:
        encryption = {MAIN: Encryption(policy)}
        presses = Presses([EDITION], make_sender(), Keys.new(), encryption=encryption)
        unlucky = dataclasses.replace(ADA, openpgp=key)
        claims = [Claimed(n, 1, ID, NOON, reader) for n, reader in enumerate((unlucky, ADA))]
        failed, sent = compose(presses, [Job(claimed, "example.com") for claimed in claims])
        assert failed.message is None
        assert failed.failure == Failed(reason, About.RECIPIENT)
        assert sent.message is not None
        assert sent.failure is None


def test_no_word_of_a_letter_comes_out_of_a_press_that_could_not_encrypt() -> None:
    with pytest.raises(NotEncryptedError) as caught:
        printed(Policy.REQUIRE, BOB)
    assert "bob" not in str(caught.value)


@needs_gpg
def test_gpg_opens_what_a_real_server_was_given(gpg: Gnupg, tmp_path: Path) -> None:
    certificate = parse_certificate(gpg.export(gpg.new_key("Mailed")))
    reader = dataclasses.replace(ADA, openpgp=certificate.data)
    signed = printed(Policy.REQUIRE, reader, signer=Signer(keys()))
    with real_server() as server:
        url = f"smtp://127.0.0.1:{server.port}?security=none"
        transport = open_transport(url, root=tmp_path, password="", hello="example.org")
        assert isinstance(hand_over(transport, [signed])[0], Accepted)
        [copy] = server.inbox.copies
    assert copy.data == signed.data
    assert by_dkimpy(copy.data, records(), 0)
    _, clear = halves(printed(None, reader).data)
    assert halves(gpg.open(armour_in(copy.data)).content)[1] == clear


def test_every_line_keeps_to_what_mail_servers_take() -> None:
    message = printed(Policy.REQUIRE)
    assert message.data.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", message.data)
    assert max(map(len, message.data.split(b"\r\n"))) <= 998
    assert message.size == len(message.data)
    assert message.data.endswith(b"--=_encrypted--\r\n")
    assert not re.search(rb"(?m)^(\.|From )", halves(message.data)[1])


def test_a_provider_that_builds_messages_itself_is_given_no_encrypted_one() -> None:
    with pytest.raises(TransportConfigurationError, match="cannot carry encrypted"):
        MimeFields.parse(printed(Policy.REQUIRE))


@pytest.mark.parametrize("scheme", ["postmark", "sendgrid", "brevo", "resend"])
def test_and_nothing_is_sent_to_such_a_list_through_it(scheme: str, tmp_path: Path) -> None:
    transport = open_transport(f"{scheme}:", root=tmp_path, password="key", hello="example.org")
    with pytest.raises(SendRefusedError, match="cannot carry encrypted"):
        gate.letters_can_be_encrypted(transport, Policy.WHEN_AVAILABLE)
    gate.letters_can_be_encrypted(transport, Policy.OFF)


@pytest.mark.parametrize("url", ["smtp://relay.example.org", "ses://eu-west-1", "maildir:outbox"])
def test_a_way_that_takes_messages_as_they_are_is_open(url: str, tmp_path: Path) -> None:
    transport = open_transport(url, root=tmp_path, password="id:key", hello="example.org")
    gate.letters_can_be_encrypted(transport, Policy.REQUIRE)
