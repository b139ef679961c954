"""``newsletter worker``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.interrupt import asked_to_stop
from newsletter.cli.options import with_project
from newsletter.cli.output import say

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now and end, for cron or a timer.")
@with_project
def command(project: Project, *, once: bool) -> int:
    """Send what is scheduled when its time has come, and try deferred readers again.

    Runs until it is asked to stop (Ctrl-C, SIGTERM); messages in hand are finished first. Several
    may run; each schedule is started by one.

    Exit code 0 when it was asked to stop or, with --once, nothing is left; with --once also 1 when
    something was missed, and 3 when readers are left who are tried again later.
    """
    from newsletter.project import Project
    from newsletter.sending.worker import Worker

    root = project.root
    with asked_to_stop() as stop:
        worker = Worker(lambda: Project.open(root), stop, _tell)
        if not once:
            say(f"Waiting for what is due in {root}; stop with Ctrl-C.")
            worker.work()
            return 0
        came = worker.look()
    if came.missed:
        return 1
    return 3 if came.incomplete else 0


def _tell(line: str) -> None:
    say(f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {line}")
