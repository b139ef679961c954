"""A private key on disk: read only if nobody else can, written for nobody else."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from newsletter.audience.git import could_be_committed
from newsletter.errors import ConfigurationError, NewsletterError

_LARGEST = 64 * 1024  # octets; a key of 4096 bits has 3.3 KB


def read_key_file(path: Path) -> bytes:
    """The text of a key file.

    Raises:
        ConfigurationError: It cannot be read, others can read or change it, or git may take it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(_LARGEST)
    except OSError as error:
        raise ConfigurationError(
            f"cannot read the key file {path}: {error.strerror}",
            "Mend its name in newsletter.toml, or make a key: newsletter dkim keygen",
        ) from error
    # A group may read (a service that runs as somebody else than the file's owner needs that).
    # Windows has no such bits.
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise ConfigurationError(
            f"{path}: others on this machine can read or change this private key",
            f"Close it: chmod 600 {path}",
        )
    if could_be_committed(path.resolve()):
        raise ConfigurationError(
            f"{path}: git tracks this private key, or would take it in",
            "Move it to .newsletter/, or name it in .gitignore. If it was ever committed, make a "
            "new one.",
        )
    return text


def write_key_file(path: Path, text: bytes) -> None:
    """Write a new key file, whole or not at all, for its owner alone (mode 600).

    Raises:
        NewsletterError: The file is there already, git would take it in, or it cannot be written.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)  # git answers only for folders that exist
        if could_be_committed(path.parent.resolve() / path.name):
            raise NewsletterError(
                f"{path}: git would take this private key in",
                "Choose a place in .newsletter/, or name the file in .gitignore first.",
            )
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:  # mkstemp makes it with mode 600
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _name_it(temporary, path)
    except OSError as error:
        raise NewsletterError(
            f"cannot write {path}: {error.strerror or error}",
            "Check the free space and the permissions of that folder.",
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


def _name_it(temporary: str, path: Path) -> None:
    try:
        os.link(temporary, path)  # unlike a rename, never over a file that is there
    except FileExistsError as error:
        raise NewsletterError(
            f"{path} exists", "A key is never written over: choose another file (-o) or selector."
        ) from error
