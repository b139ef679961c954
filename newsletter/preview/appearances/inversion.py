"""A letter with light and dark exchanged by force, as Gmail's app for the iPhone does it."""

from __future__ import annotations

from newsletter.preview.appearances.markup import rewritten, with_head
from newsletter.preview.appearances.recolour import recoloured_attributes
from newsletter.preview.appearances.schemes import (
    schemed_attributes,
    schemed_sheet,
)
from newsletter.preview.appearances.sheets import Recolouring, recoloured_sheet

# Gmail does not publish its formula. Its page is taken to be Material Design's dark surface,
# #121212, whose lightness in CIELAB is 5.46.
_PAGE = "#121212"
_LINK = "#0000ee"  # as browsers show one that has no colour (WHATWG HTML 15.3.4)
_RECOLOURING = Recolouring(darkest=5.464, lines=True)


def inverted(html: str) -> str:
    """A letter in which all that is light is dark and the other way round, but for pictures.

    Text, backgrounds and borders change, in style sheets and on elements; gradients do not. The
    letter's own dark colours do not apply (caniemail on prefers-color-scheme, 2023-03-08).
    """
    # Not color-scheme: that would let the letter's own light-dark() colours through.
    page = (
        f"<style>:where(body){{background-color:{_PAGE};color:#ffffff}}"
        f":where(a:any-link){{color:{_RECOLOURING.of(_LINK)}}}</style>"
    )
    return with_head(rewritten(html, _sheet, _attributes), page)


def _sheet(css: str) -> str:
    return schemed_sheet(recoloured_sheet(css, _RECOLOURING), dark=False)


def _attributes(name: str, source: str) -> str:
    changed = recoloured_attributes(name, source, _RECOLOURING)
    return schemed_attributes(name, changed, dark=False)
