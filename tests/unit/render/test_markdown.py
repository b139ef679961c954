from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from newsletter.render.markdown import Markdown


@dataclass(frozen=True)
class Shown:
    src: str
    width: int


def body(text: str, language: str = "en", heading: int = 3) -> str:
    return str(Markdown(language).body(text, place="s1", heading=heading))


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("en", "“go ‘now’”"),
        ("uk", "«go „now“»"),
        ("ru", "«go „now“»"),
        ("be", "«go „now“»"),
        ("pl", "„go «now»”"),
        ("de", "„go ‚now‘“"),
        ("fr", "«\u00a0go “now”\u00a0»"),
        ("ar", "«go “now”»"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language: str, quoted: str) -> None:
    markdown = Markdown(language)
    assert markdown.smart("\"go 'now'\"") == quoted
    assert quoted in markdown.body("Say \"go 'now'\".", place="a")


def test_a_headline_gets_typography_and_no_markup() -> None:
    smart = Markdown("en").smart
    assert smart("It's *here* -- 2 < 3 & <b>") == "It’s *here* – 2 < 3 & <b>"
    assert Markdown("he").smart('צה"ל') == 'צה"ל'


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("see www.example.com.", "https://www.example.com"),
        ("see https://example.com/a?b=c&d=e now", "https://example.com/a?b=c&amp;d=e"),
        ("write a@example.com", "mailto:a@example.com"),
        ("[x](mailto:a@example.com)", "mailto:a@example.com"),
        ("[x](#ferry)", "#ferry"),
        ("[x](https://пошта.укр/шлях)", "https://xn--80a1acn3a.xn--j1amh/%D1%88%D0%BB%D1%8F%D1%85"),
    ],
)
def test_links_are_found_and_written_in_full(text: str, href: str) -> None:
    assert f'<a href="{href}">' in body(text)


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "[x](file:///etc/passwd)",
        "[x](ftp://example.com)",
        "[x](//example.com)",
        "[x](page.html)",
        "<javascript:alert(1)>",
        "The war.In the end, readme.md and U.S.A stay words.",
    ],
)
def test_other_protocols_and_words_with_dots_are_no_links(text: str) -> None:
    assert "<a" not in body(text)


def test_raw_html_shows_as_it_was_typed() -> None:
    shown = body('<script>alert(1)</script>\n\n<div onclick="x">a</div> <b>b</b>')
    assert not re.search(r"<(script|div|b)\b", shown)
    assert "&lt;script&gt;" in shown
    assert str(Markdown("en").inline("<i>x</i>")) == "&lt;i&gt;x&lt;/i&gt;"


def test_headings_start_below_the_headline_and_skip_no_level() -> None:
    shown = body("# A\n\n#### B\n\n## C\n\n# D")
    assert re.findall(r"<(h\d)>", shown) == ["h3", "h4", "h4", "h3"]
    assert re.findall(r"<(h\d)>", body("### A", heading=2)) == ["h2"]
    deep = "\n\n".join(f"{'#' * n} x" for n in range(1, 7))
    assert re.findall(r"<(h\d)>", body(deep)) == ["h3", "h4", "h5", "h6", "h6", "h6"]


def test_tables_strikethrough_and_alignment() -> None:
    shown = body("| a | b |\n|---|--:|\n| ~~1~~ | 2 |")
    assert "<s>1</s>" in shown
    assert '<td style="text-align:right">2</td>' in shown


def test_footnotes_of_two_sections_have_different_ids() -> None:
    markdown = Markdown("en")
    text = "One[^a], again[^a], two^[inline].\n\n[^a]: Note."
    both = markdown.body(text, place="s1") + markdown.body(text, place="s2")
    ids = re.findall(r' id="([^"]+)"', both)
    assert len(ids) == len(set(ids)) == 10
    targets = set(re.findall(r'href="#([^"]+)"', both))
    assert targets <= set(ids)
    assert targets <= set(re.findall(r'name="([^"]+)"', both))


def test_a_picture_in_the_text_is_shown_or_leaves_its_description() -> None:
    text = 'A ![the "old" *mole*](pictures/Гавань.jpg) here'
    shown = Markdown("en", picture=lambda src: Shown(f"cid:{src}", 300))
    assert '<img src="cid:pictures/Гавань.jpg" alt="the “old” mole" width="300">' in shown.body(
        text, place="a"
    )
    assert body(text) == "<p>A the “old” mole here</p>"
    assert shown.pictures(f"{text}\n\n- ![b](https://example.com/b%20c.png)") == (
        "pictures/Гавань.jpg",
        "https://example.com/b%20c.png",
    )


def test_a_deep_nest_does_not_end_the_program() -> None:
    assert body("> " * 5000 + "x").count("<blockquote>") <= 20
    assert "a" in body("*" * 5000 + "a" + "*" * 5000)


def test_a_line_has_no_place_for_notes() -> None:
    markdown = Markdown("en")
    assert markdown.inline("A bullet^[with a note] and [^1]") == "A bullet^[with a note] and [^1]"
    assert '<ol class="notes">' in markdown.body("A text^[with a note]", place="a")


def test_headings_of_one_text_may_stand_at_two_levels() -> None:
    markdown = Markdown("en")
    levels = [markdown.body("# A\n\n### B", place="a", heading=level) for level in (2, 3, 2)]
    assert levels[0] == levels[2] == "<h2>A</h2>\n<h3>B</h3>"
    assert levels[1] == "<h3>A</h3>\n<h4>B</h4>"
