from __future__ import annotations

import datetime
import itertools
import re

import pytest

from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import (
    Change,
    add,
    count,
    get,
    list_subscribers,
    random_token,
    remove,
    suppress,
)
from newsletter.database.engine import Database
from newsletter.errors import AudienceError, NotFoundError

MORNING = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)


def test_a_reader_is_added_with_all_that_is_known(database: Database) -> None:
    change = add(
        database,
        "Ann@Example.com",
        Profile("Ann Lee", "en", {"city": "Kyiv"}),
        clock=lambda: MORNING,
        new_token=lambda: "t0ken",
    )
    assert change is Change.ADDED
    ann = get(database, "ann@example.com")
    assert (ann.email, ann.name, ann.language) == ("Ann@example.com", "Ann Lee", "en")
    assert ann.attributes == {"city": "Kyiv"}
    assert ann.status is Status.ACTIVE
    assert ann.token == "t0ken"
    assert ann.created_at == MORNING
    assert ann.unsubscribed_at is None


def test_adding_again_changes_only_what_is_new(database: Database) -> None:
    add(database, "ann@example.com", Profile("Ann", "en", {"city": "Kyiv"}))
    before = get(database, "ann@example.com")
    assert add(database, "ANN@example.com", Profile("Ann")) is Change.UNCHANGED
    assert add(database, "ann@example.com", Profile("", "uk")) is Change.UPDATED
    after = get(database, "ann@example.com")
    assert (after.name, after.language, after.attributes) == ("Ann", "uk", {"city": "Kyiv"})
    assert (after.id, after.token, after.created_at) == (
        before.id,
        before.token,
        before.created_at,
    )


def test_who_leaves_keeps_a_row_and_comes_back_only_on_request(database: Database) -> None:
    add(database, "ann@example.com", Profile())
    token = get(database, "ann@example.com").token
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
    assert back.status is Status.ACTIVE
    assert back.unsubscribed_at is None
    assert back.token == token, "links in letters sent before still work"


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


def test_tokens_are_opaque_and_never_the_same_twice() -> None:
    tokens = {random_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[0-9a-f]{32}", token) for token in tokens)


def test_a_token_is_not_shown_by_accident(database: Database) -> None:
    add(database, "ann@example.com", Profile(), new_token=lambda: "s3cret")
    assert "s3cret" not in repr(get(database, "ann@example.com"))


@pytest.mark.parametrize("asked", ["t0ken", "https://example.org/unsubscribe/t0ken", " t0ken\n"])
def test_a_request_to_unsubscribe_is_honoured_by_its_token(database: Database, asked: str) -> None:
    add(database, "ann@example.com", Profile(), new_token=lambda: "t0ken")
    add(database, "ben@example.com", Profile())
    assert remove(database, asked)
    assert get(database, "ann@example.com").status is Status.UNSUBSCRIBED
    assert get(database, "ben@example.com").status is Status.ACTIVE
