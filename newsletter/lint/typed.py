"""Where an address stands in an issue file as it is read, so that it can be changed there."""

from __future__ import annotations

from newsletter.lint.addresses import Address
from newsletter.lint.context import Context


def typed(context: Context, address: Address) -> int | None:
    """Characters into the value where an address begins as it is read.

    None if it stands elsewhere, or is typed in another way: with ``&amp;`` or a backslash.

    Args:
        context: The issue.
        address: One of its addresses.
    """
    start = address.start
    value = context.manuscript.value(address.where)
    if address.is_bare and value.startswith("<", start):
        start += 1
    elif not address.is_written_here:
        return None
    return start if value.startswith(address.url, start) else None
