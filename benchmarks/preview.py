"""From a save in the editor to the new headline on the screen, in a real browser."""

from __future__ import annotations

import contextlib
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.processes import COMMAND, ROOT
from benchmarks.result import Result
from tests.browser import chromium

SAVES = 16
HEADLINE = "document.querySelector('iframe.desktop').contentDocument.querySelector('h1').innerText"


def save_to_screen() -> Iterator[Result]:
    """Save an issue under a running preview; wait until the letter in the page shows it."""
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        root = Path(folder)
        shutil.copy(ROOT / "newsletter.toml", root)
        shutil.copytree(ROOT / "issues", root / "issues")
        with _serving(root) as address, chromium() as browser:
            page = browser.new_page()
            page.goto(address)
            samples = [_save(page, root / "issues" / "2026-11-20.yaml", n) for n in range(SAVES)]
    yield Result("preview: save to screen, full issue", 0.35, "s", samples[1:])


@contextlib.contextmanager
def _serving(root: Path) -> Iterator[str]:
    server = subprocess.Popen(
        [COMMAND, "preview", "2026-11-20", "--no-open"],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout
        for line in server.stdout:
            if match := re.search(r"http://\S+", line):
                yield match[0]
                break
        else:
            raise RuntimeError("the preview did not start")
    finally:
        server.terminate()
        server.wait()


def _save(page: Page, path: Path, number: int) -> float:
    page.wait_for_timeout(500 + random.randrange(500))  # not in step with any timer
    words = f"Saved for the {number}th time"
    text = re.sub(r"(?m)^title: .*$", f"title: {words}", path.read_text())
    start = time.perf_counter()
    path.write_text(text)
    # Asked every 20 ms: Playwright's own waiting looks again only after up to half a second.
    while page.evaluate(HEADLINE) != words:
        page.wait_for_timeout(20)
    return time.perf_counter() - start
