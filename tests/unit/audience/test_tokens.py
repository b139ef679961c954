from __future__ import annotations

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.tokens import LONGEST, Purpose, seal, unseal
from newsletter.database.keys import Keys

KEYS = Keys.new()
NUMBERS = st.integers(0, 2**63 - 1)
MOMENTS = st.integers(0, 2**32 - 1)


@given(NUMBERS, MOMENTS)
def test_a_token_gives_back_its_numbers_whatever_its_case(subscription: int, when: int) -> None:
    token = seal(KEYS, Purpose.UNSUBSCRIBE, subscription, when)
    assert set(token) <= set(string.ascii_lowercase + string.digits)
    assert unseal(KEYS, Purpose.UNSUBSCRIBE, token) == (subscription, when)
    assert unseal(KEYS, Purpose.UNSUBSCRIBE, token.upper()) == (subscription, when)


def test_a_token_is_good_for_one_purpose() -> None:
    for purpose in Purpose:
        numbers = (7,) if purpose is Purpose.BOUNCE else (7, 8)
        token = seal(KEYS, purpose, *numbers)
        others = [other for other in Purpose if unseal(KEYS, other, token) is not None]
        assert others == [purpose]


@given(st.text(max_size=LONGEST + 5) | st.binary(max_size=50).map(lambda b: b.hex()))
def test_nothing_else_is_a_token(text: str) -> None:
    assert all(unseal(KEYS, purpose, text) is None for purpose in Purpose)


@pytest.mark.parametrize(
    "text", ["", "0e123", "٣٣٣٣", "a" * 10_000, "a", "=" * 8, "\x00", "👩🏽‍🚒"]
)
def test_odd_texts_are_no_tokens(text: str) -> None:
    assert all(unseal(KEYS, purpose, text) is None for purpose in Purpose)


def test_every_changed_letter_makes_it_none() -> None:
    token = seal(KEYS, Purpose.BOUNCE, 5)
    whole = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    for at in range(len(token)):
        other = token[:at] + ("a" if token[at] != "a" else "b") + token[at + 1 :]
        same = base64.b32decode(other.upper() + "=" * (-len(other) % 8)) == whole
        assert same or unseal(KEYS, Purpose.BOUNCE, other) is None


def test_tokens_of_one_reader_in_two_issues_have_nothing_in_common() -> None:
    first, second = (seal(KEYS, Purpose.UNSUBSCRIBE, 5, campaign) for campaign in (1, 2))
    assert sum(a == b for a, b in zip(first, second, strict=True)) < len(first) / 3


def test_links_in_old_letters_work_with_a_new_key_and_those_of_pages_do_not() -> None:
    newer = KEYS.with_new_link_key()
    assert unseal(newer, Purpose.UNSUBSCRIBE, seal(KEYS, Purpose.UNSUBSCRIBE, 5, 1)) == (5, 1)
    assert unseal(newer, Purpose.BOUNCE, seal(KEYS, Purpose.BOUNCE, 5)) == (5,)
    for purpose in (Purpose.CONFIRM, Purpose.PREFERENCES, Purpose.OLD_MAILBOX):
        assert unseal(newer, purpose, seal(KEYS, purpose, 5, 1)) is None


def test_tokens_of_other_keys_are_none() -> None:
    assert unseal(Keys.new(), Purpose.UNSUBSCRIBE, seal(KEYS, Purpose.UNSUBSCRIBE, 5, 1)) is None


def test_a_bounce_address_fits_in_the_longest_local_part() -> None:
    longest = max(len(seal(KEYS, Purpose.BOUNCE, n)) for n in (0, 2**63 - 1))
    assert len("bounces+") + longest <= 64
