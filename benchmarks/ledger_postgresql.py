"""How many messages a second one PostgreSQL can keep account of, without sending any.

python -m benchmarks.ledger_postgresql [READERS]

Some programs claim readers in blocks of 500 and write attempts and outcomes, 20 at a time, as a
sending does. The server is a new one on this machine; its commits reach the disk.
"""

from __future__ import annotations

import datetime
import multiprocessing
import resource
import sys
import time

from benchmarks.delivery_letter import letter, put_on_list, sender
from newsletter.database.dialects import analyze, insert_each
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import State
from newsletter.database.tables import subscribers, subscriptions
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.settlement import Settlement
from tests.databases import PostgresServer, find_programs

SERVER = {
    "fsync": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}
KEYS = Keys.new()
TURN = 20
BLOCK = 500


def main(readers: int) -> None:
    """Measure the start of a campaign, then one, two and four programs at it."""
    programs = find_programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed")
    server = PostgresServer(programs, **SERVER)
    try:
        server.start()
        for number in (1, 2, 4):
            url = server.new_database()
            seconds = _start(url, readers)
            print(f"start of a campaign to {readers:,}: {seconds:.1f} s")
            before = _log(server)
            _measure(url, readers, number)
            log = (_log(server) - before) / readers
            name = url.rpartition("/")[2]
            [size] = server.run("SELECT pg_total_relation_size('deliveries')", name)
            print(f"write-ahead log {log:,.0f} bytes a message, ledger {size / readers:,.0f}")
    finally:
        server.remove()


def _log(server: PostgresServer) -> int:
    [written] = server.run("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
    return int(written)


def _start(url: str, readers: int) -> float:
    database = Database.open(url, keys=KEYS)
    now = _now()
    with database.writing() as connection:
        for first in range(0, readers, 10_000):
            rows = [_row(database, n, now) for n in range(first, min(first + 10_000, readers))]
            insert_each(connection, subscribers, rows)
    put_on_list(database)
    with database.writing() as connection:
        analyze(connection, subscribers, subscriptions)
    began = time.perf_counter()
    Campaigns(database).start(letter(), sender(), "a benchmark", now)
    seconds = time.perf_counter() - began
    database.close()
    return seconds


def _measure(url: str, readers: int, number: int) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(number) as pool:
        pool.map(_work, [(url, KEYS, 0)] * number, chunksize=1)  # everybody has loaded everything
        began = time.perf_counter()
        done = pool.map(_work, [(url, KEYS, readers // number)] * number, chunksize=1)
        seconds = time.perf_counter() - began
    messages = sum(messages for messages, _ in done)
    cpu = sum(cpu for _, cpu in done) / messages * 1000
    print(
        f"{number} programs: {messages / seconds:,.0f} messages/s together, "
        f"{cpu:.3f} s of their own CPU for 1,000"
    )


def _work(order: tuple[str, Keys, int]) -> tuple[int, float]:
    url, keys, share = order
    database = Database.open(url, keys=keys)
    ledger = Ledger(database, Campaigns(database).list()[0])
    worker = ledger.start_worker(_now(), alone=False)
    before, done = resource.getrusage(resource.RUSAGE_SELF), 0
    new_message_id = sender().new_message_id
    with ledger.keeping():
        ended: list[Settlement] = []
        while done < share:
            claimed = ledger.claim(worker, min(BLOCK, share - done), _now(), new_message_id)
            if not claimed:
                break
            for first in range(0, len(claimed), TURN):
                turn = claimed[first : first + TURN]
                ledger.write(worker, turn, ended, _now(), look=first == 0)
                ended = [Settlement(one, State.ACCEPTED, "250 2.0.0 queued") for one in turn]
            done += len(claimed)
        ledger.write(worker, [], ended, _now())
    ledger.end_worker(worker, _now())
    after = resource.getrusage(resource.RUSAGE_SELF)
    database.close()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done, cpu


def _row(database: Database, number: int, now: datetime.datetime) -> dict[str, object]:
    address = f"reader{number}@town{number % 997}.example.com"
    return {
        "email": address,
        "email_key": address,
        "name": f"Reader {number}",
        "attributes": {},
        "email_hash": database.keys.hash(address),
        "created_at": now,
    }


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
