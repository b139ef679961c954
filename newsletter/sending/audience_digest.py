"""Whether an audience is still the same, without saying who is in it."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection

from newsletter.audience.lists import MAIN
from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.audience.subscriber import Wanted
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers


def new_salt() -> str:
    """A key for one digest, so that two digests of the same readers cannot be told to be."""
    return secrets.token_hex(16)


def audience_digest(
    database: Database,
    salt: str,
    lists: Collection[str] = (MAIN,),
    segment: Segment | None = None,
) -> str:
    """HMAC-SHA-256 in hex over the hashed addresses of everybody who would be mailed.

    They are hashed with a key of the newsletter's own; the salt keeps even those who know it from
    trying out who is among the readers.

    Args:
        database: Where the readers are.
        salt: The key.
        lists: Lists that it goes to; a reader who is on several counts once.
        segment: Which of their readers; None for all.

    Raises:
        DatabaseError: The database cannot be read.
    """
    wanted = Wanted(lists, Status.CONFIRMED, segment=segment)
    query = wanted.query(database.dialect, subscribers.c.email_hash).order_by(subscribers.c.id)
    digest = hmac.new(salt.encode(), digestmod="sha256")
    with database.reading() as connection:
        for email_hash in connection.execution_options(yield_per=10_000).scalars(query):
            digest.update(f"{email_hash}\n".encode())
    return digest.hexdigest()
