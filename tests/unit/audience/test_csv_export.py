from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest

from newsletter.audience.csv_export import export_csv
from newsletter.audience.csv_import import import_csv
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import add, count, get, list_subscribers, remove, suppress
from newsletter.database.engine import Database
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


def test_the_file_has_everything_but_tokens(readers: Database, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert export_csv(readers, path) == 5
    text = path.read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert list(rows[0]) == ["email", "name", "language", "status", "city", "note", "phone"]
    assert [row["status"] for row in rows] == [
        "active",
        "active",
        "active",
        "unsubscribed",
        "suppressed",
    ]
    assert rows[2]["name"] == "Оля"
    assert not any(reader.token in text for reader in list_subscribers(readers))


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
    assert count(other, status=Status.ACTIVE) == 3
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
