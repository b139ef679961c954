"""Proper names in a text, and whether two of them are one name spelt in two ways."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.months import months, weekdays
from newsletter.lint.small_words import NO_NAMES

LEAST_LETTERS = 5
"""Shorter names are not compared: Jon and John, Ivan and Ivano are people."""

SLAVIC = frozenset(
    {"be", "bg", "bs", "cs", "dsb", "hr", "hsb", "mk", "pl", "ru", "rue", "sk", "sl", "sr", "uk"}
)
"""Languages that bend names: Мінськ, Мінська, Мінську."""

NOUNS_ARE_CAPITALISED = frozenset({"de", "gsw", "lb", "nds"})

_WORD = re.compile(r"[^\W\d_]+(?:[-'’ʼ][^\W\d_]+)*")
# The same but for most of those that begin with a small letter: they are nine of ten.
_CAPITALISED = re.compile(
    r"(?<![^\W_])(?<![^\W_]['’ʼ-])[^\W\d_a-zß-öø-ÿа-яёєіїґў][^\W\d_]*(?:[-'’ʼ][^\W\d_]+)*"
)
_GAP = re.compile(r"\s+")
_OPENS = re.compile(r"(?:^|[.!?…:;]|\n)[\s\"'“”„«»‘’(\[–—•*-]*$")
_OF_ADDRESSES = frozenset("@/#_\\0123456789{}|")
_POSSESSIVE = re.compile(r"(?:['’](?:s|S)|['’])$")
_HEADLINES = frozenset(
    {PassageKind.SUBJECT, PassageKind.TITLE, PassageKind.HEADLINE, PassageKind.HEADING}
)
_SKIPPED = frozenset({PassageKind.LABEL})


@dataclass(slots=True)
class Name:
    """A capitalised word with where and how it occurs.

    Attributes:
        text: The word as it is written, without "’s".
        places: The passage and the position of each occurrence.
        sections: The sections that it occurs in; None for what stands outside of them.
        before: The names before it, as in "Ada Sample", folded; titles are none.
        after: The names behind it.
        is_sure: Whether it is capitalised somewhere inside a sentence, or has a name beside it.
    """

    text: str
    places: list[tuple[Passage, int]] = field(default_factory=list)
    sections: set[int | None] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)
    is_sure: bool = False

    @property
    def folded(self) -> str:
        """The word without case."""
        return self.text.casefold()


def names(passages: Sequence[Passage], language: str) -> list[Name]:
    """Every word of an issue that is a proper name, as far as capitals tell."""
    found: dict[str, Name] = {}
    no_names = NO_NAMES | months(language).keys() | weekdays(language).keys()
    for passage in passages:
        if passage.kind in _SKIPPED or passage.text.isupper():
            continue
        is_title_case = _is_title_case(passage)
        previous: tuple[str, int] | None = None  # the name right before, and where it ends
        for match in _CAPITALISED.finditer(passage.text):
            if _is_address(passage, match):
                previous = None
                continue
            word = _POSSESSIVE.sub("", match[0])
            if not word[:1].isupper() or word.isupper() or word.casefold() in no_names:
                previous = None
                continue
            name = found.setdefault(word, Name(word))
            name.places.append((passage, match.start()))
            name.sections.add(passage.section)
            if is_title_case:
                continue
            opens = _OPENS.search(passage.text, max(0, match.start() - 6), match.start())
            if previous and _GAP.fullmatch(passage.text, previous[1], match.start()):
                name.before.add(previous[0].casefold())
                found[previous[0]].after.add(name.folded)
                name.is_sure = True
            elif not opens:
                name.is_sure = True
            # "Ada’s Sample" are two.
            previous = (word, match.end()) if word == match[0] else None
    as_written = set(_WORD.findall("\n".join(passage.text for passage in passages)))
    return [name for name in found.values() if name.folded not in as_written]


def _is_title_case(passage: Passage) -> bool:
    """Whether a headline Has Capitals Like This, which say nothing of names."""
    if passage.kind not in _HEADLINES:
        return False
    long = [word for word in _WORD.findall(passage.text) if len(word) > 3]
    return len(long) > 2 and all(word[:1].isupper() for word in long)


def _is_address(passage: Passage, match: re.Match[str]) -> bool:
    start, end = match.span()
    if passage.links and any(
        link.is_bare and link.start <= start < link.end for link in passage.links
    ):
        return True
    text = passage.text
    return text[start - 1 : start] in _OF_ADDRESSES or text[end : end + 1] in _OF_ADDRESSES


# Letters of other alphabets' transliterations that one newsroom writes so and another so. The
# order matters: the longer first.
_SOUNDS = (
    # Tsikhanouskaya comes by way of Belarusian, Tikhanovskaya by way of Russian.
    ("tsi", "ti"), ("tsy", "ti"), ("ousk", "usk"), ("ovsk", "usk"), ("owsk", "usk"),
    ("shch", "š"), ("sch", "š"), ("tch", "č"), ("sh", "š"), ("ch", "h"), ("zh", "j"),
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("ts", "c"), ("tz", "c"),
    ("cz", "c"), ("ck", "k"), ("ks", "x"), ("qu", "k"), ("ou", "u"), ("ae", "a"),
    ("oe", "o"), ("ue", "u"), ("ee", "i"), ("oo", "u"), ("yu", "iu"), ("ya", "ia"),
    ("ye", "e"), ("ie", "e"), ("iy", "i"), ("yi", "i"), ("yy", "i"), ("ij", "i"),
    ("y", "i"), ("j", "i"), ("w", "v"), ("q", "k"), ("ß", "ss"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")


@functools.lru_cache(maxsize=4096)
def sound(word: str) -> str:
    """A word as it sounds, roughly: spellings of one name that differ by custom become one.

    Zelensky, Zelenskyy and Zelenskiy; Sofia and Sophia; Müller, Mueller and Muller.
    """
    plain = _plain(word)
    for spelling, letter in _SOUNDS:
        plain = plain.replace(spelling, letter)
    return _DOUBLED.sub(r"\1", plain)


def _plain(word: str) -> str:
    apart = unicodedata.normalize("NFD", word.casefold().replace("ł", "l").replace("ø", "o"))
    if "\u0400" <= apart[:1] <= "\u052f":  # й and ї are letters, not и and і with an accent
        return re.sub(r"[-'’ʼ]", "", unicodedata.normalize("NFC", apart))
    return "".join(c for c in apart if c.isalnum())


def is_one_name(one: Name, other: Name, language: str) -> bool:
    """Whether two words of one issue are, almost surely, one name spelt in two ways.

    They differ by the custom of spelling (``sound``), or by one letter inside the word; and what
    stands around them speaks for it: the same first name or surname beside both, or one of them
    often or in full and the other bare in the same story. Names with different neighbours are
    different people's; endings are grammar.
    """
    shorter = min(len(one.text), len(other.text))
    if shorter < LEAST_LETTERS or one.folded == other.folded or "-" in one.text + other.text:
        return False
    have_one_neighbour = bool(one.before & other.before or one.after & other.after)
    if not have_one_neighbour and _are_different_people(one, other):
        return False
    tongue = language.split("-")[0].lower()
    is_custom = _differ_by_custom(one.folded, other.folded, tongue)
    if not (
        is_custom
        or _differ_by_one_inside(_plain(one.text), _plain(other.text), tongue)
        or (shorter >= 8 and _differ_by_one_inside(sound(one.text), sound(other.text), tongue))
    ):
        return False
    if have_one_neighbour:
        return True
    if shorter <= LEAST_LETTERS or not (one.is_sure or other.is_sure):
        return False
    if tongue in NOUNS_ARE_CAPITALISED:
        return is_custom and bool(one.before or other.before or one.after or other.after)
    if not (one.is_sure and other.is_sure) and shorter < 7:
        return False
    rare, usual = sorted((len(one.places), len(other.places)))
    return is_custom or bool(one.sections & other.sections) or (rare == 1 and usual >= 3)


def _are_different_people(one: Name, other: Name) -> bool:
    return bool(
        (one.before and other.before)
        or (one.after and other.after)
        # "Petersen Street" and "Jonas Peterson"
        or (one.before and other.after)
        or (one.after and other.before)
    )


def _differ_by_custom(one: str, other: str, language: str) -> bool:
    """Whether two spellings sound alike, and are not two cases of one word."""
    # By way of Russian and of Belarusian: Lukashenko and Lukashenka.
    if one[:-1] == other[:-1] and one[-4:-1] == "enk" and {one[-1], other[-1]} == {"o", "a"}:
        return True
    return sound(one) == sound(other) and not _differ_by_grammar(one, other, language)


def _differ_by_grammar(one: str, other: str, language: str) -> bool:
    start, end = _common(one, other)
    shorter, longer = sorted((one, other), key=len)
    if language in SLAVIC:
        return start >= len(shorter) - 4
    if language in NOUNS_ARE_CAPITALISED and len(one) == len(other):
        return True  # Kloster and Klöster
    # Philipp and Philip, Clark and Clarke are names; Orlov and Orlovs are not two of them.
    return end == 0 and longer[start:] in {"s", "es"}


def _differ_by_one_inside(one: str, other: str, language: str) -> bool:
    """Whether one letter in the middle is another, missing, too many, or two have changed places.

    The first letter and the last two are the same: what differs there is another name, or grammar.
    """
    if abs(len(one) - len(other)) > 1 or _american(one) == _american(other):
        return False
    start, end = _common(one, other)
    if start == 0 or end < 1 or (language in SLAVIC and start >= min(len(one), len(other)) - 4):
        return False
    rest, others = one[start : len(one) - end], other[start : len(other) - end]
    if sorted(rest) == sorted(others):
        return len(rest) == 2
    if len(rest) > 1 or len(others) > 1:
        return False
    # Orlov and Orlova’s: a letter before a final s is grammar, too.
    return not (end == 1 and one[-1] in "sn" and (not rest or not others))


def _american(word: str) -> str:
    """A word with the American of two endings: official names keep theirs in a British text."""
    return re.sub(r"our", "or", re.sub(r"is(?=e|ing|ation)", "iz", word.replace("ence", "ense")))


def _common(one: str, other: str) -> tuple[int, int]:
    """How many letters two words have in common at their start, and then at their end."""
    shorter = min(len(one), len(other))
    start = next((n for n in range(shorter) if one[n] != other[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if one[-1 - n] != other[-1 - n]), rest)
    return start, end


def pairs(found: Sequence[Name], language: str) -> Iterator[tuple[Name, Name]]:
    """Names of one issue that are one name spelt in two ways: the usual spelling, the rare one."""
    groups: defaultdict[str, list[Name]] = defaultdict(list)
    for name in found:
        if len(name.text) >= LEAST_LETTERS:
            groups[_plain(name.text)[:1] + _plain(name.text)[-1:]].append(name)
            groups[f"={sound(name.text)}"].append(name)
            if name.folded[-4:-1] == "enk":
                groups["enk"].append(name)
    told: set[tuple[str, str]] = set()
    for group in groups.values():
        for number, one in enumerate(group):
            for other in group[number + 1 :]:
                if abs(len(one.text) - len(other.text)) > 3:
                    continue
                usual, rare = _by_use(one, other)
                if (usual.text, rare.text) in told:
                    continue
                if is_one_name(one, other, language):
                    told.add((usual.text, rare.text))
                    yield usual, rare


def _by_use(one: Name, other: Name) -> tuple[Name, Name]:
    """The spelling that occurs more often, or else first, before the other."""
    return (other, one) if len(other.places) > len(one.places) else (one, other)


def is_variant(name: Name, listed: str, language: str) -> bool:
    """Whether a name is another spelling of one that the newsroom has listed.

    A listed name is known to be right, so less speaks for it than between two unknown names: the
    same sound, one other letter inside, or other vowels between the same consonants (Kiev and
    Kyiv, Kharkov and Kharkiv).
    """
    one, other = name.folded, listed.casefold()
    shorter = min(len(one), len(other))
    tongue = language.split("-")[0].lower()
    if one == other or shorter < 4 or one[0] != other[0]:
        return False
    if _differ_by_custom(one, other, tongue):
        return True
    if tongue in SLAVIC and _common(one, other)[0] >= shorter - 4:
        return False
    if shorter > LEAST_LETTERS and _differ_by_one_inside(_plain(one), _plain(other), tongue):
        return name.is_sure
    if sound(one) == sound(other):  # and grammar is what makes the difference
        return False
    return len(one) == len(other) and _consonants(one) == _consonants(other)


def _consonants(word: str) -> str:
    """The consonants of a word that ends with one; of others the word, since vowels bend them."""
    bare = re.sub(r"[aeiouy]", "", _plain(word))
    return bare if bare[-1:] == word[-1:] and len(bare) > 1 else word
