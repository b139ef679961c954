"""A reader's public key: what may be kept of what they gave, and whether it works today."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.delivery.openpgp.errors import (
    CertificateError,
    NotEncryptedError,
    SecretKeyError,
)
from newsletter.delivery.openpgp.library import failing_as, must_be_installed
from newsletter.delivery.openpgp.packets import (
    SECRET_KEY,
    SECRET_SUBKEY,
    OutlineError,
    TooManyPartsError,
    outline,
    without_armour,
)
from newsletter.delivery.openpgp.subkeys import components, last_day, lifetime, own_parts
from newsletter.delivery.openpgp.usable import try_out, usable_part

if TYPE_CHECKING:
    from pysequoia import Cert

LARGEST = 200_000
"""Octets of a key that is looked at. A usual one has 2 KB; a portrait makes more."""

_EXPORT = "Export the public key of one person: gpg --armor --export ADDRESS."
_WEAK = "It is of an old kind (SHA-1, or a short RSA key); its owner should make a new one."
_MINIMAL = (
    "Export it without what others have put on it: "
    "gpg --armor --export-options export-minimal --export ADDRESS."
)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A public key with its subkeys (RFC 9580 §10.1), as it is kept.

    Attributes:
        fingerprint: Names the key; hexadecimal in capitals.
        user_ids: Whom it names as its owner. Nobody but the reader should ever see them again.
        expires: From when on nothing can be encrypted to it; None if never.
        problem: Why nothing can be encrypted to it now: "the OpenPGP key was revoked"; empty if
            it can.
        data: The key in binary, without what others have put on it: what is to be kept.
    """

    fingerprint: str
    user_ids: tuple[str, ...] = field(repr=False)
    expires: datetime.datetime | None
    problem: str
    data: bytes = field(repr=False)

    @property
    def can_encrypt(self) -> bool:
        """Whether letters can be encrypted to it now."""
        return not self.problem


def parse_certificate(
    given: str | bytes, *, clock: Callable[[], datetime.datetime] = _now
) -> Certificate:
    """The public key that somebody has given, in armour or in binary.

    An expired or revoked key is read as well: ``problem`` says so.

    Args:
        given: At most 200,000 octets.
        clock: Tells the time.

    Raises:
        SecretKeyError: It holds a private key; nothing of it must be kept.
        CertificateError: It is too large or too weak, is not a key, or is several.
        ConfigurationError: The library is not installed.
    """
    must_be_installed()
    from pysequoia import Cert
    from pysequoia.packet import PacketPile

    data = _checked(given.encode("utf-8", "replace") if isinstance(given, str) else given)
    with failing_as(lambda: CertificateError("this is not one public OpenPGP key", _EXPORT)):
        # As a key first: it refuses whatever does not belong into one.
        packets = own_parts(PacketPile.from_bytes(bytes(Cert.from_bytes(data))))
    with failing_as(lambda: CertificateError("this OpenPGP key is damaged", _EXPORT)):
        cert = Cert.from_packets(packets)
        fingerprint, kept = cert.fingerprint.upper(), bytes(cert)
    # Names count only if they are bound to the key in a way that nobody can forge today.
    with failing_as(lambda: CertificateError("this OpenPGP key is too weak to be safe", _WEAK)):
        user_ids = tuple(str(user_id) for user_id in cert.user_ids)
    now = clock()
    problem = ""
    try:
        try_out(usable_part(kept, now))
    except NotEncryptedError as error:
        problem = str(error)
    return Certificate(fingerprint, user_ids, _end(cert, now), problem, kept)


def _checked(octets: bytes) -> bytes:
    """What was given, in binary, if it can be one public key of a decent size.

    Raises:
        SecretKeyError: It holds a private key.
        CertificateError: It cannot be.
    """
    if b"PRIVATE KEY BLOCK" in octets:
        raise SecretKeyError
    if len(octets) > LARGEST:
        raise CertificateError(f"this OpenPGP key has more than {LARGEST // 1000} KB", _MINIMAL)
    try:
        data = without_armour(octets)
        found = outline(data)
    except OutlineError as error:
        raise CertificateError("this is not one public OpenPGP key", _EXPORT) from error
    except TooManyPartsError as error:
        raise CertificateError(
            "this OpenPGP key has too many parts or signatures", _MINIMAL
        ) from error
    if found[SECRET_KEY] or found[SECRET_SUBKEY]:
        raise SecretKeyError
    return data


def _end(cert: Cert, now: datetime.datetime) -> datetime.datetime | None:
    """From when on nothing can be encrypted to a key."""
    from pysequoia.packet import PacketPile

    lives = (lifetime(part, now) for part in components(PacketPile.from_bytes(bytes(cert))))
    subkeys = last_day([life for life in lives if life and life.encrypts])
    ends = [end for end in (cert.expiration, subkeys) if end is not None]
    return min(ends, default=None)
