"""The parts of a key that may encrypt, and until when: the library does not look at the date."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pysequoia.packet import Packet


@dataclass(slots=True)
class Component:
    """The primary key, a subkey, or a name, with the signatures that follow it (RFC 9580 §10.1).

    Attributes:
        head: The packet itself.
        signatures: Those behind it.
    """

    head: Packet
    signatures: list[Packet] = field(default_factory=list)

    @property
    def packets(self) -> list[Packet]:
        """All of it, in its order."""
        return [self.head, *self.signatures]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When a subkey may be used.

    Attributes:
        encrypts: Whether it is meant for that.
        begins: From then on.
        ends: Until then; None for ever.
    """

    encrypts: bool
    begins: datetime.datetime
    ends: datetime.datetime | None

    def holds(self, now: datetime.datetime) -> bool:
        """Whether it may be used at a time."""
        return self.begins <= now and (self.ends is None or now < self.ends)


def components(packets: Iterable[Packet]) -> list[Component]:
    """The packets of a key put together as they belong."""
    from pysequoia.packet import Tag

    found: list[Component] = []
    for packet in packets:
        if packet.tag == Tag.Signature and found:
            found[-1].signatures.append(packet)
        else:
            found.append(Component(packet))
    return found


def lifetime(component: Component, now: datetime.datetime) -> Lifetime | None:
    """When a subkey may be used; None for anything else.

    The newest binding signature counts (RFC 9580 §5.2.3.10). Whether it is genuine is the
    library's to find out.
    """
    from pysequoia.packet import SignatureType, Tag

    subkey = component.head
    if subkey.tag != Tag.PublicSubkey or subkey.key_created is None:
        return None
    bindings = [
        (signature.signature_created, place, signature)
        for place, signature in enumerate(component.signatures)
        if signature.signature_type == SignatureType.SubkeyBinding
        and signature.signature_created is not None
        and signature.signature_created <= now
    ]
    if not bindings:
        return Lifetime(encrypts=False, begins=subkey.key_created, ends=None)
    binding = max(bindings)[2]
    flags, valid = binding.key_flags, binding.key_validity_period
    return Lifetime(
        encrypts=bool(flags and (flags.transport_encryption or flags.storage_encryption)),
        begins=subkey.key_created,
        ends=subkey.key_created + valid if valid else None,
    )


def own_parts(packets: Iterable[Packet]) -> list[Packet]:
    """A key without what other people have put on it, and without its owner's portrait.

    Signatures by others say who knows whom, and anybody can hang thousands of them on a key.
    """
    from pysequoia.packet import Tag

    parts = components(packets)
    if not parts:
        return []
    primary = parts[0].head
    kinds = (Tag.PublicKey, Tag.PublicSubkey, Tag.UserID)  # they have no hash
    by_owner = {primary.fingerprint, primary.key_id}
    kept: list[Packet] = []
    for part in parts:
        if part.head.tag in kinds:
            kept.append(part.head)
            kept += [signature for signature in part.signatures if _is_by(signature, by_owner)]
    return kept


def _is_by(signature: Packet, owner: set[str | None]) -> bool:
    """Whether a signature is the owner's; one that does not say whose it is stays."""
    named = {signature.issuer_fingerprint, signature.issuer_key_id} - {None}
    return not named or bool(named & owner)


def last_day(lifetimes: Sequence[Lifetime]) -> datetime.datetime | None:
    """When the last of several subkeys ends; None if one never does, or there are none."""
    ends = [lifetime.ends for lifetime in lifetimes]
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None
