"""Passwords of PostgreSQL from where its own programs find them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from newsletter.database.location import Location

_FIELD = re.compile(r"((?:[^:\\]|\\.)*)(?::|$)")


def find_password(location: Location, environment: Mapping[str, str] = os.environ) -> str:
    """The password for a database: ``PGPASSWORD``, else the first fitting line of ``~/.pgpass``.

    PostgreSQL manual, "The Password File": lines of ``host:port:database:user:password``, a star
    fits everything, a colon or backslash inside has a backslash before it, and a file that others
    may read is passed over. ``PGPASSFILE`` names another file.

    Returns:
        The password; empty if there is none, which is right for servers that ask for none.
    """
    if password := environment.get("PGPASSWORD"):
        return password
    path = Path(environment.get("PGPASSFILE") or Path.home() / ".pgpass")
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return ""
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return ""
    host = "localhost" if location.socket else location.host
    wanted = (host, str(location.port), location.database, location.user)
    for line in lines:
        if line.startswith("#"):
            continue
        fields = [re.sub(r"\\(.)", r"\1", found) for found in _FIELD.findall(line)]
        if len(fields) < 5:
            continue
        if all(said in ("*", value) for said, value in zip(fields, wanted, strict=False)):
            return fields[4]
    return ""
