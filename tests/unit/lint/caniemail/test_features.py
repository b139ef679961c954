from __future__ import annotations

import pytest

from newsletter.lint.caniemail.features import features, image_formats, images
from newsletter.lint.document import Document

GHOST = "<!--[if mso | IE]><table width='600'><tr><td><![endif]-->"


def used(html: str) -> dict[str, list[str]]:
    """Each feature with the tags of the elements that use it."""
    return {
        use.slug: [element.tag for element in use.elements]
        for use in features(Document.of(f"<body>{html}").root)
    }


def by_outlook(html: str) -> set[str]:
    """The features that classic Outlook has to know."""
    return {use.slug for use in features(Document.of(f"<body>{html}").root) if use.outlook}


def test_a_feature_is_listed_once_with_all_its_elements() -> None:
    found = used('<p style="display:flex">a</p><div style="display:flex; gap:2px">b</div>')
    assert found["css-display-flex"] == ["p", "div"]
    assert found["css-gap"] == ["div"]


def test_elements_attributes_links_and_pictures_are_features() -> None:
    found = used(
        """
        <meta name="color-scheme" content="light dark">
        <a href="#ferry" target="_blank">a</a> <a href="#">b</a>
        <a href="mailto:a@example.com">c</a>
        <ul><li>a</li></ul><video poster="https://example.com/a.webp?x=1"></video>
        <img src="data:image/png;base64,AAAA" srcset="a.avif 1x, b.avif 2x" loading="lazy" alt="">
        """
    )
    assert found["html-meta-color-scheme"] == ["meta"]
    assert found["html-anchor-links"] == ["a"]
    assert found["html-mailto-links"] == ["a"]
    assert found["html-lists"] == ["ul"]
    assert found["image-webp"] == ["video"]
    expected = ("image-png", "image-base64", "image-avif", "html-srcset", "html-loading-attribute")
    assert {found[slug][0] for slug in expected} == {"img"}


def test_what_stands_in_a_style_sheet_needs_style_sheets() -> None:
    root = Document.of("<style>@media print { p { gap: 1px } }</style><p>a</p>").root
    (use,) = [use for use in features(root) if use.slug == "css-gap"]
    assert use.elements[0].tag == "style"
    assert use.needs == frozenset({"html-style", "css-at-media"})


def test_classic_outlook_does_not_read_what_is_hidden_from_it() -> None:
    html = (
        "<!--[if !mso]><!--><p style='display:flex'>a</p><!--<![endif]-->"
        "<p style='position:absolute'>b</p>"
    )
    assert by_outlook(html) & {"css-display-flex", "css-position"} == {"css-position"}
    assert "css-display-flex" in used(html)


def test_a_table_for_outlook_makes_up_for_a_width_but_not_for_more() -> None:
    block = "<div style='max-width:600px; display:flex'>a</div>"
    both = {"css-max-width", "css-display-flex"}
    assert by_outlook(block) & both == both
    assert by_outlook(GHOST + block) & both == {"css-display-flex"}
    assert by_outlook(GHOST + "<p>x</p>" + block) & both == both


def test_a_background_drawn_in_vml_needs_no_background_picture() -> None:
    picture = "<td style='background:url(a.png)' background='a.png'>a</td>"
    drawn = (
        f"<!--[if mso]><v:rect><v:fill src='a.png' /><v:textbox><![endif]-->"
        f"<table><tr>{picture}</tr></table><!--[if mso]></v:textbox></v:rect><![endif]-->"
    )
    plain = f"<table><tr>{picture}</tr></table>"
    both = {"css-background-image", "html-background"}
    assert by_outlook(plain) & both == both
    assert by_outlook(drawn) & both == set()
    assert by_outlook(drawn + plain) & both == both


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://example.com/a.WebP", ["image-webp"]),
        ("https://example.com/a.svg?size=2#x", ["image-svg"]),
        ("data:image/svg+xml;base64,AAAA", ["image-svg", "image-base64"]),
        ("cid:1234", []),
        ("https://example.com/picture", []),
        ("https://example.com/webp", []),
        ("", []),
    ],
)
def test_the_format_of_a_picture_is_that_of_its_address(address: str, expected: list[str]) -> None:
    assert list(image_formats(address)) == expected


def test_pictures_are_found_wherever_an_element_may_show_one() -> None:
    html = (
        "<table background='a.png'><tr><td style='background:url(b.png)'>"
        "<img src='c.png' srcset='d.png 1x' alt=''><script src='no.js'></script></td></tr></table>"
    )
    found = [
        image for element in Document.of(f"<body>{html}").root.iter() for image in images(element)
    ]
    assert found == [
        ("background", "a.png"),
        ("style", "b.png"),
        ("src", "c.png"),
        ("srcset", "d.png"),
    ]
