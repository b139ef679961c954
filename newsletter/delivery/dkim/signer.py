"""Signs messages by DKIM (RFC 6376): with RSA, Ed25519 (RFC 8463), or one signature of each."""

from __future__ import annotations

import datetime
import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from newsletter.delivery.dkim.heading import Heading, heading

if TYPE_CHECKING:
    from newsletter.delivery.dkim.keys import SigningKey

_CHUNK = 72  # characters of the signature in a line


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Signer:
    """Makes the DKIM-Signature fields of messages; may be used by several threads at once.

    Args:
        keys: One signature is made with each, in this order.
        clock: Tells the time for messages that bring none.

    Raises:
        ValueError: There are no keys.
    """

    def __init__(
        self, keys: Sequence[SigningKey], clock: Callable[[], datetime.datetime] = _now
    ) -> None:
        if not keys:
            raise ValueError("signing needs a key")
        self.keys = tuple(keys)
        self._clock = clock
        # A campaign's messages have the same few fields, so this stays small. Two threads may make
        # the same entry at once; it does not matter whose stays.
        self._headings: dict[tuple[str, ...], tuple[Heading, ...]] = {}

    def sign(
        self,
        fields: Sequence[tuple[str, bytes]],
        body: Iterable[bytes],
        at: datetime.datetime | None = None,
    ) -> bytes:
        """The DKIM-Signature fields of a message, to stand in front of its other fields.

        The same arguments always give the same bytes: neither kind of signature is random.

        Args:
            fields: All header fields in the order of the message: name in lower case, and the whole
                field as ``relaxed_field`` gives it. Those that are not in ``SIGNED`` are left out.
            body: The body as ``relaxed_body`` gives it, in pieces.
            at: When it was signed (``t=``), an aware time; a message that is tried again must say
                the same, so take its own Date. Without one, the time now.

        Returns:
            A field for each key, every line at most 78 octets long and ended by CRLF.

        Raises:
            ValueError: There is no From among the fields.
        """
        names = tuple(name for name, _ in fields)
        headings = self._headings.get(names)
        if headings is None:
            headings = tuple(heading(names, key) for key in self.keys)
            self._headings[names] = headings
        digest = hashlib.sha256()
        for piece in body:
            digest.update(piece)
        body_hash = b64encode(digest.digest())
        time = int((at or self._clock()).timestamp())
        covered = b"".join([fields[place][1] for place in headings[0].order])
        signatures = []
        for key, begun in zip(self.keys, headings, strict=True):
            rest = b"%d; bh=%s;" % (time, body_hash)
            # Signed is the field itself with its b= empty, without its line end (RFC 6376 §3.7).
            signature = key.sign(b"%s%s%s b=" % (covered, begun.relaxed, rest))
            signatures.append(b"%s%s\r\n b=%s\r\n" % (begun.written, rest, _folded(signature)))
        return b"".join(signatures)


def _folded(signature: bytes) -> bytes:
    text = b64encode(signature)
    return b"\r\n ".join([text[at : at + _CHUNK] for at in range(0, len(text), _CHUNK)])
