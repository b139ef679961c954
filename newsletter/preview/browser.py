"""Opening the editor's browser."""

from __future__ import annotations

import os
import sys
import threading
import webbrowser


def show(address: str) -> None:
    """Open an address in the browser, if this machine has a screen; does not wait for it."""
    if has_screen():
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def has_screen() -> bool:
    """Whether there is a screen; without one, a text browser would take over the terminal."""
    return sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
