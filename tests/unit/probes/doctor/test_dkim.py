"""Public DKIM keys in the DNS."""

from __future__ import annotations

import base64
import functools

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.dkim import DkimKey, check_dkim
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError
from tests.dns_server import DnsServer
from tests.unit.probes.doctor.kit import ERROR, OK, WARNING, levels, only

NAME = "letter._domainkey.example.org"


@functools.cache
def rsa(bits: int, which: int = 0) -> str:
    """``p=`` of a new RSA key; ``which`` tells keys of one length apart."""
    del which
    key = generate_private_key(65537, bits).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


@functools.cache
def ed25519() -> str:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def dkim(dns: DnsServer, lookups: LookUps, *texts: str, public: str = "") -> list[Checkup]:
    dns.zone[NAME] = {"TXT": texts}
    return check_dkim(DkimKey("example.org", "letter", public), lookups)


@pytest.mark.parametrize(
    "text",
    [
        "v=DKIM1; k=rsa; p={p}",
        "p={p}",
        "v=DKIM1;h=sha256;s=email;t=s;p={p};",
        "v=DKIM1; h=sha1:sha256; s=*; n=a note; p={p}",
    ],
)
def test_a_good_key_is_fine(dns: DnsServer, lookups: LookUps, text: str) -> None:
    found = only(dkim(dns, lookups, text.format(p=rsa(2048)), public=rsa(2048)))
    assert found.level is OK
    assert "2048 bits" in found.said


def test_white_space_in_a_key_does_not_count(dns: DnsServer, lookups: LookUps) -> None:
    split = f"{rsa(2048)[:100]} {rsa(2048)[100:]}"
    assert only(dkim(dns, lookups, f"v=DKIM1; p={split}", public=rsa(2048))).level is OK


def test_an_ed25519_key_is_fine(dns: DnsServer, lookups: LookUps) -> None:
    found = only(dkim(dns, lookups, f"v=DKIM1; k=ed25519; p={ed25519()}", public=ed25519()))
    assert found.level is OK


def test_a_key_of_the_relay_needs_no_private_half(dns: DnsServer, lookups: LookUps) -> None:
    assert only(dkim(dns, lookups, f"v=DKIM1; p={rsa(2048)}")).level is OK


def test_without_a_key_nothing_can_be_verified(dns: DnsServer, lookups: LookUps) -> None:
    found = only(check_dkim(DkimKey("example.org", "letter"), lookups))
    assert found.level is ERROR
    assert NAME in found.said


def test_two_keys_at_one_name_are_none(dns: DnsServer, lookups: LookUps) -> None:
    found = only(dkim(dns, lookups, f"v=DKIM1; p={rsa(2048)}", "v=DKIM1; p="))
    assert found.level is ERROR
    assert "2 TXT records" in found.said


@pytest.mark.parametrize(
    ("bits", "level"), [(1024, WARNING), (2048, OK)]
)  # OpenSSL makes no shorter keys here; see the next test
def test_a_short_key_is_warned_of(
    dns: DnsServer, lookups: LookUps, bits: int, level: Level
) -> None:
    assert only(dkim(dns, lookups, f"v=DKIM1; p={rsa(bits)}")).level is level


def test_a_key_that_receivers_ignore_is_an_error(dns: DnsServer, lookups: LookUps) -> None:
    # A modulus of 512 bits, made by hand: 2**511 + 111 and the exponent 65537, in DER.
    number = (2**511 + 111).to_bytes(65, "big")
    pair = b"\x02\x41" + number + b"\x02\x03\x01\x00\x01"
    sequence = b"\x30" + bytes([len(pair)]) + pair
    algorithm = bytes.fromhex("300d06092a864886f70d0101010500")
    bits = b"\x03" + bytes([len(sequence) + 1]) + b"\x00" + sequence
    der = b"\x30" + bytes([len(algorithm) + len(bits)]) + algorithm + bits
    found = only(dkim(dns, lookups, f"v=DKIM1; p={base64.b64encode(der).decode()}"))
    assert found.level is ERROR
    assert "512 bits" in found.said


def test_another_key_than_ours_is_an_error(dns: DnsServer, lookups: LookUps) -> None:
    found = only(dkim(dns, lookups, f"v=DKIM1; p={rsa(2048)}", public=rsa(2048, 1)))
    assert found.level is ERROR
    assert "private key" in found.said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; k=rsa", "no key"),
        ("v=DKIM2; p={p}", "v=DKIM1"),
        ("k=rsa; v=DKIM1; p={p}", "begin"),
        ("v=DKIM1; k=dsa; p={p}", "kind of key"),
        ("v=DKIM1; h=sha1; p={p}", "sha256"),
        ("v=DKIM1; s=tlsrpt; p={p}", "not for mail"),
        ("v=DKIM1; p={p}; p={p}", "twice"),
        ("v=DKIM1 p={p}", "begin with"),
        ("just words", "tag=value"),
        ("v=DKIM1; p=%%%", "base64"),
        ("v=DKIM1; p=AAAA", "RSA key"),
        ("v=DKIM1; k=ed25519; p=AAAA", "Ed25519"),
    ],
)
def test_a_record_that_does_not_work_is_an_error(
    dns: DnsServer, lookups: LookUps, text: str, words: str
) -> None:
    found = only(dkim(dns, lookups, text.format(p=rsa(2048)), public=rsa(2048)))
    assert found.level is ERROR
    assert words in found.said


def test_a_key_that_lost_its_end_is_an_error(dns: DnsServer, lookups: LookUps) -> None:
    found = only(dkim(dns, lookups, f"v=DKIM1; p={rsa(2048)[:200]}"))
    assert found.level is ERROR
    assert "lost" in found.said


def test_a_test_key_is_warned_of(dns: DnsServer, lookups: LookUps) -> None:
    assert levels(dkim(dns, lookups, f"v=DKIM1; t=y:s; p={rsa(2048)}")) == [OK, WARNING]


def test_without_a_network_there_is_no_verdict(silence: LookUps) -> None:
    with pytest.raises(NoAnswerError):
        check_dkim(DkimKey("example.org", "letter"), silence)
