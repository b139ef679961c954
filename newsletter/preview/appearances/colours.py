"""Colours made dark or light by turning their lightness round, hue and strength kept."""

from __future__ import annotations

import functools
from typing import NamedTuple


class Colour(NamedTuple):
    """A colour in sRGB.

    Attributes:
        red: From 0 to 1, as the others.
        green: See ``red``.
        blue: See ``red``.
        alpha: 0 is transparent.
    """

    red: float
    green: float
    blue: float
    alpha: float

    @property
    def css(self) -> str:
        """As browsers write it (CSSOM, serializing CSS values): ``rgb(51, 51, 51)``."""
        red, green, blue = (round(255 * part) for part in self[:3])
        if self.alpha < 1:
            return f"rgba({red}, {green}, {blue}, {self.alpha:.3g})"
        return f"rgb({red}, {green}, {blue})"


@functools.lru_cache(maxsize=1024)  # a letter has a dozen colours, hundreds of times
def parse(text: str) -> Colour | None:
    """A colour in any notation of CSS for sRGB.

    Names, ``#rgb``, ``#rrggbbaa``, ``rgb()``, ``hsl()`` and ``hwb()`` are known. None for what is
    no colour or takes another one's (``currentcolor``, ``canvastext``), for what is wholly
    transparent, and for the notations of wider gamuts, which no mail program knows.
    """
    from tinycss2 import color4

    try:
        colour = color4.parse_color(text)
        if colour is None or isinstance(colour, str) or not colour.alpha:
            return None
        red, green, blue = (_within(part) for part in colour.to("srgb").coordinates)
    except (NotImplementedError, TypeError, ValueError):
        return None
    return Colour(red, green, blue, _within(colour.alpha))


@functools.lru_cache(maxsize=1024)
def turned(colour: Colour, darkest: float) -> Colour:
    """A colour with its lightness turned round: black becomes white, white becomes the darkest.

    CIELAB (CIE 15, D65): ``L' = (100 - L) (100 - darkest) / 100 + darkest``, a and b as they are.
    What sRGB cannot show is cut off at its border.

    Args:
        colour: Any.
        darkest: Lightness of what white becomes, 0 to 100.
    """
    lightness, a, b = _lab(colour)
    lightness = (100 - lightness) * (100 - darkest) / 100 + darkest
    return _from_lab(lightness, a, b, colour.alpha)


_D65 = (0.95047, 1.0, 1.08883)
_KNEE = 6 / 29


def _lab(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (_linear(part) for part in colour[:3])
    xyz = (
        0.4124564 * red + 0.3575761 * green + 0.1804375 * blue,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        0.0193339 * red + 0.1191920 * green + 0.9503041 * blue,
    )
    x, y, z = (
        t ** (1 / 3) if t > _KNEE**3 else t / (3 * _KNEE**2) + 4 / 29
        for t in (part / white for part, white in zip(xyz, _D65, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _from_lab(lightness: float, a: float, b: float, alpha: float) -> Colour:
    middle = (lightness + 16) / 116
    x, y, z = (
        white * (t**3 if t > _KNEE else 3 * _KNEE**2 * (t - 4 / 29))
        for t, white in zip((middle + a / 500, middle, middle - b / 200), _D65, strict=True)
    )
    linear = (
        3.2404542 * x - 1.5371385 * y - 0.4985314 * z,
        -0.9692660 * x + 1.8760108 * y + 0.0415560 * z,
        0.0556434 * x - 0.2040259 * y + 1.0572252 * z,
    )
    red, green, blue = (_within(_gamma(part)) for part in linear)
    return Colour(red, green, blue, alpha)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _within(part: float) -> float:
    return min(max(part, 0.0), 1.0)
