"""Whether the time of an answer tells if an address is a reader's: four kinds, taken in turns."""

from __future__ import annotations

import contextlib
import datetime
import http.client
import random
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.one_click import SETTINGS, free_port, running, wait_for
from benchmarks.result import Result
from newsletter.audience import address
from newsletter.audience.personal_data import forget
from newsletter.audience.subscriptions import confirm, request
from newsletter.audience.suppression import suppress
from newsletter.database.engine import Database
from newsletter.database.states import Suppressed

ASKED = 1000
KINDS = ("unknown", "active", "suppressed", "forgotten")


def oracle() -> Iterator[Result]:
    """The largest difference of medians between two kinds of addresses."""
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        root = Path(folder)
        (root / "issues").mkdir()
        limits = "[web]\nrequests_per_hour = 1000000\n"
        (root / "newsletter.toml").write_text(SETTINGS + limits)
        _readers(root)
        port = free_port()
        with running(root, "serve", "--port", str(port)):
            wait_for(port)
            for path in ("/subscribe", "/preferences"):
                medians = _medians(port, path)
                said = ", ".join(f"{kind} {value:.3f}" for kind, value in medians.items())
                print(f"{path}: medians in ms: {said}")
                apart = max(medians.values()) - min(medians.values())
                yield Result(f"{path}: largest difference of medians", 5, "ms", [apart])


def _readers(root: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    database = Database.open(root / ".newsletter" / "newsletter.db")
    for kind in KINDS[1:]:
        for number in range(ASKED):
            reader = address.parse(f"{kind}{number}@example.org")
            with database.writing() as connection:
                asked = request(
                    connection,
                    database.keys,
                    reader,
                    "main",
                    language="",
                    source="form",
                    wording="",
                    now=now,
                )
            confirm(database, asked, now)
            if kind == "suppressed":
                suppress(database, reader, Suppressed.BOUNCE, now=now)
            if kind == "forgotten":
                forget(database, reader.email, now)
    database.close()


def _medians(port: int, path: str) -> dict[str, float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = defaultdict(list)
    with contextlib.closing(connection):
        connection.request("GET", path)
        form = connection.getresponse().read().decode()
        found = re.search(r'name="stamp" value="([^"]*)"', form)
        assert found
        time.sleep(1.1)
        asked = [(kind, number) for kind in KINDS for number in range(ASKED)]
        random.shuffle(asked)
        for kind, number in asked:
            fields = {"stamp": found[1], "email": f"{kind}{number}@example.org", "list": "main"}
            begun = time.perf_counter()
            connection.request("POST", path, urlencode(fields))
            answer = connection.getresponse()
            answer.read()
            taken[kind].append((time.perf_counter() - begun) * 1000)
            assert answer.status == 200
    return {kind: statistics.median(times) for kind, times in taken.items()}
