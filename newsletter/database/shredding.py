"""Destroying the key of an encrypted database: one moment, however long the list is."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from newsletter.database.encryption import delete_from_keyring
from newsletter.errors import ConfigurationError

_START = 4096


def shred_key(file: Path | None, account: str, database: Path) -> None:
    """Destroy the key, and the first page of the database, without which a key is of less use.

    Works while other programs have the database open; they go on until they end.

    Args:
        file: The file that holds the key; None if it is in the keyring.
        account: The account of the keyring.
        database: The encrypted file; perhaps not there.

    Raises:
        ConfigurationError: It could not be destroyed.
    """
    if file is None:
        delete_from_keyring(account)
    else:
        try:
            _overwrite(file, file.stat().st_size)
            file.unlink()
        except OSError as error:
            raise ConfigurationError(
                f"cannot destroy {file}: {error.strerror or error}", "Delete it by other means."
            ) from error
    with contextlib.suppress(OSError):  # the key is what counts
        _overwrite(database, min(_START, database.stat().st_size))


def _overwrite(file: Path, size: int) -> None:
    descriptor = os.open(file, os.O_RDWR)
    try:
        os.write(descriptor, bytes(size))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
