from __future__ import annotations

from newsletter.issue.docstrings import attribute_docstrings


class Boat:
    """A boat."""

    name: str
    """What it is called."""
    berth: int = 3
    length: float
    """From stem to stern,
    in metres."""

    def sail(self) -> None:
        """Not an attribute."""


def test_the_words_below_an_attribute_belong_to_it() -> None:
    assert attribute_docstrings(Boat) == {
        "name": "What it is called.",
        "length": "From stem to stern,\nin metres.",
    }
