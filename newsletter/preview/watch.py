"""Noticing that a file was saved, and telling the open pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing
from pathlib import Path

from watchfiles import awatch

from newsletter.preview.polling import polled

_QUIET = 50  # milliseconds: the events of one save come together within this
_STEP = 10  # milliseconds without an event that end a save
_HEARTBEAT = 15.0  # seconds, so that a dead connection is noticed


class Bell:
    """Rings for everybody who listens; several rings that come together are heard as one."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self.closed = False

    def ring(self) -> None:
        """Tell all listeners."""
        for listener in self._listeners:
            listener.set()

    def close(self) -> None:
        """Tell all listeners that there will be nothing more."""
        self.closed = True
        self.ring()

    async def listen(self) -> AsyncIterator[bool]:
        """True at once and after each ring, False for a heartbeat; ends when the bell is closed."""
        listener = asyncio.Event()
        self._listeners.add(listener)
        try:
            rung = True
            while not self.closed:
                yield rung
                try:
                    await asyncio.wait_for(listener.wait(), _HEARTBEAT)
                    rung = True
                except TimeoutError:
                    rung = False
                listener.clear()
        finally:
            self._listeners.discard(listener)


def is_worth_it(path: Path) -> bool:
    """Whether a change matters: not for the files that editors keep beside the one being edited."""
    name = path.name
    return not (name.startswith((".", "#")) or name.endswith(("~", ".tmp", ".swp", ".swx")))


async def watch(
    root: Path,
    folders: Callable[[], list[Path]],
    on_change: Callable[[Iterable[Path]], None],
    *,
    poll: bool = False,
) -> None:
    """Call ``on_change`` after each save, until cancelled.

    Folders may come, go and be replaced (a branch is checked out): the project's own folder is
    watched too, without its children, and when a folder is not the same as before, the watch on
    the folders begins anew.

    Args:
        root: The project's folder.
        folders: The folders, with all that is in them, whose changes count.
        on_change: Called after each batch of changes with the paths, none if they are not known.
        poll: Look at the files again and again: network file systems send no events.
    """
    anew = asyncio.Event()
    watched: dict[Path, int] = {}

    async def outer() -> None:
        async for paths in _changes(root, recursive=False, poll=poll):
            on_change(paths)
            if _there(folders()) != watched:
                anew.set()

    async def inner() -> None:
        while True:
            anew.clear()
            watched.clear()
            watched.update(_there(folders()))
            async for paths in _changes(*watched, recursive=True, until=anew, poll=poll):
                on_change(paths)
            # What was saved between the two watches is seen now.
            asyncio.get_running_loop().call_later(0.5, on_change, ())
            await asyncio.sleep(0.05)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(outer())
        tasks.create_task(inner())


def _there(folders: list[Path]) -> dict[Path, int]:
    return {folder: folder.stat().st_ino for folder in folders if folder.is_dir()}


async def _changes(
    *paths: Path, recursive: bool, poll: bool, until: asyncio.Event | None = None
) -> AsyncIterator[list[Path]]:
    if poll:
        async with aclosing(polled(*paths, recursive=recursive, until=until)) as looking:
            async for changed in looking:
                if worthy := [path for path in changed if is_worth_it(path)]:
                    yield worthy
        return
    try:
        watching = awatch(
            *paths,
            watch_filter=lambda _change, path: is_worth_it(Path(path)),
            debounce=_QUIET,
            step=_STEP,
            rust_timeout=500,
            stop_event=until,
            recursive=recursive,
        )
        async with aclosing(watching):
            async for changes in watching:
                yield [Path(path) for _, path in changes]
    except FileNotFoundError:  # a folder went away this very moment; the caller looks again
        return
