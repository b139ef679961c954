from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from newsletter.database import conversion, inspection
from newsletter.database.conversion import convert
from newsletter.database.encryption import (
    SERVICE,
    DatabaseKey,
    find_key,
    keep_in_keyring,
    new_key,
)
from newsletter.database.engine import Database
from newsletter.database.inspection import inspect_file
from newsletter.database.shredding import shred_key
from newsletter.errors import ConfigurationError, DatabaseError, NotFoundError
from tests.unit.database.files_kit import (
    CANARY,
    KEY,
    OTHER,
    PASSPHRASE,
    count,
    kill,
    kill_when_there,
    make,
    opened,
    program,
    put,
    traces,
)

WRITE_AND_WAIT = """
import sys
from pathlib import Path
from newsletter.database.encryption import DatabaseKey
from tests.unit.database.files_kit import opened, put
with opened(Path(sys.argv[1]), DatabaseKey.parse(sys.argv[2]) if sys.argv[2] else None) as database:
    put(database, ["by another program"])
    print("written", flush=True)
    input()
"""

# Has the file open, but cannot read it yet.
WAIT_AND_WRITE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    connection.execute("SELECT * FROM facts")
except sqlite3.OperationalError:
    print("it is locked", flush=True)
input()
try:
    connection.execute("INSERT INTO facts VALUES ('lost', '')")
except sqlite3.Error as error:
    print(f"{type(error).__name__}: {error}")
"""

CONVERT = """
import sys
from pathlib import Path
from newsletter.database.conversion import convert
from newsletter.database.encryption import DatabaseKey
convert(Path(sys.argv[1]), None, DatabaseKey.parse("3f" * 32))
"""


@pytest.mark.parametrize("key", [KEY, PASSPHRASE], ids=["key", "passphrase"])
def test_what_is_written_stands_in_no_file_while_the_database_is_open_nor_afterwards(
    path: Path, key: DatabaseKey
) -> None:
    with opened(path, key) as database:
        put(database, ["ann"])
        assert (path.parent / "newsletter.db-wal").stat().st_size > 0
        assert traces(path.parent) == {}
    assert traces(path.parent) == {}
    with opened(path, key) as database:
        assert count(database) == 1


def test_the_search_for_traces_finds_them_in_a_database_that_is_not_encrypted(path: Path) -> None:
    with opened(path) as database:
        put(database, ["ann"])
        assert "newsletter.db-wal" in traces(path.parent)


def test_a_program_that_is_killed_leaves_nothing_readable_and_loses_nothing(path: Path) -> None:
    with program(WRITE_AND_WAIT, str(path), "3f" * 32) as running:
        kill(running)
    assert (path.parent / "newsletter.db-wal").stat().st_size > 0
    assert traces(path.parent) == {}
    with opened(path, KEY) as database:
        assert count(database) == 1


@pytest.mark.parametrize("wrong", [OTHER, PASSPHRASE], ids=["key", "passphrase"])
def test_a_wrong_key_opens_nothing_and_spoils_nothing(path: Path, wrong: DatabaseKey) -> None:
    with program(WRITE_AND_WAIT, str(path), "3f" * 32) as running:
        kill(running)  # so that there is a log, which a wrong key must not fold into the file
    with pytest.raises(DatabaseError, match="the key does not open it") as caught:
        Database.open(path, database_key=wrong)
    assert wrong.secret not in f"{caught.value.message} {caught.value.hint}"
    with opened(path, KEY) as database:
        assert count(database) == 1


def test_a_wrong_key_writes_nothing_of_its_own_to_the_terminal(
    path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    make(path, 1, KEY)
    with pytest.raises(DatabaseError):
        Database.open(path, database_key=OTHER)
    assert capfd.readouterr() == ("", "")


def test_an_encrypted_database_without_a_key_says_where_to_put_it(path: Path) -> None:
    make(path, 1, KEY)
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="it is encrypted, and there is no key") as caught:
        Database.open(path)
    assert "NEWSLETTER_DATABASE_KEY" in caught.value.hint
    assert path.read_bytes() == before


def test_a_plain_database_with_a_key_says_how_to_encrypt_it(path: Path) -> None:
    make(path, 1)
    before = path.read_bytes()
    with pytest.raises(DatabaseError, match="it is not encrypted") as caught:
        Database.open(path, database_key=KEY)
    assert "newsletter database encrypt" in caught.value.hint
    assert path.read_bytes() == before


def test_a_damaged_page_is_noticed_by_its_signature(path: Path) -> None:
    make(path, 2000, KEY)
    content = bytearray(path.read_bytes())
    content[-2000] ^= 1
    path.write_bytes(content)
    with pytest.raises(DatabaseError, match=r"damaged|does not open"):
        inspect_file(path, KEY)


def test_without_the_driver_it_says_what_to_install(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlcipher3", None)
    with pytest.raises(DatabaseError, match="sqlcipher3 is not installed") as caught:
        Database.open(path, database_key=KEY)
    assert "newsletter-as-code[encrypted]" in caught.value.hint


def test_full_text_json_and_upserts_work_in_an_encrypted_database(path: Path) -> None:
    with opened(path, KEY) as database, database.writing() as connection:
        run = connection.exec_driver_sql
        run("CREATE VIRTUAL TABLE words USING fts5(text)")
        run("INSERT INTO words VALUES ('The tide is out')")
        assert run("SELECT text FROM words WHERE words MATCH 'tide'").scalar() == "The tide is out"
        assert run("SELECT sum(value) FROM json_each('[1, 2]')").scalar() == 3
        upsert = (
            "INSERT INTO facts (name, value) VALUES ('a', ?) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value RETURNING value"
        )
        assert [run(upsert, (value,)).scalar() for value in ("1", "2")] == ["1", "2"]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files by /proc")
def test_sorting_and_changing_many_rows_writes_nothing_readable_to_temporary_files(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # SQLite removes their names at once, so they are looked at while they are open.
    monkeypatch.setenv("SQLITE_TMPDIR", str(tmp_path))
    seen: set[str] = set()

    def look(value: str) -> str:
        if len(seen) < 100:
            for file in Path("/proc/self/fd").iterdir():
                name = os.readlink(file) if os.path.lexists(file) else ""  # noqa: PTH115
                if "(deleted)" in name and str(tmp_path) in name:
                    with file.open("rb") as content:
                        if CANARY.encode() in content.read():
                            seen.add(name)
        return value

    with opened(path, KEY) as database:
        put(database, (f"row {number}" for number in range(4000)), CANARY * 20)
        with database.writing() as connection:
            connection.exec_driver_sql("PRAGMA cache_size = 10")
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.create_function("look", 1, look)
            connection.exec_driver_sql(
                "SELECT look(name) FROM (SELECT name, value FROM facts ORDER BY value || name) "
                "WHERE abs(random() % 100) = 1"
            ).all()
            connection.exec_driver_sql(
                "UPDATE facts SET name = CASE WHEN abs(random() % 100) = 1 THEN look(name || '.') "
                "ELSE name || '.' END, value = value || '.' WHERE name != 'keys'"
            )
    assert seen == set()


class TestKey:
    def test_it_is_not_shown(self) -> None:
        for key in (KEY, PASSPHRASE):
            for shown in (repr(key), str(key), f"{key}"):
                assert shown == "DatabaseKey()"

    def test_64_hexadecimal_digits_are_the_key_itself(self) -> None:
        assert DatabaseKey.parse(f" {'AB' * 32}\n") == DatabaseKey(f"x'{'ab' * 32}'")
        assert DatabaseKey.parse(new_key()) != DatabaseKey.parse(new_key())

    @pytest.mark.parametrize("text", ["short", "", "a passphrase\x00with a NUL"])
    def test_what_is_no_key_is_refused_without_being_shown(self, text: str) -> None:
        with pytest.raises(ConfigurationError, match="this is no key") as caught:
            DatabaseKey.parse(text)
        assert not text or text not in f"{caught.value.message} {caught.value.hint}"

    def test_without_a_setting_there_is_none(self) -> None:
        assert find_key("", None, "") is None

    def test_it_is_read_from_a_file_that_only_its_owner_can_read(self, tmp_path: Path) -> None:
        file = tmp_path / "key"
        file.write_text("3f" * 32 + "\n")
        file.chmod(0o600)
        assert find_key("", file, "") == KEY
        file.chmod(0o644)
        with pytest.raises(ConfigurationError, match="others on this machine can read") as caught:
            find_key("", file, "")
        assert "chmod 600" in caught.value.hint

    @pytest.mark.parametrize("content", [None, b"\xff\xfe"])
    def test_a_file_that_holds_none_is_named(self, tmp_path: Path, content: bytes | None) -> None:
        file = tmp_path / "key"
        if content is not None:
            file.write_bytes(content)
            file.chmod(0o600)
        with pytest.raises(ConfigurationError, match=f"cannot read database_key_file {file}"):
            find_key("", file, "")


class Memory(keyring.backend.KeyringBackend):
    """A keyring that is forgotten at the end."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        try:
            del self.kept[service, username]
        except KeyError:
            raise keyring.errors.PasswordDeleteError from None


class TestKeyring:
    @pytest.fixture
    def memory(self) -> Iterator[Memory]:
        before, memory = keyring.get_keyring(), Memory()
        keyring.set_keyring(memory)
        yield memory
        keyring.set_keyring(before)

    def test_a_key_that_was_put_there_is_found(self, memory: Memory) -> None:
        keep_in_keyring("harbour", "3f" * 32)
        assert memory.kept == {(SERVICE, "harbour"): "3f" * 32}
        assert find_key("", None, "harbour") == KEY

    def test_a_key_is_never_written_over(self, memory: Memory) -> None:
        keep_in_keyring("harbour", "3f" * 32)
        with pytest.raises(ConfigurationError, match="has a key for harbour already"):
            keep_in_keyring("harbour", new_key())
        assert find_key("", None, "harbour") == KEY

    def test_a_key_is_destroyed_with_the_start_of_its_database(
        self, memory: Memory, path: Path
    ) -> None:
        make(path, 3, KEY)
        keep_in_keyring("harbour", "3f" * 32)
        shred_key(None, "harbour", path)
        assert memory.kept == {}
        with pytest.raises(DatabaseError):
            Database.open(path, database_key=KEY)
        with pytest.raises(ConfigurationError, match="no key for harbour"):
            shred_key(None, "harbour", path)

    def test_an_account_that_is_not_there_is_named(self, memory: Memory) -> None:
        with pytest.raises(ConfigurationError, match="no key for harbour") as caught:
            find_key("", None, "harbour")
        assert "new-key --keyring harbour" in caught.value.hint

    def test_a_machine_without_a_keyring_is_told_of_the_file(self, memory: Memory) -> None:
        from keyring.backends.fail import Keyring

        keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
        with pytest.raises(ConfigurationError, match="keyring cannot be used") as caught:
            find_key("", None, "harbour")
        assert "database_key_file" in caught.value.hint

    def test_without_the_package_it_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "keyring", None)
        with pytest.raises(ConfigurationError, match="keyring is not installed"):
            find_key("", None, "harbour")


class TestConversion:
    def test_a_database_is_encrypted_gets_another_key_and_is_decrypted(self, path: Path) -> None:
        make(path, 50)
        for old, new in ((None, KEY), (KEY, PASSPHRASE), (PASSPHRASE, None)):
            assert convert(path, old, new).rows["facts"] == 51
            assert bool(traces(path.parent)) == (new is None)
            assert {file.name for file in path.parent.iterdir()} == {"keys", "newsletter.db"}
            assert path.stat().st_mode & 0o777 == 0o600
            with opened(path, new) as database:
                assert count(database) == 50
        with contextlib.closing(sqlite3.connect(path)) as plain:
            assert plain.execute("SELECT count(*) FROM facts").fetchone() == (51,)

    def test_the_old_file_is_overwritten(self, path: Path, tmp_path: Path) -> None:
        make(path, 50)
        old = tmp_path / "what-a-rescuer-finds"
        os.link(path, old)
        assert traces(tmp_path)
        convert(path, None, KEY)
        assert traces(tmp_path) == {}
        assert not old.read_bytes().strip(b"\x00")

    def test_full_text_and_numbers_that_were_given_out_arrive(self, path: Path) -> None:
        with opened(path) as database, database.writing() as connection:
            run = connection.exec_driver_sql
            run("CREATE VIRTUAL TABLE words USING fts5(text)")
            run("INSERT INTO words VALUES ('The tide is out')")
            run("CREATE TABLE given (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB)")
            run("INSERT INTO given (data) VALUES (x'00ff'), (x'00')")
            run("DELETE FROM given WHERE id = 2")
        convert(path, None, KEY)
        with opened(path, KEY) as database, database.writing() as connection:
            run = connection.exec_driver_sql
            assert run("SELECT text FROM words WHERE words MATCH 'tide'").scalar()
            assert run("INSERT INTO given (data) VALUES (x'01') RETURNING id").scalar() == 3

    def test_it_is_refused_while_another_program_has_the_database_open(self, path: Path) -> None:
        with program(WRITE_AND_WAIT, str(path), ""):
            with pytest.raises(DatabaseError, match="another program has it open"):
                convert(path, None, KEY)
            assert not list(path.parent.glob("*.converted"))
        with opened(path) as database:
            assert count(database) == 1

    def test_who_waited_for_the_old_file_fails_and_writes_into_neither(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(path, 5)
        inspect, waiting = inspection.inspect_file, contextlib.ExitStack()
        programs = []

        def somebody_comes(file: Path, key: DatabaseKey | None) -> inspection.Inspection:
            programs.append(waiting.enter_context(program(WAIT_AND_WRITE, str(path))))
            return inspect(file, key)

        monkeypatch.setattr(conversion, "inspect_file", somebody_comes)
        with waiting:
            convert(path, None, KEY)
            said, _ = programs[0].communicate("go on\n", timeout=60)
        assert said == "DatabaseError: file is not a database\n"
        assert {file.name for file in path.parent.iterdir()} == {"keys", "newsletter.db"}
        with opened(path, KEY) as database:
            assert count(database) == 5

    def test_a_wrong_key_changes_nothing(self, path: Path) -> None:
        make(path, 5, KEY)
        before = path.read_bytes()
        with pytest.raises(DatabaseError, match="does not open it"):
            convert(path, OTHER, None)
        with pytest.raises(DatabaseError, match="it is encrypted"):
            convert(path, None, OTHER)
        assert path.read_bytes() == before

    def test_a_copy_that_is_not_the_same_is_not_taken(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make(path, 5)
        tables = inspection.table_names

        def lose_a_row(connection: sqlite3.Connection, schema: str = "main") -> list[str]:
            connection.execute("DELETE FROM fresh.facts WHERE name = 'row 3'")
            return tables(connection, schema)

        monkeypatch.setattr(conversion, "table_names", lose_a_row)
        with pytest.raises(DatabaseError, match="the table facts did not arrive"):
            convert(path, None, KEY)
        with opened(path) as database:
            assert count(database) == 5
        assert not list(path.parent.glob(".*"))

    def test_there_must_be_a_database(self, path: Path) -> None:
        with pytest.raises(NotFoundError):
            convert(path, None, KEY)

    def test_killed_at_any_moment_there_is_the_old_database_or_the_new_one(
        self, path: Path
    ) -> None:
        make(path, 20_000)
        fresh, unfinished = path.with_name(".newsletter.db.converted"), 0
        for after in (0, 0.02, 0.05, 0.1):
            ended = kill_when_there(CONVERT, fresh, str(path), after=after)
            encrypted = not path.read_bytes().startswith(b"SQLite format 3")
            assert encrypted or not ended
            unfinished += not encrypted
            with opened(path, KEY if encrypted else None) as database:
                assert count(database) == 20_000
            if encrypted:
                convert(path, KEY, None)
        assert unfinished, "it was never killed in the middle"
        convert(path, None, KEY)
        assert traces(path.parent) == {}, "also not in what those who were killed have left"
