from __future__ import annotations

import mailbox
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.errors import FeedbackError, NotFoundError
from newsletter.feedback.options import FeedbackOptions
from newsletter.feedback.run import Reader, Summary
from newsletter.feedback.sources.base import LONGEST
from newsletter.feedback.sources.maildir import Maildir
from newsletter.feedback.sources.mbox import Mbox
from newsletter.feedback.sources.opening import open_source
from newsletter.feedback.sources.pipe import DONE, TRY_AGAIN, take
from tests.unit.feedback.kit import NOW, Sent, send
from tests.unit.feedback.letters import answer, bounce, complaint


@pytest.fixture
def reader(database: Database) -> Reader:
    return Reader(database, lambda: NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mailbox.Maildir(tmp_path / "Maildir", create=True)
    return tmp_path / "Maildir"


def deliver(folder: Path, name: str, message: bytes, *, to: str = "new") -> None:
    (folder / to / name).write_bytes(message)


def names(folder: Path) -> dict[str, list[str]]:
    parts = ("new", "cur")
    return {part: sorted(file.name for file in (folder / part).iterdir()) for part in parts}


def about(sent: Sent, number: int = 0) -> bytes:
    return bounce(to=f"bounces+{sent.token}@example.org", number=number)


# ── Maildir ──────────────────────────────────────────────────────────────────────────────────────


def test_what_was_recorded_is_put_away_and_letters_of_people_stay_new(
    database: Database, reader: Reader, folder: Path
) -> None:
    sent = send(database)
    deliver(folder, "1.bounce", about(sent))
    deliver(folder, "2.answer", answer())
    deliver(folder, "3.forged", bounce())
    deliver(folder, "4.seen:2,F", complaint(message_id=sent.message_id), to="cur")
    deliver(folder, "5.read:2,S", about(sent, 5), to="cur")
    summary = reader.read(Maildir(folder))
    assert names(folder) == {
        "new": ["2.answer", "3.forged"],
        "cur": ["1.bounce:2,S", "4.seen:2,FS", "5.read:2,S"],
    }
    assert summary == Summary(
        read=4,
        kinds=summary.kinds,
        not_ours=1,
        for_people=1,
        suppressed=1,
    )
    assert dict(summary.kinds) == {"hard": 1, "complaint": 1}
    again = reader.read(Maildir(folder))
    assert (again.read, again.not_ours, again.for_people) == (2, 1, 1)
    assert names(folder)["new"] == ["2.answer", "3.forged"]


def test_a_program_that_was_killed_before_it_put_a_message_away_loses_and_repeats_nothing(
    database: Database, reader: Reader, folder: Path
) -> None:
    """The worst moment: the row is on the disk, and the message is still new."""
    sent = send(database)
    deliver(folder, "1.bounce", about(sent))

    class Killed(Maildir):
        def settle(self, letters: object) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reader.read(Killed(folder))
    before = sent.all()
    assert sent.state == "bounced"
    summary = reader.read(Maildir(folder))
    assert (summary.replayed, sent.all()) == (1, before)
    assert names(folder) == {"new": [], "cur": ["1.bounce:2,S"]}


def test_a_message_about_a_letter_that_is_being_handed_over_waits(
    database: Database, reader: Reader, folder: Path
) -> None:
    sent = send(database, state=State.ATTEMPTING)
    deliver(folder, "1.bounce", about(sent))
    assert reader.read(Maildir(folder)).in_hand == 1
    assert names(folder)["new"] == ["1.bounce"]
    sent.reply(State.ACCEPTED)
    assert reader.read(Maildir(folder)).kinds["hard"] == 1
    assert names(folder)["new"] == []


def test_a_dry_run_shows_what_would_be_and_changes_nothing(
    database: Database, folder: Path
) -> None:
    sent = send(database)
    before = sent.all()
    deliver(folder, "1.bounce", about(sent))
    summary = Reader(database, lambda: NOW, dry_run=True).read(Maildir(folder))
    assert (summary.kinds["hard"], summary.suppressed) == (1, 1)
    assert sent.all() == before
    assert names(folder) == {"new": ["1.bounce"], "cur": []}


def test_more_messages_than_are_written_at_once_are_all_recorded(
    database: Database, reader: Reader, folder: Path
) -> None:
    everybody = [send(database) for _ in range(12)]
    for number in range(230):
        deliver(folder, f"{number:04}", about(everybody[number % 12], number))
    summary = reader.read(Maildir(folder))
    assert (summary.read, summary.kinds["hard"], summary.suppressed) == (230, 230, 12)
    assert {sent.state for sent in everybody} == {"bounced"}


# ── mbox ─────────────────────────────────────────────────────────────────────────────────────────


def append(path: Path, *messages: bytes) -> None:
    with path.open("ab") as file:
        for message in messages:
            file.write(b"From MAILER-DAEMON Mon Nov 23 08:00:00 2026\n" + message + b"\n")


def test_an_mbox_is_read_on_from_where_it_was_read_to(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    first, second = send(database), send(database)
    path = tmp_path / "mbox"
    append(path, about(first), answer())
    content = path.read_bytes()
    summary = reader.read(Mbox(path, database))
    assert (summary.read, summary.for_people, summary.kinds["hard"]) == (2, 1, 1)
    assert path.read_bytes() == content
    assert reader.read(Mbox(path, database)).read == 0
    append(path, about(second))
    assert reader.read(Mbox(path, database)).kinds["hard"] == 1
    assert (first.state, second.state) == ("bounced", "bounced")


def test_an_mbox_that_was_written_anew_is_read_from_its_beginning(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "mbox"
    append(path, answer(), answer(), answer())
    reader.read(Mbox(path, database))
    sent = send(database)
    path.unlink()
    append(path, about(sent), *[answer(quoting=str(number)) for number in range(9)])
    summary = reader.read(Mbox(path, database))
    assert (summary.read, summary.kinds["hard"]) == (10, 1)


def test_nothing_behind_a_message_that_must_wait_is_forgotten(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    waiting, other = send(database, state=State.ATTEMPTING), send(database)
    path = tmp_path / "mbox"
    append(path, answer(), about(waiting), about(other))
    assert reader.read(Mbox(path, database)).in_hand == 1
    waiting.reply(State.ACCEPTED)
    summary = reader.read(Mbox(path, database))
    assert (summary.read, summary.kinds["hard"], summary.replayed) == (2, 1, 1)


def test_a_line_that_begins_with_from_inside_a_message_does_not_cut_it(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    path = tmp_path / "mbox"
    append(path, answer(quoting="x\nFrom here on it is quoted"), answer())
    assert reader.read(Mbox(path, database)).read == 2


def test_a_huge_message_is_read_in_bounded_memory(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "mbox"
    append(path, answer() + b"x" * 79 + b"\n" * 3 * LONGEST, answer())
    letters = list(Mbox(path, database).read())
    assert [len(letter.data) <= 2 * LONGEST for letter in letters] == [True, True]


# ── one message, standard input ──────────────────────────────────────────────────────────────────


def test_a_file_with_one_message_is_a_source_too(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    sent = send(database)
    (tmp_path / "bounce.eml").write_bytes(about(sent))
    source = open_source(str(tmp_path / "bounce.eml"), database, FeedbackOptions(), tmp_path)
    assert reader.read(source).kinds["hard"] == 1


def test_a_place_that_is_none_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere does not exist"):
        open_source(str(tmp_path / "nowhere"), database, FeedbackOptions(), tmp_path)
    with pytest.raises(FeedbackError, match="not a Maildir"):
        open_source(str(tmp_path), database, FeedbackOptions(), tmp_path)
    with pytest.raises(FeedbackError, match="no password"):
        open_source("imaps://me@example.org/", database, FeedbackOptions(), tmp_path)


# ── pipe ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_mail_server_that_hands_over_a_bounce_is_told_that_it_is_done(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    sent = send(database)
    assert take(about(sent), reader, tmp_path / "other") == DONE
    assert sent.state == "bounced"
    assert not (tmp_path / "other").exists()


def test_letters_of_people_that_come_by_the_pipe_are_kept(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    for message in (answer(), bounce()):
        assert take(message, reader, tmp_path / "state" / "other") == DONE
    kept = list((tmp_path / "state" / "other" / "new").iterdir())
    assert sorted(file.read_bytes() for file in kept) == sorted([answer(), bounce()])
    assert (tmp_path / "state" / "other").stat().st_mode & 0o077 == 0


def test_the_mail_server_tries_again_while_the_letter_is_being_handed_over(
    database: Database, reader: Reader, tmp_path: Path
) -> None:
    sent = send(database, state=State.ATTEMPTING)
    assert take(about(sent), reader, tmp_path / "other") == TRY_AGAIN
    sent.reply(State.UNKNOWN)
    assert take(about(sent), reader, tmp_path / "other") == DONE
    assert sent.state == "bounced"


def test_a_letter_that_cannot_be_kept_is_not_taken(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FeedbackError, match="cannot keep"):
        take(answer(), reader, tmp_path / "file" / "other")
