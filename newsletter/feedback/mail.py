"""From a message that came in to an event: what it says, and what it proves."""

from __future__ import annotations

import datetime
import email.message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime

from newsletter.audience.tokens import Purpose
from newsletter.database.keys import Keys
from newsletter.database.states import Kind, Suppressed
from newsletter.feedback import classify as sorting
from newsletter.feedback.classify import Action, Report, Verdict
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.found_tokens import find_tokens
from newsletter.feedback.wish import read_wish

SOURCE = "mail"
"""The same for every way in which mail is read: a message read twice is one event."""

_KINDS = {
    Verdict.HARD: Kind.HARD,
    Verdict.MAILBOX_FULL: Kind.MAILBOX_FULL,
    Verdict.POLICY: Kind.POLICY,
    Verdict.SOFT: Kind.SOFT,
    Verdict.COMPLAINT: Kind.COMPLAINT,
    Verdict.AUTO_REPLY: Kind.AUTO_REPLY,
    Verdict.UNSUBSCRIBE: Kind.UNSUBSCRIBED,
    Verdict.OTHER: Kind.OTHER,
}
_WAITING = {Action.DELAYED, Action.RELAYED, Action.EXPANDED}
_OLDEST = datetime.timedelta(days=60)
"""A date further in the past is not believed: clocks of mail servers are sometimes wrong."""


def read_mail(
    message: bytes, keys: Keys, now: datetime.datetime, *, trusted_results: str = ""
) -> Event | None:
    """What a message says.

    Args:
        message: As it was delivered; a line ``From …`` before it does not matter.
        keys: Those of the database; tokens are opened with them.
        now: The time.
        trusted_results: Name of our own mail server in ``Authentication-Results`` (RFC 8601).

    Returns:
        The event; None if it is neither a report, nor written by a machine, nor a wish to
        unsubscribe: a letter that somebody must read.
    """
    message = _normal(message)
    report = sorting.classify(message)
    header = _header(message)
    wish = read_wish(report, header, message, keys, trusted_results)
    notices: tuple[Notice, ...]
    if wish is not None:
        about, notices = wish, (Notice(Kind.UNSUBSCRIBED),)
    elif report.kind in {sorting.Kind.UNSUBSCRIBE, sorting.Kind.OTHER}:
        return None
    else:
        about = _about(report, keys)
        notices = tuple(_notice(report, one) for one in report.recipients) or (
            _notice(report, sorting.Recipient("", report.verdict)),
        )
    return Event(event_key(SOURCE, message), SOURCE, _date(header, now), about, notices)


def _normal(message: bytes) -> bytes:
    """The same bytes for the same message, whether it comes from a file, an mbox or a server."""
    message = message.replace(b"\r\n", b"\n")
    if message.startswith(b"From "):
        message = message.partition(b"\n")[2]
    return message.rstrip(b"\n") + b"\n"


def _header(message: bytes) -> email.message.Message:
    return BytesHeaderParser().parsebytes(message.partition(b"\n\n")[0][:_LONGEST_HEADER] + b"\n\n")


_LONGEST_HEADER = 64 * 1024


def _date(header: email.message.Message, now: datetime.datetime) -> datetime.datetime:
    try:
        date = parsedate_to_datetime(str(header.get("Date", "")))
        if date.tzinfo is None:
            date = date.replace(tzinfo=datetime.UTC)
        return date.astimezone(datetime.UTC) if now - _OLDEST < date <= now else now
    except (ValueError, TypeError, OverflowError, IndexError):
        return now


# ── reports ──────────────────────────────────────────────────────────────────────────────────────


def _about(report: Report, keys: Keys) -> About:
    """Whatever in it nobody could know who has not had our message.

    An ENVID and an address prove nothing: the former names a submission for our relay's sake, the
    latter is known to anybody who wants to harm its owner.
    """
    original = report.original
    addresses = (*report.sent_to, original.return_path)
    delivery = next(
        (n for text in addresses for (n,) in find_tokens(text, Purpose.BOUNCE, keys)), 0
    )
    message_ids = (original.message_id, *report.in_reply_to)
    subscription = campaign = 0
    if report.kind is sorting.Kind.COMPLAINT:
        # Many providers take everything out of a complaint that names the reader; our link stays.
        found = find_tokens(original.list_unsubscribe, Purpose.UNSUBSCRIBE, keys)
        subscription, campaign = next(iter(found), (0, 0))
    return About(delivery, tuple(filter(None, message_ids)), "", subscription, campaign)


def _notice(report: Report, one: sorting.Recipient) -> Notice:
    kind = _KINDS[one.verdict]
    if report.kind is sorting.Kind.RECEIPT and one.action is Action.DELIVERED:
        kind = Kind.DELIVERED
    elif report.kind is sorting.Kind.RECEIPT or one.action in _WAITING:
        kind = Kind.OTHER
    why = None
    if one.suppresses:
        why = Suppressed.COMPLAINT if kind is Kind.COMPLAINT else Suppressed.BOUNCE
    if kind is Kind.OTHER:
        why = None
    waits = "not yet: " if one.action is Action.DELAYED else ""
    return Notice(kind, one.address, why, one.status, waits + one.reply)
