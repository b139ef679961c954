"""The appearances of a letter as source: what changes, and that nothing else does."""

from __future__ import annotations

import re

import pytest

from newsletter.preview.appearances import (
    Appearance,
    appear,
    has_own_dark,
    light,
    note,
    without_images,
)
from newsletter.preview.appearances.colours import Colour, parse, turned
from newsletter.preview.appearances.markup import tags
from newsletter.preview.inbox import text_of

LETTER = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>A &lt;b&gt; "title"</title>
<!--[if mso]><style>.x { color: #111111 }</style><v:rect fillcolor="#ffffff"><![endif]-->
<meta name="color-scheme" content="light dark">
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark }
.a { color: #111111; border: 1px solid #DDDDDD; background: url("x#fff.png") }
@media (prefers-color-scheme: dark) { .a { color: #eeeeee } }
[data-ogsc] .a { color: #dddddd !important }
</style></head>
<body style="background-color:#ffffff"  bgcolor=ffffff>
<!--[if mso]><table bgcolor="#ffffff"><![endif]-->
<p class='a' style="color : black;  font-family:'A&amp;B', serif">Bread &amp; butter &lt;3</p>
<div style='background:#f6f2ea url(x.png) no-repeat;color:#1f1c18'>é</div>
<img src="x.png" alt="A > B"><font color="red">old</font><br/>
<p style="color:inherit;background:linear-gradient(#fff, #000)">plain</p>
</body></html>
"""


def elements(html: str) -> list[tuple[str, bool]]:
    found = [(tag.name, tag.is_end) for tag in tags(html)]
    return found[found.index(("body", False)) :]


@pytest.mark.parametrize("appearance", Appearance)
def test_the_elements_of_the_body_stay_the_same_in_number_and_order(
    appearance: Appearance,
) -> None:
    assert elements(appear(LETTER, appearance)) == elements(LETTER)
    assert elements(without_images(LETTER)) == elements(LETTER)


@pytest.mark.parametrize("appearance", Appearance)
def test_text_pictures_and_what_is_for_outlook_for_windows_stay_as_they_were(
    appearance: Appearance,
) -> None:
    changed = appear(LETTER, appearance)
    for untouched in (
        '<!--[if mso]><style>.x { color: #111111 }</style><v:rect fillcolor="#ffffff"><![endif]-->',
        '<!--[if mso]><table bgcolor="#ffffff"><![endif]-->',
        '<title>A &lt;b&gt; "title"</title>',
        ">Bread &amp; butter &lt;3</p>",
        '<img src="x.png" alt="A > B">',
        "color:inherit;background:linear-gradient(#fff, #000)",
    ):
        assert untouched in changed


def test_a_quotation_mark_that_opens_no_value_does_not_hide_the_rest_of_the_letter() -> None:
    letter = "<body><p title=it's>A</p><p a'b=\"x > y\">B</p><i>C</i></body>"
    assert [tag.name for tag in tags(letter) if not tag.is_end] == ["body", "p", "p", "i"]


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", ['<a "', '<a b="', "<!--", "<style>", "</a ", "<a =", "(/*", "<p>"]
)
def test_broken_source_of_any_length_is_read_once(piece: str) -> None:
    for appearance in Appearance:
        appear(piece * 20_000, appearance)
    text_of(piece * 20_000)


def test_every_appearance_has_words_for_its_heading_and_its_note() -> None:
    assert len({one.label for one in Appearance}) == len(Appearance)
    for one in Appearance:
        assert one.note.endswith(".")
        assert one.note.count(". ") == 0
    for one in (Appearance.OUTLOOK, Appearance.INVERTED):
        assert "simulation" in one.note
        assert one.is_dark
    assert [one for one in Appearance if one.blocks_images] == [Appearance.NO_IMAGES]


def test_the_letter_itself_is_not_changed_by_a_byte() -> None:
    assert appear(LETTER, Appearance.LETTER) is LETTER


def test_a_letter_without_dark_colours_is_the_same_in_the_dark_and_the_note_says_so() -> None:
    plain = "<html><head><style>p{color:#111}</style></head><body><p>A</p></body></html>"
    assert appear(plain, Appearance.DARK) == light(plain) == plain
    assert not has_own_dark(plain)
    assert "no dark colours of its own" in note(plain, Appearance.DARK)
    assert has_own_dark(LETTER)
    assert note(LETTER, Appearance.DARK) == Appearance.DARK.note
    assert note(plain, Appearance.OUTLOOK) == Appearance.OUTLOOK.note


@pytest.mark.parametrize(
    "said",
    [
        'p::after{content:"(prefers-color-scheme: dark)"}',
        "/* @media (prefers-color-scheme: dark) {} */",
        "p{--prefers-color-scheme: dark}",
        ".color-scheme:hover{color:red}",
    ],
)
def test_words_that_only_look_like_a_question_for_the_scheme_are_left_alone(said: str) -> None:
    letter = f"<style>{said}</style><body><p>A (prefers-color-scheme: dark)</p></body>"
    assert appear(letter, Appearance.DARK) == letter
    assert not has_own_dark(letter)


def test_only_the_question_changes_and_the_rest_of_the_sheet_stays_to_the_byte() -> None:
    sheet = "@media  screen AND (Prefers-Color-Scheme :\tDARK) and (max-width:480px){a{b:c}}"
    dark = appear(f"<style>{sheet}</style>", Appearance.DARK)
    pattern = re.escape(sheet).replace(
        re.escape("(Prefers-Color-Scheme :\tDARK)"), r"\(min-width:0\)"
    )
    assert re.fullmatch(f"<style>{pattern}</style>", dark)


def test_a_letter_that_says_it_can_only_be_light_stays_so() -> None:
    only = '<meta name="color-scheme" content="only light"><body>A</body>'
    assert appear(only, Appearance.DARK) == only


def test_style_sheets_are_emptied_where_they_stand() -> None:
    letter = "<style>a{}</style><body><style media=x>b{}</style><p style='color:red'>A</p></body>"
    assert appear(letter, Appearance.NO_STYLES) == (
        "<style></style><body><style media=x></style><p style='color:red'>A</p></body>"
    )


def test_outlook_keeps_what_the_colours_were() -> None:
    changed = appear(LETTER, Appearance.OUTLOOK)
    assert '<body data-ogsc="" data-ogsb="rgb(255, 255, 255)" data-ogab="ffffff"' in changed
    assert 'style="background-color:rgb(51, 51, 51)"  bgcolor="#333333">' in changed
    assert "<p data-ogsc=\"rgb(0, 0, 0)\" class='a'" in changed
    assert "style=\"color : rgb(255, 255, 255);  font-family:'A&amp;B', serif\"" in changed
    assert 'data-ogsc="rgb(31, 28, 24)" data-ogsb="rgb(246, 242, 234)"' in changed
    assert '<font data-ogac="red" color="#' in changed
    assert "border: 1px solid #DDDDDD" in changed
    assert "[data-ogsc] .a { color: #dddddd !important }" in changed


def test_the_inversion_turns_borders_too_and_leaves_no_marks() -> None:
    changed = appear(LETTER, Appearance.INVERTED)
    assert "data-ogsc=" not in changed
    assert "border: 1px solid rgb(" in changed
    assert 'url("x#fff.png")' in changed
    assert 'bgcolor="#121212"' in changed


@pytest.mark.parametrize(
    ("light", "dark"),
    [
        ("#ffffff", (51, 51, 51)),
        ("#000000", (255, 255, 255)),
        ("#999999", (119, 119, 119)),
        ("#c82613", (255, 104, 71)),
        ("#51a7f9", (0, 118, 194)),
        ("#00ff00", (0, 94, 0)),
    ],
)
def test_colours_are_turned_as_the_editor_of_outlook_turns_them(
    light: str, dark: tuple[int, int, int]
) -> None:
    # Values that roosterjs tests its own conversion with.
    colour = parse(light)
    assert colour is not None
    becomes = turned(colour, 21.247)
    assert [round(255 * part) for part in becomes[:3]] == pytest.approx(dark, abs=1)


@pytest.mark.parametrize(
    "text",
    ["#fff", "#FFFFFFFF", "white", "rgb(255,255,255)", "rgb(100% 100% 100%)", "hsl(9,0%,100%)"],
)
def test_colours_are_known_in_every_notation(text: str) -> None:
    assert parse(text) == pytest.approx(Colour(1, 1, 1, 1))


@pytest.mark.parametrize(
    "text", ["transparent", "currentColor", "inherit", "CanvasText", "#ff", "#fff0", "url(#fff)"]
)
def test_what_is_no_colour_of_its_own_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "<",
        "no markup at all",
        "<style>",
        "<style>a{color:",
        "<body style='color:",
        "<!-- never closed <body style='color:red'>",
        "<p style=color:red>unquoted",
        "<style>" + "(" * 5000 + "</style>",
        "<p style='" + "(" * 5000 + ";color:red'>",
        "<style>a{color:re\\64; background:rgb(\n0,0,0)}</style>",
        '<body style="color:red" style="color:blue">',
    ],
)
@pytest.mark.parametrize("appearance", Appearance)
def test_broken_letters_appear_somehow(broken: str, appearance: Appearance) -> None:
    assert isinstance(appear(broken, appearance), str)
    assert without_images(broken).endswith(broken)
