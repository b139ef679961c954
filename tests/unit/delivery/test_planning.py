"""Planning in blocks: no reader twice, never half an audience, and others may write between."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, delete, func, select

from newsletter.database.engine import Database
from newsletter.database.tables import campaigns, deliveries, subscribers, subscriptions
from newsletter.delivery import planning
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.errors import SendRefusedError
from tests.databases import on_both
from tests.unit.delivery.kit import NOON, add_reader, add_readers, make_edition, make_sender

READERS = 12

DIES_HALF_WAY = """\
import os, sys
from pathlib import Path
from newsletter.database.engine import Database
from newsletter.delivery import planning
from newsletter.delivery.campaigns import Campaigns
from tests.unit.delivery.kit import NOON, make_edition, make_sender

write, planning.BLOCK, turns = planning._write, 5, []

def dying(*arguments):
    turns.append(1)
    if len(turns) == 3:
        os._exit(9)
    write(*arguments)

planning._write = dying
Campaigns(Database.open(Path(sys.argv[1]))).start(make_edition(), make_sender(), "one", NOON)
"""


@pytest.fixture
def blocks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rows of each block that was written; a block has five at most."""
    found: list[int] = []

    write = planning._write

    def counting(connection: Connection, rows: str) -> None:
        found.append(len(json.loads(rows)))
        write(connection, rows)

    monkeypatch.setattr(planning, "BLOCK", 5)
    monkeypatch.setattr(planning, "_write", counting)
    return found


def start(database: Database, first: Callable[[Connection], None] = lambda _: None) -> Campaign:
    return Campaigns(database).start(make_edition(), make_sender(), "one", NOON, first=first)


def planned(database: Database, campaign: Campaign) -> list[int]:
    """The readers of a campaign, each as often as they would be mailed."""
    query = select(deliveries.c.subscriber_id).where(deliveries.c.campaign_id == campaign.id)
    with database.reading() as connection:
        return list(connection.scalars(query.order_by(deliveries.c.id)))


def count(database: Database, table: Table) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


@on_both
def test_everybody_is_planned_once(database: Database, blocks: list[int]) -> None:
    add_readers(database, READERS)
    campaign = start(database)
    assert planned(database, campaign) == list(range(1, READERS + 1))
    assert Campaigns(database).list() == (campaign,)
    assert Ledger(database, campaign).due(NOON) == READERS
    assert blocks == ([5, 5, 2] if database.dialect == "sqlite" else [])


def test_others_may_write_between_two_blocks(
    database: Database, blocks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_readers(database, READERS)
    each: list[int] = []  # rows of deliveries that were there at the end of each transaction
    writing = Database.writing

    def counted(self: Database) -> Any:
        each.append(sum(blocks))
        return writing(self)

    monkeypatch.setattr(Database, "writing", counted)
    start(database)
    assert [after - before for before, after in itertools.pairwise(each)] == [0, 5, 5, 2]


def test_a_program_that_is_killed_half_way_mails_nobody_and_the_next_one_everybody(
    database: Database, place: Path
) -> None:
    add_readers(database, READERS)
    root = Path(__file__).parents[3]
    died = subprocess.run([sys.executable, "-c", DIES_HALF_WAY, place], cwd=root, check=False)
    assert died.returncode == 9
    assert (count(database, deliveries), count(database, campaigns)) == (10, 1)
    assert Campaigns(database).list() == ()
    campaign = start(database)
    assert planned(database, campaign) == list(range(1, READERS + 1))
    assert (count(database, deliveries), count(database, campaigns)) == (READERS, 1)


@on_both
def test_what_keeps_it_from_starting_in_the_end_leaves_nothing(
    database: Database, blocks: list[int]
) -> None:
    def refuse(_: Connection) -> None:
        raise SendRefusedError("somebody was faster")

    add_readers(database, READERS)
    with pytest.raises(SendRefusedError, match="faster"):
        start(database, refuse)
    assert (count(database, deliveries), count(database, campaigns)) == (0, 0)
    assert sum(blocks) in {0, READERS}


def test_the_audience_is_that_of_one_moment_but_for_those_who_were_forgotten_meanwhile(
    database: Database, blocks: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_readers(database, READERS)

    write = planning._write

    def meanwhile(connection: Connection, rows: str) -> None:
        write(connection, rows)
        if len(blocks) == 1:
            gone = subscriptions.c.subscriber_id == READERS
            connection.execute(delete(subscriptions).where(gone))
            connection.execute(delete(subscribers).where(subscribers.c.id == READERS))
            copy = select(*[c for c in subscribers.c if c.name != "id"]).limit(1)
            values = dict(connection.execute(copy).one()._mapping)
            new = values | {"email_key": "new@example.com", "email_hash": "0"}
            number = connection.execute(
                subscribers.insert().values(new).returning(subscribers.c.id)
            ).scalar_one()
            connection.execute(
                subscriptions.insert().values(
                    subscriber_id=number, list="main", status="confirmed", source="a test"
                )
            )

    monkeypatch.setattr(planning, "_write", meanwhile)
    assert planned(database, start(database)) == list(range(1, READERS))


def test_a_plan_for_nobody_leaves_nothing(database: Database) -> None:
    add_reader(database, "ann@example.com", "another")
    with pytest.raises(SendRefusedError, match="no readers"):
        start(database)
    assert count(database, campaigns) == 0
