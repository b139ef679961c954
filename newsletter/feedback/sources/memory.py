"""What is remembered of a place that mail is read from, in the database."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from newsletter.database.dialects import insert_ignoring
from newsletter.database.tables import facts


def recall(connection: Connection, name: str) -> str:
    """What was remembered under a name, empty if nothing was."""
    return connection.scalar(select(facts.c.value).where(facts.c.name == name)) or ""


def remember(connection: Connection, name: str, value: str) -> None:
    """Remember a value in place of an earlier one.

    Args:
        connection: In ``writing()``.
        name: 64 characters at most.
        value: Text.
    """
    row = insert_ignoring(connection, facts, facts.c.name).values(name=name, value=value)
    if not connection.execute(row).rowcount:
        connection.execute(update(facts).where(facts.c.name == name).values(value=value))
