"""From an empty folder to the inbox, with the installed command."""

from __future__ import annotations

import email
import email.policy
import json
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.acceptance.conftest import IN_HAND, Desk
from tests.smtp import Copy, Moment, RealServer, odd_server

Through = Callable[[int], dict[str, str]]


def issue_of(desk: Desk) -> str:
    [path] = (desk.folder / "issues").glob("*.yaml")
    return path.stem


def states(desk: Desk, slug: str) -> dict[str, int]:
    [campaign] = json.loads(desk.look("status", slug, "--json"))
    counts: dict[str, int] = campaign["states"]
    return counts


def readers_of(copies: list[Copy]) -> Counter[str]:
    return Counter(copy.recipients[0] for copy in copies)


def slow(moment: Moment) -> None:
    """Every message takes long enough to be interrupted at it."""
    if moment.stage == "end":
        time.sleep(0.03)


def test_from_init_to_the_inbox(tmp_path: Path, relay: RealServer, through: Through) -> None:
    Desk(tmp_path).good("init", "letter", "--name", "The Harbour Letter")
    desk = Desk(tmp_path / "letter")
    first = issue_of(desk)

    # The next issue is written: every TK is replaced, the draft mark taken off.
    new = desk.good("new").splitlines()[0]
    path = desk.folder / new
    check = desk.run("check", path.stem)
    assert check.code == 1
    assert f"{new}:6:10: error: " in check.out
    text = path.read_text().replace("draft: true", "draft: false")
    path.write_text(re.sub(r"TK (\w)", lambda match: match[1].upper(), text).replace("TK", "News"))
    assert desk.look("check", path.stem, "--format", "json").strip().startswith("[")

    desk.good("render", path.stem, "-o", "out")
    assert {file.name for file in (desk.folder / "out").iterdir()} == {
        f"{path.stem}.html",
        f"{path.stem}.txt",
        f"{path.stem}.eml",
        f"{path.stem}.web.html",
    }

    imported = desk.good("subscribers", "import", "readers.example.csv")
    assert "3" in imported
    assert "ada@example.com" in desk.look("subscribers", "list")

    # A dry run and a proof change nothing on record.
    plan = desk.good("send", path.stem, "--dry-run", env=through(relay.port))
    assert "3" in plan
    assert relay.inbox.copies == []
    desk.good("send", path.stem, "--test", "desk@example.org", env=through(relay.port))
    [proof] = relay.inbox.copies
    assert proof.recipients == ("desk@example.org",)
    assert b"Subject: [Proof " in proof.data
    assert json.loads(desk.look("status", "--json")) == []

    # Nobody at a terminal, nobody said yes: nothing is sent.
    refused = desk.run("send", path.stem, env=through(relay.port))
    assert refused.code == 1
    assert "--yes" in refused.err

    relay.inbox.copies.clear()
    desk.good("send", path.stem, "--yes", env=through(relay.port))
    assert readers_of(relay.inbox.copies) == Counter(
        ["ada@example.com", "olena@example.org", "reader@example.net"]
    )
    [campaign] = json.loads(desk.look("status", path.stem, "--json"))
    assert campaign["states"] == {"accepted": 3}

    # A finished sending is not repeated by mistake, and the first issue was never sent.
    again = desk.here("send", path.stem, "--yes", env=through(relay.port))
    assert again.code == 1
    assert "--again" in again.err
    assert len(relay.inbox.copies) == 3
    assert json.loads(desk.look("status", first, "--json")) == []


def test_the_letter_in_the_inbox_is_the_one_that_was_rendered(
    desk: Desk, relay: RealServer, through: Through
) -> None:
    slug = issue_of(desk)
    desk.good("render", slug, "-o", "out")
    desk.look("subscribers", "add", "reader@example.org", "--name", "Alex Example")
    desk.good("send", slug, "--yes", env=through(relay.port))

    def parts(data: bytes) -> list[tuple[str, object]]:
        message = email.message_from_bytes(data, policy=email.policy.default)
        link = message["List-Unsubscribe"].split(">")[0].removeprefix("<")
        return [
            (part.get_content_type(), _without(part.get_content(), link))
            for part in message.walk()
            if not part.is_multipart()
        ]

    def _without(content: object, link: str) -> object:
        return content.replace(link, "LINK") if isinstance(content, str) else content

    rendered = (desk.folder / "out" / f"{slug}.eml").read_bytes()
    [sent] = relay.inbox.copies
    assert parts(sent.data) == parts(rendered)
    assert [kind for kind, _ in parts(rendered)] == ["text/plain", "text/html", "image/jpeg"]


def test_killed_in_the_middle_it_goes_on_and_mails_nobody_twice(
    desk: Desk, through: Through
) -> None:
    slug = issue_of(desk)
    addresses = desk.subscribe(40)

    with odd_server(slow) as server:
        process = desk.start("send", slug, "--yes", env=through(server.port))
        while len(server.copies) < 12:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        before = -1
        while before != len(server.copies):  # until the server has read what was on the way
            before = len(server.copies)
            time.sleep(0.3)

        # A plain second send says what happened; nobody is there to be asked, so it only says so.
        offered = desk.here("send", slug, env=through(server.port))
        assert offered.code == 1
        assert "--resume" in offered.err
        assert len(server.copies) == before

        resumed = desk.run("send", slug, "--resume", env=through(server.port))
        counts = states(desk, slug)
        in_doubt = counts.get("unknown", 0)
        assert in_doubt <= IN_HAND
        assert resumed.code == (3 if in_doubt else 0)
        sent = readers_of(server.copies)
        assert max(sent.values()) == 1
        listed = desk.look("status", slug, "--failed")
        missing = set(addresses) - set(sent)
        assert len(missing) <= in_doubt
        assert all(address in listed for address in missing)
        assert sum(counts.values()) == len(addresses)


def test_asked_to_stop_it_finishes_the_message_in_hand(desk: Desk, through: Through) -> None:
    slug = issue_of(desk)
    desk.subscribe(30)

    with odd_server(slow) as server:
        process = desk.start("send", slug, "--yes", env=through(server.port))
        while len(server.copies) < 5:
            time.sleep(0.005)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 130
        counts = states(desk, slug)
        assert counts == {"accepted": len(server.copies), "planned": 30 - len(server.copies)}

        assert desk.here("send", slug, "--resume", env=through(server.port)).code == 0
        assert set(readers_of(server.copies).values()) == {1}
        assert states(desk, slug) == {"accepted": 30}


def test_an_edit_after_the_start_is_not_sent_to_half_of_the_readers(
    desk: Desk, through: Through
) -> None:
    slug = issue_of(desk)
    desk.subscribe(4)

    def two_and_no_more(moment: Moment) -> str | None:
        return "421 4.3.2 later" if moment.connection > 1 or moment.message > 2 else None

    with odd_server(two_and_no_more) as server:
        stopped = desk.run("send", slug, "--yes", env=through(server.port))
        assert stopped.code == 3
    path = desk.folder / "issues" / f"{slug}.yaml"
    path.write_text(path.read_text().replace("eleven months", "twelve months"))
    with odd_server() as server:
        refused = desk.here("send", slug, "--resume", env=through(server.port))
        assert refused.code == 1
        assert "--as-started" in refused.err
        assert server.copies == []
        assert desk.here("send", slug, "--as-started", env=through(server.port)).code == 0
        assert server.copies
        assert all(b"eleven months" in copy.data for copy in server.copies)
