"""caniemail's names for what CSS and HTML call otherwise.

Most names follow a rule: the property ``border-radius`` is ``css-border-radius``, the element
``<video>`` is ``html-video``, the unit ``vw`` is ``css-unit-vw``. The tables here hold the rest.
"""

from __future__ import annotations

import functools

from newsletter.lint.caniemail.support import support

_SIDES = ("block", "inline")
_ENDS = ("start", "end")

_PROPERTIES = {
    "block-size": "css-block-inline-size",
    "column-fill": "css-column-layout-properties",
    "column-rule": "css-column-layout-properties",
    "column-span": "css-column-layout-properties",
    "column-width": "css-column-layout-properties",
    "columns": "css-column-layout-properties",
    "column-gap": "css-gap",
    "row-gap": "css-gap",
    "grid-gap": "css-gap",
    "grid-column-gap": "css-gap",
    "grid-row-gap": "css-gap",
    "mask": "css-mask-image",
    "border-top-left-radius": "css-border-radius",
    "border-top-right-radius": "css-border-radius",
    "border-bottom-left-radius": "css-border-radius",
    "border-bottom-right-radius": "css-border-radius",
    **dict.fromkeys(("left", "right", "top", "bottom"), "css-left-right-top-bottom"),
    **{f"border-{side}": "css-border-inline-block" for side in _SIDES},
    **{
        f"border-{side}-{end}": "css-border-inline-block-individual"
        for side in _SIDES
        for end in _ENDS
    },
    **{
        f"border-{side}-{part}": "css-border-inline-block-longhand"
        for side in _SIDES
        for part in ("color", "style", "width")
    },
    **{f"border-{a}-{b}-radius": "css-border-radius-logical" for a in _ENDS for b in _ENDS},
    **{
        f"{box}-{side}": f"css-{box}-inline-block"
        for box in ("margin", "padding")
        for side in _SIDES
    },
    **{
        f"{box}-{side}-{end}": f"css-{box}-{side}-start-end"
        for box in ("margin", "padding")
        for side in _SIDES
        for end in _ENDS
    },
}

# Features that are named like the first half of other properties, but are not about them.
_NO_LONGHANDS = frozenset({"css-background", "css-font", "css-filter", "css-height", "css-width"})

_FUNCTIONS = {
    "calc": "css-unit-calc",
    "var": "css-variables",
    "clamp": "css-function-clamp",
    "light-dark": "css-function-light-dark",
    "max": "css-function-max",
    "min": "css-function-min",
    "rgb": "css-rgb",
    "rgba": "css-rgba",
    **dict.fromkeys(("lab", "lch", "oklab", "oklch"), "css-modern-color"),
    **{
        f"{repeating}{shape}-gradient": f"css-{shape}-gradient"
        for repeating in ("", "repeating-")
        for shape in ("conic", "linear", "radial")
    },
}

_KEYWORDS = {
    "initial": "css-unit-initial",
    **dict.fromkeys(("fit-content", "max-content", "min-content"), "css-intrinsic-size"),
}
_FONTS = frozenset({"system-ui", "ui-monospace", "ui-rounded", "ui-sans-serif", "ui-serif"})

_ELEMENTS = {
    "map": "html-image-maps",
    **dict.fromkeys(("ul", "ol", "dl"), "html-lists"),
    **dict.fromkeys((f"h{level}" for level in range(1, 7)), "html-h1-h6"),
    **dict.fromkeys(
        (
            *("article", "aside", "details", "figcaption", "figure", "footer", "header", "main"),
            *("mark", "nav", "section", "summary", "time"),
        ),
        "html-semantics",
    ),
}
_ATTRIBUTES = {
    "loading": "html-loading-attribute",
    "sizes": "html-srcset",
    "inert": "css-inert-attribute",
}
_SAME_ATTRIBUTES = frozenset(
    {"align", "aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "aria-live"}
    | {"background", "cellpadding", "cellspacing", "dir", "height", "hidden", "lang", "popover"}
    | {"required", "role", "srcset", "target", "valign", "width"}
)
_TYPES = frozenset({"checkbox", "hidden", "radio", "reset", "submit"})

_IMAGES = {
    "apng": "image-apng",
    "avif": "image-avif",
    "bmp": "image-bmp",
    "gif": "image-gif",
    "hdr": "image-hdr",
    "heic": "image-heif",
    "heif": "image-heif",
    "ico": "image-ico",
    "jpe": "image-jpg",
    "jpeg": "image-jpg",
    "jpg": "image-jpg",
    "mp4": "image-mp4",
    "png": "image-png",
    "svg": "image-svg",
    "svg+xml": "image-svg",
    "tif": "image-tiff",
    "tiff": "image-tiff",
    "webp": "image-webp",
    "x-icon": "image-ico",
}


@functools.cache
def property_(name: str) -> str | None:
    """The feature of a CSS property; None if caniemail has none."""
    if name.startswith("--"):
        return "css-variables"
    if name.startswith("-"):
        return None  # a twin for one browser beside the real property
    stem = name
    while stem:  # a longhand has the feature of its shorthand
        slug = _PROPERTIES.get(stem) or _known(f"css-{stem}")
        if slug:
            return slug if stem == name or slug not in _NO_LONGHANDS else None
        stem = stem.rpartition("-")[0]
    return None


def value(property_name: str, keyword: str) -> str | None:
    """The feature of a keyword as a property's value; None if caniemail has none."""
    if property_name == "display":
        stem = keyword.removeprefix("inline-")
        return f"css-display-{stem}" if stem in ("flex", "grid", "none") else None
    if property_name in ("font", "font-family") and keyword in _FONTS:
        return "css-sytem-ui"  # as caniemail spells it
    return _KEYWORDS.get(keyword)


def function(name: str) -> str | None:
    """The feature of a CSS function; None if caniemail has none."""
    return _FUNCTIONS.get(name)


def unit(name: str) -> str | None:
    """The feature of a unit; None if caniemail has none."""
    return _known(f"css-unit-{name}")


def at_rule(name: str) -> str | None:
    """The feature of an at-rule; None if caniemail has none."""
    return _known(f"css-at-{name}")


def pseudo(name: str) -> str | None:
    """The feature of a pseudo-class or pseudo-element; None if caniemail has none."""
    return _known(f"css-pseudo-class-{name}") or _known(f"css-pseudo-element-{name}")


def element(tag: str, kind: str = "") -> str | None:
    """The feature of an element, of buttons and inputs by their ``type``; None if there is none."""
    if tag == "input":
        return f"html-input-{kind}" if kind in _TYPES else "html-input-text"
    if tag == "button":
        return "html-button-reset" if kind == "reset" else "html-button-submit"
    return _ELEMENTS.get(tag) or _known(f"html-{tag}")


def attribute(name: str) -> str | None:
    """The feature of an attribute, whatever its element; None if caniemail has none."""
    return _ATTRIBUTES.get(name) or (f"html-{name}" if name in _SAME_ATTRIBUTES else None)


def image(kind: str) -> str | None:
    """The feature of an image format, by ending or by the second half of its media type."""
    return _IMAGES.get(kind)


@functools.cache
def _known(slug: str) -> str | None:
    return slug if slug in support() else None
