from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import database, place, postgres, postgresql_url

__all__ = ["database", "place", "postgres", "postgresql_url"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of SQLite, not made yet: the ``place`` of tests that run on both."""
    return tmp_path / "state" / "newsletter.db"
