"""Which schema a database has, and bringing it to the newest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Dialect, MetaData, String, Table, inspect, select, text
from sqlalchemy.engine.mock import MockConnection

from newsletter.database.tables import metadata
from newsletter.errors import DatabaseError

HEAD = "0007"
"""The newest revision in ``migrations/versions``; revisions are numbers of four digits."""

# Alembic keeps the revision in this table. It is declared here too, because importing alembic
# takes 1.3 s, and nearly every run meets a database that is new or up to date.
version = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True, nullable=False),
)


_MIGRATING = 0x6E6577736C657474
"""Number of the lock that keeps two programs from making the tables at once on PostgreSQL."""


def is_current(connection: Connection, name: str) -> bool:
    """Whether the schema is the newest.

    Args:
        connection: The database.
        name: Its path or URL, for messages.

    Raises:
        DatabaseError: The schema is newer than this program, or not ours.
    """
    tables = inspect(connection).get_table_names()
    if version.name not in tables:
        if tables:
            raise DatabaseError(
                f"database {name}: it belongs to another program",
                "Move the file away; newsletter makes its own."
                if connection.dialect.name == "sqlite"
                else "Make a database that is for newsletter alone, and name that.",
            )
        return False
    revision = connection.scalar(select(version.c.version_num)) or ""
    if revision > HEAD:
        raise DatabaseError(
            f"database {name}: a newer version of newsletter made it "
            f"(schema {revision}; this one knows {HEAD})",
            "Bring newsletter up to date and run it again.",
        )
    return revision == HEAD


def bring_up_to_date(connection: Connection, name: str) -> None:
    """Make the tables in an empty database; migrate an old one.

    Of two programs that open a new database together, one makes the tables and the other finds
    them: on SQLite there is one writer at a time, on PostgreSQL they wait for a lock.

    Args:
        connection: In a transaction to write in.
        name: Path or URL of the database, for messages.

    Raises:
        DatabaseError: The schema is newer than this program, or not ours.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
    if is_current(connection, name):
        return
    if inspect(connection).has_table(version.name):
        migrate(connection)
    else:
        for statement in _definitions(connection.dialect):
            connection.exec_driver_sql(statement)
        connection.execute(version.insert().values(version_num=HEAD))
    if connection.dialect.name == "postgresql":
        _compare_by_code_point(connection)


_defined: dict[type[Dialect], tuple[str, ...]] = {}


def _definitions(dialect: Dialect) -> tuple[str, ...]:
    """The statements that make all tables; found once, as that takes longer than running them."""
    kind = type(dialect)
    if kind not in _defined:
        statements: list[str] = []

        def note(definition: Any, *_: Any, **__: Any) -> None:
            statements.append(str(definition.compile(dialect=dialect)))

        words: Any = MockConnection(dialect, note)
        metadata.create_all(words, checkfirst=False)
        version.create(words, checkfirst=False)
        _defined[kind] = tuple(statements)
    return _defined[kind]


def _compare_by_code_point(connection: Connection) -> None:
    """Give all text the collation "C", so that it sorts as on SQLite, whatever the server's is.

    It also keeps indexes sound when the server's operating system, and with it the order of words
    in its languages, is brought up to date.
    """
    others = text(
        "SELECT table_name, column_name, data_type, character_maximum_length "
        "FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND data_type IN ('text', 'character varying') "
        "AND collation_name IS DISTINCT FROM 'C'"
    )
    quote = connection.dialect.identifier_preparer.quote
    for table, column, kind, length in connection.execute(others).all():
        if table in metadata.tables:
            size = f"({length})" if length else ""
            connection.exec_driver_sql(
                f"ALTER TABLE {quote(table)} ALTER COLUMN {quote(column)} "
                f'TYPE {kind}{size} COLLATE "C"'
            )


def migrate(connection: Connection) -> None:
    """Run all migrations that a database has not seen, in the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    folder = Path(__file__).with_name("migrations")
    # A percent sign is special in alembic's settings.
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
