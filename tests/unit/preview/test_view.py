"""The verdict in words, the line that a finding is about, and the last good letter."""

from __future__ import annotations

import pytest

from newsletter.delivery.message import Recipient
from newsletter.findings import Finding, Severity
from newsletter.issue.model import Issue
from newsletter.preview.mail import open_mail
from newsletter.preview.remarks import Remark, worst_first
from newsletter.preview.view import Letter, Trouble, View, digest_of


def remark(severity: str, line: int = 1, column: int = 1, text: str = "") -> Remark:
    finding = Finding("x.yaml", line, column, "rule", Severity(severity), "message")
    return Remark.of(finding, [""] * (line - 1) + [text])


def letter(text: str = "The letter.", preheader: str = "preheader") -> Letter:
    mail = open_mail(f"Subject: Hello\r\n\r\n{text}".encode())
    reader = Recipient("reader@example.org", "sample", {})
    sections = [{"headline": "A story", "body": "One sentence."}]
    issue = Issue.model_validate(
        {"subject": "Hello", "preheader": preheader, "date": "2026-11-20", "sections": sections}
    )
    return Letter(mail, preheader, reader, issue, "en")


LETTER = letter()


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


def test_findings_that_are_not_known_yet_are_never_a_pass() -> None:
    view = View("x", LETTER, checking=True)
    assert (view.verdict, view.mood) == ("Checking…", "open")
    earlier = View("x", LETTER, checking=True, remarks=(remark("warning"),))
    assert (earlier.verdict, earlier.mood) == ("1 warning", "warning")


def test_trouble_is_never_a_pass() -> None:
    assert View("x", LETTER, trouble=Trouble("no")).mood == "error"


def test_a_view_is_broken_without_a_letter_of_the_file_as_it_stands() -> None:
    assert View("x").broken
    assert View("x", LETTER, stale=True).broken
    assert not View("x", LETTER).broken


def test_groups_are_counted_the_most_frequent_first() -> None:
    def of(group: str) -> Remark:
        return Remark.of(remark("info").finding, [], group)

    view = View("x", remarks=(of("links"), of("text"), of("text"), of("images")))
    assert view.groups == (("text", 2), ("images", 1), ("links", 1))


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


def test_equal_letters_have_equal_digests_and_others_have_not() -> None:
    assert letter().digest == LETTER.digest
    others = {letter("Another letter.").digest, letter(preheader="another").digest}
    assert len({LETTER.digest, *others}) == 3
    assert digest_of("a", "b") != digest_of("ab", "")
    assert digest_of("\ud800")
