from __future__ import annotations

import dataclasses
import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

import pytest
from hypothesis import example, given

from newsletter.delivery.composition.press import Press
from newsletter.delivery.message import Recipient
from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.merge import Context, Merged, Slot
from tests.unit.delivery import slow_path
from tests.unit.delivery.composition import awkward
from tests.unit.delivery.kit import NOON, make_edition, make_sender

ADA = Recipient("ada@example.com", "t0ken", {"name": "Ada Sample"})
BOB = Recipient("bob@example.net", "an0ther", {"name": "Боб Зразок"})
ID = "<0a1b@example.org>"
LETTER = make_edition()


def head(data: bytes) -> bytes:
    return data.partition(b"\r\n\r\n")[0]


def leaves(data: bytes) -> list[tuple[list[tuple[str, str]], object]]:
    """Header and decoded content of each part, as the standard library reads them."""

    def content(part: Message) -> object:
        return None if part.is_multipart() else part.get_payload(decode=True)

    message = message_from_bytes(data)
    assert [part.defects for part in message.walk() if part.defects] == []
    return [(part.items(), content(part)) for part in message.walk()]


@given(awkward.editions, awkward.readers, awkward.dates)
@example(LETTER, Recipient("ada@example.com", "t", {"name": "\ud800"}), NOON)
@example(LETTER, Recipient("ada@example.com", "t" * 1000, {}), NOON)
@example(LETTER, Recipient("ada@example.com", "\ud800", {}), NOON)
@example(LETTER, Recipient("no address", "t", {}), NOON)
@example(make_edition("a\nb"), ADA, NOON)
@example(make_edition(text="\udc00"), ADA, NOON)
def test_any_reader_gets_what_the_standard_library_would_have_made(
    edition: Edition, reader: Recipient, date: datetime.datetime
) -> None:
    sender = make_sender()
    try:
        slow = slow_path.compose(edition, sender, reader, message_id=ID, date=date)
    except ValueError:
        with pytest.raises(ValueError):
            Press(edition, sender).message(reader, message_id=ID, date=date)
        return
    data = Press(edition, sender).message(reader, message_id=ID, date=date).data
    assert head(data) == head(slow)
    assert leaves(data) == leaves(slow)


@given(awkward.values)
@example("Олена Прикладна-Зразковенко та інші")
@example("x" * 66)
@example("x" * 67)
@example("é" + "x" * 54)
@example("é" + "x" * 55)
@example("я" * 22)
@example("я" * 23)
@example("José  Ñandú/!*+-_")
@example("a, b")
def test_a_name_is_folded_as_ever(name: str) -> None:
    for address in ("a@example.com", "a-rather-long-address-of-a-reader@mail.example.com"):
        reader = Recipient(address, "t", {"name": name})
        try:
            slow = slow_path.compose(LETTER, make_sender(), reader, message_id=ID, date=NOON)
        except ValueError:
            continue
        press = Press(LETTER, make_sender())
        assert head(press.message(reader, message_id=ID, date=NOON).data) == head(slow)


@pytest.mark.parametrize(
    "text",
    ["", "\n", "one line", ".\n..\n.x\n\n.\n", "a\n.\r\nb\r.\rc\n.\nd\r\n.\r", "й" * 400, " \t\n "],
)
@pytest.mark.parametrize("pictures", [0, 1, 2])
def test_without_merge_fields_not_one_byte_differs(text: str, pictures: int) -> None:
    picture = EmbeddedImage("p@letter", "фото.jpg", "image/jpeg", bytes(range(256)) * 9)
    images = tuple(dataclasses.replace(picture, cid=f"{n}@letter") for n in range(pictures))
    edition = dataclasses.replace(
        LETTER, text=Merged((text,)), html=Merged((f"<p>{text}</p>",)), images=images
    )
    slow = slow_path.compose(edition, make_sender(), ADA, message_id=ID, date=NOON)
    assert Press(edition, make_sender()).message(ADA, message_id=ID, date=NOON).data == slow


def test_what_all_readers_get_is_held_once() -> None:
    picture = EmbeddedImage("ferry@letter", "ferry.jpg", "image/jpeg", bytes(50_000))
    edition = dataclasses.replace(make_edition(text="The ferry sails. " * 500), images=(picture,))
    press = Press(edition, make_sender())
    ada, bob = (press.message(reader, message_id=ID, date=NOON) for reader in (ADA, BOB))
    shared = {id(piece) for piece in ada.pieces} & {id(piece) for piece in bob.pieces}
    own = [piece for piece in ada.pieces if id(piece) not in shared]
    assert ada.size > 70_000
    assert sum(map(len, own)) < 700
    assert len(own) == 1 + 4  # the header, and name and link in text and HTML


def test_each_reader_gets_their_own_values_whoever_was_before() -> None:
    press = Press(LETTER, make_sender())
    later = NOON + datetime.timedelta(minutes=1)
    wanted = [(ADA, NOON), (BOB, NOON), (ADA, later), (ADA, NOON), (BOB, later)]
    made = [press.message(reader, message_id=ID, date=date) for reader, date in wanted]
    for (reader, date), message in zip(wanted, made, strict=True):
        alone = Press(LETTER, make_sender()).message(reader, message_id=ID, date=date)
        assert message == alone


def test_a_message_knows_its_envelope() -> None:
    message = Press(LETTER, make_sender()).message(
        Recipient("ada@bücher.example.com", "t", {}), message_id=ID, date=NOON, envid="c1.17"
    )
    assert message.message_id == ID
    assert message.envelope.mail_from == "bounces@example.org"
    assert message.envelope.rcpt_to == "ada@xn--bcher-kva.example.com"
    assert message.envelope.envid == "c1.17"


def test_a_column_cannot_pass_for_a_field_of_the_program() -> None:
    forged = {
        "email": "eve@example.net",
        "unsubscribe_url": "https://evil.example.net/",
        "view_url": "https://evil.example.net/",
    }
    slots = tuple(Slot(field, "", Context.TEXT) for field in forged)
    edition = dataclasses.replace(
        LETTER, subject=Merged(slots), text=Merged(slots), view_url="https://letter.example.org/1"
    )
    reader = Recipient("ada@example.com", "t", forged)
    data = Press(edition, make_sender()).message(reader, message_id=ID, date=NOON).data
    real = "ada@example.comhttps://letter.example.org/unsubscribe/thttps://letter.example.org/1"
    message = message_from_bytes(data)
    assert str(make_header(decode_header(message["Subject"]))) == real
    assert leaves(data)[1][1] == real.encode()


@pytest.mark.parametrize("prefix", ["[Proof 14:00] ", "[Коректура] "])
def test_a_proof_is_marked_whether_the_subject_has_fields_or_not(prefix: str) -> None:
    own = dataclasses.replace(LETTER, subject=Merged(("For ", Slot("name", "", Context.TEXT))))
    for edition in (LETTER, own):
        press = Press(edition, make_sender(), subject_prefix=prefix)
        made = press.message(ADA, message_id=ID, date=NOON).data
        slow = slow_path.compose(
            edition, make_sender(), ADA, message_id=ID, date=NOON, subject_prefix=prefix
        )
        assert head(made) == head(slow)


@pytest.mark.parametrize(
    "picture",
    [
        EmbeddedImage("p@letter", "a\r\nX: y.jpg", "image/jpeg", b""),
        EmbeddedImage("p@letter>\r\nX: <y", "a.jpg", "image/jpeg", b""),
        EmbeddedImage("p@letter", "a.jpg", "image/jpeg\r\nX: y", b""),
    ],
)
def test_a_picture_cannot_bring_a_header_field(picture: EmbeddedImage) -> None:
    with pytest.raises(ValueError, match="must not hold"):
        Press(dataclasses.replace(LETTER, images=(picture,)), make_sender())


@pytest.mark.parametrize("evil", ["<a@b>\r\nBcc: eve@example.net", "<ä@example.org>", "<a\0@b>"])
def test_a_message_id_that_breaks_out_is_refused(evil: str) -> None:
    with pytest.raises(ValueError, match="header"):
        Press(LETTER, make_sender()).message(ADA, message_id=evil, date=NOON)
