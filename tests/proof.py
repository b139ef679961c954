"""Slow proofs have a short version in the suite and a long one under ``make proof``."""

from __future__ import annotations

import os
from collections.abc import Iterable


def rounds(short: int, long: int) -> int:
    """How often to try: ``long`` when ``NEWSLETTER_PROOF`` is set, else ``short``."""
    return long if os.environ.get("NEWSLETTER_PROOF") else short


def cases(short: Iterable[str], long: Iterable[str]) -> list[str]:
    """What to try: all of ``long`` when ``NEWSLETTER_PROOF`` is set, else ``short``."""
    return list(long if os.environ.get("NEWSLETTER_PROOF") else short)
