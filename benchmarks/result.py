"""One measured number beside the one to reach."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A row of the table: the median of ``samples``, in ``unit``, against ``limit``."""

    what: str
    limit: float
    unit: str
    samples: Sequence[float]

    def __str__(self) -> str:
        median = statistics.median(self.samples)
        verdict = "" if median <= self.limit else "  MISSED"
        spread = f"{min(self.samples):.4g}-{max(self.samples):.4g} (n={len(self.samples)})"
        return (
            f"{self.what:<58} {self.limit:>6g} {self.unit:<3} {median:>6.4g} {self.unit:<3}"
            f"  {spread}{verdict}"
        )
