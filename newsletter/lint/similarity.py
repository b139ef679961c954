"""How alike two passages are: by their words, whatever the signs between them."""

from __future__ import annotations

import difflib
import functools
import re
import unicodedata
from collections.abc import Iterator, Sequence

SIZE = 5
"""Words in a shingle. Five in a row are rarely the same by chance (A. Broder, "On the resemblance
and containment of documents", 1997, compares web pages by them)."""

ALIKE = 0.9
"""Share of the shorter passage from which on two passages are one."""

# Chinese and Japanese put no spaces: every character is a word.
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(r"[^\W_]+")
# Apostrophes, what cannot be seen, and the vowel signs of Arabic and Hebrew, which few type.
_LEFT_OUT = dict.fromkeys(
    [
        *map(ord, "'’ʼ‘`´\u00ad\u200b\u200c\u200d\u2060\ufeff\u0640\u0670"),
        *range(0x064B, 0x0653),
        *range(0x0591, 0x05BE),
        *range(0x05BF, 0x05C8),
    ]
)
_LEAST_NEAR = 20  # words; of fewer, one other word makes another sentence
_MOST_NEAR = 500  # words; the comparison takes the square of them
_WORTH_A_LOOK = 0.5  # share of common shingles; a word changed in every ten leaves more


@functools.lru_cache(maxsize=1024)
def words(text: str) -> tuple[str, ...]:
    """The words of a text for comparing: without case, accents' encoding, quotes and dashes."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LEFT_OUT)
    pattern = _WORD if max(plain, default="") < _CJK[0] else _word_or_character()
    return tuple(pattern.findall(plain))


@functools.cache  # 3 ms, and few issues need it
def _word_or_character() -> re.Pattern[str]:
    return re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")


def shingles(row: Sequence[str]) -> Iterator[int]:
    """A number for every five words in a row, the same within one run of the program."""
    return map(hash, zip(*(row[start:] for start in range(SIZE)), strict=False))


def is_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the shorter of two passages stands in the other, but for one word in ten."""
    if one == other:
        return len(one) >= SIZE
    ones, others = set(shingles(one)), set(shingles(other))
    least = min(len(ones), len(others))
    if not least:
        return False
    share = len(ones & others) / least
    if share >= ALIKE or share < _WORTH_A_LOOK:
        return share >= ALIKE
    shorter = min(len(one), len(other))
    if not _LEAST_NEAR <= shorter <= max(len(one), len(other)) <= _MOST_NEAR:
        return False
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / shorter >= ALIKE


def differences(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The words that only one of two passages has at its place."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return [
        word
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
        for word in (*one[i:j], *other[k:m])
    ]
