"""Databases to test with: a file of SQLite, and a real PostgreSQL server of the tests' own.

The server is started when the first test asks for it, listens on loopback only, and goes away with
the tests. A database with tables is used by one test after the other and emptied in between.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from newsletter.database.engine import Database, is_url
from newsletter.database.keys import Keys
from newsletter.database.tables import metadata

__all__ = ["KEYS", "database", "opened", "place", "postgres", "postgresql_url"]

USER = "newsletter"
USER_WITH_PASSWORD = "with_password"
"""A role that must log in with a password; a test that needs it makes it."""
KEYS = Keys.new()
"""Belong to all databases on the server; a file has its own beside it."""

_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)

# What is safe against a power cut is slow, and this server's data is thrown away.
_OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "40",
    "shared_buffers": "16MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_messages": "panic",
    "ssl": "on",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
}

_HANG_UP = (
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
    "WHERE datname = '{name}' AND pid <> pg_backend_pid();"
)

# TRUNCATE makes new files for every table and all its indexes: it costs four times as much as to
# delete the few rows that most tests leave.
_EMPTY = f"""
DO $$
DECLARE
    place text;
    rows integer;
    many boolean := false;
BEGIN
    FOREACH place IN ARRAY ARRAY{[table.name for table in reversed(metadata.sorted_tables)]} LOOP
        EXECUTE format('DELETE FROM %I', place);
        GET DIAGNOSTICS rows = ROW_COUNT;
        many := many OR rows > 200;
    END LOOP;
    IF many THEN
        TRUNCATE {", ".join(metadata.tables)};
    END IF;
    FOR place IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', place);
    END LOOP;
END $$
"""  # noqa: S608


class PostgresServer:
    """A server with a cluster of its own in a temporary folder."""

    def __init__(self, programs: Path, **options: str) -> None:
        self._programs = programs
        self._options = {**_OPTIONS, **options}
        # Not below pytest's folder: PostgreSQL refuses to run as root, and its user may not enter.
        self.folder = Path(tempfile.mkdtemp(prefix="newsletter-postgres-"))
        self.folder.chmod(0o755)
        self.data = self.folder / "data"
        self.data.mkdir(mode=0o700)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count(1)
        self._spare: list[str] = []
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            self._user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self.data, account.pw_uid, account.pw_gid)
        subprocess.run(
            [
                self._programs / "initdb",
                f"--pgdata={self.data}",
                f"--username={USER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",  # the one that knows least of alphabets
                "--no-sync",
                "--no-instructions",
            ],
            cwd="/",
            check=True,
            capture_output=True,
            **self._user,
        )
        rules = self.data / "pg_hba.conf"
        with_password = f"host all {USER_WITH_PASSWORD} 127.0.0.1/32 scram-sha-256\n"
        rules.write_text(with_password + rules.read_text())
        self._certify()

    def _certify(self) -> None:
        """A certificate for 127.0.0.1, of an authority that nobody else knows."""
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1")
        self.authority = self.folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        for name, pem in (
            ("server.crt", certificate.cert_chain_pems[0]),
            ("server.key", certificate.private_key_pem),
        ):
            path = self.data / name
            path.write_bytes(pem.bytes())
            path.chmod(0o600)
            if self._user:
                os.chown(path, self._user["user"], self._user["group"])

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in self._options.items()]
        self._process = subprocess.Popen(
            [self._programs / "postgres", "-D", self.data, f"--port={self.port}", *settings],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_die_with_parent,
            **self._user,
        )
        deadline = time.monotonic() + 60
        while not self._answers():
            assert self._process.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop it at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """Stop it and throw its data away."""
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, name: str, user: str = USER) -> str:
        """The URL of one of its databases."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{name}"

    def new_database(self, options: str = "") -> str:
        """The URL of a new database, without tables."""
        name = f"test_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        return self.url(name)

    def borrow(self) -> str:
        """The URL of a database that has the tables and nothing in them."""
        if self._spare:
            return self._spare.pop()
        url = self.new_database()
        Database.open(url).close()
        return url

    def give_back(self, url: str) -> None:
        """Empty the tables of a borrowed database, for the next one."""
        name = url.rpartition("/")[2]
        self.run(_HANG_UP.format(name=name) + _EMPTY, name)
        self._spare.append(url)

    def hang_up(self, name: str) -> None:
        """Close all connections to a database from this side."""
        self.run(_HANG_UP.format(name=name))

    def run(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement outside of transactions; returns the first column."""
        import pg8000.dbapi

        connection = pg8000.dbapi.connect(
            USER, host="127.0.0.1", port=self.port, database=database, ssl_context=False
        )
        try:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(statement)
            return [row[0] for row in cursor.fetchall()] if cursor.description else []
        finally:
            connection.close()

    def _answers(self) -> bool:
        import pg8000.exceptions

        try:
            self.run("SELECT 1")
        except (OSError, pg8000.exceptions.Error):
            return False
        return True


_SERVER = pytest.StashKey[PostgresServer]()


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> PostgresServer:
    """A PostgreSQL server; skips the test if the machine has none.

    Every folder that uses this has it as a fixture of its own; the server is the same for all.
    """
    pytest.importorskip("pg8000")
    if _SERVER not in pytestconfig.stash:
        programs = find_programs()
        if programs is None:
            pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        server = PostgresServer(programs)
        pytestconfig.add_cleanup(server.remove)
        server.start()
        pytestconfig.stash[_SERVER] = server
    return pytestconfig.stash[_SERVER]


@pytest.fixture
def postgresql_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty database on a PostgreSQL server; its tables must be left as they are."""
    url = postgres.borrow()
    yield url
    postgres.give_back(url)


only_sqlite = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("place", ["postgresql"], indirect=True)
"""For tests of what one of them does, and the other does not or does otherwise."""
on_both = pytest.mark.parametrize("place", ["sqlite", "postgresql"], indirect=True)
"""Where a file is the usual ``place``: for tests that the database has a part in."""


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a database is to be opened: a file, and then again a server."""
    if request.param == "sqlite":
        return tmp_path / "state" / "newsletter.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def database(place: Path | str) -> Iterator[Database]:
    """An empty database of each kind."""
    database = opened(place)
    yield database
    database.close()


def opened(place: Path | str) -> Database:
    """The database at a place, new or once more, with the keys that belong to it."""
    if is_url(place):
        return Database.open(place, keys=KEYS)
    path = Path(place)
    keys = path.with_name("keys")
    if not path.exists() and not keys.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for copy, content in zip((path, keys), _new_file(), strict=True):
            copy.write_bytes(content)
            copy.chmod(0o600)
    return Database.open(path)


@functools.cache
def _new_file() -> tuple[bytes, bytes]:
    """A database that is new, and its keys: to copy them is cheaper than to make the tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "newsletter.db"
        Database.open(path).close()
        assert {found.name for found in path.parent.iterdir()} >= {path.name, "keys"}
        assert not path.with_name(path.name + "-wal").exists(), "not all is in the file"
        return path.read_bytes(), path.with_name("keys").read_bytes()


def find_programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, the newest there is."""
    if os.geteuid() == 0 and "postgres" not in _users():
        return None
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    if found := shutil.which("initdb"):
        folders.insert(0, Path(found).resolve().parent)
    return next((folder for folder in reversed(folders) if (folder / "postgres").exists()), None)


def _users() -> set[str]:
    return {account.pw_name for account in pwd.getpwall()}


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _die_with_parent() -> None:
    # Tests that are killed must not leave a server behind.
    with_libc = ctypes.CDLL(None)
    if hasattr(with_libc, "prctl"):
        with_libc.prctl(_DEATH_SIGNAL, signal.SIGQUIT)
