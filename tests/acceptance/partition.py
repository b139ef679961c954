"""A network between a program and its database server that can be cut, and mended later."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Network:
    """Passes bytes on between a port of its own and that of a server, unless it is cut.

    While it is cut nothing is lost and nobody is told: what comes, waits. So it is when a cable is
    pulled and TCP has not given up yet.

    Args:
        url: The server's, which is on loopback.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.port
        self._target = ("127.0.0.1", parts.port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = url.replace(f":{parts.port}/", f":{port}/")
        self._whole = threading.Event()
        self._whole.set()
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Let nothing through any more."""
        self._whole.clear()

    def mend(self) -> None:
        """Let everything through again, what has waited first."""
        self._whole.set()

    def close(self) -> None:
        """Close all connections."""
        self._whole.set()
        for end in (self._listener, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._target)
            except OSError:
                return
            self._ends += [near, far]
            for source, target in ((near, far), (far, near)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._whole.wait()
                target.sendall(data)
        with contextlib.suppress(OSError):
            self._whole.wait()
            target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def network_to(url: str) -> Iterator[Network]:
    """A network that is whole at first."""
    network = Network(url)
    try:
        yield network
    finally:
        network.close()
