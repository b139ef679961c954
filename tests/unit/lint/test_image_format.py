from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<img src="https://example.com/a.webp" alt="">', "WEBP pictures are not shown by classic"),
        ('<img src="https://example.com/a.AVIF?w=1" alt="">', "AVIF pictures"),
        ('<img src="https://example.com/a.svg" alt="">', "SVG pictures are not shown by Gmail"),
        ('<img src="https://example.com/a.tiff" alt="">', "TIFF pictures"),
        ('<img src="data:image/png;base64,AAAA" alt="">', "pictures inside the HTML are not"),
        ('<img src="a.jpg" srcset="https://example.com/a.webp 2x" alt="">', "WEBP pictures"),
        ('<p style="background:url(https://example.com/a.svg)">a</p>', "SVG pictures"),
        ('<table background="https://example.com/a.webp"></table>', "WEBP pictures"),
        ("<style>p { background-image: url(https://example.com/a.webp) }</style>", "WEBP pict"),
    ],
)
def test_a_format_that_a_program_does_not_show_is_an_error(
    findings: Findings, html: str, said: str
) -> None:
    (found,) = findings("image-format", html=html)
    assert found.severity == "error"
    assert found.message.startswith(said)


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://example.com/a.jpg" alt=""><img src="cid:a1@example.com" alt="">',
        '<img src="https://example.com/a.png?from=a.webp" alt="">',
        '<img src="https://example.com/webp" alt=""><img src="{{ picture }}" alt="">',
        '<a href="https://example.com/a.webp">a</a>',
        "<img alt=''>",
    ],
)
def test_other_addresses_are_fine(findings: Findings, html: str) -> None:
    assert findings("image-format", html=html) == []


def test_it_stands_at_the_first_picture_of_that_format(findings: Findings) -> None:
    piece = """
    sections:
      - kind: picture
        image: {src: https://example.com/a.jpg, alt: A ferry}
      - kind: picture
        image: {src: https://example.com/b.webp, alt: A library}
    """
    html = "".join(
        f'<img data-place-src="sections.{n}.image.src" src="https://example.com/{name}" alt="">'
        for n, name in enumerate(("a.jpg", "b.webp", "b.webp"))
    )
    (found,) = findings("image-format", piece, html=html)
    assert (found.line, found.column) == (5, 18)


def test_programs_that_show_it_do_not_mind(findings: Findings) -> None:
    html = '<img src="https://example.com/a.webp" alt="">'
    options = {"clients": ["gmail", "apple-mail", "yahoo"]}
    assert findings("image-format", html=html, options=options) == []
