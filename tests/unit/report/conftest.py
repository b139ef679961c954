from __future__ import annotations

import pytest

from newsletter.database.engine import Database
from tests.databases import database, place, postgres, postgresql_url
from tests.unit.report.kit import fill

__all__ = ["database", "place", "postgres", "postgresql_url", "sent"]


@pytest.fixture
def sent(database: Database) -> Database:
    fill(database)
    return database
