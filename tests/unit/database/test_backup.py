from __future__ import annotations

import datetime
import gzip
import io
import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.database import archive
from newsletter.database.backup import back_up, restore
from newsletter.database.encryption import DatabaseKey
from newsletter.database.keys import Keys
from newsletter.database.schema import HEAD, version
from newsletter.errors import ConfigurationError, DatabaseError, NewsletterError, NotFoundError
from tests.unit.database.files_kit import (
    CANARY,
    KEY,
    OTHER,
    PASSPHRASE,
    count,
    drop,
    kill,
    kill_when_there,
    make,
    opened,
    program,
    put,
    traces,
)

NOW = datetime.datetime(2026, 11, 23, 20, 10, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(hours=1)

# Writes rows in twos: a copy of one state has an even number of them.
WRITE_PAIRS = """
import itertools, sys
from pathlib import Path
from tests.unit.database.files_kit import opened, put
with opened(Path(sys.argv[1])) as database:
    for number in itertools.count():
        put(database, [f"pair {number} a", f"pair {number} b"])
        if number == 20:
            print("writing", flush=True)
"""
HOLD = """
import sys
from pathlib import Path
from tests.unit.database.files_kit import count, opened
with opened(Path(sys.argv[1])) as database:
    count(database)
    print("open", flush=True)
    input()
"""
BACK_UP = """
import datetime, sys
from pathlib import Path
from newsletter.database.backup import back_up
back_up(Path(sys.argv[1]), None, Path(sys.argv[2]), datetime.datetime.now(datetime.UTC))
"""
RESTORE = """
import datetime, sys
from pathlib import Path
from newsletter.database.backup import restore
restore(Path(sys.argv[2]), Path(sys.argv[1]), None, datetime.datetime.now(datetime.UTC))
"""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder / "letter.backup"


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir() if not file.name.endswith(".lock"))


class TestBackUp:
    @pytest.mark.parametrize("key", [None, KEY, PASSPHRASE], ids=["plain", "key", "passphrase"])
    def test_a_backup_put_back_is_what_was_there(
        self, path: Path, target: Path, key: DatabaseKey | None
    ) -> None:
        make(path, 100, key)
        made = back_up(path, key, target, NOW)
        assert (made.rows["facts"], made.schema, made.encrypted) == (101, HEAD, key is not None)
        assert bool(traces(target.parent)) == (key is None)
        with opened(path, key) as database:
            put(database, ["after the backup"])
            drop(database, "row 5")
        done = restore(target, path, key, LATER)
        assert done.kept == path.with_name("newsletter.db.2026-11-23T211000Z")
        for file, rows in ((path, 100), (done.kept, 100)):
            with opened(file, key) as database:
                assert count(database) == rows
        assert path.stat().st_mode & 0o777 == done.kept.stat().st_mode & 0o777 == 0o600

    def test_it_is_one_state_while_another_program_writes(self, path: Path, target: Path) -> None:
        make(path, 2000)
        with program(WRITE_PAIRS, str(path)) as writing:
            copies = [
                back_up(path, None, target.with_name(f"{number}.backup"), NOW)
                for number in range(5)
            ]
            assert writing.poll() is None, "it was not kept from writing"
        found = [copy.rows["facts"] - 1 for copy in copies]  # without that about the keys
        assert [rows % 2 for rows in found] == [0] * 5
        assert found[0] < found[-1]

    def test_removed_rows_are_not_in_it(self, path: Path, target: Path) -> None:
        with opened(path) as database:
            put(database, (f"row {number}" for number in range(500)))
            for number in range(500):
                drop(database, f"row {number}")
            assert traces(path.parent)
            back_up(path, None, target, NOW)
        assert traces(target.parent) == {}

    def test_it_is_for_its_owner_only_and_nothing_is_left_beside_it(
        self, path: Path, target: Path
    ) -> None:
        make(path, 5)
        back_up(path, None, target, NOW)
        assert target.stat().st_mode & 0o777 == 0o600
        assert names(target.parent) == ["letter.backup"]
        assert names(path.parent) == ["keys", "newsletter.db"]

    def test_it_is_never_written_over(self, path: Path, target: Path) -> None:
        make(path, 5)
        target.write_text("last week's")
        with pytest.raises(DatabaseError, match=r"letter\.backup exists"):
            back_up(path, None, target, NOW)
        assert target.read_text() == "last week's"
        assert names(target.parent) == ["letter.backup"]

    def test_other_programs_can_read_it(self, path: Path, target: Path) -> None:
        make(path, 5)
        back_up(path, None, target, NOW)
        with tarfile.open(target) as tar:
            assert tar.getnames() == ["manifest.json", "newsletter.db"]
            content = tar.extractfile("manifest.json")
            assert content is not None
            manifest = json.load(content)
        assert manifest["made_at"] == "2026-11-23T20:10:00+00:00"
        assert CANARY not in json.dumps(manifest)

    def test_a_wrong_key_makes_none(self, path: Path, target: Path) -> None:
        make(path, 5, KEY)
        for key in (OTHER, None):
            with pytest.raises(DatabaseError, match="key"):
                back_up(path, key, target, NOW)
        assert names(target.parent) == []

    def test_a_damaged_database_makes_none(self, path: Path, target: Path) -> None:
        make(path, 500)
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xaa" * (len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(DatabaseError, match="damaged"):
            back_up(path, None, target, NOW)
        assert names(target.parent) == []

    def test_there_must_be_a_database(self, path: Path, target: Path) -> None:
        with pytest.raises(NotFoundError):
            back_up(path, None, target, NOW)

    def test_a_link_in_the_way_is_not_followed(self, path: Path, target: Path) -> None:
        make(path, 5)
        victim = target.with_name("victim")
        victim.write_text("as it was")
        target.with_name(f".{target.name}.part").symlink_to(victim)
        path.with_name(f".{path.name}.copy").symlink_to(victim)
        back_up(path, None, target, NOW)
        assert victim.read_text() == "as it was"

    def test_killed_at_any_moment_there_is_a_whole_backup_or_none(
        self, path: Path, target: Path
    ) -> None:
        make(path, 20_000)
        copy, part = path.with_name(".newsletter.db.copy"), target.with_name(".letter.backup.part")
        unfinished = 0
        for first, after in ((copy, 0.0), (copy, 0.03), (part, 0.0), (part, 0.001)):
            kill_when_there(BACK_UP, first, str(path), str(target), after=after)
            if target.exists():
                restore(target, path.with_name("tried.db"), None, NOW)
                target.unlink()
            else:
                unfinished += 1
        assert unfinished, "it was never killed in the middle"
        with opened(path) as database:
            assert count(database) == 20_000
        back_up(path, None, target, NOW)
        assert names(target.parent) == ["letter.backup"], "what the killed left is gone"
        assert not copy.exists()


class TestRestore:
    @pytest.fixture
    def backup(self, path: Path, target: Path) -> Path:
        make(path, 100)
        back_up(path, None, target, NOW)
        with opened(path) as database:
            put(database, ["after the backup"])
        return target

    def rows(self, path: Path) -> int:
        with opened(path) as database:
            return count(database)

    def test_where_there_is_no_database_it_makes_one(self, backup: Path, tmp_path: Path) -> None:
        new = tmp_path / "another" / "newsletter.db"
        done = restore(backup, new, None, LATER)
        assert done.kept is None
        assert names(new.parent) == ["newsletter.db"]
        (new.parent / "keys").write_bytes((tmp_path / "state" / "keys").read_bytes())
        assert self.rows(new) == 100

    def test_it_is_refused_while_another_program_has_the_database_open(
        self, path: Path, backup: Path
    ) -> None:
        with program(HOLD, str(path)):
            with pytest.raises(DatabaseError, match="another program has it open"):
                restore(backup, path, None, LATER)
            assert not list(path.parent.glob("newsletter.db.2*"))
        assert self.rows(path) == 101

    def test_what_a_killed_program_left_in_the_log_is_in_the_kept_copy(
        self, path: Path, backup: Path
    ) -> None:
        with program(WRITE_PAIRS, str(path)) as writing:
            kill(writing)
        assert path.with_name("newsletter.db-wal").stat().st_size > 0
        done = restore(backup, path, None, LATER)
        assert self.rows(path) == 100
        assert done.kept is not None
        assert self.rows(done.kept) > 101

    @pytest.mark.parametrize("start", [b"", b"\xaa" * 16], ids=["inside", "from the start"])
    def test_a_damaged_database_is_kept_and_replaced(
        self, path: Path, backup: Path, start: bytes
    ) -> None:
        content = bytearray(path.read_bytes())
        content[4096:] = b"\xaa" * (len(content) - 4096)
        content[: len(start)] = start
        path.write_bytes(content)
        done = restore(backup, path, None, LATER)
        assert self.rows(path) == 100
        assert done.kept is not None
        assert done.kept.read_bytes()[4096:] == content[4096:]

    def test_a_database_with_another_key_is_kept_and_replaced(
        self, path: Path, target: Path, tmp_path: Path
    ) -> None:
        make(path, 3, KEY)
        back_up(path, KEY, target, NOW)
        other = tmp_path / "state" / "other.db"
        make(other, 7, OTHER)
        done = restore(target, other, KEY, LATER)
        assert done.kept is not None
        for file, key, rows in ((other, KEY, 3), (done.kept, OTHER, 7)):
            with opened(file, key) as database:
                assert count(database) == rows

    def test_another_program_with_another_key_is_noticed_too(
        self, path: Path, target: Path
    ) -> None:
        make(path, 3, KEY)
        back_up(path, KEY, target, NOW)
        path.unlink()
        with program(HOLD, str(path)), pytest.raises(DatabaseError, match="has it open"):
            restore(target, path, KEY, LATER)  # the present one is not encrypted
        assert self.rows(path) == 0

    @pytest.mark.parametrize(
        ("made", "given", "said"),
        [
            (KEY, None, "it is encrypted, and there is no key"),
            (None, KEY, "it is not encrypted, but there is a key"),
            (KEY, OTHER, "the key does not open it"),
        ],
    )
    def test_a_key_that_does_not_fit_changes_nothing(
        self,
        path: Path,
        target: Path,
        made: DatabaseKey | None,
        given: DatabaseKey | None,
        said: str,
    ) -> None:
        make(path, 3, made)
        back_up(path, made, target, NOW)
        before = path.read_bytes()
        with pytest.raises(DatabaseError, match=said):
            restore(target, path, given, LATER)
        assert path.read_bytes() == before
        assert names(path.parent) == ["keys", "newsletter.db"]

    def test_a_backup_of_a_newer_version_is_refused(self, path: Path, target: Path) -> None:
        make(path, 3)
        with opened(path) as database, database.writing() as connection:
            connection.execute(update(version).values(version_num="9999"))
        back_up(path, None, target, NOW)
        with pytest.raises(DatabaseError, match="a newer version of newsletter made it"):
            restore(target, path, None, LATER)

    def test_every_damaged_byte_is_noticed(self, path: Path, backup: Path) -> None:
        content, before = backup.read_bytes(), path.read_bytes()
        with tarfile.open(backup) as tar:
            database = tar.getmember("newsletter.db")
        for at in (database.offset_data, database.offset_data + database.size - 1, 600):
            damaged = bytearray(content)
            damaged[at] ^= 0x20
            backup.write_bytes(damaged)
            with pytest.raises(DatabaseError, match=r"damaged|what it says"):
                restore(backup, path, None, LATER)
        assert path.read_bytes() == before
        assert names(path.parent) == ["keys", "newsletter.db"]

    def test_twice_within_a_second_both_earlier_databases_are_kept(
        self, path: Path, backup: Path
    ) -> None:
        first, second = (restore(backup, path, None, NOW).kept for _ in range(2))
        assert first is not None
        assert second is not None
        assert [self.rows(path), len({first, second})] == [100, 2]
        assert first.exists()
        assert second.exists()

    def test_killed_at_any_moment_there_is_the_old_database_or_the_restored_one(
        self, path: Path, target: Path
    ) -> None:
        make(path, 20_000)
        back_up(path, None, target, NOW)
        copy, unfinished = path.with_name(".newsletter.db.copy"), 0
        for after in (0.0, 0.02, 0.05, 0.08):
            with opened(path) as database:
                put(database, ["after the backup"])
            ended = kill_when_there(RESTORE, copy, str(path), str(target), after=after)
            rows = self.rows(path)
            assert rows == 20_000 if ended else rows in (20_000, 20_001)
            unfinished += not ended
            restore(target, path, None, NOW + datetime.timedelta(seconds=unfinished))
            assert self.rows(path) == 20_000
            assert not copy.exists(), "what the killed left is gone"
        assert unfinished, "it was never killed in the middle"


class TestKeys:
    def test_they_are_in_a_backup_only_if_asked_for(self, path: Path, target: Path) -> None:
        make(path, 3)
        keys = path.with_name("keys")
        assert not back_up(path, None, target, NOW).has_keys
        assert keys.read_bytes() not in target.read_bytes()
        target.unlink()
        assert back_up(path, None, target, NOW, keys_file=keys).has_keys

    def test_they_are_put_back_only_if_asked_for_and_others_are_kept(
        self, path: Path, target: Path
    ) -> None:
        make(path, 3)
        keys = path.with_name("keys")
        text = keys.read_bytes()
        back_up(path, None, target, NOW, keys_file=keys)
        keys.unlink()
        others = Keys.load(keys)
        assert not restore(target, path, None, NOW).keys
        assert Keys.load(keys) == others
        done = restore(target, path, None, LATER, keys_file=keys)
        assert keys.read_bytes() == text
        assert done.kept_keys is not None
        assert Keys.load(done.kept_keys) == others
        assert {file.stat().st_mode & 0o777 for file in (keys, done.kept_keys)} == {0o600}
        with opened(path) as database:
            assert count(database) == 3

    def test_what_are_no_keys_is_refused_before_anything_changes(
        self, path: Path, target: Path
    ) -> None:
        make(path, 3)
        wrong = target.with_name("wrong")
        wrong.write_text("these are no keys")
        back_up(path, None, target, NOW, keys_file=wrong)
        with pytest.raises(ConfigurationError):
            restore(target, path, None, LATER, keys_file=path.with_name("keys"))
        assert names(path.parent) == ["keys", "newsletter.db"]


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    return info.tobuf(tarfile.GNU_FORMAT) + data + bytes(-len(data) % 512)


def manifest(**files: bytes) -> bytes:
    content = {
        "format": 1,
        "made_at": NOW.isoformat(),
        "schema": HEAD,
        "encrypted": False,
        "rows": {},
        "files": {
            name.replace("_", "."): {"size": len(data), "sha256": ""}
            for name, data in files.items()
        },
    }
    return member("manifest.json", json.dumps(content).encode())


def holes() -> bytes:
    """A database of 100 TB that is all holes, in one block."""
    info = tarfile.TarInfo("newsletter.db")
    info.type = tarfile.GNUTYPE_SPARSE
    buffer = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    buffer[386:398] = b"00000000000\x00"
    buffer[398:410] = b"00000000000\x00"
    buffer[483:495] = b"\x80" + (100 << 40).to_bytes(11, "big")
    buffer[148:156] = b" " * 8
    buffer[148:156] = b"%06o\x00 " % sum(buffer)
    return manifest(newsletter_db=b"") + bytes(buffer)


def huge(name: str) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = 1 << 50
    return info.tobuf(tarfile.GNU_FORMAT)


DATABASE = member("newsletter.db", b"data")
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "not a tar": lambda: b"Dear diary, " * 200,
    "compressed": lambda: gzip.compress(manifest(newsletter_db=b"data") + DATABASE),
    "no manifest": lambda: DATABASE,
    "no database": lambda: manifest(),
    "a path out of the folder": lambda: manifest(newsletter_db=b"") + member("../../evil", b"data"),
    "an absolute path": lambda: manifest(newsletter_db=b"") + member("/srv/evil", b"data"),
    "a symbolic link": lambda: (
        manifest(newsletter_db=b"")
        + member("newsletter.db", kind=tarfile.SYMTYPE, link="/etc/passwd")
    ),
    "a hard link": lambda: (
        manifest(newsletter_db=b"")
        + member("newsletter.db", kind=tarfile.LNKTYPE, link="manifest.json")
    ),
    "a device": lambda: manifest(newsletter_db=b"") + member("newsletter.db", kind=tarfile.CHRTYPE),
    "a folder": lambda: manifest(newsletter_db=b"") + member("newsletter.db", kind=tarfile.DIRTYPE),
    "more than a backup has": lambda: (
        manifest(newsletter_db=b"data") + DATABASE + member("keys") + member("evil")
    ),
    "the database twice": lambda: manifest(newsletter_db=b"data") + DATABASE + DATABASE,
    "holes": holes,
    "a database larger than the file": lambda: manifest(newsletter_db=b"") + huge("newsletter.db"),
    "a manifest larger than the file": lambda: huge("manifest.json"),
    "a large manifest": lambda: member("manifest.json", b" " * (2 << 20)) + DATABASE,
    "a manifest that is no JSON": lambda: member("manifest.json", b"{") + DATABASE,
    "a manifest that is a list": lambda: member("manifest.json", b"[]") + DATABASE,
    "a manifest nested too deep": lambda: member("manifest.json", b"[" * 100_000) + DATABASE,
    "a manifest with other sizes": lambda: manifest(newsletter_db=b"other data") + DATABASE,
    "a manifest of members that are not there": lambda: (
        manifest(newsletter_db=b"data", keys=b"x") + DATABASE
    ),
    "wrong digests": lambda: manifest(newsletter_db=b"data") + DATABASE,
    "cut off": lambda: (
        manifest(newsletter_db=b"data" * 1000) + member("newsletter.db", b"data" * 1000)
    )[:-2000],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_backup_is_refused_and_nothing_is_written(
    path: Path, tmp_path: Path, kind: str
) -> None:
    make(path, 3)
    before = path.read_bytes()
    file = tmp_path / "hostile.backup"
    file.write_bytes(HOSTILE[kind]())
    there = sorted(str(entry) for entry in tmp_path.rglob("*") if entry.suffix != ".lock")
    with pytest.raises(NewsletterError, match=r"not a backup|is damaged"):
        restore(file, path, None, NOW, keys_file=path.with_name("keys"))
    assert there == sorted(str(entry) for entry in tmp_path.rglob("*") if entry.suffix != ".lock")
    assert path.read_bytes() == before


def test_a_folder_or_a_pipe_is_no_backup(path: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "nothing", "."):
        with pytest.raises(NotFoundError):
            restore(tmp_path / name, path, None, NOW)


def test_a_manifest_is_read_as_it_was_written() -> None:
    made = archive.Manifest(
        NOW, HEAD, True, {"facts": 1}, {"newsletter.db": 3}, {"newsletter.db": "a"}
    )
    assert archive.Manifest.parse(made.dump()) == made
    assert io.BytesIO(made.dump()).readline() == b"{\n"
