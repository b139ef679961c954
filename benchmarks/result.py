"""One measured number beside the one to reach."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A row of the table: the median of ``samples`` against ``limit``, the most or the least."""

    what: str
    limit: float
    unit: str
    samples: Sequence[float]
    at_least: bool = False

    def __str__(self) -> str:
        median = statistics.median(self.samples)
        reached = median >= self.limit if self.at_least else median <= self.limit
        verdict = "" if reached else "  MISSED"
        spread = f"{min(self.samples):.4g}-{max(self.samples):.4g} (n={len(self.samples)})"
        return (
            f"{self.what:<58} {self.limit:>6g} {self.unit:<3} {median:>6.4g} {self.unit:<3}"
            f"  {spread}{verdict}"
        )
