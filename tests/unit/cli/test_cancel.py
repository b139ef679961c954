from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.lock import sending_alone
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Unknown
from tests.databases import postgres, postgresql_url
from tests.unit.cli.sent_kit import (
    SLUG,
    Output,
    begin,
    being_sent,
    call,
    call_json,
    make_project,
    now,
    opened,
    states,
)
from tests.unit.delivery.kit import Hand, ledger_of

__all__ = ["postgres", "postgresql_url"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def test_a_running_sending_ends_and_nobody_else_gets_it(project: Path, capsys: Output) -> None:
    with being_sent(project, 400) as sending:
        result = call_json(capsys, "cancel", SLUG, "--yes")
        sending.thread.join(5)
        assert not sending.thread.is_alive()
        assert result["sending"] is False
        assert result["finished"] is True
        accepted = result["states"]["accepted"]
        assert 3 <= accepted == sending.sent < 200
        assert result["states"] == {"accepted": accepted, "cancelled": 400 - accepted}
        assert "\tcancelled\t" in call(capsys, "status")


def test_a_sending_on_another_machine_ends(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    make_project(project, f'database = "{postgresql_url}"')
    with being_sent(project, 400) as sending:
        result = call_json(capsys, "cancel", "--yes")
        sending.thread.join(5)
        assert not sending.thread.is_alive()
        accepted = sending.sent
        assert result["states"] == {"accepted": accepted, "cancelled": 400 - accepted}
        assert call_json(capsys, "status")[0]["finished_at"]


def test_a_paused_sending_can_be_cancelled(project: Path, capsys: Output) -> None:
    with being_sent(project, 100) as sending:
        call(capsys, "pause")
        call(capsys, "cancel", "--yes")
        sending.thread.join(5)
        assert not sending.thread.is_alive()
        assert sending.summary is not None
        assert sending.summary.finished


def test_what_nobody_sends_is_cancelled_at_once(project: Path, capsys: Output) -> None:
    begin(project, 5, Accepted(), Failed("550 no"), Deferred("451 later"))
    said = call(capsys, "cancel", "--yes")
    assert said == f"{SLUG} is cancelled: 1 accepted, 1 failed, 3 cancelled.\n"
    assert call_json(capsys, "status")[0]["finished_at"] is not None


def test_what_a_killed_program_had_in_hand_is_named(project: Path, capsys: Output) -> None:
    begin(project, 3)
    with opened(project) as database:
        hand = Hand(ledger_of(database, Campaigns(database).list()[0]))
        for claimed in [hand.claim(now()), hand.claim(now())]:
            assert claimed
        assert claimed
        assert hand.begin(claimed, now())
    said = call(capsys, "cancel", "--yes")
    assert f"{SLUG} is cancelled: 1 unknown, 2 cancelled." in said
    assert "newsletter status" in said


def test_without_a_terminal_it_takes_yes(project: Path, capsys: Output) -> None:
    begin(project, 2)
    assert run(["cancel"]) == 1
    assert "--yes" in capsys.readouterr().err
    assert states(project) == {"planned": 2}


@pytest.mark.parametrize("typed", [SLUG, "yes"])
def test_the_slug_must_be_typed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output, typed: str
) -> None:
    begin(project, 2)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.prompt", lambda *words, **more: typed)
    assert run(["cancel"]) == (0 if typed == SLUG else 1)
    assert states(project) == ({"cancelled": 2} if typed == SLUG else {"planned": 2})


def test_another_sending_does_not_keep_it_from_being_cancelled(
    project: Path, capsys: Output
) -> None:
    begin(project, 2)
    with sending_alone(project / ".newsletter"):
        call(capsys, "cancel", "--yes")
    assert states(project) == {"cancelled": 2}


def test_it_may_be_said_again_while_something_is_unknown(project: Path, capsys: Output) -> None:
    begin(project, 1, Unknown("silence"))
    for _ in range(2):
        call(capsys, "cancel", "--yes")
        assert states(project) == {"unknown": 1}


def test_a_finished_one_is_left_alone(project: Path, capsys: Output) -> None:
    begin(project, 1, Accepted())
    assert run(["cancel", "--yes"]) == 1
    assert f"{SLUG} is finished: there is nothing to cancel" in capsys.readouterr().err
