from __future__ import annotations

from pathlib import Path

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.fingerprint import fingerprint

PARAGRAPH = "From Monday the library stays open until ten since it has a second stove now."


def manuscript(*bodies: str, kind: str = "story") -> Manuscript:
    head = "headline: A" if kind == "story" else "kind: sponsor\n    label: Paid"
    sections = "".join(
        f"  - {head}\n    body: |\n      " + body.replace("\n", "\n      ") + "\n"
        for body in bodies
    )
    text = f"subject: A\npreheader: B\ndate: 2026-11-20\nsections:\n{sections}"
    read = load_text(text, Path("2026-11-20.yaml"))
    assert isinstance(read, Manuscript), read
    return read


def test_only_passages_of_twelve_words_are_compared() -> None:
    found = fingerprint(manuscript(f"Doors open at seven.\n\n{PARAGRAPH}"))
    assert [piece.at for piece in found.pieces] == [22]
    assert len(found.pieces[0].words) == 15


def test_advertisements_are_left_out() -> None:
    assert fingerprint(manuscript(PARAGRAPH, kind="sponsor")).pieces == ()


def test_a_passage_that_returns_is_paired_with_the_first() -> None:
    assert fingerprint(manuscript(PARAGRAPH, "Other.", PARAGRAPH)).within == ((1, 0),)


def test_two_issues_tell_what_they_have_in_common() -> None:
    now, before = fingerprint(manuscript("New.", PARAGRAPH)), fingerprint(manuscript(PARAGRAPH))
    assert now.common(before) == [(0, 0)]
    assert now.common(fingerprint(manuscript("Something else."))) == []
