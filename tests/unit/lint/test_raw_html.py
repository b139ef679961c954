from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]


def test_each_tag_is_found_at_its_letter(places: Places) -> None:
    assert places(
        "raw-html",
        """
        intro: Hello <b>you</b>
        sections:
          - headline: Ferry
            body: |
              The code `<i>` and then <i>this</i>.

              > A quotation <span
              > class="x">of</span> two lines<br>

              | Fare | <u>Price</u> |
              |------|--------------|
              | one  | two <!-- ? --> |

              - an item with <a href="https://example.com">a link</a>

              <div>
              A block.
              </div>
          - kind: quote
            text: "Back <em>again</em>"
        summary:
          - The ferry is <b>back</b>
        """,
    ) == [
        "1:14 error",
        "5:31 error",
        "7:21 error",
        "8:38 error",
        "10:16 error",
        "12:20 error",
        "14:22 error",
        "16:7 error",
        "20:17 error",
        "22:18 error",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "see <https://example.com> or <desk@example.com>",
        "1 < 2, 3 > 2, x<y, <3, a << b, -> and <- and <=",
        "&lt;b&gt; and \\<b> and `<b>`",
        "```\n  <div>\n  ```",
        "«Так», — сказала она; “so”, ‘so’",
    ],
)
def test_signs_that_are_no_tags_are_fine(places: Places, body: str) -> None:
    assert places("raw-html", f"intro: |\n  {body}") == []


def test_plain_lines_are_not_markdown(places: Places) -> None:
    piece = "sections:\n  - headline: Tags like <b> explained\n    body: Well."
    assert places("raw-html", piece) == []


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("a <b>b</b>", "Write it as Markdown: **bold**."),
        ("a <br/> b", "Write it as Markdown: a blank line for a new paragraph."),
        ("<!-- later -->", 'Notes for colleagues stand outside the text, behind "#".'),
        ("<desk> said", r'For a mere "<" write "\<".'),
    ],
)
def test_the_hint_says_how_it_is_written(
    findings: Callable[..., list[Finding]], body: str, hint: str
) -> None:
    assert [f.hint for f in findings("raw-html", f"intro: |\n  {body}")] == [hint]
