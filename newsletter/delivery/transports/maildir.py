"""A Maildir folder as transport: messages to look at, exactly as they would be sent."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsletter.delivery.outcome import Accepted, Outcome, Unknown
from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.batches import BatchChannel
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError, TransportError


def open_url(url: TransportUrl, surroundings: Surroundings) -> MaildirTransport:
    """``maildir:FOLDER``, relative to the project.

    Raises:
        TransportConfigurationError: No folder is named.
    """
    url.allow_options()
    if not url.path or url.host:
        raise TransportConfigurationError(
            "transport: maildir needs a folder", "Write it like this: maildir:outbox."
        )
    return MaildirTransport(surroundings.root / url.path, url.path)


class MaildirTransport:
    """Writes each message to a file: ``tmp``, fsync, rename to ``new``; only for its owner's eyes.

    A file is named after the Message-ID, so a message that is handed over twice is there once.

    Args:
        folder: The Maildir, made at first use.
        name: How the folder is called towards the user.
    """

    leaves_machine = False
    connections = 1

    def __init__(self, folder: Path, name: str = "") -> None:
        self._folder = folder
        self._made = False
        self._name = name or str(folder)

    def describe(self) -> str:
        """``maildir:outbox``."""
        return f"maildir:{self._name}"

    def channel(self) -> BatchChannel:
        """Writes messages, one after another."""
        return BatchChannel(self._deliver)

    def _deliver(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        self._make_folders()
        for message in messages:
            yield self._write(message)

    def _make_folders(self) -> None:
        if self._made:
            return
        try:
            for folder in (self._folder, *(self._folder / part for part in ("tmp", "new", "cur"))):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise TransportConfigurationError(
                f"cannot make the folder {self._folder}: {error.strerror}",
                "Name another folder in transport, or change the permissions of this one.",
            ) from error
        self._made = True

    def _write(self, message: Message) -> Outcome:
        name = hashlib.sha256(message.message_id.encode()).hexdigest()[:32]
        temporary, final = self._folder / "tmp" / name, self._folder / "new" / name
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.writelines(message.pieces)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(final)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise TransportError(
                f"cannot write to {self._folder}: {error.strerror}",
                "Check the free space and the permissions of that folder, then send again.",
            ) from error
        try:
            _sync(final.parent)
        except OSError as error:
            return Unknown(f"written, but perhaps not safe from a power cut: {error.strerror}")
        return Accepted(f"new/{name}")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
