"""Which schema a database has, and bringing it to the newest."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from newsletter.database.tables import metadata
from newsletter.errors import DatabaseError

HEAD = "0001"
"""The newest revision in ``migrations/versions``; revisions are numbers of four digits."""

# Alembic keeps the revision in this table. It is declared here too, because importing alembic
# takes 1.3 s, and nearly every run meets a database that is new or up to date.
version = Table(
    "alembic_version",
    MetaData(naming_convention={"pk": "%(table_name)s_pkc"}),
    Column("version_num", String(32), primary_key=True, nullable=False),
)


def is_current(connection: Connection, path: Path) -> bool:
    """Whether the schema is the newest.

    Args:
        connection: The database.
        path: Its file, for messages.

    Raises:
        DatabaseError: The schema is newer than this program, or not ours.
    """
    tables = inspect(connection).get_table_names()
    if version.name not in tables:
        if tables:
            raise DatabaseError(
                f"database {path}: it belongs to another program",
                "Move the file away; newsletter makes its own.",
            )
        return False
    revision = connection.scalar(select(version.c.version_num)) or ""
    if revision > HEAD:
        raise DatabaseError(
            f"database {path}: a newer version of newsletter made it "
            f"(schema {revision}; this one knows {HEAD})",
            "Bring newsletter up to date and run it again.",
        )
    return revision == HEAD


def bring_up_to_date(connection: Connection, path: Path) -> None:
    """Make the tables in an empty database; migrate an old one.

    Args:
        connection: In an exclusive transaction: of two programs that open a new database
            together, one makes the tables and the other finds them.
        path: The database's file, for messages.

    Raises:
        DatabaseError: The schema is newer than this program, or not ours.
    """
    if is_current(connection, path):
        return
    if inspect(connection).has_table(version.name):
        migrate(connection)
        return
    metadata.create_all(connection)
    version.create(connection)
    connection.execute(version.insert().values(version_num=HEAD))


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
