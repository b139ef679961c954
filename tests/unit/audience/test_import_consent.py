"""What an import keeps of when and how readers agreed, and to which list."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsletter.audience.csv_import import ImportReport, import_csv
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import add, count, get, remove, suppress
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions, suppressions
from newsletter.errors import AudienceError

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
MAY = datetime.datetime(2026, 5, 31, tzinfo=datetime.UTC)

Import = Callable[..., ImportReport]


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Import:
    """Import a file with this content."""

    def load(content: str, **options: Any) -> ImportReport:
        path = tmp_path / "fair.csv"
        path.write_text(content)
        return import_csv(database, path, clock=lambda: NOW, **options)

    return load


def test_where_readers_come_from_is_kept(database: Database, load: Import) -> None:
    load("email\nann@example.com\n", consent="paper forms of the fair, 2026-05")
    ann = get(database, "ann@example.com")
    (held,) = ann.subscriptions
    assert held.source == "import of fair.csv: paper forms of the fair, 2026-05"
    assert (held.requested_at, held.confirmed_at, ann.created_at) == (None, NOW, NOW)
    load("email\nann@example.com\n", consent="something else")
    assert get(database, "ann@example.com") == ann, "what they agreed to stays as it was"


def test_how_they_agreed_can_be_said_later(database: Database, load: Import) -> None:
    load("email\nann@example.com\n")
    report = load("email\nann@example.com\n", consent="paper forms of the fair")
    assert (report.updated, report.unchanged) == (1, 0)
    (held,) = get(database, "ann@example.com").subscriptions
    assert held.source == "import of fair.csv: paper forms of the fair"
    assert load("email\nann@example.com\n", consent="paper forms").unchanged == 1


def test_a_later_import_says_nothing_of_who_came_by_hand(database: Database, load: Import) -> None:
    add(database, "ann@example.com", Profile())
    load("email\nann@example.com\n", consent="paper forms of the fair")
    (held,) = get(database, "ann@example.com").subscriptions
    assert held.source == "by hand"


def test_a_file_can_say_when_and_how_they_agreed(database: Database, load: Import) -> None:
    wording = "0123456789abcdef" * 4
    report = load(
        "email,requested_at,confirmed_at,consent_source,consent_wording\n"
        f"ann@example.com,2026-05-31,2026-06-01T10:00:00+02:00,form,{wording}\n"
        "bob@example.com,,,,\n"
        "cas@example.com,yesterday,,,\n"
        "dan@example.com,,,,yes\n"
    )
    assert (report.added, report.rejected) == (2, 2)
    assert [finding.message for finding in report.findings] == [
        '"yesterday" is not a time',
        '"yes" is not the hash of a wording',
    ]
    ann = get(database, "ann@example.com")
    (held,) = ann.subscriptions
    confirmed = datetime.datetime(2026, 6, 1, 8, 0, tzinfo=datetime.UTC)
    assert (held.requested_at, held.confirmed_at, ann.created_at) == (MAY, confirmed, MAY)
    assert (held.source, held.wording) == ("import of fair.csv (form)", wording)


def test_rows_may_name_their_list(database: Database, load: Import) -> None:
    report = load(
        "email,name,list\nann@example.com,Ann,weekly\nann@example.com,,alerts\n"
        "bob@example.com,Bob,\ncas@example.com,Cas,wekly\nann@example.com,Ann,weekly\n",
        list_name="alerts",
        lists=("alerts", "weekly"),
    )
    assert (report.added, report.rejected, report.duplicates) == (3, 1, 1)
    wrong, twice = report.findings
    assert (wrong.line, wrong.column, wrong.message) == (5, 3, 'there is no list "wekly"')
    assert "alerts, weekly" in wrong.hint
    assert twice.line == 6
    assert [held.list for held in get(database, "ann@example.com").subscriptions] == [
        "alerts",
        "weekly",
    ]
    assert get(database, "bob@example.com").subscriptions[0].list == "alerts"


def test_leaving_one_list_in_a_file_is_not_leaving_the_others(
    database: Database, load: Import
) -> None:
    load(
        "email,list,status\nann@example.com,weekly,confirmed\nann@example.com,alerts,\n"
        "ann@example.com,alerts,unsubscribed\n",
        lists=("weekly", "alerts"),
    )
    held = {one.list: one.status for one in get(database, "ann@example.com").subscriptions}
    assert held == {"weekly": Status.CONFIRMED, "alerts": Status.UNSUBSCRIBED}


def test_a_suppression_in_a_file_is_for_all_lists(database: Database, load: Import) -> None:
    report = load(
        "email,list,status\nann@example.com,weekly,confirmed\nann@example.com,alerts,suppressed\n",
        lists=("weekly", "alerts"),
    )
    assert (report.added, report.suppressed_kept, report.duplicates) == (0, 2, 0)
    assert count(database) == 0


def test_who_was_forgotten_does_not_come_back(database: Database, load: Import) -> None:
    add(database, "ann@example.com", Profile("Ann"))
    suppress(database, "ann@example.com", "wants to be forgotten")
    with database.writing() as connection:
        connection.execute(subscribers.delete())
    report = load("email,name\nANN@example.com,Ann\n")
    assert (report.added, report.suppressed_kept) == (0, 1)
    assert count(database) == 0
    with database.reading() as connection:
        rows = str(connection.execute(select(suppressions)).all())
    assert "ann@" not in rows.lower()


def test_who_has_not_confirmed_is_not_mailed_until_they_do(
    database: Database, load: Import
) -> None:
    report = load("email,status\nann@example.com,pending\n")
    assert (report.added_pending, report.added) == (1, 0)
    (held,) = get(database, "ann@example.com").subscriptions
    assert (held.status, held.requested_at, held.confirmed_at) == (Status.PENDING, NOW, None)
    again = load("email,status\nann@example.com,pending\n")
    assert (again.unchanged, again.added_pending) == (1, 0)
    confirmed = load("email,confirmed_at\nann@example.com,2026-05-31\n")
    assert confirmed.updated == 1
    (held,) = get(database, "ann@example.com").subscriptions
    assert (held.status, held.confirmed_at) == (Status.CONFIRMED, MAY)
    assert load("email,status\nann@example.com,pending\n").unchanged == 1
    assert get(database, "ann@example.com").status is Status.CONFIRMED


def test_a_reader_of_another_list_is_new_on_this_one(database: Database, load: Import) -> None:
    add(database, "ann@example.com", Profile("Ann"), list_name="weekly")
    remove(database, "ann@example.com")
    report = load("email,city\nann@example.com,Lviv\n", list_name="alerts")
    assert report.added == 1
    ann = get(database, "ann@example.com")
    assert {one.list: one.status for one in ann.subscriptions} == {
        "alerts": Status.CONFIRMED,
        "weekly": Status.UNSUBSCRIBED,
    }
    assert ann.attributes == {"city": "Lviv"}


def test_a_complaint_in_a_file_outweighs_what_was_known(
    database: Database, load: Import, tmp_path: Path
) -> None:
    load("email,status\nann@example.com,suppressed\n")
    path = tmp_path / "complaints.csv"
    path.write_text("email,type\nann@example.com,complained\n")
    import_csv(database, path, format_name="buttondown")
    with database.reading() as connection:
        (row,) = connection.execute(select(suppressions)).all()
    assert row.reason == "complaint"


def test_consent_is_one_line(load: Import) -> None:
    with pytest.raises(AudienceError, match="a line break"):
        load("email\nann@example.com\n", consent="paper\nforms")


def test_progress_is_told_in_lines(
    database: Database, load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.audience.csv_import._BLOCK", 2)
    told: list[tuple[int, int]] = []
    load(
        "email\na@example.com\nb@example.com\n\nbad\nc@example.com\n",
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(3, 6), (6, 6)]
    with database.reading() as connection:
        assert len(connection.execute(select(subscriptions.c.id)).all()) == 3
