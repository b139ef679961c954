from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.delivery.dkim.keys import SigningKey, parse_key
from newsletter.delivery.dkim.record import record
from newsletter.errors import ConfigurationError
from tests.unit.delivery.dkim.kit import ed25519_key, keys, rsa_key


def parse(pem: bytes) -> SigningKey:
    return parse_key(pem, domain="example.org", selector="letter", source="NEWSLETTER_DKIM_KEY")


def refused(pem: bytes) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parse(pem)
    assert caught.value.message.startswith("NEWSLETTER_DKIM_KEY: ")
    assert caught.value.hint
    return caught.value.message


def of_bits(bits: int) -> bytes:
    return SigningKey("", "", rsa.generate_private_key(65537, bits)).pem()


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.algorithm)
def test_a_key_that_is_written_and_read_is_the_same_key(key: SigningKey) -> None:
    again = parse(key.pem())
    assert (again.algorithm, again.bits) == (key.algorithm, key.bits)
    assert again.sign(b"data") == key.sign(b"data")


def test_the_older_form_of_an_rsa_key_is_read() -> None:
    pem = rsa_key().private.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()
    )
    assert pem.startswith(b"-----BEGIN RSA PRIVATE KEY-----")
    assert parse(pem).sign(b"data") == rsa_key().sign(b"data")


def test_a_key_in_one_line_as_in_an_environment_file_is_read() -> None:
    one_line = rsa_key().pem().replace(b"\n", rb"\n")
    assert parse(one_line).sign(b"data") == rsa_key().sign(b"data")


def test_a_private_key_is_not_shown() -> None:
    assert "private" not in repr(rsa_key()).lower()


def test_a_key_below_2048_bits_is_weak_and_one_below_1024_is_refused() -> None:
    assert parse(of_bits(1024)).is_weak
    assert not rsa_key().is_weak
    assert not ed25519_key().is_weak


def test_a_key_that_is_too_short_is_refused() -> None:
    # Made by hand of two well-known primes, as cryptography makes no key as short as this.
    p, q, e = 2**255 - 19, 2**256 - 189, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q), public
    )
    assert "511 bits" in refused(SigningKey("", "", numbers.private_key()).pem())


def test_text_that_is_no_usable_key_is_refused_with_the_reason() -> None:
    private = rsa_key().private
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    locked = private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hunter2")
    )
    other = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    assert "a public key" in refused(public)
    assert "no key" in refused(b"")
    assert "no key" in refused(b"\xff\xfe\x00")
    assert "encrypted" in refused(locked)
    assert "neither RSA nor Ed25519" in refused(other)
    assert "damaged" in refused(rsa_key().pem().replace(b"A", b"", 9))
    assert "damaged" in refused(rsa_key().pem()[:300])


def test_the_record_of_an_ed25519_key_is_that_of_the_standard() -> None:
    """RFC 8463 §A.1 and §A.2."""
    seed = b64decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=")
    private = ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    made = record(SigningKey("football.example.com", "brisbane", private))
    assert made.name == "brisbane._domainkey.football.example.com"
    assert made.value == "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


@pytest.mark.parametrize("key", keys(), ids=lambda key: key.algorithm)
def test_a_zone_file_gives_the_record_back_in_strings_that_the_dns_can_hold(
    key: SigningKey,
) -> None:
    import dns.zone

    made = record(key)
    zone = dns.zone.from_text(f"$TTL 60\n{made.zone}\n", "example.org", check_origin=False)
    found = zone.get_rdataset(f"{key.selector}._domainkey", "TXT")
    assert found is not None
    [text] = found
    assert b"".join(text.strings).decode() == made.value
    assert max(map(len, text.strings)) <= 255
