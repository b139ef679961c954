from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from sqlalchemy import delete

from newsletter.database.engine import Database
from newsletter.database.states import Control, State
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaigns, content_digest
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Sender
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Unknown
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.workers import LeaseLostError
from newsletter.errors import DatabaseError, SendRefusedError
from newsletter.render.edition import Edition
from tests.databases import on_both
from tests.unit.delivery.kit import (
    NOON,
    Clock,
    Hand,
    add_reader,
    add_readers,
    leave,
    ledger_of,
    make_edition,
    make_sender,
    new_id,
    suppress,
)

Start = Callable[[int], Ledger]

pytestmark = on_both


def test_audience_and_content_are_frozen_at_the_start(
    database: Database, edition: Edition, sender: Sender
) -> None:
    addresses = add_readers(database, 4)
    suppress(database, addresses[0])
    leave(database, addresses[1])
    campaigns = Campaigns(database)
    campaign = campaigns.start(edition, make_sender(), "maildir:outbox", NOON)
    add_reader(database, "late@example.com")
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
    hand = Hand(ledger)
    first = ledger.claim(hand.worker, 2, NOON, new_id)
    second = ledger.claim(hand.worker, 2, NOON, new_id)
    assert [claim.recipient.address for claim in first + second] == [
        "reader1@example.com",
        "reader2@example.com",
        "reader3@example.com",
    ]
    assert ledger.claim(hand.worker, 2, NOON, new_id) == []
    assert ledger.counts() == {"claimed": 3}
    assert len({claim.message_id for claim in first + second}) == 3


def test_attempts_and_their_ends_are_written_in_one_go(start: Start) -> None:
    ledger = start(3)
    hand = Hand(ledger)
    one, two, three = ledger.claim(hand.worker, 9, NOON, new_id)
    assert ledger.write(hand.worker, [one, two], [], NOON).attempting == {one.id, two.id}
    ended = Settlement(one, State.ACCEPTED, "250 ok")
    assert ledger.write(hand.worker, [three], [ended], NOON).attempting == {three.id}
    assert ledger.counts() == {"accepted": 1, "attempting": 2}
    assert [entry.attempts for entry in ledger.entries("accepted", "attempting")] == [1, 1, 1]


def test_message_id_and_date_are_kept_over_retries(start: Start, clock: Clock) -> None:
    ledger = start(1)
    hand = Hand(ledger)
    first = hand.one(Deferred("450 later"))
    assert first
    assert hand.claim() is None
    assert ledger.next_due() == NOON + datetime.timedelta(minutes=5)
    clock.advance(minutes=5)
    assert ledger.due(clock()) == 1
    second = hand.claim(clock())
    assert second
    assert (second.message_id, second.date) == (first.message_id, NOON)
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_transport_may_ask_for_a_longer_wait(start: Start) -> None:
    ledger = start(1)
    hours = datetime.timedelta(hours=2)
    Hand(ledger).one(Deferred("later", retry_after=hours))
    assert ledger.next_due() == NOON + hours


def test_news_goes_stale_after_five_days(start: Start, clock: Clock) -> None:
    ledger = start(2)
    hand = Hand(ledger)
    clock.advance(days=4, hours=23.99)
    hand.one(Deferred("450 later"), clock())
    assert ledger.counts() == {"expired": 1, "planned": 1}
    clock.advance(days=1)
    assert hand.claim(clock()) is None
    assert ledger.counts() == {"expired": 2}
    assert ledger.close(clock())


def test_news_goes_stale_when_its_campaign_says_so(database: Database, edition: Edition) -> None:
    add_readers(database, 2)
    tonight = NOON + datetime.timedelta(hours=6)
    campaign = Campaigns(database).start(edition, make_sender(), "a test", NOON, expires_at=tonight)
    ledger = ledger_of(database, campaign)
    hand = Hand(ledger)
    assert hand.claim()
    late = NOON + datetime.timedelta(hours=7)
    assert hand.claim(late) is None
    assert ledger.counts() == {"claimed": 1, "expired": 1}


def test_who_leaves_during_a_campaign_is_not_mailed(database: Database, start: Start) -> None:
    ledger = start(4)
    leave(database, "reader1@example.com")
    suppress(database, "reader2@example.com")
    with database.writing() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.email == "reader3@example.com"))
    claimed = Hand(ledger).claim()
    assert claimed
    assert claimed.recipient.address == "reader4@example.com"
    assert ledger.counts() == {"cancelled": 2, "suppressed": 1, "claimed": 1}


def test_who_leaves_between_claim_and_attempt_is_not_mailed(
    database: Database, start: Start
) -> None:
    ledger = start(4)
    hand = Hand(ledger)
    claims = ledger.claim(hand.worker, 4, NOON, new_id)
    leave(database, "reader1@example.com")
    suppress(database, "reader2@example.com")
    with database.writing() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.email == "reader3@example.com"))
    written = ledger.write(hand.worker, claims, [], NOON)
    assert written.attempting == {claims[3].id}
    assert [written.left_out[claim.id] for claim in claims[:3]] == [
        State.CANCELLED,
        State.SUPPRESSED,
        State.CANCELLED,
    ]
    assert ledger.counts() == {"cancelled": 2, "suppressed": 1, "attempting": 1}


@pytest.mark.parametrize("wish", [Control.PAUSED, Control.CANCELLED])
def test_nothing_begins_once_somebody_wishes_otherwise(
    database: Database, start: Start, wish: Control
) -> None:
    ledger = start(2)
    hand = Hand(ledger)
    claims = ledger.claim(hand.worker, 2, NOON, new_id)
    assert hand.begin(claims[0])
    Campaigns(database).control(ledger.campaign, wish)
    written = ledger.write(
        hand.worker, [claims[1]], [Settlement(claims[0], State.ACCEPTED, "250 ok")], NOON
    )
    assert written.wishes
    assert (written.wishes.control, written.attempting) == (wish, frozenset())
    assert ledger.counts() == {"accepted": 1, "claimed": 1}
    ledger.release(hand.worker, [claims[1].id], NOON, tried=False)
    assert ledger.counts() == {"accepted": 1, "planned": 1}


def test_a_campaign_is_finished_only_when_nothing_is_open(start: Start) -> None:
    ledger = start(3)
    hand = Hand(ledger)
    for outcome in (Accepted("250 ok"), Failed("550 no"), Unknown("silence")):
        assert not ledger.close(NOON)
        assert hand.one(outcome)
    assert not ledger.close(NOON), "an unknown delivery keeps it open"
    assert ledger.reopen_unknown(NOON) == 1
    assert hand.one(Accepted())
    assert ledger.close(NOON)
    assert ledger.counts() == {"accepted": 2, "failed": 1}


def test_of_a_dead_program_only_what_it_was_handing_over_is_in_doubt(start: Start) -> None:
    ledger = start(3)
    dead = Hand(ledger)
    claims = ledger.claim(dead.worker, 3, NOON, new_id)
    dead.begin(claims[1])
    hand = Hand(ledger)
    assert ledger.counts() == {"planned": 2, "unknown": 1}
    [entry] = ledger.entries("unknown")
    assert entry.address == "reader2@example.com"
    assert "stopped" in entry.detail
    assert [claim.id for claim in ledger.claim(hand.worker, 9, NOON, new_id)] == [
        claims[0].id,
        claims[2].id,
    ]


def test_a_program_that_overslept_begins_nothing_more(start: Start) -> None:
    ledger = start(2)
    asleep = Hand(ledger)
    one, two = ledger.claim(asleep.worker, 2, NOON, new_id)
    assert asleep.begin(one)
    Hand(ledger)  # takes it for dead
    with pytest.raises(LeaseLostError):
        asleep.begin(two)
    with pytest.raises(LeaseLostError):
        asleep.claim()
    assert ledger.counts() == {"unknown": 1, "planned": 1}


def test_what_an_overslept_program_learns_late_settles_what_was_in_doubt(start: Start) -> None:
    ledger = start(1)
    asleep = Hand(ledger)
    claimed = asleep.claim()
    assert claimed
    assert asleep.begin(claimed)
    Hand(ledger)
    with pytest.raises(LeaseLostError):
        asleep.settle(claimed, Accepted("250 ok"))
    assert ledger.counts() == {"accepted": 1}


def test_an_overslept_program_cannot_overwrite_a_later_attempt(start: Start) -> None:
    ledger = start(1)
    asleep = Hand(ledger)
    first = asleep.claim()
    assert first
    assert asleep.begin(first)
    awake = Hand(ledger)
    ledger.reopen_unknown(NOON)
    assert awake.one(Accepted("250 ok"))
    with pytest.raises(LeaseLostError):
        asleep.settle(first, Failed("550 no"))
    assert ledger.counts() == {"accepted": 1}


def test_outcomes_of_somebody_elses_attempts_are_an_error(start: Start) -> None:
    ledger = start(1)
    hand = Hand(ledger)
    claimed = hand.claim()
    assert claimed
    with pytest.raises(DatabaseError, match="not this program's"):
        hand.settle(claimed, Accepted())


def test_a_reader_who_broke_the_connection_lets_others_go_first(start: Start) -> None:
    ledger = start(2)
    hand = Hand(ledger)
    for expected in ("reader1@example.com", "reader2@example.com", "reader1@example.com"):
        claimed = hand.claim()
        assert claimed
        assert claimed.recipient.address == expected
        hand.begin(claimed)
        ledger.release(hand.worker, [claimed.id], NOON, tried=True)
    assert ledger.counts() == {"planned": 2}


def test_who_was_in_doubt_once_stays_so_marked(database: Database, start: Start) -> None:
    ledger = start(1)
    hand = Hand(ledger)
    hand.one(Unknown("silence"))
    ledger.reopen_unknown(NOON)
    hand.one(Deferred("450 later"))
    assert not Campaigns(database).untouched(ledger.campaign)


def test_the_report_survives_the_removal_of_a_reader(database: Database, start: Start) -> None:
    ledger = start(1)
    Hand(ledger).one(Failed("550 no"))
    with database.writing() as connection:
        connection.execute(delete(subscribers))
    assert [(e.address, e.detail) for e in ledger.entries("failed")] == [("(removed)", "550 no")]


def test_merge_values_are_what_the_list_says(database: Database, edition: Edition) -> None:
    values = {"name": "Ada", "language": "uk", "attributes": {"city": "Odesa", "number": 7}}
    add_reader(database, "ada@example.com", **values)
    campaign = Campaigns(database).start(edition, make_sender(), "a test", NOON)
    claimed = Hand(ledger_of(database, campaign)).claim()
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
    Hand(ledger_of(database, first)).one(Accepted())
    assert ledger_of(database, first).close(NOON)
    second = campaigns.start(make_edition(subject="Other"), make_sender(), "two", NOON)
    assert [one.id for one in campaigns.list()] == [second.id, first.id]
    assert campaigns.list()[1].finished_at == NOON


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
    Hand(ledger).one(Unknown("no answer came"))
    ledger.reopen_unknown(NOON)
    assert ledger.counts() == {"planned": 1}
    assert not campaigns.untouched(ledger.campaign)
    campaigns.discard(ledger.campaign)
    assert campaigns.list() != ()
