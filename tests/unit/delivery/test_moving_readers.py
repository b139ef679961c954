"""A reader moves to an address that is a reader's already, while a letter is being sent."""

from __future__ import annotations

import pytest
from sqlalchemy import insert, select

from newsletter.audience.address_changes import prove
from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import address_changes, subscribers
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Outcome
from newsletter.render.edition import Edition
from tests.databases import on_both
from tests.unit.delivery.kit import NOON, Clock, Hand, add_reader, leave, ledger_of, make_sender

pytestmark = on_both

OLD, NEW = "old@example.com", "new@example.com"


def started(database: Database, edition: Edition) -> Ledger:
    return ledger_of(database, Campaigns(database).start(edition, make_sender(), "a test", NOON))


def move(database: Database) -> None:
    """Both links of the change of address are used."""
    with database.writing() as connection:
        number = connection.scalar(select(subscribers.c.id).where(subscribers.c.email == OLD))
        change: int = connection.execute(
            insert(address_changes)
            .values(subscriber_id=number, email=NEW, email_key=NEW, requested_at=NOON)
            .returning(address_changes.c.id)
        ).scalar_one()
    assert not prove(database, change, new=True, now=NOON)
    assert prove(database, change, new=False, now=NOON)
    assert prove(database, change, new=False, now=NOON), "the button may be pressed twice"


def mailed(hand: Hand, clock: Clock) -> list[str]:
    """Whom the rest of the sending mails."""
    clock.advance(hours=1)
    addresses = []
    while (claimed := hand.claim(clock())) is not None:
        if hand.begin(claimed, clock()):
            hand.settle(claimed, Accepted("250 ok"), clock())
            addresses.append(claimed.recipient.address)
    return addresses


def test_two_readers_who_both_wait_get_one_copy(
    database: Database, edition: Edition, clock: Clock
) -> None:
    add_reader(database, OLD)
    add_reader(database, NEW)
    ledger = started(database, edition)
    move(database)
    assert mailed(Hand(ledger), clock) == [NEW]
    assert ledger.counts() == {"accepted": 1, "cancelled": 1}


@pytest.mark.parametrize("claimed", [False, True])
def test_who_has_it_at_the_old_address_gets_no_second_copy(
    database: Database, edition: Edition, clock: Clock, *, claimed: bool
) -> None:
    add_reader(database, OLD)
    add_reader(database, NEW)
    ledger = started(database, edition)
    hand = Hand(ledger)
    hand.one(Accepted("250 ok"))
    in_hand = hand.claim() if claimed else None
    move(database)
    if in_hand:
        written = ledger.write(hand.worker, [in_hand], [], NOON)
        assert written.left_out == {in_hand.id: State.CANCELLED}
    assert mailed(hand, clock) == []
    (called_off,) = ledger.entries("cancelled")
    assert called_off.address == NEW
    assert called_off.detail == "they have it at their old address"
    assert ledger.close(NOON)


@pytest.mark.parametrize("before", ["planned", "claimed", "deferred"])
def test_a_letter_that_has_not_begun_goes_to_the_new_address(
    database: Database, edition: Edition, clock: Clock, before: str
) -> None:
    add_reader(database, OLD)
    add_reader(database, NEW, "another")
    ledger = started(database, edition)
    hand = Hand(ledger)
    in_hand = hand.one(Deferred("450 later")) if before == "deferred" else None
    if before == "claimed":
        in_hand = hand.claim()
        assert in_hand
    move(database)
    if in_hand and before == "claimed":
        assert not hand.begin(in_hand), "its reader has left the old address"
    assert mailed(hand, clock) == [NEW]
    assert ledger.counts() == {"accepted": 1, "cancelled": 1}
    assert ledger.close(NOON)


@pytest.mark.parametrize(
    ("outcome", "copies"), [(Accepted("250 ok"), []), (Failed("550 no such user"), [NEW])]
)
def test_a_letter_that_the_old_mailbox_refused_still_goes_to_the_new_one(
    database: Database, edition: Edition, clock: Clock, outcome: Outcome, copies: list[str]
) -> None:
    add_reader(database, OLD)
    add_reader(database, NEW)
    hand = Hand(started(database, edition))
    hand.one(outcome)
    move(database)
    assert mailed(hand, clock) == copies


def test_a_reader_of_another_list_who_left_this_one_before_stays_away(
    database: Database, edition: Edition, clock: Clock
) -> None:
    add_reader(database, OLD, "main", "another")
    add_reader(database, NEW, "another")
    ledger = started(database, edition)
    leave(database, OLD, "main")
    move(database)
    assert mailed(Hand(ledger), clock) == []


def test_sendings_that_are_over_stay_as_they_are(
    database: Database, edition: Edition, clock: Clock
) -> None:
    add_reader(database, OLD)
    add_reader(database, NEW, "another")
    ledger = started(database, edition)
    Hand(ledger).one(Accepted("250 ok"))
    assert ledger.close(NOON)
    move(database)
    assert ledger.counts() == {"accepted": 1}
