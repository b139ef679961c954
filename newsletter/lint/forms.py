"""How a text writes its dates, times and numbers: each one with the name of its form."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.lint.months import months
from newsletter.lint.plain import primary


@dataclass(frozen=True, slots=True)
class Form:
    """A date, a time or a number in a text.

    Attributes:
        subject: What it belongs to; only forms of one subject are compared: ``"dates"``.
        name: The form: equal names are written in the same way.
        start: Where it begins in the text.
        end: Where it ends.
    """

    subject: str
    name: str
    start: int
    end: int


def forms(text: str, language: str) -> Iterator[Form]:
    """The dates, times and numbers of a text whose form is sure.

    Args:
        text: A text without addresses and code.
        language: BCP 47 tag.
    """
    if not _DIGIT.search(text):
        return
    yield from _dates(text, language)
    # What begins with a digit is quickly looked for; the patterns themselves look around them.
    if _MAY_BE_TIME.search(text):
        yield from _times(text, language)
    if _MAY_BE_THOUSANDS.search(text):
        yield from _numbers(text, primary(language))
    yield from _percents(text)


_DIGIT = re.compile(r"\d")
_MAY_BE_TIME = re.compile(r"\d(?:[:.]\d\d|\s?h\s?\d|[ \u00a0\u202f]?[aApP]\.?[mM])")
_MAY_BE_THOUSANDS = re.compile(r"\d[,. \u00a0\u202f\u2009]\d{3}")

# --- Dates ------------------------------------------------------------------------------------

# The AP Stylebook shortens no month from March to July.
_NEVER_SHORT = frozenset({3, 4, 5, 6, 7})
_SHORT = 5  # letters at most


@dataclass(frozen=True, slots=True)
class _Months:
    numbers: Mapping[str, int]
    short: frozenset[str]
    day_first: re.Pattern[str]
    month_first: re.Pattern[str] | None


@functools.lru_cache(maxsize=16)
def _months(language: str) -> _Months:
    names = dict(months(language))
    if primary(language) == "en":
        names["sept"] = 9
    short = {
        name
        for name, number in names.items()
        if len(name) <= _SHORT
        and any(n.startswith(name) and len(n) > len(name) + 1 for n in names if names[n] == number)
    }
    is_english = primary(language) == "en"
    # English months have capitals: "may 5 people come" names none.
    typed = [name.title() for name in names] if is_english else names
    either = "|".join(sorted(map(re.escape, typed), key=len, reverse=True))
    day_first = re.compile(
        rf"\d{{1,2}}(?:st|nd|rd|th|er|\.|º)?\s(?:of\s|de\s)?"
        rf"(?P<month>{either})(?!\w)",
        0 if is_english else re.IGNORECASE,
    )
    month_first = re.compile(
        rf"\b(?P<month>{either})(?!\w)\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)"
    )
    return _Months(names, frozenset(short), day_first, month_first if is_english else None)


_JOINS = frozenset(".,/–-")  # "1.20 May" is no 20 May

_SLASHED = re.compile(
    r"(?:(?<=\bon )|(?<=\bby )|(?<=\buntil )|(?<=\bfrom )|(?<=\bbefore )|(?<=\bafter ))"
    r"(?!24/7|9/11|50/50)(?:1[0-2]|0?[1-9])/(?:[12]\d|3[01]|0?[1-9])(?![\w/%-])"
    r"|(?<![\w/.,-])\d{1,2}/\d{1,2}/(?:19|20)?\d\d(?![\w/])"
)
_ISO = re.compile(r"(?<![\w/.-])(?:19|20)\d\d-[01]\d-[0-3]\d(?![\w-])")
_DOTTED = re.compile(r"(?<![\w/.(-])[0-3]?\d\.\s?[01]?\d\.\s?(?:19|20)\d\d(?!\w)")


def _dates(text: str, language: str) -> Iterator[Form]:
    known = _months(language)
    for pattern, order in ((known.day_first, "day first"), (known.month_first, "month first")):
        for found in pattern.finditer(text) if pattern else ():
            before = text[max(0, found.start() - 1) : found.start()]
            if before.isalnum() or before in _JOINS:
                continue
            span, name = (found.start(), found.end()), found["month"].lower()
            if known.month_first:
                yield Form("days and months", order, *span)
            if not (known.month_first and known.numbers[name] in _NEVER_SHORT):
                yield Form("names of months", "short" if name in known.short else "long", *span)
            yield Form("dates", "in words", *span)
    numeric = (("/", _SLASHED), ("-", _ISO), (".", _DOTTED))
    for way, pattern in numeric:
        for found in pattern.finditer(text) if way in text else ():
            yield Form("dates", way, found.start(), found.end())


# --- Times ------------------------------------------------------------------------------------

_TWELVE = re.compile(
    r"(?<![\w.,:])(?:1[0-2]|0?[1-9])(?:(?P<sign>[.:])[0-5]\d)?(?P<gap>[ \u00a0\u202f]?)"
    r"(?P<half>[ap]\.m\.|[AP]\.M\.|[ap]m|[AP]M)(?!\w)"
)
_TWENTY_FOUR = re.compile(
    r"(?<![\w.,:/+-])(?:"
    r"(?:[01]?\d|2[0-3])(?P<sign>[.:])[0-5]\d(?=\s?(?:Uhr|uur|godz)\b)"
    r"|(?<=godz\. )(?:[01]?\d|2[0-3])(?P<pl>[.:])[0-5]\d"
    r"|(?:(?<=\bо )|(?<=\bв )|(?<=\bоб ))(?:[01]\d|2[0-3])(?P<east>[.:])[0-5]\d"
    r"|(?:1[3-9]|2[0-3]|0\d)(?P<colon>:)[0-5]\d"
    r"|(?:[01]?\d|2[0-3])(?P<hour>\s?h\s?)[0-5]\d"
    r")(?![\w:]|[.,]\d|\s?[ap]\.?m\b)"
)


def _times(text: str, language: str) -> Iterator[Form]:
    for found in _TWELVE.finditer(text):
        span = found.start(), found.end()
        yield Form("forms of am and pm", found["half"].replace("p", "a").replace("P", "A"), *span)
        yield Form("spaces before am and pm", "space" if found["gap"] else "none", *span)
        if found["sign"]:
            yield Form("hours and minutes", found["sign"], *span)
        yield Form("clocks", "of 12 hours", *span)
    for found in _TWENTY_FOUR.finditer(text):
        span = found.start(), found.end()
        signs = [s.strip() if "h" not in s else s for s in found.groups() if s]
        yield Form("hours and minutes", signs[0], *span)
        if primary(language) == "en":
            yield Form("clocks", "of 24 hours", *span)


# --- Numbers ----------------------------------------------------------------------------------

_COMMAS = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?!\d|,\d|\.\d{3})")
_POINTS = re.compile(r"(?<![\w.,-])\d{1,3}(?:\.\d{3})+(?!\d|\.\d|,\d{3})")
_NO_BREAKS = re.compile(r"(?<![\w.,+-])[1-9]\d{0,2}(?:[\u00a0\u202f\u2009]\d{3})+(?!\d)")
_BLANKS = re.compile(r"(?<![\w.,+–-])(?<!\d )[1-9]\d{0,2}(?: \d{3})+(?! ?\d)")

# Languages whose thousands stand behind a space, and those where they stand behind a full stop.
_SPACED = frozenset(
    {"be", "bg", "cs", "et", "fi", "fr", "hu", "lt", "lv", "nb", "no", "pl", "ru", "sk", "sv", "uk"}
)
_POINTED = frozenset({"da", "de", "el", "es", "hr", "id", "it", "nl", "pt", "ro", "sl", "sr", "tr"})
_DECIMAL_COMMA = _SPACED | _POINTED


def _numbers(text: str, language: str) -> Iterator[Form]:
    """Numbers whose sign between thousands is sure: 1.000 is one in English, 1,000 in German."""
    for found in _COMMAS.finditer(text):
        if language not in _DECIMAL_COMMA or found[0].count(",") > 1:
            yield Form("thousands", "comma", found.start(), found.end())
    for found in _POINTS.finditer(text):
        if language in _POINTED or found[0].count(".") > 1:
            yield Form("thousands", "full stop", found.start(), found.end())
    for found in _NO_BREAKS.finditer(text):
        yield Form("thousands", "space", found.start(), found.end())
    if language in _SPACED:
        for found in _BLANKS.finditer(text):
            yield Form("thousands", "space", found.start(), found.end())


_PERCENT = re.compile(
    r"\d[ \u00a0\u202f]?(?P<sign>%)|\d[ \u00a0](?P<word>per\scent|percent|prozent|pour\scent|"
    r"por\sciento|per\scento|procent\w*|відсотк\w+|процент\w*|працэнт\w*)(?!\w)",
    re.IGNORECASE,
)


def _percents(text: str) -> Iterator[Form]:
    for found in _PERCENT.finditer(text):
        # Words bend: "3 відсотки, 5 відсотків"; English has two.
        word = "word" if found["word"] else "%"
        if found["word"] and found["word"].lower().startswith("per"):
            word = " ".join(found["word"].lower().split())
        yield Form("percentages", word, found.start(), found.end())
