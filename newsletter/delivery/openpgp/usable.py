"""Whether anything may be encrypted to a key at a moment, and to which parts of it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from newsletter.delivery.openpgp.errors import NotEncryptedError
from newsletter.delivery.openpgp.library import failing_as
from newsletter.delivery.openpgp.subkeys import Lifetime, components, last_day, lifetime

if TYPE_CHECKING:
    from pysequoia import Cert

CANNOT = "the OpenPGP key has no part that can encrypt, or that part was revoked"


def usable_part(data: bytes, now: datetime.datetime) -> Cert:
    """A key without the parts that must not be used at a time.

    The library itself encrypts to keys that were revoked or have expired (pysequoia 0.1.35, tried
    with both), so that is found out here. It does refuse subkeys that were revoked, and keys that
    are bound by weak signatures; that shows when something is encrypted.

    Args:
        data: The key as ``Certificate.data`` has it.
        now: An aware time.

    Raises:
        NotEncryptedError: Nothing may be encrypted to it at that time.
    """
    from pysequoia import Cert
    from pysequoia.packet import PacketPile

    with failing_as(lambda: NotEncryptedError("the OpenPGP key cannot be read")):
        cert = Cert.from_bytes(data)
        parts = components(PacketPile.from_bytes(data))
    with failing_as(lambda: NotEncryptedError("the OpenPGP key is too weak to be safe")):
        revoked, end = cert.is_revoked, cert.expiration
    if revoked:
        raise NotEncryptedError("the OpenPGP key was revoked")
    if end is not None and end <= now:
        raise NotEncryptedError(f"the OpenPGP key expired on {end:%Y-%m-%d}")
    lives = [(part, lifetime(part, now)) for part in parts]
    over = [life for _, life in lives if life and not life.holds(now)]
    if not over:
        return cert
    kept = [
        packet for part, life in lives if life is None or life.holds(now) for packet in part.packets
    ]
    if not any(life and life.encrypts and life.holds(now) for _, life in lives):
        raise NotEncryptedError(_why([life for life in over if life.encrypts], now))
    with failing_as(lambda: NotEncryptedError(CANNOT)):
        return Cert.from_packets(kept)


def try_out(cert: Cert) -> None:
    """Encrypt nothing to a key, to see whether it can be done.

    Raises:
        NotEncryptedError: It cannot.
    """
    from pysequoia import encrypt

    with failing_as(lambda: NotEncryptedError(CANNOT)):
        encrypt(b"", recipients=[cert])


def _why(over: list[Lifetime], now: datetime.datetime) -> str:
    if any(life.begins > now for life in over):
        return "the part of the OpenPGP key that encrypts is not valid yet"
    day = last_day(over)
    return f"the part of the OpenPGP key that encrypts expired on {day:%Y-%m-%d}" if day else CANNOT
