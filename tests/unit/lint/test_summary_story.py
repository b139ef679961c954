from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]

ISSUE = """
summary:
  - text: The ferry is back.
    story: {0}
  - text: The library stays open.
    story: {1}
sections:
  - headline: Ferry
    id: ferry
    body: Back.
  - kind: quote
    id: library
    text: Quiet, please.
  - kind: divider
"""

FERRY = (
    "The night ferry to the island sails again from Friday. Skipper Oskar Brand has a new engine, "
    "and passengers pay two roubles more than they used to. "
)
LIBRARY = (
    "The library on Hawser Lane stays open until ten in the evening. Readers get a second stove, "
    "forty chairs and three volunteers who watch the lamps. "
)
CRABS = (
    "Crab catches fell by a third this season, and four boats plant kelp instead. The fish market "
    "has not seen so few crabs since its books begin. "
)


def test_bullets_that_name_their_stories_are_fine(findings: Findings) -> None:
    assert findings("summary-story", ISSUE.format("ferry", "library")) == []


def test_a_misspelt_story_is_an_error_with_the_nearest_name(findings: Findings) -> None:
    (found,) = findings("summary-story", ISSUE.format("ferry", "libary"))
    assert str(found).endswith(
        '2026-11-20.yaml:5:12: error: no section has the id "libary". '
        'Did you mean "library"? [summary-story]'
    )


def test_a_story_like_no_other_gets_the_list_of_names(findings: Findings) -> None:
    (found,) = findings("summary-story", ISSUE.format("ferry", "mayor"))
    assert found.hint == "Sections have these ids: ferry, library."


def test_an_issue_without_ids_says_where_they_go(findings: Findings) -> None:
    (found,) = findings("summary-story", "summary: [{text: The ferry is back., story: ferry}]")
    assert found.hint == 'Add "id: ferry" to the story that this bullet announces.'


def test_a_second_bullet_for_one_story_is_a_warning_at_the_second(findings: Findings) -> None:
    (found,) = findings("summary-story", ISSUE.format("ferry", "ferry"))
    assert (found.line, found.severity) == (5, "warning")
    assert found.message == 'bullet 1 leads to "ferry" already'


def letter(*bullets: str, stories: tuple[tuple[str, str], ...], ids: bool = True) -> str:
    lines = ["summary:"]
    for bullet in bullets:
        text, _, story = bullet.partition(" -> ")
        lines.append(f"  - text: {text}")
        lines += [f"    story: {story}"] * bool(story)
    lines.append("sections:")
    for name, body in stories:
        lines.append(f"  - headline: {name}")
        lines += [f"    id: {name.lower()}"] * ids
        lines.append(f"    body: {body}")
    return "\n".join(lines)


THREE = (("Ferry", FERRY * 4), ("Library", LIBRARY * 4), ("Crabs", CRABS * 4))
SAYS_FERRY = "The night ferry to the island has a new engine."
SAYS_LIBRARY = "Until ten in the evening, the library has chairs and a stove for readers."
SAYS_CRABS = "Four boats plant kelp after crab catches fell by a third."


def test_a_bullet_without_story_among_bullets_that_have_one(findings: Findings) -> None:
    piece = letter(f"{SAYS_FERRY} -> ferry", SAYS_LIBRARY, f"{SAYS_CRABS} -> crabs", stories=THREE)
    found = [f for f in findings("summary-story", piece) if "bullet leads" in f.message]
    assert [(f.line, f.severity) for f in found] == [(4, "warning")]
    assert 'add "story:" with library' in found[0].hint


def test_bullets_with_exchanged_stories_are_found_by_their_words(findings: Findings) -> None:
    piece = letter(
        f"{SAYS_FERRY} -> ferry",
        f"{SAYS_LIBRARY} -> crabs",
        f"{SAYS_CRABS} -> library",
        stories=THREE,
    )
    assert [f.message for f in findings("summary-story", piece)] == [
        'this bullet leads to "crabs", but its words are those of "library"',
        'this bullet leads to "library", but its words are those of "crabs"',
    ]


def test_a_story_that_no_bullet_announces_is_a_warning_if_it_is_long(findings: Findings) -> None:
    piece = letter(f"{SAYS_FERRY} -> ferry", f"{SAYS_CRABS} -> crabs", stories=THREE)
    (found,) = findings("summary-story", piece)
    assert (found.line, found.severity) == (10, "warning")
    assert found.message == "no bullet of the summary announces this story"


def test_a_shorter_story_without_a_bullet_is_a_note(places: Places) -> None:
    stories = (("Ferry", FERRY * 12), THREE[2], ("Library", LIBRARY * 4))
    piece = letter(
        f"{SAYS_FERRY} -> ferry",
        f"{SAYS_CRABS} -> crabs",
        stories=(*stories[:1], ("Crabs", CRABS * 12), stories[2]),
    )
    assert [place.split()[1] for place in places("summary-story", piece)] == ["info"]


def test_a_correction_needs_no_bullet(places: Places) -> None:
    stories = (*THREE, ("Correction", "Ivor is 87, not 88, as we wrote a week ago."))
    piece = letter(
        f"{SAYS_FERRY} -> ferry",
        f"{SAYS_LIBRARY} -> library",
        f"{SAYS_CRABS} -> crabs",
        stories=stories,
    )
    assert places("summary-story", piece) == []


def test_without_a_summary_no_story_needs_a_bullet(places: Places) -> None:
    assert places("summary-story", letter(stories=THREE).replace("summary:\n", "")) == []


def test_bullets_without_story_are_matched_by_their_words(places: Places) -> None:
    piece = letter(SAYS_FERRY, SAYS_LIBRARY, SAYS_CRABS, stories=THREE, ids=False)
    assert places("summary-story", piece) == []


def test_a_bullet_whose_story_was_dropped_is_found(findings: Findings) -> None:
    dropped = "A choir recorded fourteen herring songs beneath stone vaults."
    piece = letter(SAYS_FERRY, SAYS_LIBRARY, dropped, stories=THREE, ids=False)
    found = findings("summary-story", piece)
    assert [(f.line, f.severity, f.message) for f in found][:1] == [
        (4, "warning", "no story takes up what this bullet says")
    ]


def test_where_no_words_are_shared_nothing_is_said_of_single_bullets(places: Places) -> None:
    piece = letter("Ahoi!", "Moin!", "Tach!", stories=THREE, ids=False)
    assert places("summary-story", piece) == []


def test_more_bullets_than_stories_are_a_warning(findings: Findings) -> None:
    piece = letter("Ahoi!", "Moin!", "Tach!", "Servus!", stories=THREE, ids=False)
    (found,) = findings("summary-story", piece)
    assert (found.line, found.severity) == (2, "warning")
    assert found.message == "the summary has 4 bullets for 3 stories"


@pytest.mark.parametrize(("wanted", "expected"), [(3, []), (5, ["2:3 error"])])
def test_the_settings_may_fix_how_many_bullets_there_are(
    places: Places, wanted: int, expected: list[str]
) -> None:
    piece = letter(
        f"{SAYS_FERRY} -> ferry",
        f"{SAYS_LIBRARY} -> library",
        f"{SAYS_CRABS} -> crabs",
        stories=THREE,
    )
    assert places("summary-story", piece, options={"bullets": wanted}) == expected


def test_a_bullet_may_lead_to_a_list_or_a_text(places: Places) -> None:
    piece = """
    summary:
      - text: What is on next week.
        story: calendar
    sections:
      - kind: links
        id: calendar
        title: Next week
        items: [{title: A play, url: https://example.org/play}]
    """
    assert places("summary-story", piece) == []
