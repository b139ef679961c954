"""Our own tokens, found in whatever came back."""

from __future__ import annotations

import re
import struct

from newsletter.audience.tokens import Purpose, unseal
from newsletter.database.keys import Keys


def _pattern(purpose: Purpose) -> re.Pattern[str]:
    octets = struct.calcsize(purpose.value[1]) + 16  # AES-SIV adds 16 (RFC 5297 §2.6)
    length = -(-octets * 8 // 5)
    return re.compile(rf"(?<![a-z2-7])[a-z2-7]{{{length}}}(?![a-z2-7])", re.IGNORECASE | re.ASCII)


_PATTERNS = {purpose: _pattern(purpose) for purpose in (Purpose.BOUNCE, Purpose.UNSUBSCRIBE)}
_LONGEST = 64 * 1024
_MOST = 20
"""Words of the right length that are tried in one place."""


def find_tokens(text: str, purpose: Purpose, keys: Keys) -> list[tuple[int, ...]]:
    """The numbers in all genuine tokens of a text, in its order.

    Args:
        text: An address, a subject, the beginning of a body.
        purpose: BOUNCE or UNSUBSCRIBE.
        keys: Those of the database.
    """
    words = _PATTERNS[purpose].findall(text[:_LONGEST])[:_MOST]
    return [found for word in words if (found := unseal(keys, purpose, word)) is not None]
