"""Looking at folders again and again, where the system tells nothing of a save.

Libraries for this compare times of modification in whole seconds, and so miss the second of two
saves within one.
"""

from __future__ import annotations

import asyncio
import os
import time
import zlib
from collections.abc import AsyncGenerator
from pathlib import Path

_PAUSE = 0.2  # seconds between two looks
_SHARE = 4  # at least so many times as long as a look took, for slow networks and large folders
_FRESH = 2.0  # seconds: file systems may count time in steps as long as this (FAT)
_COMPARED = 1_000_000  # bytes of a fresh file that are compared

Stamp = tuple[int, ...]  # time, size and number of a file; of a fresh one, a checksum behind them
Seen = dict[str, Stamp]
_TIMES = 3


async def polled(
    *folders: Path, recursive: bool, until: asyncio.Event | None = None
) -> AsyncGenerator[list[Path], None]:
    """What has come, changed or gone, each time that something has.

    Args:
        folders: Those that are looked at; one that is not there is empty.
        recursive: With all that is below them.
        until: Ends it.
    """
    before = await asyncio.to_thread(_look, folders, recursive=recursive)
    while until is None or not until.is_set():
        began = time.monotonic()
        now = await asyncio.to_thread(_look, folders, recursive=recursive)
        took = time.monotonic() - began
        changed = [name for name in before | now if _differ(before.get(name), now.get(name))]
        before = now
        if changed:
            yield [Path(name) for name in changed]
        await asyncio.sleep(max(_PAUSE, _SHARE * took))


def _look(folders: tuple[Path, ...], *, recursive: bool) -> Seen:
    seen: Seen = {}
    open_folders = [os.fspath(folder) for folder in folders]
    while open_folders:
        try:
            with os.scandir(open_folders.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):  # links may go in a circle
                        seen[entry.path] = ()
                        if recursive:
                            open_folders.append(entry.path)
                    else:
                        seen[entry.path] = _stamp(entry)
        except OSError:  # gone this very moment, or not ours to read
            continue
    return seen


def _differ(before: Stamp | None, now: Stamp | None) -> bool:
    if before is None or now is None or before[:_TIMES] != now[:_TIMES]:
        return before != now
    # A file that is no longer fresh has no checksum; that is no change.
    return len(before) == len(now) and before != now


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    try:
        known = entry.stat()
        stamp = (known.st_mtime_ns, known.st_size, known.st_ino)
        if abs(time.time() - known.st_mtime) < _FRESH and known.st_size < _COMPARED:
            # The next save may leave the same time and size.
            return (*stamp, zlib.crc32(Path(entry.path).read_bytes()))
    except OSError:
        return ()
    return stamp
