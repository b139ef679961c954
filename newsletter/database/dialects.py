"""Statements that SQLite and PostgreSQL spell in dialects of their own."""

from __future__ import annotations

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_ignoring(connection: Connection, table: Table) -> Insert:
    """An INSERT that passes over rows whose primary or unique key is taken already.

    Both say ``ON CONFLICT DO NOTHING``; ``rowcount`` is the number of rows that were new.
    """
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
