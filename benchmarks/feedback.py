"""Bounces from a Maildir to the database: read, understood, proved, recorded, put away."""

from __future__ import annotations

import datetime
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert

from benchmarks.result import Result
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.tables import campaigns, deliveries, subscribers
from newsletter.feedback.run import Reader
from newsletter.feedback.sources.maildir import Maildir

READERS = 100_000
MESSAGES = 3_000
_NOW = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)

_BOUNCE = """\
Return-Path: <>
Delivered-To: bounces+{token}@example.org
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: bounces+{token}@example.org
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 08:00:00 +0000
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut"

--cut
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

<reader{number}@example.com>: host mail.example.com[192.0.2.1] said: {said}

--cut
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Mon, 23 Nov 2026 07:59:58 +0000

Final-Recipient: rfc822; reader{number}@example.com
Action: failed
Status: {status}
Diagnostic-Code: smtp; {said}

--cut
Content-Type: message/rfc822

From: The Harbour Letter <letter@example.org>
To: reader{number}@example.com
Subject: This week
Message-ID: <{number:032x}@example.org>
Content-Type: text/html

{body}
--cut--
"""
_SAID = (
    ("5.1.1", "550 5.1.1 no such user"),
    ("5.2.2", "552 5.2.2 mailbox full"),
    ("5.7.1", "550 5.7.1 message refused as spam"),
    ("4.4.1", "connect to mail.example.com: connection timed out"),
)


def from_a_maildir() -> Iterator[Result]:
    """Messages a second, of a campaign to 100,000 readers, SQLite on this disk."""
    samples = []
    for _ in range(3):
        folder = Path(tempfile.mkdtemp(prefix="newsletter-feedback-"))
        try:
            samples.append(_measure(folder))
        finally:
            shutil.rmtree(folder)
    yield Result("feedback from a Maildir, SQLite", 300, "/s", samples, at_least=True)


def _measure(folder: Path) -> float:
    database = Database.open(folder / "newsletter.db", keys=Keys.new())
    _fill(database)
    for name in ("new", "cur", "tmp"):
        (folder / "mail" / name).mkdir(parents=True)
    body = "<p>Five stories from the harbour this week.</p>\n" * 300
    for number in range(1, MESSAGES + 1):
        status, said = _SAID[number % len(_SAID)]
        reader = number * 31 % READERS + 1
        message = _BOUNCE.format(
            token=seal(database.keys, Purpose.BOUNCE, reader),
            number=reader,
            status=status,
            said=said,
            body=body,
        )
        (folder / "mail" / "new" / f"{number:06}").write_text(message)
    start = time.perf_counter()
    summary = Reader(database, lambda: _NOW).read(Maildir(folder / "mail"))
    seconds = time.perf_counter() - start
    assert sum(summary.kinds.values()) == MESSAGES
    database.close()
    return MESSAGES / seconds


def _blocks() -> Iterator[range]:
    return (range(first, first + 5000) for first in range(1, READERS + 1, 5000))


def _fill(database: Database) -> None:
    keys = database.keys
    with database.writing() as connection:
        connection.execute(
            insert(campaigns).values(
                id=1,
                slug="2026-11-20",
                digest="0" * 64,
                sender={"address": "letter@example.org"},
                transport="benchmark",
                started_at=_NOW,
            )
        )
        for some in _blocks():
            emails = [(number, f"reader{number}@example.com") for number in some]
            connection.execute(
                insert(subscribers),
                [
                    {
                        "id": number,
                        "email": email,
                        "email_key": email,
                        "email_hash": keys.hash(email),
                        "attributes": {},
                        "created_at": _NOW,
                    }
                    for number, email in emails
                ],
            )
            connection.execute(
                insert(deliveries),
                [
                    {
                        "id": number,
                        "campaign_id": 1,
                        "subscriber_id": number,
                        "state": "accepted",
                        "message_id": f"<{number:032x}@example.org>",
                        "updated_at": _NOW,
                    }
                    for number, _ in emails
                ],
            )
