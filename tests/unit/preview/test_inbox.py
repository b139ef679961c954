"""Rows of the inbox: what fits, where it is cut, and what else shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.delivery.sample import sample_message
from newsletter.preview.cut import cut, graphemes
from newsletter.preview.inbox import Row, rows, text_of
from newsletter.preview.mail import open_mail
from newsletter.project import Project

LONG = "The night ferry comes back on Friday with a new timetable and new fares for all of us"


def row(found: tuple[Row, ...], client: str, device: str) -> Row:
    (one,) = (one for one in found if (one.client, one.device) == (client, device))
    return one


def test_every_program_shows_as_much_as_it_has_room_for() -> None:
    found = rows("The Harbour Letter <letter@example.org>", LONG, LONG * 2, "20 Nov")
    iphone = row(found, "Apple Mail", "iPhone")
    assert iphone.sender == "The Harbour Letter"
    assert iphone.subject == LONG[:48].rstrip() + "…"
    assert iphone.preheader == (LONG * 2)[:99].rstrip() + "…"
    assert iphone.date == "20 Nov"
    assert len(row(found, "Gmail", "phone").subject) < len(row(found, "Gmail", "computer").subject)
    assert {one.client for one in found} == {"Gmail", "Apple Mail", "Outlook"}


def test_what_fits_is_not_cut() -> None:
    for one in rows("A", "The night ferry is back", "A new timetable"):
        assert (one.subject, one.preheader) == ("The night ferry is back", "A new timetable")


@pytest.mark.parametrize(
    ("sender", "shown"),
    [
        ("The Harbour Letter <letter@example.org>", "The Harbour Letter"),
        ('"Harbour, The" <letter@example.org>', "Harbour, The"),
        ("letter@example.org", "letter@example.org"),
        ("<letter@example.org>", "letter@example.org"),
        ("A newsletter with a really long name <a@example.org>", "A newsletter with a reall…"),
    ],
)
def test_the_sender_is_shown_by_name(sender: str, shown: str) -> None:
    assert rows(sender, "S", "P")[0].sender == shown


def test_behind_a_short_preheader_the_letter_goes_on() -> None:
    html = "<body><div style='display:none'>Also a library</div><p>The Harbour Letter</p></body>"
    shown = rows("A", "S", "Also a library", body_text=text_of(html))[0].preheader
    assert shown == "Also a library The Harbour Letter"


def test_a_padded_preheader_keeps_the_letter_out_of_the_row(folder: Path) -> None:
    project = Project.open(folder)
    edition = project.render(project.manuscript(project.find())).edition
    letter = open_mail(sample_message(edition, project.sender).data).html
    preheader = "A new timetable, and a market hall without a name"
    for one in rows("A", "S", preheader, body_text=text_of(letter)):
        assert preheader.startswith(one.preheader.rstrip("…"))
        if not one.preheader.endswith("…"):
            assert one.preheader == preheader


def test_a_letter_without_a_preheader_shows_its_first_words() -> None:
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body><!-- c --><h1>View <b>in</b>"
        "</h1><p>brow<b>ser</b> &amp; more</p><img src=x alt='A ferry'></body></html>"
    )
    assert text_of(html) == "View in browser & more A ferry"
    assert rows("A", "S", "", body_text=text_of(html))[0].preheader == text_of(html)


@pytest.mark.parametrize(
    "one",
    ["e\u0301", "👩‍👩‍👧‍👦", "👍🏽", "🇺🇦", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "1️⃣", "❤️", "각", "हि", "\r\n"],
)
def test_what_people_see_as_one_character_is_one(one: str) -> None:
    assert list(graphemes(f"a{one}{one}b")) == ["a", one, one, "b"]


def test_flags_in_a_row_are_taken_two_by_two_and_joined_persian_letters_one_by_one() -> None:
    assert list(graphemes("🇺🇦🇵🇱🇩🇪")) == ["🇺🇦", "🇵🇱", "🇩🇪"]
    assert list(graphemes("می‌خو")) == ["م", "ی‌", "خ", "و"]
    assert list(graphemes("")) == []


def test_a_cut_never_goes_through_a_character_and_wide_ones_take_two() -> None:
    assert cut("e\u0301" * 6, 5) == "e\u0301" * 5 + "…"
    assert cut("夜行轮渡回来了", 6) == "夜行轮…"
    assert cut("👩‍👩‍👧‍👦👍🏽🇺🇦", 4) == "👩‍👩‍👧‍👦👍🏽…"
    assert cut("abc", 3) == "abc"


def test_right_to_left_text_is_cut_at_its_end_and_marks_are_closed() -> None:
    assert cut("العبارة الليلية تعود", 7) == "العبارة…"
    assert cut("\u2067العبارة الليلية\u2069 back", 7) == "\u2067العبارة\u2069…"
    assert cut("\u202bשלום לכולם\u202c", 4) == "\u202bשלום\u202c…"
