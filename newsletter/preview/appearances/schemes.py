"""A letter pinned to the light or to the dark, whatever the browser's own colour scheme is.

Media queries keep their shape: only the question ``(prefers-color-scheme: …)`` is answered, by
another one that always or never holds, wherever in the query it stands.
"""

from __future__ import annotations

import functools
import re

from newsletter.preview.appearances.markup import (
    Edit,
    attributes_of,
    edited,
    rewritten,
    written,
)

_ALWAYS, _NEVER = "(min-width:0)", "(min-width:9999999px)"

_BLANK = r"(?:\s|/\*.*?\*/)*"
_ASKED = re.compile(
    rf"""
    (?P<skipped>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|/\*.*?(?:\*/|\Z))
    |\({_BLANK}prefers-color-scheme{_BLANK}(?::{_BLANK}(?P<scheme>[\w-]+){_BLANK})?\)
    |(?<![\w.#-])(?P<property>(?:supported-)?color-schemes?)(?P<colon>{_BLANK}:{_BLANK})
     (?P<value>[a-z][a-z\s-]*?)(?=\s*(?:[;}}!]|/\*|\Z))
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_METAS = frozenset({"color-scheme", "supported-color-schemes"})
_TOLD = re.compile("color-scheme", re.IGNORECASE)


def schemed(html: str, *, dark: bool) -> str:
    """A letter whose style sheets, pictures and canvas are those of one colour scheme.

    Args:
        html: The letter.
        dark: Whether for readers who asked for dark colours.
    """
    if not _TOLD.search(html):
        return html
    return rewritten(
        html,
        functools.partial(schemed_sheet, dark=dark),
        functools.partial(schemed_attributes, dark=dark),
    )


@functools.lru_cache(maxsize=64)
def schemed_sheet(css: str, *, dark: bool) -> str:
    """A style sheet, a media query or declarations, for one colour scheme."""

    def answered(match: re.Match[str]) -> str:
        if match["skipped"]:
            return match[0]
        if match["property"]:
            return f"color-scheme{match['colon']}{_chosen(match['value'], dark=dark)}"
        asked = (match["scheme"] or "").lower()
        return _ALWAYS if asked in ("", "dark" if dark else "light") else _NEVER

    return _ASKED.sub(answered, css) if _TOLD.search(css) else css


def schemed_attributes(name: str, source: str, *, dark: bool) -> str:
    """The attributes of an element, for one colour scheme."""
    if not _TOLD.search(source):
        return source
    told = list(attributes_of(source))
    is_meta = name == "meta" and any(
        one.name == "name" and one.value.strip().lower() in _METAS for one in told
    )
    edits = []
    for one in told:
        value = one.value
        if one.name in ("media", "style"):
            value = schemed_sheet(value, dark=dark)
        elif is_meta and one.name == "content":
            value = _chosen(value, dark=dark)
        elif is_meta and one.name == "name":
            value = "color-scheme"  # as it was called until 2019, and browsers know it now
        if value != one.value:
            edits.append(Edit(one.start, one.end, written(value)))
    return edited(source, edits)


def _chosen(schemes: str, *, dark: bool) -> str:
    # What a letter says it cannot do, it is not made to do ("only light" stays light).
    wanted = "dark" if dark else "light"
    return wanted if wanted in schemes.lower().split() else schemes
