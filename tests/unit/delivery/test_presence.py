from __future__ import annotations

import datetime
from pathlib import Path

from newsletter.database.engine import Database
from newsletter.database.states import Control, State
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.lock import sending_alone
from newsletter.delivery.outcome import Accepted, Failed, Unknown
from newsletter.delivery.presence import Presence
from newsletter.delivery.workers import Worker
from tests.databases import database, only_postgresql, only_sqlite, place, postgres, postgresql_url
from tests.unit.delivery.kit import Hand, add_readers, ledger_of, make_edition, make_sender

__all__ = ["database", "place", "postgres", "postgresql_url"]


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def begin(database: Database, readers: int = 3) -> Ledger:
    add_readers(database, readers)
    campaign = Campaigns(database).start(make_edition(), make_sender(), "a test", now())
    return ledger_of(database, campaign)


def test_nobody_sends_before_anybody_began(database: Database, tmp_path: Path) -> None:
    ledger = begin(database)
    assert Presence.look(database, tmp_path, now()) == Presence()
    assert not Presence().may_be_sending(ledger.campaign.id)


def test_a_program_with_something_in_hand_sends_it(database: Database, tmp_path: Path) -> None:
    ledger = begin(database)
    with sending_alone(tmp_path):
        hand = Hand(ledger)
        assert hand.claim(now())
        seen = Presence.look(database, tmp_path, now())
        assert seen == Presence(frozenset({ledger.campaign.id}))
        assert seen.may_be_sending(ledger.campaign.id)
        assert not seen.may_be_sending(ledger.campaign.id + 1)


def test_a_program_with_nothing_in_hand_may_wait_for_anything(
    database: Database, tmp_path: Path
) -> None:
    ledger = begin(database)
    with sending_alone(tmp_path):
        with database.writing() as connection:
            worker = Worker.start(connection, now())
        assert Presence.look(database, tmp_path, now()) == Presence(idle=True)
        ledger.end_worker(worker, now())
        assert Presence.look(database, tmp_path, now()) == Presence()


@only_sqlite
def test_looking_writes_nothing_since_the_disk_may_be_full(
    database: Database, tmp_path: Path
) -> None:
    hand = Hand(begin(database))
    assert hand.claim(now())
    (tmp_path / "send.lock").touch()
    before = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("send*")}
    assert Presence.look(database, tmp_path, now()) == Presence()
    assert {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("send*")} == before


@only_sqlite
def test_with_the_lock_free_nobody_sends_whatever_the_lease_says(
    database: Database, tmp_path: Path
) -> None:
    assert Hand(begin(database)).claim(now())
    assert Presence.look(database, tmp_path, now()) == Presence()


@only_postgresql
def test_on_a_server_the_lease_says_who_is_alive(database: Database, tmp_path: Path) -> None:
    ledger = begin(database)
    assert Hand(ledger).claim(now())
    # The server's clock counts, whatever this machine believes.
    tomorrow = now() + datetime.timedelta(days=1)
    assert Presence.look(database, tmp_path, tomorrow).campaigns == {ledger.campaign.id}


def test_retry_takes_exactly_those_that_it_counts(database: Database) -> None:
    ledger = begin(database, 5)
    hand = Hand(ledger)
    for outcome in (Failed("550"), Failed("550"), Unknown("silence"), Accepted(), Accepted()):
        assert hand.one(outcome, now())
    failed = (State.FAILED,)
    assert ledger.count_for_retry(failed) == 2
    assert ledger.count_for_retry(failed, domain="example.com") == 2
    assert ledger.count_for_retry(failed, domain="xample.com") == 0
    assert ledger.count_for_retry(failed, domain="%") == 0
    assert ledger.retry(failed, now(), domain="example.org") == 0
    assert ledger.retry(failed, now(), domain="example.com") == 2
    assert ledger.counts() == {"planned": 2, "unknown": 1, "accepted": 2}


def test_what_is_cancelled_is_not_paused_or_resumed(database: Database) -> None:
    campaigns, campaign = Campaigns(database), begin(database).campaign
    assert campaigns.control(campaign, Control.PAUSED, "why")
    assert campaigns.list()[0].control_reason == "why"
    assert campaigns.control(campaign, Control.CANCELLED)
    assert not campaigns.control(campaign, Control.PAUSED)
    assert not campaigns.control(campaign, Control.RUNNING)
    assert campaigns.list()[0].control == Control.CANCELLED
