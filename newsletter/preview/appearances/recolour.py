"""Colours changed on an element: in its ``style`` and in attributes such as ``bgcolor``."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from newsletter.preview.appearances.markup import (
    Attribute,
    Edit,
    attributes_of,
    edited,
    written,
)
from newsletter.preview.appearances.sheets import (
    Recolouring,
    recoloured_style,
)

_TEXT = frozenset({"alink", "color", "link", "text", "vlink"})
_GROUND = "bgcolor"
_LINE = "bordercolor"
_OLD = _TEXT | {_GROUND, _LINE}
_BARE = re.compile(r"[0-9a-f]{3}(?:[0-9a-f]{3})?", re.IGNORECASE)


class Marks(NamedTuple):
    """The names of attributes that keep what a colour was (Outlook's).

    Attributes:
        text: For the colour of text in a ``style`` attribute.
        ground: For that of the background.
        old_text: For that of text in an attribute such as ``color``.
        old_ground: For ``bgcolor``.
    """

    text: str
    ground: str
    old_text: str
    old_ground: str


@functools.lru_cache(maxsize=4096)  # a letter repeats the same few tags hundreds of times
def recoloured_attributes(
    name: str, source: str, recolouring: Recolouring, marks: Marks | None = None
) -> str:
    """The attributes of an element, with other colours; pictures and gradients stay.

    Args:
        name: Of the element.
        source: What is written in its tag behind the name.
        recolouring: How.
        marks: Where to keep what was; the body gets both marks for ``style`` in any case, since
            rules for recoloured letters hang on some element around their own.
    """
    kept: dict[str, str] = {marks.text: "", marks.ground: ""} if marks and name == "body" else {}
    edits = []
    for one in attributes_of(source):
        if one.name == "style":
            style = recoloured_style(one.value, recolouring)
            if style.css != one.value:
                edits.append(Edit(one.start, one.end, written(style.css)))
            if marks and style.text is not None:
                kept[marks.text] = style.text
            if marks and style.ground is not None:
                kept[marks.ground] = style.ground
        elif one.name in _OLD and (becomes := _old(one, recolouring)):
            edits.append(Edit(one.start, one.end, written(becomes)))
            if marks and one.name != _LINE:
                kept[marks.old_ground if one.name == _GROUND else marks.old_text] = one.value
    said = "".join(f" {name}={written(value)}" for name, value in kept.items())
    return said + edited(source, edits)


def _old(attribute: Attribute, recolouring: Recolouring) -> str | None:
    if attribute.name == _LINE and not recolouring.lines:
        return None
    value = attribute.value.strip()
    becomes = recolouring.of(f"#{value}" if _BARE.fullmatch(value) else value)
    if becomes is None or becomes.startswith("rgba"):
        return None  # attributes know no transparency, and no functions
    return "#" + "".join(f"{int(part):02x}" for part in re.findall(r"\d+", becomes))
