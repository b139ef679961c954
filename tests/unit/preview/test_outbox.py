"""The outbox lists what would have been sent, newest first."""

from __future__ import annotations

import mailbox
import os
from email.message import EmailMessage
from pathlib import Path

from newsletter.preview.outbox import SHOWN, Outbox


def put(folder: Path, name: str, subject: str, to: str = "reader@example.com") -> None:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["To"] = to
    mail.set_content("The letter.")
    mailbox.Maildir(folder, create=True)
    (folder / "new" / name).write_bytes(mail.as_bytes())


def test_an_outbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    assert outbox.count() == 0
    assert outbox.newest() == []
    assert outbox.open("any") is None
    assert not (tmp_path / "outbox").exists()


def test_the_newest_message_comes_first(tmp_path: Path) -> None:
    for age, (name, subject) in enumerate([("b", "third"), ("c", "second"), ("a", "first")]):
        put(tmp_path / "outbox", name, subject)
        [file] = (tmp_path / "outbox").glob(f"*/{name}*")
        os.utime(file, (1_700_000_000 - age, 1_700_000_000 - age))
    subjects = [entry.mail.subject for entry in Outbox(tmp_path / "outbox").newest()]
    assert subjects == ["third", "second", "first"]


def test_a_message_is_opened_by_its_key(tmp_path: Path) -> None:
    put(tmp_path / "outbox", "1700000000.M5P1Q1.host", "The night ferry is back")
    outbox = Outbox(tmp_path / "outbox")
    (entry,) = outbox.newest()
    assert (entry.key, entry.mail.text) == ("1700000000.M5P1Q1.host", "")
    mail = outbox.open(entry.key)
    assert mail is not None
    assert mail.subject == "The night ferry is back"
    assert mail.text == "The letter.\n"


def test_a_whole_mailing_is_listed_by_its_newest_part(tmp_path: Path) -> None:
    for number in range(SHOWN + 5):
        put(tmp_path / "outbox", f"{1700000000 + number}.M1P1Q1.host", str(number))
    outbox = Outbox(tmp_path / "outbox")
    assert outbox.count() == SHOWN + 5
    newest = outbox.newest()
    assert len(newest) == SHOWN
    assert newest[0].mail.subject == str(SHOWN + 4)


def test_a_key_is_never_a_path(tmp_path: Path) -> None:
    put(tmp_path / "box", "1.M1P1Q1.host", "inside")
    (tmp_path / "secret").write_text("Subject: outside\n\n")
    outbox = Outbox(tmp_path / "box")
    for key in ("../secret", "../../secret", str(tmp_path / "secret"), "new/1.M1P1Q1.host", "\0"):
        assert outbox.open(key) is None


def test_messages_are_found_by_reader_and_subject(tmp_path: Path) -> None:
    put(tmp_path / "box", "1.M1P1Q1.host", "Die Nachtfähre", "Zoë Sample <zoe@example.com>")
    put(tmp_path / "box", "2.M1P1Q1.host", "The market hall", "ada@example.com")
    outbox = Outbox(tmp_path / "box")
    for search, key in (("NACHTFÄHRE", "1"), ("zoë", "1"), ("ADA@", "2"), ("market", "2")):
        assert [entry.key.partition(".")[0] for entry in outbox.newest(search)] == [key]
    assert outbox.newest("none of them") == []
    assert len(outbox.newest()) == 2


def test_a_message_beyond_the_listed_ones_is_found(tmp_path: Path) -> None:
    for number in range(SHOWN + 5):
        put(tmp_path / "box", f"{number}.M1P1Q1.host", f"number {number:03}")
        os.utime(tmp_path / "box" / "new" / f"{number}.M1P1Q1.host", (number, number))
    outbox = Outbox(tmp_path / "box")
    assert [entry.mail.subject for entry in outbox.newest("number 000")] == ["number 000"]


def test_what_a_link_brings_in_from_elsewhere_is_no_message(tmp_path: Path) -> None:
    put(tmp_path / "box", "1.M1P1Q1.host", "inside")
    (tmp_path / "secret").write_text("Subject: outside\n\n")
    (tmp_path / "box" / "new" / "linked").symlink_to(tmp_path / "secret")
    outbox = Outbox(tmp_path / "box")
    assert [entry.mail.subject for entry in outbox.newest()] == ["inside"]
    assert outbox.count() == 1
    assert outbox.open("linked") is None
    put(tmp_path / "other", "2.M1P1Q1.host", "of another box")
    (tmp_path / "box" / "cur").rmdir()
    (tmp_path / "box" / "cur").symlink_to(tmp_path / "other" / "new")
    assert outbox.count() == 1
    assert outbox.open("2.M1P1Q1.host") is None


def test_the_stamp_changes_when_messages_come_or_go(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "box")
    stamps = [outbox.stamp]
    put(tmp_path / "box", "1.M1P1Q1.host", "one")
    os.utime(tmp_path / "box" / "new", (1, 1))
    stamps.append(outbox.stamp)
    assert outbox.stamp == stamps[-1]
    (tmp_path / "box" / "new" / "1.M1P1Q1.host").unlink()
    stamps.append(outbox.stamp)
    assert len(set(stamps)) == 3


def test_junk_is_listed_and_opened_as_far_as_it_goes(tmp_path: Path) -> None:
    put(tmp_path / "box", "1.M1P1Q1.host", "one")
    (tmp_path / "box" / "new" / "2.junk").write_bytes(b"\x00\xff\xfe")
    (tmp_path / "box" / "new" / "folder").mkdir()
    outbox = Outbox(tmp_path / "box")
    assert {entry.key for entry in outbox.newest()} == {"1.M1P1Q1.host", "2.junk"}
    assert outbox.open("2.junk") is not None
    assert outbox.open("folder") is None
