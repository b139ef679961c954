from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.database.engine import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "newsletter.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database.open(path)
    yield database
    database.close()
