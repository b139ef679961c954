"""Ctrl-C, SIGTERM and SIGHUP while messages are being sent."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, a closed terminal or lost connection."""

SAID = b"\nStopping after the message in hand; once more to stop at once.\n"


SHOW_CURSOR = b"\x1b[?25h"
"""A progress bar hides it."""


@contextlib.contextmanager
def asked_to_stop() -> Iterator[Callable[[], bool]]:
    """Whether somebody has asked to stop; the second time ends the program at once.

    It ends as if it had been killed, which does no harm: whoever may have got the message in hand
    is on record, and will be named.
    """
    asked = False

    def note(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        nonlocal asked
        if asked:
            # No exception: whoever cleans up would wait for the answer that does not come.
            if os.isatty(2):
                _write(SHOW_CURSOR)
            os._exit(130)
        asked = True
        _write(SAID)  # print() may be in the middle of a line when the signal comes

    # Whoever started us with nohup wants us to outlive the terminal.
    ours = [number for number in SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, note) for number in ours}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _write(text: bytes) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        os.write(2, text)
