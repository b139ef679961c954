"""The names of months and weekdays in a language, as its newspapers write them (CLDR)."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

_STAND_ALONE = frozenset(
    {"be", "ca", "cs", "el", "fi", "hr", "hy", "kk", "ky", "mn", "pl", "ru", "sk", "uk"}
)
"""Languages whose calendars name a month in another form than their dates do (CLDR 46)."""

_BENDING = frozenset({"be", "cs", "pl", "ru", "sk", "uk"})
_ENDINGS = {"а": "уиы", "я": "юіи", "a": "ęyuą"}


@functools.lru_cache(maxsize=32)
def months(language: str) -> Mapping[str, int]:
    """The number of each month by its names, folded and without full stop.

    Args:
        language: BCP 47 tag; of a language that CLDR does not know, the names are English.
    """
    # Imported here: Babel takes 20-40 ms, and not every issue names a day.
    from babel.dates import get_month_names

    locale = _locale(language)
    names = [
        get_month_names("wide", "format", locale),
        get_month_names("abbreviated", "format", locale),
    ]
    # Babel 2.18 gives those of the language asked before where a language has none of its own.
    if _primary(language) in _STAND_ALONE:
        names.append(get_month_names("wide", "stand-alone", locale))
    return dict(pair for some in names for pair in _folded(some))


@functools.lru_cache(maxsize=32)
def weekdays(language: str) -> Mapping[str, int]:
    """The number of each weekday, 0 for Monday, by its names, folded and without full stop.

    With the endings that Slavic languages give it: "субота", "цієї суботи", "в суботу".
    """
    from babel.dates import get_day_names

    names = dict(
        pair
        for width in ("wide", "abbreviated")
        for pair in _folded(get_day_names(width, "format", _locale(language)))
    )
    if _primary(language) in _BENDING:
        bent = {
            name[:-1] + ending: number
            for name, number in names.items()
            for ending in _ENDINGS.get(name[-1], "")
        }
        names = bent | names
    return names


def is_of_the_day(word: str, language: str) -> bool:
    """Whether a folded word is a number, or the name of a month or a weekday."""
    return any(map(str.isdigit, word)) or word in months(language) or word in weekdays(language)


def _primary(language: str) -> str:
    return language.split("-")[0].lower()


def _folded(names: Mapping[int, str]) -> Iterator[tuple[str, int]]:
    return ((str(name).casefold().rstrip("."), number) for number, name in names.items())


def _locale(language: str) -> str:
    from babel.core import Locale, UnknownLocaleError

    for tag in (language, language.split("-")[0]):
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return "en"
