from __future__ import annotations

import datetime
import itertools
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.audience.profile import Profile
from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.audience.subscribers import (
    Change,
    add,
    count,
    get,
    list_subscribers,
    numbered,
    remove,
    suppress,
)
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions, suppressions
from newsletter.errors import AudienceError, NotFoundError

MORNING = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)


def test_a_reader_is_added_with_all_that_is_known(database: Database) -> None:
    change = add(
        database,
        "Ann@Example.com",
        Profile("Ann Lee", "en", {"city": "Kyiv"}),
        clock=lambda: MORNING,
    )
    assert change is Change.ADDED
    ann = get(database, "ann@example.com")
    assert (ann.email, ann.name, ann.language) == ("Ann@example.com", "Ann Lee", "en")
    assert ann.attributes == {"city": "Kyiv"}
    assert ann.status is Status.CONFIRMED
    assert ann.created_at == MORNING
    assert ann.unsubscribed_at is None
    (held,) = ann.subscriptions
    assert (held.list, held.status, held.source) == ("main", Status.CONFIRMED, "by hand")
    assert (held.confirmed_at, held.requested_at) == (MORNING, None)


def test_adding_again_changes_only_what_is_new(database: Database) -> None:
    add(database, "ann@example.com", Profile("Ann", "en", {"city": "Kyiv"}))
    before = get(database, "ann@example.com")
    assert add(database, "ANN@example.com", Profile("Ann")) is Change.UNCHANGED
    assert add(database, "ann@example.com", Profile("", "uk")) is Change.UPDATED
    after = get(database, "ann@example.com")
    assert (after.name, after.language, after.attributes) == ("Ann", "uk", {"city": "Kyiv"})
    assert (after.id, after.created_at) == (before.id, before.created_at)
    assert after.subscriptions == before.subscriptions


def test_who_leaves_keeps_a_row_and_comes_back_only_on_request(database: Database) -> None:
    add(database, "ann@example.com", Profile())
    link = unsubscribe_link(database, "ann@example.com")
    assert remove(database, "Ann@example.com", clock=lambda: MORNING)
    assert not remove(database, "ann@example.com", clock=lambda: NOON), "had left already"
    gone = get(database, "ann@example.com")
    assert gone.status is Status.UNSUBSCRIBED
    assert gone.unsubscribed_at == MORNING, "the first time counts"

    with pytest.raises(AudienceError, match="has unsubscribed") as caught:
        add(database, "ann@example.com", Profile("Ann"))
    assert "--resubscribe" in caught.value.hint
    assert get(database, "ann@example.com") == gone

    assert add(database, "ann@example.com", Profile(), resubscribe=True) is Change.RESUBSCRIBED
    back = get(database, "ann@example.com")
    assert back.status is Status.CONFIRMED
    assert back.unsubscribed_at is None
    assert remove(database, link), "links in letters sent before still work"


def test_a_suppressed_address_cannot_be_added_even_on_request(database: Database) -> None:
    assert suppress(database, "Ann@example.com", "asked by letter")
    assert not suppress(database, "ann@example.com", "again"), "the first reason stays"
    with pytest.raises(AudienceError, match="is suppressed"):
        add(database, "ann@example.com", Profile(), resubscribe=True)
    assert count(database) == 0


def test_a_suppressed_reader_is_shown_as_such(database: Database) -> None:
    add(database, "ann@example.com", Profile())
    suppress(database, "ann@example.com", "complained")
    assert get(database, "ann@example.com").status is Status.SUPPRESSED


@pytest.mark.parametrize("reason", ["", "  ", "a\nb"])
def test_a_suppression_says_why_in_one_line(database: Database, reason: str) -> None:
    with pytest.raises(AudienceError, match="reason"):
        suppress(database, "ann@example.com", reason)


def test_nobody_is_removed_who_is_not_there(database: Database) -> None:
    with pytest.raises(NotFoundError, match="there is no subscriber") as caught:
        remove(database, "bob@example.com")
    assert "subscribers list" in caught.value.hint


def test_readers_are_found_by_address_name_and_status(database: Database) -> None:
    add(database, "ann@example.com", Profile("Оксана Ткач"))
    add(database, "bob@example.org", Profile("100% Bob"))
    add(database, "cas@example.com", Profile())
    remove(database, "cas@example.com")

    def found(search: str = "", status: Status | None = None) -> list[str]:
        emails = [r.email for r in list_subscribers(database, search=search, status=status)]
        assert count(database, search=search, status=status) == len(emails)
        return emails

    assert found() == ["ann@example.com", "bob@example.org", "cas@example.com"]
    assert found("EXAMPLE.COM") == ["ann@example.com", "cas@example.com"]
    assert found("оксана") == ["ann@example.com"]
    assert found("%") == ["bob@example.org"], "a percent sign is only a percent sign"
    assert found("_") == []
    assert found("example.com", Status.UNSUBSCRIBED) == ["cas@example.com"]
    assert found(status=Status.SUPPRESSED) == []


def test_a_list_longer_than_a_page_is_complete_and_in_order(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.audience.subscribers._PAGE", 3)
    for number in range(7):
        add(database, f"reader{number}@example.com", Profile())
    listed = [reader.email for reader in list_subscribers(database)]
    assert listed == [f"reader{number}@example.com" for number in range(7)]
    assert len(list(itertools.islice(list_subscribers(database), 4))) == 4
    assert remove(database, "reader0@example.com"), "no transaction is left open"


def unsubscribe_link(database: Database, email: str, list_name: str = "main") -> str:
    """As it stands in a letter to a reader of a list."""
    query = (
        select(subscriptions.c.id)
        .join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id)
        .where(subscribers.c.email == email, subscriptions.c.list == list_name)
    )
    with database.reading() as connection:
        number = connection.execute(query).scalar_one()
    token = seal(database.keys, Purpose.UNSUBSCRIBE, number, 7)
    return f"https://example.org/unsubscribe/{token}"


@pytest.mark.parametrize("written", ["{}", " {}\n", "{}/"])
def test_a_request_to_unsubscribe_is_honoured_by_its_link(database: Database, written: str) -> None:
    add(database, "ann@example.com", Profile())
    add(database, "ben@example.com", Profile())
    link = unsubscribe_link(database, "ann@example.com")
    assert get(database, link).email == "ann@example.com"
    assert remove(database, written.format(link))
    assert get(database, "ann@example.com").status is Status.UNSUBSCRIBED
    assert get(database, "ben@example.com").status is Status.CONFIRMED
    assert not remove(database, link.rpartition("/")[2]), "the token alone will do, too"


def test_a_link_is_of_one_list(database: Database) -> None:
    for name in ("weekly", "alerts"):
        add(database, "ann@example.com", Profile(), list_name=name)
    assert remove(database, unsubscribe_link(database, "ann@example.com", "alerts"))
    assert on(database, "ann@example.com") == {
        "alerts": Status.UNSUBSCRIBED,
        "weekly": Status.CONFIRMED,
    }


@pytest.mark.parametrize("link", ["t0ken", "https://example.org/unsubscribe/", "", "a" * 500])
def test_a_link_that_nobody_made_is_nobodys(database: Database, link: str) -> None:
    add(database, "ann@example.com", Profile())
    with pytest.raises(NotFoundError, match="there is no subscriber"):
        remove(database, link)
    assert get(database, "ann@example.com").status is Status.CONFIRMED


def on(database: Database, email: str) -> dict[str, Status]:
    """What a reader is on, by list."""
    return {held.list: held.status for held in get(database, email).subscriptions}


def test_a_reader_joins_and_leaves_each_list_by_itself(database: Database) -> None:
    assert add(database, "ann@example.com", Profile(), list_name="weekly") is Change.ADDED
    assert add(database, "ann@example.com", Profile(), list_name="alerts") is Change.ADDED
    assert remove(database, "ann@example.com", list_name="weekly")
    assert on(database, "ann@example.com") == {
        "alerts": Status.CONFIRMED,
        "weekly": Status.UNSUBSCRIBED,
    }
    assert get(database, "ann@example.com").status is Status.CONFIRMED
    with pytest.raises(AudienceError, match="has unsubscribed"):
        add(database, "ann@example.com", Profile(), list_name="weekly")
    assert remove(database, "ann@example.com"), "from all that is left"
    assert set(on(database, "ann@example.com").values()) == {Status.UNSUBSCRIBED}


def test_readers_are_found_by_list_and_by_their_status_there(database: Database) -> None:
    add(database, "ann@example.com", Profile(language="uk"), list_name="weekly")
    add(database, "ann@example.com", Profile(), list_name="alerts")
    add(database, "bob@example.com", Profile(language="en"), list_name="alerts")
    remove(database, "ann@example.com", list_name="alerts")

    def found(**wanted: Any) -> list[str]:
        emails = [reader.email for reader in list_subscribers(database, **wanted)]
        assert count(database, **wanted) == len(emails)
        return emails

    assert found() == ["ann@example.com", "bob@example.com"]
    assert found(list_name="weekly") == ["ann@example.com"]
    assert found(list_name="alerts", status=Status.UNSUBSCRIBED) == ["ann@example.com"]
    assert found(list_name="alerts", status=Status.CONFIRMED) == ["bob@example.com"]
    assert found(status=Status.CONFIRMED) == ["ann@example.com", "bob@example.com"]
    assert found(segment=Segment.parse('language == "uk"')) == ["ann@example.com"]
    assert found(list_name="nowhere") == []


def test_who_has_asked_for_it_is_confirmed_by_hand_and_keeps_what_they_were_shown(
    database: Database,
) -> None:
    add(database, "ann@example.com", Profile())
    with database.writing() as connection:
        connection.execute(
            subscriptions.update().values(
                status="pending", requested_at=MORNING, confirmed_at=None, wording="f" * 64
            )
        )
    assert get(database, "ann@example.com").status is Status.PENDING
    change = add(database, "ann@example.com", Profile(), clock=lambda: NOON)
    assert change is Change.CONFIRMED
    (held,) = get(database, "ann@example.com").subscriptions
    assert (held.requested_at, held.confirmed_at, held.wording) == (MORNING, NOON, "f" * 64)


def test_a_reader_is_found_by_the_number_of_their_row(database: Database) -> None:
    add(database, "ann@example.com", Profile("Ann"))
    ann = get(database, "ann@example.com")
    assert numbered(database, ann.id) == ann
    with pytest.raises(NotFoundError, match="number 99"):
        numbered(database, 99)


def test_what_is_kept_of_a_suppressed_address_does_not_show_it(database: Database) -> None:
    suppress(database, "ann@example.com", "asked by letter")
    with database.reading() as connection:
        (row,) = connection.execute(select(suppressions)).all()
    assert "ann" not in str(row)
    assert row.email_hash == database.keys.hash("ann@example.com")
    assert (row.reason, row.detail) == ("by hand", "asked by letter")
