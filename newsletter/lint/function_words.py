"""Short words of which every sentence has some; they tell which language a text is in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from newsletter.lint.plain import primary

_WORDS: Mapping[str, str] = {
    "en": "the a an and of to or but with at by from as for we they he she our their its is are "
    "was were not this it be have has you who will all what",
    "de": "der die das und oder aber mit von im am zu zum zur den dem des ein eine einen ist sind "
    "war nicht auf für es er sie wir ich auch sich wird haben hat dass",
    "fr": "le la les un une des du de et ou mais avec pour dans sur au aux est sont il elle nous "
    "vous ils qui que ne pas ce cette nos",
    "es": "el la los las un una y o pero con para por del en es son se que no su sus al lo este "
    "esta como más",
    "it": "il lo la gli un una e o ma con per del della dei di da in che non si è sono al alla nel "
    "questo come",
    "pl": "i a w z na do się nie jest są to że od po za przez dla jak ale oraz o ze co być",
    "nl": "de het een en van met op te voor niet is zijn dat die ook aan er maar",
    "uk": "і й та в у з на до що не це як від за по для про але або він вона вони ми є",
    "ru": "и в с на до что не это как от за по для о но или он она они мы у к из",
    "be": "і й у ў з на да што не гэта як ад за па для пра але ці ён яна яны мы",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 2
"""Words of a language that a text must have, and more than of any other."""


def is_foreign(text: str, language: str) -> bool:
    """Whether a text is surely in another language than this one, by its function words."""
    said = [word.casefold() for word in _WORD.findall(text)]
    counts = {known: sum(word in words for word in said) for known, words in _SETS.items()}
    here = counts.pop(primary(language), 0)
    return (most := max(counts.values())) >= _ENOUGH and most > here
