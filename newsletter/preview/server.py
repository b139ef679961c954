"""Listening on this machine's own address, and stopping without fuss."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from newsletter.errors import NewsletterError
from newsletter.memory import share_one_heap
from newsletter.preview.app import make_app
from newsletter.preview.desk import Desk
from newsletter.preview.guard import new_token, read_key
from newsletter.preview.watch import Bell, watch
from newsletter.project import Project

PORT = 8484
_TRIES = 50  # ports after the first that are tried


def listen(port: int | None = None) -> socket.socket:
    """A socket that listens on 127.0.0.1.

    Args:
        port: The port, and no other; without one ``PORT``, or the next free one after it.

    Raises:
        NewsletterError: The port is taken or not allowed.
    """
    candidates = range(PORT, PORT + _TRIES) if port is None else [port]
    for candidate in candidates:
        try:
            listener = socket.create_server(("127.0.0.1", candidate), backlog=64)
        except OSError as error:
            if port is None and error.errno == errno.EADDRINUSE:
                continue
            taken = error.errno == errno.EADDRINUSE
            why = "is taken by another program" if taken else f"cannot be used: {error.strerror}"
            raise NewsletterError(
                f"port {candidate} {why}",
                "Choose another one with --port, or leave --port out.",
            ) from error
        # asyncio lets go of a connection's bytes at once (TCP_NODELAY) only if its socket says
        # that it is one of TCP. Otherwise every answer waits 40 ms for the browser's delayed ACK.
        family, kind, number = listener.family, listener.type, listener.detach()
        return socket.socket(family, kind, socket.IPPROTO_TCP, fileno=number)
    raise NewsletterError(
        f"ports {PORT} to {PORT + _TRIES - 1} are all taken", "Choose one with --port."
    )


def make_server(
    project: Project,
    slug: str | None,
    listener: socket.socket,
    on_ready: Callable[[str], None],
    *,
    poll: bool = False,
) -> uvicorn.Server:
    """The preview as a server; ``run(sockets=[listener])`` serves until it is interrupted.

    Args:
        project: The project.
        slug: The issue that is opened first; None for the page of all issues.
        listener: From ``listen``.
        on_ready: Called with the address once it answers.
        poll: Look at the files again and again, for file systems that send no events.

    Raises:
        NewsletterError: The key cannot be kept in the project's folder, or the settings name an
            editor that is not known.
    """
    share_one_heap()
    token = new_token()
    port = listener.getsockname()[1]
    desk, bell = Desk(project), Bell()

    def changed(paths: Iterable[Path]) -> None:
        desk.changed(paths)
        bell.ring()

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch(project.root, desk.folders, changed, poll=poll))
        beside: list[asyncio.Task[Any]] = [watching]
        if slug is not None:
            building = run_in_threadpool(desk.view, slug, check=False)
            beside.append(asyncio.create_task(building))
        page = "/" if slug is None else f"/issue/{quote(slug)}"
        on_ready(f"http://127.0.0.1:{port}/{token}{page}")
        yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)

    key = read_key(project.state_folder / "preview-key")
    config = uvicorn.Config(
        make_app(desk, bell, token=token, key=key, port=port, lifespan=lifespan),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="on",
        log_level="critical",  # what goes wrong is said in the page
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return _Server(config, bell)


class _Server(uvicorn.Server):
    """Ends the event streams first, so that nobody waits for an open page."""

    def __init__(self, config: uvicorn.Config, bell: Bell) -> None:
        super().__init__(config)
        self._bell = bell

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._bell.close()
        await super().shutdown(sockets)
