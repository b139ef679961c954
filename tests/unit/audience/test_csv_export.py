from __future__ import annotations

import csv
import io
import stat
from pathlib import Path
from typing import Any

import pytest

from newsletter.audience.csv_export import export_csv
from newsletter.audience.csv_import import import_csv
from newsletter.audience.profile import Profile
from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.audience.subscribers import add, count, get, list_subscribers, remove, suppress
from newsletter.database.engine import Database
from newsletter.database.tables import subscriptions
from newsletter.errors import AudienceError


@pytest.fixture
def readers(database: Database) -> Database:
    add(database, "ann@example.com", Profile('Ann "Annie" Lee', "en", {"phone": "+380 44"}))
    add(database, "=cmd@example.com", Profile("=1+1", "", {"city": "@home", "note": "'=x"}))
    add(database, "оля@пошта.укр", Profile("Оля", "uk"))
    add(database, "bob@example.com", Profile("-Bob"))
    remove(database, "bob@example.com")
    add(database, "cas@example.com", Profile())
    suppress(database, "cas@example.com", "bounced")
    return database


def test_the_file_has_everything(readers: Database, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert export_csv(readers, path) == 5
    text = path.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == [
        *("email", "name", "language", "list", "status"),
        *("requested_at", "confirmed_at", "unsubscribed_at", "consent_source", "consent_wording"),
        *("city", "note", "phone"),
    ]
    assert [row["status"] for row in rows] == [
        "confirmed",
        "confirmed",
        "confirmed",
        "unsubscribed",
        "suppressed",
    ]
    assert rows[2]["name"] == "Оля"
    assert {row["consent_source"] for row in rows} == {"by hand"}
    assert rows[3]["unsubscribed_at"] >= rows[3]["confirmed_at"] > "2026"


def test_no_cell_is_a_formula(readers: Database) -> None:
    stream = io.StringIO()
    export_csv(readers, stream)
    cells = [cell for row in csv.reader(io.StringIO(stream.getvalue())) for cell in row]
    assert "'=1+1" in cells
    assert "'=cmd@example.com" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_importing_an_export_changes_nothing(readers: Database, tmp_path: Path) -> None:
    before = list(list_subscribers(readers))
    export_csv(readers, tmp_path / "out.csv")
    report = import_csv(readers, tmp_path / "out.csv")
    assert (report.added, report.updated, report.findings) == (0, 0, ())
    assert (report.unchanged, report.unsubscribed_kept, report.suppressed_kept) == (3, 1, 1)
    assert list(list_subscribers(readers)) == before


def test_an_export_moves_a_list_and_nobody_comes_back_on_the_way(
    readers: Database, tmp_path: Path
) -> None:
    export_csv(readers, tmp_path / "out.csv")
    other = Database.open(tmp_path / "other" / "newsletter.db")
    import_csv(other, tmp_path / "out.csv")
    assert get(other, "=cmd@example.com").attributes == {"city": "@home", "note": "'=x"}
    assert get(other, "bob@example.com").status is Status.UNSUBSCRIBED
    with pytest.raises(AudienceError, match="is suppressed"):
        add(other, "cas@example.com", Profile())
    assert count(other, status=Status.CONFIRMED) == 3
    other.close()


def test_only_the_owner_may_read_the_file(readers: Database, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("an older list")
    path.chmod(0o644)
    export_csv(readers, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text(encoding="utf-8").startswith("email,")


def test_a_place_that_cannot_be_written_is_named(readers: Database, tmp_path: Path) -> None:
    with pytest.raises(AudienceError, match=r"cannot write .*out\.csv: No such file") as caught:
        export_csv(readers, tmp_path / "nowhere" / "out.csv")
    assert caught.value.hint
    (tmp_path / "folder").mkdir()
    with pytest.raises(AudienceError, match="cannot write"):
        export_csv(readers, tmp_path / "folder")
    left = {path.name for path in tmp_path.iterdir()} - {"state"}
    assert left == {"folder"}, "nothing half written"


@pytest.fixture
def several_lists(database: Database) -> Database:
    for name in ("weekly", "alerts"):
        add(database, "ann@example.com", Profile("Ann", "uk"), list_name=name)
    add(database, "bob@example.com", Profile(language="en"), list_name="weekly")
    remove(database, "ann@example.com", list_name="alerts")
    return database


def test_a_reader_has_a_row_for_each_list_and_comes_back_so(
    several_lists: Database, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    assert export_csv(several_lists, path) == 2, "readers, not rows"
    rows = [tuple(row.values())[:5] for row in csv.DictReader(io.StringIO(path.read_text()))]
    assert rows == [
        ("ann@example.com", "Ann", "uk", "alerts", "unsubscribed"),
        ("ann@example.com", "Ann", "uk", "weekly", "confirmed"),
        ("bob@example.com", "", "en", "weekly", "confirmed"),
    ]
    before = list(list_subscribers(several_lists))
    report = import_csv(several_lists, path, lists=("weekly", "alerts"))
    assert (report.unchanged, report.unsubscribed_kept, report.findings) == (2, 1, ())
    assert list(list_subscribers(several_lists)) == before
    other = Database.open(tmp_path / "other" / "newsletter.db")
    import_csv(other, path, lists=("weekly", "alerts"))
    for name in ("ann", "bob"):
        there = get(several_lists, f"{name}@example.com").subscriptions
        moved = get(other, f"{name}@example.com").subscriptions
        for old, new in zip(there, moved, strict=True):
            assert (new.list, new.status) == (old.list, old.status)
            assert (new.confirmed_at, new.unsubscribed_at) == (
                old.confirmed_at if old.status is Status.CONFIRMED else new.confirmed_at,
                old.unsubscribed_at,
            )
            assert new.source == "import of out.csv (by hand)"
    other.close()


def test_only_what_is_asked_for_is_written(several_lists: Database) -> None:
    def written(**asked: Any) -> list[tuple[str, str]]:
        stream = io.StringIO()
        number = export_csv(several_lists, stream, **asked)
        rows = list(csv.DictReader(io.StringIO(stream.getvalue())))
        assert number == len({row["email"] for row in rows})
        return [(row["email"][:3], row["list"]) for row in rows]

    assert written(list_name="weekly") == [("ann", "weekly"), ("bob", "weekly")]
    assert written(status=Status.UNSUBSCRIBED) == [("ann", "alerts")]
    assert written(status=Status.CONFIRMED) == [("ann", "weekly"), ("bob", "weekly")]
    assert written(segment=Segment.parse('language == "en"')) == [("bob", "weekly")]
    suppress(several_lists, "ann@example.com", "asked by letter")
    assert written(status=Status.CONFIRMED) == [("bob", "weekly")]
    assert written(status=Status.SUPPRESSED) == [("ann", "alerts"), ("ann", "weekly")]


def test_without_lists_nothing_is_said_of_them(readers: Database, tmp_path: Path) -> None:
    export_csv(readers, tmp_path / "out.csv", with_list=False)
    header = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header.startswith("email,name,language,status,")


def test_a_reader_who_is_on_nothing_is_not_mailed_after_the_way_back(
    database: Database, tmp_path: Path
) -> None:
    add(database, "ann@example.com", Profile("Ann"))
    with database.writing() as connection:
        connection.execute(subscriptions.delete())
    export_csv(database, tmp_path / "out.csv")
    import_csv(database, tmp_path / "out.csv")
    assert get(database, "ann@example.com").status is Status.UNSUBSCRIBED
