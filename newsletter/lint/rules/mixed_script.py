"""A letter of another alphabet inside a word.

What: a word in which some letters belong to one alphabet and the rest to another that has letters
looking just like them: a Latin "a" in a Cyrillic word, a Cyrillic "о" in a Latin one; in a Cyrillic
letter also a word of one such Latin letter. Words with endings of their own (SMS-ка, TikTokер) are
fine.

Why: it looks right, and no search finds it, screen readers stumble, and mail filters know it as a
trick of fraud.

Source: Unicode Technical Standard 39, Security Mechanisms, section 5 (mixed-script detection).

Bad::

    intro: Гарнoго дня!

Good::

    intro: Гарного дня! Ваша IT-команда, SMS-ка і TikTokер.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import Passage
from newsletter.issue.scripts import RANGES, Script
from newsletter.lint.plain import plain, primary
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N22"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

# Letters that look like a letter of another alphabet in almost every typeface.
_LATIN = "aceijopsxyABCEHIJKMOPSTXYéëïÉËÏ"
_CYRILLIC = "асеіјорѕхуАВСЕНІЈКМОРЅТХУЁёїЇ"
_GREEK = "οΑΒΕΗΙΚΜΝΟΡΤΥΧΖ"
_ALIKE = {
    Script.LATIN: frozenset(_LATIN),
    Script.CYRILLIC: frozenset(_CYRILLIC),
    Script.GREEK: frozenset(_GREEK),
}
_OF = {script: re.compile(f"[{RANGES[script]}]+") for script in _ALIKE}
_NOT_LATIN = re.compile(f"[{RANGES[Script.CYRILLIC]}{RANGES[Script.GREEK]}]")
_WORD = re.compile(
    f"[{RANGES[Script.LATIN]}{RANGES[Script.CYRILLIC]}{RANGES[Script.GREEK]}\u0300-\u036f’ʼ']+"
)
_MIXED = re.compile(
    f"[{RANGES[Script.LATIN]}]['’ʼ\u0300-\u036f]*[{RANGES[Script.CYRILLIC]}{RANGES[Script.GREEK]}]"
    f"|[{RANGES[Script.CYRILLIC]}{RANGES[Script.GREEK]}]['’ʼ\u0300-\u036f]*[{RANGES[Script.LATIN]}]"
    f"|[{RANGES[Script.CYRILLIC]}][{RANGES[Script.GREEK]}]"
    f"|[{RANGES[Script.GREEK]}][{RANGES[Script.CYRILLIC]}]"
)
_ENDING = f"[{RANGES[Script.CYRILLIC]}]"
_INFLECTED = re.compile(f"[A-Z]{{2,}}{_ENDING}{{1,4}}|[A-Za-z]{{3,}}{_ENDING}{{2,}}")  # SMSки

_CYRILLIC_LANGUAGES = frozenset({"be", "bg", "mk", "ru", "sr", "uk"})
_ALONE = re.compile(f"(?<=[{RANGES[Script.CYRILLIC]},] )([aicoy])(?= [{RANGES[Script.CYRILLIC]}])")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each word with letters of two alphabets."""
    is_cyrillic = primary(context.language) in _CYRILLIC_LANGUAGES
    for passage in context.passages:
        if passage.text.isascii() or not _NOT_LATIN.search(passage.text):
            continue
        text = plain(passage.text)
        if _MIXED.search(text):
            yield from _words(passage, text)
        if is_cyrillic:
            for found in _ALONE.finditer(text):
                yield _problem(passage, Script.LATIN, found[0], found[0], found.start())


def _words(passage: Passage, text: str) -> Iterator[Problem]:
    for word in _WORD.finditer(text):
        if _INFLECTED.fullmatch(word[0]) or not _MIXED.search(word[0]):
            continue
        runs = {script: "".join(pattern.findall(word[0])) for script, pattern in _OF.items()}
        written = [script for script in runs if runs[script]]
        strange = [script for script in written if _ALIKE[script].issuperset(runs[script])]
        if not strange:
            continue
        intruder = min(strange, key=lambda script: len(runs[script]))
        first = _OF[intruder].search(word[0])
        if first:
            at = word.start() + first.start()
            yield _problem(passage, intruder, runs[intruder], word[0], at)


def _problem(passage: Passage, script: Script, letters: str, word: str, at: int) -> Problem:
    one = len(letters) == 1
    of = "is a letter" if one else "are letters"
    told = ", ".join(f'"{letter}"' for letter in letters)
    return Problem(
        f'{told} in "{word}" {of} of the {script} alphabet'
        if word != letters
        else f"{told} {of} of the {script} alphabet",
        "Type the word again.",
        passage.where,
        passage.at(at),
    )
