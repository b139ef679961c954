"""The preview as an editor has it in front of them: its page, its files, its frames."""

from __future__ import annotations

import hashlib
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.unit.preview.conftest import PARAGRAPH, SETTINGS, Running

SLUG = "2026-11-20"

ISSUE = f"""\
# Notes to colleagues stay where they are.
subject: The night ferry is back
preheader: A new timetable, and a market hall without a name
date: 2026-11-20
intro: Hello {{{{ name | neighbour }}}}, this is the letter.
summary:
  - text: The night ferry sails again.
    story: ferry
  - text: The market hall needs a name.
    story: market
sections:
  - headline: Night ferry returns
    id: ferry
    image:
      src: pictures/ferry.png
      alt: A ferry at night
      credit: Ada Sample
    body: |
      The first paragraph of the ferry.

      [The timetable](https://example.org/timetable) is on the pier.

      {PARAGRAPH}

      {PARAGRAPH}
  - headline: "The market hall"  # in quotes
    id: market
    body: |
      {PARAGRAPH}

      - Bring a chair.
      - Bring a name.

      {PARAGRAPH}
  - headline: Seals on the quay
    body: |
      {PARAGRAPH}

      {PARAGRAPH}
"""


@dataclass
class Desk:
    """A project, its preview, and a window on it.

    Attributes:
        page: Playwright's page.
        running: The preview.
        folder: Of the project.
    """

    page: Any
    running: Running
    folder: Path

    @property
    def issue(self) -> Path:
        return self.folder / "issues" / f"{SLUG}.yaml"

    @property
    def text(self) -> str:
        return self.issue.read_text(encoding="utf-8")

    def save(self, old: str, new: str) -> None:
        """Save the issue as another program does it."""
        whole = self.text
        assert old in whole
        self.issue.write_text(whole.replace(old, new), encoding="utf-8")

    def address(self, query: str = "") -> str:
        return f"{self.running.base}/issue/{SLUG}{query}"

    def open(self, query: str = "") -> None:
        """Go to the issue and wait until everything stands."""
        self.page.goto(self.address(query), wait_until="domcontentloaded")
        self.settle()

    def settle(self) -> None:
        """Wait until the page shows the file as it stands, checked, with its places."""
        self.digest()
        self.until("!('checking' in document.body.dataset)")
        self.until(
            "[...document.querySelectorAll('iframe.frame')].every((f) => f.dataset.settled &&"
            " (f.dataset.kind === 'web' || f.contentDocument.querySelector('[data-place]')))"
        )

    def digest(self) -> None:
        """Wait until the page knows the file as it stands."""
        wanted = hashlib.sha256(self.issue.read_bytes()).hexdigest()
        self.until(f"document.body?.dataset.file === '{wanted}'")

    def until(self, expression: str) -> None:
        """Wait for something; Playwright's own way is stopped by the page's policy."""
        give_up = time.monotonic() + 60
        while True:
            try:
                if self.page.evaluate(expression):
                    return
            except Exception as error:  # the page was replaced this very moment
                if "context was destroyed" not in str(error) and "null" not in str(error):
                    raise
            assert time.monotonic() < give_up, f"never came true: {expression}"
            self.page.wait_for_timeout(40)  # each look costs four processes

    def pane(self, kind: str = "letter", width: int | None = None) -> Any:
        at = f"[data-width='{width}']" if width else ""
        return self.page.locator(f".pane[data-kind='{kind}']{at}").first

    def letter(self, kind: str = "letter", width: int | None = None) -> Any:
        """What a frame shows."""
        return self.pane(kind, width).locator("iframe").content_frame

    def panes(self) -> list[str]:
        """``letter-640`` and the like, as they stand side by side."""
        found = self.page.locator(".pane").evaluate_all(
            "panes => panes.map((p) => [p.dataset.kind, p.dataset.width])"
        )
        return [kind if width == "0" else f"{kind}-{width}" for kind, width in found]

    def shows(self, *panes: str) -> None:
        """Wait until these panes stand side by side, and the page's scripts run."""
        for number, pane in enumerate(panes, 1):
            kind = pane.rstrip("0123456789").rstrip("-")
            self.page.locator(f"#pane-{number}-{kind}").wait_for()
        self.page.wait_for_load_state("domcontentloaded")
        assert self.panes() == list(panes)

    def toast(self, words: str) -> None:
        self.page.locator("#toast", has_text=words).wait_for()

    def focused(self) -> str:
        found: str = self.page.evaluate("document.activeElement.id")
        return found


def write_project(folder: Path) -> None:
    """Put the project back as every test finds it; files that are right are not touched."""
    wanted = {
        folder / "newsletter.toml": SETTINGS,
        folder / "issues" / f"{SLUG}.yaml": ISSUE,
        folder / "issues" / "2026-11-13.yaml": ISSUE.replace("is back", "is late").replace(
            "2026-11-20", "2026-11-13"
        ),
    }
    for path in (folder / "issues").glob("*.yaml"):
        if path not in wanted:
            path.unlink()
    for name in ("templates", "outbox", "lint"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / ".newsletter" / "proof-addresses.json").unlink(missing_ok=True)
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
