"""PostgreSQL's errors, in words that help."""

from __future__ import annotations

_PASSWORD = (
    "the server refuses the user or the password",
    "Set NEWSLETTER_DATABASE_PASSWORD, or write the password into ~/.pgpass.",
)
_GONE = (
    "the server went away",
    "See that it is running and can be reached, then run it again; nothing was half written.",
)
_RIGHTS = (
    "the user has not the rights for this",
    "Make the database belong to that user: ALTER DATABASE … OWNER TO …",
)

# PostgreSQL manual, appendix A, error codes: what is wrong, what is next.
_SAID = {
    "28P01": _PASSWORD,
    "28000": _PASSWORD,
    "3D000": (
        "there is no such database on the server",
        "Make it with: createdb --encoding UTF8 --template template0 NAME",
    ),
    "42501": _RIGHTS,
    "53100": (
        "the server's disk is full",
        "Free some space there and run it again; nothing was half written.",
    ),
    "53200": ("the server is out of memory", "Run it again when the server has less to do."),
    "53300": (
        "the server has no connection free",
        "Run it again when other programs are done, or raise max_connections there.",
    ),
    "25006": (
        "it is read-only",
        "Perhaps this is a standby server: name the primary server in the setting database.",
    ),
    "55P03": (
        "another program is writing to it",
        "Wait until the other newsletter command is done, then run it again.",
    ),
    "40P01": ("two programs stood in each other's way", "Run it again; nothing was half written."),
    "40001": ("two programs stood in each other's way", "Run it again; nothing was half written."),
    "22001": (
        "a value is longer than its column",
        "Shorten the longest name, address or file name, and run it again.",
    ),
    "25P03": (
        "this program was silent for too long in the middle of a change",
        "Run it again; nothing was half written.",
    ),
    "57P01": _GONE,
    "57P02": _GONE,
    "57P03": ("the server is starting or stopping", "Run it again in a minute."),
}

# Errors of the driver itself (pg8000 1.31) have words only.
_IN_WORDS = {
    "network error": _GONE,
    "connection is closed": _GONE,
    "refuses SSL": (
        "the server does not encrypt connections",
        "Switch TLS on there; only in a network that you trust, add ?sslmode=disable.",
    ),
}


def explain(error: BaseException | None) -> tuple[str, str] | None:
    """What is wrong and what is next; None if these are not words of PostgreSQL or its driver."""
    said = error.args[0] if error is not None and error.args else ""
    if isinstance(said, dict):
        # "M" is the message alone; the detail, "D", would show a reader's data.
        return _SAID.get(said.get("C", "")) or (str(said.get("M", "unknown error")), "")
    return next((words for key, words in _IN_WORDS.items() if key in str(said)), None)
