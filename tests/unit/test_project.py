from pathlib import Path

import pytest

from newsletter.errors import ConfigurationError, ManuscriptError, NotFoundError
from newsletter.project import Project

SETTINGS = 'name = "The Letter"\nfrom = "The Letter <letter@example.org>"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    (tmp_path / "issues").mkdir()
    return tmp_path


def test_a_project_is_found_from_a_folder_below(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "issues")
    assert Project.open().root == folder


def test_a_folder_given_by_name_is_not_searched_upwards(folder: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no newsletter\.toml in"):
        Project.open(folder / "issues")


def test_without_a_project_the_hint_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as caught:
        Project.open(tmp_path)
    assert "newsletter init" in caught.value.hint


def test_a_broken_issue_says_so_with_all_findings(folder: Path) -> None:
    (folder / "issues" / "2026-11-20.yaml").write_text("subject: Hello\n")
    project = Project.open(folder, environment={})
    with pytest.raises(ManuscriptError) as caught:
        project.manuscript(project.find())
    assert {finding.message.split('"')[1] for finding in caught.value.findings} == {
        "preheader",
        "date",
        "sections",
    }


def test_the_password_may_stand_in_a_file_outside_git(folder: Path) -> None:
    (folder / "relay.password").write_text("hunter2\n")
    settings = SETTINGS + 'transport = "smtp://me@relay.example.org"\n'
    (folder / "newsletter.toml").write_text(
        settings + 'transport_password_file = "relay.password"\n'
    )
    assert "hunter2" not in Project.open(folder, environment={}).transport().describe()


def test_a_missing_password_file_is_a_configuration_error(folder: Path) -> None:
    (folder / "newsletter.toml").write_text(SETTINGS + 'transport_password_file = "gone"\n')
    with pytest.raises(ConfigurationError, match="gone"):
        Project.open(folder, environment={}).transport()


def test_an_issue_from_elsewhere_can_be_read_but_is_not_the_projects_own(folder: Path) -> None:
    elsewhere = folder / "old" / "2026-11-20.yaml"
    elsewhere.parent.mkdir()
    elsewhere.write_text("subject: Hello\n")
    (folder / "issues" / "2026-11-20.yaml").write_text("subject: Hello\n")
    project = Project.open(folder, environment={})
    assert project.find(str(elsewhere)).resolve() == elsewhere
    assert project.find_own("2026-11-20").parent == project.issues_folder
    with pytest.raises(NotFoundError, match="is not in"):
        project.find_own(str(elsewhere))
