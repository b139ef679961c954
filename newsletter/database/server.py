"""What a PostgreSQL server is like; looking makes and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from newsletter.database.location import Location
from newsletter.database.problems import in_plain_words
from newsletter.database.schema import is_current

BUSY_SECONDS = 10.0

_FACTS = text(
    "SELECT current_setting('server_version_num')::int AS version,"
    " pg_is_in_recovery() AS is_standby,"
    " coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS is_encrypted,"
    " current_setting('synchronous_commit') AS synchronous_commit,"
    " current_setting('fsync') = 'on' AS fsync,"
    " current_setting('full_page_writes') = 'on' AS full_page_writes,"
    " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_create"
)


@dataclass(frozen=True, slots=True)
class Server:
    """A server as a connection of this program finds it.

    Attributes:
        name: URL of the database, without a password.
        host: Name, address, or the folder of the socket.
        is_here: Whether it is this machine.
        sslmode: How strict the connection is, in libpq's words.
        version: ``150004`` is 15.4.
        is_standby: Whether it only follows another server, and cannot be written to.
        is_encrypted: Whether this connection is.
        synchronous_commit: As in force for what this program commits.
        fsync: Whether what was committed survives a power cut.
        full_page_writes: Whether a page that a power cut tore is mended.
        may_create: Whether the user may make and change tables.
        is_current: Whether the tables are there, in the newest form.
    """

    name: str
    host: str
    is_here: bool
    sslmode: str
    version: int
    is_standby: bool
    is_encrypted: bool
    synchronous_commit: str
    fsync: bool
    full_page_writes: bool
    may_create: bool
    is_current: bool

    @classmethod
    def look(cls, url: str, password: str = "") -> Server:
        """Connect as everything else does, and ask.

        Args:
            url: ``postgresql://…``.
            password: From the settings; empty to look where PostgreSQL's own programs look.

        Raises:
            ConfigurationError: The URL is wrong.
            DatabaseError: It cannot be reached, lets us not in, belongs to another program, or a
                newer version of this one made its tables.
        """
        from newsletter.database import postgresql

        location = Location.parse(url)
        engine = postgresql.make_engine(location, password, BUSY_SECONDS)
        try:
            with in_plain_words(str(location)), engine.begin() as connection:
                row = connection.execute(_FACTS).one()
                ready = is_current(connection, str(location))
        finally:
            engine.dispose()
        return cls(
            name=str(location),
            host=location.host,
            is_here=location.is_here,
            sslmode=location.sslmode,
            is_current=ready,
            **row._mapping,
        )
