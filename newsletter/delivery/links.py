"""The web addresses that are made for one reader."""

from __future__ import annotations

from urllib.parse import quote

from newsletter.onion import leads_to_onion

NOT_SET = "https://base-url-is-not-set.invalid"
"""Stands in for a missing ``base_url``: can never work (RFC 2606 §2), and says why."""

PROOF = "proof"
"""Stands for a token in what goes to no reader: proofs, previews. Its page says so."""


def unsubscribe_url(base_url: str, token: str) -> str:
    """Where one reader unsubscribes, by a link or by one click of the mail program (RFC 8058).

    Args:
        base_url: ``https://…`` without a slash at the end, or an onion service; empty if none is
            set.
        token: The reader's opaque token.
    """
    return f"{base_url or NOT_SET}/unsubscribe/{quote(token, safe='')}"


def has_one_click(base_url: str) -> bool:
    """Whether mail programs can unsubscribe there by one click (RFC 8058).

    Not at an onion service: mail providers press the button from their own servers, which are not
    in Tor's network, and a program that looked the name up elsewhere would tell others that its
    user reads the letter (RFC 7686).
    """
    return not leads_to_onion(base_url)
