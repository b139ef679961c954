"""What is chosen to be seen stands in the address, and whatever stands there can be shown."""

from __future__ import annotations

import pytest
from starlette.datastructures import QueryParams

from newsletter.preview.appearances import Appearance
from newsletter.preview.reader import Reader
from newsletter.preview.shown import (
    DEFAULT,
    MOST,
    NARROWEST,
    PANELS,
    PRESETS,
    WIDEST,
    WIDTHS,
    Pane,
    Panel,
    Shown,
    Side,
)


def of(query: str) -> Shown:
    return Shown.of(QueryParams(query))


def test_nothing_said_is_the_usual_and_the_usual_is_not_said() -> None:
    assert of("") == Shown()
    assert Shown().query() == ""
    assert list(map(str, DEFAULT)) == ["letter-640", "letter-375"]


@pytest.mark.parametrize(
    "shown",
    [
        *(Shown(panes) for _, _, panes, _ in PRESETS),
        *(Shown(side=side) for side in Side),
        *(Shown((Pane(kind, 414),)) for kind in Appearance),
        *(Shown((Pane(kind, 1000 if kind is Panel.WEB else 0),)) for kind in Panel),
        *(Shown((Pane(Appearance.LETTER, width),)) for width in WIDTHS),
        Shown(DEFAULT * 3, Side.NONE, Reader(12), remote=True),
        Shown(reader=Reader(None, (("name", "Zoë & Co"), ("x", "a,b=c#d")))),
    ],
)
def test_a_choice_comes_back_from_the_address_as_it_was(shown: Shown) -> None:
    assert of(shown.query().removeprefix("?")) == shown


@pytest.mark.parametrize(
    ("query", "panes"),
    [
        ("show=", ["letter-640", "letter-375"]),
        ("show=nonsense", ["letter-640", "letter-375"]),
        ("show=<script>,../..,letter-9", ["letter-640", "letter-375"]),
        ("show=text,nonsense", ["text"]),
        ("show=letter", ["letter-640"]),
        ("show=letter-100", [f"letter-{NARROWEST}"]),
        ("show=letter-9999", [f"letter-{WIDEST}"]),
        ("show=text-400", ["text"]),
        ("show=web", ["web-640"]),
        ("show=gmail-dark-320", ["gmail-dark-320"]),
        ("show=letter-%D9%A3%D9%A3%D9%A3", ["letter-333"]),
        ("show=" + "text," * 50, ["text"] * MOST),
        ("side=sideways&remote=yes", ["letter-640", "letter-375"]),
    ],
)
def test_what_an_address_says_wrongly_is_as_usual(query: str, panes: list[str]) -> None:
    shown = of(query)
    assert list(map(str, shown.panes)) == panes
    assert (shown.side, shown.remote) == (Side.BOTH, False)


def test_a_pane_is_added_at_a_width_that_is_not_shown_and_taken_out() -> None:
    shown = of("show=text")
    widths = []
    for _ in range(MOST - 1):
        shown = shown.beside()
        widths.append(shown.panes[-1].width)
    assert widths == [375, 640, 320, 414, 600]
    assert list(map(str, shown.without(1).panes))[:2] == ["text", "letter-640"]


def test_outline_and_findings_are_toggled_each_by_itself() -> None:
    shown = Shown()
    assert shown.toggled(Side.FINDINGS).side is Side.OUTLINE
    assert shown.toggled(Side.OUTLINE).side is Side.FINDINGS
    assert shown.toggled(Side.OUTLINE).toggled(Side.FINDINGS).side is Side.NONE
    neither = Shown(side=Side.NONE)
    assert neither.toggled(Side.FINDINGS).side is Side.FINDINGS
    assert neither.toggled(Side.FINDINGS).toggled(Side.OUTLINE).side is Side.BOTH


def test_a_letters_document_depends_on_reader_appearance_and_pictures_alone() -> None:
    shown = of("show=text&side=none&reader=12&remote=1")
    assert shown.letter_query(Appearance.LETTER) == "?remote=1&reader=12"
    dark = next(kind for kind in Appearance if kind.value == "dark")
    assert shown.letter_query(dark) == "?as=dark&remote=1&reader=12"
    assert of("show=text").letter_query(Appearance.LETTER) == ""
    assert of("").with_remote().letter_query(Appearance.LETTER) == "?remote=1"


def test_every_view_says_what_it_is() -> None:
    for kind in (*Appearance, *Panel):
        pane = Pane(kind, 640)
        assert pane.label
        assert pane.note.endswith((".", ")"))
    assert set(PANELS) == set(Panel)
    assert len({key for _, key, _, _ in PRESETS}) == len(PRESETS)
