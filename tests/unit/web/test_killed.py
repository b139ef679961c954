"""The server is killed at any moment: nothing that was answered is lost, nothing is half made."""

from __future__ import annotations

import contextlib
import datetime
import email
import http.client
import itertools
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import Table, select, update

from newsletter.audience import address, requests
from newsletter.audience.requests import Wish
from newsletter.audience.subscriptions import confirm_only, request
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.engine import Database
from newsletter.database.tables import requests as requests_table
from newsletter.database.tables import subscribers, subscriptions
from tests.proof import rounds
from tests.smtp import SILENCE, RealServer, free_port, odd_server
from tests.unit.web.conftest import SETTINGS, wait_for

COMMAND = Path(sys.executable).with_name("newsletter")
LEAVERS = rounds(100, 3000)


@contextlib.contextmanager
def server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        assert process.stdout.readline().startswith(b"Serving")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def post(port: int, path: str, fields: dict[str, str]) -> bool:
    """Whether it was answered with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        try:
            connection.request("POST", path, urlencode(fields))
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False


def stamp(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with contextlib.closing(connection):
        connection.request("GET", "/subscribe")
        found = re.search(rb'name="stamp" value="([^"]*)"', connection.getresponse().read())
        assert found
        return found[1].decode()


def readers(database: Database) -> list[int]:
    now = datetime.datetime.now(datetime.UTC)
    numbers = []
    with database.writing() as connection:
        for number in range(LEAVERS):
            leaver = address.parse(f"leaver{number}@example.com")
            numbers.append(
                request(
                    connection,
                    database.keys,
                    leaver,
                    "main",
                    language="",
                    source="test",
                    wording="",
                    now=now,
                )
            )
        for number in numbers:
            confirm_only(connection, number, now)
    return numbers


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_killing_the_server_loses_no_wish_and_makes_none_half(
    newsroom: Path, relay: RealServer
) -> None:
    database = Database.open(newsroom / ".newsletter" / "newsletter.db")
    leavers = iter(readers(database))
    newcomers = itertools.count()
    asked: set[str] = set()
    left: set[int] = set()
    port = free_port()
    sealed = ""

    def subscribe() -> bool:
        who = f"reader{next(newcomers)}@example.com"
        fields = {"stamp": sealed, "email": who, "list": "main"}
        if post(port, "/subscribe", fields):
            asked.add(who)
            return True
        return False

    def unsubscribe() -> bool:
        number = next(leavers, None)
        if number is None:
            return False
        token = seal(database.keys, Purpose.UNSUBSCRIBE, number, 1)
        if post(port, f"/unsubscribe/{token}", {"List-Unsubscribe": "One-Click"}):
            left.add(number)
            return True
        return False

    for _ in range(rounds(3, 100)):
        with server(newsroom, port) as process:
            if not sealed:
                sealed = stamp(port)
                time.sleep(1.1)  # nobody types faster
            busy = [
                threading.Thread(target=until_it_fails, args=(w,)) for w in (subscribe, unsubscribe)
            ]
            for thread in busy:
                thread.start()
            time.sleep(random.uniform(0, 0.4))
            process.send_signal(signal.SIGKILL)
            for thread in busy:
                thread.join(30)

    with database.writing() as connection:  # as if the seconds had passed that they are held for
        now = datetime.datetime.now(datetime.UTC)
        connection.execute(update(requests_table).values(next_attempt_at=now))
    with server(newsroom, port):
        wait_for(lambda: not rows(database, requests_table), seconds=120)

    mailed: dict[str, set[str]] = defaultdict(set)
    for copy in relay.inbox.copies:
        mailed[copy.recipients[0]].add(str(email.message_from_bytes(copy.data)["Message-ID"]))
    assert asked <= set(mailed)
    assert all(len(names) == 1 for names in mailed.values()), "one mail, however often it was tried"
    status = {row.id: row.status for row in rows(database, subscriptions)}
    assert {status[number] for number in left} <= {"unsubscribed"}
    on_a_list = {row.subscriber_id for row in rows(database, subscriptions)}
    assert {row.id for row in rows(database, subscribers)} == on_a_list
    emails = {row.email for row in rows(database, subscribers)}
    assert set(mailed) == {each for each in emails if each.startswith("reader")}
    database.close()


def test_a_wish_that_a_killed_server_had_in_hand_is_answered_seconds_after_the_next_start(
    newsroom: Path,
) -> None:
    database = Database.open(newsroom / ".newsletter" / "newsletter.db")
    content = {"email": "ann@example.com", "lists": ["main"], "language": "en", "wording": "Yes."}
    requests.ask(database, Wish.SUBSCRIBE, content, datetime.datetime.now(datetime.UTC))
    with odd_server(lambda m: SILENCE if m.connection == 1 and m.stage == "end" else None) as relay:
        (newsroom / "newsletter.toml").write_text(
            f'{SETTINGS}transport = "smtp://127.0.0.1:{relay.port}?security=none"\n'
        )
        with server(newsroom, free_port()):
            wait_for(lambda: len(relay.copies) == 1)  # and the server waits for the relay's answer
        with server(newsroom, free_port()):
            wait_for(lambda: not rows(database, requests_table), seconds=60)
        first, second = relay.copies
    assert first.data == second.data
    database.close()


def until_it_fails(work: Callable[[], bool]) -> None:
    while work():
        time.sleep(0.01)


def rows(database: Database, table: Table) -> list[Any]:
    with database.reading() as connection:
        return list(connection.execute(select(table)).all())
