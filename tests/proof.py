"""Slow proofs have a short version in the suite and a long one under ``make proof``."""

from __future__ import annotations

import os


def rounds(short: int, long: int) -> int:
    """How often to try: ``long`` when ``NEWSLETTER_PROOF`` is set, else ``short``."""
    return long if os.environ.get("NEWSLETTER_PROOF") else short
