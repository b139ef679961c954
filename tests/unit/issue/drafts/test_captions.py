"""A picture keeps what the draft says below it, or calls it."""

from __future__ import annotations

import datetime
import io

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from PIL import Image as Drawing

from newsletter.issue.drafts import detect
from newsletter.issue.drafts.everything import everything_is_there
from newsletter.issue.drafts.outline import Days, Outline, outline
from newsletter.issue.model import Image, Story

DAYS = Days(datetime.date(2026, 11, 27))
TEXT = "<p>The council voted on Tuesday. Seven were for it, four against it.</p>"


def made_of(draft: bytes) -> Outline:
    """The issue of a draft, of which nothing is lost."""
    reading = detect.read(draft, "draft.html")
    made = outline(reading, DAYS)
    assert everything_is_there(reading, made.issue, made.remarks) == []
    return made


def image(made: Outline) -> Image:
    """The picture of the only story."""
    [story] = [section for section in made.issue.sections if isinstance(section, Story)]
    assert story.image is not None
    return story.image


def page(picture: str) -> Outline:
    return made_of(f"<h2>Boat sails</h2>{picture}{TEXT}".encode())


def rules(made: Outline) -> set[str]:
    return {remark.rule for remark in made.remarks} & {"caption", "picture-caption"}


@pytest.mark.parametrize(
    ("title", "credit", "caption", "rule"),
    [
        ("Back on  Friday", None, "Back on Friday", {"caption"}),
        ("*Back* on Friday", None, "\\*Back\\* on Friday", {"caption"}),
        ("Photo: Wilf Sample", "Photo: Wilf Sample", None, {"caption"}),
        ("A boat", None, None, set()),  # as the alternative text
        ("boat-2026_final", None, None, {"caption"}),
        ("boat.jpg", None, None, {"caption"}),
    ],
)
def test_the_title_of_a_picture_becomes_its_caption_and_that_is_said(
    title: str, credit: str | None, caption: str | None, rule: set[str]
) -> None:
    made = page(f'<p><img src="https://example.com/b.jpg" alt="A boat" title="{title}"></p>')
    assert (image(made).credit, image(made).caption) == (credit, caption)
    assert rules(made) == rule


def test_a_figure_keeps_its_caption_and_its_credit() -> None:
    said = "<figcaption><p>Back on <a href='https://example.com/f'>Friday</a></p>%s</figcaption>"
    made = page(
        '<figure><img src="https://example.com/b.jpg" alt="A boat">'
        + said % "<p>Photo: Wilf Sample</p>"
        + "</figure>"
    )
    assert image(made).caption == "Back on [Friday](https://example.com/f)"
    assert image(made).credit == "Photo: Wilf Sample"
    assert rules(made) == set()


def test_the_caption_of_a_figure_wins_over_a_title_which_is_quoted() -> None:
    made = page(
        '<figure><img src="https://example.com/b.jpg" alt="A boat" title="Home again">'
        "<figcaption>Back<br>on Friday</figcaption></figure>"
    )
    assert image(made).caption == "Back on Friday"
    [remark] = [remark for remark in made.remarks if remark.rule == "picture-caption"]
    assert '"Home again"' in remark.message


def test_captions_above_their_pictures_find_them() -> None:
    figure = (
        "<figure><figcaption>{0}</figcaption>"
        '<img src="https://example.com/{0}.jpg" alt="A boat"></figure>'
    )
    made = made_of(
        "".join(
            f"<h2>Boat {name}</h2>{figure.format(name)}{TEXT}" for name in ("One", "Two")
        ).encode()
    )
    pictures = [s.image for s in made.issue.sections if isinstance(s, Story) and s.image]
    assert [picture.caption for picture in pictures] == ["One", "Two"]


def test_a_caption_without_a_picture_is_a_paragraph_and_named_but_that_of_a_table_is_not() -> None:
    made = page(f"{TEXT}<figure><figcaption>Back on Friday</figcaption></figure>")
    assert rules(made) == {"picture-caption"}
    table = "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    made = page(f"{TEXT}<figure>{table}<figcaption>Fares</figcaption></figure>")
    assert rules(made) == set()


def test_the_caption_of_a_picture_inside_a_text_stands_below_it() -> None:
    made = page(
        f'{TEXT}<figure><img src="https://example.com/b.jpg" alt="A boat">'
        "<figcaption>Back on <i>Friday</i></figcaption></figure>"
    )
    [story] = [section for section in made.issue.sections if isinstance(section, Story)]
    assert ".jpg)\n\nBack on *Friday*\n" in story.body


@pytest.mark.parametrize("style", ["Caption", "Illustration"])
@pytest.mark.parametrize("is_below", [True, False])
def test_a_paragraph_in_words_style_for_captions_is_the_pictures(
    style: str, *, is_below: bool
) -> None:
    draft = docx.Document()
    if style not in {known.name for known in draft.styles}:
        draft.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    draft.add_heading("Boat sails", 1)
    if not is_below:
        draft.add_paragraph("Back on Friday", style=style)
    drawing = io.BytesIO()
    Drawing.new("RGB", (8, 6), "teal").save(drawing, "PNG")
    draft.add_picture(drawing)
    if is_below:
        draft.add_paragraph("Back on Friday", style=style)
        draft.add_paragraph("Photo: Wilf Sample", style=style)
    draft.add_paragraph("The council voted on Tuesday. Seven were for it, four against it.")
    data = io.BytesIO()
    draft.save(data)
    made = made_of(data.getvalue())
    assert image(made).caption == "Back on Friday"
    assert image(made).credit == ("Photo: Wilf Sample" if is_below else None)


def test_a_picture_behind_a_short_line_of_the_opening_is_not_joined_to_it() -> None:
    picture = '<img src="https://example.com/b.jpg" alt="A boat">'
    made = made_of(
        f"<p>Dear harbour</p>{picture}<p>dear harbour boat</p><p>y</p>"
        "<p>Boat for all</p><p>It sails. It does.</p>".encode()
    )
    assert "https://example.com/b.jpg" in repr(made.issue)
