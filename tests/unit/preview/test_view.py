"""The verdict in words, the line that a finding is about, and the last good letter."""

from __future__ import annotations

import pytest

from newsletter.findings import Finding, Severity
from newsletter.preview.mail import open_mail
from newsletter.preview.view import Letter, Remark, Trouble, View, worst_first


def remark(severity: str, line: int = 1, column: int = 1, text: str = "") -> Remark:
    finding = Finding("x.yaml", line, column, "rule", Severity(severity), "message")
    return Remark.of(finding, [""] * (line - 1) + [text])


LETTER = Letter(open_mail(b"Subject: Hello\r\n\r\nThe letter."), "preheader")


@pytest.mark.parametrize(
    ("severities", "verdict", "mood"),
    [
        ([], "No problems", "good"),
        (["error"], "1 error", "error"),
        (["error", "error", "warning"], "2 errors, 1 warning", "error"),
        (["warning"] * 5, "5 warnings", "warning"),
        (["info"], "1 note", "info"),
        (["error", "warning", "info", "info"], "1 error, 1 warning, 2 notes", "error"),
    ],
)
def test_the_verdict_counts_in_words(severities: list[str], verdict: str, mood: str) -> None:
    view = View("x", LETTER, remarks=tuple(remark(s) for s in severities))
    assert (view.verdict, view.mood) == (verdict, mood)


def test_a_check_that_did_not_run_is_never_a_pass() -> None:
    view = View("x", LETTER, unchecked="the dictionary is missing")
    assert view.verdict == "The check could not run: the dictionary is missing"
    assert view.mood == "error"


def test_a_broken_save_keeps_the_last_good_letter() -> None:
    broken = View("x", trouble=Trouble("no")).after(View("x", LETTER))
    assert broken.letter is LETTER
    assert broken.stale
    assert broken.after(None).broken
    mended = View("x", LETTER).after(broken)
    assert not mended.stale
    assert not mended.broken


def test_without_a_good_letter_there_is_none_to_keep() -> None:
    view = View("x", trouble=Trouble("no")).after(View("x"))
    assert view.letter is None
    assert view.broken
    assert not view.stale


def test_the_word_at_the_place_is_marked() -> None:
    found = remark("error", 3, 11, "headline: Harbour news")
    assert (found.before, found.at, found.after) == ("headline: ", "Harbour", " news")


@pytest.mark.parametrize(("line", "column"), [(1, 40), (9, 1), (0, 0)])
def test_a_place_outside_the_text_marks_nothing(line: int, column: int) -> None:
    finding = Finding("x.yaml", line, column, "rule", Severity.ERROR, "message")
    assert Remark.of(finding, ["short"]).at == ""


def test_a_long_line_is_cut_around_its_place() -> None:
    found = remark("error", 1, 5001, "a" * 5000 + "b" * 5000)
    assert found.before.startswith("…")
    assert found.at.startswith("b")
    assert found.after.endswith("…")
    assert len(found.before + found.at + found.after) < 300


def test_errors_come_before_warnings_whatever_their_line() -> None:
    remarks = [remark("info", 1), remark("warning", 9), remark("error", 7), remark("warning", 2)]
    order = [(r.finding.severity.value, r.finding.line) for r in worst_first(remarks)]
    assert order == [("error", 7), ("warning", 2), ("warning", 9), ("info", 1)]


def test_equal_views_have_equal_digests_and_others_have_not() -> None:
    assert View("x", LETTER).digest == View("x", LETTER).digest
    other = Letter(LETTER.mail, "another preheader")
    digests = {
        view.digest
        for view in (
            View("x", LETTER),
            View("x", other),
            View("x", LETTER, stale=True),
            View("x", LETTER, remarks=(remark("error"),)),
            View("x", LETTER, trouble=Trouble("no")),
            View("x", LETTER, unchecked="why"),
        )
    }
    assert len(digests) == 6
