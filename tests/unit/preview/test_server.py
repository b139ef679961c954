"""The command itself, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.preview.browser import has_screen
from newsletter.preview.server import PORT, listen


@contextmanager
def command(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "newsletter", "preview", "--project", str(folder), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/\S+", line):
            return found[0]
    assert process.stderr is not None
    pytest.fail(f"no address was printed: {process.stderr.read()}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_ctrl_c_ends_it_at_once_even_with_an_open_page(folder: Path) -> None:
    with command(folder, "--no-open", "--port", str(free_port())) as process:
        where = address(process)
        events = where.replace("/issue/2026-11-20", "/events")
        with urllib.request.urlopen(events, timeout=20) as stream:  # noqa: S310 - our own server
            while b"event: changed" not in stream.readline():
                pass
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=20)
        assert process.returncode in (0, 130)
        assert "Traceback" not in stdout + stderr
        assert stderr == ""


def test_the_latest_issue_is_opened_or_the_one_that_is_named(folder: Path) -> None:
    with command(folder, "--no-open", "--port", str(free_port())) as process:
        assert address(process).endswith("/issue/2026-11-20")
    with command(folder, "2026-11-13", "--no-open", "--port", str(free_port())) as process:
        assert address(process).endswith("/issue/2026-11-13")


def test_a_port_that_is_asked_for_and_taken_is_an_error_that_names_it(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with command(folder, "--no-open", "--port", str(port)) as process:
            _, stderr = process.communicate(timeout=20)
    assert process.returncode == 1
    assert f"port {port} is taken" in stderr
    assert "--port" in stderr
    assert "Traceback" not in stderr


def test_an_issue_that_is_not_there_is_an_error(folder: Path) -> None:
    with command(folder, "2031-01-01", "--no-open") as process:
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "2031-01-01" in stderr
    assert "Traceback" not in stderr


def test_without_a_port_the_next_free_one_is_taken() -> None:
    with listen() as first, listen() as second:
        ports = [listener.getsockname()[1] for listener in (first, second)]
        assert PORT <= ports[0] < ports[1]
        assert {listener.getsockname()[0] for listener in (first, second)} == {"127.0.0.1"}


def test_answers_do_not_wait_for_an_acknowledgement() -> None:
    with listen(0) as listener:  # asyncio sets TCP_NODELAY for sockets that say they are TCP's
        assert listener.proto == socket.IPPROTO_TCP


def test_a_taken_port_is_refused() -> None:
    with listen(0) as first, pytest.raises(NewsletterError, match="is taken"):
        listen(first.getsockname()[1])


def test_no_browser_is_opened_without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not has_screen()
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert has_screen()
