"""The part of a DKIM-Signature field that is the same for all messages with the same headers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.delivery.dkim.canonical import relaxed_field

if TYPE_CHECKING:
    from newsletter.delivery.dkim.keys import SigningKey

SIGNED = (
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "reply-to",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "feedback-id",
    "content-language",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
)
"""The fields that a signature covers if they are there (RFC 6376 §5.4.1): all that readers see or
mail programs act on. Both List-Unsubscribe fields must be among them (RFC 8058 §4)."""

OVERSIGNED = frozenset(
    {
        "from",
        "to",
        "subject",
        "date",
        "reply-to",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "feedback-id",
        "mime-version",
        "content-type",
    }
)
"""Named once more than they are there, so that a field which is added breaks the signature, too
(RFC 6376 §5.4.2, §8.15)."""

LINE = 78
"""Longest line of the field, without its CRLF (RFC 5322 §2.1.1)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """How messages with certain header fields are signed by one key.

    Attributes:
        order: The places, among the message's fields, of those to sign, in the order of ``h=``.
        written: The field up to and with ``t=``, as it stands in the message.
        relaxed: The same as it is signed.
    """

    order: tuple[int, ...]
    written: bytes
    relaxed: bytes


def heading(names: Sequence[str], key: SigningKey) -> Heading:
    """How messages with these header fields are signed by a key.

    Args:
        names: Names of the message's fields in lower case, in the order of the message.
        key: Signs them.

    Raises:
        ValueError: There is no From, which every signature must cover (RFC 6376 §5.4).
    """
    if "from" not in names:
        raise ValueError("a message without From cannot be signed")
    written = _fold(
        [
            " v=1;",
            f" a={key.algorithm};",
            " c=relaxed/relaxed;",
            f" d={key.domain};",
            f" s={key.selector};",
            *_named(names),
        ]
    )
    written = f"{written}\r\n t="
    relaxed = relaxed_field("DKIM-Signature", written).removesuffix(b"\r\n")
    return Heading(_order(names), f"DKIM-Signature:{written}".encode("ascii"), relaxed)


def _order(names: Sequence[str]) -> tuple[int, ...]:
    # Of fields of one name the last in the message is the first to be signed (RFC 6376 §5.4.2).
    backwards = range(len(names) - 1, -1, -1)
    return tuple(place for name in SIGNED for place in backwards if names[place] == name)


def _named(names: Sequence[str]) -> list[str]:
    """The tag ``h=`` in parts between which a line may be broken."""
    there = Counter(names)
    listed = [name for name in SIGNED for _ in range(there[name] + (name in OVERSIGNED))]
    parts = [f"{name}:" for name in listed[:-1]] + [f"{listed[-1]};"]
    return [f" h={parts[0]}", *parts[1:]]


def _fold(parts: Iterable[str]) -> str:
    """Parts in as few lines as possible; a space before a part gives way to a line break."""
    folded = ""
    room = LINE - len("DKIM-Signature:")
    for part in parts:
        if len(part) > room:
            part = f"\r\n {part.lstrip()}"
            room = LINE + len("\r\n")
        folded += part
        room -= len(part)
    return folded
