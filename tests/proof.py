"""Slow proofs have a short version in the suite and a long one under ``make proof``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def rounds(short: int, long: int) -> int:
    """How often to try: ``long`` when ``NEWSLETTER_PROOF`` is set, else ``short``."""
    return long if os.environ.get("NEWSLETTER_PROOF") else short


def cases(short: Iterable[T], long: Iterable[T]) -> list[T]:
    """What to try: all of ``long`` when ``NEWSLETTER_PROOF`` is set, else ``short``."""
    return list(long if os.environ.get("NEWSLETTER_PROOF") else short)
