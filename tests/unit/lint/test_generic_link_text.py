from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    "words",
    [
        "Click here",
        "here",
        "HERE!",
        "→ Read more »",
        "**this link**",
        "Learn more…",
        "hier",
        "Mehr erfahren",
        "Weiterlesen",
        "En savoir plus",
        "ici",
        "Leer más",
        "aquí",
        "saiba mais",
        "więcej",
        "Czytaj dalej",
        "тут",
        "Детальніше",
        "за цим посиланням",
        "здесь",
        "Подробнее…",
        "Чытаць далей",
        "اقرأ المزيد",
        "هنا",
        "לחצו כאן",
        "להמשך קריאה",
    ],
)
def test_words_that_say_nothing_are_a_warning_at_the_link(places: Places, words: str) -> None:
    piece = f"intro: The timetable is out. [{words}](https://example.com/t)"
    assert places("generic-link-text", piece) == ["1:30 warning"]


def test_buttons_and_lists_of_links_are_looked_at(places: Places) -> None:
    piece = """
    sections:
      - kind: button
        label: Read more
        url: https://example.com/a
      - kind: links
        title: Elsewhere
        items:
          - title: Hier
            url: https://example.com/b
    """
    assert places("generic-link-text", piece, language="de") == ["3:12 warning", "8:16 warning"]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("the winter timetable", "en"),
        ("Read more about the ferry", "en"),
        ("here in Brennick", "en"),
        ("More boats", "en"),
        ("Linkin Park", "en"),
        ("their website", "en"),
        ("Plus", "en"),
        ("hier", "fr"),
        ("qui", "fr"),
        ("mais", "fr"),
        ("Hier steht der Fahrplan", "de"),
        ("розклад руху", "uk"),
        ("https://example.com/here", "en"),
    ],
)
def test_words_that_say_where_it_leads_are_fine(places: Places, words: str, language: str) -> None:
    piece = f"intro: The timetable is out. [{words}](https://example.com/t)"
    assert places("generic-link-text", piece, language=language) == []


def test_an_address_that_is_its_own_words_is_fine(places: Places) -> None:
    assert places("generic-link-text", "intro: See https://example.com/here") == []
