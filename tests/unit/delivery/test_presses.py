from __future__ import annotations

import dataclasses
import datetime

import pytest

from newsletter.audience.tokens import Purpose, unseal
from newsletter.database.keys import Keys
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.message import Recipient, Sender
from newsletter.delivery.presses import Presses
from newsletter.delivery.proof import proof
from newsletter.errors import ConfigurationError
from tests.unit.delivery.dkim.kit import keys as dkim_keys
from tests.unit.delivery.kit import NOON, make_edition, make_sender

KEYS = Keys.new()
VERP = "bounces+{token}@example.org"
READER = Recipient("ada@example.com", "token", {})


def claim(number: int = 7, *, attempts: int = 1, edition: int = 0) -> Claimed:
    return Claimed(number, attempts, f"<{number}@example.org>", NOON, READER, edition)


def sender(bounce_address: str) -> Sender:
    return Sender.parse(
        from_="letter@example.org",
        bounce_address=bounce_address,
        base_url="https://letter.example.org",
    )


def test_each_delivery_has_a_bounce_address_that_only_the_keys_can_read() -> None:
    presses = Presses([make_edition()], sender(VERP), KEYS)
    addresses = [presses.message(claim(number)).envelope.mail_from for number in (7, 8)]
    for number, address in zip((7, 8), addresses, strict=True):
        local, _, domain = address.partition("@")
        name, _, token = local.partition("+")
        assert (name, domain) == ("bounces", "example.org")
        assert unseal(KEYS, Purpose.BOUNCE, token) == (number,)
        assert unseal(KEYS, Purpose.UNSUBSCRIBE, token) is None
        assert len(local) <= 64
        assert "ada" not in address
    assert addresses[0][:16] != addresses[1][:16]


def test_a_letter_that_is_tried_again_comes_from_the_same_address() -> None:
    presses = Presses([make_edition()], sender(VERP), KEYS)
    first, second = presses.message(claim()), presses.message(claim(attempts=2))
    assert first == second


def test_the_letter_itself_is_the_same_whatever_its_bounce_address() -> None:
    signer = Signer(dkim_keys())
    usual, own = (
        Presses([make_edition()], sender(address), KEYS, signer=signer).message(claim())
        for address in ("bounces@example.org", VERP)
    )
    assert usual.envelope.mail_from == "bounces@example.org"
    assert own.data == usual.data
    assert dataclasses.replace(own.envelope, mail_from="") == dataclasses.replace(
        usual.envelope, mail_from=""
    )


def test_a_proof_has_no_readers_tokens() -> None:
    message = proof(make_edition(), sender(VERP), "ann@example.org", NOON)
    assert message.envelope.mail_from == "bounces+proof@example.org"
    assert b"<https://letter.example.org/unsubscribe/proof>" in message.data


@pytest.mark.parametrize(
    "address",
    [
        "{token}{token}@example.org",
        "bounces@{token}.example.org",
        "a-most-uncommonly-long-name+{token}@example.org",
        "bounces {token}@example.org",
        "bounces+{token}",
    ],
)
def test_a_bounce_address_that_could_not_work_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="bounce_address"):
        sender(address)


def test_the_domain_of_a_bounce_address_goes_in_ascii() -> None:
    assert sender("b-{token}@bücher.example.org").bounce_address == (
        "b-{token}@xn--bcher-kva.example.org"
    )


def test_everybody_gets_their_edition() -> None:
    editions = [make_edition("Ferry"), make_edition("Пором")]
    presses = Presses(editions, make_sender(), KEYS)
    assert b"Subject: Ferry\r\n" in presses.message(claim(edition=0)).data
    assert b"Subject: =?utf-8?b?" in presses.message(claim(edition=1)).data


def test_the_date_is_that_of_the_first_attempt() -> None:
    later = dataclasses.replace(claim(attempts=2), date=NOON + datetime.timedelta(hours=2))
    assert b"14:00:00 +0000" in Presses([make_edition()], make_sender(), KEYS).message(later).data


def test_letters_to_each_list_bear_its_name() -> None:
    one = dataclasses.replace(
        make_sender(),
        of_lists={"alerts": {"list_id": "alerts.example.org", "list_name": "Harbour alerts"}},
    )
    presses = Presses([make_edition()], one, KEYS)
    found = {
        name: presses.message(dataclasses.replace(claim(), list=name)).data
        for name in ("main", "alerts")
    }
    assert b"List-Id: The Harbour Letter <newsletter.example.org>\r\n" in found["main"]
    assert b"List-Id: Harbour alerts <alerts.example.org>\r\n" in found["alerts"]
    assert b":alerts:newsletter:" in found["alerts"]
