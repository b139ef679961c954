"""Searching: in many scripts, with whatever people type."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.web.archive.query import MOST_WORDS, words
from newsletter.web.archive.search import PAGE, Index, Text

TEXTS = {
    "en": "The ferry leaves at eight. In the café naïve sailors wait. O'Brien's boat, 2026.",
    "uk": "Паром іде о восьмій; п’ять поїздок щодня.",
    "ar": "العَبّارة تغـــادر في الثامنة صباحًا",
    "he": "הַמַּעְבֹּרֶת יוצאת בשמונה",
    "hi": "नौका आठ बजे निकलती है",
    "ja": "東京都の渡し船は八時に出発します",
    "th": "เรือข้ามฟากออกแปดโมง",
    "html": "<script>alert(1)</script> & NEAR",
}


def text(slug: str, body: str, *, title: str = "", digest: str = "") -> Text:
    return Text(slug, digest or body, title or slug, lambda: body)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path / "cache" / "search.db")
    made.update(text(slug, body) for slug, body in TEXTS.items())
    return made


def found(index: Index, typed: str) -> list[str]:
    return [hit.slug for hit in index.find(typed).hits]


@pytest.mark.parametrize(
    ("typed", "slug"),
    [
        ("ferry", "en"),
        ("FERR", "en"),
        ("cafe", "en"),
        ("CAFÉ", "en"),
        ("eight ferry", "en"),
        ("o'brien", "en"),
        ("2026", "en"),
        ("паром", "uk"),
        ("поїзд", "uk"),
        ("п'ять", "uk"),
        ("العبارة تغادر", "ar"),
        ("מעברת", "he"),
        ("המעברת", "he"),
        ("नौका", "hi"),
        ("渡し船", "ja"),
        ("京都", "ja"),
        ("八時", "ja"),
        ("ข้าม", "th"),
        ("script", "html"),
        ("near", "html"),
    ],
)
def test_words_are_found_in_any_script(index: Index, typed: str, slug: str) -> None:
    # Prefixes of a word count, and Hebrew's article is one that stands before it.
    assert found(index, typed) == ([slug] if typed != "מעברת" else [])


def test_all_words_must_be_there(index: Index) -> None:
    assert found(index, "ferry") == ["en"]
    assert found(index, "ferry паром") == []
    assert found(index, "都東") == []  # characters in their order


@pytest.mark.parametrize(
    "typed",
    [
        *('"', "'", "*", "ferry*", "ferry AND", "ferry OR 1=1", "NOT ferry", "NEAR(ferry, 9)"),
        *("title:ferry", "{title}: ferry", "^ferry", "-ferry", "ferry + eight", "(", ")", "\\"),
        *(
            "'; DROP TABLE words; --",
            "%",
            "_",
            "\0",
            "\x02\x03",
            "\u200b",
            "\ud800",
            "🦀",
            "+" * 99,
        ),
    ],
)
def test_signs_mean_nothing(index: Index, typed: str) -> None:
    answer = index.find(typed)
    assert answer.total in (0, 1)
    assert found(index, "ferry") == ["en"]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=120))
def test_nothing_that_is_typed_is_an_error(index: Index, typed: str) -> None:
    answer = index.find(typed)
    assert answer.total <= len(TEXTS)


def test_a_question_is_cut_to_a_bound() -> None:
    assert len(words("a b " * 100)) == 2
    assert len(words(" ".join(f"{chr(97 + n)}" for n in range(26)))) == MOST_WORDS
    assert words("x" * 5000) == ("x" * 100,)


def test_an_excerpt_is_text_with_what_was_found_marked(index: Index) -> None:
    parts = index.find("alert").hits[0].parts
    assert ("alert", True) in parts
    assert "".join(piece for piece, _ in parts) == TEXTS["html"]
    excerpt = "".join(piece for piece, _ in index.find("渡し").hits[0].parts)
    assert excerpt == TEXTS["ja"]  # nothing of how it is indexed shows


def test_titles_count_more_and_newer_issues_stand_first(tmp_path: Path) -> None:
    index = Index(tmp_path / "search.db")
    index.update(
        [
            text("2026-01-01", "the ferry and other boats"),
            text("2026-01-02", "the ferry and other boats"),
            text("2025-01-01", "boats and other things", title="Ferry"),
        ]
    )
    assert found(index, "ferry") == ["2025-01-01", "2026-01-02", "2026-01-01"]


def test_results_come_in_pages(tmp_path: Path) -> None:
    index = Index(tmp_path / "search.db")
    index.update(text(f"{n:03}", "the ferry & co") for n in range(2 * PAGE + 1))
    first, second, third = (index.find("Ferry & <co>", page) for page in (1, 2, 3))
    assert [len(page.hits) for page in (first, second, third)] == [PAGE, PAGE, 1]
    assert first.total == 2 * PAGE + 1
    assert (first.earlier, first.more) == ("", "search?q=Ferry+co&page=2")
    assert (third.earlier, third.more) == ("search?q=Ferry+co&page=2", "")
    assert index.find("ferry", 999).hits == ()
    assert index.find("ferry co", -1).hits == first.hits
    slugs = {hit.slug for page in (first, second, third) for hit in page.hits}
    assert len(slugs) == 2 * PAGE + 1


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    index = Index(tmp_path / "search.db")
    asked: list[str] = []

    def noted(slug: str, digest: str, body: str) -> Text:
        return Text(slug, digest, slug, lambda: asked.append(slug) or body)  # type: ignore[func-returns-value]

    index.update([noted("a", "1", "ferry"), noted("b", "1", "ferry"), noted("c", "1", "ferry")])
    asked.clear()
    index.update([noted("a", "1", "ferry"), noted("b", "2", "tides")])
    assert asked == ["b"]
    assert found(index, "ferry") == ["a"]
    assert found(index, "tides") == ["b"]


@pytest.mark.parametrize("content", [b"no database", b""])
def test_a_damaged_file_is_made_anew(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "search.db"
    file.write_bytes(content * 999)
    index = Index(file)
    index.update([text("a", "ferry")])
    assert found(index, "ferry") == ["a"]


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    file = tmp_path / "search.db"
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE issues (x)")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    index = Index(file)
    index.update([text("a", "ferry")])
    assert found(index, "ferry") == ["a"]


def test_before_anything_is_indexed_nothing_is_found(tmp_path: Path) -> None:
    assert Index(tmp_path / "search.db").find("ferry").total == 0
