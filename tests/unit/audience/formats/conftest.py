from __future__ import annotations

from tests.databases import database, place, postgres, postgresql_url

__all__ = ["database", "place", "postgres", "postgresql_url"]
