from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from sqlalchemy import delete, insert, update

from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, suppressions
from newsletter.delivery.campaigns import Campaigns, content_digest
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Unknown
from newsletter.errors import DatabaseError, SendRefusedError
from newsletter.render.edition import Edition
from tests.unit.delivery.kit import (
    NOON,
    Clock,
    add_readers,
    ledger_of,
    make_edition,
    make_sender,
    new_id,
)

Start = Callable[[int], Ledger]


def suppress(database: Database, address: str) -> None:
    with database.writing() as connection:
        connection.execute(
            insert(suppressions).values(email_key=address, reason="bounced", created_at=NOON)
        )


def unsubscribe(database: Database, address: str) -> None:
    with database.writing() as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.email == address)
            .values(status="unsubscribed", unsubscribed_at=NOON)
        )


def test_audience_and_content_are_frozen_at_the_start(
    database: Database, edition: Edition, sender: Sender
) -> None:
    addresses = add_readers(database, 4)
    suppress(database, addresses[0])
    unsubscribe(database, addresses[1])
    campaigns = Campaigns(database)
    campaign = campaigns.start(edition, make_sender(), "maildir:outbox", NOON)
    with database.writing() as connection:
        connection.execute(
            insert(subscribers).values(
                email="late@example.com",
                email_key="late@example.com",
                attributes={},
                status="active",
                token="late",
                created_at=NOON,
            )
        )
    assert ledger_of(database, campaign).counts() == {"suppressed": 1, "planned": 2}
    assert campaigns.edition(campaign) == edition
    assert campaign.digest == content_digest(edition, make_sender())
    assert campaigns.latest("2026-11-20") == campaign
    assert campaigns.latest("2026-12-04") is None


def test_a_campaign_to_nobody_does_not_start(database: Database, edition: Edition) -> None:
    suppress(database, add_readers(database, 1)[0])
    with pytest.raises(SendRefusedError, match="no readers"):
        Campaigns(database).start(edition, make_sender(), "maildir:outbox", NOON)
    assert Campaigns(database).list() == ()


def test_each_reader_is_claimed_once_and_then_no_more(start: Start) -> None:
    ledger = start(3)
    claims = [ledger.claim(NOON, new_id) for _ in range(4)]
    assert [claim and claim.recipient.address for claim in claims] == [
        "reader1@example.com",
        "reader2@example.com",
        "reader3@example.com",
        None,
    ]
    assert ledger.counts() == {"claimed": 3}
    assert len({claim.message_id for claim in claims if claim}) == 3


def test_message_id_and_date_are_kept_over_retries(start: Start, clock: Clock) -> None:
    ledger = start(1)
    first = ledger.claim(clock(), new_id)
    assert first
    assert ledger.record(first, Deferred("450 later"), clock()) == "deferred"
    assert ledger.claim(clock(), new_id) is None
    assert ledger.next_due() == NOON + datetime.timedelta(minutes=5)
    clock.advance(minutes=5)
    assert ledger.due(clock()) == 1
    second = ledger.claim(clock(), new_id)
    assert second
    assert (second.message_id, second.date) == (first.message_id, NOON)
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_transport_may_ask_for_a_longer_wait(start: Start) -> None:
    ledger = start(1)
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    hours = datetime.timedelta(hours=2)
    ledger.record(claimed, Deferred("later", retry_after=hours), NOON)
    assert ledger.next_due() == NOON + hours


def test_news_goes_stale_after_five_days(start: Start, clock: Clock) -> None:
    ledger = start(1)
    clock.advance(days=5)
    claimed = ledger.claim(clock(), new_id)
    assert claimed
    assert ledger.record(claimed, Deferred("450 later"), clock()) == "expired"
    assert ledger.close(clock())


def test_who_leaves_during_a_campaign_is_not_mailed(database: Database, start: Start) -> None:
    ledger = start(4)
    unsubscribe(database, "reader1@example.com")
    suppress(database, "reader2@example.com")
    with database.writing() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.email == "reader3@example.com"))
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    assert claimed.recipient.address == "reader4@example.com"
    assert ledger.counts() == {"cancelled": 2, "suppressed": 1, "claimed": 1}


def test_a_campaign_is_finished_only_when_nothing_is_open(start: Start) -> None:
    ledger = start(3)
    for outcome in (Accepted("250 ok"), Failed("550 no"), Unknown("silence")):
        assert not ledger.close(NOON)
        claimed = ledger.claim(NOON, new_id)
        assert claimed
        ledger.record(claimed, outcome, NOON)
    assert not ledger.close(NOON), "an unknown delivery keeps it open"
    assert ledger.reopen_unknown(NOON) == 1
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    ledger.record(claimed, Accepted(), NOON)
    assert ledger.close(NOON)
    assert ledger.counts() == {"accepted": 2, "failed": 1}


def test_what_a_dead_program_left_claimed_becomes_unknown_and_stays(start: Start) -> None:
    ledger = start(2)
    ledger.claim(NOON, new_id)
    assert ledger.recover(NOON) == 1
    assert ledger.recover(NOON) == 0
    [entry] = ledger.entries("unknown")
    assert entry.address == "reader1@example.com"
    assert "stopped" in entry.detail
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    assert claimed.recipient.address == "reader2@example.com"


def test_a_program_that_overslept_cannot_overwrite_what_was_found_out(start: Start) -> None:
    ledger = start(1)
    asleep = ledger.claim(NOON, new_id)
    assert asleep
    ledger.recover(NOON)
    ledger.reopen_unknown(NOON)
    awake = ledger.claim(NOON, new_id)
    assert awake
    with pytest.raises(DatabaseError, match="not claimed any more"):
        ledger.record(asleep, Failed("550 no"), NOON)
    ledger.record(awake, Accepted(), NOON)
    assert ledger.counts() == {"accepted": 1}


def test_a_reader_who_broke_the_connection_lets_others_go_first(start: Start) -> None:
    ledger = start(2)
    for expected in ("reader1@example.com", "reader2@example.com", "reader1@example.com"):
        claimed = ledger.claim(NOON, new_id)
        assert claimed
        assert claimed.recipient.address == expected
        ledger.release(claimed, NOON)
    assert ledger.counts() == {"planned": 2}


def test_the_report_survives_the_removal_of_a_reader(database: Database, start: Start) -> None:
    ledger = start(1)
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    ledger.record(claimed, Failed("550 no"), NOON)
    with database.writing() as connection:
        connection.execute(delete(subscribers))
    assert [(e.address, e.detail) for e in ledger.entries("failed")] == [("(removed)", "550 no")]


def test_merge_values_are_what_the_list_says(database: Database, edition: Edition) -> None:
    with database.writing() as connection:
        connection.execute(
            insert(subscribers).values(
                email="ada@example.com",
                email_key="ada@example.com",
                name="Ada",
                language="uk",
                attributes={"city": "Odesa", "number": 7},
                status="active",
                token="t",
                created_at=NOON,
            )
        )
    campaign = Campaigns(database).start(edition, make_sender(), "a test", NOON)
    ledger = Ledger(database, campaign, random=lambda: 0.0)
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    assert dict(claimed.recipient.values) == {
        "city": "Odesa",
        "number": "7",
        "name": "Ada",
        "language": "uk",
    }


def test_campaigns_are_listed_latest_first(database: Database) -> None:
    add_readers(database, 1)
    campaigns = Campaigns(database)
    first = campaigns.start(make_edition(), make_sender(), "one", NOON)
    second = campaigns.start(make_edition(subject="Other"), make_sender(), "two", NOON)
    assert campaigns.list() == (second, first)


def test_who_it_is_from_is_frozen_and_part_of_the_digest(database: Database) -> None:
    add_readers(database, 1)
    edition, sender = make_edition(), make_sender()
    campaigns = Campaigns(database)
    campaign = campaigns.start(edition, sender, "a test", NOON)
    assert campaigns.sender(campaign) == sender
    other = make_sender("https://other.example.org")
    assert content_digest(edition, other) != campaign.digest


def test_a_campaign_with_a_doubtful_copy_is_never_taken_for_untouched(
    database: Database, start: Callable[[int], Ledger]
) -> None:
    ledger, campaigns = start(1), Campaigns(database)
    assert campaigns.untouched(ledger.campaign)
    claimed = ledger.claim(NOON, new_id)
    assert claimed
    ledger.record(claimed, Unknown("no answer came"), NOON)
    ledger.reopen_unknown(NOON)
    assert ledger.counts() == {"planned": 1}
    assert not campaigns.untouched(ledger.campaign)
    campaigns.discard(ledger.campaign)
    assert campaigns.list() != ()
