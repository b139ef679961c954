from __future__ import annotations

import datetime
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import update

from newsletter.cli.main import run
from newsletter.database.engine import Database
from newsletter.database.states import Control
from newsletter.database.tables import deliveries
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.lock import sending_alone
from tests.smtp import Moment, odd_server, real_server
from tests.unit.delivery.kit import NOON, add_readers, leave, suppress

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.org>"
postal_address = "1 Pier Road, Exampletown"
reason = "You get this because you signed up at example.org."
"""

SOUND = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
"""

WITH_PLACEHOLDER = SOUND.replace("from Friday", "on TK")
Output = pytest.CaptureFixture[str]


class Desk:
    """A project in a folder, with the database at hand."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.issue(SOUND)
        self.configure()

    def configure(self, more: str = "") -> None:
        (self.root / "newsletter.toml").write_text(CONFIGURATION + more)

    def relay(self, port: int, base_url: str = "https://letter.example.org") -> None:
        self.configure(
            f'transport = "smtp://127.0.0.1:{port}?security=none"\nbase_url = "{base_url}"\n'
        )

    def issue(self, text: str, slug: str = "2026-11-20") -> None:
        path = self.root / "issues" / f"{slug}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    def readers(self, number: int) -> list[str]:
        database = Database.open(self.root / ".newsletter/newsletter.db")
        addresses = add_readers(database, number)
        database.close()
        return addresses

    @property
    def outbox(self) -> list[bytes]:
        folder = self.root / "outbox/new"
        return [file.read_bytes() for file in folder.iterdir()] if folder.exists() else []


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(tmp_path)


def make_due(desk: Desk) -> None:
    database = Database.open(desk.root / ".newsletter/newsletter.db")
    with database.writing() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.state == "deferred")
            .values(next_attempt_at=NOON - datetime.timedelta(days=365))
        )
    database.close()


def status(capsys: Output, *arguments: str) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["status", "--json", *arguments]) == 0
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)
    return found


def test_an_issue_goes_to_its_readers(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    assert run(["send", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "Readers:   3" in said
    assert "The night ferry is back" in said
    assert "maildir:outbox" in said
    assert "2026-11-20: 3 accepted; took" in said
    assert len(desk.outbox) == 3
    [campaign] = status(capsys)
    assert campaign["states"] == {"accepted": 3}
    assert campaign["finished_at"]


def test_the_plan_says_who_is_left_out(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    database = Database.open(desk.root / ".newsletter/newsletter.db")
    suppress(database, "reader1@example.com")
    leave(database, "reader2@example.com")
    database.close()
    assert run(["send", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert "Readers:   1 (left out: 1 unsubscribed, 1 suppressed)" in out
    assert "Nothing was sent" in out
    assert status(capsys) == []


def test_a_finished_issue_is_not_sent_twice_unless_again(desk: Desk, capsys: Output) -> None:
    desk.readers(2)
    assert run(["send", "--yes"]) == 0
    assert run(["send", "--yes"]) == 1
    assert "--again" in capsys.readouterr().err
    assert run(["send", "--resume"]) == 1
    assert len(desk.outbox) == 2
    assert run(["send", "--again", "--yes"]) == 0
    assert len(desk.outbox) == 4
    assert len(status(capsys)) == 2


@pytest.mark.parametrize(
    ("issue", "said"),
    [(WITH_PLACEHOLDER, "has 1 error"), (SOUND + "draft: true\n", "is a draft")],
)
def test_what_is_not_ready_is_refused_but_can_be_proofed(
    desk: Desk, capsys: Output, issue: str, said: str
) -> None:
    desk.readers(2)
    desk.issue(issue)
    assert run(["send", "--yes"]) == 1
    assert said in capsys.readouterr().err
    assert desk.outbox == []
    assert run(["send", "--test", "desk@example.org,ann@example.org"]) == 0
    assert len(desk.outbox) == 2
    assert all(b"Subject: [Proof " in message for message in desk.outbox)
    assert status(capsys) == []


def test_findings_stand_at_their_lines(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    desk.issue(WITH_PLACEHOLDER)
    run(["send", "--yes"])
    assert "2026-11-20.yaml:6:" in capsys.readouterr().err


def test_without_readers_nothing_starts(desk: Desk, capsys: Output) -> None:
    assert run(["send", "--yes"]) == 1
    assert "no readers" in capsys.readouterr().err


def test_nobody_is_asked_where_nobody_sits(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    assert run(["send"]) == 1
    assert "--yes" in capsys.readouterr().err
    assert desk.outbox == []


@pytest.mark.parametrize(("base_url", "said"), [("", "not set"), ("http://x.example", "not https")])
def test_nothing_leaves_the_machine_without_a_way_to_unsubscribe(
    desk: Desk, capsys: Output, base_url: str, said: str
) -> None:
    desk.readers(1)
    with odd_server() as server:
        desk.relay(server.port, base_url)
        assert run(["send", "--yes"]) == 1
        assert said in capsys.readouterr().err
        assert run(["send", "--test", "desk@example.org"]) == 1
        assert server.connections == 0


def test_readers_may_unsubscribe_at_an_onion_service(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    onion = "http://aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion"
    with real_server() as server:
        desk.relay(server.port, onion)
        assert run(["send", "--yes"]) == 0
        [copy] = server.inbox.copies
    assert b"List-Unsubscribe: <mailto:" in copy.data
    assert b"List-Unsubscribe-Post" not in copy.data


@pytest.mark.parametrize("address", ["", "desk", "a@b@c", "x y@example.org"])
def test_a_proof_needs_an_address(desk: Desk, capsys: Output, address: str) -> None:
    assert run(["send", "--test", address]) == 2
    assert "--test" in capsys.readouterr().err


def test_again_and_resume_exclude_one_another(desk: Desk) -> None:
    assert run(["send", "--again", "--resume"]) == 2


def test_a_subject_that_fits_no_header_is_found_before_the_first_reader(
    desk: Desk, capsys: Output
) -> None:
    desk.readers(1)
    desk.issue(
        SOUND.replace("subject: The night", 'subject: "The\\x07 night').replace(
            "is back\n", 'is back"\n', 1
        )
    )
    assert run(["send", "--yes"]) == 1
    assert desk.outbox == []


def test_refused_readers_are_listed_and_the_rest_is_done(desk: Desk, capsys: Output) -> None:
    desk.readers(3)

    def behaviour(moment: Moment) -> str | None:
        return "550 5.1.1 unknown" if "reader2" in moment.line else None

    with odd_server(behaviour) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 0
    assert "--failed" in capsys.readouterr().out
    assert run(["status", "--failed"]) == 0
    row = capsys.readouterr().out.split("\t")
    assert row[2:5] == ["reader2@example.com", "failed", "1"]
    assert row[6].strip() == "550 5.1.1 unknown (in reply to RCPT)"


def test_a_reader_whose_mailbox_was_refused_for_good_does_not_get_the_next_issue(
    desk: Desk, capsys: Output
) -> None:
    desk.readers(5)
    desk.issue(SOUND.replace("11-20", "11-27"), "2026-11-27")
    with odd_server(lambda m: "550 5.1.1 unknown" if "reader2" in m.line else None) as server:
        desk.relay(server.port)
        assert run(["send", "2026-11-20", "--yes"]) == 0
        said = capsys.readouterr().out
        assert "4 accepted, 1 failed" in said
        assert "1 address is not mailed any more" in said
        assert run(["send", "2026-11-27", "--yes"]) == 0
    assert "4 accepted, 1 suppressed" in capsys.readouterr().out
    assert run(["report", "2026-11-20"]) == 0
    assert "1 refusal counts against the readers" in capsys.readouterr().out


def test_a_run_that_was_killed_before_it_drew_the_consequences_leaves_them_to_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    desk.readers(5)
    desk.issue(SOUND.replace("11-20", "11-27"), "2026-11-27")
    with odd_server(lambda m: "550 5.1.1 unknown" if "reader2" in m.line else None) as server:
        desk.relay(server.port)
        with monkeypatch.context() as patched:
            patched.setattr("newsletter.feedback.refusals.record_all", killed)
            run(["send", "2026-11-20", "--yes"])
        capsys.readouterr()
        assert run(["send", "2026-11-27", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "4 accepted, 1 suppressed" in said
    assert "1 address is not mailed any more" in said


def test_a_relay_that_knows_no_user_strikes_nobody_off(desk: Desk, capsys: Output) -> None:
    desk.readers(8)
    readers = tuple(f"reader{number}@" for number in range(1, 7))
    with odd_server(
        lambda m: "550 5.1.1 unknown" if any(one in m.line for one in readers) else None
    ) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 0
    said = capsys.readouterr().out
    assert "6 refusals speak against readers, but there are too many" in said
    assert run(["subscribers", "show", "reader1@example.com"]) == 0
    assert "never mailed" not in capsys.readouterr().out


def test_when_nobody_takes_it_the_answer_is_no(desk: Desk) -> None:
    desk.readers(2)
    with odd_server(lambda m: "550 5.1.1 unknown" if m.stage == "RCPT" else None) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 1


def test_deferred_readers_make_it_incomplete(desk: Desk, capsys: Output) -> None:
    desk.readers(2)
    with odd_server(lambda m: "451 4.7.1 later" if "reader1" in m.line else None) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
        out = capsys.readouterr().out
        assert "1 accepted, 1 deferred" in out
        assert "Deferred: from " in out
        assert run(["send", "--resume"]) == 3, "not due yet"
        assert len(server.copies) == 1


def test_unknown_is_held_and_resent_only_on_request(desk: Desk, capsys: Output) -> None:
    desk.readers(2)
    with odd_server(
        lambda m: "close" if m.stage == "end" and m.connection == 1 else None
    ) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
        said = capsys.readouterr().out
        assert "newsletter reconcile 2026-11-20 FILE" in said
        assert "--resend-unknown" in said
        assert run(["send", "--resume"]) == 3
        assert len(server.copies) == 2
        assert run(["send", "--resend-unknown"]) == 0
        assert len(server.copies) == 3
    assert "1 unknown" in capsys.readouterr().err


def test_a_relay_that_refuses_us_stops_and_can_be_resumed(desk: Desk, capsys: Output) -> None:
    desk.readers(10)
    down = [True]
    with odd_server(
        lambda m: "550 5.7.1 not you" if m.stage == "MAIL" and down[0] else None
    ) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
        assert "5 readers in a row" in capsys.readouterr().err
        assert status(capsys)[0]["states"] == {"planned": 10}
        down[0] = False
        assert run(["send", "--yes"]) == 0
        assert len(server.copies) == 10


def test_a_changed_issue_is_not_mixed_with_the_old_one(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    with odd_server(lambda m: "451 4.3.0 busy" if "reader2" in m.line else None) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
    with odd_server() as server:
        desk.relay(server.port)
        desk.issue(SOUND.replace("from Friday", "from Sunday"))
        assert run(["send", "--yes"]) == 1
        assert run(["send", "--resume"]) == 1
        assert "--as-started" in capsys.readouterr().err
        desk.issue("not: [an issue")
        assert run(["send", "--resume"]) == 1
        make_due(desk)
        assert run(["send", "--resume", "--as-started"]) == 0
        assert [b"from Friday" in copy.data for copy in server.copies] == [True]
    assert "It began with smtp://" in capsys.readouterr().err


def test_while_nobody_has_it_an_issue_may_be_mended(desk: Desk, capsys: Output) -> None:
    desk.readers(2)
    with odd_server(lambda m: "421 busy" if m.stage == "greeting" else None) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
    desk.issue(SOUND.replace("from Friday", "from Sunday"))
    with odd_server() as server:
        desk.relay(server.port)
        assert run(["send", "--dry-run"]) == 0
        assert run(["send", "--yes"]) == 0
        assert [b"from Sunday" in copy.data for copy in server.copies] == [True, True]
    assert len(status(capsys)) == 1


def test_only_one_program_sends(desk: Desk, capsys: Output) -> None:
    desk.readers(1)
    with sending_alone(desk.root / ".newsletter"):
        assert run(["send", "--yes"]) == 1
        assert str(os.getpid()) in capsys.readouterr().err
        assert run(["send", "--dry-run"]) == 0
    assert run(["send", "--yes"]) == 0


def test_programs_get_one_json_document(desk: Desk, capsys: Output) -> None:
    desk.readers(2)
    assert run(["send", "--test", "desk@example.org", "--json"]) == 0
    [proof] = json.loads(capsys.readouterr().out)
    assert (proof["address"], proof["outcome"]) == ("desk@example.org", "accepted")
    assert run(["send", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"issue": "2026-11-20", "dry_run": True}
    assert run(["send", "--yes", "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["finished"] is True
    assert summary["states"] == {"accepted": 2}
    assert set(summary) == {
        "issue",
        "campaign",
        "finished",
        "interrupted",
        "states",
        "struck_off",
        "doubted_refusals",
        "seconds",
        "next_attempt_at",
    }


def _start(desk: Desk, *arguments: str, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "newsletter", "send", "--project", str(desk.root), *arguments],
        **options,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_finishes_the_message_in_hand(
    desk: Desk, capsys: Output, number: signal.Signals
) -> None:
    desk.readers(6)
    processes: list[subprocess.Popen[bytes]] = []

    def interrupt(moment: Moment) -> None:
        if moment.stage == "body" and moment.message == 2 and len(processes) == 1:
            processes[0].send_signal(number)

    with odd_server(interrupt) as server:
        desk.relay(server.port)
        processes.append(_start(desk, "--yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        out, err = processes[0].communicate(timeout=60)
        assert processes[0].returncode == 130
        assert b"Stopping after the message in hand" in err
        assert b"2 accepted" in out or b"planned" in out
        assert b"Traceback" not in err
        assert set(status(capsys)[0]["states"]) == {"accepted", "planned"}  # type: ignore[call-overload]
        assert run(["send", "--resume"]) == 0
    assert len(server.copies) == 6


def test_a_second_signal_stops_at_once_and_names_whom_it_left_in_doubt(
    desk: Desk, capsys: Output
) -> None:
    desk.readers(3)
    processes: list[subprocess.Popen[bytes]] = []
    gone = threading.Event()

    def interrupt(moment: Moment) -> None:
        if moment.stage == "end" and moment.message == 2 and len(processes) == 1:
            processes[0].send_signal(signal.SIGINT)
            # The first one must have been noted: signals of one kind do not queue.
            assert processes[0].stderr
            while b"Stopping" not in processes[0].stderr.readline():
                pass
            processes[0].send_signal(signal.SIGINT)
            processes[0].wait(30)
            gone.set()

    with odd_server(interrupt) as server:
        desk.relay(server.port)
        processes.append(_start(desk, "--yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        assert processes[0].wait(60) == 130
        assert gone.wait(30)
        for pipe in (processes[0].stdout, processes[0].stderr):
            assert pipe
            pipe.close()
        assert run(["send", "--resume"]) == 3
    [campaign] = status(capsys, "--failed")
    states = campaign["states"]
    assert isinstance(states, dict)
    assert set(states) <= {"accepted", "unknown"}
    assert sum(states.values()) == 3
    # Whose answer had come, but was not on the disk yet, may be in doubt beside those in hand.
    named = [delivery["address"] for delivery in campaign["deliveries"]]  # type: ignore[attr-defined]
    assert named
    assert len(named) == states["unknown"]
    got = [address for copy in server.copies for address in copy.recipients]
    assert len(got) == len(set(got)), "nobody has it twice"
    assert states.get("accepted", 0) + len(named) == 3


def test_at_a_terminal_the_slug_must_be_typed(desk: Desk) -> None:
    desk.readers(2)
    ours, theirs = pty.openpty()
    process = _start(desk, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said = b""
    while b"type 2026-11-20" not in said:
        said += os.read(ours, 1000)
    os.write(ours, b"2026-11-20\n")
    try:
        while more := os.read(ours, 1000):
            said += more
    except OSError:
        pass  # the other end is closed
    finally:
        os.close(ours)
    assert process.wait(60) == 0
    assert len(desk.outbox) == 2
    assert b"2 accepted" in said


@pytest.mark.parametrize("typed", [b"yes\n", b"\n"], ids=["yes", "empty"])
def test_at_a_terminal_nothing_else_will_do(
    desk: Desk, capsys: Output, monkeypatch: pytest.MonkeyPatch, typed: bytes
) -> None:
    desk.readers(2)
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "wb", buffering=0) as hand, os.fdopen(theirs) as terminal:
        hand.write(typed)
        monkeypatch.setattr(sys, "stdin", terminal)
        assert run(["send"]) == 1
    said = capsys.readouterr().err
    assert "type 2026-11-20" in said
    assert "nothing was sent" in said
    assert desk.outbox == []


@pytest.mark.parametrize("other", ["--dry-run", "--resume", "--again"])
def test_proofs_go_with_no_option_of_a_mailing(desk: Desk, other: str, capsys: Output) -> None:
    assert run(["send", "--test", "desk@example.org", other]) == 2
    assert "--test" in capsys.readouterr().err


def test_an_old_database_that_was_put_back_is_noticed(desk: Desk, capsys: Output) -> None:
    desk.readers(2)
    database = desk.root / ".newsletter/newsletter.db"
    before = database.read_bytes()
    assert run(["send", "--yes"]) == 0
    database.write_bytes(before)
    for arguments in (["--yes"], ["--dry-run"], ["--plan"]):
        assert run(["send", *arguments]) == 1
        assert "--accept-restore" in capsys.readouterr().err
    assert len(desk.outbox) == 2
    assert run(["send", "--yes", "--accept-restore"]) == 0
    assert run(["send", "--yes"]) == 1
    assert "was sent on" in capsys.readouterr().err, "it is needed once"


def test_what_was_cancelled_does_not_go_on_by_itself(desk: Desk, capsys: Output) -> None:
    desk.readers(3)
    with odd_server(lambda m: "451 4.3.0 busy" if "reader2" in m.line else None) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
        database = Database.open(desk.root / ".newsletter/newsletter.db")
        campaigns = Campaigns(database)
        campaigns.control(campaigns.list()[0], Control.CANCELLED)
        database.close()
        assert run(["send", "--resume"]) == 1
        assert "was cancelled" in capsys.readouterr().err


def test_what_was_paused_goes_on_when_somebody_says_so(desk: Desk) -> None:
    desk.readers(3)
    with odd_server(lambda m: "451 4.3.0 busy" if "reader2" in m.line else None) as server:
        desk.relay(server.port)
        assert run(["send", "--yes"]) == 3
        database = Database.open(desk.root / ".newsletter/newsletter.db")
        campaigns = Campaigns(database)
        campaigns.control(campaigns.list()[0], Control.PAUSED)
        database.close()
        make_due(desk)
    with odd_server() as server:
        desk.relay(server.port)
        assert run(["send", "--resume", "--as-started"]) == 0
        assert len(server.copies) == 1


def test_it_is_said_which_company_would_learn_the_addresses(
    desk: Desk, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.readers(1)
    assert run(["send", "--dry-run"]) == 0
    assert "Told to:" not in capsys.readouterr().out
    monkeypatch.setenv("NEWSLETTER_TRANSPORT_PASSWORD", "a-token")
    desk.configure('transport = "postmark:"\nbase_url = "https://letter.example.org"\n')
    assert run(["send", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "Told to:   Postmark, of ActiveCampaign (United States)" in said
    assert "it learns the readers' addresses" in said
