"""The outbox lists what would have been sent, newest first."""

from __future__ import annotations

import mailbox
import os
from email.message import EmailMessage
from pathlib import Path

from newsletter.preview.outbox import SHOWN, Outbox


def put(folder: Path, name: str, subject: str) -> None:
    mail = EmailMessage()
    mail["Subject"] = subject
    mail["To"] = "reader@example.com"
    mail.set_content("The letter.")
    mailbox.Maildir(folder, create=True)
    (folder / "new" / name).write_bytes(mail.as_bytes())


def test_an_outbox_that_is_not_there_is_empty(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox")
    assert outbox.keys() == ()
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
    (key,) = outbox.keys()
    mail = outbox.open(key)
    assert mail is not None
    assert mail.subject == "The night ferry is back"
    assert mail.text == "The letter.\n"


def test_a_whole_mailing_is_listed_by_its_newest_part(tmp_path: Path) -> None:
    for number in range(SHOWN + 5):
        put(tmp_path / "outbox", f"{1700000000 + number}.M1P1Q1.host", str(number))
    outbox = Outbox(tmp_path / "outbox")
    assert len(outbox.keys()) == SHOWN + 5
    newest = outbox.newest()
    assert len(newest) == SHOWN
    assert newest[0].mail.subject == str(SHOWN + 4)


def test_a_key_is_never_a_path(tmp_path: Path) -> None:
    put(tmp_path / "box", "1.M1P1Q1.host", "inside")
    (tmp_path / "secret").write_text("Subject: outside\n\n")
    outbox = Outbox(tmp_path / "box")
    for key in ("../secret", "../../secret", str(tmp_path / "secret"), "new/1.M1P1Q1.host", "\0"):
        assert outbox.open(key) is None
