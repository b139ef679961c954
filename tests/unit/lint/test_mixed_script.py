from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]


def intro(text: str) -> str:
    return f"intro: |\n  {text}"


@pytest.mark.parametrize(
    ("language", "text", "column"),
    [
        ("uk", "Гарнoго дня", 5),  # a Latin o
        ("uk", "Києвi", 5),  # a Latin i
        ("uk", "Він i вона", 5),  # a word that is a Latin i
        ("ru", "Cегодня", 1),  # a Latin C
        ("en", "The hаrbour", 6),  # a Cyrillic а
        ("en", "Μarket", 1),  # a Greek Mu
        ("el", "Καλημέρa", 8),  # a Latin a
    ],
)
def test_a_letter_of_another_alphabet_is_found(
    places: Places, language: str, text: str, column: int
) -> None:
    found = places("mixed-script", intro(text), language=language)
    assert found == [f"2:{column + 2} warning"]


def test_the_finding_names_the_letters_and_their_alphabet(findings: Findings) -> None:
    [found] = findings("mixed-script", intro("Гарнoго дня"), language="uk")
    assert found.message == '"o" in "Гарнoго" is a letter of the Latin alphabet'
    [found] = findings("mixed-script", intro("A hаrbоur"))
    assert found.message == '"а", "о" in "hаrbоur" are letters of the Cyrillic alphabet'


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "IT-компанія, SMS-ка, SMSка, TikTokер, YouTubeканал, вітамін C і план B"),
        ("ru", "Instagram-канал, PDFки, мкм, COVID-19, файл a.txt, и так далее"),
        ("en", "«Маяк» plays in Brennick; the word «лиман»; café, naïve, Yusuf Aydın"),
        ("en", "5 μm, π, α-helix, Ω and µg"),
        ("el", "Καλημέρα, το iPhone μου"),
        ("uk", "об’єкт, з'їзд, й’ота"),
        ("uk", "see https://example.org/сайт and {{ name | друже }}"),
        ("he", "שלום world"),
        ("ja", "AIの話"),
    ],
)
def test_words_of_one_alphabet_and_their_own_endings_are_fine(
    places: Places, language: str, text: str
) -> None:
    assert places("mixed-script", intro(text), language=language) == []
