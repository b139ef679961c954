"""Unsubscribing by one click (RFC 8058): 200 requests a second for a minute, a million readers.

The server is the installed command. The requests come over loopback from here, at fixed times
whatever the answers take (an open loop), each over a connection of its own, as a proxy's do.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import random
import shutil
import socket
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import COMMAND, ROOT
from benchmarks.result import Result
from newsletter.audience.tokens import Purpose, seal
from newsletter.database.engine import Database

READERS = int(os.environ.get("ONE_CLICK_READERS", "1000000"))
SECONDS = int(os.environ.get("ONE_CLICK_SECONDS", "60"))
RATE = 200
WARM = 5
"""Seconds in which the server makes the archive's pages after its start."""

SETTINGS = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.org>"
postal_address = "1 Example Street, Sampletown"
base_url = "https://news.example.org/letter"
"""
BODY = b"List-Unsubscribe=One-Click"


def alone() -> Iterator[Result]:
    """While nothing else is going on."""
    yield from _measured("", sending=None)


def during_a_send() -> Iterator[Result]:
    """While an issue goes out to the same readers: 200 a second, and as fast as it can."""
    if shutil.which("smtp-sink") is None:
        print("smtp-sink is not installed (Debian's package postfix has it)")
        return
    yield from _measured(", during a send of 200/s", sending="200/s")
    yield from _measured(", during a send at full speed", sending="")


def _measured(when: str, sending: str | None) -> Iterator[Result]:
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        root = Path(folder)
        port, sink = free_port(), free_port()
        transport = f'transport = "smtp://127.0.0.1:{sink}?security=none"\n'
        rate = f'rate = "{sending}"\n' if sending else ""
        (root / "newsletter.toml").write_text(SETTINGS + transport + rate)
        shutil.copytree(ROOT / "issues", root / "issues")
        tokens = _readers(root, RATE * SECONDS)
        with contextlib.ExitStack() as stack:
            stack.enter_context(running(root, "serve", "--port", str(port)))
            wait_for(port)
            time.sleep(WARM)
            if sending is not None:
                stack.enter_context(_sink(sink))
                stack.enter_context(running(root, "send", "--yes"))
                _wait_for_messages(root)
            taken = asyncio.run(_load(port, tokens))
        left = _left(root)
    assert left == len(tokens), f"{len(tokens) - left} unsubscriptions were lost"
    ordered = sorted(seconds * 1000 for seconds in taken)
    yield Result(f"one click{when}: median", 5, "ms", [statistics.median(ordered)])
    yield Result(f"one click{when}: 95th percentile", 20, "ms", [ordered[len(ordered) * 95 // 100]])
    print(f"99th: {ordered[len(ordered) * 99 // 100]:.1f} ms, longest {ordered[-1]:.0f} ms")


def _readers(root: Path, number: int) -> list[str]:
    """A million readers, and the unsubscribe tokens of some of them."""
    path = root / ".newsletter" / "newsletter.db"
    database = Database.open(path)
    keys = database.keys
    database.close()
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None).isoformat(" ")
    connection = sqlite3.connect(path)
    numbers = range(1, READERS + 1)
    with connection:
        connection.executemany(
            "INSERT INTO subscribers (id, email, email_key, email_hash, attributes, created_at) "
            "VALUES (?, ?, ?, ?, '{}', ?)",
            (
                (n, a := f"reader{n}@example.org", a, f"{random.getrandbits(128):032x}", now)
                for n in numbers
            ),
        )
        connection.executemany(
            "INSERT INTO subscriptions (id, subscriber_id, list, status, confirmed_at, source) "
            "VALUES (?, ?, 'main', 'confirmed', ?, 'import')",
            ((n, n, now) for n in numbers),
        )
    connection.close()
    chosen = random.sample(numbers, number)
    return [seal(keys, Purpose.UNSUBSCRIBE, n, 1) for n in chosen]


async def _load(port: int, tokens: list[str]) -> list[float]:
    """Seconds that each answer took."""
    started = time.perf_counter()

    async def click(number: int, token: str) -> float:
        await asyncio.sleep(number / RATE - (time.perf_counter() - started))
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"POST /unsubscribe/{token} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(BODY)}\r\n\r\n"
        )
        writer.write(head.encode() + BODY)
        answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 200 "), answer[:100]
        return time.perf_counter() - begun

    return await asyncio.gather(*(click(n, token) for n, token in enumerate(tokens)))


@contextlib.contextmanager
def running(root: Path, *arguments: str) -> Iterator[None]:
    with subprocess.Popen(
        [COMMAND, *arguments],
        cwd=root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(root / f"log-{arguments[0]}").open("w"),
    ) as process:
        try:
            yield
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def _sink(port: int) -> Iterator[None]:
    options = ["-u", "postfix"] if os.geteuid() == 0 else []
    with subprocess.Popen(["smtp-sink", *options, f"127.0.0.1:{port}", "256"]) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()


def wait_for(port: int) -> None:
    for _ in range(1000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError("it does not answer")


def _wait_for_messages(root: Path) -> None:
    """Until the first messages are gone: planning a million of them is one long transaction."""
    connection = sqlite3.connect(root / ".newsletter" / "newsletter.db", timeout=120)
    for _ in range(600):
        if connection.execute("SELECT 1 FROM deliveries WHERE state = 'accepted'").fetchone():
            return
        time.sleep(0.2)
    raise AssertionError((root / "log-send").read_text())


def _left(root: Path) -> int:
    connection = sqlite3.connect(root / ".newsletter" / "newsletter.db", timeout=120)
    query = "SELECT count(*) FROM subscriptions WHERE status = 'unsubscribed'"
    number: int = connection.execute(query).fetchone()[0]
    return number


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
