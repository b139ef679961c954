"""A save is noticed, however the editor's program writes it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from newsletter.preview.watch import Bell, is_worth_it, watch
from tests.proof import cases


@asynccontextmanager
async def watching(
    root: Path, *folders: Path, poll: bool = False
) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Yields a function that waits for the next change and fails if there is none."""
    noticed = asyncio.Event()
    task = asyncio.create_task(
        watch(root, lambda: list(folders), lambda _paths: noticed.set(), poll=poll)
    )
    await asyncio.sleep(0.3)
    noticed.clear()

    async def change() -> None:
        async with asyncio.timeout(10):
            await noticed.wait()
        await asyncio.sleep(0.7)  # let what belongs to the same change pass
        noticed.clear()

    yield change
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.mark.proof
@pytest.mark.parametrize("poll", cases([False], [False, True]))
def test_every_way_of_saving_is_noticed(tmp_path: Path, poll: bool) -> None:
    issues = tmp_path / "issues"
    issues.mkdir()
    issue = issues / "one.yaml"
    issue.write_text("a")

    async def story() -> None:
        async with watching(tmp_path, issues, poll=poll) as change:
            issue.write_text("written over")
            await change()
            (issues / ".one.yaml.tmp").write_text("written beside")
            (issues / ".one.yaml.tmp").replace(issue)
            await change()
            issue.unlink()
            await change()
            issue.write_text("and back")
            await change()
            (tmp_path / "newsletter.toml").write_text("name = 1")
            await change()

    asyncio.run(story())


def test_a_folder_that_comes_late_or_is_replaced_is_watched(tmp_path: Path) -> None:
    issues, templates = tmp_path / "issues", tmp_path / "templates"
    issues.mkdir()

    async def story() -> None:
        async with watching(tmp_path, issues, templates) as change:
            templates.mkdir()
            await change()
            (templates / "default.mjml.j2").write_text("x")
            await change()
            shutil.rmtree(issues)
            await change()
            issues.mkdir()
            await change()
            (issues / "one.yaml").write_text("x")
            await change()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("2026-11-20.yaml", True),
        ("ferry.jpg", True),
        ("newsletter.toml", True),
        (".2026-11-20.yaml.swp", False),
        ("2026-11-20.yaml~", False),
        ("#2026-11-20.yaml#", False),
    ],
)
def test_what_editors_keep_beside_a_file_does_not_count(name: str, counts: bool) -> None:
    assert is_worth_it(Path("/letter/issues", name)) is counts


def test_rings_that_come_together_are_heard_as_one() -> None:
    async def story() -> list[bool]:
        bell, heard = Bell(), []

        async def listen() -> None:
            async for rung in bell.listen():
                heard.append(rung)
                await asyncio.sleep(0.01)

        listening = asyncio.create_task(listen())
        await asyncio.sleep(0.05)
        for _ in range(20):
            bell.ring()
        await asyncio.sleep(0.05)
        bell.close()
        await listening
        return heard

    assert asyncio.run(story()) == [True, True]
