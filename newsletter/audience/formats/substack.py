"""Substack: the list of addresses in an export of a publication."""

from __future__ import annotations

from newsletter.audience.formats.format import Cells, Format, is_true
from newsletter.audience.standing import CONFIRMED, UNSUBSCRIBED, Standing


def _standing(cells: Cells) -> Standing:
    """Mail that is disabled was switched off by the reader, or does not arrive."""
    return UNSUBSCRIBED if is_true(cells.get("email_disabled", "")) else CONFIRMED


SUBSTACK = Format(
    name="substack",
    title="Substack",
    known_by=(
        frozenset({"email", "active_subscription", "email_disabled"}),
        frozenset({"email", "expiry", "email_disabled"}),
    ),
    fields={"email": "email", "created_at": "requested_at"},
    asks=("email_disabled",),
    standing=_standing,
    left_out=frozenset(
        {
            *("expiry", "digest_enabled", "first_payment_at", "first_paid_at"),
            *("stripe_connected_customer_id", "stripe_customer_id"),
        }
    ),
)
