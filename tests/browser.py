"""A real Chromium without a screen, for tests and benchmarks."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, Error, Page, sync_playwright

# A page comes in a window, and beside its address a window keeps two pages of Chromium's own, for
# what it would suggest there: on 2026-11-24 they were three quarters of the work of opening a page.
_NOBODY_TYPES_AN_ADDRESS = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")

# Only the last switch of a name counts; so it has to repeat what Playwright turns off.
_TURNED_OFF = (
    *_NOBODY_TYPES_AN_ADDRESS,
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine: a letter's https pictures and links lead nowhere.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    f"--disable-features={','.join(_TURNED_OFF)}",
)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; ``CHROMIUM`` says where it is, if not on the path.

    While it is open, ``asyncio.run()`` cannot be used on this thread.
    """
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise RuntimeError("no Chromium: install Debian's chromium, or set CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def screenshot(page: Page) -> bytes:
    """What a page looks like, as PNG; Chromium now and then cannot say so at the first time."""
    try:
        return page.screenshot()
    except Error:
        return page.screenshot()
