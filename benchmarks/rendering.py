"""Rendering a full issue: time and weight."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.processes import ROOT
from benchmarks.result import Result
from newsletter.project import Project


def render_warm() -> Iterator[Result]:
    """Manuscript in memory to edition, libraries loaded."""
    project = Project.open(ROOT, environment={})
    manuscript = project.manuscript(project.find("2026-11-20"))
    samples = []
    for _ in range(25):
        start = time.perf_counter()
        project.render(manuscript)
        samples.append((time.perf_counter() - start) * 1000)
    yield Result("render of a full issue, warm", 60, "ms", samples[5:])


def size() -> Iterator[Result]:
    """Bytes of the HTML in UTF-8."""
    project = Project.open(ROOT, environment={})
    for slug in ("2026-11-13", "2026-11-20"):
        edition = project.render(project.manuscript(project.find(slug))).edition
        kilobytes = len(edition.html.fill({}).encode()) / 1000
        yield Result(f"HTML of {slug}, UTF-8", 60, "kB", [kilobytes])
