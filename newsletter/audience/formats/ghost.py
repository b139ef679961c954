"""Ghost: the members of a site."""

from __future__ import annotations

from newsletter.audience.formats.format import Cells, Format, is_true
from newsletter.audience.standing import CONFIRMED, UNSUBSCRIBED, Standing


def _standing(cells: Cells) -> Standing:
    """Members may have an account, and want no mail."""
    if cells.get("deleted_at", "").strip():
        return UNSUBSCRIBED
    return CONFIRMED if is_true(cells.get("subscribed_to_emails", "")) else UNSUBSCRIBED


GHOST = Format(
    name="ghost",
    title="Ghost",
    known_by=(
        frozenset({"email", "subscribed_to_emails", "complimentary_plan"}),
        frozenset({"email", "subscribed_to_emails", "labels"}),
    ),
    fields={
        "email": "email",
        "name": "name",
        "created_at": "requested_at",
        "labels": "tags",
        "tiers": "tiers",
    },
    asks=("subscribed_to_emails", "deleted_at"),
    standing=_standing,
    left_out=frozenset({"id", "note", "complimentary_plan", "stripe_customer_id"}),
)
