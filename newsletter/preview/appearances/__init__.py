"""How one letter looks elsewhere: in the dark, without pictures, without style sheets.

Each appearance changes what it names in the letter's source and nothing else, so that the elements
in ``<body>`` stay the same in number and order, and a place in one view is the same place in all.
"""

from __future__ import annotations

import enum
import functools


class Appearance(enum.StrEnum):
    """A way in which readers meet a letter."""

    LETTER = "letter"
    DARK = "dark"
    OUTLOOK = "outlook-dark"
    INVERTED = "gmail-dark"
    NO_IMAGES = "no-images"
    NO_STYLES = "no-styles"

    @property
    def label(self) -> str:
        """For a heading."""
        return _WORDS[self][0]

    @property
    def note(self) -> str:
        """Which programs show it so, and what is only simulated; one sentence."""
        return _WORDS[self][1]

    @property
    def is_dark(self) -> bool:
        """The letter may rely on a dark page behind it.

        Give its frame ``background: canvas`` and ``color-scheme: dark``, else ``light``.
        """
        return self in (Appearance.DARK, Appearance.OUTLOOK, Appearance.INVERTED)

    @property
    def blocks_images(self) -> bool:
        """No picture is shown: let none be loaded, or see ``without_images``."""
        return self is Appearance.NO_IMAGES


# Which programs: caniemail's data of 2026-05-13 on prefers-color-scheme, <style> and color-scheme.
_WORDS = {
    Appearance.LETTER: (
        "As sent",
        "As programs in a light colour scheme show it, drawn by this browser.",
    ),
    Appearance.DARK: (
        "Dark, its own colours",
        "The letter's own dark colours, as Apple Mail, Samsung Email and others apply them when "
        "the device is dark; drawn by this browser.",
    ),
    Appearance.OUTLOOK: (
        "Dark in Outlook",
        "A simulation of Outlook.com, the new Outlook and Outlook on phones, which recolour the "
        "letter and then apply its own dark colours.",
    ),
    Appearance.INVERTED: (
        "Dark in Gmail on iPhone",
        "A simulation of Gmail's iPhone app, which turns light into dark and dark into light and "
        "does not ask the letter; its exact colours are not published.",
    ),
    Appearance.NO_IMAGES: (
        "Without pictures",
        "As programs show it that load no pictures until the reader asks, such as Outlook for "
        "Windows and Thunderbird; drawn by this browser.",
    ),
    Appearance.NO_STYLES: (
        "Without style sheets",
        "As it looks once forwarded, or in Gmail's apps with another provider's account: style "
        "sheets are gone, styles written on the elements stay; drawn by this browser.",
    ),
}
_NO_DARK = (
    "This letter has no dark colours of its own, so Apple Mail, Samsung Email and others show it "
    "as sent when the device is dark."
)


@functools.lru_cache(maxsize=12)  # the views of two letters, each asked for again and again
def appear(html: str, appearance: Appearance) -> str:
    """A letter as it appears elsewhere.

    Args:
        html: The HTML part exactly as sent.
        appearance: Where. ``LETTER`` changes nothing, so that a browser in a dark scheme shows the
            dark colours; see ``light``.
    """
    match appearance:
        case Appearance.DARK:
            from newsletter.preview.appearances.schemes import schemed

            return schemed(html, dark=True)
        case Appearance.OUTLOOK:
            from newsletter.preview.appearances.outlook import outlook

            return outlook(html)
        case Appearance.INVERTED:
            from newsletter.preview.appearances.inversion import inverted

            return inverted(html)
        case Appearance.NO_IMAGES:
            from newsletter.preview.appearances.images import boxed

            return boxed(light(html))
        case Appearance.NO_STYLES:
            from newsletter.preview.appearances.unstyled import unstyled

            return light(unstyled(html))
        case _:
            return html


@functools.lru_cache(maxsize=4)
def light(html: str) -> str:
    """A letter that looks as in a light colour scheme, whatever the browser's own is."""
    from newsletter.preview.appearances.schemes import schemed

    return schemed(html, dark=False)


def has_own_dark(html: str) -> bool:
    """Whether a letter says how to look in the dark."""
    return appear(html, Appearance.DARK) != light(html)


def note(html: str, appearance: Appearance) -> str:
    """What to say beside a letter that is shown so; one sentence."""
    if appearance is Appearance.DARK and not has_own_dark(html):
        return _NO_DARK
    return appearance.note


def without_images(html: str) -> str:
    """A letter that loads no picture, embedded ones and backgrounds included.

    For pages that stand alone, around ``NO_IMAGES``. A server says the same in its response
    (``Content-Security-Policy: img-src 'none'``).
    """
    from newsletter.preview.appearances.images import blocked

    return blocked(html)
