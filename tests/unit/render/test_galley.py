from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml.etree import Element
from markupsafe import Markup

from newsletter.errors import TemplateError
from newsletter.issue.manuscript import Manuscript
from newsletter.project import Project
from newsletter.render.galley import PLACE, Galley
from newsletter.render.marks import MarkedHtml, MarkedText, Marks, unmarked
from newsletter.render.place import Place
from newsletter.render.templates import BUILT_IN, Templates
from newsletter.render.tree import parse

MakeGalley = Callable[..., Galley]
MakeManuscript = Callable[..., Manuscript]

ROOT = Path(__file__).parents[3]
SAMPLES = ("2026-11-13", "2026-11-20")


def without_places(html: str) -> str:
    return re.sub(rf' {PLACE}[a-z-]*="[^"]*"', "", html)


def placed(galley: Galley) -> Iterator[tuple[Element, str, Place]]:
    """Each element or attribute of annotated HTML that has a place, and that place."""
    for element in parse(galley.annotated.fill({})).iter():
        for name, value in element.attrib.items():
            if name.startswith(PLACE):
                yield element, name.removeprefix(PLACE).removeprefix("-"), Place.parse(value)


def words(element: Element) -> str:
    return "".join(element.itertext())


def of(galley: Galley, tag: str) -> list[tuple[str, str]]:
    """What elements of a kind say, and where their text comes from."""
    return [
        (words(element), str(place))
        for element, attribute, place in placed(galley)
        if element.tag == tag and not attribute
    ]


def attributes(galley: Galley, tag: str) -> dict[str, str]:
    """Where the attributes of the first element of a kind come from."""
    found = list(placed(galley))
    first = next(element for element, _, _ in found if element.tag == tag)
    return {name: str(place) for element, name, place in found if element is first and name}


def own_template(root: Path, body: str) -> tuple[Path, Path]:
    """A project's template: ``body`` stands in the only text of the letter."""
    (root / "templates").mkdir(exist_ok=True)
    (root / "templates" / "default.mjml.j2").write_text(
        "<mjml><mj-body><mj-section><mj-column><mj-text>"
        f"{{% set story = sections[0] %}}{body}"
        "</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    return root / "templates", BUILT_IN


@pytest.mark.parametrize("slug", SAMPLES)
def test_every_word_of_a_sample_leads_to_its_line(slug: str) -> None:
    project = Project.open(ROOT, environment={})
    manuscript = project.manuscript(project.find(slug))
    galley = project.render(manuscript)
    lines = manuscript.text.split("\n")
    found = 0
    for element, attribute, place in placed(galley):
        said = element.get(attribute) if attribute else words(element)
        word = re.search(r"[\w’]+", said or "")
        assert word
        line, column = manuscript.place(*place)
        if place.offset is not None:
            near = lines[line - 1][column - 1 :][: 3 + len(word[0])]
            assert word[0] in near, f"{said!r} is not at {place}: {near!r}"
            found += 1
    assert found > 60


@pytest.mark.parametrize("slug", SAMPLES)
def test_annotated_html_differs_from_what_is_sent_in_its_places_only(slug: str) -> None:
    project = Project.open(ROOT, environment={})
    galley = project.render(project.manuscript(project.find(slug)))
    assert without_places(galley.annotated.fill({})) == galley.edition.html.fill({})
    assert PLACE not in galley.edition.html.fill({})


def test_a_galley_is_the_same_each_time(make_galley: MakeGalley, full: dict[str, Any]) -> None:
    one, other = make_galley(**full), make_galley(**full)
    assert one == other
    assert one.annotated == other.annotated


def test_lines_of_all_kinds_know_their_values(
    make_galley: MakeGalley, full: dict[str, Any]
) -> None:
    galley = make_galley(**full, language="en-GB")
    said = {str(place): words(element) for element, name, place in placed(galley) if not name}
    expected = {
        "subject": "The first ferry leaves at half past five",
        "title": "An earlier ferry, a dry library and one lost whale",
        "number": "No. 42 · Friday, 20 November 2026",
        "outro:0": "Write to letters@example.org.",
        "summary.2.text:0": "Bullet 3 of the week.",
        "sections.0.byline": "By Ada Sample",
        "sections.0.image.caption:0": "The eastern mole on Tuesday. Photo: Ines Marrow",
        "sections.2.source": "— Ines Marrow",
        "sections.4.image.alt": "Children look",
        "sections.5.label": "Sponsored by Example Bakery",
        "sections.10.label": "Join the meeting",
        "sections.12.title": "Worth your time",
        "sections.12.items.1.title": "The mole in maps",
    }
    assert {where: said.get(where) for where in expected} == expected
    assert said["preheader"].startswith("Also: the library keeps its roof")
    headline = full["sections"][0]["headline"]
    assert (headline, "sections.0.headline") in of(galley, "h2")
    assert (f"Read in full: {headline}", "sections.0.headline") in of(galley, "a")
    assert attributes(galley, "img") == {
        "src": "sections.0.image.src",
        "alt": "sections.0.image.alt",
    }
    assert attributes(galley, "html") == {"lang": "language"}
    hrefs = {str(place) for _, name, place in placed(galley) if name == "href"}
    assert {"sections.0.link", "sections.10.url", "sections.12.items.0.url"} <= hrefs
    assert "summary.0.story" in hrefs
    ids = {element.get("id"): place for element, name, place in placed(galley) if name == "id"}
    assert str(ids["story-1"]) == "sections.0.id"
    assert str(ids["section-3"]) == "sections.2"  # given no id by its editor


BODY = """\
First *words* and [a link](https://example.org/a), [one more](https://example.org/b).

## A heading with [a link][1]

- An item
- An item with https://example.org/bare in it

> Said by
> somebody, [here](https://example.org/c)

| One | One |
|-----|----:|
| 8   |   8 |

![A ferry](https://example.org/ferry.jpg) and ![gone](gone.jpg)

    code

A note[^1] and <https://example.org/d>.

[1]: https://example.org/e
[^1]: The note itself.
"""


def test_markdown_knows_its_blocks_links_and_pictures(make_galley: MakeGalley) -> None:
    galley = make_galley(sections=[{"headline": "A story", "body": BODY}])
    for element, name, place in placed(galley):
        if place.where == ("sections", 0, "body"):
            assert place.offset is not None
            rest = BODY[place.offset :]
            what = (element.get(name) or "") if name else words(element)
            if element.tag in {"a", "img"} or "gone" in what:
                continue
            assert re.sub(r"[\W_]+", "", rest).startswith(re.findall(r"\w+", what)[0])
    links = [
        (text, BODY[int(place.split(":")[1]) :][:5])
        for text, place in of(galley, "a")
        if place.startswith("sections.0.body")
    ]
    assert links == [
        ("a link", "[a li"),
        ("one more", "[one "),
        ("a link", "[a li"),
        ("https://example.org/bare", "https"),
        ("here", "[here"),
        ("https://example.org/d", "<http"),
    ]
    assert [place for text, place in of(galley, "a") if text == "a link"] == [
        f"sections.0.body:{BODY.index('[a link](')}",
        f"sections.0.body:{BODY.index('[a link][')}",
    ]
    picture = BODY.index("![A ferry]")
    assert attributes(galley, "img") == {"src": f"sections.0.body:{picture}"}
    row = BODY.index("| 8")
    eights = [place for text, place in of(galley, "td") if text == "8"]
    assert eights == [f"sections.0.body:{BODY.index('8', row + at)}" for at in (0, 5)]
    assert ("An item", f"sections.0.body:{BODY.index('An item')}") in of(galley, "li")


def test_places_count_characters_as_the_editor_typed_them(make_galley: MakeGalley) -> None:
    body = (
        "Dear {{ name | you }},\n\nyour {{city}} and \x07{{ unsubscribe_url }} [x](https://e.org)"
    )
    galley = make_galley(
        intro=body,
        sections=[{"kind": "quote", "text": "\n  Nobody [asked](https://example.org)."}],
    )
    assert [place for _, place in of(galley, "p") if place.startswith("intro")] == [
        "intro:0",
        f"intro:{body.index('your')}",
    ]
    assert f"intro:{body.index('[x]')}" in dict(of(galley, "a")).values()
    assert ("asked", "sections.0.text:10") in of(galley, "a")


FILTERS = """
{{ story.headline|upper }} {{ story.headline|truncate(6, true) }} {{ story.body|striptags }}
{{ story.headline ~ ": " ~ story.byline }} {{ story.headline|length }} {{ story.body|length }}
{{ [story.headline, story.byline]|join(" / ") }} {{ story.headline|replace("&", "und") }}
{{ story.headline|e }} {{ story.byline|safe }} {{ story.headline[2:9] }} {{ story.body|first }}
{% if story.headline == "Fish & <chips>" %}<p>same</p>{% endif %}
{% if story.headline ~ "!" == "Fish & <chips>!" %}<p>same</p>{% endif %}
{% if story.headline in ["Fish & <chips>"] %}<p>in</p>{% endif %}
{% if story.byline is string and not story.link %}<p>text</p>{% endif %}
{% filter upper %}{{ story.headline }}{% endfilter %}
"""
SET = "{% set cut %}{{ story.headline }}{% endset %}"
STORY = {"headline": "Fish & <chips>", "byline": "By Ada Sample", "body": "One *word*.\n\nTwo."}


def test_filters_see_the_value_and_not_its_mark(make_galley: MakeGalley, root: Path) -> None:
    galley = make_galley(folders=own_template(root, FILTERS), sections=[STORY])
    html = galley.edition.html.fill({})
    assert "FISH &amp; &lt;CHIPS&gt; Fis... One word. Two." in html
    assert "Fish &amp; &lt;chips&gt;: By Ada Sample 14 " in html
    assert "Fish &amp; &lt;chips&gt; / By Ada Sample Fish und &lt;chips&gt;" in html
    assert "Fish &amp; &lt;chips&gt; By Ada Sample sh &amp; &lt;c &lt;" in html
    assert [html.count(f"<p>{said}</p>") for said in ("same", "in", "text")] == [2, 1, 1]
    assert without_places(galley.annotated.fill({})) == html


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"{SET}{{{{ cut|truncate(12) }}}} {{{{ cut|length }}}}", "Fish... 24"),
        (f"{SET}{{{{ cut[:5] }}}}|{{{{ cut[5:] }}}}", "Fish |& <chips>"),
        (f"{SET}{{{{ cut.split('~')|join('/') }}}}", "Fish & <chips>"),
        (
            "{% macro m() %}{{ caller()|reverse }}{% endmacro %}"
            "{% call m() %}1{{ story.byline }}{% endcall %}",
            "elpmaS adA yB1",
        ),
    ],
)
def test_a_template_that_cuts_what_it_has_put_out_sends_no_piece_of_a_mark(
    make_galley: MakeGalley, root: Path, body: str, said: str
) -> None:
    galley = make_galley(folders=own_template(root, body), sections=[STORY])
    assert words(next(parse(galley.edition.html.fill({})).iter("body"))).strip() == said
    assert without_places(galley.annotated.fill({})) == galley.edition.html.fill({})


@pytest.mark.parametrize(
    "body",
    [
        f"{SET}{{% if cut|length > 24 %}}<p>long</p>{{% endif %}}",
        # An error of the marked run only: there is no item of that number.
        f"{SET}{{{{ ['one'][cut|length - 24] }}}}",
    ],
)
def test_a_template_that_measures_what_it_has_put_out_gets_no_places(
    make_galley: MakeGalley, root: Path, body: str
) -> None:
    galley = make_galley(folders=own_template(root, body), sections=[STORY])
    assert galley.annotated == galley.edition.html
    assert "long" not in galley.edition.html.fill({})


@pytest.mark.parametrize(
    "way", ["text._mark", "text.__html__()", "text|attr('_mark')", "html._draw()", "text['_mark']"]
)
def test_templates_cannot_reach_the_marks(root: Path, way: str) -> None:
    folders = own_template(root, f"{{{{ {way} }}}}")
    text = MarkedText("a", "~mark~")
    html = MarkedHtml("<p>a</p>", lambda: "~mark~")
    with pytest.raises(TemplateError):
        Templates(folders).render("default", {"text": text, "html": html, "sections": [1]})


def test_a_templates_own_attributes_do_not_count_as_places(
    make_galley: MakeGalley, root: Path
) -> None:
    body = (
        f'<p {PLACE}="sections:x" {PLACE}-id="9">{{{{ story.headline }}}}</p><b {PLACE}="z">1</b>'
    )
    galley = make_galley(folders=own_template(root, body), sections=[STORY])
    assert galley.edition.html.fill({}).count(PLACE) == 3
    assert of(galley, "p") == [("Fish & <chips>", "sections.0.headline")]
    assert galley.annotated.fill({}).count(PLACE) == 1


def values(value: Any) -> Iterator[Any]:
    yield value
    if isinstance(value, (tuple, list)):
        for item in value:
            yield from values(item)
    elif isinstance(value, dict):
        yield from values(list(value.values()))
    elif dataclasses.is_dataclass(value):
        yield from values([getattr(value, field.name) for field in dataclasses.fields(value)])


def test_letters_are_made_from_values_without_marks() -> None:
    marks = Marks("", lambda _: lambda offset: offset)

    @dataclasses.dataclass
    class Story:
        headline: str
        body: Markup
        width: int

    text = marks.text("Ferry", ("subject",))
    html = MarkedHtml("<p>A</p>", lambda: "~marked~")
    marked = {"sections": (Story(text, html, 3),), "words": text}
    assert {type(value) for value in values(marked)} >= {MarkedText, MarkedHtml}
    assert unmarked(marked) == marked
    assert {type(value) for value in values(unmarked(marked))} == {
        dict,
        list,
        tuple,
        Story,
        str,
        Markup,
        int,
    }


def test_marks_show_only_where_jinja_puts_a_value_out() -> None:
    marks = Marks("", lambda _: lambda offset: offset)
    text = marks.text("Fish & chips", ("sections", 3, "headline"))
    assert (text, len(text), f"{text}", hash(text)) == (
        "Fish & chips",
        12,
        "Fish & chips",
        hash("Fish & chips"),
    )
    shown = str(Markup("<b>{}</b>").format(text))
    assert shown.endswith("Fish &amp; chips</b>")
    assert marks.place(shown) == Place(("sections", 3, "headline"))
    assert marks.place(shown.replace("~", "", 1)) is None
    assert marks.text("", ("subject",)) == ""
    assert type(marks.text(" ", ("subject",))) is str


@pytest.mark.parametrize(
    ("place", "written"),
    [
        (Place(("subject",)), "subject"),
        (Place(("sections", 2, "body"), 120), "sections.2.body:120"),
        (Place(("sections", 0, "items", 11, "note"), 0), "sections.0.items.11.note:0"),
    ],
)
def test_a_place_is_read_as_it_was_written(place: Place, written: str) -> None:
    assert str(place) == written
    assert Place.parse(written) == place


LINES = st.text(
    st.sampled_from("aZé界 ’\"'&<>~09{}|[]()*_`#!^:/-.\\\x07\u00a0א"), min_size=1, max_size=40
).filter(lambda text: text.strip())
SIGNS = ["{{ name }}", "[a](https://e.org)", "![b](c.png)", "^[n]", "[^1]", "\n[^1]: c\n", "`c`"]
BREAKS = ["\n", "\n\n", "- ", "1. ", "> ", "# ", "    ", "~~", "**", "www.e.org"]
TABLE = "\n\n| a | b |\n|--|--|\n| 1 | 2 |\n\n"
BODIES = st.lists(st.sampled_from([*SIGNS, *BREAKS, TABLE]) | LINES, min_size=1, max_size=12).map(
    lambda pieces: "".join(pieces) + "a"
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_is_typed_the_places_are_all_that_is_added(
    make_galley: MakeGalley, make_manuscript: MakeManuscript, data: st.DataObject
) -> None:
    fields: dict[str, Any] = {
        "subject": data.draw(LINES),
        "preheader": data.draw(LINES),
        "intro": data.draw(BODIES),
        "summary": [data.draw(LINES)],
        "sections": [
            {"headline": data.draw(LINES), "byline": data.draw(LINES), "body": data.draw(BODIES)},
            {"kind": "quote", "text": data.draw(BODIES)},
            {"kind": "text", "body": data.draw(BODIES)},
        ],
    }
    galley = make_galley(**fields)
    html = galley.edition.html.fill({})
    assert without_places(galley.annotated.fill({})) == without_places(html)
    found = list(placed(galley))
    assert found
    manuscript = make_manuscript(**fields)
    for _, _, place in found:
        assert place.offset is None or 0 <= place.offset <= len(manuscript.value(place.where))
