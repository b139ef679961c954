from __future__ import annotations

import datetime
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.cli.main import run
from newsletter.database.engine import Database
from newsletter.database.tables import schedules
from tests.unit.sending.conftest import desk, nobodys_configuration, people
from tests.unit.sending.desk import SLUG, SOUND, Desk, People, needs_ssh_keygen

__all__ = ["desk", "nobodys_configuration", "people"]

Output = pytest.CaptureFixture[str]

TOMORROW = (
    (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
    .replace(microsecond=0)
    .isoformat()
)


def make_due(desk: Desk, since: datetime.timedelta = datetime.timedelta(minutes=1)) -> None:
    """Let the time have come."""
    at = datetime.datetime.now(datetime.UTC) - since
    database = Database.open(desk.root / ".newsletter/newsletter.db")
    with database.writing() as connection:
        late = at + datetime.timedelta(hours=1)
        connection.execute(update(schedules).values(at=at, not_after=late))
    database.close()


def scheduled(capsys: Output) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["schedule", "--json"]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_an_issue_waits_for_its_time_and_then_goes_out(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    assert run(["send", "--at", TOMORROW, "--yes"]) == 0
    said = capsys.readouterr().out
    assert "newsletter worker" in said
    assert "newsletter schedule cancel 1" in said
    assert run(["worker", "--once"]) == 0
    assert desk.outbox == []
    make_due(desk)
    assert run(["worker", "--once"]) == 0
    assert f"{SLUG} is finished: 3 accepted." in capsys.readouterr().out
    assert len(desk.outbox) == 3
    assert [found["state"] for found in scheduled(capsys)] == ["started"]


def test_what_was_missed_is_said_and_the_answer_is_no(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    assert run(["send", "--at", TOMORROW, "--yes"]) == 0
    make_due(desk, datetime.timedelta(hours=2))
    assert run(["worker", "--once"]) == 1
    assert "was missed: nothing could start it" in capsys.readouterr().out
    assert run(["worker", "--once"]) == 0
    assert run(["schedule"]) == 0
    assert "missed\tnothing could start it" in capsys.readouterr().out
    assert desk.outbox == []


def test_what_waits_can_be_taken_back(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    assert run(["schedule"]) == 0
    assert capsys.readouterr().out == "Nothing is scheduled.\n"
    assert run(["schedule", "cancel", "1"]) == 2
    assert run(["send", "--at", TOMORROW, "--yes"]) == 0
    assert run(["send", "--at", TOMORROW, "--yes"]) == 1
    assert "is scheduled already" in capsys.readouterr().err
    assert run(["schedule", "cancel", "1"]) == 0
    assert run(["schedule", "cancel", "1"]) == 1
    make_due(desk)
    assert run(["worker", "--once"]) == 0
    assert desk.outbox == []


def test_looking_makes_no_database(desk: Desk) -> None:
    assert run(["schedule", "--json"]) == 0
    assert run(["worker", "--once"]) == 0
    assert not (desk.root / ".newsletter").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--at", "2099-11-27T07:30"], 2, "which time zone. Write it like this: 2026-11-27T07:30+"),
        (["--at", "tomorrow"], 2, "is not a time"),
        (["--at", "2020-11-27T07:30Z"], 1, "is past"),
        (["--at", "2099-11-27T07:30Z", "--not-after", "2099-11-27T07:00Z"], 1, "is before"),
        (["--not-after", "2099-11-27T07:30Z"], 2, "goes with --at"),
        (["--at", "2099-11-27T07:30Z", "--resume"], 2, "cannot go on"),
        (["--at", "2099-11-27T07:30Z", "--plan"], 2, "only writes down"),
    ],
)
def test_a_time_must_be_one_that_comes(
    desk: Desk, capsys: Output, arguments: list[str], code: int, said: str
) -> None:
    desk.readers(1)
    assert run(["send", "--yes", *arguments]) == code
    assert said in capsys.readouterr().err
    assert scheduled(capsys) == []


def test_news_that_will_be_stale_by_then_is_refused_now(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    desk.issue("expires: 2099-01-01\n" + SOUND)
    assert run(["send", "--at", "2099-02-01T07:30Z", "--yes"]) == 1
    assert "expired on" in capsys.readouterr().err


def test_nobody_is_asked_where_nobody_sits(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    assert run(["send", "--at", TOMORROW]) == 1
    assert "--yes" in capsys.readouterr().err


@needs_ssh_keygen
def test_an_approved_plan_waits_with_its_signatures(
    desk: Desk, people: People, capsys: Output
) -> None:
    desk.readers(2)
    desk.configure("[approval]\nrequired = 1\n")
    people.allow("ben")
    assert run(["send", "--at", TOMORROW, "--yes"]) == 1
    assert "needs 1 approval before" in capsys.readouterr().err
    assert run(["send", "--plan", "--output", "plan.json"]) == 0
    assert run(["send", "--at", TOMORROW, "--approved", "plan.json"]) == 1
    assert run(["approve", "plan.json", "--key", str(people.key("ben")), "--yes"]) == 0
    assert run(["send", "--at", TOMORROW, "--approved", "plan.json"]) == 0
    for file in desk.root.glob("plan.json*"):
        file.unlink()
    make_due(desk)
    assert run(["worker", "--once"]) == 0
    assert len(desk.outbox) == 2


@needs_ssh_keygen
def test_an_approval_that_is_withdrawn_meanwhile_holds_no_more(
    desk: Desk, people: People, capsys: Output
) -> None:
    desk.readers(1)
    desk.configure("[approval]\nrequired = 1\n")
    people.allow("ben")
    assert run(["send", "--plan", "--output", "plan.json"]) == 0
    assert run(["approve", "plan.json", "--key", str(people.key("ben")), "--yes"]) == 0
    assert run(["send", "--at", TOMORROW, "--approved", "plan.json"]) == 0
    people.allow("cleo")
    make_due(desk)
    assert run(["worker", "--once"]) == 1
    assert "0 of 1 have approved" in capsys.readouterr().out
    assert desk.outbox == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_worker_sends_when_the_time_comes_and_ends_when_it_is_asked(
    desk: Desk, number: signal.Signals, tmp_path: Path
) -> None:
    desk.readers(2)
    assert run(["send", "--at", TOMORROW, "--yes"]) == 0
    make_due(desk)
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "newsletter", "worker", "--project", str(desk.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = ""
    while "is finished" not in said:
        line = process.stdout.readline()
        assert line, process.communicate()
        said += line
    process.send_signal(number)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert "2 accepted" in said
    assert len(desk.outbox) == 2
