"""What becomes of merge fields where no reader is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.render.anonymous import without_unknown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Hello {{ name }},", "Hello,"),
        ("Hello {{name}}", "Hello"),
        ("Good morning, {{ name }}!", "Good morning!"),
        ("Good morning, {{ name }}, and welcome.", "Good morning, and welcome."),
        ("Dear **{{ name }}**, good morning.", "Dear, good morning."),
        ("{{ name }}, the ferry is late", "The ferry is late"),
        ("{{ name }}: your ferry", "Your ferry"),
        ("Line one\n{{ name }}, line two", "Line one\nLine two"),
        ("News from {{ city }} today", "News from today"),
        ("News from {{ city }}\nand more", "News from\nand more"),
        ("مرحباً {{ name }}، أهلاً", "مرحباً، أهلاً"),
        ("https://example.org/?n={{ name }}", "https://example.org/?n="),
        ("{{ name }}", ""),
        ("Dear {{ first }} {{ last }},", "Dear,"),
        ("{{ name | }}, hello", "Hello"),
        # These have something to show.
        ("Hello {{ name | neighbour }},", "Hello {{ name | neighbour }},"),
        ("[Read it]({{ view_url }})", "[Read it]({{ view_url }})"),
        ("Nothing {{ here", "Nothing {{ here"),
        ("A **bold** word, and  two spaces", "A **bold** word, and  two spaces"),
    ],
)
def test_a_field_without_a_default_goes_with_what_joined_it(typed: str, shown: str) -> None:
    assert without_unknown(typed) == shown


_PIECES = st.lists(
    st.sampled_from(
        ["{{ name }}", "{{ city | town }}", "word", "élan", " ", "\n", ", ", ".", "**", "_", "،"]
    ),
    max_size=12,
).map("".join)


@given(_PIECES)
def test_no_word_around_a_field_is_lost(text: str) -> None:
    def letters(words: str) -> str:
        return "".join(filter(str.isalpha, words.casefold()))

    assert letters(without_unknown(text)) == letters(text.replace("{{ name }}", ""))
    assert "{{ name }}" not in without_unknown(text)
