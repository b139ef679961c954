"""One browser for all files of tests that want one: starting it anew takes seconds each time.

While it is open, ``asyncio.run()`` cannot be used on this thread. So files that want it come one
after the other, before all others, and the first test of any other file closes it.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FIXTURE = "browser"


class OneBrowser:
    """A plugin: keeps the browser, and the order of files that goes with it."""

    def __init__(self) -> None:
        self._files: set[Path] = set()
        self._browser: Browser | None = None
        self._closing = ExitStack()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Files with a browser first; within them, and among the others, the order stays."""
        self._files = {item.path for item in items if FIXTURE in getattr(item, "fixturenames", ())}
        items.sort(key=lambda item: item.path not in self._files)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Close it when no test of a file wants it."""
        if item.path not in self._files:
            self._close()

    def open(self) -> Browser:
        """The Chromium that is open, or a new one."""
        from tests.browser import chromium

        if self._browser is None or not self._browser.is_connected():
            self._close()
            self._browser = self._closing.enter_context(chromium())
        return self._browser

    def pytest_sessionfinish(self) -> None:
        """Close it, if the last test was one that used it."""
        self._close()

    def _close(self) -> None:
        self._browser = None
        self._closing.close()
