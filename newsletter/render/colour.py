"""Contrast of colours, so that a newsletter's own colour stays readable (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

import functools
import re

READABLE = 4.5
"""Least contrast of text against what is behind it, level AA."""


@functools.lru_cache(maxsize=512)  # a letter has few pairs of colours, each hundreds of times
def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours ``#rrggbb``, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(_channels(one)), _luminance(_channels(other))))[::-1]
    return (lighter + 0.05) / (darker + 0.05)


def readable(colour: str, background: str) -> str:
    """The colour, made darker or lighter until it can be read on that background.

    Args:
        colour: ``#rrggbb``.
        background: ``#rrggbb``; on a dark one the colour becomes lighter, else darker.

    Raises:
        ValueError: One of them is not written like that.
    """
    end = 255 if _luminance(_channels(background)) < 0.18 else 0
    channels = _channels(colour)
    for step in range(21):
        mixed = [round(c + (end - c) * step / 20) for c in channels]
        candidate = "#" + "".join(f"{c:02x}" for c in mixed)
        if contrast(candidate, background) >= READABLE:
            return candidate
    return f"#{end:02x}{end:02x}{end:02x}"


def _channels(colour: str) -> list[int]:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f'"{colour}" is not a colour like #0b5c6b')
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]


def _luminance(channels: list[int]) -> float:
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (channel / 255 for channel in channels)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
