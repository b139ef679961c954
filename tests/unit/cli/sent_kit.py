"""A project with an issue that was sent, or is being sent: what tests of its commands build on."""

from __future__ import annotations

import contextlib
import datetime
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli.main import run
from newsletter.database.engine import Database
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import Outcome
from newsletter.delivery.pace import Pace
from newsletter.delivery.pacing import Pacing
from newsletter.delivery.rate import Rate
from newsletter.delivery.sender import Summary, deliver
from newsletter.delivery.transports.maildir import MaildirTransport
from newsletter.project import Project
from newsletter.sending.alone import alone, can_be_alone
from tests.unit.delivery.kit import Hand, add_readers, ledger_of, make_edition, make_sender

SLUG = "2026-11-20"
Output = pytest.CaptureFixture[str]


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def make_project(folder: Path, *lines: str) -> Path:
    usual = ('name = "The Harbour Letter"', 'from = "letter@example.org"')
    (folder / "newsletter.toml").write_text("\n".join([*usual, *lines]) + "\n")
    return folder


@contextlib.contextmanager
def opened(project: Path) -> Iterator[Database]:
    with contextlib.closing(Project.open(project)) as found:
        yield found.database


def begin(project: Path, readers: int, *outcomes: Outcome) -> Campaign:
    """A campaign in which the first readers have met these outcomes."""
    with opened(project) as database:
        add_readers(database, readers)
        campaign = Campaigns(database).start(make_edition(), make_sender(), "maildir:outbox", now())
        hand = Hand(ledger_of(database, campaign))
        for outcome in outcomes:
            assert hand.one(outcome, now())
        hand.ledger.end_worker(hand.worker, now())
        hand.ledger.close(now())
    return campaign


def states(project: Path) -> dict[str, int]:
    with opened(project) as database:
        return dict(ledger_of(database, Campaigns(database).list()[0]).counts())


def call(capsys: Output, *words: str, code: int = 0) -> str:
    """Run a command; what it printed."""
    capsys.readouterr()
    assert run(list(words)) == code, capsys.readouterr()
    return capsys.readouterr().out


def call_json(capsys: Output, *words: str, code: int = 0) -> Any:
    return json.loads(call(capsys, *words, "--json", code=code))


class Sending:
    """A campaign that is being sent, by an engine in a thread of its own."""

    def __init__(self, project: Path, campaign: Campaign, rate: str) -> None:
        self._project, self._campaign, self._rate = project, campaign, rate
        self._stop = threading.Event()
        self.summary: Summary | None = None
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        with contextlib.closing(Project.open(self._project)) as project, alone(project):
            self.summary = deliver(
                Ledger(project.database, self._campaign),
                make_edition(),
                make_sender(),
                MaildirTransport(self._project / "outbox"),
                clock=now,
                pacing=Pacing(Pace(Rate.parse(self._rate))),
                alone=can_be_alone(project),
                stop=self._stop.is_set,
            )

    @property
    def sent(self) -> int:
        folder = self._project / "outbox/new"
        return len(list(folder.iterdir())) if folder.exists() else 0

    def until_sent(self, number: int) -> None:
        wait_until(lambda: self.sent >= number)

    def end(self) -> None:
        self._stop.set()
        self.thread.join(30)
        assert not self.thread.is_alive()


@contextlib.contextmanager
def being_sent(project: Path, readers: int, rate: str = "20/s") -> Iterator[Sending]:
    sending = Sending(project, begin(project, readers), rate)
    try:
        sending.until_sent(3)
        yield sending
    finally:
        sending.end()


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)
