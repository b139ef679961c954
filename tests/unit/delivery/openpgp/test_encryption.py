from __future__ import annotations

import datetime
import sys

import pytest

from newsletter.delivery.openpgp.certificate import parse_certificate
from newsletter.delivery.openpgp.encryption import Encryption
from newsletter.delivery.openpgp.errors import NotEncryptedError
from newsletter.delivery.openpgp.library import failing_as
from newsletter.delivery.openpgp.policy import Policy, must_encrypt, strictest
from newsletter.errors import ConfigurationError
from tests.unit.delivery.openpgp.gnupg import LONG_AGO, Gnupg, needs_gpg

LETTER = "Content-Type: text/plain\r\n\r\n.\r\nПаром\r\n".encode() + bytes(range(256)) + b"x" * 5000
NEW_YEAR = datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC)


def key_of(gpg: Gnupg, fingerprint: str) -> bytes:
    return parse_certificate(gpg.export(fingerprint)).data


@needs_gpg
def test_gpg_opens_what_was_encrypted_byte_for_byte(gpg: Gnupg) -> None:
    key = key_of(gpg, gpg.new_key("Reader"))
    armoured = Encryption(Policy.REQUIRE).encrypt(LETTER, key)
    assert armoured.startswith(b"-----BEGIN PGP MESSAGE-----\r\n\r\n")
    assert armoured.endswith(b"-----END PGP MESSAGE-----\r\n")
    assert b"\n" not in armoured.replace(b"\r\n", b"")
    assert max(map(len, armoured.split(b"\r\n"))) <= 76
    assert gpg.open(armoured).content == LETTER


@needs_gpg
def test_a_letter_may_be_signed_inside(gpg: Gnupg) -> None:
    desk = gpg.new_key("Desk", encrypts="")
    signing = Encryption(Policy.REQUIRE, signing_key=gpg.export_private(desk))
    armoured = signing.encrypt(LETTER, key_of(gpg, gpg.new_key("Careful")))
    opened = gpg.open(armoured)
    assert opened.content == LETTER
    assert opened.signed_by == desk


def test_a_key_that_cannot_sign_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ConfigurationError, match="cannot sign"):
        Encryption(Policy.REQUIRE, signing_key=b"no key")


@needs_gpg
def test_only_the_part_that_is_still_valid_is_used(gpg: Gnupg) -> None:
    fingerprint = gpg.new_key("Renewed", at=LONG_AGO, encrypts="1d")
    gpg.add_part(fingerprint)
    key = key_of(gpg, fingerprint)
    opened = gpg.open(Encryption(Policy.REQUIRE).encrypt(LETTER, key))
    assert opened.content == LETTER
    assert len(opened.key_ids) == 1


@needs_gpg
def test_a_key_that_expires_after_it_was_given_is_used_no_more(gpg: Gnupg) -> None:
    key = key_of(gpg, gpg.new_key("Aging", at=LONG_AGO, expires="1d"))
    before = Encryption(Policy.REQUIRE, clock=lambda: NEW_YEAR - datetime.timedelta(hours=1))
    after = Encryption(Policy.WHEN_AVAILABLE, clock=lambda: NEW_YEAR)
    assert before.encrypt(b"letter", key)
    with pytest.raises(NotEncryptedError, match="the OpenPGP key expired on 2024-01-02"):
        after.encrypt(b"letter", key)


@needs_gpg
def test_a_revoked_key_is_not_used(gpg: Gnupg) -> None:
    whole, part = gpg.new_key("Gone"), gpg.new_key("Halfgone")
    gpg.revoke(whole)
    gpg.revoke_part(part)
    for fingerprint, reason in ((whole, "was revoked"), (part, "no part that can encrypt")):
        with pytest.raises(NotEncryptedError, match=reason):
            Encryption(Policy.WHEN_AVAILABLE).encrypt(LETTER, key_of(gpg, fingerprint))


def test_without_a_key_nothing_comes_out() -> None:
    with pytest.raises(NotEncryptedError, match="has none"):
        Encryption(Policy.REQUIRE).encrypt(LETTER, b"")


@pytest.mark.parametrize("key", [b"nonsense", b"\x99\x00", b"\x00" * 50])
def test_a_key_that_was_spoilt_in_the_database_is_told_in_a_line(key: bytes) -> None:
    with pytest.raises(NotEncryptedError) as caught:
        Encryption(Policy.REQUIRE).encrypt(LETTER, key)
    assert str(caught.value) == "the OpenPGP key cannot be read"


class PanicException(BaseException):
    pass


def test_a_panic_in_the_library_does_not_end_the_program() -> None:
    with pytest.raises(NotEncryptedError, match="broken"), failing_as(_broken):
        raise PanicException("pages of Rust")


@pytest.mark.parametrize("other", [KeyboardInterrupt, SystemExit, MemoryError])
def test_what_is_no_matter_of_the_library_goes_through(other: type[BaseException]) -> None:
    with pytest.raises(other), failing_as(_broken):
        raise other


def _broken() -> NotEncryptedError:
    return NotEncryptedError("broken")


def test_a_policy_that_encrypts_needs_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysequoia", None)
    Encryption(Policy.OFF)
    for policy in (Policy.WHEN_AVAILABLE, Policy.REQUIRE):
        with pytest.raises(ConfigurationError, match="not installed"):
            Encryption(policy)


def test_who_gets_an_encrypted_letter() -> None:
    wanted = {
        (policy, has_key)
        for policy in Policy
        for has_key in (False, True)
        if must_encrypt(policy, has_key=has_key)
    }
    assert wanted == {
        (Policy.WHEN_AVAILABLE, True),
        (Policy.REQUIRE, True),
        (Policy.REQUIRE, False),
    }


def test_of_several_lists_the_strictest_counts() -> None:
    assert strictest(Policy.OFF, Policy.REQUIRE, Policy.WHEN_AVAILABLE) is Policy.REQUIRE
    assert strictest(Policy.WHEN_AVAILABLE, Policy.OFF) is Policy.WHEN_AVAILABLE
    assert strictest() is Policy.OFF
