"""Proofs go to the people who make the letter, and their addresses stay on this machine."""

from __future__ import annotations

import email
import email.policy
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from newsletter.preview.proof_addresses import MOST
from tests.smtp import free_port, real_server

HERE = "issue/2026-11-20"


def by(folder: Path, transport: str) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + f'transport = "{transport}"\n')


def remembered(running: Any) -> list[str]:
    found: list[str] = running.post("proof-addresses", {}).json["addresses"]
    return found


def test_a_proof_is_written_into_the_outbox_and_seen_there(running: Any, folder: Path) -> None:
    answer = running.post(f"{HERE}/proof", {"to": "desk@example.com, chief@example.com"})
    assert answer.status == 200, answer.text
    assert answer.json == {
        "by": "maildir:outbox",
        "outcomes": [
            {"address": "desk@example.com", "accepted": True, "detail": ""},
            {"address": "chief@example.com", "accepted": True, "detail": ""},
        ],
    }
    files = list((folder / "outbox" / "new").iterdir())
    messages = [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files
    ]
    assert {str(mail["To"]).partition("<")[2] for mail in messages} == {
        "desk@example.com>",
        "chief@example.com>",
    }
    for mail in messages:
        assert str(mail["Subject"]).startswith("[Proof ")
        assert str(mail["Subject"]).endswith("] The night ferry is back")
        types = {part.get_content_type() for part in mail.walk()}
        assert {"text/plain", "text/html", "image/png"} <= types
    assert running.get("outbox").text.count("<time>") == 2


def test_a_proof_goes_through_the_projects_own_mail_server(
    folder: Path, serve_project: Any
) -> None:
    with real_server() as server:
        server.inbox.refused["gone@example.com"] = "550 5.1.1 no such mailbox"
        by(folder, f"smtp://127.0.0.1:{server.port}?security=none")
        with serve_project(folder) as running:
            answer = running.post(f"{HERE}/proof", {"to": "desk@example.com gone@example.com"})
        assert answer.status == 200, answer.text
        taken, refused = answer.json["outcomes"]
        assert taken == {"address": "desk@example.com", "accepted": True, "detail": ""}
        assert (refused["address"], refused["accepted"]) == ("gone@example.com", False)
        assert "no such mailbox" in refused["detail"]
        (copy,) = server.inbox.copies
        assert copy.recipients == ("desk@example.com",)
        mail = email.message_from_bytes(copy.data, policy=email.policy.default)
        assert str(mail["Subject"]).startswith("[Proof ")
        assert "Night ferry returns" in str(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_a_server_that_is_not_there_is_said_and_nothing_remembered(
    folder: Path, serve_project: Any
) -> None:
    by(folder, f"smtp://127.0.0.1:{free_port()}?security=none")
    with serve_project(folder) as running:
        answer = running.post(f"{HERE}/proof", {"to": "desk@example.com"})
        assert answer.status == 409
        assert "127.0.0.1" in answer.json["message"]
        assert "Traceback" not in answer.text
        assert remembered(running) == []


def test_no_password_is_ever_said(
    folder: Path, serve_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    by(folder, f"smtp://desk@127.0.0.1:{free_port()}?security=none")
    monkeypatch.setenv("NEWSLETTER_TRANSPORT_PASSWORD", "hunter2-hunter2")
    with serve_project(folder) as running:
        answer = running.post(f"{HERE}/proof", {"to": "desk@example.com"})
        assert answer.status == 409
        pages = [running.get(path).text for path in ("", HERE, "outbox")]
    assert "hunter2" not in "".join([answer.text, *pages])


def test_without_an_address_of_the_readers_pages_nothing_leaves_the_machine(
    folder: Path, serve_project: Any
) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text().replace("https://news", "http://news"))
    with real_server() as server:
        by(folder, f"smtp://127.0.0.1:{server.port}?security=none")
        with serve_project(folder) as running:
            answer = running.post(f"{HERE}/proof", {"to": "desk@example.com"})
        if answer.status == 409:
            assert "base_url" in answer.json["message"]
            assert server.inbox.copies == []
        else:  # a server on this very machine is no way out
            assert answer.json["outcomes"][0]["accepted"]


def test_a_draft_and_a_letter_with_findings_can_be_proofed(running: Any, issue: Path) -> None:
    issue.write_text("draft: true\n" + issue.read_text().replace("alt: A ferry", "alt: ferry.png"))
    assert running.post(f"{HERE}/proof", {"to": "desk@example.com"}).status == 200


def test_a_broken_issue_is_not_proofed(folder: Path, issue: Path, serve_project: Any) -> None:
    issue.write_text("subject: [")
    with serve_project(folder) as running:
        answer = running.post(f"{HERE}/proof", {"to": "desk@example.com"})
    assert answer.status == 409
    assert "no letter" in answer.json["message"].lower()
    assert not (folder / "outbox").exists()


@pytest.mark.parametrize(
    "to",
    [
        "",
        " , ,",
        "desk",
        "desk@",
        "@example.com",
        "a@b@example.com",
        "desk@example.com\r\nBcc: all@example.com",
        "<desk@example.com>",
        "desk@exam\0ple.com",
        "good@example.com, bad",
        "x" * 100 + "@example.com",
        7,
        None,
        ["desk@example.com"],
    ],
)
def test_what_is_no_address_gets_no_proof_and_is_not_remembered(
    running: Any, folder: Path, to: object
) -> None:
    answer = running.post(f"{HERE}/proof", {"to": to})
    assert answer.status in (400, 409)
    assert "Traceback" not in answer.text
    assert not (folder / "outbox").exists()
    assert remembered(running) == []


def test_half_a_character_gets_no_proof(running: Any) -> None:
    assert running.post(f"{HERE}/proof", b'{"to": "\\ud800@example.com"}').status == 400
    assert running.post(f"{HERE}/proof", {}).status == 400


def test_addresses_are_remembered_for_their_owner_only_and_forgotten_one_by_one(
    folder: Path, serve_project: Any
) -> None:
    with serve_project(folder) as running:
        assert remembered(running) == []
        running.post(f"{HERE}/proof", {"to": "a@example.com,b@example.com"})
        running.post(f"{HERE}/proof", {"to": "c@example.com"})
    path = folder / ".newsletter" / "proof-addresses.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with serve_project(folder) as running:
        assert remembered(running) == ["c@example.com", "a@example.com", "b@example.com"]
        left = running.post("proof-addresses", {"forget": "a@example.com"}).json["addresses"]
        assert left == ["c@example.com", "b@example.com"]
        assert running.post("proof-addresses", {"forget": {"a": 1}}).status == 200
        assert "c@example.com" not in running.get(HERE).text
    assert "a@example.com" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_proofs_that_are_sent_at_once_are_all_remembered(running: Any, folder: Path) -> None:
    addresses = {f"{number}@example.com" for number in range(MOST)}
    threads = [
        threading.Thread(target=running.post, args=(f"{HERE}/proof", {"to": address}))
        for address in addresses
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list((folder / "outbox" / "new").iterdir())) == MOST
    assert set(remembered(running)) == addresses


def test_a_proof_that_was_sent_is_said_to_be_sent_whatever_can_be_remembered(
    running: Any, folder: Path
) -> None:
    (folder / ".newsletter" / "proof-addresses.json").mkdir()
    answer = running.post(f"{HERE}/proof", {"to": "desk@example.com"})
    assert answer.status == 200
    assert answer.json["outcomes"][0]["accepted"]
