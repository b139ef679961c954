from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.lint import exam
from newsletter.lint.fix import fix
from newsletter.lint.registry import find, rules
from newsletter.lint.tracking import tracking_parameters, without_tracking

Places = Callable[..., list[str]]
Mended = Callable[..., list[tuple[str, str]]]

BASE = "https://example.com/t"


@pytest.mark.parametrize(
    ("address", "clean"),
    [
        (f"{BASE}?utm_source=mail", BASE),
        (f"{BASE}?utm_source=mail&utm_medium=x#winter", f"{BASE}#winter"),
        (f"{BASE}?line=2&utm_source=mail", f"{BASE}?line=2"),
        (f"{BASE}?utm_source=mail&line=2", f"{BASE}?line=2"),
        (f"{BASE}?a=1&fbclid=IwAR0_x&b=2", f"{BASE}?a=1&b=2"),
        (f"{BASE}?UTM_Source=mail", BASE),
        (f"{BASE}?utm%5Fsource=mail&q=a%20b+c", f"{BASE}?q=a%20b+c"),
        (f"{BASE}?gclid=1&gbraid=2&wbraid=3&gad_source=4", BASE),
        (f"{BASE}?mc_cid=1&mc_eid=2&mkt_tok=3&_hsenc=4&_hsmi=5", BASE),
        (f"{BASE}?igshid=1&igsh=2&yclid=3&ysclid=4&msclkid=5&twclid=6&ttclid=7", BASE),
        (f"{BASE}?vero_id=1&oly_enc_id=2&__s=3&wickedid=4&s_cid=5", BASE),
        (f"{BASE}#xtor=RSS-3", BASE),
        (f"{BASE}?a=1#utm_source=rss&utm_medium=feed", f"{BASE}?a=1"),
        (
            "https://www.youtube.com/watch?v=abc&si=x&t=30",
            "https://www.youtube.com/watch?v=abc&t=30",
        ),
        ("https://x.com/a/status/1?s=20&t=abc", "https://x.com/a/status/1"),
        ("https://www.nytimes.com/a?smid=url-share", "https://www.nytimes.com/a"),
        ("https://www.theguardian.com/a?CMP=share_btn_url", "https://www.theguardian.com/a"),
        ("http://EXAMPLE.com?utm_id=1", "http://EXAMPLE.com"),
        (f"{BASE}?utm_source", BASE),
    ],
)
def test_only_these_parameters_are_taken_out(address: str, clean: str) -> None:
    assert tracking_parameters(address)
    assert without_tracking(address) == clean
    assert tracking_parameters(clean) == ()


@pytest.mark.parametrize(
    "address",
    [
        BASE,
        f"{BASE}?id=1&ref=a&source=b&cid=2&s=3&t=4&r=5&si=6",
        f"{BASE}?q=utm_source&next=gclid",
        f"{BASE}?&a=1&&b",
        f"{BASE}?",
        f"{BASE}#",
        f"{BASE}#winter=1&utm_source=x",
        f"{BASE}#utm_source",
        "https://www.nytimes.com/a?unlocked_article_code=1.abc",
        "https://notyoutube.com/watch?si=1",
        "mailto:editor@example.com?subject=utm_source=1",
        "#utm_source=1",
    ],
)
def test_all_other_addresses_stay_as_they_are(address: str) -> None:
    assert tracking_parameters(address) == ()
    if address != f"{BASE}?":
        assert without_tracking(address) == address


def test_links_of_texts_and_of_fields_are_a_warning(places: Places) -> None:
    piece = f"""
    intro: See [it]({BASE}?utm_source=a) and {BASE}?fbclid=b now.
    sections:
      - headline: Ferry
        body: Text.
        link: {BASE}?gclid=c
      - kind: button
        label: The timetable
        url: {BASE}?mc_eid=d
    """
    assert places("tracking-parameters", piece) == [
        "1:17 warning",
        "1:57 warning",
        "5:11 warning",
        "8:10 warning",
    ]


def test_the_repair_takes_out_no_more(mended: Mended) -> None:
    piece = f"intro: See [it]({BASE}?line=2&utm_source=a&day=fri#top)."
    assert mended("tracking-parameters", piece) == [
        ("?line=2&utm_source=a&day=fri#top", "?line=2&day=fri#top")
    ]


@pytest.mark.parametrize(
    ("typed", "repaired"),
    [
        ('intro: See [it]({0}?utm_source=a "Title").', 'intro: See [it]({0} "Title").'),
        ("intro: See <{0}?utm_source=a>.", "intro: See <{0}>."),
        ("intro: See {0}?utm_source=a.", "intro: See {0}."),
        ("intro: '[Bob''s]({0}?utm_source=a&b=1)'", "intro: '[Bob''s]({0}?b=1)'"),
        (
            "intro: |\n  See [it]({0}?a=1&utm_source=a),\n  and [it]({0}?fbclid=b).",
            "intro: |\n  See [it]({0}?a=1),\n  and [it]({0}).",
        ),
        # An address that stands elsewhere, or is typed in another way than it is read, is told of.
        ("intro: |\n  [it][1]\n\n  [1]: {0}?utm_source=a", None),
        ("intro: See [it]({0}?a=1&amp;utm_source=a).", None),
    ],
)
def test_files_are_repaired_where_that_is_sure(typed: str, repaired: str | None) -> None:
    rule = find("tracking-parameters", rules())
    assert rule
    before = exam.complete(typed.format(BASE))
    found = exam.diagnose(before, [rule])
    assert found
    fixed = fix(
        exam.read(before, Path("issues/2026-11-20.yaml")),
        lambda manuscript: exam.diagnose(manuscript.text, [rule]),
    )
    expected = before if repaired is None else exam.complete(repaired.format(BASE))
    assert fixed.manuscript.text == expected


def test_plain_addresses_are_fine(places: Places) -> None:
    piece = f"intro: See [it]({BASE}?line=2#utm) and [that](mailto:utm_source=x@example.com)."
    assert places("tracking-parameters", piece) == []
