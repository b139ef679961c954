"""Who gets an encrypted letter.

There is no way from "should be encrypted" to "goes out in clear": a reader who has given a key
that is of no use any more gets nothing until they give another, under both policies that look at
keys.
"""

from __future__ import annotations

from newsletter.audience.lists import Encryption as Policy

__all__ = ["Policy", "must_encrypt", "strictest"]


def must_encrypt(policy: Policy, *, has_key: bool) -> bool:
    """Whether a reader's letter must be encrypted; if it then cannot be, it must not go out."""
    return policy is Policy.REQUIRE or (policy is Policy.WHEN_AVAILABLE and has_key)


def strictest(*policies: Policy) -> Policy:
    """The policy for readers whom a letter reaches by several lists; off if there are none."""
    return max(policies, key=list(Policy).index, default=Policy.OFF)
