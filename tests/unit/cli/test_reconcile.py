from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.cli.main import run
from newsletter.database.tables import deliveries
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.outcome import Accepted, Unknown
from tests.unit.cli.sent_kit import (
    SLUG,
    Output,
    begin,
    call,
    call_json,
    make_project,
    now,
    opened,
    states,
)
from tests.unit.delivery.kit import Hand, ledger_of


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def write_log(project: Path, number: int = 1) -> Path:
    """A log in which the first readers' messages were sent."""
    query = select(deliveries.c.message_id).order_by(deliveries.c.id).limit(number)
    with opened(project) as database, database.reading() as connection:
        ids = connection.scalars(query).all()
    at = now().isoformat()
    lines = []
    for n, message_id in enumerate(ids, 1):
        lines += [
            f"{at} relay postfix/cleanup[9]: 4Xb{n:04}: message-id={message_id}",
            f"{at} relay postfix/smtp[9]: 4Xb{n:04}: to=<reader{n}@example.com>, "
            "relay=mx[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, "
            "status=sent (250 2.0.0 Ok: queued as 99)",
        ]
    path = project / "mail.log"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_log_settles_it_and_no_address_is_shown(project: Path, capsys: Output) -> None:
    begin(project, 2, Unknown("silence"), Accepted())
    write_log(project)
    dry = call(capsys, "reconcile", SLUG, "mail.log", "--dry-run")
    assert dry == "1 delivery unknown; would be: 1 accepted.\n"
    assert states(project) == {"unknown": 1, "accepted": 1}
    said = call(capsys, "reconcile", "mail.log")
    assert said == "1 delivery unknown; are now: 1 accepted.\n"
    assert "@" not in said
    assert states(project) == {"accepted": 2}
    assert "\tfinished\t" in call(capsys, "status")
    assert call(capsys, "reconcile", "mail.log") == "Nothing is unknown.\n"


def test_what_is_left_is_incomplete(project: Path, capsys: Output) -> None:
    begin(project, 2, Unknown("silence"), Unknown("silence"))
    write_log(project)
    said = call(capsys, "reconcile", SLUG, "mail.log", code=3)
    assert said.startswith("2 deliveries unknown; are now: 1 accepted, 1 unknown.\n")
    assert "1 not found, and no log covers all the time from then until 15 minutes after" in said
    assert "newsletter retry --unknown" in said
    assert call_json(capsys, "reconcile", "mail.log", code=3) == {
        "dry_run": False,
        "unknown": 1,
        "settled": {},
        "changed_meanwhile": 0,
        "left": 1,
        "begun": 0,
        "absent": 0,
        "not_covered": 1,
    }


def test_what_a_killed_program_had_in_hand_is_settled_too(project: Path, capsys: Output) -> None:
    begin(project, 1)
    with opened(project) as database:
        hand = Hand(ledger_of(database, Campaigns(database).list()[0]))
        assert (claimed := hand.claim(now()))
        assert hand.begin(claimed, now())
    write_log(project)
    assert call_json(capsys, "reconcile", "mail.log")["settled"] == {"accepted": 1}


def test_another_issue_is_left_alone(project: Path, capsys: Output) -> None:
    begin(project, 1, Unknown("silence"))
    write_log(project)
    (project / "issues").mkdir()
    (project / "issues/2026-12-04.yaml").write_text("subject: Later\n")
    assert run(["reconcile", "2026-12-04", "mail.log"]) == 2
    assert "2026-12-04 has not been sent yet" in capsys.readouterr().err
    assert run(["reconcile", "issues/2026-12-04.yaml", "mail.log"]) == 2
    assert states(project) == {"unknown": 1}


def test_a_file_that_is_not_there(project: Path, capsys: Output) -> None:
    begin(project, 1, Unknown("silence"))
    assert run(["reconcile", SLUG, "mail.log"]) == 2
    assert "mail.log does not exist" in capsys.readouterr().err
    assert run(["reconcile"]) == 2


def test_before_the_first_sending_there_is_nothing(project: Path, capsys: Output) -> None:
    (project / "mail.log").write_text("")
    assert run(["reconcile", "mail.log"]) == 2
    assert "nothing has been sent yet" in capsys.readouterr().err
    assert not (project / ".newsletter").exists()
