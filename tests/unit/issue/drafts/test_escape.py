from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.issue.drafts.escape import escape
from newsletter.render.markdown import Markdown

MARKDOWN = Markdown("en")


def shown(markdown: str) -> str:
    """What a reader sees, on one line."""
    return one_line(html.unescape(re.sub(r"<[^>]*>", "", str(MARKDOWN.body(markdown, place="x")))))


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("# not a headline", r"\# not a headline"),
        ("#hashtag", "#hashtag"),
        ("1. May", r"1\. May"),
        ("2026) and", r"2026\) and"),
        ("1.5 million", "1.5 million"),
        ("- a dash", r"\- a dash"),
        ("-5 degrees", "-5 degrees"),
        ("+ plus", r"\+ plus"),
        ("> quoted", r"\> quoted"),
        ("---", r"\---"),
        ("words\n===", "words\n\\==="),
        ("*starred*", r"\*starred\*"),
        ("5 * 3 = 15", "5 * 3 = 15"),
        ("_low_ snake_case", r"\_low\_ snake_case"),
        ("~~gone~~ and ~5", r"\~\~gone\~\~ and ~5"),
        ("`code`", r"\`code\`"),
        ("C:\\temp", "C:\\\\temp"),
        ("[sic] and [a](b) and [^1]", r"[sic] and \[a\](b) and \[^1\]"),
        ("[x]: y", r"\[x\]: y"),
        ("<b> and 3 < 4", r"\<b> and 3 < 4"),
        ("AT&T &amp; Co", r"AT&T \&amp; Co"),
        ("a | b\n--|--", "a | b\n\\--|--"),
        ("    indented  \nline", "indented\nline"),
        ("https://example.com/a_b_c/*d*/e.", "https://example.com/a_b_c/*d*/e."),
        ("https://example.com/a[b", r"<https://example.com/a>\[b"),
        ("www.example.com/_a_", r"[www.example.com/\_a\_](https://www.example.com/_a_)"),
        ("www.example.com/a_b", "www.example.com/a_b"),
        ("https://", "https://"),
    ],
)
def test_only_what_would_be_read_as_a_sign_is_escaped(text: str, markdown: str) -> None:
    assert escape(text) == markdown


def test_the_address_of_a_bare_link_is_kept_whole() -> None:
    text = "See https://example.com/a_b*c~~d`e&lt;f, and www.example.org/*x*y."
    found = re.findall(r'href="([^"]*)"', str(MARKDOWN.body(escape(text), place="x")))
    assert [html.unescape(href).replace("%60", "`") for href in found] == [
        "https://example.com/a_b*c~~d`e&lt;f",
        "https://www.example.org/*x*y",
    ]


SIGNS = (
    *"*_~`[]()<>#!&;|\\:=^{}1a Б\n",
    *("\n\n", "   ", "\t", "1.", "2)", "- ", "+ ", "--\n", "---\n", "\n===", "    x"),
    *("**", "~~", "](", "[^1]", "]: ", "&amp;", "<b>", "|--|", "``"),
    *("https://example.com/", "www.example.com/", "me@example.com", "ftp://", "javascript:"),
)
PIECES = st.sampled_from(SIGNS) | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])


@given(st.lists(PIECES, max_size=25))
@example(["a", "\n", "---"])
@example(["[", "a", "]", "(", "b", ")"])
@example(["https://example.com/", "*", "a", "*", "[", "b"])
def test_any_text_shows_as_it_was_written(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert typed(shown(escape(text))) == typed(one_line(text))


def typed(text: str) -> str:
    """The text before typography: quotation marks straight, runs of dashes and dots as one."""
    text = re.sub(r"\((?:c|r|tm)\)|[©®™]", "", text, flags=re.IGNORECASE)
    for set_, straight in [("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("…", "."), ("±", "+-")]:
        text = text.replace(set_, straight)
    return re.sub(r"([?!])[?!]+", r"\1", re.sub(r"([.,])\1+", r"\1", re.sub(r"[-–—]+", "-", text)))
