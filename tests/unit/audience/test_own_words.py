"""What readers say of themselves on a page stands, whatever an old list says of them later."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.audience import subscriptions
from newsletter.audience.address import parse
from newsletter.audience.address_changes import begin, prove
from newsletter.audience.csv_import import ImportReport, import_csv
from newsletter.audience.lists import MAIN, ListOptions
from newsletter.audience.personal_data import forget, personal_data
from newsletter.audience.preferences import change_preferences
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import Subscriber, add, get, list_subscribers
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
OLD_LIST = "email,name,language,city\nann@example.com,Ann Lee,en,Kyiv\n"

Import = Callable[..., ImportReport]


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Import:
    """Import a file with this content."""

    def load(content: str, **options: Any) -> ImportReport:
        path = tmp_path / "readers.csv"
        path.write_text(content)
        return import_csv(database, path, clock=lambda: NOW, **options)

    return load


def says(database: Database, *, name: str, language: str) -> None:
    """Ann fills in the page of her preferences."""
    assert change_preferences(
        database,
        get(database, "ann@example.com").id,
        [MAIN],
        {MAIN: ListOptions()},
        name=name,
        language=language,
        wording="",
        now=NOW,
    )


def ann(database: Database) -> Subscriber:
    return get(database, "ann@example.com")


def own_fields(database: Database) -> list[str]:
    with database.reading() as connection:
        found: list[str] = connection.scalars(select(subscribers.c.own_fields)).one()
    return found


def test_the_old_list_again_leaves_what_the_reader_said(database: Database, load: Import) -> None:
    load(OLD_LIST)
    says(database, name="Hanna", language="uk")
    report = load(OLD_LIST)
    assert (report.unchanged, report.updated, report.own_kept) == (1, 0, 1)
    assert report.usable == 1
    assert (ann(database).name, ann(database).language) == ("Hanna", "uk")


def test_a_name_that_the_reader_took_out_does_not_come_back(
    database: Database, load: Import
) -> None:
    load(OLD_LIST)
    says(database, name="", language="en")
    assert load(OLD_LIST).own_kept == 1
    assert ann(database).name == ""


def test_what_the_reader_did_not_touch_is_taken_over(database: Database, load: Import) -> None:
    load(OLD_LIST)
    says(database, name="Ann Lee", language="uk")
    assert own_fields(database) == ["language"]
    report = load("email,name,language,city\nann@example.com,Ann B. Lee,en,Lviv\n")
    assert (report.updated, report.own_kept) == (1, 1)
    assert (ann(database).name, ann(database).language) == ("Ann B. Lee", "uk")
    assert ann(database).attributes == {"city": "Lviv"}


def test_a_list_that_agrees_with_the_reader_is_not_told_of(
    database: Database, load: Import
) -> None:
    load(OLD_LIST)
    says(database, name="Hanna", language="uk")
    report = load("email,name,language\nann@example.com,Hanna,\n")
    assert (report.unchanged, report.own_kept) == (1, 0)


def test_saving_the_page_twice_keeps_it_the_readers_word(database: Database, load: Import) -> None:
    load(OLD_LIST)
    for _ in range(2):
        says(database, name="Hanna", language="en")
    assert own_fields(database) == ["name"]


def test_whoever_imports_can_say_that_the_file_counts_more(
    database: Database, load: Import
) -> None:
    load(OLD_LIST)
    says(database, name="Hanna", language="uk")
    report = load("email,name\nann@example.com,Ann Lee\n", overwrite=True)
    assert (report.updated, report.own_kept) == (1, 0)
    assert (ann(database).name, ann(database).language) == ("Ann Lee", "uk")
    assert own_fields(database) == ["language"], "the name is the file's word now"


def test_the_language_of_the_page_they_signed_up_on_is_their_word(
    database: Database, load: Import
) -> None:
    with database.writing() as connection:
        subscriptions.request(
            connection,
            database.keys,
            parse("ann@example.com"),
            MAIN,
            language="uk",
            source="form",
            wording="",
            now=NOW,
        )
    assert load(OLD_LIST).own_kept == 1
    assert (ann(database).name, ann(database).language) == ("Ann Lee", "uk")


def moves(database: Database, old: str, new: str) -> None:
    """The reader has used the links in both mailboxes."""
    with database.writing() as connection:
        change = begin(connection, get(database, old).id, parse(new), NOW)
    assert change
    assert not prove(database, change, new=True, now=NOW)
    assert prove(database, change, new=False, now=NOW)


def test_the_old_list_does_not_bring_back_who_moved(database: Database, load: Import) -> None:
    load(OLD_LIST)
    moves(database, "ann@example.com", "hanna@example.org")
    report = load(OLD_LIST + "Ann@Example.com,,,\n")
    assert (report.added, report.unchanged, report.own_kept) == (0, 1, 1)
    assert report.duplicates == 1, "the row below is still the same address"
    assert [reader.email for reader in list_subscribers(database)] == ["hanna@example.org"]


def test_who_signs_up_at_the_old_address_is_a_reader_like_others(
    database: Database, load: Import
) -> None:
    load(OLD_LIST)
    moves(database, "ann@example.com", "hanna@example.org")
    add(database, "ann@example.com", Profile())
    assert load(OLD_LIST).updated == 1
    assert ann(database).name == "Ann Lee"


def test_who_moves_back_is_known_at_the_address_again(database: Database, load: Import) -> None:
    load(OLD_LIST)
    moves(database, "ann@example.com", "hanna@example.org")
    moves(database, "hanna@example.org", "ann@example.com")
    assert load("email\nhanna@example.org\n").added == 0
    assert load(OLD_LIST).unchanged == 1
    assert [reader.email for reader in list_subscribers(database)] == ["ann@example.com"]


def test_who_moved_and_is_forgotten_comes_back_under_neither_address(
    database: Database, load: Import
) -> None:
    load(OLD_LIST)
    moves(database, "ann@example.com", "hanna@example.org")
    held = personal_data(database, "hanna@example.org")
    assert held["former_addresses"] == [{"moved_at": NOW.isoformat()}]
    assert forget(database, "hanna@example.org", NOW)
    report = load("email\nann@example.com\nhanna@example.org\n")
    assert (report.added, report.suppressed_kept) == (0, 2)


def test_forgetting_spares_who_has_the_old_address_now(database: Database, load: Import) -> None:
    load(OLD_LIST)
    moves(database, "ann@example.com", "hanna@example.org")
    add(database, "ann@example.com", Profile())
    forget(database, "hanna@example.org", NOW)
    assert ann(database).status is Status.CONFIRMED
