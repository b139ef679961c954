"""Keeping programs that send out of one another's way."""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager

from newsletter.delivery.lock import sending_alone
from newsletter.project import Project


def can_be_alone(project: Project) -> bool:
    """Whether a lock on this machine keeps everybody else out: the database is a file on it."""
    return project.database.path is not None


def alone(project: Project) -> AbstractContextManager[None]:
    """Keep every other program from sending for as long as the ``with`` lasts.

    Programs that share a database server need no lock: each claims what it sends there.

    Raises:
        SendRefusedError: Another program is sending; says which.
    """
    if not can_be_alone(project):
        return contextlib.nullcontext()
    return sending_alone(project.state_folder)
