"""From a save in the editor to the new headline on the screen, in a real browser."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.processes import COMMAND, ROOT
from benchmarks.result import Result

SAVES = 16


def save_to_screen() -> Iterator[Result]:
    """Save an issue under a running preview; wait until the letter in the page shows it."""
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        root = Path(folder)
        shutil.copy(ROOT / "newsletter.toml", root)
        shutil.copytree(ROOT / "issues", root / "issues")
        server = subprocess.Popen(
            [COMMAND, "preview", "--no-open", "--port", "0"],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert server.stdout
        address = ""
        while not (match := re.search(r"http://\S+", address)):
            address = server.stdout.readline()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            )
            page = browser.new_page()
            page.goto(match[0])
            samples = [_save(page, root / "issues" / "2026-11-20.yaml", n) for n in range(SAVES)]
            browser.close()
        server.terminate()
        server.wait()
    yield Result("preview: save to screen, full issue", 0.35, "s", samples[1:])


def _save(page: Page, path: Path, number: int) -> float:
    time.sleep(0.5 + random.random() / 2)  # noqa: S311 - not in step with any timer
    words = f"Saved for the {number}th time"
    text = re.sub(r"(?m)^title: .*$", f"title: {words}", path.read_text())
    start = time.perf_counter()
    path.write_text(text)
    page.wait_for_function(
        """words => [...document.querySelectorAll('iframe')].some(
               f => f.contentDocument?.querySelector('h1')?.textContent.includes(words))""",
        arg=words,
        polling=20,
    )
    return time.perf_counter() - start
