"""The preview as an editor waits for it, in a real browser."""

from __future__ import annotations

import contextlib
import math
import os
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.processes import COMMAND, ROOT
from benchmarks.result import Result
from tests.browser import chromium

STARTS = 7
SAVES = 50
HOURS = 5000
"""Saves of eight hours: one every six seconds."""

ISSUE = "2026-11-20"
HEADLINE = "document.querySelector('iframe').contentDocument?.querySelector('h1')?.innerText"
CHECKED = (
    "document.body.dataset.letter === document.querySelector('iframe').dataset.digest"
    " && !('checking' in document.body.dataset)"
)
_POLL = 10  # milliseconds between two looks at what is not timed
# The page itself notes when something is there, in milliseconds since 1970: looking again and
# again from outside costs four processes, on two cores, the time that is measured.
_NOTE_HEADLINE = f"""
if (top === window) {{
  const timer = setInterval(() => {{
    if (!document.querySelector("iframe") || !({HEADLINE})) return;
    clearInterval(timer);
    window.seen = performance.timeOrigin + performance.now();
  }}, 5);
}}
"""
_NOTE_SAVE = f"""words => {{
  window.seen = undefined;
  const page = document.querySelector("iframe").contentDocument;
  const changed = new MutationObserver(() => {{
    if ({HEADLINE} !== words) return;
    changed.disconnect();
    // What is changed now is drawn with the next frame.
    requestAnimationFrame(() => (window.seen = performance.timeOrigin + performance.now()));
  }});
  changed.observe(page, {{ subtree: true, childList: true, characterData: true }});
}}"""


def ready() -> Iterator[Result]:
    """From the command to the headline on the screen; the browser is running already."""
    samples = []
    with _project() as root, chromium() as browser:
        for _ in range(STARTS + 1):
            page = browser.new_page()
            page.add_init_script(_NOTE_HEADLINE)
            start = time.time()
            with _serving(root) as (address, _process):
                page.goto(address)
                samples.append(_seen(page) - start)
            page.close()
    yield Result("preview: ready, from the command to the letter", 1.0, "s", samples[1:])


def save_to_screen() -> Iterator[Result]:
    """Save an issue under a running preview; wait until the letter in the page shows it."""
    with _project() as root, _serving(root) as (address, _process), chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        _until(page, CHECKED)
        letters, findings = [], []
        for number in range(SAVES + 1):
            page.wait_for_timeout(300 + random.randrange(400))  # not in step with any timer
            page.evaluate(_NOTE_SAVE, _words(number))
            start = _save(root, number)
            page.wait_for_timeout(150)
            letters.append(_seen(page) - start)
            _until(page, CHECKED)
            findings.append(time.time() - start)
    letters, findings = letters[1:], findings[1:]
    yield Result("preview: save to screen", 0.15, "s", letters)
    yield Result("preview: save to screen, 95th percentile", 0.3, "s", [_percentile(letters)])
    yield Result("preview: save to findings", 0.5, "s", findings)


def a_working_day() -> Iterator[Result]:
    """Eight hours of saves with the page open: what the server's process grows by.

    The first 500 saves fill what is kept in memory on purpose.
    """
    with _project() as root, _serving(root) as (address, process), chromium() as browser:
        page = browser.new_page()
        page.goto(address)
        sizes: list[tuple[float, int]] = []
        for number in range(HOURS):
            _save(root, number)
            _until(page, f"{HEADLINE} === {_words(number)!r}")
            if number in (500, HOURS - 1):
                _until(page, CHECKED)
                sizes.append(_size(process.pid))
    grown, more = sizes[1][0] - sizes[0][0], sizes[1][1] - sizes[0][1]
    yield Result(f"preview: memory after {HOURS:,} saves", 200, "MB", [sizes[1][0]])
    yield Result("preview: growth since the 500th", 5, "MB", [grown])
    yield Result("preview: file handles more than at the 500th", 0, "", [more])


@contextlib.contextmanager
def _project() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        root = Path(folder)
        shutil.copy(ROOT / "newsletter.toml", root)
        shutil.copytree(ROOT / "issues", root / "issues")
        yield root


@contextlib.contextmanager
def _serving(root: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    # As installed: with compiled modules, which some shells switch off for development.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    server = subprocess.Popen(
        [COMMAND, "preview", ISSUE, "--no-open"],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        env={**environment, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout
        for line in server.stdout:
            if match := re.search(r"http://\S+", line):
                yield match[0], server
                break
        else:
            raise RuntimeError("the preview did not start")
    finally:
        server.terminate()
        server.wait()


def _words(number: int) -> str:
    return f"Saved for the {number}th time"


def _save(root: Path, number: int) -> float:
    """Save a new headline; returns when."""
    path = root / "issues" / f"{ISSUE}.yaml"
    text = re.sub(r"(?m)^title: .*$", f"title: {_words(number)}", path.read_text())
    start = time.time()
    path.write_text(text)
    return start


def _seen(page: Page) -> float:
    """When the page noted what it waited for, in seconds since 1970."""
    _until(page, "Boolean(window.seen)")
    return float(page.evaluate("window.seen")) / 1000


def _until(page: Page, expression: str) -> None:
    # Playwright's own waiting looks again only after up to half a second.
    give_up = time.monotonic() + 30
    while not page.evaluate(expression):
        if time.monotonic() > give_up:
            raise RuntimeError(f"never came true: {expression}")
        page.wait_for_timeout(_POLL)


def _percentile(samples: list[float]) -> float:
    return sorted(samples)[math.ceil(0.95 * len(samples)) - 1]


def _size(pid: int) -> tuple[float, int]:
    """Resident megabytes and open files of a process, once it is quiet."""
    readings = []
    for _ in range(5):
        time.sleep(0.2)
        status = Path(f"/proc/{pid}/status").read_text()
        readings.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
    return statistics.median(readings), len(list(Path(f"/proc/{pid}/fd").iterdir()))
