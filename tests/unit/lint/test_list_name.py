from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def test_a_misspelt_list_stands_at_its_line_and_column(findings: Findings) -> None:
    (found,) = findings("list-name", "lists:\n  - weekly\n  - alertz\n")
    assert (found.line, found.column, found.severity) == (3, 5, "error")
    assert found.message == 'there is no list "alertz"'
    assert found.hint == 'Did you mean "alerts"?'


def test_a_name_that_is_like_no_other_is_told_which_there_are(findings: Findings) -> None:
    (found,) = findings("list-name", "lists: [weekly, staff]")
    assert (found.line, found.column) == (1, 17)
    assert found.hint == "Lists are: weekly, alerts."


@pytest.mark.parametrize("piece", ["", "lists: []", "lists: [weekly]", "lists: [alerts, weekly]"])
def test_lists_that_are_there_are_fine(findings: Findings, piece: str) -> None:
    assert findings("list-name", piece) == []


def test_nothing_is_said_where_nobody_knows_the_lists(findings: Findings) -> None:
    assert findings("list-name", "lists: [anything]", lists=()) == []


def test_a_newsletter_without_lists_has_the_one(findings: Findings) -> None:
    assert findings("list-name", "lists: [main]", lists=["main"]) == []
    assert len(findings("list-name", "lists: [weekly]", lists=["main"])) == 1


def test_check_knows_the_lists_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "newsletter.toml").write_text(
        'name = "The Harbour Letter"\nfrom = "letter@example.org"\n[lists.weekly]\n'
    )
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/2026-11-20.yaml").write_text(
        "subject: The night ferry is back\npreheader: And a library that stays open\n"
        "date: 2026-11-20\nlists: [wekly]\n"
        "sections: [{headline: Ferry, body: It sails again.}]\n"
    )
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 1
    out = capsys.readouterr().out
    assert (
        'issues/2026-11-20.yaml:4:9: error: there is no list "wekly". Did you mean "weekly"? '
        "[list-name]" in out
    )
