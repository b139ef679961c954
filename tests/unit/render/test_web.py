"""The web version of an issue: all of the issue, nothing of any reader."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.errors import TemplateError
from newsletter.issue.load import load
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.merge_field import FIELD
from newsletter.issue.passages import Passage, PassageKind, passages
from newsletter.render.merge import ADDRESS_FIELDS
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN
from newsletter.render.web import WebPage, render_web

MakeManuscript = Callable[..., Manuscript]
MakePage = Callable[..., WebPage]

CHECKOUT = Path(__file__).parents[3]
ISSUES = [*(CHECKOUT / "issues").glob("*.yaml"), *(CHECKOUT / "tests/issues/clean").glob("*.yaml")]
PUBLICATION = Publication(
    name="The Harbour Letter",
    tagline="News from the quay",
    postal_address="Harbour Cooperative\n1 Quay Street, Exampleton",
    archive_url="https://letter.example.org/{slug}",
)
VOID = {"br", "hr", "img", "link", "meta"}


@pytest.fixture
def make_page(make_manuscript: MakeManuscript, root: Path) -> MakePage:
    """The page of an issue with the given fields."""

    def make(
        *,
        about: Publication = PUBLICATION,
        folders: tuple[Path, ...] = (BUILT_IN,),
        picture_url: Any = None,
        **fields: Any,
    ) -> WebPage:
        more = {"picture_url": picture_url} if picture_url else {}
        return render_web(make_manuscript(**fields), about, folders, root=root, **more)

    return make


class Seen(HTMLParser):
    """A page as a strict reader sees it: every element closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), tag
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        if tag == "meta" and given.get("name") == "description":
            self.words.append(given["content"])
        if tag == "img":
            self.words.append(given["alt"])
        if tag == "li":
            self._end_of_entry()
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"ol", "ul"}:
            self._end_of_entry()
        assert self.open.pop() == tag

    def _end_of_entry(self) -> None:
        if self.open[-1] == "li":  # may stay open (HTML, 13.1.2.4), and does if it is empty
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not {"style", "sup"} & set(self.open):  # the numbers of notes are no words
            self.words.append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def meta(self, name: str) -> str | None:
        found = [
            m["content"] for m in self.all("meta") if name in (m.get("property"), m.get("name"))
        ]
        assert len(found) < 2
        return found[0] if found else None


def folded(text: str) -> str:
    """Letters and digits alone: quotation marks, dashes and spaces are typography."""
    return "".join(filter(str.isalnum, text.casefold()))


def shown(passage: Passage) -> str:
    """The words of a passage, as somebody reads them who is not known."""
    return folded(
        FIELD.sub(
            lambda field: "" if field[1] in ADDRESS_FIELDS else field[2] or "",
            passage.text.replace("\ufffc", ""),
        )
    )


def is_all_there(manuscript: Manuscript, page: WebPage) -> None:
    """Each passage stands in the page; those of a value, and sections, in their order."""
    words = folded(Seen(page.html).text)
    start = 0
    for section, inside in groupby(passages(manuscript.issue), lambda passage: passage.section):
        reached = start
        for where, of_value in groupby(inside, lambda passage: passage.where):
            # A story's byline and picture stand above its text, wherever they were typed.
            at = start
            for passage in of_value:
                if "\ufffc" in passage.text:  # code, whose words are not the passage's
                    continue
                found = words.find(shown(passage), at)
                assert found >= 0, (section, where, passage.text)
                at = found + len(shown(passage))
            reached = max(reached, at)
            if section is None and where != ("outro",):
                start = at
        start = reached if section is not None else start


def is_sound(page: WebPage) -> Seen:
    """A page that browsers need not mend, without what a strict policy would refuse."""
    seen = Seen(page.html)
    assert page.html.startswith("<!doctype html>\n<html lang=")
    assert len(seen.all("h1")) == len(seen.all("main")) == len(seen.all("title")) == 1
    ids = Counter(given["id"] for _, given in seen.elements if "id" in given)
    assert max(ids.values()) == 1
    for tag, attributes in seen.elements:
        assert tag not in {"script", "iframe", "object", "embed", "form", "base", "font", "center"}
        assert not [
            name for name in attributes if name.startswith("on") or name in {"style", "align"}
        ]
        assert tag != "a" or "name" not in attributes
        assert not attributes.get("href", "").startswith(("javascript:", "data:"))
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids
        if tag == "img":
            assert attributes["src"]
            assert "alt" in attributes
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch("h[1-6]", tag)]
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert "mergefield" not in page.html
    assert "cid:" not in page.html
    return seen


def test_a_full_issue_loses_nothing(
    make_manuscript: MakeManuscript, root: Path, full: dict[str, Any]
) -> None:
    story = full["sections"][0]
    story["body"] += "\n\n### A heading\n\n- An item\n\n| A | B |\n|---|---|\n| one | two |"
    manuscript = make_manuscript(**full)
    kinds = {passage.kind for passage in passages(manuscript.issue)}
    assert kinds == set(PassageKind)
    page = render_web(manuscript, PUBLICATION, (BUILT_IN,), root=root)
    is_sound(page)
    is_all_there(manuscript, page)


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.stem)
def test_everything_of_an_issue_is_in_its_page(path: Path) -> None:
    manuscript = load(path)
    assert isinstance(manuscript, Manuscript)
    page = render_web(manuscript, PUBLICATION, (BUILT_IN,), root=CHECKOUT)
    is_all_there(manuscript, page)
    seen = is_sound(page)
    assert seen.all("html")[0]["dir"] == ("rtl" if "-ar-" in path.name else "ltr")


def test_every_kind_of_section_has_its_element(make_page: MakePage, full: dict[str, Any]) -> None:
    seen = is_sound(make_page(**full))
    counts = Counter(tag for tag, _ in seen.elements)
    assert counts["article"] == 6
    assert counts["nav"] == counts["header"] == counts["footer"] == counts["aside"] == 1
    assert counts["blockquote"] == 2
    assert counts["figure"] == 4  # story, quote, picture, sponsor
    assert [given["id"] for given in seen.all("h2") if "story" in given.get("id", "")] == [
        f"story-{n}" for n in range(1, 7)
    ]
    assert [
        given["href"] for given in seen.all("a") if given.get("href", "").startswith("#story")
    ] == [f"#story-{n}" for n in range(1, 6)]
    assert {"class": "divider"} in seen.all("hr")


def test_the_headline_is_the_title_or_else_the_subject(make_page: MakePage) -> None:
    def headline(page: WebPage) -> str:
        [words] = re.findall("<h1>(.*?)</h1>", page.html)
        return str(words)

    assert headline(make_page(title="A dry library", subject="It rains")) == "A dry library"
    bare = make_page(subject="It rains", preheader="And more")
    assert headline(bare) == "It rains"
    assert '<p class="deck">And more</p>' in bare.html


def test_cards_and_search_engines_are_told_what_it_is(make_page: MakePage) -> None:
    image = {"src": "pictures/harbour.jpg", "alt": "The harbour"}
    fields = {"sections": [{"headline": "A", "body": "B", "image": image}], "language": "uk"}
    seen = is_sound(make_page(**fields))
    assert seen.all("html")[0]["lang"] == "uk"
    assert seen.meta("og:title") == "The first ferry leaves at half past five"
    assert seen.meta("og:description") == "Also: the library keeps its roof"
    assert seen.meta("description") == "Also: the library keeps its roof"
    assert seen.meta("og:url") == "https://letter.example.org/2026-11-20"
    picture = seen.meta("og:image") or ""
    assert picture.startswith("https://letter.example.org/pictures/")
    assert picture.endswith(seen.all("img")[0]["src"])
    # Where the page will be is not known: a card cannot show a picture without a whole address.
    nowhere = is_sound(make_page(about=Publication("A"), **fields))
    assert (
        nowhere.meta("og:image") is nowhere.meta("og:image:alt") is nowhere.meta("og:url") is None
    )


def test_nobody_is_known(make_page: MakePage) -> None:
    page = make_page(
        subject="{{ name }}, the ferry leaves earlier",
        intro="Hello {{ name | *neighbour* }} in {{ city }}!\n\n"
        "[Leave us]({{ unsubscribe_url }}), [**leave** us]({{unsubscribe_url}}) or "
        "[look]({{ view_url }}), {{ email }}. [Vote](https://example.org/?by={{ email }})",
        outro="Bye {{ name }}.",
        summary=["{{ name | You }} decide"],
        sections=[
            {
                "headline": "For {{ name | all }}",
                "body": "{{ unsubscribe_url }} [{{ name }}](https://example.org/nothing-to-click)",
            }
        ],
    )
    seen = is_sound(page)
    assert "{{" not in page.html
    assert "Hello *neighbour* in!" in seen.text
    assert "Leave us, leave us or look." in seen.text
    assert "Bye." in seen.text
    assert "You decide" in seen.text
    assert "<h1>The ferry leaves earlier</h1>" in page.html
    assert [given["href"] for given in seen.all("a")] == [
        "https://letter.example.org/2026-11-20",
        "https://example.org/?by=",
    ]
    assert "unsubscribe" not in page.html.lower()
    assert "subscribed" not in page.html


def test_a_page_without_an_address_does_not_link_to_itself(make_page: MakePage) -> None:
    page = make_page(about=Publication("A"), intro="[Look]({{ view_url }}) here.")
    assert "<p>Look here.</p>" in page.html


def test_pictures_stand_beside_the_page(make_page: MakePage) -> None:
    image = {"src": "pictures/harbour.jpg", "alt": "The harbour"}
    fields = {
        "sections": [
            {"kind": "picture", "image": image},
            {"kind": "picture", "image": {**image, "width": 90}},
            {"headline": "A", "body": "![In the text](pictures/harbour.jpg)"},
        ]
    }
    page = make_page(**fields)
    first, small, inside = is_sound(page).all("img")
    assert {first["src"], small["src"]} == {f"pictures/{name}" for name in page.pictures}
    assert inside["src"] == first["src"]
    assert (first["width"], first["height"], first["class"]) == ("536", "358", "wide")
    assert (small["width"], small["height"], small.get("class")) == ("90", "60", None)
    for data in page.pictures.values():
        assert Image.open(io.BytesIO(data)).format == "JPEG"


def test_hosted_pictures_are_those_of_the_letter(
    make_page: MakePage, make_galley: Callable[..., Any], full: dict[str, Any]
) -> None:
    hosted = {"assets_url": "https://cdn.example.org/a"}
    page = make_page(about=Publication("The Harbour Letter", **hosted), **full)
    assert page.pictures == {}
    shown = {given["src"] for given in is_sound(page).all("img")}
    letter = make_galley(publication=hosted, **full)
    assert shown == {f"https://cdn.example.org/a/{file.filename}" for file in letter.files}
    assert Seen(page.html).meta("og:image") in shown


def test_the_caller_may_place_pictures(make_page: MakePage) -> None:
    image = {"src": "pictures/harbour.jpg", "alt": "The harbour"}
    page = make_page(
        sections=[{"kind": "picture", "image": image}],
        picture_url=lambda picture: f"data:{picture.content_type};base64,AA&A",
    )
    assert Seen(page.html).all("img")[0]["src"] == "data:image/jpeg;base64,AA&A"


def test_a_picture_that_cannot_be_shown_leaves_its_description(make_page: MakePage) -> None:
    gone = {"src": "pictures/gone.jpg", "alt": "Children look", "credit": "Photo: nobody"}
    seen = is_sound(make_page(sections=[{"kind": "picture", "image": gone}]))
    assert seen.all("img") == []
    assert "Children look" in seen.text
    assert "Photo: nobody" in seen.text


HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></head><body onload=alert(1)>",
    "<!-- --><svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "{{ name | <script>alert(1)</script> }}",
    "{% include 'x' %} {{ 7*7 }} {{ config }}",
    "&lt;script&gt;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(make_page: MakePage, text: str) -> None:
    image = {
        "src": "https://example.org/a.png?'\"><b>",
        "alt": text,
        "caption": text,
        "credit": text,
    }
    about = Publication(name=text, tagline=text, postal_address=f"{text}\n{text}")
    page = make_page(
        about=about,
        subject=text,
        preheader=text,
        title=text,
        intro=text,
        outro=text,
        summary=[text],
        sections=[
            {"headline": text, "body": text, "byline": text, "image": image},
            {"kind": "quote", "text": text, "source": text},
            {"kind": "picture", "image": image},
            {"kind": "button", "label": text, "url": "https://example.org/'\"><script>"},
            {"kind": "sponsor", "label": text, "body": text, "image": image},
            {
                "kind": "links",
                "title": text,
                "items": [{"title": text, "url": "mailto:a@b.example"}],
            },
            {"kind": "text", "body": f"| {text.replace('|', '')} |\n|--:|\n| {text} |"},
        ],
    )
    seen = is_sound(page)
    calm = is_sound(make_page(about=Publication("A"), subject="A", title="A"))
    assert {tag for tag, _ in seen.elements} - {tag for tag, _ in calm.elements} <= {
        "a", "address", "article", "aside", "blockquote", "br", "div", "figcaption", "figure",
        "img", "li", "section", "span", "table", "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip


def test_the_policy_allows_its_own_style_sheet_and_no_script(make_page: MakePage) -> None:
    seen = is_sound(make_page())
    policies = [m["content"] for m in seen.all("meta") if "http-equiv" in m]
    assert len(policies) == 1
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/]{43}='; img-src 'self' https: data:; "
        r"base-uri 'none'; form-action 'none'",
        policies[0],
    )
    assert seen.all("meta")[0] == {"charset": "utf-8"}


def test_it_loads_nothing_from_anywhere(make_page: MakePage, full: dict[str, Any]) -> None:
    page = make_page(**full)
    style = re.findall("<style>(.*?)</style>", page.html, re.DOTALL)
    assert len(style) == 1
    assert not re.search(r"@import|url\(|@font-face", style[0])
    assert {link["rel"] for link in Seen(page.html).all("link")} == {"canonical"}


def test_equal_input_gives_equal_bytes(make_page: MakePage, full: dict[str, Any]) -> None:
    assert make_page(**full) == make_page(**full)


def test_a_projects_own_templates_come_first(make_page: MakePage, root: Path) -> None:
    own = root / "templates"
    (own / "web/parts").mkdir(parents=True)
    (own / "web/parts/footer.html.j2").write_text("<footer>Ours, {{ publication.name }}</footer>")
    folders = (own, BUILT_IN)
    assert "<footer>Ours, The Harbour Letter</footer>" in make_page(folders=folders).html
    # An issue with a design of its own has that on the web, too, if there is one.
    assert "<h1>" in make_page(folders=folders, template="special").html
    policy = '<meta http-equiv="content-security-policy" content="script-src https:">'
    (own / "web/special.html.j2").write_text(
        f"<html><head>{policy}</head><body>{{{{ issue.unsubscribe_url }}}}Special</body></html>"
    )
    special = make_page(folders=folders, template="special").html
    assert "<body>Special</body>" in special
    assert special.lower().count("content-security-policy") == 1


def test_a_projects_own_markup_is_kept(make_page: MakePage, root: Path) -> None:
    own = root / "templates"
    (own / "web/parts").mkdir(parents=True)
    (own / "web/parts/image.html.j2").write_text(
        '<img class="tall" src="{{ image.src }}" alt="" width="100%">'
        '<img class="tall" src="{{ image.src }}" alt="" width="536" height="9">'
        '<table><tr><td style="color: red">A</td></tr></table>'
    )
    image = {"src": "pictures/harbour.jpg", "alt": ""}
    page = make_page(folders=(own, BUILT_IN), sections=[{"kind": "picture", "image": image}])
    first, second = Seen(page.html).all("img")
    assert (first["class"], first["width"], first.get("height")) == ("tall", "100%", None)
    assert (second["class"], second["height"]) == ("tall wide", "9")
    assert '<td style="color: red">' in page.html


@pytest.mark.parametrize(
    "src", ["https://[x", "https://example.org/é ü?a=b&c", "https://a;b/c.png"]
)
def test_an_odd_address_of_a_picture_stops_nothing(make_page: MakePage, src: str) -> None:
    page = make_page(sections=[{"kind": "picture", "image": {"src": src, "alt": "A"}}])
    assert is_sound(page).meta("og:image") == Seen(page.html).all("img")[0]["src"]


def test_a_mistake_in_a_template_is_named_with_its_line(make_page: MakePage, root: Path) -> None:
    own = root / "templates"
    (own / "web/parts").mkdir(parents=True)
    (own / "web/parts/footer.html.j2").write_text("<footer>\n{{ isue.title }}</footer>")
    with pytest.raises(TemplateError) as raised:
        make_page(folders=(own, BUILT_IN))
    assert raised.value.path.endswith("web/parts/footer.html.j2")
    assert raised.value.line == 2
    assert "issue" in raised.value.hint
    (own / "web/parts/footer.html.j2").write_text('{% include "web/parts/gone.html.j2" %}')
    with pytest.raises(TemplateError, match="gone"):
        make_page(folders=(own, BUILT_IN))


_WORDS = st.text(st.sampled_from("ab <>&\"'`*_~[]()|#-\n{}!\\é،א\x00\x9f"), min_size=1, max_size=40)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=_WORDS, line=_WORDS)
def test_whatever_is_typed_the_page_is_sound(make_page: MakePage, body: str, line: str) -> None:
    line = " ".join(line.split()) or "x"
    manuscript: dict[str, Any] = {
        "subject": line,
        "intro": body,
        "summary": [{"text": line, "story": "one"}],
        "sections": [
            {"headline": line, "id": "one", "body": body},
            {"kind": "quote", "text": body},
            {"kind": "text", "body": f"| A | B |\n|:-:|---|\n| {line} | b |"},
        ],
    }
    is_sound(make_page(**manuscript))
