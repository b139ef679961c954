"""What a language decides about a letter: direction, quotation marks, how a date is written."""

from __future__ import annotations

import datetime
from typing import Literal

Direction = Literal["ltr", "rtl"]

# Scripts (ISO 15924) and languages (ISO 639) that are written from right to left.
_RTL_SCRIPTS = frozenset({"adlm", "arab", "aran", "hebr", "nkoo", "rohg", "syrc", "thaa"})
_RTL_LANGUAGES = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "nqo", "ps", "sd", "ug", "ur", "yi"}
)

_ENGLISH = ("“", "”", "‘", "’")
_GUILLEMETS_LOW = ("«", "»", "„", "“")
_GUILLEMETS_HIGH = ("«", "»", "“", "”")
_LOW_HIGH = ("„", "“", "‚", "‘")
_FRENCH = ("«\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}»", "“", "”")

# Outer and inner pair, opening and closing, as newspapers of the language set them.
_QUOTES: dict[str, tuple[str, str, str, str]] = {
    "ar": _GUILLEMETS_HIGH,
    "be": _GUILLEMETS_LOW,
    "bg": _LOW_HIGH,
    "cs": _LOW_HIGH,
    "da": ("“", "”", "‘", "’"),
    "de": _LOW_HIGH,
    "el": _GUILLEMETS_HIGH,
    "es": _GUILLEMETS_HIGH,
    "et": _LOW_HIGH,
    "fa": ("«", "»", "‹", "›"),
    "fi": ("”", "”", "’", "’"),
    "fr": _FRENCH,
    "he": ("”", "”", "’", "’"),
    "hu": ("„", "”", "»", "«"),
    "hy": ("«", "»", "«", "»"),
    "it": _GUILLEMETS_HIGH,
    "ja": ("「", "」", "『", "』"),
    "ka": ("„", "“", "‘", "’"),
    "lt": _LOW_HIGH,
    "nb": ("«", "»", "‘", "’"),
    "no": ("«", "»", "‘", "’"),
    "pl": ("„", "”", "«", "»"),
    "pt": ("“", "”", "‘", "’"),
    "ro": ("„", "”", "«", "»"),
    "ru": _GUILLEMETS_LOW,
    "sk": _LOW_HIGH,
    "sl": _LOW_HIGH,
    "sr": ("„", "”", "’", "’"),
    "sv": ("”", "”", "’", "’"),
    "uk": _GUILLEMETS_LOW,
}


def direction(language: str) -> Direction:
    """``rtl`` for languages written from right to left, else ``ltr``.

    A script in the tag (``az-Arab``, ``ug-Cyrl``) decides before the language does.
    """
    first, *rest = language.lower().split("-")
    for subtag in rest:
        if len(subtag) == 4 and subtag.isalpha():
            return "rtl" if subtag in _RTL_SCRIPTS else "ltr"
    return "rtl" if first in _RTL_LANGUAGES else "ltr"


def quotes(language: str) -> tuple[str, str, str, str]:
    """Outer opening and closing, inner opening and closing quotation mark; English if unknown."""
    tag = language.lower()
    if tag in {"de-ch", "de-li", "fr-ch"}:  # Switzerland: guillemets without spaces
        return ("«", "»", "‹", "›")
    if tag == "pt-pt":
        return _GUILLEMETS_HIGH
    return _QUOTES.get(tag.split("-")[0], _ENGLISH)


def date_line(date: datetime.date, language: str) -> str:
    """The day with its weekday as a newspaper prints it: ``Friday, 20 November 2026``.

    Languages that CLDR does not know get the ISO date.
    """
    # Imported here: 20-40 ms, and only rendering needs it (Babel 2.18, 2026-11).
    from babel.core import Locale, UnknownLocaleError
    from babel.dates import format_date

    for tag in (language, language.split("-")[0]):
        try:
            locale = Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
        written = format_date(date, "full", locale=locale)
        return written[:1].upper() + written[1:]
    return date.isoformat()
