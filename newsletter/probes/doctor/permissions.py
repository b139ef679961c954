"""Who on this machine may read the list of readers, and the keys."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from newsletter.probes.doctor.checkup import Checkup, Group, Level

_WHAT = "who may read secrets"


def check_permissions(files: Sequence[Path]) -> list[Checkup]:
    """Look at the rights of files that only this user should read; missing ones are left out."""
    if os.name != "posix":
        said = "cannot be told on this system"
        checkup = Checkup(_WHAT, Level.UNCHECKED, said, "", Group.MACHINE, is_essential=False)
        return [checkup]
    found = [looked for file in files if (looked := _look(file))]
    if found:
        return found
    return [Checkup(_WHAT, Level.OK, "nobody else", "", Group.MACHINE)]


def _look(file: Path) -> Checkup | None:
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError as error:
        said = f"{file}: {error.strerror or error}"
        return Checkup(_WHAT, Level.UNCHECKED, said, "", Group.MACHINE, is_essential=False)
    hint = f"chmod 600 '{file}'"
    if mode & (stat.S_IROTH | stat.S_IWOTH):
        said = f"everybody on this machine may read {file}"
        return Checkup(_WHAT, Level.ERROR, said, hint, Group.MACHINE)
    if mode & (stat.S_IRGRP | stat.S_IWGRP):
        said = f"the group of {file} may read it"
        hint = f"{hint}, unless that group is meant to."
        return Checkup(_WHAT, Level.WARNING, said, hint, Group.MACHINE)
    return None
