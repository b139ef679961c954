from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.database.engine import Database
from tests.unit.report.kit import fill

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "newsletter.toml").write_text(
        'name = "The Harbour Letter"\nfrom = "letter@example.org"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def sent(project: Path) -> Path:
    database = Database.open(project / ".newsletter/newsletter.db")
    fill(database)
    database.close()
    return project


def test_before_the_first_sending_there_is_nothing_to_report(project: Path, capsys: Output) -> None:
    assert run(["report"]) == 2
    assert "nothing has been sent yet" in capsys.readouterr().err
    assert not (project / ".newsletter").exists()


def test_an_issue_is_reported_in_numbers(sent: Path, capsys: Output) -> None:
    assert run(["report", "2026-11-20"]) == 0
    said = capsys.readouterr()
    assert "28 readers: " in said.out
    assert "22 accepted" in said.out
    assert "Came back: 1 complaint, 1 hard, 1 soft." in said.out
    assert "3 readers left since." in said.out
    assert "Domain\tReaders\tOutcome\nexample.com\t20\t" in said.out
    assert "Link\tFollowed\nhttps://example.org/a\t7\n" in said.out
    assert "UTC, not finished yet to The Harbour Letter\n" in said.out
    assert "of 24 letters in the last 30 days" in said.out + said.err
    assert "@example" not in said.out


def test_without_a_name_it_is_the_last_one(sent: Path, capsys: Output) -> None:
    assert run(["report"]) == 0
    assert capsys.readouterr().out.startswith("2026-11-27: ")


def test_json_has_all_of_it(sent: Path, capsys: Output) -> None:
    assert run(["report", "2026-11-20", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["states"]["accepted"] == 22
    assert report["complaint_rate"] == 1 / 24
    assert report["accepted"]["step_seconds"] == 60
    assert sum(report["accepted"]["numbers"]) == 24
    assert report["started_at"] == "2026-11-20T09:00:00+00:00"


def test_a_page_is_written(sent: Path, capsys: Output) -> None:
    assert run(["report", "2026-11-20", "--html", "out/report.html"]) == 0
    assert capsys.readouterr().out == "Wrote out/report.html.\n"
    assert "The Harbour Letter" in Path("out/report.html").read_text()
