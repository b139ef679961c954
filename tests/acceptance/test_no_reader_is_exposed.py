"""A canary: one reader's address must stand in the database and in that reader's letter only."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.conftest import Desk
from tests.smtp import CLOSE, Moment, RealServer, odd_server

Through = Callable[[int], dict[str, str]]

CANARY = b"canary"
READERS = 120


def names(number: int) -> str:
    return f"canary-{number:03}x@example.com"


def a_list(desk: Desk) -> Path:
    path = desk.folder / "list.csv"
    rows = [f"{names(number)},Canary {number}" for number in range(READERS)]
    path.write_text("\n".join(["email,name", *rows]) + "\n")
    return path


def found_in(folder: Path, *allowed: Path) -> list[str]:
    """Files below a folder in which a canary stands in clear."""
    return [
        str(path.relative_to(folder))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path not in allowed
        and not any(path.is_relative_to(one) for one in allowed)
        and (CANARY in path.read_bytes() or CANARY in os.fsencode(path.name))
    ]


def issue_of(desk: Desk) -> str:
    [path] = (desk.folder / "issues").glob("*.yaml")
    return path.stem


def test_a_letter_holds_the_address_of_its_own_reader_only(
    desk: Desk, relay: RealServer, through: Through
) -> None:
    desk.good("subscribers", "import", str(a_list(desk)))
    desk.good("send", issue_of(desk), "--yes", env=through(relay.port))
    assert len(relay.inbox.copies) == READERS
    for copy in relay.inbox.copies:
        assert len(copy.recipients) == 1
        found = set(re.findall(rb"canary-\d+x@example\.com", copy.data))
        assert found <= {copy.recipients[0].encode()}
        assert len(set(re.findall(rb"Canary \d+", copy.data))) <= 1


def test_whatever_happens_no_log_no_file_and_no_error_names_a_reader(
    desk: Desk, through: Through, tmp_path: Path
) -> None:
    def refuse_and_echo(moment: Moment) -> str | None:
        """A relay that repeats addresses in what it says, and hangs up now and then."""
        address = moment.line.partition("<")[2].partition(">")[0]
        if moment.stage == "RCPT" and address.endswith(("3x@example.com", "4x@example.com")):
            code = "550 5.1.1" if "3x@" in address else "450 4.2.0"
            return f"{code} <{address}>: no such user {address} here"
        if moment.stage == "end":
            time.sleep(0.01)
            return CLOSE if moment.message == 7 and moment.connection < 3 else None
        return None

    temporary = tmp_path / "temporary"
    temporary.mkdir()
    listed = a_list(desk)
    slug = issue_of(desk)
    said = []
    with odd_server(refuse_and_echo) as server:
        env = {**through(server.port), "TMPDIR": str(temporary), "HOME": str(tmp_path)}
        said.append(desk.run("subscribers", "import", str(listed), env=env))
        listed.unlink()
        killed = desk.start("send", slug, "--yes", env=env)
        while len(server.copies) < 20:
            time.sleep(0.01)
        killed.send_signal(signal.SIGKILL)
        said_before = killed.communicate()
        said.append(desk.run("send", slug, "--resume", "--yes", env=env))
        said.append(desk.here("status", slug, env=env))
        said.append(desk.run("report", slug, "--html", "report.html", env=env))
        said.append(desk.here("status", slug, "--json", env=env))
        said.append(desk.here("subscribers", "audit", env=env))
        said.append(desk.run("subscribers", "purge", env=env))
    for done in said:
        assert CANARY.decode() not in done.out + done.err, done
    assert CANARY.decode() not in "".join(said_before)
    with sqlite3.connect(desk.folder / ".newsletter" / "newsletter.db") as ledger:
        details = ledger.execute("SELECT detail FROM deliveries").fetchall()
    ledger.close()
    assert any("no such user" in detail for (detail,) in details)
    assert CANARY.decode() not in str(details)
    database = desk.folder / ".newsletter" / "newsletter.db"
    beside = [database.with_name(database.name + end) for end in ("-wal", "-shm")]
    assert found_in(desk.folder, database, *beside) == []
    assert found_in(temporary) == []
