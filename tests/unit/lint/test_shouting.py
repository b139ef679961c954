from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]

LOUD = "COME TO THE HARBOUR tonight, everybody, and bring your friends to the GREAT SHOW of lights."


@pytest.mark.parametrize(
    ("text", "column"),
    [("Come tonight!!! Now.", 13), ("Why?!?! Oh.", 4), ("Why???? Oh.", 4), (LOUD, 1)],
)
def test_marks_in_a_row_and_capitals_warn(places: Places, text: str, column: int) -> None:
    assert places("shouting", f"intro: |\n  {text}") == [f"2:{column + 2} warning"]


def test_a_headline_in_capitals_is_a_note(places: Places) -> None:
    piece = "sections:\n  - headline: FERRY BACK IN THE HARBOUR\n    body: It sails."
    assert places("shouting", piece) == ["2:15 info"]


@pytest.mark.parametrize(
    "text",
    [
        "Come! Now! Why?! What??? Oh!! {{ name | !!! }} `!!!`",
        "The EU, the UN, NATO and UNESCO met in the USA with the WHO and the IMF on that day.",
        "Anna Maria J. R. R. Example, Ben C. D. Example, Cy E. Example, Di F. Example, Ed Example",
        "Die Verhandlung im Rathaus der Stadt Nordheim endete am Freitag mit einem Vergleich.",
        "ШІСТЬ слів великими, решта звичайні, і їх тут досить, щоб частка лишилася малою, так.",
        "WELCOME TO THE HARBOUR",
        "עוד פסקה ארוכה בלי אותיות גדולות, כי אין כאלה בשפה הזאת, והיא ארוכה מחמישים.",
    ],
)
def test_what_is_said_in_a_normal_voice_is_not_found(places: Places, text: str) -> None:
    assert places("shouting", f"intro: |\n  {text}") == []


@pytest.mark.parametrize(
    ("subject", "is_found"),
    [
        ("THE NIGHT FERRY IS BACK", True),
        ("НІЧНИЙ ПОРОМ ПОВЕРНУВСЯ", True),
        ("EU, UN, NATO", False),
        ("The night ferry is back in the EU", False),
        ("FERRY BACK", False),
        ("מעבורת הלילה חזרה לנמל", False),
        ("{{ name | NEIGHBOUR }}, the ferry sails", False),
    ],
)
def test_a_subject_in_capitals_warns(places: Places, subject: str, is_found: bool) -> None:
    found = places("subject-caps", f'subject: "{subject}"')
    assert found == (["1:10 warning"] if is_found else [])


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("Back! Really! Yes!", ["1:28 warning"]),
        ("Is it back?! Yes!", ["1:27 warning"]),
        ("$5, $10 or $20", ["1:22 warning"]),
        ("Back! Really?", []),
        ("{{ name | friend! }}, is it back?!", ["1:44 warning"]),
        ("¿Vuelve? ¡Sí!", []),
    ],
)
def test_a_subject_of_signs_warns_at_the_third(
    places: Places, subject: str, found: list[str]
) -> None:
    assert places("subject-punctuation", f'subject: "{subject}"') == found
