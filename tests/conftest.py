"""What holds for all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.compiled_once import share_what_is_compiled
from tests.one_browser import OneBrowser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# No test writes into the home of whoever runs it; what is compiled there is kept between runs.
os.environ["XDG_CACHE_HOME"] = str(Path(__file__).parents[1] / ".pytest_cache" / "home")

# Timing never gates a test. In CI the examples are always the same ones, so that a change is
# judged by what it changes.
settings.register_profile(
    "newsletter",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("newsletter")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(OneBrowser(), OneBrowser.__name__)
    share_what_is_compiled()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two cores: a quarter of the time, a test waits for something."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (cores or 1) * 3 // 2


@pytest.fixture(scope="module")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """A Chromium; what a file leaves open in it is closed at the end of the file."""
    plugin = pytestconfig.pluginmanager.get_plugin(OneBrowser.__name__)
    assert isinstance(plugin, OneBrowser)
    opened = plugin.open()
    yield opened
    for context in opened.contexts:
        context.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked ``proof("only")`` to ``make proof``: others tell its story in short.

    Files that start programs go first: they take longest, and nobody shall wait for them alone.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(("tests/acceptance", "tests/harness")))
    if os.environ.get("NEWSLETTER_PROOF"):
        return
    left_out = [item for item in items if any(m.args for m in item.iter_markers("proof"))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish() -> None:
    """Let the collector leave alone what is there by now: thousands of tests stay till the end."""
    gc.collect()
    gc.freeze()
