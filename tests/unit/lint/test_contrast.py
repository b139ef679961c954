from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


DARK = "@media (prefers-color-scheme: dark)"


def letter(css: str, inner: str) -> str:
    return f"<html><head><style>{css}</style></head><body>{inner}</body></html>"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<p style="color:#999">A ferry</p>', "text in #999999 on #ffffff has a contrast of 2.8:1"),
        ('<p style="color:#777777">A ferry</p>', "of 4.4:1; it needs 4.5:1"),  # 4.48
        ('<p style="color:rgba(0, 0, 0, .5)">A ferry</p>', "text in #808080 on #ffffff"),
        ('<p style="color:silver">A ferry</p>', "text in #c0c0c0 on #ffffff"),
        ('<font color="#aaaaaa">A ferry</font>', "text in #aaaaaa on #ffffff"),
        ('<table bgcolor="#0b5c6b"><tr><td>A ferry</td></tr></table>', "on #0b5c6b"),
        (  # colours come from what is around
            '<div style="color:#888"><table><tr><td><i>A ferry</i></td></tr></table></div>',
            "text in #888888 on #ffffff",
        ),
        ('<h1 style="color:#aaa;font-size:34px">A ferry</h1>', "it needs 3:1"),
        ('<p style="color:#aaa;font-size:14px;font-weight:700">A ferry</p>', "it needs 3:1"),
        ('<p style="color:#808080;font-size:13px;font-weight:700">A ferry</p>', "needs 4.5:1"),
        (letter("p { color: #999 }", "<p>A ferry</p>"), "text in #999999"),
        (letter(".a p { color: #999 } p { color: #000 }", '<div class="a"><p>A</p></div>'), "#999"),
        (letter("p { color: #999 !important }", '<p style="color:#000">A</p>'), "text in #999999"),
        (letter("p { background: #333333 no-repeat }", "<p>A ferry</p>"), "on #333333"),
    ],
)
def test_pale_text_is_an_error(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("contrast", html=html)
    assert found.severity == "error"
    assert said in found.message


def test_one_pair_of_colours_is_one_problem_at_its_first_place(findings: Findings) -> None:
    html = (
        '<p>Black</p><p style="color:#999" data-place="preheader">And</p>'
        '<p style="color:#999999">a library</p>'
    )
    (found,) = findings("contrast", "preheader: And a library", html=html)
    assert (found.line, found.column) == (1, 12)
    assert "2.8:1, in 2 places; it needs 4.5:1" in found.message


@pytest.mark.parametrize(
    "html",
    [
        "<p>A ferry</p>",
        '<p style="color:#767676">A ferry</p>',
        '<p style="color:#949494;font-size:18px">A ferry</p>',
        '<p style="color:#949494;font:bold 14px/1.4 Arial, sans-serif">A ferry</p>',
        '<p style="color:#949494;font-size:13.5pt">A ferry</p>',
        '<h2 style="color:#949494">A ferry</h2>',
        '<p style="color:#999;display:none">A ferry</p>',
        '<div style="visibility:hidden"><p style="color:#999">A ferry</p></div>',
        '<p style="color:#999"> · — | </p>',
        '<p style="color:#ccc"></p>',
        # What is not sure.
        '<p style="color:#999;background:url(https://example.com/dark.jpg)">A ferry</p>',
        '<p style="color:#999;background-image:linear-gradient(#000, #111)">A ferry</p>',
        '<td background="https://example.com/dark.jpg"><p style="color:#fff">A ferry</p></td>',
        '<p style="color:#999;background:var(--night)">A ferry</p>',
        '<p style="color:var(--pale)">A ferry</p>',
        '<p style="color:#999;opacity:.9">A ferry</p>',
        '<div style="position:relative"><p style="color:#fff;position:absolute">A</p></div>',
        '<p style="background-color:#00f"><a href="https://example.com/">A ferry</a></p>',
        # What does not hold.
        letter("@media print { p { color: #999 } }", "<p>A ferry</p>"),
        letter("@media (max-width: 479px) { p { color: #999 } }", "<p>A ferry</p>"),
        letter("p:hover, a:visited { color: #999 }", "<p>A ferry</p>"),
        letter("p::first-letter { color: #999 }", "<p>A ferry</p>"),
        letter("p { color: #999 }", '<p style="color:#000">A ferry</p>'),
        letter("p { color: #999 } p.a { color: #000 }", '<p class="a">A ferry</p>'),
        letter("p { color: #999 } p { color: #000 }", "<p>A ferry</p>"),
        letter("[data-ogsc] p { color: #999 }", "<p>A ferry</p>"),
        letter("p { color: #999 ", "<div>A ferry</div>"),
        letter("p >> ! { color: #999 }", "<p>A ferry</p>"),
    ],
)
def test_what_can_be_read_and_what_is_not_sure_is_left_alone(findings: Findings, html: str) -> None:
    assert findings("contrast", html=html) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (
            letter(
                DARK + "{ body { background-color: #111 !important } }",
                '<p style="color:#333333">A ferry</p>',
            ),
            "for readers who chose dark colours, text in #333333 on #111111 has a",
        ),
        (
            letter(
                "@media screen and (prefers-color-scheme:dark) { .box { background: #222 } "
                ".box p { color: #444 } }",
                '<div class="box"><p>A ferry</p></div>',
            ),
            "text in #444444 on #222222",
        ),
        (
            '<html><head><style media="(prefers-color-scheme: dark)">p { color: #555; '
            "background: #000 }</style></head><body><p>A ferry</p></body></html>",
            "text in #555555 on #000000",
        ),
        (  # the style attribute beats a rule that is not important
            letter(
                DARK + "{ td { background: #111 !important } p { color: #eee } }",
                '<table><tr><td><p style="color:#222">A ferry</p></td></tr></table>',
            ),
            "text in #222222 on #111111",
        ),
    ],
)
def test_dark_colours_are_looked_at_as_well(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("contrast", html=html)
    assert said in found.message
    assert "dark style sheet" in found.hint


@pytest.mark.parametrize(
    "html",
    [
        letter(
            DARK + "{ body { background: #111 !important } p { color: #eee !important } }",
            '<p style="color:#333333">A ferry</p>',
        ),
        # What the program itself makes dark is not known.
        letter(DARK + "{ h1 { color: #eee } }", '<p style="color:#333">A ferry</p>'),
        letter(DARK + "{ p { color: #eee } }", "<p>A ferry</p>"),
        letter(DARK + "{ .gone { background: #000 } }", '<p style="color:#333">A ferry</p>'),
    ],
)
def test_dark_colours_that_can_be_read_or_are_not_known_are_fine(
    findings: Findings, html: str
) -> None:
    assert findings("contrast", html=html) == []
