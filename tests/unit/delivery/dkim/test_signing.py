"""What other people's verifiers say of our signatures."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.delivery.dkim.canonical import relaxed_body
from newsletter.delivery.dkim.heading import OVERSIGNED, SIGNED
from newsletter.delivery.dkim.keys import new_key
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.dkim.whole import sign_whole, split_head
from tests.unit.delivery.dkim.kit import (
    ed25519_key,
    keys,
    letter,
    own_field,
    records,
    rsa_key,
    signed,
)
from tests.unit.delivery.dkim.verifiers import by_dkimpy, by_opendkim, opendkim
from tests.unit.delivery.kit import NOON

Verify = Callable[[bytes], bool]


@pytest.fixture(params=["dkimpy, RSA", "dkimpy, Ed25519", "OpenDKIM, RSA"])
def holds(request: pytest.FixtureRequest, tmp_path: Path) -> Verify:
    """Whether a verifier finds that the message's signature of one kind holds."""
    if request.param == "OpenDKIM, RSA":  # its last release, 2.11, knows no Ed25519
        if opendkim() is None:
            pytest.skip("libopendkim is not on this machine (Debian: opendkim-tools)")
        return lambda message: by_opendkim(message, records(), tmp_path)
    number = int(request.param == "dkimpy, Ed25519")
    return lambda message: by_dkimpy(message, records(), number)


def test_a_signed_letter_is_verified(holds: Verify) -> None:
    assert holds(signed(letter()))


def test_a_letter_to_an_address_that_is_not_ascii_is_verified(holds: Verify) -> None:
    assert holds(signed(letter("їжак@example.com")))


@pytest.mark.parametrize(
    "body",
    [b"", b"\r\n", b"\r\n\r\n", b" \r\n", b"one\r\n\r\n \t\r\n", b"a \t b\t\r\n c\r\n"],
)
def test_a_body_with_odd_ends_is_verified(holds: Verify, body: bytes) -> None:
    assert holds(signed(b"From: letter@example.org\r\nSubject: Odd\r\n\r\n" + body))


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"unsubscribe/t0ken>", b"unsubscribe/t1ken>"),
        (b"mailto:letter@", b"mailto:better@"),
        (b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Click"),
        (b"Feedback-ID: 2026-11-20", b"Feedback-ID: 2026-11-21"),
        (b"From: The Harbour", b"From: Your Harbour"),
        (b"To: Ada Sample", b"To: Eve Sample"),
        (b"Subject: Ferry", b"Subject: Fairy"),
        (b"Date: Fri, 20 Nov", b"Date: Fri, 27 Nov"),
        (b"<0a1b@", b"<0a1c@"),
        (b"List-Id: The", b"List-Id: A"),
        (b"Content-Language: en", b"Content-Language: uk"),
        (b"MIME-Version: 1.0", b"MIME-Version: 1.1"),
        (b"multipart/alternative", b"multipart/mixed"),
        (b"Content-Type: text/html", b"Content-Type: text/xhtml"),
        (b"t=1795176000;", b"t=1795176001;"),
        (b"h=from:from:", b"h=from:to:"),
    ],
    ids=lambda part: part.decode(),
)
def test_a_signature_breaks_when_something_that_it_covers_is_changed(
    holds: Verify, was: bytes, becomes: bytes
) -> None:
    message = signed(letter())
    assert was in message
    assert not holds(message.replace(was, becomes))


@pytest.mark.parametrize("name", sorted(OVERSIGNED))
def test_a_signature_breaks_when_a_second_field_is_added(holds: Verify, name: str) -> None:
    message = signed(letter())
    second = f"{name}: <https://example.com/other>\r\n".encode()
    assert not holds(second + message)
    assert not holds(message.replace(b"\r\n\r\n", b"\r\n" + second + b"\r\n", 1))


@pytest.mark.parametrize("name", [b"List-Unsubscribe", b"List-Unsubscribe-Post", b"Feedback-ID"])
def test_a_signature_breaks_when_a_field_is_taken_away(holds: Verify, name: bytes) -> None:
    message = signed(letter())
    less = re.sub(rb"\r\n" + name + rb":.*?(?=\r\n\S)", b"", message, flags=re.DOTALL)
    assert less != message
    assert not holds(less)


def test_a_field_that_was_not_there_cannot_be_slipped_in_unnoticed(holds: Verify) -> None:
    message = signed(b"From: letter@example.org\r\nSubject: Plain\r\n\r\nHello\r\n")
    assert holds(message)
    for name in OVERSIGNED:
        assert not holds(f"{name}: x\r\n".encode() + message), name


def test_what_relays_do_to_a_letter_on_its_way_does_not_break_its_signature(
    holds: Verify,
) -> None:
    message = signed(letter()).replace(
        b"To: Ada Sample <ada@example.com>", b"TO:  Ada\r\n\tSample   <ada@example.com>"
    )
    received = (
        b"Received: from relay.example.org by mx.example.com; Fri, 20 Nov 2026 12:00:01 +0000"
    )
    assert holds(received + b"\r\n" + message + b"\r\n\r\n")


def test_a_signature_by_another_key_of_the_same_name_does_not_hold(holds: Verify) -> None:
    others = [
        new_key(key.domain, key.selector, is_ed25519=key.is_ed25519)
        for key in (rsa_key(), ed25519_key())
    ]
    assert not holds(signed(letter(), *others))


@given(place=st.integers(0, 100_000), other=st.sampled_from(b"!0Zz~"))
@settings(max_examples=60)
def test_a_signature_breaks_when_any_one_byte_of_the_body_is_changed(
    place: int, other: int
) -> None:
    message = signed(letter())
    start = message.index(b"\r\n\r\n") + 4
    written = [at for at in range(start, len(message)) if not bytes([message[at]]).isspace()]
    at = written[place % len(written)]
    changed = message[:at] + bytes([other]) + message[at + 1 :]
    assert by_dkimpy(changed, records(), 0) is (message[at] == other)
    assert by_dkimpy(changed, records(), 1) is (message[at] == other)


_PRINTABLE = st.text(st.sampled_from("ab:;,.<>=\"'\\?@0 \t"), max_size=40)
_NAMES = st.sampled_from(
    [*SIGNED, "Reply-To", "SUBJECT", "X-Other", "Received", "List-Help", "Sender"]
)
_VALUES = st.lists(
    _PRINTABLE.filter(lambda line: bool(line.strip(" \t"))), min_size=1, max_size=3
).map("\r\n ".join)


@given(
    fields=st.lists(st.tuples(_NAMES, _VALUES), max_size=12),
    body=st.lists(_PRINTABLE.map("{}\r\n".format), max_size=8).map("".join),
)
@settings(max_examples=80)
def test_any_header_and_any_body_are_verified(fields: list[tuple[str, str]], body: str) -> None:
    pairs = [*fields, ("From", "letter@example.org")]
    head = "".join(f"{name}: {value}\r\n" for name, value in pairs)
    message = signed(f"{head}\r\n{body}".encode())
    assert by_dkimpy(message, records(), 0), message
    assert by_dkimpy(message, records(), 1), message


def test_the_signature_covers_all_that_readers_see_and_no_part_of_the_body_is_left_out() -> None:
    field = own_field(signed(letter(), rsa_key()))
    match = re.search(rb"\bh=([^;]*);", field)
    assert match is not None
    named = match[1].replace(b" ", b"").decode().split(":")
    there = {name for name, _ in split_head(letter().partition(b"\r\n\r\n")[0])}
    assert there <= set(SIGNED), "a header field of our letters is not signed"
    for name in SIGNED:
        assert named.count(name) == (name in there) + (name in OVERSIGNED), name
    assert b" l=" not in field
    assert b"c=relaxed/relaxed;" in field


def test_the_body_is_given_once_in_pieces_and_signed_by_every_key() -> None:
    head, _, body = letter().partition(b"\r\n\r\n")
    canonical = relaxed_body(body)
    pieces = (canonical[at : at + 7] for at in range(0, len(canonical), 7))
    fields = Signer(keys()).sign(split_head(head), pieces, NOON)
    assert fields + letter() == signed(letter())
    assert fields.count(b"DKIM-Signature:") == 2


def test_a_message_that_is_tried_again_has_the_same_signature() -> None:
    times: Sequence[datetime.datetime] = [NOON, NOON.astimezone()]
    assert len({sign_whole(Signer(keys()), letter(), at) for at in times}) == 1
    assert b"t=1795176000;" in signed(letter())


def test_without_a_date_the_clock_says_when() -> None:
    signer = Signer([rsa_key()], lambda: NOON + datetime.timedelta(seconds=5))
    assert b"t=1795176005;" in sign_whole(signer, letter())


def test_one_signer_signs_letters_with_other_header_fields_one_after_another() -> None:
    signer = Signer(keys())
    plain = b"From: letter@example.org\r\nSubject: Plain\r\n\r\nHello\r\n"
    turned = b"Subject: Plain\r\nFrom: letter@example.org\r\n\r\nHello\r\n"
    for data in (letter(), plain, turned, letter()):
        assert sign_whole(signer, data, NOON) == signed(data)


def test_threads_may_share_a_signer() -> None:
    signer = Signer(keys())
    letters = [letter(f"reader{number}@example.com") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda data: sign_whole(signer, data, NOON), letters))
    assert made == [signed(data) for data in letters]


@given(names=st.lists(st.sampled_from(SIGNED), max_size=20))
def test_no_line_of_the_field_is_long_and_each_but_the_first_is_folded(names: list[str]) -> None:
    fields = [("from", b"from:a@example.org\r\n"), *((name, b"") for name in names)]
    made = Signer([ed25519_key()]).sign(fields, [b""], NOON)
    assert made.endswith(b"\r\n")
    first, *others = made[:-2].split(b"\r\n")
    assert first.startswith(b"DKIM-Signature: v=1;")
    assert all(re.match(rb" \S", line) for line in others)
    assert max(map(len, (first, *others))) <= 78


def test_a_message_without_from_is_not_signed() -> None:
    with pytest.raises(ValueError, match="From"):
        signed(b"Subject: Nobody\r\n\r\nHello\r\n")


def test_a_signer_without_keys_is_refused() -> None:
    with pytest.raises(ValueError, match="key"):
        Signer([])
