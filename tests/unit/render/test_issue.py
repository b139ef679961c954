from __future__ import annotations

import itertools
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from lxml.etree import Element

from newsletter.render.edition import Edition
from newsletter.render.merge import Context
from newsletter.render.templates import BUILT_IN
from newsletter.render.tree import parse

MakeEdition = Callable[..., Edition]
VALUES = {"unsubscribe_url": "https://letter.example.org/u/0123456789", "name": "Ada"}


def tree_of(edition: Edition) -> Element:
    return parse(edition.html.fill(VALUES))


def texts(element: Element, tag: str) -> Iterator[str]:
    for found in element.iter(tag):
        yield "".join(found.itertext()).strip()


def test_equal_input_gives_equal_bytes(make_edition: MakeEdition, full: dict[str, Any]) -> None:
    assert make_edition(**full).dump() == make_edition(**full).dump()


def test_rendering_asks_nobody(
    make_edition: MakeEdition, full: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    full["sections"][0]["image"]["src"] = "https://example.org/a.jpg"
    full["intro"] += " ![x](https://example.org/b.jpg)"
    assert "https://example.org/b.jpg" in make_edition(**full).html.fill({})


def test_a_full_issue_stays_below_60_kilobytes(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    # Gmail cuts at about 102 KB of the encoded part; a third of it is left for longer words.
    assert len(make_edition(**full).html.fill(VALUES).encode()) <= 60_000


def test_the_structure_is_what_screen_readers_need(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    tree = tree_of(make_edition(**full))
    assert (tree.get("lang"), tree.get("dir")) == ("en", "ltr")
    assert list(texts(tree, "title")) == ["The first ferry leaves at half past five"]
    assert list(texts(tree, "h1")) == ["An earlier ferry, a dry library and one lost whale"]
    levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h\d", str(e.tag))]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(image.get("alt") is not None for image in tree.iter("img"))
    assert all(re.fullmatch(r"\d+", image.get("width") or "") for image in tree.iter("img"))
    data = [t for t in tree.iter("table") if any(True for _ in t.iter("th"))]
    innermost = [t for t in data if not any(x is not t for x in t.iter("table"))]
    layout = [t for t in tree.iter("table") if t not in innermost]
    assert innermost
    assert {t.get("role") for t in layout} == {"presentation"}
    links = [a for a in tree.iter("a") if a.get("href")]
    assert all("".join(a.itertext()).strip() for a in links)


def test_without_a_title_the_newsletters_name_is_the_headline(make_edition: MakeEdition) -> None:
    assert list(texts(tree_of(make_edition()), "h1")) == ["The Harbour Letter"]


def test_bullets_jump_to_anchors_with_id_and_name(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    full["summary"] += ["No story", {"text": "[Linked](https://e.org) itself", "story": "story-1"}]
    html = make_edition(**full).html.fill(VALUES)
    targets = re.findall(r'href="#([^"]+)"', html)
    assert "story-5" in targets
    ids, names = re.findall(r' id="([^"]+)"', html), re.findall(r' name="([^"]+)"', html)
    assert set(targets) <= set(ids) & set(names)
    assert len(ids) == len(set(ids))
    assert re.search(r"<li>No story</li>", html)
    assert "</a></a>" not in html


def test_words_are_escaped_and_jinja_is_not_run(make_edition: MakeEdition) -> None:
    evil = "{{ 7*7 }} {% include 'x' %} ${HOME} <script>alert(1)</script> \"><img src=x> &amp;"
    edition = make_edition(
        title=evil,
        intro=evil,
        summary=[evil],
        sections=[
            {
                "headline": evil,
                "body": evil,
                "byline": evil,
                "image": {"src": "https://e.org/a.png", "alt": evil, "credit": evil},
            },
            {"kind": "button", "label": evil, "url": 'https://e.org/"><script>'},
        ],
    )
    tree = tree_of(edition)
    assert not list(tree.iter("script"))
    assert len(list(tree.iter("img"))) == 1
    (title,) = texts(tree, "h1")
    assert title.startswith("{{ 7*7 }} {% include ‘x’ %} ${HOME} <script>alert(1)</script>")
    assert "<script>alert(1)</script>" in edition.text.fill({})


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x92", "\ufffe"])
def test_control_characters_are_left_out(make_edition: MakeEdition, character: str) -> None:
    edition = make_edition(
        subject=f"a{character}b",
        sections=[{"headline": f"c{character}d", "body": f"e{character}f"}],
    )
    assert edition.subject.fill({}) == "ab"
    html = edition.html.fill({})
    assert ">cd</h2>" in html
    assert "<p>ef</p>" in html


def test_merge_fields_stand_open_wherever_an_editor_wrote_them(make_edition: MakeEdition) -> None:
    edition = make_edition(
        subject="For {{ name | you }}",
        preheader="Hello {{ name }}",
        sections=[
            {
                "headline": "{{ name }}'s harbour",
                "body": "Dear {{ name | reader }}, [change]({{ unsubscribe_url }}) "
                "[yours](https://example.org/{{ city }}) ![x](https://e.org/{{city}}.png)",
            },
            {"kind": "button", "label": "Go", "url": "https://example.org/?m={{ email }}"},
        ],
    )
    values = {"name": '<b>"A&B"', "city": "a/b c", "email": "a@example.com", **{}}
    values["unsubscribe_url"] = "https://letter.example.org/u?a=1&b=2"
    html = edition.html.fill(values)
    assert edition.subject.fill(values) == 'For <b>"A&B"'
    assert edition.subject.fill({}) == "For you"
    assert edition.preheader.fill(values) == 'Hello <b>"A&B"'
    assert "&lt;b&gt;&quot;A&amp;B&quot;’s harbour</h2>" in html
    assert 'href="https://letter.example.org/u?a=1&amp;b=2"' in html
    assert 'href="https://example.org/a%2Fb%20c"' in html
    assert 'href="https://example.org/?m=a%40example.com"' in html
    text = edition.text.fill(values)
    assert 'Dear <b>"A&B", change [1] yours [2]' in text
    assert "[1] https://letter.example.org/u?a=1&b=2" in text
    assert "[2] https://example.org/a%2Fb%20c" in text
    assert "https://example.org/?m=a%40example.com" in text
    assert "mergefield" not in html + text


def test_no_picture_differs_from_reader_to_reader(make_edition: MakeEdition) -> None:
    image = {"src": "https://e.org/{{ email }}.png", "alt": "A mole"}
    edition = make_edition(
        sections=[{"kind": "picture", "image": image}, {"kind": "text", "body": "![b]({{email}})"}]
    )
    assert not list(tree_of(edition).iter("img"))
    assert "A mole" in edition.html.fill({})
    fields = {slot.field for slot in edition.html.slots if slot.context is Context.URL}
    assert fields == set()


def test_two_readers_differ_only_in_their_fields(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    edition = make_edition(**full, publication={"archive_url": "https://letter.example.org/{slug}"})
    assert {slot.field for slot in edition.html.slots} == {"name", "unsubscribe_url", "view_url"}
    assert not re.search(r'<img[^>]+(width|height)="[01]"', edition.html.fill({}))


def test_the_web_version_is_linked_if_there_is_one(make_edition: MakeEdition) -> None:
    edition = make_edition(publication={"archive_url": "https://letter.example.org/{slug}/"})
    assert edition.view_url == "https://letter.example.org/2026-11-20/"
    assert 'href="https://letter.example.org/2026-11-20/"' in edition.html.fill({})
    without = make_edition()
    assert without.view_url == ""
    assert "view_url" not in {slot.field for slot in (*without.html.slots, *without.text.slots)}


def test_pictures_are_embedded_or_hosted_or_leave_their_description(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    edition = make_edition(**full)
    (image,) = edition.images
    html = edition.html.fill({})
    assert html.count(f'src="cid:{image.cid}"') == 2
    assert "Children look" in html
    assert "gone.jpg" not in html
    hosted = make_edition(**full, publication={"assets_url": "https://assets.example.org"})
    assert hosted.images == ()
    assert f'src="https://assets.example.org/{image.filename}"' in hosted.html.fill({})


@pytest.mark.parametrize("language", ["ar", "he", "fa"])
def test_right_to_left_languages_run_from_right_to_left(
    make_edition: MakeEdition, full: dict[str, Any], language: str
) -> None:
    edition = make_edition(**full, language=language)
    html = edition.html.fill({})
    tree = tree_of(edition)
    body = next(tree.iter("body"))
    children = [child for child in body if isinstance(child.tag, str)]
    assert {(e.get("lang"), e.get("dir")) for e in [tree, *children]} == {(language, "rtl")}
    assert "direction:ltr" not in html
    assert 'class="body" style="font-size:0px;padding:0 0 12px' in html
    assert 'align="left"' not in html
    assert "border-right:3px solid" in html


def test_the_masthead_and_the_footer_say_who_when_and_why(make_edition: MakeEdition) -> None:
    said = " ".join(" ".join(tree_of(make_edition(number=42)).itertext()).split())
    for words in (
        "The Harbour Letter News from the quay No. 42 · Friday, November 20, 2026",
        "Harbour Cooperative 1 Quay Street, Exampleton",
        "You receive this letter because you subscribed to The Harbour Letter.",
        "Unsubscribe",
    ):
        assert words in said
    own = make_edition(publication={"reason": "You asked for it at {{ email }}."})
    assert "You asked for it at a@example.com." in own.html.fill({"email": "a@example.com"})
    assert "You asked for it at a@example.com." in own.text.fill({"email": "a@example.com"})


def test_a_project_overrides_one_part(make_edition: MakeEdition, root: Path) -> None:
    own = root / "templates" / "parts"
    own.mkdir(parents=True)
    (own / "footer.mjml.j2").write_text(
        "<mj-section><mj-column><mj-text>Ours, {{ publication.name }}</mj-text></mj-column>"
        "</mj-section>"
    )
    html = make_edition(folders=(root / "templates", BUILT_IN)).html.fill({})
    assert "Ours, The Harbour Letter" in html
    assert "Exampleton" not in html


@pytest.mark.parametrize("title", [{}, {"title": "the Harbour letter"}])
def test_a_title_that_is_the_newsletters_name_is_not_said_twice(
    make_edition: MakeEdition, title: dict[str, str]
) -> None:
    edition = make_edition(**title)
    assert list(texts(tree_of(edition), "h1")) == ["The Harbour Letter"]
    assert edition.text.fill(VALUES).count("The Harbour Letter\n") == 2  # masthead and footer
