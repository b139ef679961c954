"""What a letter weighs, and where Gmail cuts it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.delivery.sample import sample_message, sample_reader
from newsletter.lint.rules.html_size import LIMIT
from newsletter.preview.mail import Mail, open_mail
from newsletter.preview.weight import weigh
from newsletter.project import Project
from newsletter.render.quoted_printable import encode
from newsletter.render.transfer import transferred
from tests.proof import cases


@pytest.fixture
def mail(folder: Path) -> Mail:
    project = Project.open(folder)
    edition = project.render(project.manuscript(project.find())).edition
    return open_mail(sample_message(edition, project.sender).data)


@pytest.fixture
def with_html(mail: Mail) -> Callable[[str], Mail]:
    """A message whose HTML part is this one."""

    def make(html: str) -> Mail:
        return dataclasses.replace(mail, html=html, weight=len(encode(html)))

    return make


WithHtml = Callable[[str], Mail]


def test_the_weight_is_what_the_lint_rule_measures(folder: Path, mail: Mail) -> None:
    weight = weigh(mail)
    project = Project.open(folder)
    edition = project.render(project.manuscript(project.find())).edition
    values = sample_reader(edition).merge_values(edition, project.sender)
    assert weight.bytes == len(transferred(edition.html, {"view_url": edition.view_url}, values))
    assert weight.limit == LIMIT
    assert weight.left == LIMIT - weight.bytes
    assert weight.clipped_at is None


def test_there_is_room_for_as_many_paragraphs_as_are_said(with_html: WithHtml) -> None:
    for text in ("The night ferry sails again from Friday. ", "Нічний пором знову ходить. "):
        paragraph = f'<p style="margin:0">{text * 9}</p>'
        mail = with_html(f"<body>{paragraph * 20}</body>")
        room = weigh(mail).paragraphs_left
        assert room is not None
        assert len(encode(f"<body>{paragraph * (20 + room - 1)}</body>")) < LIMIT
        assert len(encode(f"<body>{paragraph * (20 + room + 2)}</body>")) > LIMIT


def test_a_full_letter_has_room_for_none_and_one_without_paragraphs_does_not_say(
    with_html: WithHtml,
) -> None:
    assert weigh(with_html("<p>A</p>" * 20_000)).paragraphs_left == 0
    assert weigh(with_html("<b>A</b>")).paragraphs_left is None


def test_pictures_and_links_are_counted(with_html: WithHtml) -> None:
    weight = weigh(
        with_html(
            "<body><!-- <img> --><!--[if mso]><a href='https://example.org'><![endif]-->"
            "<img src=a><IMG src=b><a href='https://example.org'>A</a><a name=x href='#x'>B</a>"
            "<a href=mailto:a@example.org>C</a><a>D</a></body>"
        )
    )
    assert (weight.pictures, weight.links) == (2, 2)


LINE = "<p>The <b>night</b> ferry — нічний пором</p>\n"


UNITS = [
    LINE,
    f"<table><tr><td>{LINE}</td><td>B</td></tr><tr><th>C</th></tr></table>",
    f"<table><colgroup><col><col></colgroup><thead><tr><th>{LINE}</th></tr></thead>"
    "<tbody><tr><td>B</td></tr></tbody></table>",
    f"<table><col><col><td>{LINE}<table><tr><td>in</td></tr></table></td></table>",
    f"<!--[if mso]><table><tr><td><![endif]--><div>{LINE}<img src='x' alt='a > b'><br></div>"
    "<!--[if mso]></td></tr></table><![endif]--><!--[if !mso]><!--><i>x</i><!--<![endif]-->",
    f"<ul><li>{LINE}<li>B</ul><style>p > b {{ content: '<p>' }}</style>",
]


@pytest.mark.proof
@pytest.mark.parametrize("unit", cases(UNITS[-2:], UNITS))
@pytest.mark.browser
def test_the_first_element_behind_the_cut_is_the_one_that_a_browser_counts(
    unit: str, with_html: WithHtml, page: Any
) -> None:
    opening = "<!doctype html><html><head><title>T</title></head><body>"
    marked = '<hr id="cut">'
    head = opening + unit * (LIMIT * 9 // 10 // len(encode(unit)))
    inside = head + "x" * (LIMIT - len(encode(head)) - 40)
    html = inside + "y" * 200 + marked + unit + "</body></html>"
    page.set_content(html)
    counted = page.evaluate(
        "[...document.body.getElementsByTagName('*')].indexOf(document.getElementById('cut'))"
    )
    assert weigh(with_html(html)).clipped_at == counted


def test_a_letter_that_is_cut_in_its_last_words_has_no_element_behind_the_cut(
    with_html: WithHtml,
) -> None:
    weight = weigh(with_html("<body><p>" + "x" * LIMIT + "</p></body>"))
    assert weight.left < 0
    assert weight.clipped_at is None
