"""A signature under a plan, and whom it is found to be from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NewsletterError

LARGEST = 100_000
"""Bytes of a signature; usual are 300 to 3,000."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A file beside a plan.

    Attributes:
        name: What the file is called; it says nothing of whom the signature is from.
        content: Its text.
    """

    name: str
    content: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Whom a signature is from.

    Attributes:
        name: Of the person: an address, as a rule.
        key: The fingerprint of their key.
    """

    name: str
    key: str


class BadSignatureError(NewsletterError):
    """A signature does not count; the message says why."""


def signatures_beside(plan: Path) -> tuple[Signature, ...]:
    """The signatures beside a plan: ``PLAN.<name>.sig`` of SSH, ``PLAN.<name>.asc`` of OpenPGP."""
    files = sorted(
        file
        for file in plan.parent.iterdir()
        if file.name.startswith(f"{plan.name}.") and file.suffix in (".sig", ".asc")
    )
    found = []
    for file in files:
        with file.open("rb") as opened:
            content = opened.read(LARGEST)
        found.append(Signature(file.name, content.decode("ascii", "replace")))
    return tuple(found)
