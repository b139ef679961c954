"""What a provider says of an account before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from newsletter.delivery.transports.http_answers import Refusal

_TRY = "Send yourself a proof: newsletter send --test ADDRESS"


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that a provider says.

    Attributes:
        what: What it is about: ``key``, ``sender``, ``tracking``, ``account``.
        said: What it says, a clause.
        hint: What to do; empty if there is nothing.
        is_good: Whether letters can go out; None if the provider does not say.
    """

    what: str
    said: str
    hint: str = ""
    is_good: bool | None = field(default=None, kw_only=True)


def key_taken(company: str) -> Standing:
    """The key is good."""
    return Standing("key", f"{company} takes it", is_good=True)


def key_refused(company: str, refusal: Refusal) -> Standing:
    """The key is not."""
    hint = "Make a new one there, and set NEWSLETTER_TRANSPORT_PASSWORD."
    return Standing("key", f"{company} refuses it: {refusal.told()}", hint, is_good=False)


def not_told(what: str, company: str, why: str) -> Standing:
    """The provider does not say, or not to this key."""
    return Standing(what, f"{company} does not say: {why}", _TRY)


def sender(company: str, domain: str, *, is_good: bool) -> Standing:
    """Whether letters from a domain may leave."""
    if is_good:
        return Standing("sender", f"{company} has verified {domain}", is_good=True)
    hint = f"Add {domain} there, and the DNS records that it shows."
    return Standing("sender", f"{company} has not verified {domain}", hint, is_good=False)


def watched(company: str, how: str) -> Standing:
    """Readers are watched, whatever requests say."""
    hint = f"Switch {how} off in the settings at {company}: no request can."
    said = f"{company} watches who reads your letters ({how})"
    return Standing("tracking", said, hint, is_good=False)


def objects(value: object) -> list[dict[str, Any]] | None:
    """The objects in a list that came as JSON; None if it is no list."""
    if not isinstance(value, list):
        return None
    return [one for one in value if isinstance(one, dict)]
