"""Which PostgreSQL database is meant: its URL, read without the driver."""

from __future__ import annotations

import getpass
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from newsletter.errors import ConfigurationError

SCHEMES = ("postgresql", "postgres")
PORT = 5432
SSL_MODES = ("disable", "require", "verify-full")
"""From none over encrypted to encrypted and verified, as libpq names them."""

EXAMPLE = "postgresql://user@host/database"


@dataclass(frozen=True, slots=True)
class Location:
    """A database on a server, in the words of libpq's connection URIs.

    Attributes:
        user: The role that logs in.
        host: Name or address; a folder (``/run/postgresql``) for the socket in it.
        port: TCP port, also part of the socket's name.
        database: Name of the database.
        sslmode: One of ``SSL_MODES``.
        sslrootcert: File of the certificate authorities to trust; empty for those of the system.
        password: Only if the URL had it.
    """

    user: str
    host: str
    port: int
    database: str
    sslmode: str
    sslrootcert: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str, environment: Mapping[str, str] = os.environ) -> Self:
        """The location that a URL names.

        On this machine (a socket, loopback) nothing is encrypted unless ``sslmode`` asks for it;
        over a network the server's certificate is verified unless ``sslmode`` says otherwise.

        Raises:
            ConfigurationError: It is no such URL, or has an option that is not known.
        """
        parts, port = _split(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if unknown := sorted(set(options) - {"host", "sslmode", "sslrootcert"}):
            raise ConfigurationError(
                f"database: {unknown[0]} is not an option of a database URL here",
                "Options are host, sslmode and sslrootcert; a password belongs in "
                "NEWSLETTER_DATABASE_PASSWORD.",
            )
        user = unquote(parts.username or "") or environment.get("PGUSER") or getpass.getuser()
        host = options.get("host") or unquote(parts.hostname or "") or "localhost"
        usual = "disable" if _on_this_machine(host) else "verify-full"
        sslmode = options.get("sslmode", usual)
        if sslmode not in SSL_MODES:
            raise ConfigurationError(
                f"database: sslmode {sslmode} is not known", f"Write {', '.join(SSL_MODES)}."
            )
        return cls(
            user=user,
            host=host,
            port=port or PORT,
            database=unquote(parts.path.lstrip("/")) or user,
            sslmode=sslmode,
            sslrootcert=options.get("sslrootcert", ""),
            password=unquote(parts.password or ""),
        )

    @property
    def is_here(self) -> bool:
        """Whether the server is this machine: a socket, or loopback."""
        return _on_this_machine(self.host)

    @property
    def socket(self) -> str:
        """Path of the Unix socket; empty if the server is reached by TCP."""
        return f"{self.host}/.s.PGSQL.{self.port}" if self.host.startswith("/") else ""

    def for_libpq(self) -> str:
        """The URL for PostgreSQL's own programs, without a password, as strict as we are.

        They would fall back to an unencrypted connection if the URL did not say otherwise.
        """
        url = str(self)
        if "sslmode=" in url or self.sslmode == "disable":
            return url
        return f"{url}{'&' if '?' in url else '?'}sslmode={self.sslmode}"

    def __str__(self) -> str:
        """The URL, without a password: to be shown, and to be read again."""
        host = "" if self.socket else f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORT else f":{self.port}"
        url = f"postgresql://{quote(self.user)}@{host}{port}/{quote(self.database)}"
        usual = "disable" if _on_this_machine(self.host) else "verify-full"
        options = {
            "host": self.host if self.socket else "",
            "sslmode": "" if self.sslmode == usual else self.sslmode,
            "sslrootcert": self.sslrootcert,
        }
        said = "&".join(f"{name}={quote(value)}" for name, value in options.items() if value)
        return f"{url}?{said}" if said else url


def parse_setting(value: str) -> str:
    """The setting as it is, if it is empty or names a database.

    Raises:
        ValueError: It is neither.
    """
    if value:
        try:
            Location.parse(value)
        except ConfigurationError as error:
            raise ValueError(f"{error.message.removeprefix('database: ')}. {error.hint}") from None
    return value


def has_password(url: str) -> bool:
    """Whether a password stands in a URL, where others would read it."""
    return re.match(r"[^/]*//[^/?#@]*:[^/?#]*@", url) is not None or "password=" in url


def _split(url: str) -> tuple[SplitResult, int | None]:
    # What is wrong with a URL is said without showing it: there may be a password in it.
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigurationError(
            "database: this is not the URL of a database", f"Write one like {EXAMPLE}."
        ) from None
    if parts.scheme not in SCHEMES or not url.startswith(f"{parts.scheme}://") or parts.fragment:
        raise ConfigurationError(
            "database: this is not the URL of a PostgreSQL database",
            f"Write one like {EXAMPLE}; special characters as %40, %2F.",
        )
    return parts, port


def _on_this_machine(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
