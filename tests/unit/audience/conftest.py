from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.database.engine import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database.open(tmp_path / "state" / "newsletter.db")
    yield database
    database.close()
