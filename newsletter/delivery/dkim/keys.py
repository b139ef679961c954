"""A private key that signs messages, and reading one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from newsletter.errors import ConfigurationError

PrivateKey = rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey

SHORTEST = 1024
"""Bits of an RSA key below which nobody may sign or verify (RFC 8301 §3.2)."""

ADVISED = 2048
"""Bits that an RSA key should have (RFC 8301 §3.2)."""

LONGEST = 4096
"""Bits of an RSA key above which receivers need not verify (RFC 8301 §3.2)."""

_PADDING = padding.PKCS1v15()
_SHA256 = SHA256()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key and where its public half stands in the DNS.

    Attributes:
        domain: Who signs (``d=``): a domain name in lower case, A-labels.
        selector: Which of the domain's keys this is (``s=``).
        private: The key itself.
    """

    domain: str
    selector: str
    private: PrivateKey = field(repr=False)

    @property
    def algorithm(self) -> str:
        """The name of the algorithm (``a=``)."""
        return "ed25519-sha256" if self.is_ed25519 else "rsa-sha256"

    @property
    def is_ed25519(self) -> bool:
        """Whether this is an Ed25519 key; otherwise it is RSA."""
        return isinstance(self.private, ed25519.Ed25519PrivateKey)

    @property
    def bits(self) -> int:
        """Length of the key."""
        return self.private.key_size if isinstance(self.private, rsa.RSAPrivateKey) else 256

    @property
    def is_weak(self) -> bool:
        """Whether receivers take it, but should not for long: RSA of less than 2048 bits."""
        return not self.is_ed25519 and self.bits < ADVISED

    def sign(self, data: bytes) -> bytes:
        """The signature of the header fields; the same data gives the same signature."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(hashlib.sha256(data).digest())  # RFC 8463 §3
        return self.private.sign(data, _PADDING, _SHA256)

    def pem(self) -> bytes:
        """The key as a file holds it: PKCS#8 in PEM, not encrypted."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_key(domain: str, selector: str, *, is_ed25519: bool = False) -> SigningKey:
    """A fresh key: RSA of 2048 bits, or Ed25519."""
    if is_ed25519:
        return SigningKey(domain, selector, ed25519.Ed25519PrivateKey.generate())
    return SigningKey(domain, selector, rsa.generate_private_key(65537, ADVISED))


def parse_key(pem: bytes, *, domain: str, selector: str, source: str) -> SigningKey:
    r"""A key from PEM text (PKCS#8, or PKCS#1 for RSA).

    Args:
        pem: The text; ``\n`` written as two characters is a line break, too, as some tools put it
            into environment variables.
        domain: Who signs.
        selector: Which key of that domain it is.
        source: Where the text comes from, for messages: a file or a variable.

    Raises:
        ConfigurationError: It is no private key, is encrypted, of another kind than RSA and
            Ed25519, or an RSA key that is too short or too long.
    """
    text = pem.replace(rb"\n", b"\n").strip()
    if b"PRIVATE KEY-----" not in text:
        what = "a public key" if b"PUBLIC KEY-----" in text else "no key"
        raise ConfigurationError(
            f"{source}: this is {what}, not a private key in PEM form",
            'It begins with "-----BEGIN PRIVATE KEY-----". Make one: newsletter dkim keygen',
        )
    try:
        private = load_pem_private_key(text + b"\n", password=None)
    except TypeError as error:  # what cryptography says of a key that wants a password
        raise ConfigurationError(
            f"{source}: the key is encrypted",
            "Nobody is there to type its password: openssl pkey -in OLD -out NEW",
        ) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ConfigurationError(
            f"{source}: the key is damaged, or of a form that cannot be read",
            "Copy it again, all lines of it, or make a new one: newsletter dkim keygen",
        ) from error
    if not isinstance(private, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise ConfigurationError(
            f"{source}: the key is neither RSA nor Ed25519",
            "DKIM knows these two only. Make one: newsletter dkim keygen",
        )
    key = SigningKey(domain, selector, private)
    if not key.is_ed25519 and not SHORTEST <= key.bits <= LONGEST:
        raise ConfigurationError(
            f"{source}: an RSA key of {key.bits} bits; receivers verify {SHORTEST} to {LONGEST}",
            "Make one of 2048 bits: newsletter dkim keygen",
        )
    return key
