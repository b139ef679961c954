"""What providers say of a message, in our words."""

from __future__ import annotations

import datetime

from newsletter.database.states import Kind, Suppressed
from newsletter.feedback.classify import Action, Verdict
from newsletter.feedback.classify.verdict import judge
from newsletter.feedback.event import Notice


def bounced(address: str, status: str, reply: str, says: Kind, *, dead: bool = False) -> Notice:
    """A message that did not arrive, and will not.

    Providers call many a refusal of a letter a "hard bounce". The words of the server that refused
    it count for more: only what proves a dead mailbox ends a subscription.

    Args:
        address: Whom the message went to.
        status: Enhanced status code, or empty.
        reply: What the server answered, or empty.
        says: What the provider makes of it.
        dead: The provider says that the mailbox does not exist.
    """
    judged = judge(Action.FAILED, status, reply) if status or reply else None
    found = {
        Verdict.HARD: Kind.HARD,
        Verdict.MAILBOX_FULL: Kind.MAILBOX_FULL,
        Verdict.POLICY: Kind.POLICY,
    }
    kind = found.get(judged.verdict, says) if judged else says
    proved = bool(judged and judged.suppresses) or (dead and kind is Kind.HARD)
    why = Suppressed.BOUNCE if proved and kind is Kind.HARD else None
    return Notice(kind, address, why, status or (judged.status if judged else ""), reply)


def complained(address: str) -> Notice:
    """The reader called it spam."""
    return Notice(Kind.COMPLAINT, address, Suppressed.COMPLAINT)


def not_tried(address: str, reason: Suppressed, detail: str) -> Notice:
    """The provider did not even try: the address stands on a list of its own.

    A complaint that was made long ago is not a new one, so it is not counted as such.
    """
    kind = Kind.HARD if reason is Suppressed.BOUNCE else Kind.POLICY
    return Notice(kind, address, reason, "", detail)


def text_of(fields: object, *names: str) -> str:
    """The text below some names, one in the other; empty if there is none."""
    for name in names:
        fields = fields.get(name) if isinstance(fields, dict) else None
    if isinstance(fields, bool) or not isinstance(fields, str | int | float):
        return ""
    return str(fields)


def moment(value: object, now: datetime.datetime) -> datetime.datetime:
    """A point in time as ISO 8601 or in seconds since 1970; ``now`` if it is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.datetime.fromtimestamp(value, datetime.UTC)
        found = datetime.datetime.fromisoformat(str(value))
    except (ValueError, OverflowError, OSError):
        return now
    return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found
