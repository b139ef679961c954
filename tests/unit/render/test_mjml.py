from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.errors import TemplateError
from newsletter.render.mjml import compile_mjml
from newsletter.render.templates import Templates
from newsletter.render.trace import Marks
from newsletter.render.tree import parse


def compiled(body: str, head: str = "", root: str = "<mjml>") -> str:
    source = f"{root}<mj-head>{head}</mj-head><mj-body>{body}</mj-body></mjml>"

    def fail() -> Marks:
        raise AssertionError(source)

    return compile_mjml(source, language="uk", direction="ltr", trace=fail).html


def column(inner: str) -> str:
    return f"<mj-section><mj-column>{inner}</mj-column></mj-section>"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("<mj-section>\n<mj-column><mj-txt>a</mj-txt></mj-column></mj-section>", "4:12: there is"),
        ("<mj-text>x</mj-text>", "3:1: <mj-text> may not stand in <mj-body>"),
        ("<mj-section><p>x</p></mj-section>", "3:13: <p> may not stand in <mj-section>"),
        ("<mj-section>\nhello\n</mj-section>", "4:1: text directly in <mj-section>"),
        ("<mj-section>", "3:1: <mj-section> is not closed before </mj-body>"),
        ("</mj-section>", "3:1: </mj-section> closes nothing"),
        (column("<mj-text>\n<p>a\n</mj-text>"), "4:1: <p> is not closed before </mj-text>"),
        (column("<mj-text>1 < 2</mj-text>"), "a bare < in text"),
        (column("<mj-text><td colspan=2>a</td></mj-text>"), "an attribute of <td> has no quotes"),
        (column("<mj-text><mj-image></mj-image></mj-text>"), "<mj-image> may not stand in"),
        (column("<mj-text>" + "<b>" * 300 + "</b>" * 300 + "</mj-text>"), "more than 200 deep"),
        ('<mj-include path="/etc/passwd"></mj-include>', "3:1: <mj-include> is not available"),
        ('<mj-include path="a.css" type="css" />', "3:1: <mj-include> is not available"),
        (column("<mj-text><![CDATA[x]]></mj-text>"), "3: not valid MJML at"),
    ],
)
def test_a_mistake_is_told_at_its_line_of_the_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    # The part is included by a template with another number of lines before it.
    (tmp_path / "default.mjml.j2").write_text(
        "<mjml>\n\n\n{% if true %}\n{% include 'part.j2' %}\n{% endif %}\n</mjml>"
    )
    (tmp_path / "part.j2").write_text(f"\n<mj-body>\n{body}\n</mj-body>")
    templates = Templates([tmp_path])
    with pytest.raises(TemplateError) as caught:
        compile_mjml(
            templates.render("default", {}),
            language="en",
            direction="ltr",
            trace=lambda: templates.render_marked("default", {}),
        )
    assert caught.value.message.startswith("part.j2:3") or message[0] == "4"
    assert message in caught.value.message
    assert caught.value.hint or "deep" in message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "there is no <mj-body>"),
        ("hello", "there is no <mj-body>"),
        ("<p>hello</p>", "<p> stands outside <mjml>"),
        ("<mjml><mj-body>", "<mj-body> is not closed"),
        ("<mjml></mjml>", "there is no <mj-body>"),
    ],
)
def test_what_is_no_mjml_at_all_is_told_so(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "default.mjml.j2").write_text(source)
    templates = Templates([tmp_path])
    with pytest.raises(TemplateError, match=re.escape(message)):
        compile_mjml(
            source,
            language="en",
            direction="ltr",
            trace=lambda: templates.render_marked("default", {}),
        )


@pytest.mark.parametrize("root", ["<mjml>", '<mjml lang="ar" dir="rtl">'])
def test_language_and_direction_stand_on_html_and_on_each_child_of_body(root: str) -> None:
    html = compiled(column("<mj-text>x</mj-text>"), "<mj-preview>p</mj-preview>", root)
    tree = parse(html)
    body = next(tree.iter("body"))
    elements = [tree, *(child for child in body if isinstance(child.tag, str))]
    expected = ("ar", "rtl") if "ar" in root else ("uk", "ltr")
    assert len(elements) == 3
    assert {(e.get("lang"), e.get("dir")) for e in elements} == {expected}


@pytest.mark.parametrize("preheader", ["Short", "x" * 250, "&amp; Ї"])
def test_the_preheader_is_padded_to_200_characters(preheader: str) -> None:
    html = compiled(column("<mj-text>BODY</mj-text>"), f"<mj-preview>{preheader}</mj-preview>")
    tree = parse(html)
    hidden = next(e for e in tree.iter("div") if "display:none" in (e.get("style") or ""))
    visible = (hidden.text or "").replace("\u034f", "")
    assert visible.rstrip("\u2007") in {"Short", "x" * 250, "& Ї"}
    assert len(visible) == max(200, len(visible.rstrip("\u2007")))


def test_widths_are_whole_pixels() -> None:
    third = '<mj-column><mj-image src="https://example.org/a.png" alt="a" /></mj-column>'
    html = compiled(f"<mj-section>{third * 3}</mj-section>")
    assert re.search(r'width="\d+"', html)
    assert not re.search(r'width(="|:)\d+\.\d+(px|")', html)


@pytest.mark.parametrize("value", ["e\u0301", "عبّارة", "a\u00a0b", "a\\b", "a\u200db", "«Ї» 🎉"])
def test_attributes_keep_every_character(value: str) -> None:
    inner = (
        f'<mj-text><a href="#x" title="{value}">x</a></mj-text>'
        f"<mj-image src='https://example.org/a.png' alt='{value}\"' />"
    )
    html = compiled(column(inner), f"<mj-title>{value}</mj-title>")
    tree = parse(html)
    assert next(tree.iter("a")).get("title") == value
    assert next(tree.iter("img")).get("alt") == f'{value}"'
    assert next(tree.iter("title")).text == value
    labels = [e.get("aria-label") for e in tree.iter("div") if e.get("aria-label")]
    assert labels == [value]


def test_nothing_is_fetched_from_font_servers() -> None:
    addresses = re.findall(r"https?://[^\"' )]+", compiled(column("<mj-text>x</mj-text>")))
    assert set(addresses) == {"http://www.w3.org/1999/xhtml"}  # names the markup, is not fetched


def test_style_sheets_meant_for_attributes_come_apart() -> None:
    source = (
        '<mjml><mj-head><mj-style inline="inline">.a > b { color: red }</mj-style>'
        "<mj-style>.c { color: blue }</mj-style></mj-head><mj-body></mj-body></mjml>"
    )
    result = compile_mjml(source, language="en", direction="ltr", trace=lambda: Marks("", (), ()))
    assert result.css == ".a > b { color: red }"
    assert "color: red" not in result.html
    assert ".c { color: blue }" in result.html
