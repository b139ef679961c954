"""Correcting an issue that went out: the note, and the letter to those who got it."""

from __future__ import annotations

import contextlib
import datetime
import email
import email.policy
import io
import json
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli.main import run
from newsletter.database.states import State
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import About, Accepted, Failed, Outcome, Unknown
from newsletter.project import Project, today
from tests.unit.delivery.kit import Hand, add_readers

Output = pytest.CaptureFixture[str]

ISSUE = """\
# The morning ferry   (a comment)
subject:  The ferry leaves at nine
preheader: 'Also: the library keeps its roof'
date: 2026-11-20
sections:
  - headline: "The first ferry"   # keep
    body: |
      It leaves at nine every day.
outro: |
  Bye.
"""
UKRAINIAN = """\
subject: Паром відходить о дев'ятій
preheader: А ще бібліотека
date: 2026-11-20
language: uk
sections:
  - headline: Перший паром
    body: Щодня о дев'ятій.
"""
NOTE = "The ferry leaves at 8, not at 9."
WORDS = ("correct", "2026-11-20", "--note", NOTE)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-11-20.yaml").write_text(ISSUE)
    (tmp_path / "newsletter.toml").write_text(
        'name = "The Harbour Letter"\nfrom = "letter@example.org"\n'
        'base_url = "https://example.org"\narchive_url = "https://example.org/letters/{slug}"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextlib.contextmanager
def opened(root: Path) -> Any:
    with contextlib.closing(Project.open(root)) as project:
        yield project


def send(root: Path, *outcomes: Outcome, readers: int = 4, translated: bool = False) -> Campaign:
    """The issue goes out, and the first readers meet these outcomes."""
    now = datetime.datetime.now(datetime.UTC)
    with opened(root) as project:
        add_readers(project.database, readers)
        others = []
        if translated:
            (root / "issues" / "2026-11-20.uk.yaml").write_text(UKRAINIAN)
            path = root / "issues" / "2026-11-20.uk.yaml"
            others = [project.render(project.manuscript(path)).edition]
            with project.database.writing() as connection:
                connection.exec_driver_sql(
                    "UPDATE subscribers SET language = 'uk' WHERE id % 2 = 0"
                )
        edition = project.render(project.manuscript(project.find_own("2026-11-20"))).edition
        campaign: Campaign = Campaigns(project.database).start(
            edition, project.sender, "maildir:outbox", now, translations=others, slug="2026-11-20"
        )
        hand = Hand(Ledger(project.database, campaign))
        for outcome in outcomes:
            assert hand.one(outcome, now)
        hand.ledger.end_worker(hand.worker, now)
        hand.ledger.close(now)
    return campaign


def call(capsys: Output, *words: str, code: int = 0) -> str:
    capsys.readouterr()
    assert run(list(words)) == code, capsys.readouterr()
    said = capsys.readouterr()
    return said.out if "--json" in words else said.out + said.err


def issue(root: Path) -> str:
    return (root / "issues" / "2026-11-20.yaml").read_text()


def mails(root: Path) -> list[Any]:
    folder = root / "outbox" / "new"
    files = sorted(folder.iterdir()) if folder.exists() else []
    policy = email.policy.default
    return [email.message_from_bytes(file.read_bytes(), policy=policy) for file in files]


def test_the_note_is_written_behind_everything_else(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"))
    call(capsys, *WORDS, "--yes")
    entry = f'\n\ncorrections:\n  - date: {today()}\n    note: "{NOTE}"\n'
    assert issue(root) == ISSUE.rstrip("\n") + entry
    call(capsys, "correct", "2026-11-20", "--note", 'It is "called" Morgenstern: no #1.', "--yes")
    second = f"  - date: {today()}\n    note: 'It is \"called\" Morgenstern: no #1.'\n"
    assert issue(root) == ISSUE.rstrip("\n") + entry + second
    assert mails(root) == []


def test_the_same_note_twice_on_a_day_is_one(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"))
    call(capsys, *WORDS, "--yes")
    once = issue(root)
    assert "stands there already" in call(capsys, *WORDS, "--yes")
    assert issue(root) == once


def test_line_ends_and_a_byte_order_mark_stay(root: Path, capsys: Output) -> None:
    path = root / "issues" / "2026-11-20.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + ISSUE.replace("\n", "\r\n").encode())
    send(root, Accepted("250 ok"))
    call(capsys, *WORDS, "--yes")
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf# The morning")
    assert data.count(b"\n") == data.count(b"\r\n")


def test_what_changed_since_it_was_sent_is_shown_before_anything_is_asked(
    root: Path, capsys: Output
) -> None:
    send(root, Accepted("250 ok"))
    mended = ISSUE.replace("leaves at nine", "leaves at eight")
    (root / "issues" / "2026-11-20.yaml").write_text(mended)
    said = call(capsys, *WORDS, code=1)
    assert "subject: The ferry leaves at [-nine-]{+eight+}" in said
    assert "It leaves at [-nine-]{+eight+} every day." in said
    assert "nobody is at a terminal" in said
    assert issue(root) == mended


def test_an_issue_that_still_says_the_wrong_thing_is_pointed_out(
    root: Path, capsys: Output
) -> None:
    send(root, Accepted("250 ok"))
    assert "still says what readers got" in call(capsys, *WORDS, "--dry-run")
    assert issue(root) == ISSUE


def test_an_editor_who_says_no_has_changed_nothing(
    root: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(root, Accepted("250 ok"))
    for answer, words in (("n\n", WORDS), ("2026-11-19\n", (*WORDS, "--mail"))):
        typed = io.StringIO(answer)
        monkeypatch.setattr(typed, "isatty", lambda: True)
        monkeypatch.setattr("sys.stdin", typed)
        call(capsys, *words, code=1)
        assert issue(root) == ISSUE
    assert mails(root) == []


def test_the_letter_goes_to_those_who_have_the_wrong_version_and_to_nobody_else(
    root: Path, capsys: Output
) -> None:
    send(
        root,
        Accepted("250 ok"),
        Failed("550 no", About.RECIPIENT),
        Unknown("no answer"),
        Accepted("250 ok"),
    )
    said = call(capsys, *WORDS, "--mail", "--yes")
    assert "2026-11-20.correction-1: 3 accepted." in said
    letters = mails(root)
    assert sorted(letter["To"].addresses[0].addr_spec for letter in letters) == [
        f"reader{number}@example.com" for number in (1, 3, 4)
    ]
    letter = letters[0]
    assert letter["Subject"] == "Correction: The ferry leaves at nine"
    text = letter.get_body(("plain",)).get_content()
    assert NOTE in text
    assert "https://example.org/letters/2026-11-20" in text.splitlines()
    assert letter["List-Unsubscribe"]
    with opened(root) as project:
        states = Ledger(
            project.database, Campaigns(project.database).list("2026-11-20.correction-1")[0]
        ).counts()
    assert dict(states) == {State.ACCEPTED: 3}
    # The campaign is asked after by its name, though there is no file of it.
    assert "3 accepted" in call(capsys, "status", "2026-11-20.correction-1")


def test_it_goes_out_once(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"), readers=1)
    call(capsys, *WORDS, "--mail", "--yes")
    assert "has gone out already" in call(capsys, *WORDS, "--mail", "--yes", code=1)
    assert len(mails(root)) == 1
    # Another correction of the same issue is another letter.
    call(capsys, "correct", "2026-11-20", "--note", "And a name.", "--mail", "--yes")
    assert len(mails(root)) == 2


def test_an_interrupted_mailing_is_gone_on_with_by_the_same_command(
    root: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(root, *[Accepted("250 ok")] * 4)

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("newsletter.sending.run.run", dies)
        call(capsys, *WORDS, "--mail", "--yes", code=130)
    assert mails(root) == []
    call(capsys, *WORDS, "--mail", "--yes")
    assert len(mails(root)) == 4
    assert issue(root).count(NOTE) == 1


def test_only_readers_of_the_corrected_language_get_the_letter(root: Path, capsys: Output) -> None:
    send(root, *[Accepted("250 ok")] * 4, translated=True)
    note = "Паром відходить о восьмій."
    call(capsys, "correct", "2026-11-20.uk", "--note", note, "--mail", "--yes")
    letters = mails(root)
    assert sorted(letter["To"].addresses[0].addr_spec for letter in letters) == [
        "reader2@example.com",
        "reader4@example.com",
    ]
    assert letters[0]["Subject"].startswith("Виправлення: Паром")
    assert issue(root) == ISSUE


def test_a_dry_run_counts_and_does_nothing(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"), Unknown("no answer"), readers=2)
    said = call(capsys, *WORDS, "--mail", "--dry-run")
    assert "Readers:   2 who got it" in said
    assert issue(root) == ISSUE
    assert mails(root) == []
    plain = json.loads(call(capsys, *WORDS, "--mail", "--dry-run", "--json"))
    assert plain["mail"] == {
        "campaign": "2026-11-20.correction-1",
        "subject": "Correction: The ferry leaves at nine",
        "readers": 2,
        "suppressed": 0,
    }
    assert plain["dry_run"] is True


def test_json_tells_what_was_done(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"), readers=1)
    plain = json.loads(call(capsys, *WORDS, "--mail", "--yes", "--json"))
    assert plain["note"] == NOTE
    assert plain["states"] == {"accepted": 1}


def test_what_was_never_sent_is_simply_changed(root: Path, capsys: Output) -> None:
    assert "has not been sent" in call(capsys, *WORDS, "--mail", "--yes", code=1)
    with opened(root) as project:
        add_readers(project.database, 1)
    assert "has not been sent" in call(capsys, *WORDS, "--yes", code=1)
    assert issue(root) == ISSUE


def test_where_only_files_are_known_the_note_can_be_written(root: Path, capsys: Output) -> None:
    call(capsys, *WORDS, "--yes")
    assert NOTE in issue(root)
    assert not (root / ".newsletter" / "newsletter.db").exists()


def test_while_it_is_going_out_nobody_can_say_who_gets_it(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"))  # three readers wait
    said = call(capsys, *WORDS, "--mail", "--yes", code=1)
    assert "is still going out" in said
    assert issue(root) == ISSUE


def test_a_correction_goes_round_no_approval(root: Path, capsys: Output) -> None:
    send(root, Accepted("250 ok"), readers=1)
    with (root / "newsletter.toml").open("a") as settings:
        settings.write("[approval]\nrequired = 1\n")
    assert "needs 1 approval" in call(capsys, *WORDS, "--mail", "--yes", code=1)
    assert mails(root) == []


@pytest.mark.parametrize("note", ["", "  ", "a\x07b"])
def test_a_note_must_say_something_that_can_be_seen(root: Path, capsys: Output, note: str) -> None:
    send(root, Accepted("250 ok"))
    call(capsys, "correct", "2026-11-20", "--note", note, "--yes", code=1)
    assert issue(root) == ISSUE


@pytest.mark.parametrize("note", ["8. Mai statt 9. Mai.", "- 3 degrees, not + 3.", "# 1 is wrong."])
def test_a_note_stays_a_sentence_in_the_letter(root: Path, capsys: Output, note: str) -> None:
    send(root, Accepted("250 ok"), readers=1)
    call(capsys, "correct", "2026-11-20", "--note", note, "--mail", "--yes")
    letter = mails(root)[0]
    assert note in letter.get_body(("plain",)).get_content().splitlines()
    assert f"{note}</p>" in letter.get_body(("html",)).get_content()
