"""The canonical text of an issue reads back as exactly that issue."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.issue.drafts.write import to_yaml
from newsletter.issue.load import load, load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import (
    Bullet,
    Button,
    Divider,
    Image,
    Issue,
    LinkItem,
    Links,
    Picture,
    Quote,
    Section,
    Sponsor,
    Story,
    TextSection,
)
from tests.proof import rounds

ISSUES = Path(__file__).parents[4] / "issues"

HOSTILE = st.sampled_from(
    (
        *(
            ": ",
            " #",
            "#",
            ":",
            "- ",
            "? ",
            "|",
            ">",
            "&a",
            "*a",
            "!x",
            "[",
            "]",
            "{",
            "}",
            "{{ x }}",
        ),
        *(
            '"',
            "'",
            "\\",
            "%",
            "@",
            "`",
            ",",
            "~",
            "null",
            "yes",
            "No",
            "12",
            "1.5e3",
            "0x1F",
            "012",
        ),
        *(
            "2026-11-20",
            "12:30",
            "---",
            "...",
            "=",
            "<<",
            "“",
            "„",
            "«",
            "—",
            "…",
            "\u00a0",
            "\u202f",
        ),
        *(
            "\u200d",
            "\u2067",
            "😀",
            "\U0001f1fa\U0001f1e6",
            "ж",
            "ß",
            "ت",
            "字",
            "\ufeff",
            "é",
            "a b",
        ),
        *("TK", "  ", "word", "subject: x", "headline:", "\ufffd", "\ue000", "%YAML 1.2"),
    )
)
PIECE = HOSTILE | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), min_size=1, max_size=8
)
ANY_LINE = st.lists(PIECE, min_size=1, max_size=6).map("".join)
LINE = ANY_LINE.map(str.strip).filter(lambda text: bool(text) and len(text.splitlines()) == 1)
BODY = (
    st.lists(
        ANY_LINE
        | st.sampled_from(("", " ", "  x", "\tx", "- item", "> quote", "    code", "| a |")),
        min_size=1,
        max_size=6,
    )
    .map("\n".join)
    .flatmap(lambda text: st.sampled_from((text, text + "\n", text + "\n\n", text + "\n\n\n")))
    .filter(bool)
)
IDENTIFIER = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
ADDRESS = st.sampled_from(("https://example.com/a#b", "https://example.org/?a=1&b=2: x"))
IMAGE = st.builds(
    Image,
    src=LINE,
    alt=ANY_LINE | st.just(""),
    credit=LINE | st.none(),
    caption=LINE | st.none(),
    width=st.integers(1, 2000) | st.none(),
)
NAME = IDENTIFIER | st.none()
SECTION = st.one_of(
    st.builds(
        Story,
        kind=st.just("story"),
        headline=LINE,
        body=BODY,
        image=IMAGE | st.none(),
        byline=LINE | st.none(),
        link=ADDRESS | st.none(),
    ),
    st.builds(TextSection, kind=st.just("text"), body=BODY),
    st.builds(Picture, kind=st.just("picture"), image=IMAGE),
    st.builds(Quote, kind=st.just("quote"), text=BODY, source=LINE | st.none()),
    st.builds(
        Links,
        kind=st.just("links"),
        title=LINE,
        items=st.lists(
            st.builds(LinkItem, title=LINE, url=ADDRESS, note=LINE | st.none()),
            min_size=1,
            max_size=3,
        ).map(tuple),
    ),
    st.builds(Button, kind=st.just("button"), label=LINE, url=ADDRESS),
    st.builds(Sponsor, kind=st.just("sponsor"), label=LINE, body=BODY, image=IMAGE | st.none()),
    st.builds(Divider, kind=st.just("divider")),
)


def sections(found: list[Section], names: list[str | None]) -> tuple[Section, ...]:
    """Sections with ids, no two alike."""
    given = dict.fromkeys(names)
    free = [name for name in given if name]
    made = []
    for section in found:
        if isinstance(section, Story | TextSection | Quote) and free:
            section = section.model_copy(update={"id": free.pop()})
        made.append(section)
    return tuple(made)


ISSUE = st.builds(
    Issue,
    subject=LINE,
    preheader=LINE,
    date=st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 1, 1)),
    title=LINE | st.none(),
    number=st.integers(0, 10_000) | st.none(),
    language=st.sampled_from(("en", "pt-BR", "no")) | st.none(),
    template=st.sampled_from(("default", "special")),
    draft=st.booleans(),
    intro=BODY | st.none(),
    outro=BODY | st.none(),
    summary=st.lists(st.builds(Bullet, text=LINE, story=NAME), max_size=3).map(tuple),
    sections=st.builds(
        sections, st.lists(SECTION, min_size=1, max_size=3), st.lists(NAME, max_size=3)
    ),
)


def read(text: str) -> Issue:
    manuscript = load_text(text, Path("x.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript.issue


@pytest.mark.proof
@pytest.mark.timeout(3600)
@settings(max_examples=rounds(100, 20_000))
@given(ISSUE)
def test_any_issue_reads_back_as_it_was(issue: Issue) -> None:
    assert read(to_yaml(issue)) == issue


@pytest.mark.parametrize("path", sorted(ISSUES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_sample_issues_read_back_as_they_were(path: Path) -> None:
    manuscript = load(path)
    assert isinstance(manuscript, Manuscript)
    assert read(to_yaml(manuscript.issue)) == manuscript.issue


def test_writing_what_was_read_changes_nothing() -> None:
    manuscript = load(ISSUES / "2026-11-20.yaml")
    assert isinstance(manuscript, Manuscript)
    once = to_yaml(manuscript.issue)
    assert to_yaml(read(once)) == once


def test_the_layout_is_that_of_an_issue_written_by_hand() -> None:
    issue = Issue.model_validate(
        {
            "subject": "Ferry: the vote",
            "preheader": "“No” was said twice",
            "date": "2026-11-20",
            "draft": True,
            "summary": [{"text": "The boat stays.", "story": "boat"}, {"text": "2026"}],
            "sections": [
                {
                    "headline": "No",
                    "id": "boat",
                    "byline": "By Ada Sample",
                    "image": {"src": "pictures/a.jpg", "alt": ""},
                    "body": "One.\n\n- two\n",
                    "link": "https://example.com/a#b",
                },
                {"kind": "divider"},
                {"kind": "text", "body": "  indented"},
            ],
        }
    )
    assert to_yaml(issue, opening="# a note\n", comments={"draft": "not yet"}) == (
        "# a note\n"
        "\n"
        'subject: "Ferry: the vote"\n'
        "preheader: “No” was said twice\n"
        "date: 2026-11-20\n"
        "draft: true  # not yet\n"
        "\n"
        "summary:\n"
        "  - text: The boat stays.\n"
        "    story: boat\n"
        '  - text: "2026"\n'
        "\n"
        "sections:\n"
        '  - headline: "No"\n'
        "    id: boat\n"
        "    byline: By Ada Sample\n"
        "    image:\n"
        "      src: pictures/a.jpg\n"
        '      alt: ""\n'
        "    body: |\n"
        "      One.\n"
        "\n"
        "      - two\n"
        "    link: https://example.com/a#b\n"
        "\n"
        "  - kind: divider\n"
        "\n"
        "  - kind: text\n"
        "    body: |2-\n"
        "        indented\n"
    )
