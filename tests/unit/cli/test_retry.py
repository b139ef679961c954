from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.cli.main import run
from newsletter.database.tables import campaigns, subscribers
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Unknown
from tests.unit.cli.sent_kit import (
    SLUG,
    Output,
    begin,
    call,
    call_json,
    make_project,
    now,
    opened,
    states,
)

EVERYTHING = (
    Accepted(),
    Failed("550 5.1.1 no"),
    Failed("550 5.1.1 no"),
    Deferred("451 later"),
    Unknown("silence"),
    Accepted(),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


@pytest.mark.parametrize(("state", "number"), [("failed", 2), ("deferred", 1), ("unknown", 1)])
def test_exactly_those_are_planned_and_a_dry_run_says_how_many(
    project: Path, capsys: Output, state: str, number: int
) -> None:
    begin(project, 6, *EVERYTHING)
    before = states(project)
    expected = {"issue": SLUG, "state": state, "planned": number}
    dry = call_json(capsys, "retry", f"--{state}", "--dry-run")
    assert dry == {**expected, "dry_run": True}
    assert states(project) == before
    assert call_json(capsys, "retry", f"--{state}", "--yes") == {**expected, "dry_run": False}
    del before[state]
    assert states(project) == {**before, "planned": number}


def test_a_finished_campaign_is_open_again(project: Path, capsys: Output) -> None:
    begin(project, 2, Accepted(), Failed("550 no"))
    assert "\tfinished\t" in call(capsys, "status")
    said = call(capsys, "retry", "--failed")
    assert said == (
        f"{SLUG}: 1 failed delivery planned again.\n"
        f"Send them with: newsletter send {SLUG} --resume\n"
    )
    assert "\tnot finished\t" in call(capsys, "status")


def test_a_cancelled_campaign_goes_on_with_those_alone(project: Path, capsys: Output) -> None:
    begin(project, 3, Failed("550 no"))
    call(capsys, "cancel", "--yes")
    call(capsys, "retry", "--failed")
    assert states(project) == {"planned": 1, "cancelled": 2}
    assert call_json(capsys, "status")[0]["control"] == "running"


def test_only_readers_at_a_domain_however_it_is_written(project: Path, capsys: Output) -> None:
    begin(project, 2, Failed("550 no"), Failed("550 no"))
    with opened(project) as database, database.writing() as connection:
        connection.execute(
            update(subscribers)
            .where(subscribers.c.id == 1)
            .values(email="a@xn--bcher-kva.com", email_key="a@xn--bcher-kva.com")
        )
    dry = ("retry", "--failed", "--dry-run", "--domain")
    assert call_json(capsys, *dry, "Bücher.com")["planned"] == 1
    assert call_json(capsys, *dry, "@EXAMPLE.com")["planned"] == 1
    assert call_json(capsys, *dry, "ample.com")["planned"] == 0
    assert run([*dry, "no domain"]) == 2
    assert call_json(capsys, "retry", "--failed", "--domain", "example.com")["planned"] == 1
    assert states(project) == {"planned": 1, "failed": 1}


def test_who_may_get_it_twice_takes_a_word(project: Path, capsys: Output) -> None:
    begin(project, 1, Unknown("silence"))
    assert run(["retry", "--unknown"]) == 1
    assert "--yes" in capsys.readouterr().err
    assert states(project) == {"unknown": 1}


@pytest.mark.parametrize("typed", [SLUG, ""])
def test_the_slug_must_be_typed(project: Path, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    begin(project, 1, Unknown("silence"))
    asked: list[str] = []

    def prompt(text: str, **more: object) -> str:
        asked.append(text)
        return typed

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", prompt)
    assert run(["retry", "--unknown"]) == (0 if typed else 1)
    assert "1 reader may get it twice" in asked[0]
    assert states(project) == ({"planned": 1} if typed else {"unknown": 1})


@pytest.mark.parametrize("options", [[], ["--failed", "--unknown"]])
def test_one_must_say_whom(project: Path, capsys: Output, options: list[str]) -> None:
    begin(project, 1, Failed("550 no"))
    assert run(["retry", *options]) == 2
    assert "--failed" in capsys.readouterr().err


def test_nobody_is_not_an_error(project: Path, capsys: Output) -> None:
    begin(project, 1, Accepted())
    assert call(capsys, "retry", "--failed") == f"{SLUG}: 0 failed deliveries.\n"
    assert "\tfinished\t" in call(capsys, "status")


def test_old_news_is_not_sent_again(project: Path, capsys: Output) -> None:
    begin(project, 1, Failed("550 no"))
    with opened(project) as database, database.writing() as connection:
        old = now() - datetime.timedelta(days=6)
        connection.execute(update(campaigns).values(started_at=old))
    assert run(["retry", "--failed"]) == 1
    assert "too old" in capsys.readouterr().err
    assert states(project) == {"failed": 1}


def test_one_kind_of_delivery_at_a_time(project: Path, capsys: Output) -> None:
    begin(project, 6, *EVERYTHING)
    for wanted in ([], ["--failed", "--deferred"]):
        assert run(["retry", *wanted, "--dry-run"]) == 2
        assert "one of: --failed, --deferred, --unknown" in capsys.readouterr().err
