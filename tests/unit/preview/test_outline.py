"""The parts of a letter, each by the words that an editor knows it by."""

from __future__ import annotations

from pathlib import Path

from newsletter.preview.outline import outline
from newsletter.project import Project


def titles(folder: Path, issue: Path) -> list[tuple[str, str, int | None, int]]:
    manuscript = Project.open(folder).manuscript(issue)
    return [(s.place, s.title, s.section, s.line) for s in outline(manuscript)]


def test_summary_and_sections_lead_to_their_lines(folder: Path, issue: Path) -> None:
    lines = issue.read_text().split("\n")
    found = titles(folder, issue)
    assert [stop[:3] for stop in found] == [
        ("summary", "Summary", None),
        ("sections.0", "Night ferry returns", 0),
        ("sections.1", "The market hall", 1),
    ]
    assert [lines[line - 1].strip()[:22] for *_, line in found] == [
        "- text: The night ferr",
        "- headline: Night ferr",
        "- headline: The market",
    ]


def test_a_section_without_a_headline_is_known_by_its_words_or_its_kind(
    folder: Path, issue: Path
) -> None:
    head = "subject: A letter\npreheader: Of many parts\ndate: 2026-11-20\nsections:\n"
    issue.write_text(
        head + "  - {kind: button, label: Read   on, url: https://example.org/}\n"
        "  - {kind: divider}\n"
        f"  - {{kind: text, body: {'long words ' * 40}}}\n"
        "  - {kind: picture, image: {src: pictures/ferry.png, alt: A ferry}}\n"
        "  - {kind: picture, image: {src: pictures/ferry.png, alt: ''}}\n"
        "  - {kind: quote, text: Well said}\n"
    )
    titles_of = [title for _, title, _, _ in titles(folder, issue)]
    assert titles_of[:2] == ["Read on", "Divider"]
    assert titles_of[2].startswith("long words long")
    assert titles_of[2].endswith("…")
    assert len(titles_of[2]) == 90
    assert titles_of[3:] == ["A ferry", "Picture", "Well said"]
