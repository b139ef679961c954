"""How a sending goes on: a bar at a terminal, a line now and then, or events for programs."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.cli.output import warn

if TYPE_CHECKING:
    from newsletter.delivery.sender import Progress

SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_EVENTS = 1.0

Show = Callable[["Progress"], None]


@contextlib.contextmanager
def sending_progress(*, as_json: bool = False) -> Iterator[Show]:
    """Gives what is to be told from time to time; writes to standard error.

    Args:
        as_json: Write events for programs: one JSON object a line, once a second.
    """
    if as_json:
        yield _now_and_then(SECONDS_BETWEEN_EVENTS, _event, at_once=True)
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _now_and_then(SECONDS_BETWEEN_LINES, _line)


def tell_change(*, as_json: bool = False) -> Callable[[str], None]:
    """Gives what is to be told, in a line, when something changes while a sending goes on."""
    if as_json:
        return lambda line: warn(json.dumps({"event": "changed", "said": line}))
    return warn


@dataclass(frozen=True, slots=True)
class _Pace:
    """How fast it goes.

    Attributes:
        rate: Readers a second.
        left: Seconds until all are done; None while nobody can tell.
    """

    rate: float
    left: float | None

    @classmethod
    def of(cls, progress: Progress, seconds: float) -> _Pace:
        rate = progress.done / seconds if seconds > 0 else 0.0
        return cls(rate, (progress.total - progress.done) / rate if rate else None)


@contextlib.contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("Sending"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[states]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, rate="", states="")

        def show(progress: Progress) -> None:
            speed = bar.tasks[0].speed
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                rate=f"{speed:,.0f}/s" if speed else "",
                states=_states(progress),
            )

        yield show


def _now_and_then(
    seconds: float,
    say: Callable[[Progress, _Pace], None],
    clock: Callable[[], float] = time.monotonic,
    *,
    at_once: bool = False,
) -> Show:
    began = clock()
    said = began - seconds if at_once else began

    def show(progress: Progress) -> None:
        nonlocal said
        now = clock()
        if now - said >= seconds:
            said = now
            say(progress, _Pace.of(progress, now - began))

    return show


def _line(progress: Progress, pace: _Pace) -> None:
    left = "" if pace.left is None else f", {_about(pace.left)} left"
    states = f": {found}" if (found := _states(progress)) else ""
    warn(f"{progress.done:,} of {progress.total:,}, {pace.rate:,.0f}/s{left}{states}")


def _about(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"


def _event(progress: Progress, pace: _Pace) -> None:
    warn(
        json.dumps(
            {
                "event": "progress",
                "done": progress.done,
                "total": progress.total,
                "states": dict(progress.states),
                "per_second": round(pace.rate, 1),
                "seconds_left": None if pace.left is None else round(pace.left),
            }
        )
    )


def _states(progress: Progress) -> str:
    return ", ".join(f"{number:,} {state}" for state, number in progress.states.items())
