"""The key of an encrypted database, where it comes from, and whether a file is encrypted."""

from __future__ import annotations

import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Self

from newsletter.errors import ConfigurationError, DatabaseError

SHORTEST = 12
"""Characters of a passphrase, at least."""

SERVICE = "newsletter"
"""Name of the service under which the system's keyring keeps the key."""

_VARIABLE = "NEWSLETTER_DATABASE_KEY"
_HOW = (
    f"Set {_VARIABLE}, or name a file in database_key_file, or an account of the system's keyring "
    "in database_keyring."
)
_PLAIN = b"SQLite format 3\x00"
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class DatabaseKey:
    """What opens an encrypted database. It is not shown, whatever prints it.

    Attributes:
        secret: As SQLCipher takes it: a passphrase, or ``x'…'`` with the 32 bytes of the key.
    """

    secret: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, source: str = _VARIABLE) -> Self:
        """The key that a text stands for.

        64 hexadecimal digits are the key itself. Anything else is a passphrase, from which every
        connection derives the key anew (PBKDF2, 256,000 rounds: 0.16 s).

        Args:
            text: What was found; blanks around it do not count.
            source: Where, for messages.

        Raises:
            ConfigurationError: It is too short to be safe.
        """
        text = text.strip()
        if re.fullmatch(r"[0-9a-fA-F]{64}", text):
            return cls(f"x'{text.lower()}'")
        if len(text) < SHORTEST or not text.isprintable():
            raise ConfigurationError(
                f"{source}: this is no key for a database",
                f"Make one with: newsletter database new-key FILE; or take a passphrase of at "
                f"least {SHORTEST} characters.",
            )
        return cls(text)


def new_key() -> str:
    """A fresh key as text: 64 hexadecimal digits."""
    return secrets.token_hex(32)


def find_key(value: str, file: Path | None, account: str) -> DatabaseKey | None:
    """The key, from the first place that is set; None if none is: nothing is encrypted.

    Args:
        value: The key itself, from the environment.
        file: A file that holds it.
        account: An account of the system's keyring, of the service ``SERVICE``.

    Raises:
        ConfigurationError: There is no key in the place that is set, others can read it, or it is
            too short.
    """
    if value:
        return DatabaseKey.parse(value)
    if file is not None:
        return DatabaseKey.parse(_read(file), str(file))
    if account:
        return DatabaseKey.parse(_ask_keyring(account), f"keyring account {account}")
    return None


def keep_in_keyring(account: str, text: str) -> None:
    """Put a key into the system's keyring; one that is there is never written over.

    Raises:
        ConfigurationError: There is no keyring, it is locked, or it has the account already.
    """
    keyring = _keyring()
    try:
        if keyring.get_password(SERVICE, account):
            raise ConfigurationError(
                f"the keyring has a key for {account} already",
                "A key is never written over: choose another account.",
            )
        keyring.set_password(SERVICE, account, text)
    except keyring.errors.KeyringError as error:
        raise _no_keyring() from error


def delete_from_keyring(account: str) -> None:
    """Take a key out of the system's keyring.

    Raises:
        ConfigurationError: There is no keyring, it is locked, or has no such account.
    """
    keyring = _keyring()
    try:
        keyring.delete_password(SERVICE, account)
    except keyring.errors.PasswordDeleteError as error:
        raise ConfigurationError(f"the keyring has no key for {account}") from error
    except keyring.errors.KeyringError as error:
        raise _no_keyring() from error


def check_file(path: Path, key: DatabaseKey | None) -> None:
    """Pass if a file is encrypted exactly if there is a key for it; a new one may be either.

    Args:
        path: The file.
        key: The key, perhaps a wrong one.

    Raises:
        DatabaseError: It is not; says what to do.
        OSError: It cannot be read.
    """
    start = _start(path)
    if not start:
        return
    if start.startswith(_PLAIN):
        if key is not None:
            raise DatabaseError(
                f"database {path}: it is not encrypted, but there is a key for it",
                "Encrypt it with: newsletter database encrypt; or go on without the key.",
            )
    elif key is None and _looks_encrypted(start):
        raise DatabaseError(f"database {path}: it is encrypted, and there is no key for it", _HOW)


def is_plain(path: Path) -> bool:
    """Whether a file is a database that everybody can read who has it.

    Raises:
        OSError: It cannot be read.
    """
    return _start(path).startswith(_PLAIN)


def _start(path: Path) -> bytes:
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(_PAGE)


def _looks_encrypted(start: bytes) -> bool:
    # In 4096 random bytes nearly all values of a byte occur; in text and in other files not.
    return len(start) == _PAGE and len(set(start)) >= 250


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(4096).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigurationError(
            f"cannot read database_key_file {path}: {why}",
            "Mend its name, or make a key: newsletter database new-key FILE",
        ) from None
    # A group may read: a service may run as somebody else than the file's owner.
    if os.name == "posix" and mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise ConfigurationError(
            f"{path}: others on this machine can read or change the key of the database",
            f"Close it: chmod 600 {path}",
        )
    return text


def _ask_keyring(account: str) -> str:
    keyring = _keyring()
    try:
        found = keyring.get_password(SERVICE, account)
    except keyring.errors.KeyringError as error:
        raise _no_keyring() from error
    if not found:
        raise ConfigurationError(
            f"the keyring has no key for {account} (service {SERVICE})",
            f"Make one with: newsletter database new-key --keyring {account}",
        )
    return str(found)


def _keyring() -> ModuleType:
    try:
        import keyring
        import keyring.errors
    except ImportError as error:
        raise ConfigurationError(
            "database_keyring is set, but the package keyring is not installed",
            "Install it with: pip install 'newsletter-as-code[keyring]'",
        ) from error
    return keyring


def _no_keyring() -> ConfigurationError:
    return ConfigurationError(
        "the system's keyring cannot be used",
        "See that you are logged in to a desktop and that it is unlocked, or use "
        "database_key_file instead.",
    )
