"""A letter in the dark as Outlook shows it: recoloured, and marked as such."""

from __future__ import annotations

from newsletter.preview.appearances.markup import rewritten, with_head
from newsletter.preview.appearances.recolour import Marks, recoloured_attributes
from newsletter.preview.appearances.schemes import (
    schemed_attributes,
    schemed_sheet,
)
from newsletter.preview.appearances.sheets import Recolouring, recoloured_sheet

# The open editor of Outlook on the web turns the lightness of colours round, down to that of its
# own page (roosterjs, getDarkColor.ts, looked up 2026-11; messages saved from Outlook have the
# same colours). Borders stay.
_PAGE = "#333333"
_RECOLOURING = Recolouring(darkest=21.247, lines=False)
# Named in caniemail's notes on prefers-color-scheme (2023-03-08).
_MARKS = Marks("data-ogsc", "data-ogsb", "data-ogac", "data-ogab")


def outlook(html: str) -> str:
    """A letter as Outlook.com, the new Outlook and Outlook on phones show it in the dark.

    Colours of text and backgrounds are turned round, and what they were stands in ``data-ogsc``
    and ``data-ogsb`` (``data-ogac`` and ``data-ogab`` for ``color`` and ``bgcolor``), so the
    letter's rules for these attributes apply. So do its ``prefers-color-scheme`` rules: caniemail
    has tested that they do in all of these programs (2023-03-08) where the device is dark, too.

    A simulation: Outlook writes some colours as ``!important``, and its page is not always #333333.
    """
    page = (
        "<style>:root{color-scheme:dark!important}"
        f":where(body){{background-color:{_PAGE};color:#ffffff}}</style>"
    )
    return with_head(rewritten(html, _sheet, _attributes), page)


def _sheet(css: str) -> str:
    return schemed_sheet(recoloured_sheet(css, _RECOLOURING), dark=True)


def _attributes(name: str, source: str) -> str:
    changed = recoloured_attributes(name, source, _RECOLOURING, _MARKS)
    return schemed_attributes(name, changed, dark=True)
