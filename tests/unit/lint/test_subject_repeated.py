from __future__ import annotations

from collections.abc import Callable

from newsletter.findings import Finding

Places = Callable[..., list[str]]

NOW = "subject: The ferry is back"
OTHER = "subject: The mayor is on leave"


def test_the_subject_of_the_last_issue_is_a_warning(findings: Callable[..., list[Finding]]) -> None:
    (found,) = findings("subject-repeated", NOW, earlier=["subject: '“The  ferry is BACK!”'"])
    assert (found.line, found.column, found.severity) == (1, 10, "warning")
    assert found.message == "past-1.yaml has this subject already"


def test_the_subject_of_an_older_issue_is_a_note(places: Places) -> None:
    assert places("subject-repeated", NOW, earlier=[OTHER, NOW]) == ["1:10 info"]


def test_one_subject_for_all_issues_is_a_note(findings: Callable[..., list[Finding]]) -> None:
    (found,) = findings("subject-repeated", NOW, earlier=[NOW, OTHER, NOW])
    assert found.severity == "info"
    assert found.message == "2 of the last issues have this subject, past-1.yaml the latest of them"


def test_a_number_makes_another_subject(places: Places) -> None:
    assert places("subject-repeated", "subject: Letter 42", earlier=["subject: Letter 41"]) == []
    assert places("subject-repeated", NOW) == []
