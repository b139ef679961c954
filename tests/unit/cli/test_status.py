from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.outcome import Accepted, Deferred, Failed, Unknown
from tests.unit.delivery.kit import (
    NOON,
    Hand,
    add_readers,
    ledger_of,
    make_edition,
    make_sender,
)

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
    """A campaign in which everything has happened."""
    database = Database.open(project / ".newsletter/newsletter.db")
    add_readers(database, 5)
    campaign = Campaigns(database).start(
        make_edition(), make_sender(), "smtp://relay.example.org:587", NOON
    )
    hand = Hand(ledger_of(database, campaign))
    for outcome in (
        Accepted("250 ok"),
        Failed("550 5.1.1 unknown"),
        Deferred("451 later"),
        Unknown("the server closed the connection"),
    ):
        assert hand.one(outcome)
    hand.ledger.end_worker(hand.worker, NOON)
    database.close()
    return project


def test_before_the_first_sending_there_is_nothing_and_no_database(
    project: Path, capsys: Output
) -> None:
    assert run(["status"]) == 0
    assert capsys.readouterr().out == "Nothing has been sent yet.\n"
    assert run(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert not (project / ".newsletter").exists()


def test_campaigns_are_shown_with_their_counts(sent: Path, capsys: Output) -> None:
    assert run(["status"]) == 0
    [line] = capsys.readouterr().out.splitlines()
    slug, _, state, readers, transport = line.split("\t")
    assert (slug, state, transport) == (
        "2026-11-20",
        "not finished",
        "smtp://relay.example.org:587",
    )
    assert readers == "1 planned, 1 accepted, 1 deferred, 1 failed, 1 unknown"


def test_who_has_not_got_it_is_listed_with_the_reason(sent: Path, capsys: Output) -> None:
    assert run(["status", "2026-11-20", "--failed"]) == 0
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [(row[2], row[3], row[6]) for row in rows] == [
        ("reader2@example.com", "failed", "550 5.1.1 unknown"),
        ("reader3@example.com", "deferred", "451 later"),
        ("reader4@example.com", "unknown", "the server closed the connection"),
    ]


def test_programs_get_the_same_as_json(sent: Path, capsys: Output) -> None:
    assert run(["status", "--json", "--failed"]) == 0
    [campaign] = json.loads(capsys.readouterr().out)
    assert campaign["states"] == {
        "planned": 1,
        "accepted": 1,
        "failed": 1,
        "deferred": 1,
        "unknown": 1,
    }
    assert campaign["started_at"] == "2026-11-20T12:00:00+00:00"
    assert campaign["finished_at"] is None
    assert campaign["next_attempt_at"] == "2026-11-20T12:05:00+00:00"
    assert [d["state"] for d in campaign["deliveries"]] == ["failed", "deferred", "unknown"]
    assert campaign["deliveries"][1]["next_attempt_at"] == "2026-11-20T12:05:00+00:00"


def test_a_sent_issue_can_be_asked_for_after_its_file_is_gone(sent: Path, capsys: Output) -> None:
    assert run(["status", "2026-11-20"]) == 0
    assert "2026-11-20" in capsys.readouterr().out


def test_an_issue_that_was_never_sent(sent: Path, capsys: Output) -> None:
    (sent / "issues").mkdir()
    (sent / "issues/2026-12-04.yaml").write_text("subject: Later\n")
    assert run(["status", "2026-12-04"]) == 0
    assert "2026-12-04 has not been sent yet." in capsys.readouterr().out


def test_an_issue_that_does_not_exist(sent: Path, capsys: Output) -> None:
    assert run(["status", "2027-01-01"]) == 2


def test_a_copy_in_hand_when_the_program_died_is_listed(sent: Path, capsys: Output) -> None:
    database = Database.open(sent / ".newsletter/newsletter.db")
    [campaign] = Campaigns(database).list()
    hand = Hand(ledger_of(database, campaign))
    assert (claimed := hand.claim())
    assert hand.begin(claimed)
    database.close()
    assert run(["status", "--failed"]) == 0
    assert "reader5@example.com\tattempting" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wish", "reason", "shown"),
    [
        (Control.RUNNING, "", "not finished"),
        (Control.PAUSED, "", "paused"),
        (Control.PAUSED, "the relay asks for a pause", "paused (the relay asks for a pause)"),
        (Control.CANCELLED, "", "cancelled"),
    ],
)
def test_what_is_wished_of_it_is_shown(
    sent: Path, capsys: Output, wish: Control, reason: str, shown: str
) -> None:
    database = Database.open(sent / ".newsletter/newsletter.db")
    [campaign] = Campaigns(database).list()
    Campaigns(database).control(campaign, wish, reason)
    database.close()
    assert run(["status"]) == 0
    assert f"\t{shown}\t" in capsys.readouterr().out
    assert run(["status", "--json"]) == 0
    [plain] = json.loads(capsys.readouterr().out)
    assert (plain["control"], plain["control_reason"]) == (wish, reason)
    assert plain["sending"] is False


def test_a_finished_one_is_shown_as_such(project: Path, capsys: Output) -> None:
    database = Database.open(project / ".newsletter/newsletter.db")
    add_readers(database, 1)
    campaign = Campaigns(database).start(make_edition(), make_sender(), "maildir:outbox", NOON)
    hand = Hand(ledger_of(database, campaign))
    assert hand.one(Accepted())
    assert hand.ledger.close(NOON)
    database.close()
    assert run(["status"]) == 0
    assert "\tfinished\t" in capsys.readouterr().out


def test_without_trouble_no_empty_table_is_shown(project: Path, capsys: Output) -> None:
    database = Database.open(project / ".newsletter/newsletter.db")
    add_readers(database, 1)
    Campaigns(database).start(make_edition(), make_sender(), "maildir:outbox", NOON)
    database.close()
    assert run(["status", "--failed"]) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "No reader's copy has failed" in shown.err
