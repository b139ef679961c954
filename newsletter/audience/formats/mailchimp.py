"""Mailchimp: three files, of the subscribed, the unsubscribed and the cleaned members."""

from __future__ import annotations

from newsletter.audience.formats.format import Cells, Format
from newsletter.audience.standing import (
    COMPLAINED,
    CONFIRMED,
    SUPPRESSED,
    UNSUBSCRIBED,
    Standing,
)
from newsletter.errors import AudienceError


def _standing(cells: Cells) -> Standing:
    """By the columns that only the second and the third file have.

    Raises:
        AudienceError: There is such a column, and nothing in it.
    """
    for column, standing in (("clean_time", SUPPRESSED), ("unsub_time", UNSUBSCRIBED)):
        if column not in cells:
            continue
        if not cells[column].strip():
            raise AudienceError(
                f"{column.upper()} is empty, and nobody can tell whether they may be mailed",
                "Import each of Mailchimp's files as it is, or fill in the time.",
            )
        reason = cells.get("unsub_reason", "").lower()
        return COMPLAINED if "spam" in reason or "abuse" in reason else standing
    return CONFIRMED


MAILCHIMP = Format(
    name="mailchimp",
    title="Mailchimp",
    # Not by the address: what its column is called, each audience decides for itself.
    known_by=(
        frozenset({"member_rating", "optin_time"}),
        frozenset({"optin_time", "leid", "euid"}),
    ),
    fields={
        "email_address": "email",
        "email": "email",
        "language": "language",
        "optin_time": "requested_at",
        "confirm_time": "confirmed_at",
        "unsub_time": "unsubscribed_at",
        "tags": "tags",
    },
    asks=("clean_time", "unsub_time", "unsub_reason"),
    standing=_standing,
    left_out=frozenset(
        {
            *("member_rating", "optin_ip", "confirm_ip", "latitude", "longitude"),
            *("gmtoff", "dstoff", "timezone", "cc", "region", "last_changed"),
            *("leid", "euid", "notes", "unsub_reason_other"),
            *("unsub_campaign_title", "unsub_campaign_id"),
            *("clean_campaign_title", "clean_campaign_id"),
        }
    ),
)
"""Its columns in capitals are Mailchimp's own, the others those of the audience."""
