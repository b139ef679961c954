"""An open page is told of every save, and of nothing else."""

from __future__ import annotations

import contextlib
import http.client
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.preview import watch
from newsletter.preview.watch import Bell

HERE = "issue/2026-11-20"
NEW = "2026-11-27"


class Stream:
    """The events that a page gets, as they come."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self.answer = answer
        self.events: list[tuple[str, str]] = []
        self.ended = threading.Event()
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        name = ""
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            while line := self.answer.readline().decode().rstrip("\n"):
                pass
            while raw := self.answer.readline():
                line = raw.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith(("data: ", ": ")):
                    with self._came:
                        kind = name if line.startswith("data") else "comment"
                        self.events.append((kind, line.partition(": ")[2]))
                        self._came.notify_all()
        self.ended.set()

    def wait(self, name: str, number: int = 1) -> list[str]:
        """The data of all events of a name, once there are so many."""

        def found() -> list[str]:
            return [data for event, data in self.events if event == name]

        with self._came:
            assert self._came.wait_for(lambda: len(found()) >= number, 30), self.events
            return found()

    def close(self) -> None:
        self.answer.close()


@contextlib.contextmanager
def listening(running: Any) -> Iterator[Stream]:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    connection.request("GET", f"{running.prefix}/events", headers={"Sec-Fetch-Site": "same-origin"})
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.getheader("Content-Type", "").startswith("text/event-stream")
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Access-Control-Allow-Origin") is None
    stream = Stream(answer)
    try:
        stream.wait("changed")  # the page learns at once what it must show
        yield stream
    finally:
        sock = connection.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(2)
        stream.ended.wait(10)
        connection.close()
        answer.close()


def until(running: Any, text: str) -> None:
    give_up = time.monotonic() + 30
    while text not in running.get(f"{HERE}/letter.html").text:
        assert time.monotonic() < give_up, f"{text} was not shown"
        time.sleep(0.02)


@pytest.fixture(params=[False, True], ids=["told by the system", "polling"])
def served(request: pytest.FixtureRequest, folder: Path, serve_project: Any) -> Iterator[Any]:
    with serve_project(folder, poll=request.param) as running:
        yield running


def test_a_save_is_told_with_a_new_stamp(served: Any, issue: Path) -> None:
    with listening(served) as stream:
        time.sleep(0.3)  # the watch begins beside the server
        issue.write_text(issue.read_text().replace("is back", "is here"))
        stamps = stream.wait("changed", 2)
        assert len(set(stamps)) == len(stamps)
        until(served, "Night ferry returns")
        assert f'data-stamp="{stamps[-1]}"' in served.get(HERE).text
        assert stream.events.count(("created", "2026-11-20")) == 0


SAVES_MEANWHILE = '''
"""Saves the issue while it is checked, and waits until the preview must have noticed."""

import pathlib
import time
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "X01"
GROUP = Group.EDITORIAL
SEVERITY = Severity.INFO
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    issue = pathlib.Path(__file__).parent.parent / "issues" / "2026-11-20.yaml"
    if "# saved" not in issue.read_text():
        issue.write_text(issue.read_text() + "# saved meanwhile\\n")
        time.sleep(0.7)
    yield from ()
'''


def test_a_page_is_told_of_a_save_that_came_while_it_was_made(
    folder: Path, serve_project: Any
) -> None:
    (folder / "lint").mkdir()
    (folder / "lint" / "meanwhile.py").write_text(SAVES_MEANWHILE)
    with serve_project(folder) as running, listening(running) as stream:
        time.sleep(0.3)
        made = running.ask(f"{running.prefix}/{HERE}", Newsletter_Wait="findings").text
        latest = stream.wait("changed", 2)[-1]
        assert f'data-stamp="{latest}"' not in made


def test_a_new_issue_is_told_and_one_that_is_saved_by_renaming_is_not_new(
    served: Any, issue: Path
) -> None:
    with listening(served) as stream:
        time.sleep(0.3)
        beside = issue.with_name(".2026-11-20.yaml.new")
        beside.write_text(issue.read_text().replace("is back", "is renamed"))
        beside.replace(issue)
        stream.wait("changed", 2)
        away = issue.with_name("2026-11-20.yaml~")
        issue.rename(away)
        stream.wait("changed", 3)
        issue.write_text(away.read_text())
        stream.wait("changed", 4)
        issue.with_name(f"{NEW}.yaml").write_text(issue.read_text())
        assert stream.wait("created") == [NEW]


def test_of_twenty_saves_in_a_burst_the_last_is_shown_and_few_are_told(
    running: Any, issue: Path
) -> None:
    whole = issue.read_text()
    with listening(running) as stream:
        time.sleep(0.3)
        before = len(stream.wait("changed"))
        for number in range(20):
            issue.write_text(whole.replace("Night ferry returns", f"Ferry number {number:02}"))
        until(running, "Ferry number 19")
        stream.wait("changed", before + 1)
        assert len(stream.events) - before <= 6


def test_twenty_saves_in_a_second_are_told_no_more_than_once_each(
    running: Any, issue: Path
) -> None:
    whole = issue.read_text()
    with listening(running) as stream:
        time.sleep(0.3)
        before = len(stream.events)
        for number in range(20):
            beside = issue.with_name(".2026-11-20.yaml.new")
            beside.write_text(whole.replace("Night ferry returns", f"Ferry number {number:02}"))
            beside.replace(issue)
            time.sleep(0.05)
        until(running, "Ferry number 19")
        assert len(stream.events) - before <= 21
        assert not [event for event in stream.events if event[0] == "created"]


def test_files_that_editors_keep_beside_are_not_told(running: Any, issue: Path) -> None:
    with listening(running) as stream:
        time.sleep(0.3)
        told = len(stream.events)
        issue.with_name(".2026-11-20.yaml.swp").write_text("x")
        issue.with_name("2026-11-20.yaml~").write_text("x")
        issue.write_text(issue.read_text() + "# saved\n")
        stream.wait("changed", 2)
        assert len(stream.events) == told + 1


def test_a_message_in_the_outbox_is_told_and_rebuilds_nothing(running: Any, folder: Path) -> None:
    with listening(running) as stream:
        time.sleep(0.3)
        (first,) = stream.wait("changed")
        running.post(f"{HERE}/proof", {"to": "desk@example.com"})
        told = stream.wait("changed", 2)
        assert told[-1].partition(".")[2] != first.partition(".")[2]


def test_every_page_is_told(running: Any, issue: Path) -> None:
    with listening(running) as one, listening(running) as other:
        time.sleep(0.3)
        issue.write_text(issue.read_text() + "# saved\n")
        assert one.wait("changed", 2)[-1] == other.wait("changed", 2)[-1]


def test_a_stream_ends_when_the_preview_stops(folder: Path, serve_project: Any) -> None:
    with contextlib.ExitStack() as stack:
        with serve_project(folder) as running:
            stream = stack.enter_context(listening(running))
        assert stream.ended.wait(10)


def test_a_quiet_stream_beats_so_that_a_dead_one_is_noticed(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "_HEARTBEAT", 0.05)
    with listening(running) as stream:
        give_up = time.monotonic() + 30
        while stream.events.count(("comment", "still here")) < 3:
            assert time.monotonic() < give_up
            time.sleep(0.01)


def test_a_page_that_goes_away_is_forgotten() -> None:
    import asyncio

    async def story() -> int:
        bell = Bell()
        listeners = [bell.listen() for _ in range(50)]
        for listener in listeners:
            await anext(listener)
        for listener in listeners:
            await listener.aclose()  # type: ignore[attr-defined]
        return len(bell._listeners)

    assert asyncio.run(story()) == 0
