"""What goes wrong is said in an editor's words, with a place and a next step; nothing breaks."""

from __future__ import annotations

import json
import re
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.conftest import IN_HAND, Desk
from tests.acceptance.test_main_job import issue_of, readers_of, states
from tests.proof import rounds
from tests.smtp import CLOSE, Moment, RealServer, free_port, odd_server, real_server

Through = Callable[[int], dict[str, str]]

# So many that a disk is full before the last of them has the letter.
READERS = rounds(60, 300)

# Each command that reads an issue; none may go further than saying what is wrong with it.
READING = (["check"], ["render"], ["send", "--yes"], ["send", "--test", "desk@example.org"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\xff\xfe" * 500, ""),
        ("subject: Caf\xe9\n".encode("latin-1"), "UTF-8"),
        (b"subject: Storm: the harbour closes\npreheader: \tx\ndaet: 2026-11-20\n", "daet"),
        (b"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n", ""),
        (b"sections: " + b"[" * 100_000, ""),
        (b"subject: x\n" + b"# padding\n" * 5_000_000, "MB"),
    ],
    ids=["empty", "binary", "latin-1", "mistakes", "bomb", "deep", "50 MB"],
)
def test_a_broken_issue_is_reported_at_its_place_by_every_command(
    desk: Desk, content: bytes, said: str
) -> None:
    path = desk.folder / "issues" / "2027-01-01.yaml"
    path.write_bytes(content)
    before = sorted(desk.folder.rglob("*"))
    for arguments, done in desk.ends(*([*command, "2027-01-01"] for command in READING)):
        shown = done.out + done.err
        assert done.code == 1, (arguments, shown)
        assert re.search(r"(?m)^issues/2027-01-01\.yaml:\d+:\d+: error: ", shown), shown
        assert said in shown
    after = [name for name in sorted(desk.folder.rglob("*")) if ".newsletter" not in name.parts]
    assert after == [name for name in before if ".newsletter" not in name.parts]


def test_an_issue_that_is_not_there(desk: Desk) -> None:
    commands = (["preview", "--no-open"], ["check"], ["render"], ["send"])
    for arguments, done in desk.ends(*([*command, "2031-01-01"] for command in commands)):
        assert done.code == 2, arguments
        assert "2031-01-01" in done.err, arguments
        assert done.err.count("\n") == 2, arguments


def test_a_broken_configuration(desk: Desk) -> None:
    path = desk.folder / "newsletter.toml"
    path.write_text("nmae = 'x'\n" + path.read_text())
    for arguments, done in desk.ends(
        *(["check"], ["new"], ["render"], ["send"], ["status"], ["subscribers", "list"])
    ):
        assert done.code == 2, arguments
        assert "newsletter.toml:1: nmae: is not a setting" in done.err, arguments
        assert 'Did you mean "name"?' in done.err, arguments


def test_a_broken_template_is_named_with_its_line(desk: Desk) -> None:
    footer = desk.folder / "templates" / "parts" / "footer.mjml.j2"
    footer.parent.mkdir()
    footer.write_text(
        "<mj-section>\n<mj-column>{{ publication.nmae }}</mj-column>\n</mj-section>\n"
    )
    for arguments, done in desk.ends(*READING):
        assert done.code == 1, arguments
        assert re.search(r"templates/parts/footer\.mjml\.j2:2\b", done.out + done.err), done


def test_an_issue_with_errors_or_marked_as_a_draft_is_not_sent(desk: Desk) -> None:
    desk.subscribe(2)
    desk.look("new")
    [draft] = [p for p in (desk.folder / "issues").glob("*.yaml") if "TK" in p.read_text()]
    errors = desk.run("send", draft.stem, "--yes")
    assert errors.code == 1
    assert "[placeholder]" in errors.err
    draft.write_text(draft.read_text().replace("TK", "News"))
    marked = desk.here("send", draft.stem, "--yes")
    assert marked.code == 1
    assert "draft" in marked.err
    assert not (desk.folder / "outbox").exists()


def test_without_a_base_url_nothing_goes_through_a_relay(
    desk: Desk, relay: RealServer, through: Through
) -> None:
    desk.subscribe(1)
    path = desk.folder / "newsletter.toml"
    path.write_text(re.sub(r"(?m)^base_url.*$", "", path.read_text()))
    refused = desk.run("send", "--yes", env=through(relay.port))
    assert refused.code == 1
    assert "base_url" in refused.err
    assert relay.inbox.copies == []
    desk.look("send", "--yes")  # into the folder: there is nobody to unsubscribe


def test_the_relay_is_down(desk: Desk, through: Through) -> None:
    desk.subscribe(3)
    done = desk.run("send", "--yes", env=through(free_port()))
    assert done.code == 3
    assert "--resume" in done.err
    assert states(desk, issue_of(desk)) == {"planned": 3}


def test_the_relay_refuses_the_login(desk: Desk) -> None:
    desk.subscribe(3)
    with real_server(login=("desk", "right")) as server:
        done = desk.run(
            "send",
            "--yes",
            env={
                "NEWSLETTER_TRANSPORT": f"smtp://desk@127.0.0.1:{server.port}?security=none",
                "NEWSLETTER_TRANSPORT_PASSWORD": "wrong",
            },
        )
        assert server.inbox.copies == []
    assert done.code == 1
    assert "wrong" not in done.err.replace("wrong password", "")
    assert states(desk, issue_of(desk)) == {"planned": 3}


def test_the_relay_refuses_one_reader(desk: Desk, relay: RealServer, through: Through) -> None:
    addresses = desk.subscribe(5)
    relay.inbox.refused[addresses[2]] = "550 5.1.1 No such user"
    desk.good("send", "--yes", env=through(relay.port))
    slug = issue_of(desk)
    assert states(desk, slug) == {"accepted": 4, "failed": 1}
    listed = desk.look("status", slug, "--failed")
    assert addresses[2] in listed
    assert "No such user" in listed


def test_the_relay_takes_the_letter_and_hangs_up(desk: Desk, through: Through) -> None:
    addresses = desk.subscribe(4)
    slug = issue_of(desk)

    def hang_up_once(moment: Moment) -> str | None:
        first = (moment.connection, moment.message) == (1, 2)
        return CLOSE if moment.stage == "end" and first else None

    with odd_server(hang_up_once) as server:
        done = desk.run("send", "--yes", env=through(server.port))
        assert done.code == 3
        assert states(desk, slug) == {"accepted": 3, "unknown": 1}
        assert addresses[1] in desk.look("status", slug, "--failed")
        for _ in range(2):
            assert desk.here("send", "--resume", env=through(server.port)).code == 3
        assert set(readers_of(server.copies).values()) == {1}
        again = desk.here("send", "--resend-unknown", env=through(server.port))
        assert again.code == 0, again
        assert readers_of(server.copies)[addresses[1]] == 2
    assert states(desk, slug) == {"accepted": 4}


@pytest.mark.proof
def test_the_disk_is_full_while_sending(desk: Desk, relay: RealServer, through: Through) -> None:
    desk.subscribe(READERS)
    slug = issue_of(desk)
    database = desk.folder / ".newsletter" / "newsletter.db"
    limit = database.stat().st_size + 20_000  # 34 readers fit in (2026-11-24)

    def little_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = desk.run("send", "--yes", env=through(relay.port), preexec_fn=little_space)
    sent = len(relay.inbox.copies)
    assert done.code == 1
    assert 0 < sent < READERS
    assert "--resume" in done.err

    # With space again: whoever was in doubt is named and held, all others get their copy.
    desk.here("send", "--resume", env=through(relay.port))
    counts = states(desk, slug)
    assert counts.get("unknown", 0) <= IN_HAND
    assert counts["accepted"] + counts.get("unknown", 0) == READERS
    assert set(readers_of(relay.inbox.copies).values()) == {1}


def test_the_port_of_the_preview_is_taken(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = desk.run("preview", "--no-open", "--port", str(port))
    assert done.code == 1
    assert str(port) in done.err
    assert "--port" in done.err


def test_hostile_readers_stay_text(desk: Desk, relay: RealServer, through: Through) -> None:
    (desk.folder / "list.csv").write_bytes(
        b"email,name,city\r\n"
        b"one@example.com,{{7*7}}<script>alert(1)</script>,Town\r\n"
        b'two@example.com,"Evil\r\nBcc: victim@example.com",Town\r\n'
        b'three@example.com,Fine,"Town\r\n\r\nbody"\r\n'
        b'"four@example.com\r\nRCPT TO:<victim@example.com>",Four,Town\r\n'
        b"five@example.com,Five,Town\r\n"
    )
    done = desk.run("subscribers", "import", "list.csv")
    assert done.code == 3, "good rows are kept, and a script can tell that not all were"
    assert [int(n) for n in re.findall(r"(?m)^list\.csv:(\d+):\d+: error", done.err)] == [3, 5, 8]
    sent = desk.here("send", "--yes", env=through(relay.port))
    assert sent.code == 0, sent
    assert set(readers_of(relay.inbox.copies)) == {"one@example.com", "five@example.com"}
    everything = b"".join(copy.data for copy in relay.inbox.copies)
    assert b"victim@example.com" not in everything
    assert (
        b"<script>"
        not in everything.replace(b"=\r\n", b"")
        .replace(b"Hello {{7*7}}<script>alert(1)</script>,", b"", 1)
        .partition(b"text/html")[2]
    )
    assert b"{{7*7}}" in everything


def test_a_list_that_is_no_list(desk: Desk) -> None:
    lists = {
        "0.csv": b"",
        "1.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
        "2.csv": b"words\n",
    }
    for name, content in lists.items():
        (desk.folder / name).write_bytes(content)
    commands = (["subscribers", "import", name] for name in lists)
    for (*_, name), done in desk.ends(*commands):
        assert done.code == 1
        assert name in done.err
    assert json.loads(desk.look("subscribers", "list", "--json")) == []


def test_a_folder_that_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = desk.run("render", "-o", str(tmp_path / "file" / "deeper"))
    assert done.code == 1
    assert "cannot write" in done.err


def test_another_sender_does_not_slip_into_half_of_a_mailing(desk: Desk, through: Through) -> None:
    desk.subscribe(4)

    def two_and_no_more(moment: Moment) -> str | None:
        return "421 4.3.2 later" if moment.connection > 1 or moment.message > 2 else None

    with odd_server(two_and_no_more) as server:
        assert desk.run("send", "--yes", env=through(server.port)).code == 3
    path = desk.folder / "newsletter.toml"
    path.write_text(path.read_text().replace("news.example.org", "other.example.org"))
    with odd_server() as server:
        refused = desk.here("send", "--resume", env=through(server.port))
        assert refused.code == 1
        assert "changed since its sending began" in refused.err
        went_on = desk.here("send", "--as-started", env=through(server.port))
        assert went_on.code == 0, went_on
        assert all(b"https://news.example.org/" in copy.data for copy in server.copies)


def test_a_trial_into_a_folder_does_not_become_a_real_sending(
    desk: Desk, relay: RealServer, through: Through
) -> None:
    desk.subscribe(300)
    process = desk.start("send", "--yes")
    new = desk.folder / "outbox" / "new"
    while not (new.exists() and len(list(new.iterdir())) > 5):
        time.sleep(0.01)
    process.terminate()
    process.communicate(timeout=30)
    assert process.returncode == 130
    refused = desk.run("send", "--yes", env=through(relay.port))
    assert refused.code == 1
    assert "not everybody would get mail" in refused.err
    assert relay.inbox.copies == []
