"""Issues, publications and editions to render."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Issue
from newsletter.render.edition import Edition
from newsletter.render.galley import Galley
from newsletter.render.issue import render
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN

MakeManuscript = Callable[..., Manuscript]
MakeEdition = Callable[..., Edition]
MakeGalley = Callable[..., Galley]

PARAGRAPHS = [
    "The harbour office moves the first ferry from six to half past five, beginning on the first "
    "Monday of December, after a winter of complaints from bakers, nurses and everybody else "
    "whose day starts before the sun does.",
    "“We asked for twenty minutes and they gave us thirty,” said Ines Marrow, who has run the "
    "early shift at the bakery for eleven years. The office counted 140 passengers a morning, "
    "[up from 85 two years ago](https://example.org/counts/{}).",
    "Not everyone is pleased. Residents of the eastern mole hear the engines through closed "
    "windows, and the council will measure the noise for three months before it decides.",
    "The tickets stay the same, and so does the last boat home. A printed timetable will be in "
    "every letter box by the end of the month; the web page was right *before* the leaflet.",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder with a picture in it."""
    (tmp_path / "issues" / "pictures").mkdir(parents=True)
    Image.new("RGB", (1200, 800), "#345").save(tmp_path / "issues" / "pictures" / "harbour.jpg")
    return tmp_path


@pytest.fixture
def make_manuscript(root: Path) -> MakeManuscript:
    """An issue with the given fields, as if it had been loaded from a file."""

    def make(**fields: Any) -> Manuscript:
        raw = {
            "subject": "The first ferry leaves at half past five",
            "preheader": "Also: the library keeps its roof",
            "date": "2026-11-20",
            "sections": [{"headline": "A story", "body": "Some words."}],
            **fields,
        }
        path = root / "issues" / "2026-11-20.yaml"
        return Manuscript(path, f"issues/{path.name}", "", Issue.model_validate(raw), spans={})

    return make


@pytest.fixture
def make_galley(make_manuscript: MakeManuscript, root: Path) -> MakeGalley:
    """The galley of an issue with the given fields; ``publication`` and ``folders`` may be set."""

    def make(
        *,
        publication: dict[str, str] | None = None,
        folders: tuple[Path, ...] = (BUILT_IN,),
        **fields: Any,
    ) -> Galley:
        about = {
            "name": "The Harbour Letter",
            "tagline": "News from the quay",
            "postal_address": "Harbour Cooperative\n1 Quay Street, Exampleton",
            **(publication or {}),
        }
        return render(make_manuscript(**fields), Publication(**about), folders, root=root)

    return make


@pytest.fixture
def make_edition(make_galley: MakeGalley) -> MakeEdition:
    """The edition of an issue; takes the same arguments."""
    return lambda **about: make_galley(**about).edition


def full_issue() -> dict[str, Any]:
    """Six stories of ten paragraphs, five bullets, and one section of every kind."""
    stories = [
        {
            "id": f"story-{n}",
            "headline": f"The ferry of the {n}th hour moves to half past the hour before",
            "byline": "By Ada Sample",
            "link": f"https://example.org/stories/{n}",
            "body": "\n\n".join(PARAGRAPHS[i % 4].format(f"{n}-{i}") for i in range(10)),
        }
        for n in range(1, 7)
    ]
    stories[0]["image"] = {  # type: ignore[assignment]
        "src": "pictures/harbour.jpg",
        "alt": "The harbour at sunrise",
        "caption": "The eastern mole on *Tuesday*.",
        "credit": "Photo: Ines Marrow",
    }
    stories[1]["body"] += (
        "\n\n### What it costs\n\n| Part | Cost |\n|:--|--:|\n| Slate | 41,000 |\n\n"
        "1. Scaffolding[^1]\n2. Slate\n\n> It always leaked.\n\n[^1]: In January."
    )
    return {
        "title": "An earlier ferry, a dry library and one lost whale",
        "number": 42,
        "intro": "Good morning {{ name | reader }}.",
        "outro": "Write to letters@example.org.",
        "summary": [
            {"text": f"Bullet {n} of the week.", "story": f"story-{n}"} for n in range(1, 6)
        ],
        "sections": [
            *stories[:2],
            {"kind": "quote", "text": "Nobody asked for a later boat.", "source": "Ines Marrow"},
            stories[2],
            {"kind": "picture", "image": {"src": "pictures/gone.jpg", "alt": "Children look"}},
            {
                "kind": "sponsor",
                "label": "Sponsored by Example Bakery",
                "body": "Rye and [patience](https://example.com/rye).",
                "image": {"src": "pictures/harbour.jpg", "alt": "The shop"},
                "url": "https://example.com",
            },
            *stories[3:],
            {"kind": "text", "body": "A note without a headline."},
            {"kind": "button", "label": "Join the meeting", "url": "https://example.org/meeting"},
            {"kind": "divider"},
            {
                "kind": "links",
                "title": "Worth your time",
                "items": [
                    {"title": "Tide tables", "url": "https://example.org/tides", "note": "Long."},
                    {"title": "The mole in maps", "url": "https://example.org/mole"},
                ],
            },
        ],
    }


@pytest.fixture
def full() -> dict[str, Any]:
    """The fields of a full issue."""
    return full_issue()
