"""Several machines send one campaign from one PostgreSQL: each is a process of its own."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import String, cast, func, literal, update

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import subscribers
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.lane import AHEAD
from newsletter.delivery.ledger import Ledger
from tests.acceptance.partition import network_to
from tests.databases import KEYS, postgres, postgresql_url
from tests.proof import cases, rounds
from tests.smtp import Moment, OddServer, odd_server
from tests.unit.delivery.kit import add_readers, make_edition, make_sender

__all__ = ["postgres", "postgresql_url"]

PROGRAM = Path(__file__).with_name("sending_machine.py")
CONNECTIONS = 4
IN_HAND = CONNECTIONS * AHEAD
READERS = rounds(600, 10_000)
SHORT_LEASE = 3
"""Seconds; the tests wait until it has run out."""


class Fleet:
    """A campaign in a database on a server, and the machines that send it."""

    def __init__(self, url: str, keys: Path, readers: int, lease: float) -> None:
        self.url = url
        self.lease = lease
        self._keys = keys
        keys.write_text(KEYS.dump())
        self._database = Database.open(url, keys=KEYS)
        self.audience = _subscribe(self._database, readers)
        self._campaign: Campaign = Campaigns(self._database).start(
            make_edition(), make_sender(), "a test", datetime.datetime.now(datetime.UTC)
        )
        self._machines: list[subprocess.Popen[str]] = []

    def start(self, name: str, server: OddServer, url: str = "") -> subprocess.Popen[str]:
        """One more machine; it greets the relay with its name."""
        machine = subprocess.Popen(
            [
                sys.executable,
                str(PROGRAM),
                name,
                url or self.url,
                str(server.port),
                str(CONNECTIONS),
                str(self.lease),
                str(self._keys),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._machines.append(machine)
        return machine

    def finish(self, server: OddServer, machine: subprocess.Popen[str]) -> int:
        """Wait for a machine, and go on with another one while it was taken for dead.

        On a busy computer that can happen to a machine that nobody has harmed.

        Returns:
            How many were.
        """
        lost = 0
        while (end := ended(machine))[0] == 1:
            lost += 1
            assert lost < 10, end
            machine = self.start("another", server)
        return lost

    def states(self) -> Mapping[str, str]:
        """Each reader's state."""
        entries = Ledger(self._database, self._campaign).entries(*State)
        return {entry.address: entry.state for entry in entries}

    def close(self) -> None:
        """End what a test that failed has left running."""
        for machine in self._machines:
            machine.kill()
            machine.communicate()
        self._database.close()


NewFleet = Callable[[int, float], Fleet]


@pytest.fixture
def new_fleet(postgresql_url: str, tmp_path: Path) -> Iterator[NewFleet]:
    fleets: list[Fleet] = []

    def new_fleet(readers: int, lease: float) -> Fleet:
        fleets.append(Fleet(postgresql_url, tmp_path / "keys", readers, lease))
        return fleets[-1]

    yield new_fleet
    for fleet in fleets:
        fleet.close()


def _subscribe(database: Database, readers: int) -> frozenset[str]:
    """Readers at many destinations, so that none of them sets the pace."""
    add_readers(database, readers)
    domain = literal("town").concat(cast(subscribers.c.id % 97, String)).concat(".example.com")
    address = func.replace(subscribers.c.email, "example.com", domain)
    with database.writing() as connection:
        moved = update(subscribers).values(email=address, email_key=address)
        return frozenset(connection.scalars(moved.returning(subscribers.c.email)))


def received(server: OddServer) -> Counter[str]:
    """How many copies each reader has."""
    return Counter(
        copy.data.split(b"\r\nTo:")[1].split(b"<")[1].split(b">")[0].decode()
        for copy in server.copies
    )


def wait_until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, "it never came to this"
        time.sleep(0.005)


def ended(machine: subprocess.Popen[str]) -> tuple[int, str]:
    """How a machine's program ended, which must not be by a defect."""
    _, said = machine.communicate(timeout=300)
    assert "Traceback" not in said, said
    return machine.returncode, said


def settle_accounts(fleet: Fleet, server: OddServer, *, lost: int) -> None:
    """Nobody was mailed twice, nobody skipped, and few are in doubt for so many lost machines."""
    copies, states = received(server), fleet.states()
    assert set(copies.values()) == {1}, "nobody twice"
    assert states.keys() == fleet.audience
    unknown = {address for address, state in states.items() if state == State.UNKNOWN}
    accepted = {address for address, state in states.items() if state == State.ACCEPTED}
    assert accepted | unknown == fleet.audience, Counter(states.values())
    assert accepted <= copies.keys(), "who is said to have got it has got it"
    assert len(unknown) <= lost * IN_HAND


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_one_machine_dies_and_one_loses_the_database_and_the_third_finishes(
    new_fleet: NewFleet,
) -> None:
    fleet = new_fleet(READERS, SHORT_LEASE)
    here: set[str] = set()
    all_here = threading.Event()

    def together(moment: Moment) -> None:
        """A relay that begins when all three have greeted it, and then takes its time."""
        if moment.stage == "EHLO":
            here.add(moment.line)
            if len(here) == 3:
                all_here.set()
        elif moment.stage == "MAIL":
            all_here.wait(60)
        time.sleep(0.002)

    with odd_server(together, pipelining=True) as server, network_to(fleet.url) as network:
        partitioned = fleet.start("partitioned", server, network.url)
        mortal, survivor = fleet.start("mortal", server), fleet.start("survivor", server)
        wait_until(lambda: len(server.copies) > READERS // 4)
        mortal.kill()
        network.cut()
        taken = len(server.copies)
        assert taken < READERS // 2, "all three were at work"
        lost = fleet.finish(server, survivor)
        assert set(fleet.states().values()) == {State.ACCEPTED, State.UNKNOWN}
        assert partitioned.poll() is None, "it does not know yet"
        network.mend()
        code, said = ended(partitioned)
        assert code == 1, said
        settle_accounts(fleet, server, lost=2 + lost)


@pytest.mark.proof
@pytest.mark.parametrize("stage", cases(["DATA"], ["RCPT", "DATA", "end"]))
def test_a_machine_that_sleeps_longer_than_its_lease_mails_nobody_a_second_time(
    new_fleet: NewFleet, stage: str
) -> None:
    fleet = new_fleet(120, SHORT_LEASE)
    machines: list[subprocess.Popen[str]] = []

    def put_to_sleep(moment: Moment) -> None:
        """In the middle of its tenth message, before the answer comes."""
        if (moment.stage, moment.message) == (stage, 10) and len(machines) == 1:
            os.kill(machines[0].pid, signal.SIGSTOP)
            asleep.set()
        time.sleep(0.002)

    asleep = threading.Event()
    with odd_server(put_to_sleep, pipelining=stage != "DATA") as server:
        machines.append(fleet.start("sleeper", server))
        assert asleep.wait(60)
        awake = fleet.start("awake", server)
        machines.append(awake)
        lost = fleet.finish(server, awake)
        assert set(fleet.states().values()) == {State.ACCEPTED, State.UNKNOWN}
        os.kill(machines[0].pid, signal.SIGCONT)
        code, said = ended(machines[0])
        assert code == 1, "it notices that another has taken over"
        assert "silent for too long" in said or "went away" in said
        settle_accounts(fleet, server, lost=1 + lost)


def test_three_machines_share_the_work_and_all_say_that_it_is_done(new_fleet: NewFleet) -> None:
    fleet = new_fleet(300, 60)
    with odd_server(lambda moment: time.sleep(0.002)) as server:
        machines = [fleet.start(name, server) for name in ("one", "two", "three")]
        assert [ended(machine) for machine in machines] == [(0, "")] * 3
        settle_accounts(fleet, server, lost=0)
