"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Timing never gates a test. In CI the examples are always the same ones, so that a change is
# judged by what it changes.
settings.register_profile(
    "newsletter",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("newsletter")
