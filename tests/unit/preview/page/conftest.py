"""One preview and one browser for all tests of a file; a window for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.unit.preview.conftest import Running, Serve
from tests.unit.preview.page.desk_page import Desk, write_project


@pytest.fixture(scope="module")
def project(make_project: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("desk") / "letter")
    write_project(folder)
    return folder


@pytest.fixture(scope="module")
def preview(project: Path, serve_project: Serve) -> Iterator[Running]:
    with serve_project(project) as running:
        yield running


USUAL: dict[str, Any] = {
    "viewport": {"width": 1400, "height": 900},
    "color_scheme": "light",
    "reduced_motion": "reduce",
}


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Any]]:
    """``window(**options)``: a window of 1400 by 900, in the light colour scheme unless asked."""
    contexts = []

    def make(**options: Any) -> Any:
        contexts.append(browser.new_context(**{**USUAL, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(20_000)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def usual(browser: Browser) -> Iterator[BrowserContext]:
    """What the windows of most tests share: beginning one anew costs more than the test."""
    context = browser.new_context(**USUAL)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def fresh(project: Path, preview: Running, usual: BrowserContext) -> Iterator[Desk]:
    """A window in which nothing is open yet, on a project as it was at first."""
    write_project(project)
    desk = Desk(usual.new_page(), preview, project)
    errors: list[str] = []
    desk.page.on("pageerror", lambda error: errors.append(str(error)))
    yield desk
    for page in usual.pages:
        page.close()
    assert errors == [], "a script of ours failed"
    write_project(project)


@pytest.fixture
def desk(fresh: Desk) -> Desk:
    """The issue, at both usual widths."""
    fresh.open()
    return fresh
