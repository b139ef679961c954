"""Where the server listens, and how it is stopped."""

from __future__ import annotations

import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import NewsletterError


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on an address of this machine.

    Raises:
        NewsletterError: The port is taken or not allowed, or the host is not this machine's.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise NewsletterError(
            f"cannot listen on {host}, port {port}: {error.strerror}",
            "Choose another one with --host and --port.",
        ) from error
    # asyncio sends small answers at once (TCP_NODELAY) only if the socket says that it is TCP's.
    kind, number = listener.type, listener.detach()
    return socket.socket(family, kind, socket.IPPROTO_TCP, fileno=number)


def listen_at(path: Path) -> socket.socket:
    """A socket in the file system, for a proxy of the same user or group.

    Raises:
        NewsletterError: It cannot be made there, or is somebody else's.
    """
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket() and not _answers(path):
            path.unlink()  # left behind by one that was killed
        listener.bind(str(path))
        path.chmod(0o660)
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise NewsletterError(
            f"cannot listen at {path}: {error.strerror}", "Choose another path with --uds."
        ) from error
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@contextlib.contextmanager
def quietly_stopped() -> Iterator[None]:
    """Ctrl-C and SIGTERM end a server that has stopped cleanly with 0, not as if it were killed."""
    # uvicorn raises the signal again when all is done, for whoever was there before it.
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda *_: None) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
