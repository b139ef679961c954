"""Short names of stories, made from their headlines: ``winter-ferry``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

WORDS = 3
"""Words of a name."""

_LONGEST = 40
# Words that tell nothing, of the languages that newsletters of ours are written in.
_EMPTY = {
    *("the", "and", "for", "its", "with", "from", "that", "this", "are", "was", "were", "has"),
    *("have", "had", "not", "but", "his", "her", "their", "our", "your", "after", "over", "into"),
    *("about", "more", "than", "will", "who", "how", "why", "what", "when", "where", "which"),
    *("says", "said", "new", "der", "die", "das", "und", "ein", "eine", "einen", "einem"),
    *("einer", "den", "dem", "des", "von", "vom", "mit", "auf", "fur", "aus", "bei", "nach"),
    *("ist", "sind", "wird", "werden", "nicht", "auch", "sich", "zum", "zur", "uber", "im", "am"),
    *("an", "zu", "les", "une", "est", "dans", "pour", "sur", "avec", "par", "qui", "que", "los"),
    *("las", "del", "con", "por", "para", "una", "dlia", "pro", "shcho", "iak", "pid", "nad"),
    *("cherez", "bez", "ta", "na", "za", "do", "vid", "pislia", "dlya", "chto", "kak", "pod"),
    *("posle", "iz", "ot", "po", "so", "ego", "pri", "oraz", "jest", "przez", "dla", "nie"),
    *("sie", "od", "of", "to", "in", "on", "at", "by", "as", "is", "it", "be", "or", "up", "out"),
    *("no",),
}


def slugs(headlines: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """One name of two or three telling words for each headline, in the shape of an ``id``.

    Words that most of the headlines have tell none from another. No two names are alike, and none
    is in ``taken``; a headline without letters is called ``story``.
    """
    used = dict.fromkeys(taken, 1)
    spelt = [_words(headline) for headline in headlines]
    spread = Counter(word for words in spelt for word in set(words))
    made = []
    for words in spelt:
        rare = [word for word in words if spread[word] < 3 or spread[word] * 2 <= len(spelt)]
        name = first = _name(rare if len(rare) > 1 else words)
        while name in used:
            used[first] += 1
            name = f"{first}-{used[first]}"
        used[name] = 1
        made.append(name)
    return made


def _words(headline: str) -> list[str]:
    """The telling words of a headline, in Latin letters; all of them if none tells much."""
    from anyascii import anyascii

    plain = re.sub(r"['’`]", "", anyascii(headline[:400])).lower()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [word for word in words if word not in _EMPTY and (len(word) > 2 or word.isdigit())]
    return telling if len(telling) > 1 else telling or words


def _name(words: Sequence[str]) -> str:
    name = "-".join(word[:_LONGEST] for word in words[:WORDS])[:_LONGEST].strip("-")
    return name or "story"
