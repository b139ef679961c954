from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.database.engine import Database
from tests.unit.delivery.kit import leave
from tests.unit.sending.conftest import desk, nobodys_configuration, people
from tests.unit.sending.desk import SLUG, SOUND, Desk, People, needs_git, needs_ssh_keygen

__all__ = ["desk", "nobodys_configuration", "people"]

Output = pytest.CaptureFixture[str]


def plan(capsys: Output, *options: str) -> Path:
    """The file of a plan that is made now."""
    capsys.readouterr()
    assert run(["send", "--plan", "--json", *options]) == 0
    return Path(json.loads(capsys.readouterr().out)["file"])


def unsubscribe(desk: Desk, address: str) -> None:
    database = Database.open(desk.root / ".newsletter/newsletter.db")
    leave(database, address)
    database.close()


def test_a_plan_says_all_that_matters_and_sends_nothing(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    desk.configure('rate = "1/min"\n')
    desk.issue("expires: 2099-11-27\n" + SOUND)
    assert run(["send", "--plan"]) == 0
    said = capsys.readouterr().out
    for words in (
        f"Issue:     {SLUG}",
        "Subject:   The night ferry is back",
        "Commit:    none: not in git",
        "Readers:   3, audience ",
        "Transport: maildir:outbox",
        "Rate:      1/min, so it takes 3 min 0 s at least",
        "Expires:   2099-11-2",
        "Checks:    1 note\n",
        "Digest:    ",
        f"Plan:      .newsletter/plans/{SLUG}-",
    ):
        assert words in said
    [file] = (desk.root / ".newsletter/plans").iterdir()
    assert file.name.startswith(f"{SLUG}-{json.loads(file.read_bytes())['digest'][:8]}")
    assert "reader1" not in file.read_text()
    assert desk.outbox == []


@needs_git
def test_a_plan_knows_the_commit_and_what_is_not_in_it(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    commit = desk.commit()
    assert run(["send", "--plan"]) == 0
    assert f"Commit:    {commit}\n" in capsys.readouterr().out
    desk.issue(SOUND.replace("Friday", "Sunday"))
    assert run(["send", "--plan"]) == 0
    said = capsys.readouterr()
    assert f"Commit:    {commit}, with changes that are not in it\n" in said.out
    assert f"Not committed: issues/{SLUG}.yaml" in said.err


def test_a_plan_may_go_where_others_find_it(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    assert plan(capsys, "-o", "plans/next.json") == Path("plans/next.json")
    assert (desk.root / "plans/next.json").exists()


def test_what_could_not_be_sent_gets_no_plan(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    desk.issue(SOUND + "draft: true\n")
    assert run(["send", "--plan"]) == 1
    assert not (desk.root / ".newsletter/plans").exists()


def test_what_was_planned_is_sent_without_a_question(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    file = plan(capsys)
    assert run(["send", "--approved", str(file)]) == 0
    assert len(desk.outbox) == 3


def test_a_plan_is_sent_once(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    file = plan(capsys)
    assert run(["send", "--approved", str(file)]) == 0
    assert run(["send", "--approved", str(file)]) == 1
    assert "was sent on" in capsys.readouterr().err
    again = plan(capsys, "--again")
    assert run(["send", "--approved", str(again)]) == 0
    assert run(["send", "--approved", str(again)]) == 1
    assert "the plan does not know of it" in capsys.readouterr().err
    assert len(desk.outbox) == 2


def test_another_content_is_not_what_was_planned(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    file = plan(capsys)
    desk.issue(SOUND.replace("Friday", "Sunday"))
    assert run(["send", "--approved", str(file)]) == 1
    assert "Content: planned " in capsys.readouterr().err
    assert desk.outbox == []


def test_other_readers_are_not_those_that_were_planned(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    file = plan(capsys)
    unsubscribe(desk, "reader2@example.com")
    assert run(["send", "--approved", str(file)]) == 1
    said = capsys.readouterr().err
    assert "Audience: planned 3 readers" in said
    assert "now 2 readers" in said
    assert "reader2" not in said
    assert "Put it back" not in said, "nobody is put back on the list for a plan"
    assert "exact_audience = false" in said


def test_other_readers_may_be_allowed(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    desk.configure("[approval]\nexact_audience = false\n")
    file = plan(capsys)
    unsubscribe(desk, "reader2@example.com")
    assert run(["send", "--approved", str(file)]) == 0
    assert len(desk.outbox) == 2


def test_another_transport_or_setting_is_named(
    desk: Desk, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.readers(1)
    file = plan(capsys)
    monkeypatch.setenv("NEWSLETTER_TRANSPORT", "maildir:elsewhere")
    desk.configure('rate = "5/s"\n')
    assert run(["send", "--approved", str(file)]) == 1
    said = capsys.readouterr().err
    assert "transport: planned maildir:outbox, now maildir:elsewhere" in said.replace("T", "t")
    assert "rate: planned nothing, now 5/s" in said


def test_a_plan_that_was_tampered_with_is_refused(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    file = plan(capsys)
    file.write_bytes(file.read_bytes().replace(b"night ferry", b"last ferry"))
    assert run(["send", "--approved", str(file)]) == 1
    assert "was changed after it was made" in capsys.readouterr().err


def test_news_that_went_stale_meanwhile_stays_here(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    desk.issue("expires: 2099-11-27\n" + SOUND)
    file = plan(capsys)
    desk.issue("expires: 2020-11-27\n" + SOUND)
    assert run(["send", "--approved", str(file)]) == 1
    assert "expires: planned" in capsys.readouterr().err.lower()
    assert run(["send", "--yes"]) == 1
    assert "expired on" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--plan", "--dry-run"],
        ["--plan", "--resume"],
        ["--plan", "--approved", "x"],
        ["--approved", "x", "--again"],
        ["--approved", "x", "--resume"],
        ["-o", "x"],
        ["--plan", "--test", "desk@example.org"],
    ],
)
def test_options_that_do_not_go_together(desk: Desk, arguments: list[str]) -> None:
    assert run(["send", *arguments]) == 2


def test_the_plan_of_another_issue_is_wrong_usage(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    file = plan(capsys)
    assert run(["send", "2026-11-27", "--approved", str(file)]) == 2
    assert f"The plan is of {SLUG}" in capsys.readouterr().err


@needs_ssh_keygen
def test_two_say_yes_and_it_goes_out(desk: Desk, people: People, capsys: Output) -> None:
    desk.readers(2)
    desk.configure("[approval]\nrequired = 2\n")
    people.allow("ben", "cleo")
    assert run(["send", "--yes"]) == 1
    assert "--plan" in capsys.readouterr().err
    file = plan(capsys)
    assert run(["send", "--approved", str(file)]) == 1
    assert "0 of 2 have approved" in capsys.readouterr().err
    assert run(["approve", str(file), "--key", str(people.key("ben")), "--yes"]) == 0
    said = capsys.readouterr().out
    assert "Subject:   The night ferry is back" in said
    assert "1 of 2 so far: ben@example.org" in said
    assert file.with_name(f"{file.name}.ben@example.org.sig").exists()
    assert run(["send", "--approved", str(file)]) == 1
    assert "1 of 2 have approved" in capsys.readouterr().err
    assert desk.outbox == []
    assert run(["approve", str(file), "--key", str(people.key("cleo")), "--yes", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["approvers"] == [
        "ben@example.org",
        "cleo@example.org",
    ]
    assert run(["send", "--approved", str(file)]) == 0
    assert "Approved:  ben@example.org, cleo@example.org" in capsys.readouterr().out
    assert len(desk.outbox) == 2


@needs_ssh_keygen
def test_a_stranger_cannot_approve(desk: Desk, people: People, capsys: Output) -> None:
    desk.readers(1)
    desk.configure("[approval]\nrequired = 1\n")
    people.allow("ben")
    file = plan(capsys)
    assert run(["approve", str(file), "--key", str(people.key("mallory")), "--yes"]) == 1
    said = capsys.readouterr().err
    assert "keys/mallory does not count: its key does not stand in signers.allowed" in said
    assert "--key" in said
    assert list(file.parent.iterdir()) == [file]


@needs_ssh_keygen
def test_who_approves_is_told_when_the_plan_is_of_something_else(
    desk: Desk, people: People, capsys: Output
) -> None:
    desk.readers(1)
    people.allow("ben")
    file = plan(capsys)
    approve = ["approve", str(file), "--key", str(people.key("ben")), "--yes"]
    assert run(approve) == 0
    assert "Your 2026-11-20" not in capsys.readouterr().err
    issue = desk.issue(SOUND.replace("Friday", "Sunday"))
    assert run(approve) == 0
    assert "Your 2026-11-20 is not what the plan would send" in capsys.readouterr().err
    issue.unlink()
    assert run(approve) == 0
    assert "You have no 2026-11-20 here" in capsys.readouterr().err


@needs_ssh_keygen
def test_ones_own_key_is_found(desk: Desk, people: People, capsys: Output, tmp_path: Path) -> None:
    desk.readers(1)
    desk.configure("[approval]\nrequired = 1\n")
    people.allow("ben")
    shutil.copytree(desk.root / "keys", tmp_path / "home/.ssh")
    file = plan(capsys)
    assert run(["approve", str(file)]) == 1
    assert "nobody is at a terminal" in capsys.readouterr().err
    assert run(["approve", str(file), "--yes"]) == 0


@needs_ssh_keygen
def test_proofs_and_trials_need_no_approval(desk: Desk, people: People) -> None:
    desk.readers(1)
    desk.configure("[approval]\nrequired = 1\n")
    assert run(["send", "--dry-run"]) == 0
    assert run(["send", "--test", "desk@example.org"]) == 0
