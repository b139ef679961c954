"""Which script a text is written in."""

from __future__ import annotations

import functools
import re
from collections import Counter
from enum import StrEnum


class Script(StrEnum):
    """Scripts that newsletters are written in, as editors call them."""

    LATIN = "Latin"
    CYRILLIC = "Cyrillic"
    GREEK = "Greek"
    ARMENIAN = "Armenian"
    HEBREW = "Hebrew"
    ARABIC = "Arabic"
    INDIC = "Indic"
    THAI = "Thai, Lao or Burmese"
    GEORGIAN = "Georgian"
    EAST_ASIAN = "East Asian"


RANGES = {
    Script.LATIN: "A-Za-zªº\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    Script.CYRILLIC: "\u0400-\u052f",
    Script.GREEK: "\u0370-\u03ff\u1f00-\u1fff",
    Script.ARMENIAN: "\u0531-\u0587",
    Script.HEBREW: "\u05d0-\u05f2",
    Script.ARABIC: "\u0620-\u064a\u066e-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    Script.INDIC: "\u0900-\u0dff",
    Script.THAI: "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff",
    Script.GEORGIAN: "\u10a0-\u10ff",
    Script.EAST_ASIAN: "\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af",
}
"""The letters of each script, as the inside of a regular expression's brackets."""

_OF_LANGUAGES = {
    Script.CYRILLIC: "be bg kk ky mk mn ru tg tt uk",
    Script.GREEK: "el",
    Script.ARMENIAN: "hy",
    Script.HEBREW: "he yi",
    Script.ARABIC: "ar ckb fa ps sd ug ur",
    Script.INDIC: "as bn gu hi kn ml mr ne or pa si ta te",
    Script.THAI: "km lo my th",
    Script.GEORGIAN: "ka",
    Script.EAST_ASIAN: "ja ko yue zh",
}
_SCRIPT = {name: script for script, names in _OF_LANGUAGES.items() for name in names.split()}
_SEVERAL = frozenset({"az", "bs", "crh", "ku", "ro", "sr", "tk", "uz"})
"""Languages that are written in more than one script."""

_SPANS = tuple(
    (script, first, last or first)
    for script, letters in RANGES.items()
    for first, last in re.findall("(.)(?:-(.))?", letters)
)


def script(text: str) -> Script | None:
    """The script of most letters of a text; None if it has no letter of a known one."""
    counts: Counter[Script | None] = Counter()
    for character, times in Counter(text).items():
        counts[_of(character)] += times
    most = max(RANGES, key=lambda known: counts[known])
    return most if counts[most] else None


@functools.lru_cache(maxsize=4096)
def _of(character: str) -> Script | None:
    return next((s for s, first, last in _SPANS if first <= character <= last), None)


def is_written_in(language: str, known: Script) -> bool:
    """Whether a language (BCP 47: ``pt-BR``) may be written in a script."""
    first = language.partition("-")[0].lower()
    return first in _SEVERAL or _SCRIPT.get(first, Script.LATIN) is known
