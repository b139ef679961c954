from __future__ import annotations

import pytest

from newsletter.audience.profile import Profile, field_name
from newsletter.errors import AudienceError


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("First Name", "first_name"),
        ("  Größe (cm) ", "groe_cm"),
        ("Prénom", "prenom"),
        ("city", "city"),
        ("Member-Since 2020", "member_since_2020"),
    ],
)
def test_a_label_becomes_a_merge_field(label: str, field: str) -> None:
    assert field_name(label) == field


@pytest.mark.parametrize("label", ["Ім'я", "2nd", "", "Unsubscribe URL", "view_url", "Token"])
def test_a_label_that_cannot_is_refused(label: str) -> None:
    with pytest.raises(AudienceError) as caught:
        field_name(label)
    assert caught.value.hint


def test_values_are_trimmed_and_empty_ones_are_not_kept() -> None:
    profile = Profile.parse(" Ann Lee ", "en_GB", {"City": " Kyiv ", "Street": "  "})
    assert profile == Profile("Ann Lee", "en-GB", {"city": "Kyiv"})


@pytest.mark.parametrize("field", ["email", "Name", "language"])
def test_what_has_its_own_place_is_not_a_further_value(field: str) -> None:
    with pytest.raises(AudienceError, match="is not a further value"):
        Profile.parse("", "", {field: "x"})


@pytest.mark.parametrize("bad", ["Ann\r\nBcc: eve@example.com", "Ann\x00", "\x1b[2J", "A\u2028B"])
def test_nothing_that_could_start_a_header_gets_in(bad: str) -> None:
    for name, language, attributes in ((bad, "", {}), ("", bad, {}), ("", "", {"city": bad})):
        with pytest.raises(AudienceError) as caught:
            Profile.parse(name, language, attributes)
        assert caught.value.message.isprintable()


def test_a_value_as_long_as_an_article_is_refused() -> None:
    with pytest.raises(AudienceError, match="too long"):
        Profile.parse("a" * 1001, "", {})
    assert Profile.parse("a" * 1000, "", {}).name


def test_a_language_is_a_tag() -> None:
    with pytest.raises(AudienceError, match='"English, I think"') as caught:
        Profile.parse("", "English, I think", {})
    assert "pt-BR" in caught.value.hint


def test_what_is_new_is_laid_over_what_is_known_and_erases_nothing() -> None:
    known = Profile("Ann", "en", {"city": "Kyiv", "team": "red"})
    assert Profile("", "uk", {"city": "Lviv"}).over(known) == Profile(
        "Ann", "uk", {"city": "Lviv", "team": "red"}
    )
