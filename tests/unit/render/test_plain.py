from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import dedent
from typing import Any

import pytest

from newsletter.render.edition import Edition
from newsletter.render.wrap import width

MakeEdition = Callable[..., Edition]
UNSUBSCRIBE = "https://letter.example.org/unsubscribe/0123456789"


def text_of(edition: Edition) -> str:
    return edition.text.fill({"unsubscribe_url": UNSUBSCRIBE})


def test_a_whole_letter_in_plain_text(make_edition: MakeEdition) -> None:
    edition = make_edition(
        publication={"archive_url": "https://letter.example.org/{slug}"},
        title="One lost whale",
        number=42,
        intro="Good morning {{ name | reader }}.",
        summary=[{"text": "A whale came, stayed for a day in the outer basin, and left by itself.",
                  "story": "whale"}],
        outro="That was the week.",
        sections=[
            {
                "id": "whale",
                "headline": 'The "whale" leaves',
                "byline": "By Ada Sample",
                "image": {
                    "src": "pictures/harbour.jpg",
                    "alt": "The harbour",
                    "caption": "The *mole*.",
                    "credit": "Photo: Jo Example",
                },
                "body": "See [the map](https://example.org/map) and [it again](https://example.org/map).",
                "link": "https://example.org/whale",
            },
            {"kind": "quote", "text": "Nobody asked.", "source": "Ines Marrow"},
            {"kind": "divider"},
            {"kind": "button", "label": "Join us", "url": "https://example.org/join"},
            {
                "kind": "links",
                "title": "Worth your time",
                "items": [{"title": "Tides", "url": "https://example.org/t", "note": "Long."}],
            },
            {
                "kind": "sponsor",
                "label": "Sponsored by Example Bakery",
                "body": "Rye.",
                "url": "https://example.com",
            },
        ],
    )  # fmt: skip
    rule = "=" * 72
    assert text_of(edition) == dedent(f"""\
        The Harbour Letter
        News from the quay
        No. 42 · Friday, November 20, 2026

        One lost whale
        ==============


        Good morning reader.


        In this issue
        -------------

        * A whale came, stayed for a day in the outer basin, and left by itself.


        The “whale” leaves
        ------------------
        By Ada Sample

        [Picture: The harbour. The mole. Photo: Jo Example]

        See the map [1] and it again [1].

        Read in full: The “whale” leaves
        https://example.org/whale

        [1] https://example.org/map


            “Nobody asked.”
            — Ines Marrow


        {"* * *".center(72).rstrip()}


        Join us:
        https://example.org/join


        Worth your time
        ---------------

        * Tides
          https://example.org/t
          Long.


        {rule}
        Sponsored by Example Bakery

        Rye.

        https://example.com
        {rule}


        That was the week.


        {"-" * 72}
        The Harbour Letter
        Harbour Cooperative
        1 Quay Street, Exampleton

        You receive this letter because you subscribed to The Harbour Letter.

        Read this letter in your browser:
        https://letter.example.org/2026-11-20

        Unsubscribe:
        {UNSUBSCRIBE}
        """)


def body_text(make_edition: MakeEdition, body: str) -> str:
    text = text_of(make_edition(sections=[{"headline": "H", "body": dedent(body)}]))
    return text.split("H\n-\n\n")[1].split("\n\n\n")[0] + "\n"


def test_markdown_becomes_text_that_reads_like_text(make_edition: MakeEdition) -> None:
    written = body_text(
        make_edition,
        """\
        ## A *heading*

        Some **bold** `code`, ~~gone~~ and a note[^1].\\
        A new line at https://example.org/x and www.example.org or a@example.org,
        [mail us](mailto:b@example.org), [below](#h). <b>&amp;</b>

        - one
        - two that is so long that it does not fit on a line of seventy-two columns at all
          - deeper

        9. nine

           more of nine
        10. ten

        > quoted

        ```
        code   stays
        ```

        | Part  | Cost |
        |:------|-----:|
        | Slate | 41   |

        ![The mole](pictures/gone.jpg)

        ***

        [^1]: See [there](https://example.org/y).
        """,
    )
    assert written == dedent("""\
        A heading
        ~~~~~~~~~

        Some bold code, ~gone~ and a note¹.
        A new line at https://example.org/x and https://www.example.org or
        a@example.org, mail us [1], below. <b>&</b>

        * one
        * two that is so long that it does not fit on a line of seventy-two
          columns at all
          * deeper

         9. nine

            more of nine

        10. ten

        > quoted

            code   stays

        Part   Cost
        -----  ----
        Slate    41

        [Picture: The mole]

        * * *

        ¹ See there [2].

        [1] mailto:b@example.org
        [2] https://example.org/y
        """)


def test_a_table_too_wide_for_the_letter_is_read_row_by_row(make_edition: MakeEdition) -> None:
    cell = "many words in one cell of it"
    written = body_text(make_edition, f"| A | B | C |\n|---|---|---|\n| {cell} | {cell} | {cell} |")
    assert written == f"A: {cell}\nB: {cell}\nC: {cell}\n"


def test_every_headline_and_every_link_of_the_html_is_in_the_text(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    edition = make_edition(**full)
    html, text = edition.html.fill({"unsubscribe_url": UNSUBSCRIBE}), text_of(edition)
    links = set(re.findall(r'href="(https?://[^"]+)"', html))
    assert len(links) > 15
    assert [link for link in links if link not in text] == []
    headlines = re.findall(r"<h[12][^>]*>(?:<a name=[^>]*></a>)?([^<]+)<", html)
    unwrapped = re.sub(r"\s+", " ", text)
    places = [unwrapped.index(f" {headline} ") for headline in headlines]
    assert places == sorted(places)


def test_lines_are_at_most_72_columns_but_for_addresses(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    long = "https://example.org/" + "a" * 100
    full["sections"][0]["link"] = long
    lines = text_of(make_edition(**full)).split("\n")
    assert [line for line in lines if width(line) > 72] == [long]


def test_nothing_of_the_mail_s_machinery_is_in_the_text(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    text = text_of(make_edition(**full, preheader="Only for the inbox"))
    assert "Only for the inbox" not in text
    assert not re.search(r"<[a-z/]|&[a-z]+;|mergefield|[\u034f\u2007]", text)
    assert not text.startswith("\n")


@pytest.mark.parametrize("language", ["uk", "ar", "de"])
def test_the_frame_speaks_the_language_of_the_issue(
    make_edition: MakeEdition, language: str
) -> None:
    text = text_of(make_edition(language=language, summary=["x"]))
    assert {"uk": "У цьому випуску", "ar": "في هذا العدد", "de": "In dieser Ausgabe"}[
        language
    ] in text
    assert "Unsubscribe" not in text
