from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from newsletter.lint.caniemail import css, judgement, naming
from newsletter.lint.caniemail.support import support


@pytest.mark.parametrize(
    ("property_", "slug"),
    [
        ("border-radius", "css-border-radius"),
        ("border-top-left-radius", "css-border-radius"),
        ("border-end-start-radius", "css-border-radius-logical"),
        ("border-top-color", "css-border"),
        ("border-inline-start-color", "css-border-inline-block-individual"),
        ("padding-left", "css-padding"),
        ("padding-inline-start", "css-padding-inline-start-end"),
        ("margin-block", "css-margin-inline-block"),
        ("overflow-x", "css-overflow"),
        ("transition-delay", "css-transition"),
        ("row-gap", "css-gap"),
        ("grid-template-areas", "css-grid-template"),
        ("bottom", "css-left-right-top-bottom"),
        ("--ink", "css-variables"),
        ("color", None),
        ("font-family", None),
        ("background-attachment", None),
        ("flex", None),
        ("mso-line-height-rule", None),
        ("-webkit-transition", None),
    ],
)
def test_a_property_is_found_under_caniemails_name(property_: str, slug: str | None) -> None:
    assert naming.property_(property_) == slug


@pytest.mark.parametrize(
    ("tag", "kind", "slug"),
    [
        ("video", "", "html-video"),
        ("h3", "", "html-h1-h6"),
        ("ol", "", "html-lists"),
        ("nav", "", "html-semantics"),
        ("input", "email", "html-input-text"),
        ("input", "radio", "html-input-radio"),
        ("button", "", "html-button-submit"),
        ("map", "", "html-image-maps"),
        ("td", "", None),
        ("o:p", "", None),
    ],
)
def test_an_element_is_found_under_caniemails_name(tag: str, kind: str, slug: str | None) -> None:
    assert naming.element(tag, kind) == slug


def test_every_attribute_that_caniemail_has_is_known() -> None:
    titles = [
        (slug, support().lookup(slug).title) for slug in support() if slug.startswith("html-")
    ]
    named = {title.split()[0]: slug for slug, title in titles if title.endswith("attribute")}
    assert len(named) > 15
    assert {name: naming.attribute(name) for name in named} == named


def test_every_image_format_that_caniemail_has_is_known() -> None:
    formats = {slug for slug in support() if slug.startswith("image-")} - {"image-base64"}
    kinds = [slug.removeprefix("image-") for slug in formats]
    assert {naming.image(kind) for kind in kinds} == formats


def _tables() -> Iterator[str]:
    for table in (
        *(naming._PROPERTIES, naming._FUNCTIONS, naming._KEYWORDS, naming._ELEMENTS),
        *(naming._ATTRIBUTES, naming._IMAGES, css._MEDIA),
    ):
        yield from table.values()
    yield from judgement.HARMLESS
    yield from judgement.BREAKING
    yield from judgement.BREAKING_IN_PART
    yield from judgement.NOTABLE
    for slugs in judgement.OWN_RULES.values():
        yield from slugs


def test_every_name_in_our_tables_is_one_of_caniemails() -> None:
    assert sorted({slug for slug in _tables() if slug not in support()}) == []


def test_a_feature_is_judged_in_one_way() -> None:
    own = [slug for slugs in judgement.OWN_RULES.values() for slug in slugs]
    judged = [*judgement.HARMLESS, *judgement.BREAKING, *own]
    assert sorted({slug for slug in judged if judged.count(slug) > 1}) == []


def test_every_property_and_function_of_caniemail_is_found_in_css() -> None:
    """Whatever a new version of the data brings, somebody has looked at its name."""
    special = re.compile(r"css-(at|pseudo|selector|unit)-|css-display-|css-function-")
    named_otherwise = {
        *naming._PROPERTIES.values(),
        *naming._FUNCTIONS.values(),
        *naming._KEYWORDS.values(),
        *("css-comments", "css-nesting", "css-important", "css-sytem-ui", "css-inert-attribute"),
    }
    properties = [
        slug
        for slug in support()
        if slug.startswith("css-") and not special.match(slug) and slug not in named_otherwise
    ]
    assert {naming.property_(slug.removeprefix("css-")) for slug in properties} == set(properties)
