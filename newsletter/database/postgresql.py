"""PostgreSQL: a server that several machines write to, reached through pg8000."""

from __future__ import annotations

import contextlib
import functools
import re
import socket
import ssl
import struct
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.pg8000 import PGDialect_pg8000

from newsletter.database.location import Location
from newsletter.database.pgpass import find_password
from newsletter.errors import ConfigurationError, DatabaseError

CONNECT_SECONDS = 15.0
"""How long a server may take until the connection stands."""

IDLE_SECONDS = 30.0
"""How long a transaction to write in may say nothing until the server takes it back.

A machine that is cut off or stopped in the middle of one would keep its rows locked, perhaps for
hours, and nobody could take over from it. Shorter than the lease of a program that sends.
"""

# One state of the database from begin to end, as SQLite gives it to readers.
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Several write at a time; who must not lose an update locks its rows or names what it expects.
WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"

# A dead network is noticed after 30 + 3 x 10 s, not after the two hours of Linux.
_KEEP_ALIVE = {
    "TCP_KEEPIDLE": 30,
    "TCP_KEEPINTVL": 10,
    "TCP_KEEPCNT": 3,
    "TCP_USER_TIMEOUT": 60_000,
}

# PostgreSQL's text has no NUL; lone surrogates are no characters.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Dialect(PGDialect_pg8000):
    """SQLAlchemy's, in which a broken connection is an error of the driver like any other.

    pg8000 1.31 lets some errors of the socket through as they are, and SQLAlchemy would take a
    connection that is dead for one that is alive.
    """

    driver = "newsletter"
    supports_statement_cache = True
    use_insertmanyvalues_wo_returning = True  # many rows in one statement, not one by one

    def do_execute(
        self,
        cursor: Any,
        statement: Any,
        parameters: Any,
        context: Any = None,  # noqa: ARG002
    ) -> None:
        """Run a statement."""
        with self._network_errors():
            cursor.execute(statement, parameters)

    def do_execute_no_params(
        self,
        cursor: Any,
        statement: Any,
        context: Any = None,  # noqa: ARG002
    ) -> None:
        """Run a statement without parameters."""
        with self._network_errors():
            cursor.execute(statement)

    def do_executemany(
        self,
        cursor: Any,
        statement: Any,
        parameters: Any,
        context: Any = None,  # noqa: ARG002
    ) -> None:
        """Run a statement once for each set of parameters."""
        with self._network_errors():
            cursor.executemany(statement, parameters)

    def do_commit(self, dbapi_connection: Any) -> None:
        """Commit, in one round trip where pg8000 takes three."""
        with self._network_errors():
            dbapi_connection.execute_simple("COMMIT")

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Roll back."""
        with self._network_errors():
            dbapi_connection.rollback()

    def do_close(self, dbapi_connection: Any) -> None:
        """Close; a connection that the server has closed already is no trouble."""
        with contextlib.suppress(OSError, self.loaded_dbapi.InterfaceError):
            dbapi_connection.close()

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Whether a connection is alive."""
        with self._network_errors():
            dbapi_connection.execute_simple("")
        return True

    @contextlib.contextmanager
    def _network_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise self.loaded_dbapi.InterfaceError("network error") from error


registry.register("postgresql.newsletter", __name__, "Dialect")


def make_engine(location: Location, password: str, busy_seconds: float) -> Engine:
    """Connections to a database on a server; none is made yet.

    Args:
        location: The database.
        password: From the settings; empty to look where PostgreSQL's own programs look.
        busy_seconds: How long a statement waits for another program's lock.

    Raises:
        DatabaseError: The driver is not installed.
    """
    try:
        import pg8000  # noqa: F401
    except ImportError as error:
        raise DatabaseError(
            f"database {location}: the driver pg8000 is not installed",
            "Install it with: pip install 'newsletter-as-code[postgres]'",
        ) from error
    password = location.password or password or find_password(location)
    engine = create_engine(
        URL.create("postgresql+newsletter"),
        creator=functools.partial(_connect, location, password, busy_seconds),
        pool_pre_ping=True,  # a server that was restarted overnight stops no sending
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    begin = connection.get_execution_options().get("begin", READING)
    connection.exec_driver_sql(begin)
    if begin == READING:
        # It keeps nobody from anything: a report may wait for whoever reads it.
        connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")


def _connect(location: Location, password: str, busy_seconds: float) -> Any:
    import pg8000.dbapi

    context = _tls(location)
    sock = _open_socket(location)
    try:
        connection = pg8000.dbapi.connect(
            user=location.user,
            host=location.host,
            database=location.database,
            password=password,  # with None, pg8000 1.31 breaks when the server asks for one
            ssl_context=context,
            application_name="newsletter",
            sock=sock,
        )
    except ssl.SSLError as error:
        sock.close()
        raise DatabaseError(
            f"database {location}: the server's certificate is not to be trusted "
            f"({error.reason or error})",
            "Name the file of its authority: ?sslrootcert=FILE",
        ) from error
    except (OSError, LookupError, ValueError, struct.error) as error:
        sock.close()
        raise DatabaseError(
            f"database {location}: what answers there is not PostgreSQL, or went away",
            "See that host and port are right and that the server is running.",
        ) from error
    except BaseException:
        sock.close()
        raise
    connection.register_out_adapter(str, _storable)
    # Transactions are begun by the event above; the driver must not begin them by itself.
    connection.autocommit = True
    _check_encoding(location, connection)
    connection.execute_simple(
        "SET synchronous_commit = on; SET client_encoding = 'UTF8'; SET TimeZone = 'UTC'; "
        f"SET lock_timeout = {round(busy_seconds * 1000)}; "
        f"SET idle_in_transaction_session_timeout = {round(IDLE_SECONDS * 1000)}"
    )
    return connection


def _check_encoding(location: Location, connection: Any) -> None:
    encoding = connection.parameter_statuses.get("server_encoding", "UTF8")
    if encoding != "UTF8":
        connection.close()
        raise DatabaseError(
            f"database {location}: its encoding is {encoding}, which cannot hold all names",
            "Make one with: createdb --encoding UTF8 --template template0 NAME",
        )


def _open_socket(location: Location) -> socket.socket:
    try:
        sock = _unix_socket(location.socket) if location.socket else _tcp_socket(location)
    except OSError as error:
        raise DatabaseError(
            f"database {location}: the server cannot be reached ({error.strerror or error})",
            "See that it is running and that host and port are right.",
        ) from error
    sock.settimeout(None)  # a statement may take its time
    return sock


def _unix_socket(path: str) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        sock.connect(path)
    except OSError:
        sock.close()
        raise
    return sock


def _tcp_socket(location: Location) -> socket.socket:
    sock = socket.create_connection((location.host, location.port), CONNECT_SECONDS)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for name, value in _KEEP_ALIVE.items():
        if hasattr(socket, name):  # not on every system
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return sock


def _tls(location: Location) -> ssl.SSLContext | bool:
    """What pg8000 takes: False is no TLS; a context, TLS or no connection."""
    if location.sslmode == "disable":
        return False
    try:
        context = ssl.create_default_context(cafile=location.sslrootcert or None)
    except OSError as error:
        raise ConfigurationError(
            f"cannot read sslrootcert {location.sslrootcert}",
            "Name a file with certificates in PEM form.",
        ) from error
    if location.sslmode == "require":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _storable(text: str) -> str:
    """Text as PostgreSQL can keep it: what is no character becomes U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
