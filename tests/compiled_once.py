"""Statements compiled once for all databases of a kind.

SQLAlchemy keeps what it compiled for as long as a database is open. A program opens one; the tests
open thousands, and compiled the same statements anew for each.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

_kinds: dict[object, _Compiled] = {}


class _Compiled(dict[Any, Any]):
    """What SQLAlchemy compiled, but for the one dialect of an engine that it was compiled with."""

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


def share_what_is_compiled() -> None:
    """From now on engines of one kind, that is of one dialect and driver, share it."""
    make: Any = Engine.__init__

    def init(self: Engine, pool: Any, dialect: Any, *arguments: Any, **options: Any) -> None:
        make(self, pool, dialect, *arguments, **options)
        kind = (type(dialect), dialect.dbapi, dialect.paramstyle)
        self._compiled_cache = _kinds.setdefault(kind, _Compiled())

    Engine.__init__ = init  # type: ignore[method-assign]
