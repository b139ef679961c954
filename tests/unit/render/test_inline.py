from __future__ import annotations

import re
import subprocess
import sys

import pytest

from newsletter.render.inline import inline as inline_tree
from newsletter.render.tree import parse, write

HOOKS = """
:root { color-scheme: light dark; supported-color-schemes: light dark }
@font-face { font-family: Own; src: url(https://example.org/own.woff2) }
@media only screen and (max-width: 479px) { .wide { width: 100% !important } }
@media (prefers-color-scheme: dark) { .ink { color: #eee !important } }
@supports (display: grid) { .wide { display: grid } }
[data-ogsc] .ink { color: #eee !important }
[data-ogsb] .paper { background: #111 !important }
u + .body .ink { color: #222 }
a:hover { color: red !important }
* { box-sizing: border-box }
.moz-text-html .wide { width: 50% }
"""

DOCUMENT = f"""<!doctype html>
<html lang="uk" dir="ltr" xmlns:v="urn:schemas-microsoft-com:vml"><head><title>Ї</title>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<style type="text/css">{HOOKS}</style>
<style media="screen and (min-width:480px)">.moz-text-html .x {{ width: 1px }}</style>
</head><body class="body">
<!--[if mso | IE]><table role="presentation" width="600"><tr><td><![endif]-->
<table role="presentation" class="paper" width="600"><tr>
<td class="ink" style="color:#ffffff;padding:0 32px">
<p>Їжак&nbsp;— «так» &amp; 1 &lt; 2</p>
<a href="mergefield0x0000z">out</a> <a href="https://example.org/?a=1&amp;n=mergefield0x0001z">y</a>
<img src="cid:abc@picture" alt="" width="536" height="auto" class="wide">
<a name="here"></a><br><pre>a
  b</pre></td></tr></table>
<!--[if !mso]><!--><b>not Outlook</b><!--<![endif]-->
<!--[if mso | IE]></td></tr></table><![endif]-->
</body></html>"""

CSS = ".ink p { margin: 0; color: #123456 !important } .ink { color: #000000 } img { width: 99% }"


def inline(document: str, css: str) -> str:
    root = parse(document)
    inline_tree(root, css)
    return write(root)


@pytest.fixture(scope="module")
def inlined() -> str:
    return inline(DOCUMENT, CSS)


def test_the_doctype_stays_at_the_top(inlined: str) -> None:
    assert inlined.startswith("<!doctype html>\n<html")
    assert inlined.lower().count("<!doctype") == 1


@pytest.mark.parametrize("line", [line for line in HOOKS.splitlines() if line])
def test_no_hook_is_lost(inlined: str, line: str) -> None:
    assert line in inlined


@pytest.mark.parametrize(
    "selector", ["a:hover", "[data-ogsc] p", "@media print", "@supports (x:y)"]
)
def test_a_hook_in_the_sheet_for_attributes_is_not_lost_either(selector: str) -> None:
    rule = (
        f"{selector} {{ p {{ color: red }} }}"
        if "@" in selector
        else f"{selector} {{ color: red }}"
    )
    assert rule in inline(DOCUMENT, rule)


@pytest.mark.parametrize(
    "part",
    [
        '<!--[if mso | IE]><table role="presentation" width="600"><tr><td><![endif]-->',
        "<!--[if !mso]><!--><b>not Outlook</b><!--<![endif]-->",
        "<!--[if mso | IE]></td></tr></table><![endif]-->",
        '<a href="mergefield0x0000z">',
        '<a href="https://example.org/?a=1&amp;n=mergefield0x0001z">',
        '<a name="here"></a>',
        "<pre>a\n  b</pre>",
        "Їжак\u00a0— «так» &amp; 1 &lt; 2",
        '<style media="screen and (min-width:480px)">',
        'xmlns:v="urn:schemas-microsoft-com:vml"',
    ],
)
def test_conditional_comments_tokens_and_text_stay(inlined: str, part: str) -> None:
    assert part in inlined


def test_widths_of_pictures_stay_numbers(inlined: str) -> None:
    img = re.search(r"<img[^>]*>", inlined)
    assert img is not None
    assert 'width="536"' in img[0]
    assert 'height="auto"' in img[0]


def test_rules_are_written_into_attributes_and_what_is_there_wins(inlined: str) -> None:
    assert re.search(r'<p style="margin:0; color:#123456( !important)?">', inlined)
    cell = re.search(r'<td class="ink" style="([^"]*)"', inlined)
    assert cell is not None
    assert re.search(r"color:#fff(fff)?\b", cell[1])
    assert "padding:0 32px" in cell[1]
    assert "bgcolor" not in inlined
    assert "data-premailer" not in inlined


@pytest.mark.parametrize("css", ["", "}}{{", "@media {", "p { color }", "p:not( { a: b }"])
def test_a_broken_sheet_does_not_stop_the_letter(css: str) -> None:
    assert "Їжак" in inline(DOCUMENT, css)


def test_nothing_is_fetched_for_a_style_sheet_that_imports_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def ask(*address: object, **_: object) -> list[object]:
        asked.append(address)
        return []

    monkeypatch.setattr("socket.getaddrinfo", ask)
    css = "@import url(http://localhost:1/more.css); p { color: #123456 }"
    assert 'style="color:#123456"' in inline("<html><head></head><body><p>a</p></body></html>", css)
    assert asked == []


def test_the_same_style_sheet_serves_letter_after_letter() -> None:
    css = "p { margin: 0 } a:hover { color: red }"
    letters = [f"<html><head></head><body><p>{n}</p></body></html>" for n in range(3)]
    first, *others = [inline(letter, css) for letter in letters]
    assert 'style="margin:0"' in first
    assert [
        other.replace(f'<p style="margin:0">{n}', '<p style="margin:0">0')
        for n, other in enumerate(others, 1)
    ] == [first, first]


def test_rendering_needs_no_http_client() -> None:
    code = (
        "import sys\n"
        "from newsletter.render.inline import inline\n"
        "from newsletter.render.tree import parse\n"
        "inline(parse('<html><head></head><body><p>a</p></body></html>'), 'p { color: red }')\n"
        "print(sorted({'requests', 'urllib.request', 'http.client'} & sys.modules.keys()))\n"
        "import urllib.request\n"
        "print(urllib.request.pathname2url('a b'))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert said.split("\n") == ["[]", "a%20b", ""]
