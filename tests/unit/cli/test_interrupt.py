from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from newsletter.cli.interrupt import asked_to_stop


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """Signals as they were, whatever a test did with them."""
    numbers = (signal.SIGHUP, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_closed_terminal_asks_to_stop(capfd: pytest.CaptureFixture[str]) -> None:
    with asked_to_stop() as asked:
        assert not asked()
        os.kill(os.getpid(), signal.SIGHUP)
        assert asked()
    assert "Stopping after the message in hand" in capfd.readouterr().err


def test_what_was_started_with_nohup_outlives_the_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with asked_to_stop() as asked:
        os.kill(os.getpid(), signal.SIGHUP)
        assert not asked()
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked()
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
