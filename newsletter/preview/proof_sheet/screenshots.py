"""Pictures of the letter as an installed browser draws it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import html as entities
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.preview.proof_sheet.views import View

if TYPE_CHECKING:
    from PIL import Image

PROGRAMS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
"""Names of Chromium, Chrome and Edge."""

SECONDS = 60
"""How long the browser may take for one step."""

_SLICE = 4000  # pixels; browsers draw no more than about 16,000 at once
_TALLEST = 60_000
_SPARE = 200  # pixels that a window may lose to its frame
_SCROLL = "document.body.style.marginTop=`-${location.hash.slice(1)}px`"
_MEASURE = (
    "addEventListener('load',()=>{document.title='measured '+"
    "[...document.querySelectorAll('iframe')].map(f=>{const d=f.contentDocument;"
    "return Math.max(d.documentElement.scrollHeight,d.body?d.body.scrollHeight:0)}).join(' ')})"
)


class Browser:
    """A Chromium, Chrome or Edge that is installed on this machine.

    It is started anew for each step, without a window, with a profile that is thrown away, and
    with no host that it could ask.
    """

    def __init__(self, program: str) -> None:
        self._program = program

    @classmethod
    def find(cls, environment: Mapping[str, str] = os.environ) -> Browser:
        """The browser that ``CHROMIUM`` names, or the first on the path.

        Raises:
            NewsletterError: There is none.
        """
        named = environment.get("CHROMIUM")
        path = environment.get("PATH", "")
        for program in [named] if named else PROGRAMS:
            if found := shutil.which(program, path=path):
                return cls(found)
        raise NewsletterError(
            f"CHROMIUM names no program: {named}"
            if named
            else "no browser for screenshots is on this machine",
            "Install Chromium, Chrome or Edge, or say where it is: CHROMIUM=/path/to/chromium",
        )

    def take(self, views: Sequence[View]) -> dict[str, bytes]:
        """A PNG of each view by its name, the whole letter from top to bottom.

        Raises:
            NewsletterError: The browser fails, or takes longer than a minute for one step.
        """
        with tempfile.TemporaryDirectory(prefix="newsletter-proof-") as name:
            folder = Path(name)
            page = folder / "letters.html"
            page.write_text(_page(views, [1] * len(views), script=_MEASURE), encoding="utf-8")
            heights = self._measure(folder, page, len(views))
            page.write_text(_page(views, heights), encoding="utf-8")
            return _cut_up(self._draw(folder, page, views, max(heights)), views, heights)

    def _measure(self, folder: Path, page: Path, number: int) -> list[int]:
        printed = self._run(folder, page.as_uri(), "--dump-dom").decode("utf-8", "replace")
        found = re.search(r"<title>measured ([\d ]+)</title>", printed)
        heights = [int(height) for height in found[1].split()] if found else []
        if len(heights) != number:
            raise self._failed("could not measure the letter")
        return [min(max(height, 1), _TALLEST) for height in heights]

    def _draw(self, folder: Path, page: Path, views: Sequence[View], height: int) -> Image.Image:
        """All views beside each other; in slices, as browsers draw only so much at once."""
        from PIL import Image

        width = sum(view.width for view in views)
        whole = Image.new("RGB", (width, height))
        for top in range(0, height, _SLICE):
            seen = min(_SLICE, height - top)
            picture = folder / f"{top}.png"
            window = f"--window-size={width + _SPARE},{seen + _SPARE}"
            self._run(folder, f"{page.as_uri()}#{top}", window, f"--screenshot={picture}")
            try:
                with Image.open(picture) as drawn:
                    if drawn.width < width or drawn.height < seen:
                        raise self._failed("drew only a part of the letter")
                    whole.paste(drawn.convert("RGB").crop((0, 0, width, seen)), (0, top))
            except OSError as error:
                raise self._failed("drew no picture of the letter") from error
        return whole

    def _failed(self, what: str) -> NewsletterError:
        return NewsletterError(
            f"{Path(self._program).name} {what}", "Try another browser: CHROMIUM=/path/to/chromium"
        )

    def _run(self, folder: Path, address: str, *arguments: str) -> bytes:
        command = [
            self._program,
            "--headless",
            *_ARGUMENTS,
            f"--user-data-dir={folder / 'profile'}",
            *arguments,
            address,
        ]
        printed = folder / "printed"
        with printed.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - no shell; the program is the user's own browser
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            try:
                code = process.wait(SECONDS)
            except subprocess.TimeoutExpired as error:
                raise NewsletterError(
                    f"{Path(self._program).name} did not finish within {SECONDS} seconds",
                    "Close other programs and run it again, or leave --screenshots out.",
                ) from error
            finally:
                _end(process)
        if code:
            raise self._failed(f"ended with exit code {code}")
        return printed.read_bytes()


_ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # Chromium refuses to start as root with its sandbox; the pages here run no foreign script.
    *(("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()),
)


def _page(views: Sequence[View], heights: Sequence[int], script: str = _SCROLL) -> str:
    """Letters beside each other. Of all that stands here, only the one script of ours runs."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        '<!doctype html><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'\">"
        "<style>html{overflow:hidden;color-scheme:light}body{display:flex;margin:0}"
        "iframe{flex:none;border:0;background:canvas}</style>"
        + "".join(map(_frame, views, heights))
        + f"<script>{script}</script>"
    )


def _frame(view: View, height: int) -> str:
    # Without allow-same-origin, Chromium draws the frame in another process, often too late.
    return (
        f'<iframe sandbox="allow-same-origin" srcdoc="{entities.escape(view.html)}" scrolling="no" '
        f'style="width:{view.width}px;height:{height}px;'
        f'color-scheme:{"dark" if view.is_dark else "light"}"></iframe>'
    )


def _cut_up(whole: Image.Image, views: Sequence[View], heights: Sequence[int]) -> dict[str, bytes]:
    found = {}
    left = 0
    for view, height in zip(views, heights, strict=True):
        file = io.BytesIO()
        whole.crop((left, 0, left + view.width, height)).save(file, "PNG")
        found[view.name] = file.getvalue()
        left += view.width
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the browser with all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()
