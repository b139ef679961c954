"""A campaign to be sent by the program under test, in a folder of its own."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import insert

from newsletter.database.engine import Database
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.message import Sender
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Merged, Slot
from tests.harness.account import Account
from tests.harness.relay_process import RelayProcess
from tests.unit.delivery.kit import put_on_list

PROGRAM = Path(__file__).with_name("sending.py")
ROOT = Path(__file__).parents[2]
CONNECTIONS = 10
IN_DOUBT = 2 * CONNECTIONS
"""How many a kill may leave in doubt: in each connection, the message in hand and the next one."""


class Rig:
    """A campaign, its ledger, and the program that sends it.

    Args:
        folder: Where it is made.
        readers: How many.
        domains: At how many domains they are.
    """

    def __init__(self, folder: Path, readers: int, *, domains: int = 50) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._processes: list[subprocess.Popen[str]] = []
        self.database_file = folder / "newsletter.db"
        self.audience = [f"reader{n}@town{n % domains}.example.com" for n in range(readers)]
        now = datetime.datetime.now(datetime.UTC)
        self.database = Database.open(self.database_file)
        with self.database.writing() as connection:
            connection.execute(
                insert(subscribers),
                [_row(self.database, address, now) for address in self.audience],
            )
            put_on_list(connection)
        sender = Sender.parse(from_="letter@example.org", base_url="https://letter.example.org")
        campaigns = Campaigns(self.database)
        self.campaign: Campaign = campaigns.start(_edition(), sender, "the harness", now)

    def command(self, port: int, *options: str) -> list[str]:
        """What starts the program; see ``sending.py`` for the options."""
        return [sys.executable, str(PROGRAM), str(self.folder), str(port), *options]

    def start(self, port: int, *options: str) -> subprocess.Popen[str]:
        """The program, running."""
        process = subprocess.Popen(
            self.command(port, *options),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._processes.append(process)
        return process

    def run(self, port: int, *options: str) -> subprocess.CompletedProcess[str]:
        """The program, from its start to its end."""
        done = subprocess.run(
            self.command(port, *options), capture_output=True, text=True, check=False
        )
        return whole(done)

    def states(self, port: int, *options: str) -> Mapping[str, int]:
        """Run it, and what it says at its end."""
        done = self.run(port, *options)
        assert done.returncode in {0, 3}, done.stderr
        states: Mapping[str, int] = json.loads(done.stdout)
        return states

    def start_and_wait(
        self, relay: RelayProcess, *options: str, messages: int = 1
    ) -> subprocess.Popen[str]:
        """The program, after so many messages; or at its end, if there were not so many."""
        before = relay.handled()
        process = self.start(relay.port, *options)
        while relay.handled() < before + messages and process.poll() is None:
            time.sleep(0.002)
        return process

    def account(self, records: Path) -> Account:
        """What became of everybody."""
        return Account.take(self.audience, self.database, self.campaign, records)

    def close(self) -> None:
        """Close the database, and end what a test that failed has left running."""
        for process in self._processes:
            process.kill()
            process.communicate()
        self.database.close()


def ended(process: subprocess.Popen[str]) -> subprocess.CompletedProcess[str]:
    """Wait for a program; how it ended."""
    out, err = process.communicate(timeout=300)
    return whole(subprocess.CompletedProcess(process.args, process.returncode, out, err))


def whole(done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
    """How a program ended, which must not be by a defect."""
    assert "Traceback" not in done.stderr, done.stderr
    return done


def _row(database: Database, address: str, now: datetime.datetime) -> Mapping[str, object]:
    return {
        "email": address,
        "email_key": address,
        "email_hash": database.keys.hash(address),
        "name": address.partition("@")[0].capitalize(),
        "attributes": {},
        "created_at": now,
    }


def _edition() -> Edition:
    """A letter of 3 KB."""
    news = "The council has voted, and the ferry runs all winter.\n" * 22
    name = Slot("name", "reader", Context.TEXT)
    link = Slot("unsubscribe_url", "", Context.TEXT)
    return Edition(
        slug="2026-11-20",
        date=datetime.date(2026, 11, 20),
        language="en",
        subject=Merged(("Ferry to run all winter",)),
        preheader=Merged(("The council has voted.",)),
        html=Merged(
            (
                f"<!doctype html><html><body><p>{news}</p><a href='",
                Slot("unsubscribe_url", "", Context.HTML),
                "'>Unsubscribe</a></body></html>\n",
            )
        ),
        text=Merged(("Dear ", name, f",\n\n{news[:600]}\nUnsubscribe: ", link, "\n")),
    )
