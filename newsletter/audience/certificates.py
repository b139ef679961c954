"""Readers' OpenPGP certificates, as they are kept."""

from __future__ import annotations

from sqlalchemy import update

from newsletter.audience import address
from newsletter.audience.text import quoted
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers
from newsletter.errors import NotFoundError


def keep_certificate(database: Database, email: str, certificate: bytes | None) -> None:
    """Keep what letters to a reader are encrypted to, in the place of what was kept before.

    Args:
        database: Where to.
        email: The reader's address, as typed.
        certificate: In binary, checked before; None for none any more.

    Raises:
        AudienceError: The address is none.
        NotFoundError: There is no such reader.
        DatabaseError: The database cannot be written.
    """
    parsed = address.parse(email)
    change = update(subscribers).where(subscribers.c.email_key == parsed.key)
    with database.writing() as connection:
        changed = connection.execute(change.values(certificate=certificate))
    if not changed.rowcount:
        raise NotFoundError(
            f"there is no subscriber {quoted(email)}",
            "See who is there with: newsletter subscribers list --search TEXT",
        )
