"""Words that British and American English spell in two ways."""

from __future__ import annotations

import re
from collections.abc import Sequence

# British, American. Left out is what has another meaning in one of them: programme, metre, storey.
_PAIRS = (
    *("colour color", "honour honor", "favour favor", "labour labor", "neighbour neighbor"),
    *("harbour harbor", "behaviour behavior", "rumour rumor", "humour humor", "flavour flavor"),
    *("centre center", "theatre theater", "fibre fiber", "litre liter", "defence defense"),
    *("offence offense", "grey gray", "travelled traveled", "travelling traveling"),
    *("cancelled canceled", "cancelling canceling", "labelled labeled", "modelled modeled"),
    *("fulfil fulfill", "enrol enroll", "skilful skillful", "jewellery jewelry", "plough plow"),
    *("sceptical skeptical", "aluminium aluminum", "moustache mustache", "pyjamas pajamas"),
    *("analyse analyze", "paralyse paralyze", "organise organize", "realise realize"),
    *("recognise recognize", "manoeuvre maneuver", "catalogue catalog", "tyre tire"),
)
# Oxford spells -ize and is British; a verb does tire; a catalog is a program's.
_ONE_WAY = frozenset({"organize", "realize", "recognize", "tire", "catalog", "catalogue"})
_DIALECTS = {
    word: dialect
    for pair in _PAIRS
    for word, dialect in zip(pair.split(), ("British", "American"), strict=True)
    if word not in _ONE_WAY
}
_ENDINGS = r"(?:s|ed|ing|ful|able|ite|ites|hood|hoods|ly|er|ers|less|d)?"


def mixed(texts: Sequence[str]) -> re.Pattern[str] | None:
    """What finds the words that only one English spells so; None unless texts have both kinds.

    Only words in small letters: names keep their spelling wherever they are mentioned.
    """
    whole = "\n".join(texts)
    # Looking for seventy words one by one takes a tenth of the time of a pattern of them all.
    there = [word for word in _DIALECTS if word in whole]
    if len({_DIALECTS[word] for word in there}) < 2:
        return None
    words = "|".join(sorted(there, key=len, reverse=True))
    return re.compile(rf"(?<![\w’'-])(?P<word>{words}){_ENDINGS}(?![\w-])")


def dialect(found: re.Match[str]) -> str:
    """Whose spelling a word is that ``mixed`` found: "British" or "American"."""
    return _DIALECTS[found["word"]]
