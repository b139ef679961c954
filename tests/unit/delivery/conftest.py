from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.render.edition import Edition
from tests.databases import database, postgres, postgresql_url
from tests.unit.delivery.kit import NOON, Clock, add_readers, ledger_of, make_edition, make_sender

__all__ = ["database", "place", "postgres", "postgresql_url"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sender() -> Sender:
    return make_sender()


@pytest.fixture
def edition() -> Edition:
    return make_edition()


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the database is to be opened: a file; tests ``on_both`` have a server, too."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return tmp_path / "newsletter.db"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture
def start(database: Database, edition: Edition, sender: Sender) -> Callable[[int], Ledger]:
    """A campaign to so many readers, started at noon."""

    def start(readers: int) -> Ledger:
        add_readers(database, readers)
        return ledger_of(
            database, Campaigns(database).start(edition, make_sender(), "a test", NOON)
        )

    return start
