"""How long it takes to read an issue."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.issue.model import Issue
from newsletter.issue.passages import PassageKind, passages
from newsletter.lint.text import stand_in

# Words per minute. English: Brysbaert, "How many words do we read per minute?", Journal of Memory
# and Language 109 (2019), silent reading of non-fiction. Others: Trauzettel-Klosinski and Dietz,
# "Standardized Assessment of Reading Performance", IOVS 53 (2012), by adults of 18 to 35 who read
# aloud, so their issues come out rather longer than shorter.
_WORDS = {
    "ar": 138,
    "de": 179,
    "en": 238,
    "es": 218,
    "fi": 161,
    "fr": 195,
    "he": 187,
    "it": 188,
    "nl": 202,
    "pl": 166,
    "ru": 184,
    "tr": 166,
}
_MEAN = 184  # of the 17 languages of the second study
# Characters per minute of what is written without spaces, from the same study.
_CHINESE, _JAPANESE = 255, 357

_KANA = "\u3040-\u30ff\uff66-\uff9f"
_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CHARACTER = re.compile(f"[{_KANA}{_HAN}]")
_WORD = re.compile(r"\w+(?:['’\-\u2010\u2011.,]\w+)*")
# In the inbox, or read only to those who do not see the picture.
_NOT_READ = frozenset({PassageKind.SUBJECT, PassageKind.PREHEADER, PassageKind.ALT})


@dataclass(frozen=True, slots=True)
class Reading:
    """What it is to read an issue.

    Attributes:
        words: Its words, and each character of Chinese and Japanese.
        minutes: Rounded, at least one for an issue that has any.
    """

    words: int
    minutes: int


def reading(issue: Issue, language: str) -> Reading:
    """How much there is to read in an issue.

    Subject and preheader do not count, nor what only stands in for a picture. Merge fields count
    as their defaults.

    Args:
        issue: The issue.
        language: Of the letter (BCP 47). For one that was not in the studies their mean is taken.
    """
    return reading_of(
        " ".join(stand_in(one.text) for one in passages(issue) if one.kind not in _NOT_READ),
        language,
    )


def reading_of(text: str, language: str) -> Reading:
    """How much there is to read in a text.

    Args:
        text: Without markup.
        language: See ``reading``.
    """
    main = language.partition("-")[0].lower()
    characters = len(_CHARACTER.findall(text))
    words = len(_WORD.findall(_CHARACTER.sub(" ", text)))
    minutes = words / _WORDS.get(main, _MEAN)
    minutes += characters / (_JAPANESE if main == "ja" else _CHINESE)
    return Reading(words + characters, max(round(minutes), 1) if words + characters else 0)
