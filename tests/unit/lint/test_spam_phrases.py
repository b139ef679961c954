from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        (
            "intro: Act now! A limited time offer, no credit card required.",
            '3 phrases are ones by which filters know spam: "act now", "limited time offer", '
            '"no credit card required"',
        ),
        ("intro: Jetzt bestellen, nur für kurze Zeit, ganz ohne Risiko!", "3 phrases"),
        ("intro: Купуйте зараз! Абсолютно безкоштовно і без ризику.", "3 phrases"),
        ("intro: Закажите сейчас, только сегодня, успейте купить!", "3 phrases"),
        ("intro: Profitez-en vite, offre limitée, sans engagement.", "3 phrases"),
    ],
)
def test_three_phrases_are_a_note(findings: Findings, piece: str, found: str) -> None:
    (told,) = findings("spam-phrases", piece)
    assert told.severity == "info"
    assert told.message.startswith(found)


def test_it_stands_at_the_first_one(places: Places) -> None:
    piece = """
    intro: A **quiet** week.
    sections:
      - kind: sponsor
        label: Sponsored by Example Bakery
        body: |
          Bread, *100% free*: no strings
          attached. Order now.
    """
    assert places("spam-phrases", piece) == ["6:15 info"]


@pytest.mark.parametrize(
    "piece",
    [
        "intro: Act now, and act now again; act now a third time.",
        "intro: The museum is free. The winner takes the prize. Order now returns to the port.",
        "intro: A contract nowhere limited, timed offers, buy nowhere, call nowadays.",
        "intro: |\n  `act now, order now, buy now`",
        "intro: Без ризику для життя, тільки сьогодні.",
    ],
)
def test_single_words_one_phrase_and_code_are_fine(places: Places, piece: str) -> None:
    assert places("spam-phrases", piece) == []
