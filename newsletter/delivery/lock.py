"""Only one program sends at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import SendRefusedError
from newsletter.files import write_atomically


def is_free(folder: Path) -> bool:
    """Whether nobody sends from here; looked at for an instant, and nothing is written.

    Args:
        folder: The project's state folder.
    """
    path = folder / "send.lock"
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return True
    except OSError:  # held, or it cannot be told
        return False
    return True


@contextlib.contextmanager
def sending_alone(folder: Path) -> Iterator[None]:
    """Keep every other program from sending for as long as the ``with`` lasts.

    The lock is the kernel's, so it goes away with the program that holds it, however that ends.

    Args:
        folder: The project's state folder.

    Raises:
        SendRefusedError: Another program is sending; says which.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    holder = folder / "send.pid"
    try:
        with FileLock(folder / "send.lock", timeout=0):
            write_atomically(holder, f"{os.getpid()}\n", mode=0o600)
            yield
    except Timeout as error:
        with contextlib.suppress(OSError):
            raise SendRefusedError(
                f"another program is sending (process {holder.read_text().strip()})",
                "Wait until it is done, or stop it with Ctrl-C where it runs.",
            ) from error
        raise SendRefusedError(
            "another program is sending", "Wait until it is done, or stop it with Ctrl-C."
        ) from error
