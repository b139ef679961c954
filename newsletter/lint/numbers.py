"""Numbers of stories as texts say them: "six stories", "шість новин", "3 Meldungen"."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LARGEST = 20
"""Larger numbers are never those of the stories in a letter."""

# From two on; several forms of one number stand with a bar between.
_WORDS: Mapping[str, str] = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "uk": "два|дві|двох|двома три|трьох|трьома чотири|чотирьох|чотирма п'ять|п'яти|п'ятьох "
    "шість|шести|шістьох сім|семи|сімох вісім|восьми|вісьмох дев'ять|дев'яти|дев'ятьох "
    "десять|десяти|десятьох одинадцять|одинадцяти дванадцять|дванадцяти",
    "ru": "два|две|двух|двумя три|трёх|трех|тремя четыре|четырёх|четырех|четырьмя пять|пяти|пятью "
    "шесть|шести|шестью семь|семи|семью восемь|восьми девять|девяти десять|десяти "
    "одиннадцать|одиннадцати двенадцать|двенадцати",
    "be": "два|дзве|двух тры|трох чатыры|чатырох пяць|пяці шэсць|шасці сем|сямі восем|васьмі "
    "дзевяць|дзевяці дзесяць|дзесяці адзінаццаць дванаццаць",
    "pl": "dwa|dwie|dwóch|dwoma trzy|trzech|trzema cztery|czterech|czterema pięć|pięciu "
    "sześć|sześciu siedem|siedmiu osiem|ośmiu dziewięć|dziewięciu dziesięć|dziesięciu "
    "jedenaście|jedenastu dwanaście|dwunastu",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
}
# What a letter is made of: stories, and the lines of its summary.
_STORIES: Mapping[str, str] = {
    "en": r"(?:news )?stories|articles|news items|topics",
    "de": r"geschichten|meldungen|nachrichten|themen|beiträgen?|artikeln?|texten?",
    "uk": r"істор\w{1,3}|новин\w{0,3}|тем(?:и|ах|ами)?|статт\w{1,3}|статей|матеріал\w{1,3}",
    "ru": r"истор\w{1,3}|новост\w{1,3}|тем(?:ы|ах|ами)?|стать\w{1,3}|статей|материал\w{1,3}",
    "be": r"гістор\w{1,3}|навін\w{0,3}|тэм(?:ы|ах|амі)?|артыкул\w{1,3}|матэрыял\w{1,3}",
    "pl": r"histori\w{1,3}|historii|tematy|tematów|tematach|artykuł\w{1,3}|tekst\w{1,3}|"
    r"wiadomości\w{0,3}",
    "fr": r"histoires|sujets|articles|nouvelles|informations",
    "es": r"historias|noticias|temas|artículos",
    "it": r"storie|notizie|temi|articoli",
}
# Lines are only counted with the word before: "in five sentences". A court may hand down three.
_LINES: Mapping[str, tuple[str, str]] = {
    "en": (r"in", r"bullets|bullet points|sentences|points|lines"),
    "de": (r"in", r"sätzen|punkten|zeilen|stichpunkten"),
    "uk": (r"[ву]", r"реченн\w{1,2}|пункт\w{1,3}|тез\w{0,3}"),
    "ru": (r"в", r"предложени\w{1,2}|пункт\w{1,3}|тезис\w{1,3}"),
    "be": (r"у", r"сказ\w{1,3}|пункт\w{1,3}"),
    "pl": (r"w", r"zdani\w{1,3}|punkt\w{1,3}"),
    "fr": (r"en", r"phrases|points|lignes"),
    "es": (r"en", r"frases|puntos|líneas"),
    "it": (r"in", r"frasi|punti|righe"),
}
# Words that make sure that this letter is spoken of.
_HERE: Mapping[str, str] = {
    "en": r"in this (?:issue|letter|edition|newsletter)|below|here are|we (?:have|bring you)|"
    r"(?:the|this) (?:week|month|issue|news) in",
    "de": r"in diese[rm] (?:ausgabe|heft|brief|newsletter|rundbrief)|unten|wir haben|"
    r"(?:finden|lesen) sie|(?:findet|lest) ihr|die (?:woche|ausgabe|nachrichten) in",
    "uk": r"[ув] цьому (?:випуску|листі|числі|номері)|нижче|(?:тиждень|випуск|новини) [ув]",
    "ru": r"в этом (?:выпуске|письме|номере)|ниже|(?:неделя|выпуск|новости) в",
    "be": r"у гэтым (?:выпуску|лісце|нумары)|ніжэй|(?:тыдзень|выпуск|навіны) у",
    "pl": r"w tym (?:numerze|wydaniu|liście|newsletterze)|poniżej|(?:tydzień|numer) w",
    "fr": r"dans (?:ce numéro|cette lettre|cette édition)|ci-dessous|au sommaire|"
    r"(?:la semaine|l'actualité) en",
    "es": r"en est[ea] (?:número|boletín|carta|edición)|abajo|a continuación|la semana en",
    "it": r"in quest[oa] (?:numero|lettera|edizione)|qui sotto|la settimana in",
}
# Words that do so only where nothing else is said: "This week: six stories".
_NOW: Mapping[str, str] = {
    "en": r"this (?:week|month|time)|today",
    "de": r"diese woche|diesen monat|diesmal|heute",
    "uk": r"цього (?:тижня|разу|місяця)|сьогодні",
    "ru": r"на этой неделе|сегодня|в этот раз",
    "be": r"на гэтым тыдні|сёння|гэтым разам",
    "pl": r"w tym tygodniu|dziś|dzisiaj|tym razem",
    "fr": r"cette semaine|ce mois-ci|aujourd'hui",
    "es": r"esta semana|este mes|hoy",
    "it": r"questa settimana|questo mese|oggi",
}
# "three more stories" says nothing of all of them.
_OTHERS: Mapping[str, str] = {
    "en": r"more|other|another|further|last|first|next|of the|additional",
    "de": r"weitere[nr]?|andere[nr]?|letzten?|ersten?|nächsten?|zusätzliche[nr]?",
    "uk": r"ще|інш\w+|перш\w+|останн\w+|наступн\w+",
    "ru": r"ещё|еще|друг\w+|перв\w+|последн\w+|следующ\w+",
    "be": r"яшчэ|іншы\w*|перш\w+|апошн\w+",
    "pl": r"jeszcze|inn\w+|kolejn\w+|pierwsz\w+|ostatni\w*|następn\w+",
    "fr": r"autres|encore|premi\w+|derni\w+|prochain\w+",
    "es": r"más|otr[ao]s|primer\w+|últim\w+|próxim\w+",
    "it": r"altr[ei]|ancora|prim[ei]|ultim[ei]|prossim[ei]",
}


@dataclass(frozen=True, slots=True)
class Claim:
    """A text's word for how many stories, or lines of a summary, there are.

    Attributes:
        start: Where it begins in the text.
        words: How the text says it.
        number: What it says.
        is_of_lines: Whether it speaks of the lines of a summary rather than of stories.
    """

    start: int
    words: str
    number: int
    is_of_lines: bool


def claims(text: str, language: str) -> Iterator[Claim]:
    """What a text says of how many stories its letter has, where that surely is its meaning.

    Sure is what stands beside a word for the letter ("in this issue", "below"), what is a clause
    by itself ("Six stories, and a recipe", "This week: six stories"), and the lines that a
    week or an issue is told in ("the week in five sentences").

    Args:
        text: A greeting, a subject, a title.
        language: BCP 47 tag; of unknown languages nothing is said.
    """
    patterns = _patterns(language.split("-")[0].lower())
    if patterns is None:
        return
    for sentence in _SENTENCE.finditer(text.translate(_APOSTROPHES)):
        is_of_letter = patterns.here.search(sentence[0]) is not None
        for found in patterns.claim.finditer(sentence[0]):
            is_of_lines = found["lines"] is not None
            before, after = sentence[0][: found.start()], sentence[0][found.end() :]
            if not (
                is_of_letter
                or (
                    not is_of_lines
                    and (
                        patterns.may_precede.fullmatch(before) and patterns.may_follow.match(after)
                    )
                )
            ):
                continue
            said = found["stories"] or found["lines"]
            value = int(said) if said.isdigit() else patterns.numbers[said.casefold()]
            if 1 < value <= LARGEST:
                start, end = sentence.start() + found.start(), sentence.start() + found.end()
                yield Claim(start, text[start:end], value, is_of_lines)


_APOSTROPHES = str.maketrans("’ʼ", "''")
_SENTENCE = re.compile(r"[^.!?…\n]+")


@dataclass(frozen=True, slots=True)
class _Patterns:
    claim: re.Pattern[str]
    here: re.Pattern[str]
    may_precede: re.Pattern[str]
    may_follow: re.Pattern[str]
    numbers: Mapping[str, int]


@functools.cache
def _patterns(language: str) -> _Patterns | None:
    if language not in _WORDS:
        return None
    numbers = {
        form: value
        for value, forms in enumerate(_WORDS[language].split(" "), 2)
        for form in forms.split("|")
    }
    either = "|".join(sorted(numbers, key=len, reverse=True))
    others, now = _OTHERS[language], _NOW[language]
    preposition, lines = _LINES[language]
    # At most one adjective between: "six short stories".
    number = rf"\d{{1,2}}|{either})\s(?:(?!(?:{others})\s)[^\W\d_]+\s)?"
    claim = (
        rf"(?<![\w.,-])(?:(?P<stories>{number}(?:{_STORIES[language]})"
        rf"|(?<=\b{preposition}\s)(?P<lines>{number}(?:{lines}))"
        rf"(?![\w-])(?!\s(?:{others})\b)"
    )
    return _Patterns(
        re.compile(claim, re.IGNORECASE),
        re.compile(rf"\b(?:{_HERE[language]})(?!\w)", re.IGNORECASE),
        re.compile(rf"(?:.*[,:;–—|•·«“„\"(-])?\s*(?:(?:{now})\s*)?", re.IGNORECASE | re.DOTALL),
        re.compile(rf"\s*(?:(?:{now})\s*)?(?:$|[,:;–—|•·»”\")-])", re.IGNORECASE),
        numbers,
    )
