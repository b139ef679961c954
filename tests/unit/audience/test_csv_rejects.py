from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from newsletter.audience.csv_import import import_csv
from newsletter.audience.subscribers import count, get
from newsletter.database.engine import Database
from newsletter.errors import AudienceError
from tests.databases import only_sqlite

LIST = (
    "email,name,city\n"
    "ann@example.com,Ann,Lviv\n"
    "not an address,Bob,Odesa\n"
    'cas@example.com,"Cas" Gray,Kyiv\n'
    "dan@example.com,=1+1,Kyiv,one,more\n"
    "eve@example,-Eve,'=x\n"
)


@only_sqlite
def test_bad_rows_are_kept_to_be_mended_and_imported(database: Database, tmp_path: Path) -> None:
    path, report = tmp_path / "readers.csv", tmp_path / "bad.csv"
    path.write_text(LIST)
    report.write_text("an older report")
    report.chmod(0o644)
    done = import_csv(database, path, report=report)
    assert (done.added, done.rejected) == (1, 4)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    rows = list(csv.reader(report.read_text().splitlines()))
    assert rows[0] == ["rejected_line", "rejected_because", "email", "name", "city"]
    assert [row[0] for row in rows[1:]] == ["3", "4", "5", "6"]
    assert rows[1][1:] == [
        '"not an address" is not an email address',
        *("not an address", "Bob", "Odesa"),
    ]
    assert rows[2][2] == 'cas@example.com,"Cas" Gray,Kyiv'
    assert rows[3][2:] == ["dan@example.com", "'=1+1", "Kyiv", "one", "more"]
    assert rows[4][3:] == ["'-Eve", "''=x"], "no cell is a formula"

    mended = report.read_text().replace("not an address,Bob", "bob@example.com,Bob")
    mended = mended.replace("eve@example,", "eve@example.com,")
    report.write_text(mended)
    done = import_csv(database, report)
    assert (done.added, done.rejected) == (2, 2)
    assert get(database, "bob@example.com").attributes == {"city": "Odesa"}
    eve = get(database, "eve@example.com")
    assert (eve.name, eve.attributes) == ("-Eve", {"city": "'=x"}), "as it was in the list"


@only_sqlite
def test_a_report_of_a_good_list_is_empty(database: Database, tmp_path: Path) -> None:
    path, report = tmp_path / "readers.csv", tmp_path / "bad.csv"
    path.write_text("email\nann@example.com\n")
    import_csv(database, path, report=report)
    assert report.read_text() == "rejected_line,rejected_because,email\n"


@only_sqlite
def test_a_report_never_takes_the_place_of_the_list(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "readers.csv"
    path.write_text(LIST)
    with pytest.raises(AudienceError, match="hold the report at once"):
        import_csv(database, path, report=tmp_path / "." / "readers.csv")
    with pytest.raises(AudienceError, match="cannot write"):
        import_csv(database, path, report=tmp_path / "nowhere" / "bad.csv")
    assert path.read_text() == LIST
    assert count(database) == 0, "nothing is imported if it cannot be reported"
