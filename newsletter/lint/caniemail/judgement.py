"""What is worth telling an editor, and how bad it is. caniemail's data says only what is so.

Made by looking at each of the 307 features, at what MJML's components and the built-in template
put out, and at what readers see in the mail programs that lack the feature (November 2026). A
feature that stands in no table here is told of as information.
"""

from __future__ import annotations

import re

_HARMLESS_BY_REASON: dict[str, tuple[str, ...]] = {
    "the letter looks a little plainer and reads the same": (
        *("css-accent-color", "css-animation", "css-at-keyframes", "css-backdrop-filter"),
        *("css-background-clip", "css-background-origin", "css-border-spacing", "css-box-shadow"),
        *("css-caption-side", "css-cursor", "css-empty-cells", "css-font-kerning"),
        *("css-font-size-adjust", "css-font-stretch", "css-hyphenate-character"),
        *("css-hyphenate-limit-chars", "css-hyphens", "css-letter-spacing", "css-line-height"),
        *("css-list-style-image", "css-list-style-position", "css-orphans", "css-outline"),
        *("css-outline-offset", "css-scroll-snap", "css-text-align-last"),
        *("css-text-decoration-color", "css-text-decoration-line", "css-text-decoration-skip-ink"),
        *("css-text-decoration-style", "css-text-decoration-thickness", "css-text-justify"),
        *("css-text-overflow", "css-text-shadow", "css-text-underline-offset"),
        *("css-text-underline-position", "css-text-wrap", "css-transition", "css-widows"),
        *("css-word-spacing", "html-marquee", "image-apng"),
    ),
    "the next font of the list is taken": ("css-sytem-ui",),
    "long words break a little otherwise, or not at all": (
        *("css-overflow-wrap", "css-word-break", "css-word-wrap", "css-white-space", "html-wbr"),
    ),
    "about pointing and choosing, which a letter does without": (
        *("css-pseudo-class-active", "css-pseudo-class-focus", "css-pseudo-class-focus-visible"),
        *("css-pseudo-class-focus-within", "css-pseudo-class-hover", "css-pseudo-class-link"),
        *("css-pseudo-class-visited", "css-resize", "css-user-select", "css-at-media-hover"),
        *("css-pseudo-element-placeholder", "css-at-media-prefers-reduced-motion"),
    ),
    "a rule of the style sheet is not read, and what stands in style attributes holds": (
        *("css-selector-adjacent-sibling", "css-selector-attribute", "css-selector-chaining"),
        *("css-selector-child", "css-selector-class", "css-selector-descendant"),
        *("css-selector-general-sibling", "css-selector-grouping", "css-selector-id"),
        *("css-selector-type", "css-selector-universal", "css-pseudo-class-lang"),
        *("css-at-media", "css-at-media-device-pixel-ratio", "css-at-media-orientation"),
        *("css-at-supports", "css-comments"),
    ),
    "written for the programs that read it; the others take the value in front of it": (
        *("css-color-scheme", "html-meta-color-scheme", "css-unit-initial"),
    ),
    "helps readers who listen where it is read, and does no harm elsewhere": (
        *("html-abbr", "html-acronym", "html-aria-describedby", "html-aria-hidden"),
        *("html-aria-label", "html-aria-labelledby", "html-aria-live", "html-bdi", "html-dfn"),
        *("html-dir", "html-lang", "html-role", "html-semantics", "css-direction"),
    ),
    "the words stay, in another shape": (
        *("html-address", "html-blockquote", "html-code", "html-small", "html-strike"),
    ),
    "the program puts its own in its place": (
        *("html-body", "html-comments", "html-doctype", "html-target", "html-base"),
    ),
    "about a special case: numbers given to single points of a list": ("html-lists",),
    "about a special case: blind copies of a mail that a reader writes": ("html-mailto-links",),
    "about a special case: tables beside the text": ("html-align",),
    "hides the preheader, which is hidden in other ways, too": (
        *("css-display-none", "css-max-height", "css-opacity", "css-overflow"),
    ),
    "text grows with what stands in it": ("css-height", "css-min-height", "css-min-width"),
    "classic Outlook differs on blocks that are no table cells, and shows them plainer": (
        *("css-important", "css-padding", "css-width"),
    ),
    "the layout of a table follows its contents": ("css-table-layout", "css-box-sizing"),
    "a program without it loads all pictures, or the one in src": (
        *("html-loading-attribute", "html-srcset"),
    ),
    "goes with background-image, which is told of": (
        *("css-background", "css-background-position", "css-background-repeat"),
        "css-background-size",
    ),
    "goes with display:flex and display:grid, which are told of": (
        *("css-align-items", "css-flex-direction", "css-flex-wrap", "css-gap"),
        *("css-grid-template", "css-justify-content"),
    ),
    "goes with object-fit, which is told of": ("css-object-position",),
    "goes with position, which is told of": (
        "css-inset",
        "css-left-right-top-bottom",
        "css-z-index",
    ),
    "differs in the unit rem, which is told of": ("css-font-size",),
    "not part of a letter's HTML": ("amp", "bimi"),
}

OWN_RULES: dict[str, tuple[str, ...]] = {
    "anchor-name": ("html-anchor-links",),
    "image-format": (
        *("image-avif", "image-base64", "image-bmp", "image-gif", "image-hdr", "image-heif"),
        *("image-ico", "image-jpg", "image-mp4", "image-png", "image-svg", "image-tiff"),
        "image-webp",
    ),
    "picture-element": ("html-picture",),
    "dark-colours": ("css-at-media-prefers-color-scheme",),
    "css-variable": ("css-variables", "css-function-light-dark"),
    "percent-width": ("html-width", "html-height"),
    "style-sheet": ("html-style",),
    "interactive-element": (
        *("html-audio", "html-button-reset", "html-button-submit", "html-dialog", "html-form"),
        *("html-input-checkbox", "html-input-hidden", "html-input-radio", "html-input-reset"),
        *("html-input-submit", "html-input-text", "html-object", "html-popover"),
        *("html-required", "html-select", "html-textarea", "html-video"),
    ),
}
"""Features that a rule of their own looks after, by its slug."""

HARMLESS: dict[str, str] = {
    slug: reason for reason, slugs in _HARMLESS_BY_REASON.items() for slug in slugs
}
"""Features that are not worth a word, each with the reason: what happens without them."""

NOTABLE: dict[str, re.Pattern[str]] = {
    slug: re.compile(pattern)
    for slug, pattern in {
        # Colours by name: those of CSS 1 are known to all.
        "css-background-color": r"^(?!(?:aqua|black|blue|fuchsia|gray|green|inherit|lime|maroon"
        r"|navy|olive|purple|red|silver|teal|transparent|white|yellow)$)[a-z]+$",
        "css-border": r"(?<![\d.])(?:9|[1-9]\d+)(?:\.\d+)?px",  # classic Outlook: 8px at most
        "css-border-radius": r"%|\d\dpx",  # a few pixels more or less are not seen
        "css-display": r"contents|flow-root|run-in",
        "css-float": r"left|right|inline-",
        "css-font-weight": r"(?<!\d)(?![1-9]00\b)\d+",
        "css-list-style": r"url\(",
        "css-margin": r"(?:^|\s)-[\d.]*[1-9]",
        "css-max-width": r"(?<![\d.])[1-9]\d*(?:\.\d+)?(?:px|em|rem|vw)",
        "css-rgb": r"rgba?\(\s*[\d.%]+\s+[\d.%]",  # rgb(0 128 0), without commas
        "css-text-align": r"start|end|match-parent|justify-all",
        "css-text-decoration": r"overline|\s",
        "css-text-indent": r"^-|%",
        "css-text-transform": r"lowercase",
    }.items()
}
"""Features that all programs know but for some values of a property: only those are a use."""

_SIDE_BY_SIDE = "Put things side by side with a table, or with MJML's columns."
_PLAIN_VALUE = "Write the value in px in front of it: programs that do not know this one take that."
_PLAIN_COLOUR = "Write the colour as #rrggbb in front of it."
_PHYSICAL = "Name the side: margin-left, padding-top, border-right, width."

BREAKING: dict[str, str] = {
    **dict.fromkeys(
        (
            "css-column-count",
            "css-column-layout-properties",
            "css-display-flex",
            "css-display-grid",
        ),
        _SIDE_BY_SIDE,
    ),
    "css-float": "Use a table, or the align attribute of a picture.",
    "css-position": "Let one thing follow the other; nothing can lie over something else.",
    "css-transform": "Turn or enlarge the picture itself.",
    "css-writing-mode": "Make it a picture, with its words in the alternative text.",
    "css-background-image": "Make the words readable on a background colour, too; "
    "MJML's background-url also writes what Outlook needs.",
    "css-object-fit": "Crop the picture itself to the proportions that are shown.",
    "html-hidden": "Use display:none, or leave it out.",
    "html-svg": "Use a PNG picture.",
    "css-nesting": "Write each rule out with its whole selector.",
    **dict.fromkeys(
        (
            *("css-unit-calc", "css-function-clamp", "css-function-max", "css-function-min"),
            *("css-unit-ch", "css-unit-rem", "css-unit-vh", "css-unit-vmax", "css-unit-vmin"),
            "css-unit-vw",
        ),
        _PLAIN_VALUE,
    ),
    "css-modern-color": _PLAIN_COLOUR,
    "css-rgb": "Write the colour as #rrggbb.",
    **dict.fromkeys(
        (
            *("css-block-inline-size", "css-border-inline-block", "css-inline-size"),
            *("css-border-inline-block-individual", "css-border-inline-block-longhand"),
            *("css-margin-block-start-end", "css-margin-inline-block"),
            *("css-margin-inline-start-end", "css-max-inline-size", "css-padding-block-start-end"),
            *("css-padding-inline-block", "css-padding-inline-start-end"),
        ),
        _PHYSICAL,
    ),
}
"""Features without which the letter falls apart, each with what to do instead."""

BREAKING_IN_PART = frozenset({"css-rgb"})
"""Features that do harm where they are known in part, too: Gmail drops the whole ``style``
attribute that has ``rgb(0 128 0)`` in it."""

# Where these are known in part, the rest is a way of writing that hardly any letter uses: several
# background pictures in one value, corners with a slash; or told of beside it, as css-rgb.
_ONLY_WHOLLY = frozenset({"css-background-image", "css-border-radius", "css-rgba"})

# The Gmail app shows mail of other providers without any style sheet. That is told once, by what
# it does to the letter, not for each thing that may stand in a style sheet.
_ABOUT_ACCOUNTS = re.compile(r"\baccounts?\b")


def is_beside_the_point(slug: str, notes: tuple[str, ...]) -> bool:
    """Whether what a program knows of a feature is enough for nearly all letters."""
    about_accounts = bool(notes) and all(_ABOUT_ACCOUNTS.search(note) for note in notes)
    return slug in _ONLY_WHOLLY or about_accounts
