from __future__ import annotations

import datetime
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from newsletter.database.engine import Database
from newsletter.database.tables import deliveries
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.outcome import Accepted, Failed, Unknown
from newsletter.delivery.reconcile import reconcile as module
from newsletter.delivery.reconcile.reconcile import Reconciled, reconcile
from newsletter.errors import NotFoundError, SendRefusedError
from tests.databases import database, place, postgres, postgresql_url
from tests.unit.delivery.kit import Hand, add_readers, ledger_of, make_edition, make_sender
from tests.unit.delivery.reconcile.logs import NOON, SENT, began, line, queued, removed, tried
from tests.unit.delivery.reconcile.test_bounce import bounce

__all__ = ["database", "place", "postgres", "postgresql_url"]

LATE = NOON + datetime.timedelta(days=1)
Settle = Callable[..., Reconciled]


@pytest.fixture
def settle(database: Database) -> Settle:
    def settle(*paths: Path, **more: bool) -> Reconciled:
        return reconcile(database, Campaigns(database).list(), paths, LATE, **more)

    return settle


@pytest.fixture
def ids(database: Database) -> list[str]:
    """Message-IDs of a campaign: three in doubt, one accepted, one failed."""
    add_readers(database, 5)
    campaign = Campaigns(database).start(make_edition(), make_sender(), "a test", NOON)
    hand = Hand(ledger_of(database, campaign))
    silence = Unknown("silence")
    for outcome in (silence, silence, silence, Accepted("250 ok"), Failed("550 no")):
        assert hand.one(outcome)
    with database.reading() as connection:
        return [
            str(one)
            for one in connection.scalars(select(deliveries.c.message_id).order_by(deliveries.c.id))
        ]


def rows(database: Database) -> list[tuple[str, str]]:
    query = select(deliveries.c.state, deliveries.c.detail).order_by(deliveries.c.id)
    with database.reading() as connection:
        return [(row.state, row.detail) for row in connection.execute(query)]


def log(path: Path, *lines: str) -> Path:
    path.write_text("".join(lines))
    return path


def reader(number: int) -> str:
    return f"reader{number}@example.com"


def story(number: int, message_id: str, status: str, said: str, **more: float) -> list[str]:
    queue = f"4AAA{number}"
    return [
        began(queue, message_id, **more),
        queued(queue, **more),
        tried(status, said, queue=queue, to=reader(number), **more),
        removed(queue, **more),
    ]


def test_the_relays_log_settles_what_it_knows(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    gone = f"host mx said: 550 5.1.1 <{reader(2)}>: reader2 is unknown"
    file = log(
        tmp_path / "mail.log",
        line("statistics: max rate", program="postfix/anvil", minute=-5),
        *story(1, ids[0], "sent", SENT),
        *story(2, ids[1], "bounced", gone),
        *story(3, ids[2], "deferred", "451 later"),
    )
    result = settle(file)
    assert result.unknown == 3
    assert result.settled == {"accepted": 2, "failed": 1}
    assert result.left == 0
    assert rows(database)[:3] == [
        ("accepted", f"found in the relay's log: sent ({SENT})"),
        (
            "failed",
            "found in the relay's log: bounced (host mx said: 550 5.1.1 <(address)>: "
            "(address) is unknown)",
        ),
        ("accepted", "found in the relay's log: deferred (451 later)"),
    ]
    [campaign] = Campaigns(database).list()
    assert campaign.finished_at == LATE, "nothing is open any more"


def test_only_what_is_unknown_changes(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    before = rows(database)
    file = log(
        tmp_path / "mail.log",
        *story(4, ids[3], "bounced", "550 no"),
        *story(5, ids[4], "sent", SENT),
    )
    result = settle(file)
    assert (result.settled, result.left) == ({}, 3)
    assert rows(database) == before


def test_a_dry_run_says_the_same_and_writes_nothing(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    before = rows(database)
    file = log(tmp_path / "mail.log", *story(1, ids[0], "sent", SENT))
    dry = settle(file, dry_run=True)
    assert rows(database) == before
    assert settle(file) == dry
    assert rows(database) != before


def test_what_no_log_knows_stays_unknown_even_if_the_log_covers_the_time(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    def chatter(minute: float) -> str:
        return line("connect from news[192.0.2.3]", program="postfix/smtpd", minute=minute)

    covers = log(tmp_path / "covers.log", chatter(-1), began(minute=5), chatter(16))
    too_late = log(tmp_path / "late.log", chatter(1), chatter(16))
    too_short = log(tmp_path / "short.log", chatter(-1), chatter(14))
    cut_off = log(tmp_path / "cut.log", chatter(-1), began("4AAA1", ids[0]), chatter(16))
    for file, expected in (
        (covers, (0, 3, 0)),
        (too_late, (0, 0, 3)),
        (too_short, (0, 0, 3)),
        (cut_off, (1, 2, 0)),
    ):
        result = settle(file)
        assert result.left == 3
        assert (result.begun, result.absent, result.not_covered) == expected, file
    assert [state for state, _ in rows(database)[:3]] == ["unknown"] * 3


def test_rotated_and_packed_logs_in_any_order(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    lines = story(1, ids[0], "bounced", "550 no")
    old = tmp_path / "mail.log.2.gz"
    old.write_bytes(gzip.compress("".join(lines[:2]).encode()))
    new = log(tmp_path / "mail.log", *story(1, "<other@example.org>", "sent", SENT, minute=9))
    middle = log(tmp_path / "mail.log.1", *lines[2:], line("x", minute=1))
    assert settle(new, old, middle).settled == {"failed": 1}
    assert rows(database)[0][0] == "failed"


def test_a_bounce_says_more_than_the_log(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    file = log(
        tmp_path / "mail.log",
        *story(1, ids[0], "sent", SENT),
        *story(2, ids[1], "bounced", "550 no"),
    )
    maildir = tmp_path / "Maildir"
    for folder in ("new", "cur", "tmp"):
        (maildir / folder).mkdir(parents=True)
    (maildir / "new/1").write_bytes(bounce(message_id=ids[0]))
    (maildir / "cur/2:2,S").write_bytes(bounce(message_id=ids[1]))
    (maildir / "cur/3:2,S").write_bytes(b"Subject: hello\r\n\r\nhello\r\n")
    (maildir / "tmp/4").write_bytes(bounce(message_id=ids[2]))
    assert settle(maildir, file).settled == {"bounced": 2}
    assert rows(database)[0] == (
        "bounced",
        "a bounce came back: 550 5.1.1 <(address)>: no such user here",
    )
    assert rows(database)[2][0] == "unknown", "what is in tmp may be half a message"


def test_a_bounce_that_was_saved(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    (tmp_path / "one.eml").write_bytes(bounce(message_id=ids[0]))
    (tmp_path / "two.eml").write_bytes(bounce(message_id=ids[1], action="delayed"))
    (tmp_path / "three.eml").write_bytes(b"From x Fri Nov 20\n" + bounce(message_id=ids[2]))
    settled = settle(*sorted(tmp_path.glob("*.eml"))).settled
    assert settled == {"bounced": 2, "accepted": 1}
    assert rows(database)[1][1].startswith("a notice of the relay came back: ")


def test_many_are_written_in_batches(
    database: Database,
    settle: Settle,
    ids: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    lines = [text for n in (1, 2, 3) for text in story(n, ids[n - 1], "sent", SENT)]
    assert settle(log(tmp_path / "mail.log", *lines)).settled == {"accepted": 3}


def test_what_somebody_else_settles_meanwhile_is_left_alone(
    database: Database,
    settle: Settle,
    ids: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write = module._write

    def late(*words: object) -> int:
        with database.writing() as connection:
            first = update(deliveries).where(deliveries.c.message_id == ids[0])
            connection.execute(first.values(state="planned"))
        return write(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_write", late)
    lines = [text for n in (1, 2) for text in story(n, ids[n - 1], "sent", SENT)]
    assert settle(log(tmp_path / "mail.log", *lines)).meanwhile == 1
    assert [state for state, _ in rows(database)[:2]] == ["planned", "accepted"]


def test_endless_lines_are_cut(
    database: Database, settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    endless = line("x" * 300_000 + "".join(story(1, ids[0], "sent", SENT)[2:3]).strip())
    file = log(tmp_path / "mail.log", endless, *story(2, ids[1], "sent", SENT))
    assert settle(file).settled == {"accepted": 1}
    assert rows(database)[0][0] == "unknown"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"Dear all,\n", "neither"),
        ("empty.log", b"", "neither"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" * 1000, "neither"),
        ("mail.log.gz", gzip.compress(began().encode() * 50, mtime=0)[:-9], "damaged"),
    ],
    ids=["text", "empty", "picture", "damaged"],
)
def test_other_files_are_refused_by_name(
    settle: Settle, ids: list[str], tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SendRefusedError, match=said) as caught:
        settle(tmp_path / name)
    assert name in caught.value.message


def test_folders_and_missing_files_are_refused(
    settle: Settle, ids: list[str], tmp_path: Path
) -> None:
    with pytest.raises(SendRefusedError, match="not a Maildir"):
        settle(tmp_path)
    with pytest.raises(NotFoundError, match="does not exist"):
        settle(tmp_path / "mail.log")
