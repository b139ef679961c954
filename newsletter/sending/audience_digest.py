"""Whether an audience is still the same, without saying who is in it."""

from __future__ import annotations

import hmac
import secrets

from sqlalchemy import select

from newsletter.audience.status import Status, status_column, with_suppressions
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers


def new_salt() -> str:
    """A key for one digest, so that two digests of the same readers cannot be told to be."""
    return secrets.token_hex(16)


def audience_digest(database: Database, salt: str) -> str:
    """HMAC-SHA-256 in hex over the tokens of everybody who would be mailed, in their order.

    Tokens are random and say nothing of their readers; the key keeps even those who know a token
    from finding it out again.

    Args:
        database: Where the readers are.
        salt: The key.

    Raises:
        DatabaseError: The database cannot be read.
    """
    query = (
        select(subscribers.c.token)
        .select_from(with_suppressions())
        .where(status_column() == Status.ACTIVE.value)
        .order_by(subscribers.c.token)
    )
    digest = hmac.new(salt.encode(), digestmod="sha256")
    with database.reading() as connection:
        for token in connection.execution_options(yield_per=10_000).scalars(query):
            digest.update(f"{token}\n".encode())
    return digest.hexdigest()
