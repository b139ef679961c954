"""listmonk: subscribers, of one list or of all.

What a reader is on is not in the file: whoever has left a list and not been blocked is still
"enabled" in it. So export only those whose subscription to the list is confirmed.
"""

from __future__ import annotations

from newsletter.audience.formats.format import Cells, Format
from newsletter.audience.standing import (
    CONFIRMED,
    PENDING,
    SUPPRESSED,
    UNSUBSCRIBED,
    Standing,
)
from newsletter.audience.text import quoted
from newsletter.errors import AudienceError

_STATUSES = {
    "enabled": CONFIRMED,
    "disabled": UNSUBSCRIBED,
    "blocklisted": SUPPRESSED,
    "blacklisted": SUPPRESSED,  # as it was called before 2021
}
_SUBSCRIPTIONS = {
    "": CONFIRMED,
    "confirmed": CONFIRMED,
    "unconfirmed": PENDING,
    "unsubscribed": UNSUBSCRIBED,
}


def _standing(cells: Cells) -> Standing:
    """By their own status, and that of the subscription if somebody has added it.

    Raises:
        AudienceError: One of them is not known here.
    """
    return _known(cells.get("status", ""), _STATUSES).or_worse(
        _known(cells.get("subscription_status", ""), _SUBSCRIPTIONS)
    )


def _known(text: str, words: dict[str, Standing]) -> Standing:
    standing = words.get(text.strip().lower())
    if standing is None:
        raise AudienceError(
            f"the status {quoted(text)} is not known",
            f"Write one of {', '.join(filter(None, words))}.",
        )
    return standing


LISTMONK = Format(
    name="listmonk",
    title="listmonk",
    known_by=(
        frozenset({"uuid", "email", "attributes", "status"}),
        frozenset({"id", "email", "attributes", "status"}),
    ),
    fields={
        "email": "email",
        "name": "name",
        "attributes": "*",
        "created_at": "requested_at",
    },
    asks=("status", "subscription_status"),
    standing=_standing,
    left_out=frozenset({"id", "uuid", "updated_at", "lists", "subscription_created_at"}),
)
