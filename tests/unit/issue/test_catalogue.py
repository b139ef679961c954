"""Finding an issue by what an editor would type."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.errors import NotFoundError
from newsletter.issue.catalogue import all_issues, find


@pytest.fixture
def issues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = Path("issues")
    folder.mkdir()
    for name in ("2026-11-06.yaml", "2026-11-20.yaml", "2026-11-13.yml"):
        (folder / name).write_text("subject: A\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "reference",
    [
        "2026-11-06",
        "2026-11-06.yaml",
        "issues/2026-11-06",
        "issues/2026-11-06.yaml",
        "./issues/2026-11-06",
    ],
)
def test_a_slug_or_a_path_with_or_without_its_ending(issues: Path, reference: str) -> None:
    assert find(issues, reference) == issues / "2026-11-06.yaml"


def test_an_absolute_path(issues: Path, tmp_path: Path) -> None:
    path = tmp_path / "issues" / "2026-11-06.yaml"
    assert find(issues, str(path)) == path
    assert find(issues, str(path.with_suffix(""))) == path


def test_the_other_ending(issues: Path) -> None:
    assert find(issues, "2026-11-13") == issues / "2026-11-13.yml"


def test_without_a_reference_the_latest(issues: Path) -> None:
    assert find(issues) == issues / "2026-11-20.yaml"


def test_a_date_field_counts_where_the_name_has_no_date(issues: Path) -> None:
    (issues / "special.yaml").write_text(
        '# hello\nsubject: A\ndate: "2026-12-24"\n', encoding="utf-8"
    )
    (issues / "broken.yaml").write_bytes(b"date:\xff soon: [\n")
    assert find(issues).name == "special.yaml"
    assert [path.stem for path in all_issues(issues)] == [
        "special",
        "2026-11-20",
        "2026-11-13",
        "2026-11-06",
        "broken",
    ]


def test_what_editors_leave_behind_is_no_issue(issues: Path) -> None:
    for name in (
        *(".2027-01-01.yaml", ".#2027-01-01.yaml", "#2027-01-01.yaml#", "~2027-01-01.yaml"),
        *("2027-01-01.yaml~", "2027-01-01.bak.yaml", "2027-01-01.yaml.swp", "2027-01-01.txt"),
    ):
        (issues / name).write_text("subject: A\n", encoding="utf-8")
    (issues / "2027-01-01.yaml").mkdir()
    assert find(issues).name == "2026-11-20.yaml"


def test_a_misspelt_slug(issues: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(issues, "2026-11-2O")
    assert caught.value.message == 'there is no issue "2026-11-2O" in issues'
    assert caught.value.hint == 'Did you mean "2026-11-20"?'


@pytest.mark.parametrize("reference", ["", ".", "/", "a\0b", "x" * 5000, "README.md"])
def test_what_can_be_no_issue(issues: Path, reference: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(issues, reference)
    assert caught.value.hint == "Start one with: newsletter new"


def test_no_issue_yet(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        find(tmp_path / "issues")
    assert caught.value.message.startswith("there is no issue in ")
    assert caught.value.hint == "Start one with: newsletter new"


def test_two_files_of_one_name_are_not_chosen_between(issues: Path) -> None:
    (issues / "2026-11-20.yml").write_text("subject: B\n", encoding="utf-8")
    with pytest.raises(NotFoundError, match="two issues of one name"):
        find(issues, "2026-11-20")
    assert find(issues, "2026-11-20.yml") == issues / "2026-11-20.yml"
