"""Many issues are checked by as many processes as the machine has cores."""

from __future__ import annotations

import gc
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsletter.findings import Finding
from newsletter.project import Project

FEW = 12
"""Issues that one process checks in the time that others would need to start."""

Found = tuple[Finding, ...]

_SELDOM = 100_000
"""New objects, less those gone, after which Python looks for circles of garbage; its own 700 take
a tenth of the time that a check takes. An issue makes some 150,000."""


def check_many(project: Project, paths: Sequence[Path]) -> dict[Path, Found]:
    """Everything that is wrong with some issues, in the order in which they are given.

    Raises:
        ConfigurationError: The settings name a rule that does not exist, or a rule of the
            project's own is none.
    """
    gc.set_threshold(_SELDOM)
    workers = min(os.cpu_count() or 1, len(paths) // FEW)
    if workers < 2:
        return {path: project.check(path) for path in paths}
    from concurrent.futures import ProcessPoolExecutor

    _ = project.rules  # what is wrong with them is said once, and here
    # Neighbours stay together: each is compared with the issues before it, which are read once.
    parts = list(_chunks(sorted(paths), len(paths) // (workers * 4) + 1))
    with ProcessPoolExecutor(workers) as pool:
        found = pool.map(_check, itertools.repeat(project.root), parts)
        checked = dict(itertools.chain.from_iterable(found))
    return {path: checked[path] for path in paths}


def _check(root: Path, paths: Sequence[Path]) -> list[tuple[Path, Found]]:
    gc.set_threshold(_SELDOM)
    project = Project.open(root)
    return [(path, project.check(path)) for path in paths]


def _chunks(paths: Sequence[Path], size: int) -> Iterator[Sequence[Path]]:
    for start in range(0, len(paths), size):
        yield paths[start : start + size]
