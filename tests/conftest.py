"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is marked ``proof("only")`` to ``make proof``: others tell its story in short."""
    if os.environ.get("NEWSLETTER_PROOF"):
        return
    left_out = [item for item in items if any(m.args for m in item.iter_markers("proof"))]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]
