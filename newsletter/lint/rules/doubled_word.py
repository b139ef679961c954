"""A word, or a few, that stand twice in a row.

What: "the the", "of the of the", up to four words, also across a line break. Words that grammar or
feeling doubles are fine: "had had", "that that", "very very", names such as Duran Duran, and all
that commas or hyphens part. In languages that double words to build new ones (Turkish, Indonesian,
Hindi …) only groups of words are looked at.

Why: eyes slip over them when a text is read for its content; some reader's never do.

Source: proselint, lexical illusions; LanguageTool, word repetition.

Bad::

    intro: >-
      The ferry sails from the
      the quay.

Good::

    intro: Had she known that that had had no effect, Duran Duran would have played on and on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.markdown import CODE
from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.plain import edit, plain, primary
from newsletter.lint.quotation import NONE, Quotation, quotation
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "N11"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

LONGEST = 4
"""Words."""

# Words that no sentence can have twice in a row: the second one goes.
_NEVER = {
    "en": "the a an and of or but as if we they she i our their its his my your because than into",
    "de": "und oder aber von vom im am zum zur eine einen einem einer eines für dass weil",
    "fr": "le la les un des du de et ou mais avec pour dans au aux il elle cette",
    "es": "el la los las un una y o pero con por del en al su",
    "it": "il lo la gli un una e o ma con per del della dei di da al nel che",
    "pl": "i a w z na do się że od po za przez dla ale oraz",
    "nl": "de een en van met te ook",
    "uk": "і й у в з на до від за по для про або",
    "ru": "и в с на до от за по для о но или",
    "be": "і й у ў з на да ад за па для пра але ці",
}
# Words that grammar or feeling doubles.
_SOMETIMES = {
    "en": "had that do did her you it who what there no so very bye ha hee ho hey blah yeah "
    "oh ah knock tut tsk far many much more really long big too well now never chop tick can will "
    "this those one two he boo choo woof night dear hear ok okay please come go wait out over "
    "up down through why yes there again row ding",
    "de": "die der das den dem des sie ihr uns was wie wer zu ja nein na so sehr ganz viel da ha "
    "weit lange immer bitte tja tick hopp nach mit ein auf aus bei ist ich wir nicht "
    "er es vor an",
    "fr": "nous vous faire si non oui très bla ha tout trop bien ça lui eux en y petit que "
    "est une sur pas",
    "es": "no sí muy ja bla nos todo casi ya tan que mucho para es se lo como",
    "it": "piano via man sì no ha bla così quasi tutto molto appena lui lei zitto pian subito ben "
    "or ci mano giù su passo è si in",
    "pl": "no tak nie ha co już tuż ledwo bardzo bla ich jej ją jego aby coraz dawno hen "
    "to są jest jak",
    "nl": "dat die zijn er heel ja nee ha wat zo hem haar ze we het veel is voor op aan in",
    "uk": "так ні ну ось ледь ледве дуже тільки ха їх її його то ще геть далеко давно довго де "
    "бувай тихо там все от мало ой та не це як він вона вони ми",
    "ru": "да нет ну вот еле чуть очень только ха их её его то ещё так там всё едва давно "
    "далеко долго где тихо мало ой кто не это как он она они мы",
    "be": "так не ну вось ледзь вельмі толькі ха іх яе яго то яшчэ там "
    "усё дужа ой гэта як ён яна яны мы",
}
_NEVER_SETS = {language: frozenset(words.split()) for language, words in _NEVER.items()}
_SOMETIMES_SETS = {language: frozenset(words.split()) for language, words in _SOMETIMES.items()}
# "log in in the morning", "moved on on Friday"
_VERB_AND_PARTICLE = re.compile(
    r"(?i)\b(?:c[ao]m|went|go|mov|log|check|stay|turn|took|tak|carr|sign|set|hand|fill|liv|kept|"
    r"keep|br[eo]k|brought|bring|pass|held|hold|stepp?|settl|drop|tun|ty|join|pull|"
    r"put|phas|bak|bought|buy|giv|g[ao]ve|wad|plugg?|swor|hang|hung|read|switch|w[oa]rk)"
    r"\w*\s(?:\w+\s)?$"
)
_PARTICLES = frozenset({"in", "on"})
# "What it is is unclear", "all I want is is" is none.
_CLAUSE = re.compile(r"(?i)\b(?:what|whatever|who|whoever|where|how|why)\b[^.!?;]*$")
_BEING = frozenset({"is", "was"})

_TOKEN = re.compile(r"\S+")
_BEFORE = "\"'“”„«»‘’‚([{¿¡*_"
_BEHIND = ".,;:!?…\"'“”»«’‘)]}*_—–"


_NEAR = 40  # characters


@dataclass(frozen=True, slots=True)
class _Doubled:
    first: int
    length: int


@dataclass(frozen=True, slots=True)
class _Text:
    passage: Passage
    tokens: Sequence[str]
    spans: Sequence[tuple[int, int]]
    said: Quotation


def check(context: Context) -> Iterator[Problem]:
    """Problems of each passage; cells of a table may well say the same."""
    language = primary(context.language)
    for passage in context.passages:
        if passage.kind is PassageKind.CELL:
            continue
        tokens = plain(passage.text).split()
        words = [token.casefold() for token in tokens]
        found = list(_doubled(words))
        spans = [m.span() for m in _TOKEN.finditer(plain(passage.text))] if found else []
        said = quotation(passage.text, context.language) if found else NONE
        for doubled in found:
            text = _Text(passage, tokens, spans, said)
            if problem := _problem(context, text, doubled, language):
                yield problem


def _doubled(words: Sequence[str]) -> Iterator[_Doubled]:
    """Where words stand twice; of "the the the" the first two."""
    taken = 0
    for first in range(len(words) - 1):
        if first < taken:
            continue
        for length in range(1, min(LONGEST, (len(words) - first) // 2) + 1):
            if _is_twice(words, first, length):
                yield _Doubled(first, length)
                taken = first + length + 1
                break


def _is_twice(words: Sequence[str], first: int, length: int) -> bool:
    start, again = words[first], words[first + length]
    # Almost every word ends here; only the ends of a group may have signs of their own.
    if start != again and start.lstrip(_BEFORE) != again.rstrip(_BEHIND):
        return False
    head = [start.lstrip(_BEFORE), *words[first + 1 : first + length]]
    tail = words[first + length : first + 2 * length]
    tail = [*tail[:-1], tail[-1].rstrip(_BEHIND)]
    return head == tail and all(_is_word(word) for word in head)


def _is_word(word: str) -> bool:
    return word[:1].isalpha() and word[-1].isalpha() and CODE not in word


def _problem(context: Context, text: _Text, doubled: _Doubled, language: str) -> Problem | None:
    passage, tokens, spans = text.passage, text.tokens, text.spans
    length = doubled.length
    group = tokens[doubled.first : doubled.first + length]
    words = [word.casefold().lstrip(_BEFORE) for word in group]
    following = doubled.first + 2 * length
    behind = [t.casefold().rstrip(_BEHIND) for t in tokens[following : following + length]]
    start, end = spans[doubled.first + length][0], spans[doubled.first + 2 * length - 1][1]
    is_said = passage.kind is PassageKind.QUOTE or text.said.holds(start)
    is_never = length == 1 and words[0] in _NEVER_SETS.get(language, frozenset())
    if length == 1:
        first = spans[doubled.first][0]
        before = passage.text[max(0, first - _NEAR) : first]
        second = tokens[doubled.first + 1]
        if not _is_mistake(words[0], tokens[doubled.first], second, behind, before, language):
            return None
    elif behind[:1] == words[:1] or len(set(words)) == 1:
        return None  # "again and again and again"
    elif is_said:
        return None  # refrains
    elif all(word[:1].isupper() for word in group):
        return None  # "New York New York"
    last = end - len(tokens[doubled.first + 2 * length - 1])
    last += len(tokens[doubled.first + 2 * length - 1].rstrip(_BEHIND))
    gap = spans[doubled.first + length - 1][1]
    said = " ".join(passage.text[start:last].split())
    return Problem(
        f'"{said}" stands twice',
        "Take one out.",
        passage.where,
        passage.at(start),
        fix=edit(context, passage, gap, last, "") if is_never and not is_said else (),
    )


def _is_mistake(
    word: str, first: str, second: str, behind: Sequence[str], before: str, language: str
) -> bool:
    if word in _NEVER_SETS.get(language, frozenset()):
        # "vitamin A a day", and The The, a band.
        is_name = first[:1].isupper() and (second[:1].isupper() or len(first) == 1)
        return not is_name or (first.isupper() and len(first) > 1)
    if language not in _NEVER_SETS or word in _SOMETIMES_SETS[language]:
        return False
    if first.lstrip(_BEFORE)[:1].isupper() and second[:1].isupper():
        return False  # Duran Duran
    if behind[:1] == [word]:
        return False  # row, row, row your boat
    if language == "en" and word in _BEING:
        return not _CLAUSE.search(before)
    if language == "en" and word in _PARTICLES:
        return not _VERB_AND_PARTICLE.search(before)
    return True
