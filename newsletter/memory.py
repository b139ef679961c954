"""How the process takes memory from the system, and looks for garbage."""

from __future__ import annotations

import contextlib
import gc

_ARENA_MAX = -8
"""``M_ARENA_MAX`` of mallopt(3)."""


def collect_seldom() -> None:
    """Look for garbage after every 20,000 new objects, not after every 700.

    Modules make objects by the ten thousand and none of them is garbage; nor does sending leave
    any. Looking takes a twentieth of a start, and of a sending.
    """
    gc.set_threshold(20_000)


def share_one_heap() -> None:
    """Have all threads of this process share one heap, where the C library has several (glibc).

    Each thread of a server frees into a heap of its own, from which no other takes: a preview that
    had shown 400 saves held 200 MB rather than 135, and grew (2026-11-23). Nothing waits for it,
    since the interpreter lets one thread allocate at a time anyhow.
    """
    import ctypes  # not needed for --help

    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
