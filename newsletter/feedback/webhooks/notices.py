"""What providers say of a message, in our words."""

from __future__ import annotations

import datetime

from newsletter.database.states import Kind, Suppressed
from newsletter.feedback.classify import Action, Verdict
from newsletter.feedback.classify.verdict import judge
from newsletter.feedback.event import Notice


def bounced(address: str, status: str, reply: str, says: Kind) -> Notice:
    """A message that did not arrive, and will not.

    Providers call many a refusal of a letter a "hard bounce", and an address "invalid" for reasons
    of their own. So their word decides only what a bounce counts as; that the mailbox is gone is
    proved as in any bounce, by what the refusing server said: its code, or its words at RCPT.

    Args:
        address: Whom the message went to.
        status: Enhanced status code, or empty.
        reply: What the server answered, or empty.
        says: What the provider makes of it; counts where the server's answer says nothing.
    """
    judged = judge(Action.FAILED, status, reply) if status or reply else None
    found = {
        Verdict.HARD: Kind.HARD,
        Verdict.MAILBOX_FULL: Kind.MAILBOX_FULL,
        Verdict.POLICY: Kind.POLICY,
    }
    kind = found.get(judged.verdict, says) if judged else says
    proved = judged is not None and judged.suppresses and kind is Kind.HARD
    why = Suppressed.BOUNCE if proved else None
    return Notice(kind, address, why, status or (judged.status if judged else ""), reply)


def complained(address: str) -> Notice:
    """The reader called it spam."""
    return Notice(Kind.COMPLAINT, address, Suppressed.COMPLAINT)


def not_tried(address: str, reason: Suppressed, detail: str) -> Notice:
    """The provider did not even try: the address stands on a list of its own.

    For a bounce that is an opinion, perhaps an old one, or another customer's: it counts, and
    proves nothing. A complaint is the reader's word, and is believed; but as it was made long ago,
    it is not counted as a new one.
    """
    if reason is Suppressed.BOUNCE:
        return Notice(Kind.HARD, address, detail=detail)
    return Notice(Kind.POLICY, address, reason, detail=detail)


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
