from __future__ import annotations

import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.audience.csv_entries import FINDINGS_KEPT
from newsletter.audience.csv_import import ImportReport, import_csv
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import add, count, get, list_subscribers, remove, suppress
from newsletter.database.engine import Database
from newsletter.errors import AudienceError, DatabaseError, NotFoundError
from newsletter.findings import Severity
from tests.databases import only_sqlite
from tests.proof import rounds

Import = Callable[[str | bytes], ImportReport]


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Import:
    """Import a file with this content."""

    def load(content: str | bytes) -> ImportReport:
        path = tmp_path / "readers.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_csv(database, path)

    return load


def row_versions(database: Database) -> str:
    """Another one when any row is written, even with the values that it had."""
    query = {
        "sqlite": "SELECT total_changes()",
        "postgresql": "SELECT string_agg(xmin::text || ctid::text, ' ') FROM subscribers",
    }
    with database.reading() as connection:
        return str(connection.exec_driver_sql(query[database.dialect]).scalar())


def places(report: ImportReport) -> list[tuple[int, int, str]]:
    return [(finding.line, finding.column, finding.rule) for finding in report.findings]


def test_columns_become_readers_with_merge_fields(database: Database, load: Import) -> None:
    report = load('E-Mail,Name,Language,First Name\nann@example.com,"Lee, Ann",en_GB,Ann\n')
    assert (report.added, report.findings) == (1, ())
    ann = get(database, "ann@example.com")
    assert (ann.name, ann.language) == ("Lee, Ann", "en-GB")
    assert ann.attributes == {"first_name": "Ann"}
    assert ann.status is Status.CONFIRMED


def test_the_same_file_again_writes_nothing(database: Database, load: Import) -> None:
    content = "email,name,city\nann@example.com,Ann,Kyiv\nbob@example.com,,\n"
    load(content)
    before = list(list_subscribers(database))
    versions = row_versions(database)
    report = load(content)
    assert row_versions(database) == versions
    assert (report.added, report.updated, report.unchanged) == (0, 0, 2)
    assert list(list_subscribers(database)) == before


def test_an_empty_cell_erases_nothing(database: Database, load: Import) -> None:
    load("email,name,city,team\nann@example.com,Ann,Kyiv,red\n")
    report = load("email,name,city\nann@example.com,,Lviv\n")
    assert report.updated == 1
    ann = get(database, "ann@example.com")
    assert ann.name == "Ann"
    assert ann.attributes == {"city": "Lviv", "team": "red"}


def test_nobody_comes_back_by_an_import(database: Database, load: Import) -> None:
    add(database, "ann@example.com", Profile("Ann"))
    remove(database, "ann@example.com")
    add(database, "bob@example.com", Profile())
    suppress(database, "bob@example.com", "complained")
    suppress(database, "cas@example.com", "bounced")
    report = load(
        "email,name,status\nAnn@example.com,New,active\nbob@example.com,Bob,\n"
        "cas@example.com,Cas,subscribed\n"
    )
    assert (report.added, report.updated) == (0, 0)
    assert (report.unsubscribed_kept, report.suppressed_kept) == (1, 2)
    assert get(database, "ann@example.com").status is Status.UNSUBSCRIBED
    assert get(database, "ann@example.com").name == "Ann", "who has left is left alone"
    assert get(database, "bob@example.com").status is Status.SUPPRESSED
    assert count(database) == 2


def test_a_file_is_believed_when_it_says_that_somebody_left(
    database: Database, load: Import
) -> None:
    add(database, "ann@example.com", Profile())
    report = load(
        "email,status\nann@example.com,Unsubscribed\nbob@example.com,unsubscribed\n"
        "cas@example.com,suppressed\n"
    )
    assert (report.added_unsubscribed, report.unsubscribed_kept) == (1, 1)
    assert (report.added, report.suppressed_kept) == (0, 1)
    for name in ("ann", "bob"):
        reader = get(database, f"{name}@example.com")
        assert reader.status is Status.UNSUBSCRIBED
        assert reader.unsubscribed_at is not None
    again = load("email\nann@example.com\nbob@example.com\ncas@example.com\n")
    assert (again.added, again.unsubscribed_kept, again.suppressed_kept) == (0, 2, 1)


def test_a_status_that_nobody_knows_never_becomes_active(database: Database, load: Import) -> None:
    report = load("email,status\nann@example.com,cleaned\n")
    assert places(report) == [(2, 2, "csv-row")]
    assert count(database) == 0


def test_bad_rows_are_named_by_line_and_column_and_good_ones_kept(
    database: Database, load: Import
) -> None:
    report = load(
        "email,name,language\n"
        "ann@example.com,Ann,en\n"
        "not an address,Bob,en\n"
        "\n"
        "cas@example.com,Cas,English\n"
        'dan@example.com,"Dan\r\nBcc: eve@example.org",en\n'
        "eve@example.com,Eve\x00,en\n"
        "fay@example.com,Fay,en,too,many\n"
        'gus@example.com,"Gus" Gray,en\n'
        "also bad,\x07,\x07\n"
        "hal@example.com\n"
    )
    assert [reader.email for reader in list_subscribers(database)] == [
        "ann@example.com",
        "hal@example.com",
    ]
    assert report.added == 2
    assert report.rejected == 7
    assert places(report) == [
        (3, 1, "csv-row"),
        (5, 3, "csv-row"),
        (6, 1, "csv-row"),
        (8, 2, "csv-row"),
        (9, 4, "csv-row"),
        (10, 1, "csv-row"),
        (11, 1, "csv-row"),
        (11, 2, "csv-row"),
        (11, 3, "csv-row"),
    ]
    for finding in report.findings:
        assert finding.message.isprintable()
        assert finding.hint
        assert finding.path.endswith("readers.csv")


def test_code_in_a_name_is_just_a_name(database: Database, load: Import) -> None:
    load("email,name\nann@example.com,{{7*7}}<script>\n")
    assert get(database, "ann@example.com").name == "{{7*7}}<script>"


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_of_one_address_the_first_row_counts(
    database: Database, load: Import, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("newsletter.audience.csv_import._BLOCK", batch)
    add(database, "old@example.com", Profile("Old"))
    suppress(database, "sue@example.com", "bounced")
    report = load(
        "name,email\nAnn,ann@example.com\nOldest,old@example.com\nSue,sue@example.com\n"
        "Second,ANN@example.com\nSecond,OLD@example.com\nSecond,SUE@example.com\n"
    )
    assert (report.added, report.updated, report.suppressed_kept) == (1, 1, 1)
    assert report.duplicates == 3
    assert places(report) == [(line, 2, "csv-duplicate") for line in (5, 6, 7)]
    assert get(database, "ann@example.com").name == "Ann"
    assert get(database, "old@example.com").name == "Oldest"


@pytest.mark.parametrize("batch", [1, 1000])
def test_a_later_row_that_says_that_somebody_left_is_believed(
    database: Database, load: Import, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("newsletter.audience.csv_import._BLOCK", batch)
    report = load(
        "email,name,status\nann@example.com,Ann,active\nbob@example.com,Bob,\n"
        "ann@example.com,,unsubscribed\nbob@example.com,,suppressed\nann@example.com,,active\n"
    )
    assert report.duplicates == 3
    assert 'left out but for its "unsubscribed"' in report.findings[0].hint
    assert get(database, "ann@example.com").status is Status.UNSUBSCRIBED
    assert count(database, status=Status.CONFIRMED) == 0
    with pytest.raises(AudienceError, match="is suppressed"):
        add(database, "bob@example.com", Profile())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_what_spreadsheets_write_is_read(
    database: Database, load: Import, delimiter: str, encoding: str, end: str
) -> None:
    rows = [["Email Address", "Name", "City"], ["ann@example.com", "Оксана", "Kraków"]]
    report = load((end.join(delimiter.join(row) for row in rows) + end).encode(encoding))
    assert (report.added, report.findings) == (1, ())
    ann = get(database, "ann@example.com")
    assert (ann.name, ann.attributes) == ("Оксана", {"city": "Kraków"})


def test_windows_1252_is_read_and_said(database: Database, load: Import) -> None:
    report = load("email,name\nann@example.com,Zoë “Z” Müller\n".encode("cp1252"))
    assert get(database, "ann@example.com").name == "Zoë “Z” Müller"
    (finding,) = report.findings
    assert finding.severity is Severity.WARNING
    assert "Windows-1252" in finding.message
    assert report.rejected == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n ,,\n", "is empty"),
        (b"PK\x03\x04" + bytes(500), "a workbook"),
        (b"%PDF-1.7\n\xe2\xe3", "is a PDF"),
        (bytes(range(256)) * 40, "is not a text file"),
        (b"email,name\nann@example.com,\x81\xff\n", "is not a text file"),
        (b"\xff\xfee\x00m\x00a\x00i\x00l\x00\n\x00a", "is not a text file"),
        (b"email" + b"x" * (1 << 20), "is not a text file"),
        (b"ann@example.com\nbob@example.com\n", "no column is named email"),
        (b"name,city\nAnn,Kyiv\n", 'no column is named email (there is: "name", "city")'),
        (b"email,e-mail\n", ':1:2: column "e-mail" means the same as "email"'),
        (b"email,First Name,first_name\n", ":1:3: column"),
        (b"email,name,view_url\n", ":1:3: column"),
        (b"\nemail,token\n", ":2:2: column"),
        (b"email,,city\n", ":1:2: column has no name"),
        ("email,Ім'я\n".encode(), ":1:2: column"),
        (b'email,"first\nname"\n', "the quotes in the header row do not match"),
        (b'email,name\na@example.com,A\nb@example.com,"B\nc@example.com,C\n', ":3: a quoted cell"),
        (b'email,name\na@example.com,"' + b"x" * 200_000 + b'"\n', ":2: a quoted cell"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(
    database: Database, load: Import, content: bytes, said: str
) -> None:
    with pytest.raises(AudienceError) as caught:
        load(content)
    assert said in caught.value.message
    assert caught.value.message.isprintable()
    assert caught.value.hint
    assert count(database) == 0


def test_a_file_that_is_not_there_or_not_a_file_is_named(
    database: Database, tmp_path: Path
) -> None:
    with pytest.raises(NotFoundError, match=r"cannot read .*nowhere\.csv: No such file"):
        import_csv(database, tmp_path / "nowhere.csv")
    with pytest.raises(AudienceError, match="is a folder"):
        import_csv(database, tmp_path)
    with pytest.raises(AudienceError, match="is not a file"):
        import_csv(database, Path("/dev/null"))


def test_a_header_without_readers_is_an_empty_list(load: Import) -> None:
    report = load("email,name,,\n")
    assert (report.usable, report.rejected, report.findings) == (0, 0, ())


def test_a_file_that_is_wrong_throughout_is_counted_but_not_kept_in_memory(load: Import) -> None:
    report = load("email\n" + "wrong\n" * (FINDINGS_KEPT + 500))
    assert report.rejected == FINDINGS_KEPT + 500
    assert len(report.findings) == FINDINGS_KEPT


@only_sqlite
def test_a_full_disk_keeps_what_is_done_and_says_how_to_go_on(
    database: Database, load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.audience.csv_import._BLOCK", 500)
    everybody = "email\n" + "".join(f"reader{n}@example.com\n" for n in range(3000))
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 160}")
    with pytest.raises(DatabaseError, match="the disk is full") as caught:
        load(everybody)
    kept = count(database)
    assert 0 < kept < 3000
    assert kept % 500 == 0, "a block is written as a whole or not at all"
    assert f"{kept:,} rows are done and kept; import the file again" in caught.value.hint
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    report = load(everybody)
    assert (report.unchanged, report.added) == (kept, 3000 - kept)


_BROKEN_OFF = """
import pathlib, sys, time
from newsletter.audience import csv_import, csv_store
from newsletter.database.engine import Database
from newsletter.database.keys import Keys

_, place, path, keys, where = sys.argv
csv_import._BLOCK = 1000
calls = 0

def stop_at(number):
    global calls
    calls += 1
    if calls == number:
        print("in the middle", flush=True)
        time.sleep(60)

def insert_each(connection, table, rows, insert_each=csv_store.insert_each):
    insert_each(connection, table, rows)
    if where == "within a block" and table.name == "subscriptions":
        stop_at(3)

csv_store.insert_each = insert_each
database = Database.open(place, keys=Keys.load(pathlib.Path(keys)))
between = (lambda done, total: stop_at(2)) if where == "between blocks" else None
csv_import.import_csv(database, pathlib.Path(path), progress=between)
"""


@pytest.mark.parametrize("where", ["within a block", "between blocks"])
def test_an_import_that_is_killed_goes_on_when_it_is_repeated(
    database: Database, tmp_path: Path, where: str
) -> None:
    add(database, "ann@example.com", Profile())
    path, keys = tmp_path / "readers.csv", tmp_path / "keys"
    path.write_text("email\n" + "".join(f"reader{n}@example.com\n" for n in range(3500)))
    keys.write_text(database.keys.dump())
    with subprocess.Popen(
        [sys.executable, "-c", _BROKEN_OFF, database.name, path, keys, where],
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in the middle\n"
        process.send_signal(signal.SIGKILL)
    assert count(database) == 2001, "two blocks, and whoever was there before"
    assert count(database, status=Status.CONFIRMED) == 2001, "nobody is half there"
    remove(database, "reader1@example.com")
    report = import_csv(database, path)
    assert (report.added, report.unchanged, report.unsubscribed_kept) == (1500, 1999, 1)
    assert (report.duplicates, report.findings) == (0, ())
    assert import_csv(database, path).unchanged == 3499


@pytest.mark.proof
def test_memory_does_not_grow_with_the_list(
    database: Database, load: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = rounds(250, 1_000)
    monkeypatch.setattr("newsletter.audience.csv_import._BLOCK", batch)

    def peak(start: int, rows: int) -> int:
        content = "email,name\n" + "".join(
            f"reader{n}@example.com,Ann Lee\n" for n in range(start, start + rows)
        )
        tracemalloc.start()
        try:
            assert load(content.encode()).added == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(0, 100)  # what is compiled and cached once
    few, many = peak(100, 2 * batch), peak(10_000, rounds(8_000, 16_000))
    assert many < few * 2
