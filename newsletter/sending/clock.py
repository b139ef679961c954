"""The time, and when news is stale."""

from __future__ import annotations

import datetime


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def end_of(expires: datetime.date | datetime.datetime | None) -> datetime.datetime | None:
    """The moment that an issue's ``expires`` means, in UTC.

    A day ends at midnight, and a time without a zone is meant, in the time zone of this machine.
    """
    if expires is None:
        return None
    if not isinstance(expires, datetime.datetime):
        next_day = expires + datetime.timedelta(days=1)
        expires = datetime.datetime.combine(next_day, datetime.time())
    return expires.astimezone(datetime.UTC)


def local(moment: datetime.datetime) -> str:
    """``2026-11-27 at 07:30``, in the time zone of this machine."""
    return f"{moment.astimezone():%Y-%m-%d at %H:%M}"
