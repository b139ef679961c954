"""Which keys belong to a database, and hashing what was readable before there were any."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from newsletter.database.dialects import insert_ignoring
from newsletter.database.keys import Keys
from newsletter.database.states import Suppressed
from newsletter.database.tables import facts, plain_suppressions, subscribers, suppressions
from newsletter.errors import DatabaseError

FACT = "keys"
"""Name of the fact that holds the fingerprint of the keys."""

_BATCH = 5000


def knows_its_keys(connection: Connection, keys: Keys, name: str) -> bool:
    """Whether the database has met its keys already.

    Args:
        connection: The database.
        keys: Those at hand.
        name: Its path or URL, for messages.

    Raises:
        DatabaseError: It belongs to other keys.
    """
    known = connection.scalar(select(facts.c.value).where(facts.c.name == FACT))
    if known not in (None, keys.fingerprint):
        raise DatabaseError(
            f"database {name}: the keys at hand are not those that belong to it",
            "Put back the copy of its keys, or name their file in keys_file. With others, "
            "suppressed addresses would not be known.",
        )
    return known is not None


def adopt(connection: Connection, keys: Keys) -> None:
    """Bind a database to its keys; addresses from before are hashed, readable ones removed.

    Args:
        connection: In a transaction to write in.
        keys: Which belong to it from now on.
    """
    unhashed = select(subscribers.c.id, subscribers.c.email_key)
    unhashed = unhashed.where(subscribers.c.email_hash == "").limit(_BATCH)
    change = update(subscribers).where(subscribers.c.id == bindparam("number"))
    while rows := connection.execute(unhashed).all():
        hashes = [{"number": row.id, "email_hash": keys.hash(row.email_key)} for row in rows]
        connection.execute(change, hashes)
    for row in connection.execute(select(plain_suppressions)).all():
        connection.execute(
            insert_ignoring(connection, suppressions).values(
                email_hash=keys.hash(row.email_key),
                reason=Suppressed.BY_HAND,
                detail=row.detail,
                created_at=row.created_at,
            )
        )
    connection.execute(delete(plain_suppressions))
    connection.execute(insert(facts).values(name=FACT, value=keys.fingerprint))
