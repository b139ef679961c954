"""The language of a draft whose letters are not those of the newsletter's language."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.scripts import Script, is_written_in, script

_LEAST = 100  # letters; a shorter draft may be a poster with a foreign name
_RARE = 0.05  # of the letters that tell: a name of the neighbours in a quotation

_ELSEWHERE = {
    Script.CYRILLIC: "әғқңөұүһҗљњјћђќѓѕџ",  # Kazakh, Kyrgyz, Tatar, Serbian, Macedonian …
    Script.ARABIC: "پچژگٹڈڑےٺٻ",  # Persian, Urdu, Pashto, Sindhi
    Script.HEBREW: "\u05f0\u05f1\u05f2",  # Yiddish
}


def guess(texts: Iterable[str], usual: str) -> tuple[str, Remark | None]:
    """The language of a draft, if its letters tell it, and it is not the usual one.

    Args:
        texts: What the draft says.
        usual: The newsletter's language; empty if it is not known, which guesses nothing.

    Returns:
        The language, or nothing; and what the editor should know.
    """
    text = " ".join(texts).lower()
    if not usual or sum(map(str.isalpha, text)) < _LEAST:
        return "", None
    written = script(text)
    if written is None or is_written_in(usual, written):
        return "", None
    language = _language(text, written)
    if language:
        said = f'the draft is written in {written} letters; the issue is marked "{language}"'
        hint = "Correct language: in the issue if it is another."
    else:
        said = f'the draft is written in {written} letters; the newsletter\'s language is "{usual}"'
        hint = 'Name its language at the top of the issue, such as "language: uk".'
    return language, Remark(1, "language", said, hint)


def _language(text: str, written: Script) -> str:
    if any(letter in text for letter in _ELSEWHERE.get(written, "")):
        return ""
    if written is Script.CYRILLIC:
        return _cyrillic(text)
    return {Script.HEBREW: "he", Script.ARABIC: "ar", Script.GREEK: "el"}.get(written, "")


def _cyrillic(text: str) -> str:
    """Ukrainian has no ы, э and ъ, Russian no і, and Belarusian alone has ў."""
    ukrainian, belarusian, russian, i = (
        sum(map(text.count, letters)) for letters in ("їєґ", "ў", "ыэъ", "і")
    )
    few = _RARE * (ukrainian + belarusian + russian + i)
    if belarusian > few and i > few and ukrainian <= few:
        return "be"
    if ukrainian + i > few and russian <= few and belarusian <= few:
        return "uk"
    has_y = any(letter in text for letter in "ыэ")  # ъ alone is Bulgarian
    return "ru" if has_y and max(ukrainian, belarusian, i) <= few else ""
