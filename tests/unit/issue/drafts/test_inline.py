from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.issue.drafts.emphasis import Mark
from newsletter.issue.drafts.inline import LINE_BREAK, Kind, Run, markdown, plain
from newsletter.render.markdown import Markdown

MARKDOWN = Markdown("en")
B, EM, S = Mark.STRONG, Mark.EM, Mark.STRIKE
WEB = "https://example.com/"


@pytest.mark.parametrize(
    ("runs", "written"),
    [
        ([Run("The "), Run("ferry", B), Run(" is "), Run("back", EM), Run(".")],
         "The **ferry** is *back*."),
        ([Run("Both", B | EM)], "***Both***"),
        ([Run("a ", B), Run("b", B | EM), Run(" c", B)], "**a *b* c**"),
        ([Run(" Ferry: ", B), Run("back.")], "**Ferry:** back."),
        ([Run("One ", B), Run("line", B)], "**One line**"),
        ([Run("“No”", B), Run("s")], "**“No**”s"),
        ([Run("x"), Run("(y)", EM)], "x(*y)*"),
        ([Run("gone", S), Run(" now")], "~~gone~~ now"),
        ([Run("one", B), Run("two", EM)], "**one**two"),
        ([Run("a "), Run("link", href=WEB), Run(".")], f"a [link]({WEB})."),
        ([Run("Wow!"), Run("link", href=WEB)], rf"Wow\![link]({WEB})"),
        ([Run("see ", B), Run("it", B, WEB), Run(" now", B)], f"**see [it]({WEB}) now**"),
        ([Run("a "), Run("b", EM, WEB), Run("c", href=WEB)], f"a [*b*c]({WEB})"),
        ([Run("a"), Run(" b ", href=WEB), Run("c")], f"a [b]({WEB}) c"),
        ([Run(WEB, href=WEB)], WEB),
        ([Run(WEB, B)], f"**<{WEB}>**"),
        ([Run("x", href=f"{WEB}a b(c")], f"[x]({WEB}a%20b%28c)"),
        ([Run("x", href=f"{WEB}a_(b)")], f"[x]({WEB}a_(b))"),
        ([Run("one"), LINE_BREAK, Run("- two")], "one\\\n\\- two"),
        ([LINE_BREAK, Run("one "), LINE_BREAK, LINE_BREAK, Run(" ")], "one"),
        ([Run("a`b", kind=Kind.CODE)], "``a`b``"),
        ([Run("so"), Run("", kind=Kind.NOTE, note=(Run("Or "), Run("not", EM)))], "so^[Or *not*]"),
        ([Run("\xa0\xa0 far \n away\xa0")], "far away"),
        ([Run("10\xa0km")], "10\xa0km"),
    ],
)  # fmt: skip
def test_words_with_marks_are_written_as_markdown(runs: list[Run], written: str) -> None:
    assert markdown(runs) == written


def test_plain_words_have_no_signs_and_notes_in_brackets() -> None:
    note = Run("", kind=Kind.NOTE, note=(Run("by "), Run("us", EM)))
    runs = [Run("*A* ", B), LINE_BREAK, Run("ferry", href=WEB), note, Run("!")]
    assert plain(runs) == "*A* ferry (by us)!"


TEXTS = st.text(
    st.sampled_from("abdБé  .,!(“”)*_~`[]<>\\&^|#-1€\u0301\n"), min_size=1, max_size=6
) | st.sampled_from([WEB, "www.example.com", "&amp;", "1. ", "]("])
RUNS = st.lists(
    st.builds(
        Run,
        TEXTS,
        st.integers(0, 7),
        st.sampled_from(["", "", "", WEB, "https://example.org/a_(b)*c*?x=1&lt;=2"]),
        st.sampled_from([Kind.TEXT] * 5 + [Kind.CODE]),
    )
    | st.just(LINE_BREAK)
    | st.builds(lambda text: Run("", kind=Kind.NOTE, note=(Run(text),)), TEXTS),
    max_size=8,
)


@given(RUNS)
@example([Run("a", B), Run("b", B | EM), Run("c", EM)])
@example([Run("x"), Run("a", S | B), Run("y")])
def test_all_words_show_once_and_in_order(runs: list[Run]) -> None:
    page = str(MARKDOWN.body(markdown(runs), place="x"))
    text, _, notes = page.partition('<ol class="notes">')
    text = re.sub(r"<sup>.*?</sup>", "", text)
    assert seen(text) == letters("".join(run.text for run in runs))
    found = [seen(note) for note in re.findall(r"<li.*?</li>", notes.replace("↩", ""), re.DOTALL)]
    assert found == [letters(run.text) for note in runs for run in note.note]


@given(RUNS)
def test_a_link_leads_where_it_led(runs: list[Run]) -> None:
    page = str(MARKDOWN.body(markdown([run for run in runs if not run.note]), place="x"))
    found = {html.unescape(href) for href in re.findall(r'<a href="(http[^"]*)"', page)}
    wanted = {run.href for run in runs if run.href and run.text.strip()}
    typed = {WEB, "https://www.example.com"}
    assert wanted - typed <= found


def seen(page: str) -> str:
    return letters(html.unescape(re.sub(r"<[^>]*>", "", page)))


def letters(text: str) -> str:
    """The text without white space and with quotation marks and dashes as typed."""
    text = re.sub(r"\s", "", text.replace("…", "..."))
    text = re.sub(r"[“”]", '"', re.sub(r"[-–—]+", "-", text))
    return re.sub(r"([.,!?])(?=\1)", "", text)
