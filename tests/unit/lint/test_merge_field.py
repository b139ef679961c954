from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("{{ Name }}", "Did you mean {{ name | friend }}?"),
        ("{{ first name }}", "Did you mean {{ first_name | friend }}?"),
        ("{{ name | you } }", "Did you mean {{ name | friend }}?"),
        ("{{}}", "A merge field is a name and what stands in without it: {{ name | friend }}"),
        (
            "{% if x %}",
            "A merge field is a name and what stands in without it: {{ name | friend }}",
        ),
        (
            "{{ name | default('you') }}",
            "Write the words themselves behind the bar: {{ name | friend }}",
        ),
        ('{{ name | "you" }}', "Write the words themselves behind the bar: {{ name | friend }}"),
    ],
)
def test_what_only_looks_like_a_field_is_an_error_at_its_brace(
    findings: Callable[..., list[Finding]], words: str, hint: str
) -> None:
    (found,) = findings("merge-field", f"intro: |\n  Hello,\n\n  dear {words}!")
    assert (found.line, found.column, found.severity, found.hint) == (4, 8, "error", hint)


@pytest.mark.parametrize(
    "words",
    [
        "{{ name | friend }} and {{name|друже}}",
        "{{ email }}, {{ unsubscribe_url }}, {{ view_url | our site }}",
        "{{ town | your town }}",
        "{ name } and {curly} and 100 % {sic}",
        "`{% if x %}` and `{{ Name }}`",
        "```\n  {{ x.y }}\n  ```",
    ],
)
def test_fields_with_defaults_and_other_braces_are_fine(places: Places, words: str) -> None:
    assert places("merge-field", f"intro: |\n  {words}") == []


def test_a_field_without_a_default_is_a_warning(findings: Callable[..., list[Finding]]) -> None:
    town, nam, name = findings("merge-field", "intro: Hi {{ town }} {{ nmae }} {{ name }}")
    assert (town.column, town.severity) == (11, "warning")
    assert town.hint == "Say what stands in: {{ town | friend }}"
    assert nam.hint == 'Did you mean "name"?'
    assert name.message == '"{{ name }}" has no default: readers without name would see a gap'


def test_a_web_version_that_does_not_exist_is_a_warning(
    findings: Callable[..., list[Finding]],
) -> None:
    (found,) = findings("merge-field", "intro: Read it at {{ view_url }}")
    assert found.severity == "warning"
    assert found.hint == "Set archive_url in newsletter.toml."
    archive = "https://example.com/archive/"
    assert findings("merge-field", "intro: Read it at {{ view_url }}", view_url=archive) == []


def test_addresses_and_headlines_are_looked_at(places: Places) -> None:
    assert places(
        "merge-field",
        """
        subject: Hello {{Name}}
        sections:
          - kind: button
            label: Read
            url: https://example.com/?town={{Town}}
        """,
    ) == ["1:16 error", "5:36 error"]


def test_a_picture_that_differs_from_reader_to_reader_is_an_error(places: Places) -> None:
    """It would tell who looked at the letter."""
    assert places(
        "merge-field",
        """
        sections:
          - kind: picture
            image: {src: "https://example.com/{{ email }}.png", alt: A ferry}
          - kind: text
            body: |
              Dear {{ name | friend }}, ![A ferry](https://example.com/?{{ email }})
              ![{{ email }}](https://example.com/1.png) [a link](https://example.com/{{ email }})
        """,
    ) == ["3:39 error", "6:33 error"]


def test_a_misspelt_field_with_a_default_is_a_warning(
    findings: Callable[..., list[Finding]],
) -> None:
    (found,) = findings("merge-field", "intro: Hi {{ nmae | neighbour }} in {{ city | town }}")
    assert (found.severity, found.hint) == ("warning", 'Did you mean "name"?')
