"""Buttondown: the subscribers of a newsletter, of any type."""

from __future__ import annotations

from newsletter.audience.formats.format import Cells, Format
from newsletter.audience.standing import (
    COMPLAINED,
    CONFIRMED,
    PENDING,
    SUPPRESSED,
    UNSUBSCRIBED,
    Standing,
)
from newsletter.audience.text import quoted
from newsletter.errors import AudienceError

_TYPES = {
    **dict.fromkeys(
        ("regular", "premium", "trialed", "unpaid", "gifted", "churning", "past_due", "paused"),
        CONFIRMED,
    ),
    "unactivated": PENDING,
    "unsubscribed": UNSUBSCRIBED,
    "removed": UNSUBSCRIBED,
    "spammy": UNSUBSCRIBED,
    "undeliverable": SUPPRESSED,
    "bounced": SUPPRESSED,
    "complained": COMPLAINED,
}


def _standing(cells: Cells) -> Standing:
    """By their type.

    Raises:
        AudienceError: It is one that is not known here.
    """
    type_ = cells.get("type", cells.get("subscriber_type", ""))
    standing = _TYPES.get(type_.strip().lower())
    if standing is None:
        raise AudienceError(
            f"the type {quoted(type_)} is not known",
            f"Write one of {', '.join(_TYPES)}.",
        )
    return standing


BUTTONDOWN = Format(
    name="buttondown",
    title="Buttondown",
    known_by=(
        frozenset({"email_address", "subscriber_type"}),
        frozenset({"email", "subscriber_type"}),
        frozenset({"email_address", "type", "creation_date"}),
        frozenset({"email", "type", "creation_date"}),
    ),
    fields={
        "email_address": "email",
        "email": "email",
        "creation_date": "requested_at",
        "confirmation_date": "confirmed_at",
        "unsubscription_date": "unsubscribed_at",
        "tags": "tags",
        "metadata": "*",
    },
    asks=("subscriber_type", "type"),
    standing=_standing,
    left_out=frozenset(
        {
            *("id", "secondary_id", "notes", "ip_address", "risk_score", "avatar_url"),
            *("referrer_url", "referral_code", "source", "subscriber_import_id", "transitions"),
            *("utm_campaign", "utm_medium", "utm_source"),
            *("last_open_date", "last_click_date", "churn_date", "upgrade_date"),
            *("stripe_customer_id", "stripe_customer", "stripe_coupon", "purchased_by"),
            *("unsubscription_reason", "undeliverability_date", "undeliverability_reason"),
            "gift_subscription_message",
        }
    ),
)
