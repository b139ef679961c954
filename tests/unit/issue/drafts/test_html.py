from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.drafts.blocks import Block, BlockKind, Picture, Reading
from newsletter.issue.drafts.html import read
from newsletter.render.markdown import Markdown

DRAFTS = Path(__file__).parents[3] / "drafts" / "html"
DOT = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


def seen(reading: Reading) -> list[str]:
    """Each block on one line: its kind, what makes it special, its words."""
    return [described(block) for block in reading.blocks]


def described(block: Block) -> str:
    kind = str(block.kind)
    if block.kind is BlockKind.HEADING:
        kind += f" {block.level}"
    if block.kind is BlockKind.ITEM:
        kind += "" if block.number is None else f" {block.number}."
        kind += f" level {block.level}" if block.level > 1 else ""
    if block.picture:
        return f"{kind}: {block.picture.src} ({block.picture.alt})"
    return f"{kind}: {block.key + '=' if block.key else ''}{block.text}".rstrip(": ")


def blocks(source: str) -> list[str]:
    return seen(read(source))


def rules(source: str) -> list[str]:
    return [f"{remark.line} {remark.rule}" for remark in read(source).remarks]


def test_paragraphs_headlines_quotes_and_dividers_are_told_apart() -> None:
    assert blocks(
        "<h1>Harbour</h1><p>One.</p><h3>Ferry</h3>Bare text.<blockquote>Said.<p>Twice.</blockquote>"
        "<hr><p>***</p><p>Two.<hr>"
    ) == [
        "heading 1: Harbour",
        "paragraph: One.",
        "heading 3: Ferry",
        "paragraph: Bare text.",
        "quote: Said.",
        "quote: Twice.",
        "divider",
        "divider",
        "paragraph: Two.",
    ]


def test_lists_know_their_level_and_number() -> None:
    source = """<ul><li>a<ol start=3><li>c<li>d<ul><li>deep</ul></ol><li><p>b<p>more</ul>
        <ol><li>one<li value=7>seven<li>eight</ol><li>stray"""
    assert blocks(source) == [
        "item: a",
        "item 3. level 2: c",
        "item 4. level 2: d",
        "item level 3: deep",
        "item: b",
        "paragraph: more",
        "item 1.: one",
        "item 7.: seven",
        "item 8.: eight",
        "item: stray",
    ]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a <b>bold</b> <em>word</em>, <s>gone</s>", "a **bold** *word*, ~~gone~~"),
        ('<span style="font-weight:700">x</span>', "**x**"),
        ('<b style="font-weight:normal">x</b>', "x"),
        ('<span style="font-style: italic;color:red">x</span>', "*x*"),
        ("<code>a*b</code> <kbd>`</kbd>", "`a*b` `` ` ``"),
        ("H<sub>2</sub>O, 5 km<sup>2</sup>, 4<sup>th</sup>", "H₂O, 5 km², 4th"),
        ("<q>No</q>, he said", "“No”, he said"),
        ("<u>under</u> <font>line</font> <mark>d</mark>", "under line d"),
        ("  one \n\t two&nbsp;&nbsp; three&nbsp;km ", "one two three\xa0km"),
        ("*star* 1 &lt; 2 &amp;amp; [x](y) &lt;b>", r"\*star\* 1 < 2 \&amp; \[x\](y) \<b>"),
        ("# no headline", r"\# no headline"),
        ("one<br>two<br/> ", "one\\\ntwo"),
        ("<a href='https://example.com/?a=1&amp;b'>it</a>", "[it](https://example.com/?a=1&b)"),
        ("<a href='https://example.com/'>https://example.com/</a>", "https://example.com/"),
        ("<a href='//example.com/x'>it</a>", "[it](https://example.com/x)"),
        ("<a href='www.example.com'>it</a>", "[it](https://www.example.com)"),
        ("<a href='MAILTO:a@example.com'>it</a>", "[it](MAILTO:a@example.com)"),
        ("<a href='#top'>it</a>, <a name=x>x</a>", "it, x"),
        ("<img src=https://example.com/e.png width=20 height=20 alt=😀> hi", "😀 hi"),
    ],
)
def test_words_are_written_as_markdown(source: str, text: str) -> None:
    assert [block.text for block in read(f"<p>{source}</p>").blocks] == [text]


def test_two_line_breaks_end_a_paragraph_and_one_in_a_headline_does_not() -> None:
    assert blocks("<p>One<br>\n<br>two</p><h2>A<br><br>b</h2><pre>Three\nfour\n\nfive</pre>") == [
        "paragraph: One",
        "paragraph: two",
        "heading 2: A b",
        "paragraph: Three\\\nfour",
        "paragraph: five",
    ]


@pytest.mark.parametrize(
    "href",
    [
        *("javascript:alert(1)", " JaVa\nScript:alert(1)", "\x01javascript:x", "vbscript:x"),
        *("data:text/html,<b>x", "file:///etc/passwd", "blob:https://example.com/x"),
        "ftp://example.com",
    ],
)
def test_links_that_could_do_harm_become_their_words(href: str) -> None:
    reading = read(f'<p>See\n<a href="{html.escape(href)}">this</a> now.</p>')
    assert seen(reading) == ["paragraph: See this now."]
    assert [remark.rule for remark in reading.remarks] == ["unsafe-link"]
    assert reading.remarks[0].line >= 2


def test_links_without_a_host_become_their_words() -> None:
    assert rules("<p><a href='/news'>a</a>\n<a href='https:///x'>b</a> <a href='tel:1'>c</a>") == [
        "1 relative-link",
        "2 unsafe-link",
    ]


def test_relative_links_of_a_page_that_says_its_address_are_made_whole() -> None:
    source = '<link rel=canonical href="https://example.com/a/b"><p><a href="../c">c</a>'
    assert blocks(source) == ["paragraph: [c](https://example.com/c)"]


def test_a_link_of_a_headline_or_a_picture_is_spoken_of() -> None:
    source = """<h2><a href="https://example.com/a">Ferry</a></h2>
        <a href="https://example.com/b"><img src="https://example.com/f.jpg" alt="Ferry"></a>
        <a href="https://example.com/f.jpg"><img src="https://example.com/f.jpg" alt="Big"></a>"""
    assert blocks(source)[0] == "heading 2: Ferry"
    assert rules(source) == ["1 headline-link", "2 picture-link"]


def test_tables_become_markdown_tables() -> None:
    source = """<table><caption>Fares</caption><tr><th>From<th>To | back<th>Price</tr>
        <tr><td rowspan=2><p><b>Town</b></p><td>Isle<td>5<br>euros<tr><td colspan=2>no\\|ne
        </table>"""
    assert blocks(source) == [
        "paragraph: Fares",
        "table: | From | To \\| back | Price |\n| --- | --- | --- |\n"
        "| **Town** | Isle | 5 euros |\n|  | no\\\\&#124;ne |  |",
    ]
    shown = str(Markdown("en").body(read(source).blocks[1].text, place="x"))
    assert re.findall(r"<t[hd]>(.*?)</t[hd]>", shown)[-3:] == ["", "no\\|ne", ""]


def test_tables_that_only_arrange_things_are_read_as_text() -> None:
    assert blocks("<table><tr><td><h2>A</h2><p>One.</p></td><td><p>Two.</p></td></table>") == [
        "heading 2: A",
        "paragraph: One.",
        "paragraph: Two.",
    ]


def test_the_picture_of_a_table_stands_behind_it() -> None:
    source = "<table><tr><td>a<td><img src=https://example.com/x.png alt=X><tr><td>b<td>c</table>"
    assert blocks(source) == [
        "table: | a |  |\n| --- | --- |\n| b | c |",
        "picture: https://example.com/x.png (X)",
    ]


def test_a_picture_inside_a_paragraph_does_not_tear_it_in_two() -> None:
    source = (
        "<p><img src=https://example.com/1.jpg>One <img src='https://example.com/2.jpg'>two.</p>"
    )
    assert blocks(source) == [
        "picture: https://example.com/1.jpg ()",
        "paragraph: One two.",
        "picture: https://example.com/2.jpg ()",
    ]


def test_pictures_inside_the_page_are_taken_out_of_it_if_they_are_pictures() -> None:
    reading = read(f'<img src="{DOT}" alt="Dot"><img src="data:image/png;base64,AAAA">')
    [block] = reading.blocks
    assert block.picture is not None
    assert (block.picture.alt, block.picture.data[:6]) == ("Dot", b"GIF89a")
    assert [remark.rule for remark in reading.remarks] == ["picture"]


def test_a_picture_that_a_script_would_load_is_found() -> None:
    source = f'<img src="{DOT}" data-src="https://example.com/a.jpg" alt="A">'
    assert [block.picture for block in read(source).blocks] == [
        Picture("https://example.com/a.jpg", "A")
    ]


def test_a_footnote_goes_where_it_is_referred_to() -> None:
    source = """<p>So<sup><a href="#n1" id="r1">1</a></sup> it is.</p><p>End.</p>
        <ol><li id="n1"><p>Or <i>not</i>. <a href="#r1">↩</a></p></li></ol>"""
    assert blocks(source) == ["paragraph: So^[Or *not*.] it is.", "paragraph: End."]


def test_lines_are_those_of_the_draft() -> None:
    reading = read("<p>One.</p>\n\n<ul>\n<li>Two\n</ul>\n<p>\nThree<br>four<br><br>\nfive</p>")
    assert [(block.line, block.text) for block in reading.blocks] == [
        (1, "One."),
        (4, "Two"),
        (6, "Three\\\nfour"),
        (7, "five"),
    ]


def test_of_a_published_page_the_article_is_taken() -> None:
    reading = read((DRAFTS / "published-page.html").read_text())
    assert seen(reading) == [
        "field: date=2026-11-20",
        "title: Ferry sails again",
        "paragraph: By [Anna Example](https://example.com/people/anna), 20 November",
        "picture: https://example.com/img/ferry.jpg (A white ferry)",
        "paragraph: After two years of repairs the ferry is back, and "
        "[the timetable](https://example.com/news/timetable) is old.",
        "paragraph: Shareholders are glad.",
    ]
    said = {remark.rule: remark.message for remark in reading.remarks}
    assert said["left-out"] == (
        "left out of the page: buttons, forms, hidden parts, navigation, scripts, share links, "
        "side boxes, the footer, the header, tracking pixels"
    )
    assert said["embedded-media"].endswith("https://video.example.org/embed/1")
    [picture] = [block.picture for block in reading.blocks if block.picture]
    assert picture.caption == "The ferry at dusk. Photo: Bo Example"


def test_of_a_page_without_marked_parts_the_place_with_most_text_is_taken() -> None:
    source = """<meta property="og:title" content="Ferry">
        <div><p><a href="/">Home</a></p></div>
        <div><div id=text><p>A long first paragraph about the ferry.<p>And a second one.</div></div>
        <div><p>Imprint</div>"""
    assert blocks(source) == [
        "title: Ferry",
        "paragraph: A long first paragraph about the ferry.",
        "paragraph: And a second one.",
    ]


def test_of_several_articles_none_is_left_out() -> None:
    source = "<main><article><p>One.</article><article><p>Two.</article></main>"
    assert blocks(source) == ["paragraph: One.", "paragraph: Two."]


def test_a_plain_page_is_taken_whole_with_its_title_once() -> None:
    assert blocks("<title>Ferry - Site</title><p>Ferry</p><p>Text.</p>") == [
        "paragraph: Ferry",
        "paragraph: Text.",
    ]


def test_a_page_that_word_filtered_is_read() -> None:
    reading = read((DRAFTS / "word-filtered.html").read_text())
    assert seen(reading) == [
        "title: The harbour week",
        "item: The **ferry** sails again.",
        "item level 2: On Sundays too.",
        "item 2.: The museum closes.",
        "heading 1: Ferry sails again",
        "paragraph: After *two years* of repairs^[The yard was **late**.] the ferry is back.",
        "picture: draft_files/image001.jpg (A white ferry)",
        "quote: We missed it.",
    ]
    assert reading.remarks == ()


def test_a_page_that_word_saved_is_read() -> None:
    reading = read((DRAFTS / "word-web-page.html").read_text())
    assert seen(reading) == [
        "item 1.: First",
        "item level 2: Deeper",
        "paragraph: In Harbourton it rained.",
    ]
    assert [remark.message for remark in reading.remarks] == [
        "left out of the page: hidden parts",
        "a comment is left out: “Check the weather.”",
    ]


WORDS = st.text(st.sampled_from("abcБ*_[]<>&#-1.é“"), min_size=1, max_size=8)
TAGS = st.sampled_from(
    [
        *("p", "div", "ul", "li", "ol", "b", "i", "span", "h2", "blockquote", "table", "tr", "td"),
        *("section", "code", "sup", "pre", "figure", "dl", "dd", "s", "x-any"),
        "a href='https://example.org'",
    ]
)
TREES = st.recursive(
    WORDS.map(html.escape) | st.just("<br>"),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{' '.join(parts)}</{tag.split()[0]}>",
        TAGS,
        st.lists(inner, max_size=4),
    ),
    max_leaves=30,
)


@given(TREES)
def test_every_word_of_a_page_stands_in_its_blocks_in_order(page: str) -> None:
    reading = read(f"<p>start</p>{page}<p>end</p>")
    found = "".join(shown(block) for block in reading.blocks)
    assert letters(found) == letters(html.unescape(re.sub(r"<[^>]*>", "", f"start{page}end")))


def shown(block: Block) -> str:
    if block.kind in {BlockKind.HEADING, BlockKind.TITLE}:
        return block.text
    page = str(Markdown("en").body(block.text, place="x"))
    return html.unescape(re.sub(r"<[^>]*>", "", page))


def letters(text: str) -> str:
    """The letters and digits, raised ones as they were typed; signs may have become dividers."""
    return "".join(sign for sign in text if sign.isalnum()).translate(
        str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
    )
