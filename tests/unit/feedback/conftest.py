from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from tests.databases import opened, postgres, postgresql_url

__all__ = ["database", "place", "postgres", "postgresql_url"]


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the database is to be opened: a file; tests ``on_both`` have a server, too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return tmp_path / "newsletter.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def database(place: Path | str) -> Iterator[Database]:
    database = opened(place)
    yield database
    database.close()
