from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.cli.main import run
from newsletter.database.states import State
from newsletter.database.tables import deliveries
from newsletter.project import Project
from tests.unit.feedback.kit import Sent, new_campaign, send
from tests.unit.feedback.letters import answer, bounce, wish

SETTINGS = """\
name = "The Harbour Letter"
from = "letter@example.org"
[feedback]
mailbox = "mail"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    (tmp_path / "mail" / "new").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def project(folder: Path) -> Iterator[Project]:
    with closing(Project.open(folder)) as project:
        assert project.database
        yield project


def about(sent: Sent, number: int = 0) -> bytes:
    to = f"bounces+{sent.token}@example.org"
    return bounce(to=to, reader=sent.email, number=number)


def deliver(folder: Path, name: str, message: bytes) -> Path:
    (folder / "mail" / "tmp").mkdir(exist_ok=True)
    (folder / "mail" / "tmp" / name).write_bytes(message)
    return (folder / "mail" / "tmp" / name).rename(folder / "mail" / "new" / name)


def feed(monkeypatch: pytest.MonkeyPatch, message: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(message)))


def test_the_mailbox_of_the_settings_is_read(
    project: Project, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent, leaving = send(project.database), send(project.database)
    deliver(folder, "1", about(sent))
    deliver(folder, "2", answer())
    deliver(folder, "3", wish(subject=f"unsubscribe {leaving.unsubscribe_token}"))
    deliver(folder, "4", bounce())
    assert run(["feedback"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines() == [
        "4 messages read: 1 hard, 1 unsubscribed.",
        "  1 will not be mailed any more",
        "  1 left a list",
        "  1 not proved to be about a letter of yours: changed nothing",
        "  1 for people to read: left where it was",
    ]
    assert sent.email not in said
    assert run(["feedback"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "2 messages read; nothing changed:",
        "  1 not proved to be about a letter of yours: changed nothing",
        "  1 for people to read: left where it was",
    ]


def test_a_mailbox_with_nothing_new_is_told_from_messages_that_were_recorded_before(
    project: Project, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["feedback"]) == 0
    assert capsys.readouterr().out == "There is no mail that was not read before.\n"
    (folder / "one.eml").write_bytes(about(send(project.database)))
    assert run(["feedback", "one.eml"]) == 0
    capsys.readouterr()
    (folder / "two.eml").write_bytes((folder / "one.eml").read_bytes())
    assert run(["feedback", "two.eml"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 message read; nothing changed:",
        "  1 recorded before",
    ]


def test_refusals_that_are_too_many_to_be_believed_count_once_somebody_says_so(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    campaign = new_campaign(project.database)
    sent = [send(project.database, campaign=campaign, state=State.FAILED) for _ in range(5)]
    with project.database.writing() as connection:
        said = "550 5.1.1 no such user (in reply to RCPT)"
        connection.execute(update(deliveries).values(detail=said))
    assert run(["report", "2026-11-20"]) == 0
    assert "newsletter feedback --refusals 2026-11-20" in capsys.readouterr().out
    asked = ["feedback", "--refusals", "2026-11-20"]
    assert run([*asked, "--dry-run"]) == 0
    assert "5 refusals would count. Nothing was changed." in capsys.readouterr().out
    assert sent[0].suppressed is None
    assert run(asked) == 0
    assert "5 addresses will not be mailed any more" in capsys.readouterr().out
    assert [one.suppressed for one in sent] == ["bounce"] * 5
    assert run(["report", "2026-11-20"]) == 0
    assert "5 refusals count against the readers" in capsys.readouterr().out
    assert run(["subscribers", "show", sent[0].email]) == 0
    shown = capsys.readouterr().out
    assert "never mailed: bounce" in shown
    assert "550 5.1.1 no such user (in reply to RCPT)" in shown
    assert run([*asked, "--follow"]) == 2


def test_the_summary_is_there_for_programs(
    project: Project, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = send(project.database, state=State.UNKNOWN)
    deliver(folder, "1", about(sent))
    assert run(["feedback", "--json", "--dry-run"]) == 0
    dry = json.loads(capsys.readouterr().out)
    assert sent.state == "unknown"
    assert run(["feedback", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == dry | {"dry_run": False}
    assert dry == {
        "dry_run": True,
        "read": 1,
        "new": {"hard": 1},
        "replayed": 0,
        "not_ours": 0,
        "for_people": 0,
        "in_hand": 0,
        "suppressed": 1,
        "unsubscribed": 0,
        "settled": 1,
    }


def test_what_must_be_read_again_is_said_by_the_exit_code(project: Project, folder: Path) -> None:
    sent = send(project.database, state=State.ATTEMPTING)
    deliver(folder, "1", about(sent))
    assert run(["feedback", "mail"]) == 3


def test_messages_may_come_on_standard_input(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = send(project.database), send(project.database)
    several = b"".join(
        b"From MAILER-DAEMON Mon Nov 23 08:00:00 2026\n" + about(sent) + b"\n"
        for sent in (first, second)
    )
    feed(monkeypatch, several)
    assert run(["feedback", "-"]) == 0
    assert (first.state, second.state) == ("bounced", "bounced")
    third = send(project.database)
    feed(monkeypatch, about(third))
    assert run(["feedback", "-", "--follow"]) == 0
    assert third.state == "bounced"


def test_a_mail_server_hands_over_one_message(
    project: Project, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(project.database)
    feed(monkeypatch, about(sent))
    assert run(["feedback", "--pipe"]) == 0
    assert sent.state == "bounced"
    feed(monkeypatch, answer())
    assert run(["feedback", "--pipe"]) == 0
    (kept,) = (folder / ".newsletter" / "other-mail" / "new").iterdir()
    assert kept.read_bytes() == answer()


@pytest.mark.parametrize("trouble", ["no project", "bad settings", "no database", "defect"])
def test_whatever_is_wrong_the_mail_server_keeps_the_message(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    trouble: str,
) -> None:
    """75 has it tried again; any other code would send the letter back to whoever wrote it."""

    def defect(*_: object) -> None:
        raise ValueError("ann@example.com is in here")

    match trouble:
        case "no project":
            (folder / "newsletter.toml").unlink()
        case "bad settings":
            (folder / "newsletter.toml").write_text("name = ")
        case "defect":
            monkeypatch.setattr(Project, "open", defect)
    feed(monkeypatch, answer())
    assert run(["feedback", "--pipe"]) == 75
    assert "ann@example.com" not in capsys.readouterr().err


def test_without_a_database_or_a_mailbox_it_says_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["feedback"]) == 2
    assert "no database yet" in capsys.readouterr().err
    assert not (folder / ".newsletter").exists()
    (folder / "newsletter.toml").write_text(SETTINGS.partition("[feedback]")[0])
    with closing(Project.open(folder)) as project:
        assert project.database
    assert run(["feedback"]) == 2
    assert "there is no mailbox to read" in capsys.readouterr().err
    assert run(["feedback", "imaps://me:secret-password@mail.example.org/"]) == 1
    assert "secret-password" not in capsys.readouterr().err


def test_following_goes_on_until_it_is_killed_and_loses_nothing(
    project: Project, folder: Path
) -> None:
    """Killed again and again without warning; in the end all is recorded once, and put away."""
    everybody = [send(project.database) for _ in range(6)]
    following = [sys.executable, "-m", "newsletter", "feedback", "--follow"]
    environment = {**os.environ, "NEWSLETTER_PROJECT": str(folder)}

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(following, cwd=folder, env=environment, stdout=subprocess.DEVNULL)

    for turn in range(2):
        process = start()
        for number in range(80):
            deliver(folder, f"{turn}-{number:03}", about(everybody[number % 6], turn * 80 + number))
        _until(lambda: _put_away(folder) > turn * 80)  # noqa: B023 - called at once
        process.kill()
        process.wait()
    process = start()
    _until(lambda: _put_away(folder) == 160)
    process.kill()
    process.wait()
    assert {sent.state for sent in everybody} == {"bounced"}
    assert sum(len(sent.all()["feedback"]) for sent in everybody) == 160


def _put_away(folder: Path) -> int:
    seen = folder / "mail" / "cur"
    return sum(file.name.endswith("S") for file in seen.iterdir()) if seen.exists() else 0


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.01)
