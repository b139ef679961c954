"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from newsletter.errors import NewsletterError


def write_atomically(path: Path, data: bytes | str, *, mode: int = 0o644) -> None:
    r"""Write a whole file or nothing: a temporary name beside it, fsync, rename.

    Args:
        path: Where the file shall stand; missing folders are made.
        data: Its content; text is written as UTF-8 with ``\\n`` line ends.
        mode: Permission bits of the new file.

    Raises:
        NewsletterError: The file cannot be written (no space, no permission, not a folder).
    """
    content = data.encode() if isinstance(data, str) else data
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except OSError as error:
        raise NewsletterError(
            f"cannot write {path}: {error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error
    finally:
        if temporary:  # still there only if something went wrong, Ctrl-C included
            Path(temporary).unlink(missing_ok=True)
