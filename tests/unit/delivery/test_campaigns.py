"""Campaigns that are started or forgotten while somebody else does something with them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, update

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import deliveries
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import Accepted
from newsletter.errors import SendRefusedError
from tests.databases import on_both, only_postgresql
from tests.unit.delivery.kit import NOON, Hand, add_readers, make_edition, make_sender

Start = Callable[[int], Ledger]


@pytest.fixture
def other_machine(place: str) -> Iterator[Database]:
    """The same database, as another machine has opened it."""
    database = Database.open(place)
    yield database
    database.close()


def until_it_waits(database: Database, thread: threading.Thread) -> None:
    """Wait until another connection waits for a lock, or a thread that should is at its end."""
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    deadline = time.monotonic() + 30
    while thread.is_alive() and time.monotonic() < deadline:
        with database.reading() as connection:
            if connection.exec_driver_sql(query).scalar_one():
                return
        time.sleep(0.01)


@only_postgresql
def test_of_two_machines_that_start_the_same_issue_at_once_one_is_refused(
    database: Database, other_machine: Database
) -> None:
    add_readers(database, 3)
    started: list[Campaign] = []
    refused: list[str] = []

    def second() -> None:
        try:
            started.append(
                Campaigns(other_machine).start(make_edition(), make_sender(), "two", NOON)
            )
        except SendRefusedError as error:
            refused.append(error.message)

    thread = threading.Thread(target=second)

    def meanwhile(connection: Connection) -> None:
        thread.start()
        until_it_waits(database, thread)

    campaigns = Campaigns(database)
    started.append(campaigns.start(make_edition(), make_sender(), "one", NOON, first=meanwhile))
    thread.join(60)
    assert campaigns.list() == tuple(started)
    assert [campaign.transport for campaign in started] == ["one"]
    assert refused == ["2026-11-20 is not finished yet"]


@only_postgresql
def test_a_campaign_whose_first_message_is_just_leaving_is_not_forgotten(
    database: Database, other_machine: Database, start: Start
) -> None:
    ledger = start(2)
    campaigns = Campaigns(database)
    Hand(ledger).claim()
    thread = threading.Thread(target=Campaigns(other_machine).discard, args=(ledger.campaign,))
    with database.writing() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.state == State.CLAIMED)
            .values(state=State.ATTEMPTING)
        )
        thread.start()
        until_it_waits(other_machine, thread)
    thread.join(60)
    assert campaigns.list() == (ledger.campaign,)
    assert ledger.counts() == {"planned": 1, "attempting": 1}


@on_both
def test_a_campaign_that_nobody_got_anything_of_is_forgotten(
    database: Database, start: Start
) -> None:
    ledger = start(2)
    Campaigns(database).discard(ledger.campaign)
    assert Campaigns(database).list() == ()
    assert ledger.counts() == {}


@on_both
def test_an_issue_is_not_started_again_before_it_is_finished(
    database: Database, start: Start
) -> None:
    ledger = start(1)
    with pytest.raises(SendRefusedError, match="not finished yet"):
        Campaigns(database).start(make_edition(), make_sender(), "again", NOON)
    assert Campaigns(database).list() == (ledger.campaign,)
    Hand(ledger).one(Accepted())
    assert ledger.close(NOON)
    again = Campaigns(database).start(make_edition(), make_sender(), "again", NOON)
    assert Campaigns(database).latest("2026-11-20") == again


@only_postgresql
def test_the_query_planner_knows_how_many_readers_there_are(
    database: Database, start: Start
) -> None:
    start(120)
    query = "SELECT reltuples FROM pg_class WHERE relname = 'deliveries'"
    with database.reading() as connection:
        assert connection.exec_driver_sql(query).scalar_one() == 120
