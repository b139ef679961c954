"""A reader asks for a list, confirms, leaves; and nothing that others do brings them back."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import select

from newsletter.audience import address
from newsletter.audience.subscriptions import (
    confirm,
    erase_unconfirmed,
    remember_wording,
    request,
    unsubscribe,
)
from newsletter.database.engine import Database
from newsletter.database.tables import confirmations, subscribers, subscriptions, wordings

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
LATER = NOW + datetime.timedelta(hours=2)
ANN = address.parse("ann@example.com")


def ask(database: Database, list_name: str = "main", at: datetime.datetime = NOW) -> int:
    with database.writing() as connection:
        return request(
            connection,
            database.keys,
            ANN,
            list_name,
            language="uk",
            source="form",
            wording="",
            now=at,
        )


def row(database: Database, subscription_id: int) -> Any:
    with database.reading() as connection:
        wanted = select(subscriptions).where(subscriptions.c.id == subscription_id)
        return connection.execute(wanted).one_or_none()


def test_who_asks_is_pending_until_they_confirm(database: Database) -> None:
    number = ask(database)
    assert (row(database, number).status, row(database, number).confirmed_at) == ("pending", None)
    assert confirm(database, number, LATER)
    assert (row(database, number).status, row(database, number).requested_at) == ("confirmed", NOW)
    assert row(database, number).confirmed_at == LATER


def test_confirming_twice_changes_nothing_more(database: Database) -> None:
    number = ask(database)
    assert confirm(database, number, NOW)
    assert not confirm(database, number, LATER)
    assert row(database, number).confirmed_at == NOW


def test_asking_again_leaves_a_confirmed_subscription_as_it_is(database: Database) -> None:
    number = ask(database)
    confirm(database, number, NOW)
    before = row(database, number)
    assert ask(database, at=LATER) == number
    assert row(database, number) == before


def test_a_new_reader_is_kept_with_the_keyed_hash_and_the_language(database: Database) -> None:
    ask(database)
    with database.reading() as connection:
        reader = connection.execute(select(subscribers)).one()
    assert reader.email_hash == database.keys.hash(ANN.key)
    assert (reader.email, reader.language) == ("ann@example.com", "uk")


def test_lists_that_were_asked_for_together_are_confirmed_together(database: Database) -> None:
    main, events = ask(database), ask(database, "events")
    later = ask(database, "later", at=LATER)
    assert confirm(database, main, LATER)
    states = [row(database, number).status for number in (main, events, later)]
    assert states == ["confirmed", "confirmed", "pending"]


def test_leaving_keeps_the_row_and_is_done_once(database: Database) -> None:
    number = ask(database)
    confirm(database, number, NOW)
    assert unsubscribe(database, number, LATER)
    assert not unsubscribe(database, number, LATER + datetime.timedelta(days=1))
    assert row(database, number).status == "unsubscribed"
    assert row(database, number).unsubscribed_at == LATER


def test_leaving_one_list_leaves_the_others(database: Database) -> None:
    main, events = ask(database), ask(database, "events")
    confirm(database, main, NOW)
    unsubscribe(database, main, LATER)
    assert row(database, events).status == "confirmed"


def test_nobody_can_leave_or_confirm_what_is_not_there(database: Database) -> None:
    assert not unsubscribe(database, 4711, NOW)
    assert not confirm(database, 4711, NOW)


def test_an_old_link_does_not_bring_back_who_has_left(database: Database) -> None:
    number = ask(database)
    confirm(database, number, NOW)
    unsubscribe(database, number, LATER)
    assert not confirm(database, number, LATER)
    assert row(database, number).status == "unsubscribed"


def test_who_left_comes_back_only_by_confirming_anew(database: Database) -> None:
    number = ask(database)
    unsubscribe(database, number, NOW)
    assert ask(database, at=LATER) == number
    assert row(database, number).unsubscribed_at == NOW
    assert confirm(database, number, LATER)
    assert (row(database, number).status, row(database, number).unsubscribed_at) == (
        "confirmed",
        None,
    )


def test_confirming_forgets_how_often_the_reader_was_asked(database: Database) -> None:
    number = ask(database)
    with database.writing() as connection:
        hashed = database.keys.hash(ANN.key)
        connection.execute(confirmations.insert().values(email_hash=hashed, sent=2, last_at=NOW))
    confirm(database, number, NOW)
    with database.reading() as connection:
        assert connection.execute(select(confirmations)).all() == []


def test_what_was_never_confirmed_is_erased_with_its_reader(database: Database) -> None:
    number = ask(database)
    assert erase_unconfirmed(database, NOW) == 0
    assert erase_unconfirmed(database, LATER) == 1
    assert row(database, number) is None
    with database.reading() as connection:
        assert connection.execute(select(subscribers)).all() == []


def test_a_reader_of_another_list_stays_when_a_request_is_erased(database: Database) -> None:
    main = ask(database)
    confirm(database, main, NOW)
    ask(database, "events")
    erase_unconfirmed(database, LATER)
    assert row(database, main).status == "confirmed"


def test_who_had_left_has_left_again_when_a_request_is_erased(database: Database) -> None:
    number = ask(database)
    unsubscribe(database, number, NOW)
    ask(database, at=LATER)
    assert erase_unconfirmed(database, LATER + datetime.timedelta(days=7)) == 1
    assert row(database, number).status == "unsubscribed"


def test_a_wording_is_kept_once(database: Database) -> None:
    with database.writing() as connection:
        first = remember_wording(connection, "I want the letter.", NOW)
        again = remember_wording(connection, "I want the letter.", LATER)
        other = remember_wording(connection, "I want both letters.", LATER)
        kept = connection.execute(select(wordings.c.hash, wordings.c.text)).all()
    assert first == again
    assert {tuple(each) for each in kept} == {
        (first, "I want the letter."),
        (other, "I want both letters."),
    }
