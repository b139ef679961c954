from __future__ import annotations

import contextlib
import datetime
import sys
import zlib
from collections import Counter

import hypothesis
import pysequoia
import pytest
from hypothesis import strategies as st
from pysequoia.packet import PacketPile, Tag

from newsletter.delivery.openpgp.certificate import LARGEST, parse_certificate
from newsletter.delivery.openpgp.errors import CertificateError, NotEncryptedError, SecretKeyError
from newsletter.delivery.openpgp.packets import (
    MOST_PARTS,
    MOST_SIGNATURES,
    OutlineError,
    outline,
)
from newsletter.delivery.openpgp.usable import usable_part
from newsletter.errors import ConfigurationError
from tests.unit.delivery.openpgp.gnupg import LONG_AGO, Gnupg, needs_gpg

NEW_YEAR = datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC)


def make_key(name: str = "Ada") -> pysequoia.Tsk:
    return pysequoia.Tsk.generate(f"{name} <{name.lower()}@example.com>")


@needs_gpg
def test_a_key_is_the_same_in_armour_and_in_binary(gpg: Gnupg) -> None:
    fingerprint = gpg.new_key("Armour")
    binary = parse_certificate(gpg.export(fingerprint))
    armour = gpg.export(fingerprint, armour=True)
    assert parse_certificate(armour) == parse_certificate(armour.decode()) == binary
    assert parse_certificate(b"My key:\r\n\r\n" + armour.replace(b"\n", b"\r\n")) == binary
    assert binary.fingerprint == fingerprint
    assert binary.user_ids == ("Armour <armour@example.com>",)
    assert binary.expires is None
    assert binary.can_encrypt


def test_whose_key_it_is_does_not_show_in_logs() -> None:
    certificate = parse_certificate(bytes(make_key().extract_certificate()))
    assert "ada" in str(certificate.user_ids)
    assert "ada" not in repr(certificate).lower()
    assert parse_certificate(certificate.data) == certificate


def test_a_private_key_is_refused_in_any_form() -> None:
    secret = make_key()
    for given in (bytes(secret), str(secret), f"Hello,\n\n{secret}\n"):
        with pytest.raises(SecretKeyError, match="private key") as caught:
            parse_certificate(given)
        assert "ada" not in f"{caught.value} {caught.value.hint}".lower()


@needs_gpg
def test_a_private_key_without_its_main_part_is_refused_too(gpg: Gnupg) -> None:
    fingerprint = gpg.new_key("Subkeys")
    with pytest.raises(SecretKeyError):
        parse_certificate(gpg.export_private(fingerprint, kind="subkeys"))


@pytest.mark.parametrize(
    "given",
    [
        b"",
        "",
        "hello",
        "\ud800",
        b"\x99" * 100,
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n",
        bytes(make_key().extract_certificate())[:60],
        bytes(make_key().extract_certificate()) + bytes(make_key("Bob").extract_certificate()),
        pysequoia.encrypt(b"a letter", recipients=[make_key().extract_certificate()]),
    ],
    ids=["nothing", "no text", "words", "half", "noise", "armour", "cut off", "two", "message"],
)
def test_what_is_not_one_key_is_refused_in_a_line(given: str | bytes) -> None:
    with pytest.raises(CertificateError, match="OpenPGP key") as caught:
        parse_certificate(given)
    assert "\n" not in str(caught.value)
    assert "gpg --armor --export" in caught.value.hint


def test_a_key_that_is_too_large_is_not_even_looked_at() -> None:
    with pytest.raises(CertificateError, match="more than 200 KB"):
        parse_certificate(b"\x99" * (LARGEST + 1))


def test_packets_that_unfold_to_gigabytes_are_not_unfolded() -> None:
    squeezed = b"\x02" + zlib.compress(bytes(1_000_000), 9)
    packet = b"\xc8\xff" + len(squeezed).to_bytes(4, "big") + squeezed
    for given in (packet, bytes(make_key().extract_certificate()) + packet):
        with pytest.raises(OutlineError):
            outline(given)
        with pytest.raises(CertificateError):
            parse_certificate(given)


def test_a_key_with_a_crowd_on_it_is_refused_before_its_signatures_are_sorted() -> None:
    key = bytes(make_key().extract_certificate())
    [signature, *_] = [p for p in PacketPile.from_bytes(key) if p.tag == Tag.Signature]
    for crowd in (b"\xcd\x01a" * MOST_PARTS, bytes(signature) * MOST_SIGNATURES):
        with pytest.raises(CertificateError, match="too many parts or signatures") as caught:
            parse_certificate(key + crowd)
        assert "export-minimal" in caught.value.hint


@needs_gpg
def test_the_outline_of_a_key_is_what_the_library_sees(gpg: Gnupg) -> None:
    keys = [
        gpg.export(gpg.new_key("Outlined")),
        bytes(make_key().extract_certificate()),
        bytes(pysequoia.Tsk.generate("v6", profile=pysequoia.Profile.RFC9580)),
    ]
    for key in keys:
        kinds = Counter(int(packet.tag) for packet in PacketPile.from_bytes(key))
        assert outline(key) == kinds


REAL = bytes(make_key().extract_certificate())


@hypothesis.given(st.integers(0, len(REAL) - 1), st.binary(max_size=3), st.integers(0, 3))
def test_a_key_that_was_tampered_with_is_read_or_refused_and_nothing_else(
    place: int, put_in: bytes, taken_out: int
) -> None:
    spoilt = REAL[:place] + put_in + REAL[place + taken_out :]
    armoured = pysequoia.armor(spoilt, pysequoia.ArmorKind.PublicKey)
    for given in (spoilt, armoured):
        with contextlib.suppress(CertificateError):
            assert len(parse_certificate(given).fingerprint) >= 40


def test_a_key_of_the_newest_version_is_taken() -> None:
    secret = pysequoia.Tsk.generate("Ada <ada@example.com>", profile=pysequoia.Profile.RFC9580)
    certificate = parse_certificate(str(secret.extract_certificate()))
    assert certificate.can_encrypt
    assert len(certificate.fingerprint) == 64


@needs_gpg
def test_a_key_that_is_too_short_to_be_safe_is_refused(gpg: Gnupg) -> None:
    gpg.run("--quick-gen-key", "Short <short@example.com>", "rsa1024", "encr,cert", "never")
    short = gpg.export(gpg.fingerprint("Short"))
    with pytest.raises(CertificateError, match="too weak to be safe") as caught:
        parse_certificate(short)
    assert "make a new one" in caught.value.hint
    with pytest.raises(NotEncryptedError, match="too weak to be safe"):
        usable_part(short, NEW_YEAR)


@needs_gpg
def test_a_key_that_has_expired_says_when(gpg: Gnupg) -> None:
    certificate = parse_certificate(gpg.export(gpg.new_key("Expired", at=LONG_AGO, expires="1d")))
    assert certificate.problem == "the OpenPGP key expired on 2024-01-02"
    assert certificate.expires == NEW_YEAR
    assert not certificate.can_encrypt


@needs_gpg
def test_a_key_whose_encrypting_part_has_expired_says_when(gpg: Gnupg) -> None:
    certificate = parse_certificate(gpg.export(gpg.new_key("Part", at=LONG_AGO, encrypts="1d")))
    assert certificate.problem == "the part of the OpenPGP key that encrypts expired on 2024-01-02"
    assert certificate.expires == NEW_YEAR


@needs_gpg
def test_a_key_that_will_expire_works_until_then(gpg: Gnupg) -> None:
    given = gpg.export(gpg.new_key("Later", at=LONG_AGO, encrypts="1d"))
    certificate = parse_certificate(given, clock=lambda: NEW_YEAR - datetime.timedelta(hours=1))
    assert certificate.expires == NEW_YEAR


@needs_gpg
def test_a_revoked_key_says_so(gpg: Gnupg) -> None:
    fingerprint = gpg.new_key("Revoked")
    assert parse_certificate(gpg.export(fingerprint)).can_encrypt
    gpg.revoke(fingerprint)
    assert parse_certificate(gpg.export(fingerprint)).problem == "the OpenPGP key was revoked"


@needs_gpg
def test_a_key_whose_encrypting_part_was_revoked_cannot_encrypt(gpg: Gnupg) -> None:
    fingerprint = gpg.new_key("Withdrawn")
    gpg.revoke_part(fingerprint)
    assert "no part that can encrypt" in parse_certificate(gpg.export(fingerprint)).problem


@needs_gpg
def test_a_key_for_signatures_cannot_encrypt(gpg: Gnupg) -> None:
    certificate = parse_certificate(gpg.export(gpg.new_key("Signer", encrypts="")))
    assert "no part that can encrypt" in certificate.problem


def test_a_key_from_the_future_is_not_valid_yet() -> None:
    data = bytes(make_key().extract_certificate())
    certificate = parse_certificate(data, clock=lambda: NEW_YEAR)
    assert not certificate.can_encrypt


@needs_gpg
def test_what_friends_have_put_on_a_key_is_not_kept(gpg: Gnupg) -> None:
    fingerprint, friend = gpg.new_key("Popular"), gpg.new_key("Friend")
    alone = gpg.export(fingerprint)
    gpg.run("--yes", "--local-user", friend, "--quick-sign-key", fingerprint)
    signed = gpg.export(fingerprint)
    assert bytes.fromhex(friend) in signed
    certificate = parse_certificate(signed)
    assert bytes.fromhex(friend) not in certificate.data
    assert certificate == parse_certificate(alone)


def test_without_the_library_the_way_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysequoia", None)
    with pytest.raises(ConfigurationError, match="pysequoia") as caught:
        parse_certificate(b"")
    assert "newsletter-as-code[openpgp]" in caught.value.hint
