from __future__ import annotations

import contextlib
import datetime
import socket
import sys
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from newsletter.database.engine import Database
from newsletter.database.tables import suppressions
from newsletter.errors import ConfigurationError, DatabaseError
from tests.databases import KEYS, USER_WITH_PASSWORD, PostgresServer

NOW = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
PASSWORD = "s3cret pässword"


@pytest.fixture
def server_database(postgresql_url: str) -> Iterator[Database]:
    database = Database.open(postgresql_url)
    yield database
    database.close()


@pytest.fixture
def with_password(postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """URL of a database whose owner must log in with a password."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setenv("PGPASSFILE", "/nowhere")
    postgres.run(f"CREATE ROLE {USER_WITH_PASSWORD} LOGIN PASSWORD '{PASSWORD}'")
    url = postgres.new_database(f"OWNER {USER_WITH_PASSWORD}")
    name = url.rpartition("/")[2]
    yield postgres.url(name, USER_WITH_PASSWORD)
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")
    postgres.run(f"DROP ROLE {USER_WITH_PASSWORD}")


def suppress(database: Database, key: str) -> None:
    with database.writing() as connection:
        row = {"email_hash": KEYS.hash(key), "reason": "bounce", "created_at": NOW}
        connection.execute(suppressions.insert(), [row])


def refused(url: str, password: str = "") -> DatabaseError:
    with pytest.raises(DatabaseError) as caught:
        Database.open(url, password).close()
    assert caught.value.hint
    assert PASSWORD not in caught.value.message + caught.value.hint
    return caught.value


def test_what_is_committed_is_on_stable_storage(server_database: Database) -> None:
    for transaction in (server_database.reading, server_database.writing):
        with transaction() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
            isolation = connection.exec_driver_sql("SHOW transaction_isolation").scalar()
            read_only = connection.exec_driver_sql("SHOW transaction_read_only").scalar()
        assert (isolation, read_only) == (
            ("repeatable read", "on")
            if transaction == server_database.reading
            else ("read committed", "off")
        )


def test_two_may_write_at_a_time(server_database: Database) -> None:
    with server_database.writing() as connection:
        row = {"email_hash": KEYS.hash("ann@example.com"), "reason": "bounce", "created_at": NOW}
        connection.execute(suppressions.insert(), [row])
        suppress(server_database, "bob@example.com")
    with server_database.reading() as connection:
        assert len(connection.scalars(select(suppressions.c.email_hash)).all()) == 2


def test_the_password_comes_from_the_settings_or_from_where_postgresql_has_it(
    with_password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database.open(with_password, PASSWORD).close()
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    database = Database.open(with_password)
    assert PASSWORD not in database.name
    database.close()


@pytest.mark.parametrize("password", ["wrong", ""])
def test_a_wrong_or_missing_password_is_named_and_not_shown(
    with_password: str, password: str
) -> None:
    error = refused(with_password, password)
    assert "refuses the user or the password" in error.message
    assert "NEWSLETTER_DATABASE_PASSWORD" in error.hint


def test_a_server_without_a_connection_free_is_named(
    with_password: str, postgres: PostgresServer
) -> None:
    postgres.run(f"ALTER ROLE {USER_WITH_PASSWORD} CONNECTION LIMIT 0")
    assert "no connection free" in refused(with_password, PASSWORD).message


def test_a_user_without_rights_is_named(with_password: str, postgres: PostgresServer) -> None:
    name = with_password.rpartition("/")[2]
    postgres.run(f"ALTER DATABASE {name} OWNER TO newsletter")
    assert "has not the rights" in refused(with_password, PASSWORD).message


def test_a_database_that_is_not_there_is_named(postgres: PostgresServer) -> None:
    error = refused(postgres.url("nowhere"))
    assert error.message.startswith(f"database {postgres.url('nowhere')}: there is no such")
    assert "createdb" in error.hint


def test_a_database_that_cannot_hold_all_names_is_refused(postgres: PostgresServer) -> None:
    assert "SQL_ASCII" in refused(postgres.new_database("ENCODING 'SQL_ASCII'")).message


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        url = f"postgresql://ann@127.0.0.1:{taken.getsockname()[1]}/letter"
        assert "cannot be reached (Connection refused)" in refused(url).message
    assert "cannot be reached" in refused("postgresql://ann@/letter?host=/nowhere").message


@contextlib.contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """URL of something that is not PostgreSQL."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"postgresql://ann@127.0.0.1:{server.getsockname()[1]}/letter"
        thread.join()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"220 ready\r\n"])
def test_what_is_not_postgresql_is_named(answer: bytes) -> None:
    with answering(answer) as url:
        error = refused(url)
    assert "is not PostgreSQL" in error.message or "went away" in error.message


def test_a_connection_is_encrypted_or_not_made() -> None:
    with answering(b"N") as url:
        error = refused(f"{url}?sslmode=require")
    assert "does not encrypt" in error.message
    assert "sslmode=disable" in error.hint


def test_a_certificate_is_verified(postgres: PostgresServer, postgresql_url: str) -> None:
    error = refused(f"{postgresql_url}?sslmode=verify-full")
    assert "certificate is not to be trusted" in error.message
    assert "sslrootcert" in error.hint
    for options in ("require", f"verify-full&sslrootcert={postgres.authority}"):
        database = Database.open(f"{postgresql_url}?sslmode={options}")
        with database.reading() as connection:
            query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert connection.exec_driver_sql(query).scalar() is True
        database.close()
    with pytest.raises(ConfigurationError, match="cannot read sslrootcert"):
        Database.open(f"{postgresql_url}?sslmode=verify-full&sslrootcert=/nowhere.pem")


def test_the_driver_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    assert "newsletter-as-code[postgres]" in refused("postgresql://ann@localhost/letter").hint


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("53100", "the server's disk is full"),
        ("40P01", "stood in each other's way"),
        ("57P03", "starting or stopping"),
        ("XX000", "what the server said"),
    ],
)
def test_what_the_server_says_is_put_into_plain_words(
    server_database: Database, code: str, said: str
) -> None:
    raising = (
        "DO $$ BEGIN RAISE EXCEPTION 'what the server said' "
        f"USING ERRCODE = '{code}', DETAIL = 'ann@example.com'; END $$"
    )
    with pytest.raises(DatabaseError, match=said) as caught, server_database.writing() as c:
        c.exec_driver_sql(raising)
    assert "ann@example.com" not in caught.value.message + caught.value.hint


def test_a_value_that_is_too_long_is_named(server_database: Database) -> None:
    row = {"email_hash": "a" * 400, "reason": "bounce", "created_at": NOW}
    with (
        pytest.raises(DatabaseError, match="longer than its column"),
        server_database.writing() as connection,
    ):
        connection.execute(suppressions.insert(), [row])


def test_reading_writes_nothing(server_database: Database) -> None:
    with (
        pytest.raises(DatabaseError, match="it is read-only"),
        server_database.reading() as connection,
    ):
        connection.execute(suppressions.delete())


@pytest.mark.parametrize("noticed_by", ["the next statement", "the commit"])
def test_a_server_that_goes_away_is_named_and_nothing_is_half_written(
    postgres: PostgresServer, server_database: Database, noticed_by: str
) -> None:
    def write() -> None:
        with server_database.writing() as connection:
            row = {"email_hash": KEYS.hash("ann"), "reason": "bounce", "created_at": NOW}
            connection.execute(suppressions.insert(), [row])
            postgres.hang_up(server_database.name.rpartition("/")[2])
            if noticed_by == "the next statement":
                connection.scalar(select(suppressions.c.email_hash))

    with pytest.raises(DatabaseError, match="the server went away") as caught:
        write()
    assert "run it again" in caught.value.hint
    with server_database.reading() as connection:
        assert connection.scalars(select(suppressions.c.email_hash)).all() == []


def test_a_server_that_was_restarted_in_a_pause_stops_nothing(
    postgres: PostgresServer, server_database: Database
) -> None:
    suppress(server_database, "ann@example.com")
    postgres.hang_up(server_database.name.rpartition("/")[2])
    suppress(server_database, "bob@example.com")
