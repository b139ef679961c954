from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]
Mended = Callable[..., list[tuple[str, str]]]


def intro(text: str) -> str:
    """A text with its characters as YAML's escapes, so that each of them arrives."""
    escaped = "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'intro: "{escaped}"'


@pytest.mark.parametrize(
    ("text", "replacement"),
    [
        ("fer\u200bry", ""),
        ("fer\u00adry", ""),
        ("\ufeffferry", ""),
        ("fer\u2060ry", ""),
        ("fer\u200dry", ""),
        ("fer\u200cry", ""),
        ("fer\u200ery", ""),
        ("fer\u180ery", ""),
        ("a\tb", " "),
        ("a \tb", ""),
        ("night\u2003ferry", " "),
        ("ferry\ufe0f sails", ""),
        ("every\u00a0ferry", " "),
        ("ferry.\u00a0Then", " "),
        ("ferry, \u00a0then", ""),
        ("ferry\u00a0", ""),
        ("ferry\U000e0041", ""),
    ],
)
def test_what_nobody_sees_is_taken_out(mended: Mended, text: str, replacement: str) -> None:
    assert [after for _, after in mended("invisible-characters", intro(text))] == [replacement]


def test_the_finding_names_the_character_and_where_it_stands(findings: Findings) -> None:
    [found] = findings("invisible-characters", intro("A fer\u200bry and a fer\u200bry."))
    assert (found.line, found.column, str(found.severity)) == (1, 14, "warning")
    assert found.message == (
        'an invisible zero-width space (U+200B) stands behind "fer", 2 times in this text'
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "20\u00a0minutes, No.\u00a07, \u00a320\u00a0000, J.\u00a0R. Example, Dr.\u00a0Falk"),
        ("en", "New\u00a0York, 7\u202fpm, Anna\u00a0Example, wait\u00a0\u2014 what"),
        ("fr", "Quoi\u00a0? \u00ab\u00a0Rien\u00a0\u00bb\u202f: voil\u00e0\u202f!"),
        ("uk", "у\u00a0Києві та\u00a0Львові"),
        ("pl", "w\u00a0domu i\u00a0z\u00a0nim"),
        ("en", "\U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f44d\U0001f3fd"),
        ("en", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f won"),
        ("fa", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("hi", "\u0915\u094d\u200d\u0937"),
        ("th", "\u0e2a\u0e27\u200b\u0e31\u0e2a"),
        ("he", "\u05e9\u05dc\u05d5\u05dd \u200f(ABC)\u200e \u05e2"),
        ("en", "He wrote \u2067\u05e9\u05dc\u05d5\u05dd\u2069 in it."),
        ("ja", "\u5317\u3000\u5357"),
        ("en", "thin\u2009\u2013\u2009dash"),
        ("en", "A list:\n\n-\tone\n-\ttwo\n\n\tcode"),
        ("en", "`a\tb`"),
    ],
)
def test_what_spelling_needs_is_right(places: Places, language: str, text: str) -> None:
    assert places("invisible-characters", intro(text), language=language) == []


def test_direction_controls_must_be_balanced_and_turn_nothing_round(findings: Findings) -> None:
    open_ended = "He wrote \u2067\u05e9\u05dc in it.\n\nNext."
    assert [f.message for f in findings("invisible-characters", intro(open_ended))] == [
        "an invisible direction control (U+2067) has no partner"
    ]
    turned = "file\u202egpj.exe\u202c"
    assert [f.message for f in findings("invisible-characters", intro(turned))] == [
        "an invisible direction control (U+202E) turns letters round"
    ]


def test_addresses_and_letters_that_were_lost(findings: Findings, mended: Mended) -> None:
    piece = """
    sections:
      - headline: "Caf\\ufffd"
        body: Open.
        link: "https://example.org/a\\u200bb"
    """
    assert [(f.line, f.message) for f in findings("invisible-characters", piece)] == [
        (2, 'a replacement character (U+FFFD) stands behind "Caf"'),
        (4, 'an invisible zero-width space (U+200B) stands behind "xample.org/a"'),
    ]
    assert mended("invisible-characters", piece) == [("\u200b", "")]
