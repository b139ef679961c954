from __future__ import annotations

import pytest

from newsletter.lint.caniemail import css


def slugs(style: str) -> set[str]:
    return {slug for one in css.declarations(style) for slug in one.slugs}


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("display:flex", {"css-display-flex"}),
        ("DISPLAY : Inline-Grid ; ", {"css-display-grid"}),
        ("display:inline-block", set()),
        ("color:#fff", set()),
        ("width:50vw", {"css-width", "css-unit-vw"}),
        (
            "width:calc(50% - 8px)",
            {"css-width", "css-unit-calc", "css-unit-percent", "css-unit-px"},
        ),
        ("color:var(--ink, #222)", {"css-variables"}),
        ("background:url(a.png) no-repeat", {"css-background", "css-background-image"}),
        ("background:#fff", {"css-background"}),
        ("font-family:system-ui, serif", {"css-sytem-ui"}),
        ("margin:0 auto", set()),
        ("margin:-8px 0", {"css-margin", "css-unit-px"}),
        ("color:rgb(0, 128, 0)", set()),
        ("color:rgb(0 128 0)", {"css-rgb"}),
        ("color:rgba(0 128 0 / .5)", {"css-rgb", "css-rgba"}),
        ("color:rgba(0, 128, 0, .5)", {"css-rgba"}),
        ("background-color:white", set()),
        ("background-color:#FFF", set()),
        ("background-color:rebeccapurple", {"css-background-color"}),
        ("color:red !important", {"css-important"}),
        ("mso-padding-alt:4px", {"css-unit-px"}),
        ("/* nothing */", set()),
        ("a b c; display:flex", {"css-display-flex"}),
        ("}}{{", set()),
    ],
)
def test_a_style_uses_features_so_far_as_programs_differ_in_them(
    style: str, expected: set[str]
) -> None:
    assert slugs(style) == expected


def test_an_earlier_declaration_makes_up_for_what_a_later_one_needs() -> None:
    assert slugs("width:300px; width:calc(50% - 8px)") == {"css-width", "css-unit-px"}
    assert slugs("width:calc(50% - 8px); width:300px") > {"css-unit-calc"}
    alone, *_ = css.declarations("color:hsl(190, 80%, 23%)")
    _, second = css.declarations("color:#0b5c6b; color:hsl(190, 80%, 23%)")
    assert alone.functions == frozenset({"hsl"})
    assert second.functions == frozenset()


def test_addresses_are_found_with_and_without_quotes() -> None:
    (one,) = css.declarations("background-image:url(a.webp), url('b c.svg')")
    assert one.urls == ("a.webp", "b c.svg")


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("p", {"type"}),
        ("#a .b", {"id", "class", "descendant"}),
        (".a.b", {"class", "chaining"}),
        (".a .b", {"class", "descendant"}),
        ("a>b", {"type", "child"}),
        ("a , b", {"type", "grouping"}),
        ("a ~ b + *", {"type", "general-sibling", "adjacent-sibling", "universal"}),
        ("[data-ogsc] p", {"attribute", "type", "descendant"}),
    ],
)
def test_selectors_are_taken_apart(selector: str, expected: set[str]) -> None:
    (block,) = css.blocks(selector + " {}")
    assert {slug.removeprefix("css-selector-") for slug in block.slugs} == expected


def test_pseudo_classes_and_elements_are_found() -> None:
    (block,) = css.blocks("a:hover::before, li:nth-child(2n) {}")
    assert block.slugs > {
        "css-pseudo-class-hover",
        "css-pseudo-element-before",
        "css-pseudo-class-nth-child",
    }


def test_what_stands_in_an_at_rule_says_so() -> None:
    sheet = """
    @font-face { font-family: Own; src: url(own.woff2) }
    @media screen and (prefers-color-scheme: dark) { @supports (display: grid) { p { gap: 1px } } }
    p { top: 0; b { left: 0 } }
    """
    blocks = css.blocks(sheet)
    at_rules = {"css-at-media", "css-at-media-prefers-color-scheme", "css-at-supports"}
    assert blocks[0].slugs == {"css-at-font-face"}
    assert blocks[3].inside == at_rules
    assert blocks[3].declarations[0].slugs == {"css-gap", "css-unit-px"}
    assert "css-nesting" not in blocks[4].slugs
    assert "css-nesting" in blocks[5].slugs
