"""Colours as CSS writes them → ``#rrggbb``, as they look on a ground."""

from __future__ import annotations

import functools


@functools.lru_cache(maxsize=512)
def blended(value: str, ground: str | None) -> str | None:
    """A colour as it looks on a ground; None if that cannot be said.

    Args:
        value: A colour of CSS Color 3: ``#06c``, ``rgba(0, 0, 0, .5)``, ``teal``.
        ground: ``#rrggbb`` of what is behind it, for colours that let it shine through.
    """
    from tinycss2.color3 import parse_color

    colour = parse_color(value)
    if colour is None or isinstance(colour, str):
        return None
    if colour.alpha >= 1:
        return _hex(colour.red, colour.green, colour.blue)
    if ground is None:
        return None
    behind = (int(ground[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return _hex(
        *(
            front * colour.alpha + back * (1 - colour.alpha)
            for front, back in zip(colour[:3], behind, strict=True)
        )
    )


def _hex(red: float, green: float, blue: float) -> str:
    return "#" + "".join(
        f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in (red, green, blue)
    )
