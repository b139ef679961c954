"""What becomes of a wish that was typed into a form, whoever's address it is, on both databases."""

from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from sqlalchemy import Table, select

from newsletter.audience import address, requests
from newsletter.audience.address_changes import prove
from newsletter.audience.lists import ListOptions
from newsletter.audience.preferences import (
    change_preferences,
    leave_everything,
    read_preferences,
)
from newsletter.audience.requests import Wish
from newsletter.audience.signup import Answer, Notice, settle
from newsletter.audience.subscriptions import confirm, unsubscribe
from newsletter.audience.suppression import suppress
from newsletter.audience.tokens import Purpose, unseal
from newsletter.database.engine import Database
from newsletter.database.states import Suppressed
from newsletter.database.tables import address_changes, confirmations, subscribers, subscriptions

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)
LISTS = {
    "main": ListOptions(title="Main"),
    "events": ListOptions(title="Events"),
    "staff": ListOptions(public=False),
    "open": ListOptions(double_opt_in=False),
}
_numbers = itertools.count()


def message_id() -> str:
    return f"<{next(_numbers)}@example.org>"


def answers(
    database: Database,
    wish: Wish,
    at: datetime.datetime = NOW,
    email: str = "ann@example.com",
    **content: object,
) -> tuple[Answer, ...]:
    """What is mailed for a wish, which is done then."""
    requests.ask(database, wish, {"email": email, "language": "en", **content}, at)
    taken = requests.take(database, at)
    assert taken is not None
    settled = settle(database, taken, LISTS, message_id)
    requests.done(database, taken)
    return settled


def subscribe(
    database: Database, *lists: str, at: datetime.datetime = NOW, email: str = "ann@example.com"
) -> tuple[Answer, ...]:
    return answers(
        database, Wish.SUBSCRIBE, at, email, lists=list(lists or ("main",)), wording="I agree."
    )


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table).order_by(*table.primary_key)).all())


def test_a_wish_is_settled_the_same_way_twice(database: Database) -> None:
    requests.ask(database, Wish.SUBSCRIBE, {"email": "ann@example.com", "lists": ["main"]}, NOW)
    first = requests.take(database, NOW)
    assert first is not None
    [told] = settle(database, first, LISTS, message_id)
    later = NOW + datetime.timedelta(minutes=20)  # whoever had it was killed
    second = requests.take(database, later)
    assert second is not None
    assert settle(database, second, LISTS, message_id) == (told,)
    assert second.attempts == 2
    assert rows(database, confirmations)[0].sent == 1


def test_a_wish_whose_answer_arrived_is_not_answered_again(database: Database) -> None:
    requests.ask(database, Wish.SUBSCRIBE, {"email": "ann@example.com", "lists": ["main"]}, NOW)
    first = requests.take(database, NOW)
    assert first is not None
    settle(database, first, LISTS, message_id)
    confirm(database, rows(database, subscriptions)[0].id, NOW)
    again = requests.take(database, NOW + datetime.timedelta(minutes=20))
    assert again is not None
    assert settle(database, again, LISTS, message_id) == ()


def test_the_token_confirms_what_was_asked_for(database: Database) -> None:
    [told] = subscribe(database, "main", "events")
    assert (told.notice, told.lists) == (Notice.CONFIRM, ("main", "events"))
    numbers = unseal(database.keys, Purpose.CONFIRM, told.token)
    assert numbers is not None
    assert numbers[1] == int(NOW.timestamp())
    confirm(database, numbers[0], NOW)
    assert [row.status for row in rows(database, subscriptions)] == ["confirmed", "confirmed"]


def test_who_is_on_one_list_confirms_only_the_other(database: Database) -> None:
    subscribe(database)
    confirm(database, rows(database, subscriptions)[0].id, NOW)
    [told] = subscribe(database, "main", "events")
    assert told.lists == ("events",)


def test_a_list_by_invitation_cannot_be_joined(database: Database) -> None:
    assert subscribe(database, "staff") == ()
    assert rows(database, subscribers) == []


def test_a_list_without_confirmation_welcomes(database: Database) -> None:
    [told] = subscribe(database, "open")
    assert told.notice is Notice.WELCOME
    assert rows(database, subscriptions)[0].status == "confirmed"


def test_a_suppressed_address_leaves_no_trace(database: Database) -> None:
    suppress(database, address.parse("ann@example.com"), Suppressed.FORGOTTEN, now=NOW)
    assert subscribe(database) == ()
    assert answers(database, Wish.PREFERENCES) == ()
    assert rows(database, subscribers) == rows(database, confirmations) == []


def test_mails_to_an_address_are_counted_until_it_is_confirmed(database: Database) -> None:
    told = [len(subscribe(database, at=NOW + day * DAY)) for day in range(5)]
    assert told == [1, 1, 1, 0, 0]
    assert len(subscribe(database, email="eve@example.com")) == 1


def test_who_asks_for_preferences_before_confirming_gets_that_link_again(
    database: Database,
) -> None:
    subscribe(database)
    [told] = answers(database, Wish.PREFERENCES, NOW + DAY)
    assert told.notice is Notice.CONFIRM


def test_who_has_left_still_gets_to_their_preferences(database: Database) -> None:
    subscribe(database)
    number = rows(database, subscriptions)[0].id
    confirm(database, number, NOW)
    unsubscribe(database, number, NOW)
    [told] = answers(database, Wish.PREFERENCES)
    assert told.notice is Notice.PREFERENCES


def reader(database: Database, email: str = "ann@example.com") -> int:
    subscribe(database, email=email)
    newest = rows(database, subscriptions)[-1]
    confirm(database, newest.id, NOW)
    number: int = newest.subscriber_id
    return number


def test_preferences_are_read_and_changed(database: Database) -> None:
    number = reader(database)
    assert change_preferences(
        database,
        number,
        ["events", "staff", "nonsense"],
        LISTS,
        name="Ann",
        language="uk",
        wording="I agree.",
        now=NOW,
    )
    known = read_preferences(database, number)
    assert known is not None
    assert (known.name, known.language, known.lists) == ("Ann", "uk", frozenset({"events"}))
    leave_everything(database, number, NOW)
    known = read_preferences(database, number)
    assert known is not None
    assert known.lists == frozenset()


def test_who_is_gone_has_no_preferences(database: Database) -> None:
    assert read_preferences(database, 4711) is None
    assert not change_preferences(
        database, 4711, ["main"], LISTS, name="", language="", wording="", now=NOW
    )


def test_a_change_of_address_needs_both_links(database: Database) -> None:
    number = reader(database)
    told = answers(database, Wish.CHANGE_ADDRESS, email="ann@example.net", subscriber=number)
    assert {answer.notice: answer.address for answer in told} == {
        Notice.OLD_MAILBOX: "ann@example.com",
        Notice.NEW_MAILBOX: "ann@example.net",
    }
    # The one for the new mailbox cannot be guessed from the one for the old.
    first, second = (answer.message_id for answer in told)
    assert second == f"<{database.keys.hash(first)}@{first.rpartition('@')[2]}"
    change = rows(database, address_changes)[0].id
    assert not prove(database, change, new=True, now=NOW)
    assert not prove(database, change, new=True, now=NOW)
    assert prove(database, change, new=False, now=NOW)
    assert prove(database, change, new=False, now=NOW), "the button may be pressed twice"
    assert rows(database, subscribers)[0].email == "ann@example.net"


@pytest.mark.parametrize("known", ["reader", "suppressed"])
def test_the_old_mailbox_is_told_whatever_the_new_one_is(database: Database, known: str) -> None:
    number = reader(database)
    if known == "reader":
        reader(database, "new@example.com")
    else:
        suppress(database, address.parse("new@example.com"), Suppressed.BOUNCE, now=NOW)
    told = answers(database, Wish.CHANGE_ADDRESS, email="new@example.com", subscriber=number)
    assert told[0].notice is Notice.OLD_MAILBOX
    assert len(told) == (2 if known == "reader" else 1)


def test_a_mailbox_is_not_flooded_with_changes(database: Database) -> None:
    number = reader(database)
    told = [
        answers(
            database,
            Wish.CHANGE_ADDRESS,
            NOW + datetime.timedelta(minutes=each),
            email=f"new{each}@example.com",
            subscriber=number,
        )
        for each in range(5)
    ]
    assert [bool(each) for each in told] == [True, True, True, False, False]


def test_nobody_can_move_a_reader_who_is_gone(database: Database) -> None:
    assert answers(database, Wish.CHANGE_ADDRESS, subscriber=4711) == ()
    assert not prove(database, 4711, new=True, now=NOW)
