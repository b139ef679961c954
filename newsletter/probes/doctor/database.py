"""The database on a server: reached, not too old, encrypted, and keeping what it was told."""

from __future__ import annotations

import datetime

from newsletter.database.server import Server
from newsletter.errors import ConfigurationError, DatabaseError
from newsletter.probes.doctor.checkup import Checkup, Group, Level

_WHAT = "database"


def check_database(url: str, password: str, now: datetime.datetime) -> list[Checkup]:
    """Look at a PostgreSQL database; nothing is made or changed in it.

    Args:
        url: From the settings; empty for a file of the project's own, which needs no server.
        password: From the settings.
        now: The time.
    """
    if not url:
        said = "a file of the project's own, which needs no server"
        return [Checkup(_WHAT, Level.OK, said, "", Group.DATABASE)]
    try:
        server = Server.look(url, password)
    except (ConfigurationError, DatabaseError) as error:
        said = error.message.removeprefix("database ")
        return [Checkup(_WHAT, Level.ERROR, said, error.hint, Group.DATABASE)]
    return [_at_all(server, now), _encryption(server), _durability(server)]


def _at_all(server: Server, now: datetime.datetime) -> Checkup:
    major, minor = divmod(server.version, 10_000)
    level, hint = Level.OK, ""
    said = f"PostgreSQL {major}.{minor} answers for {server.name}"
    if server.is_standby:
        level, said = Level.ERROR, f"{server.name} is a standby server, which cannot be written to"
        hint = "Name the primary server in the setting database."
    elif not server.may_create and not server.is_current:
        level, said = Level.ERROR, f"the user of {server.name} may not make tables"
        hint = "Make the database belong to that user: ALTER DATABASE … OWNER TO …"
    elif now >= _end_of(major):
        level = Level.WARNING
        said += f"; since {_end_of(major):%B %Y} nobody mends PostgreSQL {major} any more"
        hint = "Bring the server to a newer version (pg_upgrade)."
    elif not server.is_current:
        said += "; its tables are made, or brought up to date, by the next command that needs them"
    return Checkup(_WHAT, level, said, hint, Group.DATABASE)


def _encryption(server: Server) -> Checkup:
    what = "encryption of the database's connection"
    if server.is_here and not server.is_encrypted:
        return Checkup(what, Level.OK, "not needed on this machine", "", Group.DATABASE)
    if not server.is_encrypted:
        said = f"readers' addresses go to {server.host} and back in the clear"
        hint = "Take ?sslmode=disable out of the setting database."
        return Checkup(what, Level.WARNING, said, hint, Group.DATABASE)
    if server.sslmode == "require" and not server.is_here:
        said = f"encrypted, but {server.host} need not prove that it is itself"
        hint = "Take ?sslmode=require out of the setting database; ?sslrootcert= names a CA."
        return Checkup(what, Level.WARNING, said, hint, Group.DATABASE)
    proved = "" if server.sslmode == "require" else ", and the server has proved who it is"
    return Checkup(what, Level.OK, f"encrypted{proved}", "", Group.DATABASE)


def _durability(server: Server) -> Checkup:
    what = "what the database keeps"
    twice = "after a power cut, readers may be mailed twice"
    if not server.fsync:
        said, hint = f"fsync is off: {twice}", "Set fsync = on in postgresql.conf of the server."
        return Checkup(what, Level.ERROR, said, hint, Group.DATABASE)
    if server.synchronous_commit not in {"on", "remote_apply"}:
        said = f"synchronous_commit is {server.synchronous_commit} though on was asked for: {twice}"
        hint = "Ask whoever runs the server, or what stands before it, to let it be set."
        return Checkup(what, Level.ERROR, said, hint, Group.DATABASE)
    if not server.full_page_writes:
        said = (
            "full_page_writes is off: a power cut may leave a torn page, unless the disk has none"
        )
        hint = "Set full_page_writes = on in postgresql.conf of the server."
        return Checkup(what, Level.WARNING, said, hint, Group.DATABASE)
    said = "what is committed is on the disk (synchronous_commit, fsync)"
    return Checkup(what, Level.OK, said, "", Group.DATABASE)


def _end_of(major: int) -> datetime.datetime:
    """When a version gets no more corrections: in November of its fifth year.

    PostgreSQL 10 came in 2017, and there has been one each year since
    (https://www.postgresql.org/support/versioning/).
    """
    return datetime.datetime(2012 + major, 11, 15, tzinfo=datetime.UTC)
