from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "\\n\\n",
        "\\u200b\\u00a0",
        "**  **",
        "* * *",
        "-",
        "…",
        "&nbsp;",
        "<br>",
        "[](https://example.com/)",
        "> ",
        "<!-- later -->",
    ],
)
def test_a_body_without_a_word_is_an_error_at_the_body(places: Places, body: str) -> None:
    piece = f'sections:\n  - headline: Ferry\n    body: "{body}"'
    assert places("empty-section", piece) == ["3:11 error"]


@pytest.mark.parametrize(
    "body",
    [
        "Ja.",
        "Так",
        "כן",
        "好",
        "42",
        "👍",
        "`code`",
        "![](https://example.com/ferry.jpg)",
        "- item",
        "```\\nmake\\n```",
        "{{ name | you }}",
        "https://example.com",
    ],
)
def test_the_shortest_texts_are_texts(places: Places, body: str) -> None:
    piece = f'sections:\n  - headline: Ferry\n    body: "{body}"'
    assert places("empty-section", piece) == []


def test_headlines_labels_and_greetings_count_too(places: Places) -> None:
    assert places(
        "empty-section",
        """
        intro: "  "
        sections:
          - headline: "**"
            body: Back.
          - kind: button
            label: "\\u200b"
            url: https://example.com/
          - kind: quote
            text: "“”"
          - kind: divider
        """,
    ) == ["1:8 error", "3:15 error", "6:12 error", "9:11 error"]


def test_alt_texts_may_be_empty(places: Places) -> None:
    piece = """
    sections:
      - kind: picture
        image: {src: https://example.com/a.jpg, alt: ""}
    """
    assert places("empty-section", piece) == []
