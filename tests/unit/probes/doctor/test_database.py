"""The database on a server, looked at on a real PostgreSQL."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from sqlalchemy import create_engine, inspect

from newsletter.database.engine import Database
from newsletter.database.server import Server
from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.database import check_database
from tests.databases import USER_WITH_PASSWORD, PostgresServer, postgres, postgresql_url
from tests.smtp import free_port
from tests.unit.probes.doctor.kit import ERROR, OK, WARNING, levels, of, only

__all__ = ["postgres", "postgresql_url"]

NOW = datetime.datetime(2026, 11, 24, tzinfo=datetime.UTC)
SOUND = Server(
    name="postgresql://letter@db.example.org/letter",
    host="db.example.org",
    is_here=False,
    sslmode="verify-full",
    version=170002,
    is_standby=False,
    is_encrypted=True,
    synchronous_commit="on",
    fsync=True,
    full_page_writes=True,
    may_create=True,
    is_current=True,
)


def judged(monkeypatch: pytest.MonkeyPatch, **changes: object) -> list[Checkup]:
    server = dataclasses.replace(SOUND, **changes)  # type: ignore[arg-type]
    monkeypatch.setattr(Server, "look", lambda *_: server)
    return check_database("postgresql://db.example.org/letter", "", NOW)


def test_a_file_needs_no_server() -> None:
    assert only(check_database("", "", NOW)).level is OK


def test_a_real_server_is_looked_at_and_what_is_wrong_with_it_is_said(postgresql_url: str) -> None:
    found = check_database(postgresql_url, "", NOW)
    assert of(found, "database").said.startswith("PostgreSQL ")
    assert of(found, "encryption of the database's connection").said == "not needed on this machine"
    kept = of(found, "what the database keeps")
    assert (kept.level, "fsync is off" in kept.said) == (ERROR, True), "the server of the tests"


def test_what_this_program_commits_is_synchronous_and_encrypted_as_asked_for(
    postgres: PostgresServer, postgresql_url: str
) -> None:
    server = Server.look(f"{postgresql_url}?sslmode=verify-full&sslrootcert={postgres.authority}")
    assert (server.is_encrypted, server.synchronous_commit) == (True, "on")
    assert (server.may_create, server.is_current, server.is_standby) == (True, True, False)


def test_looking_makes_no_tables(postgres: PostgresServer) -> None:
    url = postgres.new_database()
    found = of(check_database(url, "", NOW), "database")
    assert (found.level, "by the next command" in found.said) == (OK, True)
    engine = create_engine(
        f"postgresql+pg8000://{url.partition('://')[2]}", isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
    Database.open(url).close()
    assert "by the next command" not in of(check_database(url, "", NOW), "database").said


def test_a_server_that_is_not_there_and_a_database_that_is_not_are_errors(
    postgresql_url: str,
) -> None:
    gone = only(check_database(f"postgresql://127.0.0.1:{free_port()}/letter", "", NOW))
    assert (gone.level, "cannot be reached" in gone.said, bool(gone.hint)) == (ERROR, True, True)
    missing = only(check_database(f"{postgresql_url}_missing", "", NOW))
    assert (missing.level, "no such database" in missing.said) == (ERROR, True)


def test_a_password_is_said_to_nobody(postgres: PostgresServer, postgresql_url: str) -> None:
    name = postgresql_url.rpartition("/")[2]
    url = f"postgresql://{USER_WITH_PASSWORD}_x@127.0.0.1:{postgres.port}/{name}"
    for found in check_database(url, "open sesame", NOW):
        assert "sesame" not in f"{found.said} {found.hint}"


@pytest.mark.parametrize(
    ("changes", "level", "what", "words"),
    [
        ({}, OK, "database", "PostgreSQL 17.2"),
        ({"version": 140020}, WARNING, "database", "since November 2026"),
        ({"version": 150000}, OK, "database", "PostgreSQL 15.0"),
        ({"is_standby": True}, ERROR, "database", "standby"),
        ({"may_create": False, "is_current": False}, ERROR, "database", "may not make tables"),
        ({"may_create": False}, OK, "database", "answers"),
        ({"is_encrypted": False}, WARNING, "encryption", "in the clear"),
        ({"sslmode": "require"}, WARNING, "encryption", "need not prove"),
        ({"is_encrypted": False, "is_here": True}, OK, "encryption", "not needed"),
        ({"synchronous_commit": "off"}, ERROR, "keeps", "synchronous_commit is off"),
        ({"fsync": False}, ERROR, "keeps", "fsync is off"),
        ({"full_page_writes": False}, WARNING, "keeps", "full_page_writes is off"),
    ],
)
def test_each_thing_is_judged(
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, object],
    level: Level,
    what: str,
    words: str,
) -> None:
    found = judged(monkeypatch, **changes)
    assert len(found) == 3
    one = next(c for c in found if words in c.said)
    assert (one.level, what in one.what) == (level, True)
    assert level is OK or one.hint
    assert levels([c for c in found if c is not one]) == [OK, OK]
