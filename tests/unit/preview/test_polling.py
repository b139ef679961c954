"""Saves are found where the system tells nothing of them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from newsletter.preview.polling import polled


def told(
    folder: Path, steps: Callable[[Callable[[], Awaitable[set[str]]]], Awaitable[None]]
) -> None:
    """Run steps beside the looking; each can wait for the names of what changed next."""

    async def story() -> None:
        looking = polled(folder, recursive=True)
        waiting = asyncio.ensure_future(anext(looking))
        await asyncio.sleep(0.1)

        async def change() -> set[str]:
            nonlocal waiting
            async with asyncio.timeout(10):
                paths = await waiting
            waiting = asyncio.ensure_future(anext(looking))
            return {path.name for path in paths}

        await steps(change)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await looking.aclose()

    asyncio.run(story())


def test_every_save_of_a_second_is_found_even_with_the_same_time_and_size(tmp_path: Path) -> None:
    issue = tmp_path / "one.yaml"
    issue.write_text("0")

    async def steps(change: Callable[[], Awaitable[set[str]]]) -> None:
        known = issue.stat()
        for number in range(1, 6):
            issue.write_text(str(number))
            os.utime(issue, ns=(known.st_atime_ns, known.st_mtime_ns))
            assert await change() == {"one.yaml"}

    told(tmp_path, steps)


def test_a_save_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("0")

    async def steps(change: Callable[[], Awaitable[set[str]]]) -> None:
        (tmp_path / "one.yaml").write_text("1")
        assert await change() == {"one.yaml"}
        await asyncio.sleep(2.5)  # until the file is no longer a fresh one
        (tmp_path / "two.yaml").write_text("2")
        assert await change() == {"two.yaml"}

    told(tmp_path, steps)


def test_what_comes_moves_and_goes_in_folders_below_is_found(tmp_path: Path) -> None:
    below = tmp_path / "pictures"
    below.mkdir()
    (tmp_path / "circle").symlink_to(tmp_path)

    async def steps(change: Callable[[], Awaitable[set[str]]]) -> None:
        (below / "a.png").write_bytes(b"a")
        assert await change() == {"a.png"}
        (below / "a.png").rename(below / "b.png")
        assert await change() == {"a.png", "b.png"}
        (below / "b.png").unlink()
        assert await change() == {"b.png"}
        below.rmdir()
        assert await change() == {"pictures"}

    told(tmp_path, steps)


def test_a_folder_that_is_not_there_yet_is_empty(tmp_path: Path) -> None:
    late = tmp_path / "issues"

    async def steps(change: Callable[[], Awaitable[set[str]]]) -> None:
        late.mkdir()
        (late / "one.yaml").write_text("1")
        assert "one.yaml" in await change()

    told(late, steps)
