"""Wishes are answered by mail, also when the relay is away for a while."""

from __future__ import annotations

import datetime
import email
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.audience import requests
from newsletter.audience.requests import Wish
from newsletter.database.engine import Database
from newsletter.database.tables import requests as requests_table
from newsletter.database.tables import subscriptions
from newsletter.delivery.transports import open_transport
from newsletter.project import Project
from newsletter.web.holding import holding
from newsletter.web.log import Log
from newsletter.web.mails import Mails
from newsletter.web.metrics import Metrics
from newsletter.web.pages import Pages
from newsletter.web.postman import Postman
from newsletter.web.texts import Texts
from tests.smtp import CLOSE, Moment, OddServer, odd_server
from tests.unit.web.conftest import SETTINGS, TWO_LISTS, Clock, wait_for


class Office:
    """A postman who works when told, with a relay that can be told how to behave."""

    def __init__(self, folder: Path, relay: OddServer, database: Database) -> None:
        (folder / "newsletter.toml").write_text(SETTINGS + TWO_LISTS)
        self.project = Project.open(folder, {})
        self.clock = Clock()
        self.relay = relay
        self.metrics = Metrics()
        self.database = database
        self.restart()

    def restart(self) -> None:
        project = self.project
        pages = Pages(project.template_folders, project.publication)
        transport = open_transport(
            f"smtp://127.0.0.1:{self.relay.port}?security=none",
            root=project.root,
            hello="example.org",
        )
        self.postman = Postman(
            self.database,
            project.settings,
            transport,
            Mails(project.settings, project.sender, pages, None),
            lambda language: Texts("en", {}),
            project.sender.new_message_id,
            self.clock,
            Log(),
            self.metrics,
        )

    def ask(self, address: str = "ann@example.com") -> None:
        content = {"email": address, "lists": ["main"], "language": "en", "wording": "I agree."}
        requests.ask(self.database, Wish.SUBSCRIBE, content, self.clock())

    @property
    def message_ids(self) -> list[str]:
        return [
            str(email.message_from_bytes(copy.data)["Message-ID"]) for copy in self.relay.copies
        ]


@pytest.fixture
def behaviour() -> dict[str, str]:
    """What the relay answers at a stage, if not the usual."""
    return {}


@pytest.fixture
def office(tmp_path: Path, behaviour: dict[str, str]) -> Iterator[Office]:
    def answer(moment: Moment) -> str | None:
        return behaviour.get(moment.stage)

    database = Database.open(tmp_path / "newsletter.db")
    with odd_server(answer) as relay:
        yield Office(tmp_path, relay, database)
    database.close()


def test_a_relay_that_is_away_is_tried_again(office: Office, behaviour: dict[str, str]) -> None:
    behaviour["greeting"] = "421 4.3.2 not now"
    office.ask()
    assert office.postman.step()
    assert not office.postman.step(), "not at once"
    behaviour.clear()
    office.clock.forward(minutes=2)
    assert office.postman.step()
    assert len(office.relay.copies) == 1
    assert requests.waiting(office.database) == 0


def test_an_answer_that_was_lost_brings_the_same_message_again(
    office: Office, behaviour: dict[str, str]
) -> None:
    behaviour["end"] = CLOSE  # the relay takes it, and nobody hears that
    office.ask()
    office.postman.step()
    behaviour.clear()
    office.clock.forward(minutes=2)
    office.postman.step()
    first, second = office.relay.copies
    assert first.data == second.data
    assert len(set(office.message_ids)) == 1


def test_a_mailbox_that_is_refused_is_not_tried_again(
    office: Office, behaviour: dict[str, str]
) -> None:
    behaviour["RCPT"] = "550 5.1.1 no such user"
    office.ask()
    office.postman.step()
    assert requests.waiting(office.database) == 0


def test_pauses_grow_and_after_a_day_it_is_given_up(
    office: Office, behaviour: dict[str, str]
) -> None:
    behaviour["greeting"] = "421 4.3.2 not now"
    office.ask()
    tries = 0
    for _ in range(26 * 60):
        tries += office.postman.step()
        office.clock.forward(minutes=1)
    assert 20 <= tries <= 40
    assert requests.waiting(office.database) == 0
    assert 'fate="given up"} 1' in office.metrics.text(0)


def test_who_was_killed_with_a_wish_in_hand_leaves_it_to_the_next(office: Office) -> None:
    office.ask()
    assert requests.take(office.database, office.clock()) is not None  # and then nothing more
    office.restart()
    assert not office.postman.step()
    office.clock.forward(seconds=5)
    assert office.postman.step()
    assert len(office.relay.copies) == 1


def test_a_wish_is_held_on_to_for_as_long_as_the_relay_takes(office: Office) -> None:
    office.ask()
    wish = requests.take(office.database, office.clock())
    assert wish is not None
    with holding(office.database, wish, office.clock, every=0.01):
        for _ in range(3):
            office.clock.forward(seconds=4)
            due = next_attempt(office.database)
            wait_for(lambda due=due: next_attempt(office.database) > due)  # type: ignore[misc]
        assert requests.take(office.database, office.clock()) is None
    office.clock.forward(seconds=6)
    assert requests.take(office.database, office.clock()) is not None


def test_who_was_too_slow_does_not_take_a_wish_back(office: Office) -> None:
    office.ask()
    slow = requests.take(office.database, office.clock())
    office.clock.forward(seconds=6)
    next_one = requests.take(office.database, office.clock())
    assert slow is not None
    assert next_one is not None
    due = next_attempt(office.database)
    requests.hold(office.database, slow, office.clock())
    assert next_attempt(office.database) == due


def next_attempt(database: Database) -> datetime.datetime:
    with database.reading() as connection:
        found: datetime.datetime = connection.scalars(
            select(requests_table.c.next_attempt_at)
        ).one()
    return found


def test_two_postmen_do_not_take_the_same_wish(office: Office) -> None:
    office.ask()
    first = requests.take(office.database, office.clock())
    assert first is not None
    assert requests.take(office.database, office.clock()) is None


def test_a_wish_that_makes_no_sense_is_dropped(office: Office) -> None:
    for content in ({}, {"email": "nobody"}, {"email": "a@example.com", "lists": ["nonsense"]}):
        requests.ask(office.database, Wish.SUBSCRIBE, content, office.clock())
    while office.postman.step():
        pass
    assert (office.relay.copies, requests.waiting(office.database)) == ([], 0)


def test_a_mail_is_from_the_newsletter_and_returns_to_it(office: Office) -> None:
    office.ask()
    office.postman.step()
    [copy] = office.relay.copies
    message = email.message_from_bytes(copy.data)
    assert (copy.mail_from, copy.recipients) == ("letter@example.org", ("ann@example.com",))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert all(len(line) <= 998 for line in copy.data.split(b"\r\n"))
    assert copy.data.isascii()


def test_what_is_never_confirmed_is_erased_after_a_week(office: Office) -> None:
    office.ask()
    office.postman.step()
    office.clock.forward(days=6)
    office.postman.erase()
    assert office.project.settings.retention.unconfirmed_days == 7

    def left() -> int:
        with office.database.reading() as connection:
            return len(connection.execute(subscriptions.select()).all())

    assert left() == 1
    office.clock.forward(days=2)
    office.postman.erase()
    assert left() == 0
