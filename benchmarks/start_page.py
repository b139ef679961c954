"""The list of 500 issues, as an editor waits for it, in a real browser."""

from __future__ import annotations

import contextlib
import datetime
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.preview import CHECKED
from benchmarks.processes import COMMAND, ROOT
from benchmarks.result import Result
from tests.browser import chromium

ISSUES = 500
OPENINGS = 7
LATEST = datetime.date(2026, 11, 20)

# Milliseconds since the address was asked for: until the server had answered, and until all rows
# were there and painted.
_TIMES = f"""new Promise((say) => {{
    const look = () => {{
        const rows = document.querySelectorAll("#shelf tbody tr").length;
        if (rows < {ISSUES} || document.readyState === "loading") return setTimeout(look, 5);
        const asked = performance.getEntriesByType("navigation")[0];
        requestAnimationFrame(() => setTimeout(() =>
            say([asked.responseEnd - asked.requestStart, performance.now()])));
    }};
    look();
}})"""


def start_page() -> Iterator[Result]:
    """Ask for the start page as an editor does, from the page of an issue; and at once.

    At once means: while the preview that was just started makes its first letter.
    """
    with tempfile.TemporaryDirectory(prefix="newsletter-bench-") as folder:
        root = Path(folder)
        _fill(root)
        first: list[list[float]] = []
        again: list[list[float]] = []
        later: list[list[float]] = []
        with chromium() as browser:
            for _ in range(OPENINGS):
                shutil.rmtree(root / ".newsletter", ignore_errors=True)
                for samples in (first, again):
                    with _serving(root) as base:
                        page = browser.new_page()
                        page.goto(f"{base}/", wait_until="commit")
                        samples.append([time / 1000 for time in page.evaluate(_TIMES)])
                        page.close()
                shutil.rmtree(root / ".newsletter", ignore_errors=True)
                with _serving(root) as base:
                    page = browser.new_page()
                    page.goto(f"{base}/issue/{LATEST}")
                    page.wait_for_function(CHECKED)
                    page.goto(f"{base}/", wait_until="commit")
                    later.append([time / 1000 for time in page.evaluate(_TIMES)])
                    page.close()
    kinds = (
        ("from an issue, nothing remembered", later),
        ("at once, nothing remembered", first),
        ("at once, remembered", again),
    )
    for what, samples in kinds:
        server, shown = zip(*samples, strict=True)
        yield Result(f"start page, {ISSUES} issues, {what}: on the screen", 0.5, "s", shown)
        yield Result(f"start page, {ISSUES} issues, {what}: server alone", 0.5, "s", server)


def _fill(root: Path) -> None:
    shutil.copy(ROOT / "newsletter.toml", root)
    shutil.copytree(ROOT / "issues" / "pictures", root / "issues" / "pictures")
    text = (ROOT / "issues" / f"{LATEST}.yaml").read_text()
    for week in range(ISSUES):
        date = LATEST - datetime.timedelta(weeks=week)
        issue = re.sub(r"(?m)^date: .*$", f"date: {date}", text)
        (root / "issues" / f"{date}.yaml").write_text(issue)


@contextlib.contextmanager
def _serving(root: Path) -> Iterator[str]:
    """The address of a preview, up to the token; the letter is asked for by nobody."""
    server = subprocess.Popen(
        [COMMAND, "preview", str(LATEST), "--no-open"],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert server.stdout
        for line in server.stdout:
            if match := re.search(r"(http://\S+?)/issue/", line):
                yield match[1]
                break
        else:
            raise RuntimeError("the preview did not start")
    finally:
        server.terminate()
        server.wait()
