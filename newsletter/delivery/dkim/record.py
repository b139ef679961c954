"""The DNS record that tells receivers the public half of a key."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from newsletter.delivery.dkim.keys import SigningKey

STRING = 255
"""Octets that one string of a TXT record may have (RFC 1035 §3.3)."""


@dataclass(frozen=True, slots=True)
class Record:
    """A TXT record.

    Attributes:
        name: Its name, without a dot at the end.
        value: Its text, all strings in one.
    """

    name: str
    value: str

    @property
    def zone(self) -> str:
        """The record as a zone file has it, in strings of at most 255 octets."""
        strings = (self.value[at : at + STRING] for at in range(0, len(self.value), STRING))
        quoted = "\n    ".join(f'"{string}"' for string in strings)
        return f"{self.name}. IN TXT (\n    {quoted} )"


def record(key: SigningKey) -> Record:
    """The record of a key (RFC 6376 §3.6.1; RFC 8463 §4 for Ed25519)."""
    public = key.private.public_key()
    if key.is_ed25519:
        kind, data = "ed25519", public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    else:
        form = PublicFormat.SubjectPublicKeyInfo
        kind, data = "rsa", public.public_bytes(Encoding.DER, form)
    value = f"v=DKIM1; k={kind}; p={b64encode(data).decode()}"
    return Record(f"{key.selector}._domainkey.{key.domain}", value)
