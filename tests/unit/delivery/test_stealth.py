from __future__ import annotations

import base64
import dataclasses
from email.header import Header
from email.utils import encode_rfc2231
from pathlib import Path
from typing import Any

import pysequoia
import pytest

from newsletter.delivery import gate
from newsletter.delivery.composition.press import Press
from newsletter.delivery.disguise import all_leaks
from newsletter.delivery.dkim.keys import new_key
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.forbidden_words import found
from newsletter.delivery.message import Recipient, Sender
from newsletter.delivery.openpgp.encryption import Encryption
from newsletter.delivery.openpgp.policy import Policy
from newsletter.delivery.outcome import Accepted
from newsletter.delivery.stealth import leaks
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.errors import ConfigurationError, SendRefusedError
from newsletter.project import Project
from newsletter.render.edition import EmbeddedImage
from newsletter.render.merge import Merged
from tests.smtp import real_server
from tests.unit.delivery.kit import NOON, make_edition

WORDS = ("Harbour Letter", "Гавань")
ADA = Recipient("ada@example.com", "t0ken", {"name": "Ada Sample"})
EDITION = make_edition("Harbour Letter: the ferry runs all winter")


def sender(**other: Any) -> Sender:
    quiet = {
        "from_": "Anna <anna@post.example.org>",
        "list_id": "post.example.org",
        "base_url": "https://post.example.org",
        "outer_subject": "Hello",
        "disguised": True,
    }
    return Sender.parse(**{**quiet, **other})


def letter(head: str = "", body: str = "", kind: str = "text/plain") -> bytes:
    lines = f"{head}\r\n" if head else ""
    return f"{lines}Content-Type: {kind}; charset=utf-8\r\n\r\n{body}\r\n".encode()


def places(message: bytes) -> set[str]:
    return {leak.place for leak in leaks(message, WORDS)}


HIDDEN = {
    "as it is": "Subject: The Harbour Letter",
    "in capitals": "Subject: HARBOUR LETTER No. 7",
    "hyphen": "Message-ID: <7.harbour-letter@example.org>",
    "underscore": "X-Campaign: harbour_letter_7",
    "dot": "List-Id: <harbour.letter.example.org>",
    "in one word": "From: Anna <anna@harbourletter.example.org>",
    "wide letters": "Subject: Ｈａｒｂｏｕｒ　Ｌｅｔｔｅｒ",
    "accents": "Subject: Hárbour Lettér",
    "soft hyphen": "Subject: Har\u00adbour Let\u200bter",
    "other letters": "Subject: Новини: ГАВАНЬ",
    "plain letters": "From: <post@gavan.example.org>",
    "encoded-word, base64": f"Subject: {Header('Новини: Гавань', 'utf-8').encode()}",
    "encoded-word, quoted": "Subject: =?utf-8?q?Harbour_?=\r\n =?utf-8?q?Letter?=",
    "encoded-word, old letters": f"Subject: {Header('Гавань', 'koi8-r').encode()}",
    "encoded-word in quotes": 'From: "=?utf-8?b?SGFyYm91ciBMZXR0ZXI=?=" <a@example.org>',
    "folded": "Subject: news of the Harbour\r\n Letter",
    "percent": "List-Unsubscribe: <https://example.org/%48arbour%20Letter/t>",
    "percent twice": "List-Unsubscribe: <https://example.org/?to=%2548arbour%2BLetter>",
    "domain name": f"List-Unsubscribe: <https://{'гавань'.encode('idna').decode()}.example.org/t>",
    "feedback": "Feedback-ID: 7:harbour-letter:newsletter:abc",
    "name of a field": "X-Harbour-Letter: 7",
    "signature": "DKIM-Signature: v=1; d=example.org; s=harbour-letter; bh=x; b=y",
    "comment": "Date: Fri, 20 Nov 2026 12:00:00 +0000 (Harbour Letter)",
    "boundary": 'X-Type: multipart/mixed; boundary="harbour-letter-7"',
}


@pytest.mark.parametrize("case", HIDDEN)
def test_a_word_is_found_however_a_header_writes_it(case: str) -> None:
    name = HIDDEN[case].partition(":")[0]
    assert places(letter(HIDDEN[case])) == {name}


def test_what_can_be_read_is_shown_decoded() -> None:
    [leak] = leaks(letter(f"Subject: {Header('Новини: Гавань', 'utf-8').encode()}"), WORDS)
    assert (leak.place, leak.word, leak.shown) == ("Subject", "Гавань", "Новини: Гавань")
    assert leak.remedy == "outer_subject"


@pytest.mark.parametrize(
    "head",
    [
        "Subject: The harbour board wrote a letter",
        "Subject: Letter from the harbour",
        "Received: from harbour by mail.example.org with a long way to the next letter",
        "DKIM-Signature: v=1; d=example.org; s=a; bh=harbour+letter; b=aHarbour\r\n Letter/b",
    ],
)
def test_what_only_sounds_like_it_is_let_pass(head: str) -> None:
    assert places(letter(head)) == set()


def test_a_short_word_counts_only_by_itself() -> None:
    assert list(found(["HL"], "weekly hl no. 7")) == ["HL"]
    assert list(found(["HL"], "list.hl.example.org")) == ["HL"]
    assert list(found(["HL"], "ohlala a1b2chl3")) == []


@pytest.mark.parametrize(
    "disposition",
    [
        'attachment; filename="harbour-letter.pdf"',
        f"attachment; filename*={encode_rfc2231('Гавань.pdf', 'utf-8')}",
        "attachment; filename*0=harbour-le; filename*1=tter.pdf",
        'attachment; filename="=?utf-8?b?SGFyYm91ciBMZXR0ZXI=?=.pdf"',
    ],
)
def test_the_name_of_a_file_is_part_of_the_outside(disposition: str) -> None:
    assert "file name" in places(letter(f"Content-Disposition: {disposition}"))


LINKS = {
    "in HTML": ("text/html", '<a href="https://example.org/harbour&#45;letter">here</a>'),
    "a picture": ("text/html", "<img src='https://pics.example.org/Harbour%20Letter.png'>"),
    "in text": ("text/plain", "Read on: https://harbourletter.example.org/7"),
    "of a mailbox": ("text/plain", "mailto:harbour.letter@example.org"),
}


@pytest.mark.parametrize("case", LINKS)
def test_a_link_tells_the_network_where_it_leads(case: str) -> None:
    kind, body = LINKS[case]
    assert places(letter(body=body, kind=kind)) == {"link"}


def test_what_the_letter_says_is_nobody_elses_business() -> None:
    assert places(letter(body="The Harbour Letter, number 7")) == set()
    assert places(letter(body="<h1>Гавань</h1>", kind="text/html")) == set()


def test_a_link_in_an_encoded_body_is_found() -> None:
    body = base64.encodebytes(b"https://harbourletter.example.org/7").decode()
    assert places(letter("Content-Transfer-Encoding: base64", body)) == {"link"}


def test_the_name_on_an_openpgp_key_is_part_of_the_outside() -> None:
    key = pysequoia.Tsk.generate("Harbour Letter <post@example.org>").extract_certificate()
    armoured = str(key)
    assert places(letter(body=armoured)) == {"OpenPGP key"}
    assert places(letter(body=armoured, kind="application/pgp-keys")) == {"OpenPGP key"}
    data = base64.b64encode(bytes(key)).decode()
    autocrypt = f"Autocrypt: addr=a@example.org; keydata={data[:60]}\r\n {data[60:]}"
    assert places(letter(autocrypt)) == {"OpenPGP key"}
    quiet = pysequoia.Tsk.generate("Anna <post@example.org>").extract_certificate()
    assert places(letter(body=str(quiet))) == set()


def test_parts_inside_parts_are_looked_at() -> None:
    inner = "Content-Type: text/plain\r\nContent-ID: <harbour-letter@x>\r\n\r\nHello\r\n"
    nested = f"--b\r\n{inner}\r\n--b--\r\n"
    outer = f"--a\r\nContent-Type: multipart/related; boundary=b\r\n\r\n{nested}\r\n--a--\r\n"
    message = f"Content-Type: multipart/mixed; boundary=a\r\n\r\nГавань\r\n{outer}".encode()
    assert places(message) == {"Content-ID", "MIME"}


def test_nothing_of_a_whole_letter_as_a_server_got_it_shows_the_name(tmp_path: Path) -> None:
    picture = EmbeddedImage("p1@letter", "p1.png", "image/png", b"pixels")
    edition = dataclasses.replace(EDITION, images=(picture,))
    press = Press(edition, sender(), signer=Signer([new_key("example.org", "s1")]))
    message = press.message(ADA, message_id=sender().new_message_id(), date=NOON)
    with real_server() as server:
        url = f"smtp://127.0.0.1:{server.port}?security=none"
        transport = open_transport(url, root=tmp_path, hello=sender().domain)
        assert isinstance(hand_over(transport, [message])[0], Accepted)
        [copy], [hello] = server.inbox.copies, server.inbox.hellos
    seen = f"X-Mail-From: {copy.mail_from}\r\nX-Hello: {hello}\r\n".encode() + copy.data
    assert leaks(seen, WORDS) == ()
    assert copy.data.count(b"DKIM-Signature") == 1
    assert b"\r\nSubject: Hello\r\n" in copy.data


def test_every_place_that_shows_the_name_is_told_with_what_to_change() -> None:
    loud = sender(
        from_="The Harbour Letter <news@harbour-letter.example.org>",
        bounce_address="b@harbourletter.example.org",
        list_id="harbour-letter.example.org",
        base_url="https://harbourletter.example.org",
        list_name="The Harbour Letter",
        outer_subject="",
    )
    signer = Signer([new_key("example.org", "harbour-letter")])
    edition = dataclasses.replace(EDITION, preheader=Merged(("The Harbour Letter, no. 7",)))
    told = {
        leak.place: leak.remedy for leak in all_leaks(edition, loud, WORDS, NOON, signer=signer)
    }
    assert told == {
        "Return-Path": "bounce_address",
        "DKIM-Signature": "domain or selector in [dkim]",
        "From": "from",
        "Subject": "outer_subject",
        "Message-ID": "the domain in from",
        "List-Id": "list_id",
        "List-Unsubscribe": "base_url, unsubscribe_address",
        "Feedback-ID": "list_id, or the name of the issue's file",
        "link": "base_url, archive_url, assets_url, or the link in the issue",
        "preheader": "the first words of the issue",
    }


def test_a_letter_that_would_show_the_name_is_not_sent() -> None:
    loud = sender(from_="Harbour Letter <anna@post.example.org>")
    with pytest.raises(SendRefusedError) as caught:
        gate.nothing_revealed(EDITION, loud, WORDS, NOON)
    assert "From would show “Harbour Letter”" in str(caught.value)
    assert "(change from)" in str(caught.value)
    assert "must_not_reveal" in caught.value.hint
    gate.nothing_revealed(EDITION, loud, (), NOON)
    gate.nothing_revealed(EDITION, sender(), WORDS, NOON)


def test_what_is_encrypted_may_say_what_it_likes_inside() -> None:
    spoken = dataclasses.replace(EDITION, preheader=Merged(("The Harbour Letter, no. 7",)))
    open_subject = dataclasses.replace(sender(), outer_subject="", disguised=False)
    gate.nothing_revealed(spoken, open_subject, WORDS, NOON, encrypted_only=True)
    with pytest.raises(SendRefusedError, match="preheader would show"):
        gate.nothing_revealed(spoken, sender(), WORDS, NOON)
    loud = dataclasses.replace(sender(), outer_subject="Harbour Letter")
    with pytest.raises(SendRefusedError, match="Subject would show"):
        gate.nothing_revealed(spoken, loud, WORDS, NOON, encrypted_only=True)


def test_an_encrypted_letter_shows_nothing_on_its_outside() -> None:
    key = bytes(pysequoia.Tsk.generate("Ada <ada@example.com>").extract_certificate())
    press = Press(EDITION, sender(), encryption=Encryption(Policy.REQUIRE))
    reader = dataclasses.replace(ADA, openpgp=key)
    message = press.message(reader, message_id="<1@post.example.org>", date=NOON)
    assert leaks(message.data, WORDS) == ()


SETTINGS = 'name = "The Harbour Letter"\nfrom = "Anna <anna@post.example.org>"\n'


def opened(folder: Path, more: str, **environment: str) -> Project:
    (folder / "newsletter.toml").write_text(SETTINGS + more)
    return Project.open(folder, environment)


def test_a_project_with_such_words_leaves_its_name_out_of_the_list_header(tmp_path: Path) -> None:
    words = 'must_not_reveal = ["Harbour Letter"]\n'
    assert opened(tmp_path, "").sender.list_name == "The Harbour Letter"
    assert not opened(tmp_path, 'outer_subject = "Hello"\n').sender.disguised
    plain = opened(tmp_path, words).sender
    assert (plain.list_name, plain.disguised) == ("", False)
    quiet = opened(tmp_path, words + 'outer_subject = "Hello"\n').sender
    assert (quiet.list_name, quiet.outer_subject, quiet.disguised) == ("", "Hello", True)


def test_the_words_may_stand_in_the_environment(tmp_path: Path) -> None:
    project = opened(tmp_path, "", NEWSLETTER_MUST_NOT_REVEAL="Harbour Letter, Гавань,")
    assert project.settings.must_not_reveal == WORDS
    assert opened(tmp_path, "", NEWSLETTER_MUST_NOT_REVEAL="").settings.must_not_reveal == ()


def test_a_word_without_any_letter_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"toml:3: must_not_reveal"):
        opened(tmp_path, 'must_not_reveal = ["…"]\n')
