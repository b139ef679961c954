from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.markdown import pictures, raw_html, words

PIECES = st.sampled_from(
    [
        "<b>",
        "</b>",
        "<div>",
        "![alt](p.jpg)",
        "[",
        "](x)",
        "`",
        "*",
        "|",
        "\\",
        "&lt;",
        "é",
        "<!-- c -->",
        "<i\nx='1'>",
        "~~~\n",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "|-|\n",
        "[^1]: ",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_whatever_surrounds_them_tags_and_pictures_are_where_they_are_said_to_be(
    source: str,
) -> None:
    for offset, html in raw_html(source):
        assert source.startswith(html.split("\n")[0], offset)
    for picture in pictures(source):
        assert source.startswith("![", picture.offset)


def test_of_two_equal_tags_each_has_its_own_place() -> None:
    source = "`<b>` and \\<b> and <b>\n\n> <b>"
    assert [offset for offset, _ in raw_html(source)] == [19, 26]


def test_words_are_what_a_reader_sees_and_code_counts_as_one_of_them() -> None:
    source = "# A *b* <i>c</i>\n\n[d](https://example.com)\n\n    e\n\n<div>\nf\n</div>"
    assert "".join(words(source).split()) == "Abcdx"
