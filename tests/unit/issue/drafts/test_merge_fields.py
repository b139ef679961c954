"""A draft from elsewhere fills nothing in for readers that its editor does not know of."""

from __future__ import annotations

import datetime

import pytest

from newsletter.issue.drafts import detect
from newsletter.issue.drafts.everything import everything_is_there
from newsletter.issue.drafts.outline import Days, Outline, outline
from newsletter.issue.merge_field import FIELD
from newsletter.issue.model import Story
from newsletter.render.markdown import Markdown

TEXT = "The council voted on Tuesday. Seven were for it, four against it."


def made_of(draft: str, name: str = "draft.md") -> Outline:
    """The issue of a draft, of which nothing is lost."""
    reading = detect.read(draft.encode(), name)
    made = outline(reading, Days(datetime.date(2026, 11, 27)))
    assert everything_is_there(reading, made.issue, made.remarks) == []
    return made


def live(made: Outline) -> list[str]:
    """The fields of an issue that would be filled in."""
    return [found[0] for found in FIELD.finditer(repr(made.issue.model_dump()))]


def noted(made: Outline) -> list[str]:
    rules = {"merge-field", "merge-field-kept"}
    return [f"{r.line} {r.rule}" for r in made.remarks if r.rule in rules]


def story(made: Outline) -> Story:
    [found] = [section for section in made.issue.sections if isinstance(section, Story)]
    return found


@pytest.mark.parametrize("name", ["draft.txt", "draft.md"])
@pytest.mark.parametrize("typed", ["{{ email }}", "{{email}}", "{{ name | }}", "{{ city }}"])
def test_a_bare_field_becomes_words_that_show_it(name: str, typed: str) -> None:
    made = made_of(f"# Boat sails\n\n{TEXT}\n\nDear {typed}, and {typed}.\n", name)
    assert live(made) == []
    shown = Markdown("en").inline(story(made).body)
    assert f"Dear {typed}, and {typed}." in shown
    assert noted(made) == ["5 merge-field"]


def test_a_field_with_words_that_stand_in_stays_and_is_noted() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT}\n\nDear {{{{ name | neighbour }}}}.\n")
    assert live(made) == ["{{ name | neighbour }}"]
    assert noted(made) == ["5 merge-field-kept"]


def test_headlines_bylines_and_credits_have_no_backslash_and_get_a_space() -> None:
    picture = '![A {{ email }}](https://example.com/a.jpg "Photo: {{ name }}")'
    made = made_of(f"# Boat for {{{{ email }}}}\n\n{picture}\n\nBy Ada {{{{ email }}}}\n\n{TEXT}\n")
    assert live(made) == []
    assert story(made).headline == "Boat for { { email }}"
    image = story(made).image
    assert image is not None
    assert (image.alt, image.credit) == ("A { { email }}", "Photo: { { name }}")
    assert set(noted(made)) >= {"1 merge-field", "3 merge-field"}


@pytest.mark.parametrize(
    "link",
    [
        "[the quay](https://example.com/?r={{email}}&x=1)",
        "<https://example.com/?r={{email}}>",
        "https://example.com/?r={{email|you}}",
        "https://example.com/?r={{ email }}&n={{ name }}",
        "![A boat](https://example.com/{{email}}.gif)",
        "[the quay]({{email}})",
    ],
)
def test_inside_an_address_no_field_stays(link: str) -> None:
    made = made_of(f"# Boat sails\n\n{TEXT}\n\nSee {link} for more.\n")
    assert live(made) == []
    assert noted(made)[0] == "5 merge-field"


def test_the_address_of_a_story_s_picture_names_nobody() -> None:
    made = made_of(f"# Boat sails\n\n![A boat](https://example.com/{{{{email}}}}.gif)\n\n{TEXT}\n")
    image = story(made).image
    assert image is not None
    assert image.src == "https://example.com/%7B%7Bemail%7D%7D.gif"


def test_a_link_to_unsubscribe_stays_and_is_noted() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT} [Leave]({{{{unsubscribe_url}}}}).\n")
    assert "[Leave](" in story(made).body
    assert live(made) == ["{{unsubscribe_url}}"]
    assert noted(made) == ["3 merge-field-kept"]


def test_what_two_paragraphs_make_together_is_found() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT} {{{{\n\nemail }}}}\n")
    assert live(made) == []


def test_paragraphs_are_not_what_stands_in_for_a_name() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT} {{{{ name |\n\n{TEXT}\n\n}}}}\n")
    assert live(made) == []


def test_code_shows_what_it_showed() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT} Type `{{{{ email }}}}`, and {{{{ email }}}}.\n")
    assert live(made) == []
    assert "`{ { email }}`, and {\\{ email }}." in story(made).body


def test_what_is_no_merge_field_is_left_to_the_rule_that_finds_it() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT} {{{{ Name }}}} {{% if x %}}\n")
    assert "{{ Name }} {% if x %}" in story(made).body
    assert noted(made) == []


def test_very_many_fields_take_no_time_to_speak_of() -> None:
    made = made_of(f"# Boat sails\n\n{TEXT} {'{{a}}' * 20_000}\n")
    assert live(made) == []
