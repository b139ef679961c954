"""The letter in each of the ways that a proof shows, as documents that stand alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.preview.appearances import Appearance, appear, light, note, without_images
from newsletter.preview.appearances.markup import (
    Edit,
    attributes_of,
    edited,
    rewritten,
    with_head,
    written,
)
from newsletter.preview.proof_sheet.pictures import carrying

DESKTOP, PHONE = 640, 375
"""Pixels."""

_KINDS = (
    ("desktop", "Desktop", Appearance.LETTER, DESKTOP),
    ("phone", "Phone", Appearance.LETTER, PHONE),
    ("dark", "", Appearance.DARK, PHONE),
    ("outlook-dark", "", Appearance.OUTLOOK, PHONE),
    ("gmail-dark", "", Appearance.INVERTED, PHONE),
    ("no-images", "", Appearance.NO_IMAGES, DESKTOP),
    ("no-styles", "", Appearance.NO_STYLES, PHONE),
)
# A link that is clicked would put its page, or the browser's refusal, where the letter is. A frame
# that may open no window does nothing instead. Of several <base>, the first holds.
_INERT = '<base target="_blank">'
# Browsers leave out backgrounds on paper, and so would show pale text on white.
_ON_PAPER = "<style>:root{-webkit-print-color-adjust:exact;print-color-adjust:exact}</style>"


_PRELUDE = re.compile(r"@media[^{;]*", re.IGNORECASE)
_SCREEN = re.compile(r"(?<![\w-])(?:only\s+)?screen(?![\w-])", re.IGNORECASE)
_PAPER = re.compile(r"(?<![\w-])(?:only\s+)?print(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class View:
    """The letter in one of the ways that readers meet it.

    Attributes:
        name: For file names: ``phone``, ``gmail-dark``.
        label: For a heading.
        note: Which programs show it so, and what is only simulated; one sentence.
        width: Of the screen, in pixels.
        is_dark: The page behind the letter is dark.
        html: The letter as a document for a frame; it asks nobody for anything.
    """

    name: str
    label: str
    note: str
    width: int
    is_dark: bool
    html: str


def views(html: str, own: Mapping[str, str]) -> tuple[View, ...]:
    """Every view of a letter.

    Args:
        html: The HTML part as sent.
        own: Its own pictures, see ``own_pictures``.
    """
    return tuple(
        View(
            name,
            label or appearance.label,
            note(html, appearance),
            width,
            appearance.is_dark,
            with_head(_as_on_a_screen(_shown(html, appearance, own)), _INERT + _ON_PAPER),
        )
        for name, label, appearance, width in _KINDS
    )


def _as_on_a_screen(html: str) -> str:
    """A letter that looks on paper as on a screen."""

    def in_sheet(css: str) -> str:
        return _PRELUDE.sub(lambda found: _answered(found[0]), css)

    def in_tag(_: str, source: str) -> str:
        edits = [
            Edit(one.start, one.end, written(_answered(one.value)))
            for one in attributes_of(source)
            if one.name == "media"
        ]
        return edited(source, edits)

    return rewritten(html, in_sheet, in_tag)


def _answered(query: str) -> str:
    """A media query that asks for a screen always holds, one that asks for paper never does."""
    return _SCREEN.sub("all", _PAPER.sub("not all", query))


def _shown(html: str, appearance: Appearance, own: Mapping[str, str]) -> str:
    if appearance is Appearance.LETTER:
        return carrying(light(html), own).html
    if appearance.blocks_images:
        return without_images(appear(html, appearance))
    return carrying(appear(html, appearance), own).html
