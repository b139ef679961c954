"""What went wrong in the database, in words that help."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from newsletter.database import postgresql_problems, sqlite_problems
from newsletter.errors import DatabaseError


@contextlib.contextmanager
def in_plain_words(name: str, also: type[OSError] | tuple[()] = ()) -> Iterator[None]:
    """Turn errors of SQLAlchemy and its drivers, and those of ``also``, into ``DatabaseError``.

    Args:
        name: Path or URL of the database, without a password.
        also: Further errors that can only come from the database.
    """
    try:
        yield
    except _caught() as error:
        problem, hint = _explain(error)
        raise DatabaseError(f"database {name}: {problem}", hint) from error
    except also as error:
        raise DatabaseError(
            f"database {name}: {error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error


def _caught() -> tuple[type[Exception], ...]:
    return (SQLAlchemyError, *sqlite_problems.errors())


def _explain(error: Exception) -> tuple[str, str]:
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite_problems.errors()):
        said = sqlite_problems.explain(cause)
    else:
        said = postgresql_problems.explain(cause)
    # SQLAlchemy adds the statement and its values, which are readers' data, from the second line.
    return said or (str(cause).splitlines()[0], "")
