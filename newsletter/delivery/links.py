"""The web addresses that are made for one reader."""

from __future__ import annotations

from urllib.parse import quote

NOT_SET = "https://base-url-is-not-set.invalid"
"""Stands in for a missing ``base_url``: can never work (RFC 2606 §2), and says why."""

PROOF = "proof"
"""Stands for a token in what goes to no reader: proofs, previews. Its page says so."""


def unsubscribe_url(base_url: str, token: str) -> str:
    """Where one reader unsubscribes, by a link or by one click of the mail program (RFC 8058).

    Args:
        base_url: ``https://…`` without a slash at the end; empty if none is set.
        token: The reader's opaque token.
    """
    return f"{base_url or NOT_SET}/unsubscribe/{quote(token, safe='')}"
