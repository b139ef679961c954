from __future__ import annotations

import datetime
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from newsletter.database import engine
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.tables import suppressions
from newsletter.errors import DatabaseError
from tests.databases import KEYS, only_sqlite
from tests.privileges import unprivileged

NOW = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)


def suppress(database: Database, *keys: str) -> None:
    with database.writing() as connection:
        for key in keys:
            connection.execute(
                suppressions.insert().values(
                    email_hash=KEYS.hash(key), reason="bounce", created_at=NOW
                )
            )


def count(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(suppressions)) or 0


def test_what_was_written_is_there_when_the_database_is_opened_again(place: Path | str) -> None:
    first = Database.open(place)
    suppress(first, "ann@example.com")
    first.close()
    again = Database.open(first.name)
    assert count(again) == 1
    again.close()


@only_sqlite
def test_only_the_owner_may_look_at_readers_data(database: Database, path: Path) -> None:
    suppress(database, "ann@example.com")
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    files = list(path.parent.iterdir())
    assert len(files) == 4, "database, write-ahead log, its index, and keys"
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_the_last_to_close_leaves_a_single_file(path: Path) -> None:
    database = Database.open(path, keys=KEYS)
    suppress(database, "ann@example.com")
    database.close()
    assert [file.name for file in path.parent.iterdir()] == ["newsletter.db"]


@only_sqlite
def test_every_connection_is_durable_and_leaves_no_trace_of_removed_rows(
    database: Database,
) -> None:
    with database.reading() as one, database.writing() as other:
        for connection in (one, other):
            said = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
            }
            assert said == {
                "journal_mode": "wal",
                "synchronous": 2,
                "foreign_keys": 1,
                "secure_delete": 1,
            }


@only_sqlite
def test_memory_is_spared_by_every_connection_from_then_on(database: Database) -> None:
    def caches() -> set[int]:
        with database.reading() as one, database.keeping(), database.writing() as other:
            asked = [c.exec_driver_sql("PRAGMA cache_size").scalar_one() for c in (one, other)]
            return set(asked)

    suppress(database, "ann@example.com")
    before = caches()
    database.spare_memory()
    assert caches() == {-2048}
    assert before != {-2048}
    assert count(database) == 1


def test_an_error_inside_a_transaction_undoes_all_of_it(database: Database) -> None:
    suppress(database, "ann@example.com")
    with pytest.raises(DatabaseError, match=r"(?i)unique"):
        suppress(database, "bob@example.com", "cas@example.com", "ann@example.com")
    assert count(database) == 1


def test_reading_sees_one_state_while_somebody_else_writes(
    database: Database, place: Path | str
) -> None:
    other = Database.open(place)
    query = select(func.count()).select_from(suppressions)
    with database.reading() as connection:
        assert connection.scalar(query) == 0
        suppress(other, "ann@example.com")
        assert connection.scalar(query) == 0, "the state in which the transaction began"
    assert count(database) == 1
    other.close()


def test_a_writer_holds_the_database_from_its_first_statement(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    one, other = Database.open(path), Database.open(path)
    with one.writing() as connection:
        assert connection.scalar(select(func.count()).select_from(suppressions)) == 0
        with pytest.raises(DatabaseError, match="another program is writing") as caught:
            suppress(other, "ann@example.com")
    assert "run it again" in caught.value.hint
    suppress(other, "ann@example.com")
    assert count(one) == 1
    one.close()
    other.close()


def test_a_time_of_any_zone_comes_back_as_utc(database: Database) -> None:
    kyiv = datetime.timezone(datetime.timedelta(hours=2))
    with database.writing() as connection:
        connection.execute(
            suppressions.insert().values(
                email_hash=KEYS.hash("a@example.com"),
                reason="bounce",
                created_at=NOW.astimezone(kyiv),
            )
        )
    with database.reading() as connection:
        assert connection.scalar(select(suppressions.c.created_at)) == NOW


@only_sqlite
def test_lower_knows_all_alphabets(database: Database) -> None:
    with database.reading() as connection:
        assert connection.scalar(select(func.lower("ОКСАНА Ärger"))) == "оксана ärger"
        assert connection.scalar(select(func.lower(None))) is None


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_programs_that_open_a_new_database_together_all_get_it(
    kind: str, path: Path, request: pytest.FixtureRequest
) -> None:
    new = path if kind == "sqlite" else request.getfixturevalue("postgres").new_database()
    opening = (
        "import sys; from newsletter.database.engine import Database;"
        "Database.open(sys.argv[1]).close()"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", opening, str(new)], stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    said = [program.communicate()[1].decode() for program in programs]
    assert [program.returncode for program in programs] == [0] * 4, said


@only_sqlite
def test_a_full_disk_is_named_and_nothing_is_half_written(database: Database) -> None:
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")  # not below what there is
    with pytest.raises(DatabaseError, match="the disk is full") as caught:
        suppress(database, *(f"reader{number}@example.com" for number in range(1000)))
    assert "Free some space" in caught.value.hint
    assert count(database) == 0


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("Dear diary, " * 500)
    with pytest.raises(DatabaseError, match=f"{path}: it is not a database"):
        Database.open(path)
    assert path.read_text().startswith("Dear diary"), "it stays as it was"


def test_a_damaged_database_is_named(path: Path) -> None:
    database = Database.open(path)
    for number in range(200):
        suppress(database, f"{number}@example.com")
    database.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match="it is damaged") as caught:
        Database.open(path)
    assert "backup" in caught.value.hint


def test_a_folder_in_the_place_of_the_file_is_named(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(DatabaseError, match="cannot be opened"):
        Database.open(path)


def test_a_file_in_the_place_of_the_folder_is_named(path: Path) -> None:
    path.parent.write_text("")
    with pytest.raises(DatabaseError, match="File exists"):
        Database.open(path)


def test_a_file_that_may_only_be_read_is_named() -> None:
    # Not below tmp_path, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "newsletter.db"
        Database.open(path).close()
        path.chmod(0o444)
        keys = Keys.load(path.with_name("keys"))  # those too may be read by their owner only
        with unprivileged(), pytest.raises(DatabaseError, match="it is read-only") as caught:
            Database.open(path, keys=keys)
        assert "writable" in caught.value.hint


def test_an_error_of_the_driver_without_words_of_ours_is_passed_on(database: Database) -> None:
    with (
        pytest.raises(
            DatabaseError, match=r"no such table: nowhere|relation .nowhere. does not exist"
        ) as caught,
        database.reading() as connection,
    ):
        connection.exec_driver_sql("SELECT * FROM nowhere")
    assert isinstance(caught.value.__cause__, DBAPIError)
