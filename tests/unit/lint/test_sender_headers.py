from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.findings import Finding
from newsletter.lint import exam
from newsletter.lint.context import Context
from newsletter.lint.rules import sender_headers
from newsletter.render.edition import Edition
from newsletter.render.galley import Galley
from newsletter.render.merge import Merged
from newsletter.render.publication import Publication

Findings = Callable[..., list[Finding]]

SOUND = {
    "from": "The Harbour Letter <letter@example.org>",
    "reply_to": "editor@example.org",
    "list_id": "letter.example.org",
}


def settings(address: str = "1 Example Street", **headers: str) -> list[tuple[str, str]]:
    """Each problem of the settings: how bad it is, and how its message begins."""
    empty = Merged(())
    edition = Edition("2026-11-20", datetime.date(2026, 11, 20), "en", empty, empty, empty, empty)
    context = Context(
        exam.read("", Path("issues/2026-11-20.yaml")),
        Galley(edition),
        Publication("The Harbour Letter", postal_address=address),
        Path(),
        headers={**SOUND, **headers},
    )
    return [
        (str(p.severity or sender_headers.SEVERITY), " ".join(p.message.split()[:4]))
        for p in sender_headers.check(context)
    ]


def test_a_name_an_address_and_a_way_back_are_fine() -> None:
    assert settings() == []
    assert settings(reply_to="") == []


@pytest.mark.parametrize("sender", ["letter@example.org", "<letter@example.org>"])
def test_a_bare_address_is_a_warning(sender: str) -> None:
    assert settings(**{"from": sender}) == [("warning", "the letter is from")]


@pytest.mark.parametrize(
    "address",
    [
        "noreply@example.org",
        "No-Reply@example.org",
        "do_not_reply@example.org",
        "The Harbour Letter <donotreply+letter@example.org>",
        "keine-antwort@example.org",
        "ne-pas-repondre@example.org",
    ],
)
def test_answers_that_nobody_reads_are_a_warning(address: str) -> None:
    said = f"answers go to {address.rpartition('<')[2].rstrip('>')},"
    assert settings(reply_to=address) == [("warning", said)]
    assert settings(reply_to="", **{"from": f"A <{address.rpartition('<')[2].rstrip('>')}>"}) == [
        ("warning", said)
    ]


def test_an_address_that_only_begins_like_it_is_fine() -> None:
    assert settings(reply_to="noreplay@example.org") == []


def test_no_postal_address_is_a_warning() -> None:
    assert settings(" ") == [("warning", "the letter says nowhere")]


def test_no_list_id_is_a_note() -> None:
    assert settings(list_id="") == [("info", "the newsletter has no")]


@pytest.mark.parametrize(
    "text",
    [
        "© 2025 The Harbour Letter",
        "&copy;2019–2025 The Harbour Letter",
        "Copyright (c) 2025, The Harbour Letter",
        "Copyright The Harbour Letter 2025",
    ],
)
def test_last_years_copyright_in_the_template_is_a_warning(findings: Findings, text: str) -> None:
    (found,) = findings("sender-headers", html=f"<p>{text}</p>")
    assert (found.line, found.severity) == (1, "warning")
    assert found.message == "the copyright year is 2025; the issue is of 2026"


def test_last_years_copyright_in_the_text_stands_there(findings: Findings) -> None:
    piece = "outro: © 2025 The Harbour Letter"
    (found,) = findings("sender-headers", piece, html="<p>© 2025 The Harbour Letter</p>")
    assert (found.line, found.column) == (1, 10)


@pytest.mark.parametrize(
    ("piece", "html"),
    [
        ("", "<p>© 2026 The Harbour Letter</p>"),
        ("", "<p>© 1998–2026 The Harbour Letter</p>"),
        ("", "<p>© The Harbour Letter</p>"),
        ("", "<p>The Harbour Letter, since 2009</p>"),
        ("outro: 'Photo: © 2019 Ada Sample'", "<p>Photo: © 2019 Ada Sample</p>"),
        ("intro: The copyright of 1710 is on show.", "<p>The copyright of 1710 is on show.</p>"),
    ],
)
def test_this_years_and_those_of_others_are_fine(findings: Findings, piece: str, html: str) -> None:
    assert findings("sender-headers", piece, html=html) == []
