"""Where sentences end, in any script, and which lines are one sentence."""

from __future__ import annotations

import re

# What may close behind the mark that ends a sentence.
_CLOSERS = "\"'”’»›“‘„«)]}*_」』）】 \t\n\u00a0\u202f"
_MARKS = ".!?…。！？\u037e؟۔।॥։"
_WESTERN = re.compile(r"(?<![.!?…؟۔।])([.!?…؟۔।]+)[\"'”’»›“‘)\]}*_]*\s+(?=(\S))")
_EASTERN = re.compile(r"[。！？][」』）】”]?(?=[^」』）】”\s])")
_ADDRESS = re.compile(r"(?i)(?:https?://|www\.)\S+")
_LONGEST_WORD = 30

# Abbreviations before a capital; single letters and those like Dr are known by their shape.
_ABBREVIATIONS = {
    *("jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon"),
    *("tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun", "mrs", "gen", "col"),
    *("lieut", "sgt", "capt", "gov", "sen", "rep", "rev", "hon", "prof", "dept", "univ", "corp"),
    *("inc", "ltd", "bros", "est", "etc", "vol", "ave", "blvd", "approx", "ca", "nr", "vs", "al"),
    *("pp", "cf", "ul", "ул", "им", "пл", "ст", "гг", "св", "вв", "рр", "др", "пр", "mio", "mrd"),
    *("tel", "str", "abs", "usw", "bzw", "evtl", "inkl", "zzgl", "ggf", "vgl", "dipl", "ing"),
    *("okt", "dez", "mär", "обл", "млн", "млрд", "тыс", "руб", "долл", "стр", "проф", "акад"),
    *("янв", "февр", "апр", "авг", "сент", "окт", "нояб", "дек", "тис", "грн", "див", "вул"),
    *("просп", "лют", "бер", "квіт", "трав", "черв", "лип", "серп", "вер", "жовт", "лист"),
    *("груд", "płk", "ppłk", "mjr", "kpt", "art", "ust", "pkt", "sierp", "wrześ"),
}


def has_end(text: str) -> bool:
    """Whether a text ends as a sentence does: full stop, question mark, perhaps a closing quote."""
    return text.rstrip(_CLOSERS)[-1:] in set(_MARKS)


def goes_on(text: str) -> bool:
    """Whether a text ends in the middle: comma, semicolon, colon, dash."""
    return text.rstrip(_CLOSERS)[-1:] in set(",;:،؛、：，–—-")


def count(text: str) -> int:
    """How many sentences a text has, at least 1; abbreviations and ordinals end none."""
    text = _ADDRESS.sub("x", text)
    ends = sum(_is_end(text, found) for found in _WESTERN.finditer(text))
    return 1 + ends + len(_EASTERN.findall(text))


def _is_end(text: str, found: re.Match[str]) -> bool:
    if found[2].islower():
        return False
    if found[1] != ".":
        return True
    before = text[max(0, found.start() - _LONGEST_WORD) : found.start()]
    word = before.split()[-1] if before.split() else ""
    word = word.lstrip("\"'“‘«„‹([*_")
    if word.isdigit():
        return len(word) > 2  # "am 7. März" is one sentence, "in 2024. The" is two
    letters = word.rsplit("-", 1)[-1]
    is_short = "." in letters or len(letters) < 2 or (len(letters) == 2 and letters.istitle())
    return not is_short and letters.casefold() not in _ABBREVIATIONS


def is_one(text: str, longest: int = 320) -> bool:
    """Whether a text is a single sentence, not longer than so many characters."""
    return len(text) <= longest and "\n" not in text and count(text) == 1
