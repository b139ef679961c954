from __future__ import annotations

from pathlib import Path

import pytest
from lxml.etree import Element

from newsletter.lint.document import Document
from newsletter.project import Project
from newsletter.render.merge import Context, Merged, Slot
from newsletter.render.place import Place

LETTER = """<!doctype html>
<html lang="en" data-place-lang="language"><head><title data-place="subject">News</title></head>
<body><div data-place="preheader">Also</div><div id="letter">
  <div id="masthead"><p id="name">The Harbour Letter</p></div>
  <div id="story" data-place-id="sections.0.id">
    <h2 data-place="sections.0.headline">A ferry</h2>
    <table id="table"><tr><td>
      <p data-place="sections.0.body:0">Words <a id="link" href="/" data-place="sections.0.body:6">
        here</a> and <b id="bold">bold</b></p>
      <img id="ferry" src="a.png" alt="A ferry"
        data-place-src="sections.0.image.src" data-place-alt="sections.0.image.alt">
      <a id="more" href="/more" data-place-href="sections.0.link"><span id="arrow">→</span></a>
    </td></tr></table>
    <hr id="end">
  </div>
  <div id="rule"><hr id="line"></div>
  <div id="footer"><a id="out" href="{{ unsubscribe_url }}">Unsubscribe</a></div>
</div></body></html>"""


@pytest.fixture
def letter() -> Document:
    return Document.of(LETTER)


def find(document: Document, name: str) -> Element:
    return next(element for element in document.root.iter() if element.get("id") == name)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("link", "sections.0.body:6"),
        ("ferry", "sections.0.image.src"),
        ("more", "sections.0.link"),
        ("story", "sections.0.id"),
    ],
)
def test_an_element_has_the_place_of_its_text_or_of_what_it_shows(
    letter: Document, name: str, place: str
) -> None:
    assert str(letter.place(find(letter, name))) == place


def test_a_place_can_be_taken_apart_into_the_way_to_a_value_and_an_offset(letter: Document) -> None:
    place = letter.place(find(letter, "link"))
    assert place
    where, offset = place
    assert (where, offset) == (("sections", 0, "body"), 6)


def test_an_attribute_has_a_place_of_its_own(letter: Document) -> None:
    ferry = find(letter, "ferry")
    assert letter.place(ferry, "alt") == Place(("sections", 0, "image", "alt"))
    assert letter.place(ferry, "src") == Place(("sections", 0, "image", "src"))
    assert letter.place(letter.root, "lang") == Place(("language",))


def test_an_attribute_of_the_template_has_the_place_of_its_element(letter: Document) -> None:
    assert letter.place(find(letter, "link"), "href") == Place(("sections", 0, "body"), 6)
    assert letter.place(find(letter, "ferry"), "style") == Place(("sections", 0, "image", "src"))


def test_an_element_of_the_template_has_the_first_place_inside_it(letter: Document) -> None:
    assert letter.place(find(letter, "table")) == Place(("sections", 0, "body"), 0)
    assert letter.place(letter.root) == Place(("subject",))


@pytest.mark.parametrize(
    ("name", "place"),
    [("bold", "sections.0.body:6"), ("arrow", "sections.0.link"), ("end", "sections.0.link")],
)
def test_an_element_with_nothing_inside_has_the_last_place_before_it(
    letter: Document, name: str, place: str
) -> None:
    assert str(letter.place(find(letter, name))) == place


@pytest.mark.parametrize("name", ["masthead", "name", "rule", "line", "footer", "out"])
def test_the_template_alone_has_no_place(letter: Document, name: str) -> None:
    assert letter.place(find(letter, name)) is None


def test_rules_see_the_tree_without_places(letter: Document) -> None:
    names = {name for element in letter.root.iter() for name in element.attrib}
    assert not any(name.startswith("data-place") for name in names)


def test_merge_fields_stand_in_it_as_editors_type_them() -> None:
    parts = (
        '<p data-place="intro:0">Dear ',
        Slot("name", 'you & "yours"', Context.HTML),
        '</p><a href="',
        Slot("unsubscribe_url", "", Context.HTML),
        '">out</a><a href="https://example.org/?m=',
        Slot("email", "", Context.URL),
        '">me</a>',
    )
    document = Document.read(Merged(parts))
    (paragraph,) = document.root.iter("p")
    assert document.text(paragraph) == "Dear {{ name }}"
    assert document.place(paragraph) == Place(("intro",), 0)
    hrefs = [link.get("href") for link in document.root.iter("a")]
    assert hrefs == ["{{ unsubscribe_url }}", "https://example.org/?m={{ email }}"]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One\n  <b>t</b>wo <i>three</i></p>", "One two three"),
        ("<p>One</p><p>two</p>", "One two"),
        ("One<br>two", "One two"),
        ("<ul><li>One</li><li>two</li></ul>", "One two"),
        ("<table><tr><td>One</td><td>two</td></tr></table>", "One two"),
        ("One<!-- not --><style>p{}</style><script>x</script> <img src='a.png' alt='not'>", "One"),
        ("<!--[if mso]><p>not</p><![endif]-->One", "One"),
        ("Fish &amp; chips&nbsp;&ndash; twice", "Fish & chips – twice"),
        ("", ""),
        ("<!-- nothing -->", ""),
    ],
)
def test_text_is_what_a_reader_reads(html: str, text: str) -> None:
    document = Document.of(html)
    assert document.text(document.root) == text
    assert document.text(document.root) == text


def test_the_title_is_read_only_if_asked_for(letter: Document) -> None:
    (title,) = letter.root.iter("title")
    assert letter.text(title) == "News"
    assert not letter.text(letter.root).startswith("News")


def test_a_letter_tells_where_its_sections_come_from() -> None:
    project = Project.open(Path(__file__).parents[3], environment={})
    manuscript = project.manuscript(project.find("2026-11-20"))
    document = Document.read(project.render(manuscript).annotated)
    headlines = {document.text(h2): document.place(h2) for h2 in document.root.iter("h2")}
    for number, section in enumerate(manuscript.issue.sections):
        if hasattr(section, "headline"):
            assert headlines[section.headline] == Place(("sections", number, "headline"))
    (out,) = (a for a in document.root.iter("a") if a.get("href") == "{{ unsubscribe_url }}")
    assert document.text(out) == "Unsubscribe"
