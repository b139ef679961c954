from __future__ import annotations

import pytest

from newsletter.lint.numbers import claims


@pytest.mark.parametrize(
    ("language", "text", "words", "number"),
    [
        ("en", "In this issue: six stories and a recipe", "six stories", 6),
        ("en-GB", "This week: five short stories", "five short stories", 5),
        ("en", "Six stories, and a recipe", "Six stories", 6),
        ("en", "Below are 12 topics.", "12 topics", 12),
        ("de", "In dieser Ausgabe lesen Sie sechs Meldungen.", "sechs Meldungen", 6),
        ("uk", "У цьому випуску п’ять історій.", "п’ять історій", 5),
        ("ru", "В этом выпуске шесть новостей", "шесть новостей", 6),
        ("be", "У гэтым выпуску тры гісторыі", "тры гісторыі", 3),
        ("pl", "W tym numerze pięć tekstów", "pięć tekstów", 5),
        ("fr", "Dans ce numéro : quatre sujets", "quatre sujets", 4),
        ("es", "En este boletín, cinco noticias", "cinco noticias", 5),
        ("it", "In questo numero quattro storie", "quattro storie", 4),
    ],
)
def test_a_number_of_stories_is_read(language: str, text: str, words: str, number: int) -> None:
    (claim,) = claims(text, language)
    assert (claim.words, claim.number, claim.is_of_lines) == (words, number, False)
    assert text[claim.start :].startswith(words)


@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("en", "The week in five sentences", 5),
        ("de", "Die Woche in fünf Sätzen", 5),
        ("uk", "Тиждень у п’яти реченнях", 5),
        ("fr", "La semaine en trois phrases", 3),
    ],
)
def test_a_number_of_lines_is_read(language: str, text: str, number: int) -> None:
    assert [(c.number, c.is_of_lines) for c in claims(text, language)] == [(number, True)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Two stories made headlines this week."),
        ("en", "The court handed down three sentences this week."),
        ("en", "She won by three points this week."),
        ("en", "Four stories from the flood, and a recipe"),
        ("en", "In this issue, two more stories about the flood."),
        ("en", "In this issue we look at a house of 40 stories."),
        ("en", "In this issue, one story."),
        ("en", "Most people have two stories to tell."),
        ("de", "Zwei Geschichten bewegten die Stadt."),
        ("de", "In dieser Ausgabe: drei weitere Themen."),
        ("uk", "Дві історії зворушили місто."),
        ("tlh", "In this issue: six stories"),
    ],
)
def test_other_numbers_say_nothing_of_the_letter(language: str, text: str) -> None:
    assert list(claims(text, language)) == []
