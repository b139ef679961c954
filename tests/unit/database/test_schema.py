from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import newsletter.database
from newsletter.database.engine import Database
from newsletter.database.schema import HEAD
from newsletter.database.tables import metadata
from newsletter.errors import DatabaseError
from tests.databases import PostgresServer

# What PostgreSQL knows of the tables; columns may stand in any order.
POSTGRESQL_SHAPE = (
    "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, "
    "column_default, collation_name FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY table_name, column_name",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
)


def empty_but_versioned(path: Path) -> Path:
    """A database that alembic knows, before the first migration."""
    path.parent.mkdir(parents=True)
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.close()
    return path


def shape(database: Database) -> dict[str, list[str]]:
    """The parts of each table and index; constraints may stand in any order."""
    with database.reading() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql NOT NULL"))
        # A table that alembic copied has its name in quotes, and the empty default in brackets.
        plain = ((name, sql.replace('"', "").replace("('')", "''")) for name, sql in rows)
        return {name: sorted(re.split(r",\s*|\s*\(\s*|\s*\)\s*", sql)) for name, sql in plain}


def test_migrations_from_empty_give_exactly_the_tables_of_the_program(tmp_path: Path) -> None:
    migrated = Database.open(empty_but_versioned(tmp_path / "old" / "newsletter.db"))
    made = Database.open(tmp_path / "new" / "newsletter.db")
    with migrated.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert shape(migrated) == shape(made)
    assert "deliveries" in shape(made)
    migrated.close()
    made.close()


def test_migrations_give_the_tables_of_the_program_on_postgresql(
    postgres: PostgresServer,
) -> None:
    url = postgres.new_database()
    postgres.run(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))",
        url.rpartition("/")[2],
    )
    migrated, made = Database.open(url), Database.open(postgres.new_database())
    shapes = []
    for database in (migrated, made):
        with database.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
            shapes.append([connection.execute(text(query)).all() for query in POSTGRESQL_SHAPE])
        database.close()
    assert shapes[0] == shapes[1]
    assert any("deliveries" in str(row) for row in shapes[0][0])


def test_on_postgresql_text_sorts_as_on_sqlite(postgresql_url: str) -> None:
    database = Database.open(postgresql_url)
    with database.reading() as connection:
        collations = connection.scalars(
            text(
                "SELECT DISTINCT collation_name::text FROM information_schema.columns "
                "WHERE table_schema = 'public' AND table_name <> 'alembic_version' "
                "AND data_type IN ('text', 'character varying')"
            )
        ).all()
    database.close()
    assert collations == ["C"]


def test_the_server_database_of_another_program_is_refused(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    postgres.run("CREATE TABLE wp_posts (id int)", url.rpartition("/")[2])
    with pytest.raises(DatabaseError, match="belongs to another program") as caught:
        Database.open(url)
    assert "for newsletter alone" in caught.value.hint


def test_an_old_database_is_migrated_once(path: Path) -> None:
    for _ in range(2):
        database = Database.open(empty_but_versioned(path) if not path.exists() else path)
        with database.reading() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        database.close()


def test_head_is_the_newest_migration() -> None:
    config = Config()
    folder = Path(newsletter.database.__file__).with_name("migrations")
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == HEAD
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions), (
        "revisions are compared as text to know the newer one"
    )


def test_a_newer_database_is_refused_and_left_alone(path: Path) -> None:
    Database.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(DatabaseError, match=r"newer version of newsletter.*9999") as caught:
        Database.open(path)
    assert "Bring newsletter up to date" in caught.value.hint


def test_the_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE moz_places (id INTEGER)")
    connection.close()
    with pytest.raises(DatabaseError, match="belongs to another program"):
        Database.open(path)


def test_alembic_is_not_imported_for_a_new_database_or_one_that_is_up_to_date(path: Path) -> None:
    program = (
        "import sys, pathlib; from newsletter.database.engine import Database\n"
        "for _ in range(2): Database.open(pathlib.Path(sys.argv[1])).close()\n"
        "assert 'sqlalchemy' in sys.modules and 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(path)], check=True)
