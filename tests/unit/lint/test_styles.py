from __future__ import annotations

import pytest
from lxml.etree import Element

from newsletter.lint.cascade import Scheme, cascade
from newsletter.lint.document import Document
from newsletter.lint.lead import lead, lead_text
from newsletter.lint.styles import Style, is_hidden_for_good, styles

DARK = "@media (prefers-color-scheme: dark)"


def letter(css: str, inner: str) -> Document:
    return Document.of(f"<html><head><style>{css}</style></head><body>{inner}</body></html>")


def named(document: Document, name: str = "x") -> Element:
    return next(one for one in document.root.iter() if one.get("id") == name)


def look(css: str, inner: str, scheme: Scheme = Scheme.LIGHT) -> Style:
    document = letter(css, inner)
    return styles(document.root, scheme)[named(document)]


@pytest.mark.parametrize(
    ("css", "style", "colour"),
    [
        ("p { color: red }", "", "#ff0000"),
        ("p { color: red }", "color: blue", "#0000ff"),
        ("p { color: red !important }", "color: blue", "#ff0000"),
        ("p { color: red !important }", "color: blue !important", "#0000ff"),
        ("p.a { color: red } p { color: blue }", "", "#ff0000"),
        ("#x { color: red } p.a { color: blue }", "", "#ff0000"),
        ("p { color: red } p { color: blue }", "", "#0000ff"),
        ("p { color: red !important } p.a { color: blue }", "", "#ff0000"),
        ("body > p.a[id], h1 { color: red }", "", "#ff0000"),
        ("p:first-child { color: red }", "", "#ff0000"),
        ("p:not(.b) { color: red }", "", "#ff0000"),
        ("p.b { color: red } body { color: blue }", "", "#0000ff"),
        ("p:hover { color: red }", "", "#000000"),
        ("p::before { color: red }", "", "#000000"),
        ("p:unheard-of, p { color: red }", "", "#000000"),
        ("@media screen { p { color: red } }", "", "#ff0000"),
        ("@media only screen and (min-width: 1px) { p { color: red } }", "", "#000000"),
        ("@media print { p { color: red } }", "", "#000000"),
        ("@supports (color: red) { p { color: red } }", "", "#000000"),
        (DARK + "{ p { color: red } }", "", "#000000"),
        ("@media (prefers-color-scheme: light) { p { color: red } }", "", "#ff0000"),
        ("p { color: inherit } body { color: red }", "", "#ff0000"),
        ("p { color: var(--a) }", "", None),
        ("body { opacity: .5 }", "", None),
    ],
)
def test_the_declaration_that_wins(css: str, style: str, colour: str | None) -> None:
    assert look(css, f'<p class="a" id="x" style="{style}">A</p>').colour == colour


@pytest.mark.parametrize(
    ("css", "ground"),
    [
        ("", "#ffffff"),
        ("body { background: #123 }", "#112233"),
        ("body { background: #123 } p { background: none }", "#112233"),
        ("body { background: #000 } p { background-color: rgba(255, 255, 255, .2) }", "#333333"),
        ("body { background: #000 url(a.jpg) } p { background: no-repeat teal }", "#008080"),
        ("body { background: #000 url(a.jpg) }", None),
        ("p { background: linear-gradient(red, blue) }", None),
        ("p { background: var(--a) }", None),
        ("p { background: #eee var(--a) }", "#eeeeee"),
    ],
)
def test_what_is_behind_the_text(css: str, ground: str | None) -> None:
    assert look(css, '<p id="x">A</p>').ground == ground


@pytest.mark.parametrize(
    ("css", "size", "leading", "is_bold"),
    [
        ("", 16, None, False),
        ("body { font: 20px/1.5 Georgia } p { font-size: 80% }", 16, 1.5, False),
        ("body { font-size: 20px; line-height: 30px } p { font-size: 1.5em }", 30, 1, False),
        ("body { font-size: 20px; line-height: 120% } p { font-size: 15px }", 15, 1.6, False),
        ("body { font-size: 20px; line-height: 1.2 } p { font-size: 15px }", 15, 1.2, False),
        ("p { font-size: .px; line-height: . }", None, None, False),
        ("p { font: italic bold 12pt/18pt Arial, sans-serif }", 16, 1.5, True),
        ("body { font-weight: bold } p { font-weight: 400 }", 16, None, False),
        ("p { font-size: 1.25rem; line-height: normal; font-weight: 600 }", 20, None, False),
        ("p { font-size: small }", 13, None, False),
        ("p { font-size: calc(1px + 2vw) }", None, None, False),
    ],
)
def test_the_size_of_the_text(
    css: str, size: float | None, leading: float | None, is_bold: bool
) -> None:
    found = look(css, '<p id="x">A</p>')
    assert (found.size, found.leading.times, found.is_bold) == (size, leading, is_bold)


def test_dark_rules_hold_for_readers_who_chose_dark_colours_and_defaults_are_not_known() -> None:
    css = "p { color: #333 } " + DARK + "{ body { background: #111 } p { color: #eee } }"
    light, dark = (look(css, '<p id="x">A</p>', scheme) for scheme in Scheme)
    assert (light.colour, light.ground) == ("#333333", "#ffffff")
    assert (dark.colour, dark.ground) == ("#eeeeee", "#111111")
    plain = look(DARK + "{ h1 { color: red } }", '<p id="x">A</p>', Scheme.DARK)
    assert (plain.colour, plain.ground) == (None, None)


def test_a_dark_style_sheet_that_finds_nothing_is_none() -> None:
    assert cascade(letter(DARK + "{ p { color: red } }", "<p>A</p>").root).is_dark
    assert not cascade(letter(DARK + "{ h1 { color: red } }", "<p>A</p>").root).is_dark


@pytest.mark.parametrize(
    ("css", "is_hidden", "for_good"),
    [
        ("", False, False),
        ("p { display: none }", True, True),
        ("body { visibility: hidden }", True, True),
        ("body { visibility: hidden } p { visibility: visible }", False, False),
        ("p { overflow: hidden; max-height: 0 }", True, True),
        ("p { overflow: hidden; max-height: 10px }", False, False),
        ("p { opacity: 0 }", True, True),
        ("p { display: none } " + DARK + "{ p { display: block } }", True, False),
        ("p { display: none } @media (max-width: 9px) { p { display: block } }", True, False),
        ("body { display: none } @media (max-width: 9px) { body { display: block } }", True, False),
        (DARK + "{ p { display: none } }", False, False),
    ],
)
def test_hidden_text(css: str, is_hidden: bool, for_good: bool) -> None:
    document = letter(css, '<p id="x">A</p>')
    paragraph = named(document)
    assert styles(document.root)[paragraph].is_hidden == is_hidden
    assert is_hidden_for_good(document.root, paragraph) == for_good


def test_the_lead_is_what_is_hidden_before_the_first_words() -> None:
    document = letter(
        ".p { display: none }",
        '<div><div class="p" id="a">And\n <b>a</b> library</div><img src="a.png"></div>'
        '<div class="p" id="b">&#847; &#847; </div><p>News</p><div class="p">Not this</div>',
    )
    assert [one.get("id") for one in lead(document.root)] == ["a", "b"]
    assert lead_text(document.root) == "And a library\u034f \u034f "
    assert lead(Document.of("").root) == ()


def test_broken_style_sheets_do_no_harm() -> None:
    css = (
        "p { color: } @media tv { p { color: red } } p { font-size: 1.2.3px; line-height: 1..2 } \\"
    )
    found = look(css, '<p id="x" style="color:;;font:;opacity:a">A</p>')
    assert (found.colour, found.size, found.leading.times) == ("#000000", None, None)


@pytest.mark.parametrize("css", [":not(" * 3000 + "p", "p{" * 3000, "p " * 3000 + "{color:red}"])
def test_endless_style_sheets_do_no_harm(css: str) -> None:
    assert look(css, '<p id="x">A</p>').colour == "#000000"
