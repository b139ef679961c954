"""Whatever a draft holds, importing it ends with a whole issue or a reason, and nothing is lost."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.issue.drafts import archie, detect, markdown, text
from newsletter.issue.drafts.blocks import Reading
from newsletter.issue.drafts.everything import everything_is_there
from newsletter.issue.drafts.outline import Days, outline
from newsletter.issue.drafts.write import to_yaml
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from tests.proof import rounds

FOLDER = Path(__file__).parents[3] / "drafts"
DRAFTS = {
    path.name: path.read_bytes()
    for path in sorted(FOLDER.iterdir())
    if path.suffix in {".txt", ".md"}
}
PAGES = {path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob("html/*.html"))}
DAYS = Days(datetime.date(2026, 11, 27))

PIECES = st.sampled_from(
    (
        *("\n", "\n\n", "\n\n\n", " ", "    ", "\t", "- ", "* ", "1. ", "2) ", "> ", "# ", "---\n"),
        *(
            "===\n",
            "***\n",
            "```\n",
            "~~~",
            "|a|b|\n|-|-|\n",
            "[a](b)",
            "[a][b]",
            "[b]: https://c\n",
        ),
        *(
            "![p](q.jpg)",
            "![](",
            "[^1]",
            "[^1]: n\n",
            "<b>",
            "</b>",
            "<!-- c -->",
            "<script>x</script>",
        ),
        *(
            "<img src=x.png>",
            "[x](javascript:y)",
            "&amp;",
            "&#0;",
            "\\",
            "*",
            "**",
            "_",
            "`",
            "{{ x }}",
        ),
        *(
            "TK",
            "subject: s\n",
            "headline: h\n",
            "body:\n",
            ":end\n",
            ":skip\n",
            ":ignore\n",
            "[stories]\n",
        ),
        *(
            "[summary]\n",
            "kind: quote\n",
            "kind: zebra\n",
            "id: A b\n",
            "date: never\n",
            "number: x\n",
        ),
        *("Title", "A headline", "A sentence.", "Two. Of them.", "By Ada Sample\n", "Photo: x\n"),
        *(
            "\u2028",
            "\x85",
            "\ufeff",
            "\0",
            "\x07",
            "\u200b",
            "\u00ad",
            "\u202e",
            "\ufffc",
            "“",
            "»",
            "ж",
        ),
        *(
            "字",
            "ا",
            "?",
            "!",
            ":",
            "...",
            "https://example.com/a_b*c",
            "www.example.org",
            "é",
            "\r",
            "--",
        ),
    )
)
TAGS = ("p", "h1", "h2", "li", "ul", "b", "blockquote", "table", "td", "figure", "span", "a", "pre")
TAG = st.sampled_from([f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/")])
TAG_EDIT = st.tuples(st.floats(0, 1), st.integers(0, 40), st.lists(TAG, max_size=3).map("".join))
STYLES = ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet", "List Number", "Quote")
LINE = st.lists(
    st.sampled_from(
        ("Ada ", "went home. ", "The boat ", "sails", "?", "1. ", "- ", "*", "# ", "[x]")
    )
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=6),
    max_size=6,
).map("".join)
EDIT = st.tuples(st.floats(0, 1), st.integers(0, 40), st.lists(PIECES, max_size=4).map("".join))


def check(reading: Reading) -> None:
    made = outline(reading, DAYS)
    written = to_yaml(made.issue)
    read = load_text(written, Path("x.yaml"))
    assert isinstance(read, Manuscript), read
    assert read.issue == made.issue
    assert made.issue.draft
    # Order is proven on whole drafts (test_drafts.py): of a damaged one a credit may come to stand
    # before a byline, as the fields of a story do.
    faults = everything_is_there(reading, made.issue, made.remarks)
    assert [fault for fault in faults if "missing" in fault] == []
    assert all(remark.line >= 1 for remark in made.remarks)


def edited(source: str, edits: list[tuple[float, int, str]]) -> str:
    for place, length, piece in edits:
        start = int(place * len(source))
        source = source[:start] + piece + source[start + length :]
    return source


@pytest.mark.proof
@pytest.mark.timeout(7200)
@settings(max_examples=rounds(120, 12_000))
@given(st.sampled_from(sorted(DRAFTS)), st.lists(EDIT, min_size=1, max_size=6))
def test_a_damaged_draft(name: str, edits: list[tuple[float, int, str]]) -> None:
    whole = DRAFTS[name].decode(errors="replace")
    data = edited(whole, edits).encode(errors="surrogatepass")
    try:
        reading = detect.read(data, name)
    except NewsletterError as error:
        assert error.message  # noqa: PT017 - being refused is one of two right ends
        return
    check(reading)


@pytest.mark.proof
@pytest.mark.timeout(7200)
@settings(max_examples=rounds(120, 12_000))
@given(
    st.sampled_from((text.read, markdown.read, archie.read)),
    st.lists(PIECES | st.sampled_from(["\n", "word ", "Ada went home.\n"]), max_size=30).map(
        "".join
    ),
)
def test_signs_in_any_order(read: object, source: str) -> None:
    assert callable(read)
    check(read(source))


@pytest.mark.proof
@pytest.mark.timeout(7200)
@settings(max_examples=rounds(60, 5_000))
@given(st.sampled_from(sorted(PAGES)), st.lists(EDIT | TAG_EDIT, max_size=5))
def test_a_damaged_page(name: str, edits: list[tuple[float, int, str]]) -> None:
    try:
        reading = detect.read(edited(PAGES[name], edits).encode(errors="replace"), name)
    except NewsletterError as error:
        assert error.message  # noqa: PT017 - being refused is one of two right ends
        return
    check(reading)


@pytest.mark.proof
@pytest.mark.timeout(7200)
@settings(max_examples=rounds(20, 1_000))
@given(st.lists(st.tuples(st.sampled_from(STYLES), LINE), min_size=1, max_size=12))
def test_a_word_file_of_any_paragraphs(paragraphs: list[tuple[str, str]]) -> None:
    document = docx.Document()
    for style, words in paragraphs:
        document.add_paragraph(words, style=style)
    data = io.BytesIO()
    document.save(data)
    check(detect.read(data.getvalue(), "draft.docx"))


@pytest.mark.proof
@pytest.mark.timeout(7200)
@settings(max_examples=rounds(80, 5_000))
@given(st.sampled_from(sorted(DRAFTS)), st.floats(0, 1), st.binary(max_size=40))
def test_any_bytes(name: str, place: float, data: bytes) -> None:
    whole = DRAFTS[name]
    at = int(place * len(whole))
    for source in (data, whole[:at] + data + whole[at:]):
        try:
            reading = detect.read(source, name)
        except NewsletterError as error:
            assert error.message  # noqa: PT017 - being refused is one of two right ends
        else:
            check(reading)
