"""How a sending goes on: a bar at a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from newsletter.cli.output import warn

if TYPE_CHECKING:
    from newsletter.delivery.sender import Progress

SECONDS_BETWEEN_LINES = 10.0


@contextlib.contextmanager
def sending_progress() -> Iterator[Callable[[Progress], None]]:
    """Gives what is to be told after each reader; writes to standard error."""
    if sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("Sending"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[trouble]}"),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, rate="", trouble="")

        def show(progress: Progress) -> None:
            speed = bar.tasks[0].speed
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                rate=f"{speed:,.0f}/s" if speed else "",
                trouble=_trouble(progress),
            )

        yield show


def _lines(clock: Callable[[], float] = time.monotonic) -> Callable[[Progress], None]:
    began = said = clock()

    def show(progress: Progress) -> None:
        nonlocal said
        now = clock()
        if now - said < SECONDS_BETWEEN_LINES:
            return
        said = now
        rate = progress.done / (now - began)
        left = (progress.total - progress.done) / rate
        trouble = f", {found}" if (found := _trouble(progress)) else ""
        warn(
            f"{progress.done:,} of {progress.total:,}, {rate:,.0f}/s, "
            f"{left / 60:.0f} min left{trouble}"
        )

    return show


def _trouble(progress: Progress) -> str:
    return ", ".join(
        f"{n:,} {state}" for state, n in progress.states.items() if state != "accepted"
    )
