"""Earlier versions of an issue, from real git repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError, NotFoundError
from newsletter.issue.git import Repository
from newsletter.issue.source import LARGEST

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")

LINES = "".join(f"line {number}\n" for number in range(40))

Git = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty repository; git sees no settings but its own."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "letter"
    (folder / "issues").mkdir(parents=True)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada Sample")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.com")
        monkeypatch.setenv(f"GIT_{who}_DATE", "2026-11-18T12:00:00+0000")
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(folder)], check=True)
    return folder


@pytest.fixture
def git(repository: Path) -> Git:
    def run(*arguments: str, where: Path = repository) -> str:
        command = ["git", "-C", str(where), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def issue(repository: Path, git: Git) -> Path:
    """An issue in two versions, both committed."""
    path = repository / "issues" / "2026-11-20.yaml"
    for text in ("first\n" + LINES, "second\n" + LINES):
        path.write_text(text, encoding="utf-8")
        git("add", "--all")
        git("commit", "--quiet", "--message", text[:6])
    return path


def test_the_version_of_the_last_commit(issue: Path, git: Git) -> None:
    issue.write_text("not committed\n", encoding="utf-8")
    version = Repository.around(issue).version(issue)
    assert version.content == ("second\n" + LINES).encode()
    assert version.path == "issues/2026-11-20.yaml"
    assert version.commit.hash == git("rev-parse", "HEAD")
    assert version.commit.short == git("rev-parse", "--short", "HEAD")
    assert version.commit.date.isoformat() == "2026-11-18"


def test_all_ways_to_name_a_revision(issue: Path, git: Git) -> None:
    git("tag", "--annotate", "sent", "--message", "as sent", "HEAD~1")
    git("branch", "spring/drafts", "HEAD~1")
    repository = Repository.around(issue)
    for revision in (
        "HEAD~1",
        "HEAD^",
        "sent",
        "spring/drafts",
        git("rev-parse", "HEAD~1"),
        ":/first",
    ):
        assert repository.version(issue, revision).content.startswith(b"first"), revision


@pytest.mark.parametrize(
    "revision",
    [
        "",
        "nobody",
        "--help",
        "-h",
        "--output=hacked",
        "^HEAD",
        "HEAD~1..HEAD",
        "HEAD:issues",
        "a\nb",
    ],
)
def test_what_is_no_revision_is_never_an_option(
    issue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError, match="git knows no revision") as caught:
        Repository.around(issue).version(issue, revision)
    assert "git log" in caught.value.hint
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter"]


def test_a_renamed_file_is_followed(issue: Path, git: Git, repository: Path) -> None:
    odd = repository / "issues" / "*ä b[1].yaml"
    git("mv", str(issue), str(odd))
    git("commit", "--quiet", "--message", "renamed")
    odd.write_text("third\n" + LINES, encoding="utf-8")
    git("commit", "--quiet", "--all", "--message", "third")
    found = Repository.around(odd)
    assert found.version(odd).path == "issues/*ä b[1].yaml"
    before = found.version(odd, "HEAD~3")
    assert before.path == "issues/2026-11-20.yaml"
    assert before.content.startswith(b"first")
    assert len(found.history(odd, most=9)) == 4


def test_a_rename_that_is_not_committed_yet(issue: Path, git: Git, repository: Path) -> None:
    renamed = repository / "issues" / "2026-11-27.yaml"
    git("mv", str(issue), str(renamed))
    assert Repository.around(renamed).version(renamed).path == "issues/2026-11-20.yaml"


def test_a_file_that_was_not_there(issue: Path, git: Git, repository: Path) -> None:
    new = repository / "issues" / "new.yaml"
    new.write_text("Nothing like the other.\n", encoding="utf-8")
    with pytest.raises(NotFoundError, match=r"new\.yaml is not in HEAD \(") as caught:
        Repository.around(new).version(new)
    assert caught.value.hint == "It is new: git has no earlier version of it."
    git("add", "--all")
    git("commit", "--quiet", "--message", "new")
    with pytest.raises(NotFoundError, match=r"new\.yaml is not in HEAD~1 \(") as caught:
        Repository.around(new).version(new, "HEAD~1")
    assert "git log --follow -- issues/new.yaml" in caught.value.hint


def test_the_commits_that_changed_a_file(issue: Path, git: Git, repository: Path) -> None:
    (repository / "other.txt").write_text("x", encoding="utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message", "another file")
    history = Repository.around(issue).history(issue)
    assert [commit.hash for commit in history] == git("rev-list", "HEAD~1").split()


def test_a_repository_without_commits(repository: Path) -> None:
    path = repository / "issues" / "a.yaml"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(NotFoundError, match="has no commit yet"):
        Repository.around(path).version(path)
    assert Repository.around(path).history(path) == ()


def test_no_repository(tmp_path: Path, repository: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("x", encoding="utf-8")
    with pytest.raises(NewsletterError, match=r"a\.yaml is not in a git repository"):
        Repository.around(path)


def test_a_file_outside_of_the_repository(issue: Path, tmp_path: Path) -> None:
    with pytest.raises(NewsletterError, match="is not in the git repository"):
        Repository.around(issue).version(tmp_path / "a.yaml")


def test_no_git(issue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NewsletterError, match="git is not installed"):
        Repository.around(issue)


def test_a_shallow_clone(issue: Path, git: Git, repository: Path, tmp_path: Path) -> None:
    old = git("rev-parse", "HEAD~1")
    clone = tmp_path / "clone"
    git("clone", "--quiet", "--depth=1", f"file://{repository}", str(clone))
    path = clone / "issues" / "2026-11-20.yaml"
    shallow = Repository.around(path)
    assert shallow.version(path).content.startswith(b"second")
    for revision in (old, "HEAD~1"):
        with pytest.raises(NotFoundError, match="only the newest commits") as caught:
            shallow.version(path, revision)
        assert "fetch-depth: 0" in caught.value.hint


def test_a_file_that_can_be_no_issue_is_not_read(issue: Path, git: Git) -> None:
    issue.write_bytes(b"x" * (LARGEST + 1))
    git("commit", "--quiet", "--all", "--message", "large")
    with pytest.raises(NewsletterError, match=r"had 1\.0 MB in"):
        Repository.around(issue).version(issue)


def test_a_folder_of_that_name_is_no_version(issue: Path, git: Git) -> None:
    git("rm", "--quiet", "--cached", str(issue))
    issue.unlink()
    issue.mkdir()
    (issue / "x").write_text("x", encoding="utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message", "a folder")
    shutil.rmtree(issue)
    issue.write_text("Nothing like it.\n", encoding="utf-8")
    with pytest.raises(NotFoundError, match="is not in HEAD"):
        Repository.around(issue).version(issue)


def test_pager_converters_and_external_diffs_never_run(
    issue: Path, git: Git, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f'#!/bin/sh\necho ran >> "{tmp_path}/ran"\ncat "$@"\n', encoding="utf-8")
    trap.chmod(0o755)
    (repository / ".gitattributes").write_text("*.yaml diff=trap\n", encoding="utf-8")
    for key in ("diff.trap.textconv", "diff.trap.command", "diff.external", "core.pager"):
        git("config", key, str(trap))
    git("config", "log.showSignature", "true")
    git("config", "color.ui", "always")
    monkeypatch.setenv("GIT_PAGER", str(trap))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(trap))
    issue.write_text("changed\n" + LINES, encoding="utf-8")
    found = Repository.around(issue)
    assert found.version(issue, "HEAD~1").content.startswith(b"first")
    assert len(found.history(issue)) == 2
    with pytest.raises(NotFoundError):
        found.version(repository / "issues" / "none.yaml")
    assert not (tmp_path / "ran").exists()


def test_reading_changes_nothing_in_the_repository(issue: Path, repository: Path) -> None:
    def state() -> dict[str, int]:
        return {str(p): p.stat().st_mtime_ns for p in (repository / ".git").rglob("*")}

    issue.touch()  # git would like to note the new time in its index
    before = state()
    with pytest.raises(NotFoundError):
        Repository.around(issue).version(issue.with_name("none.yaml"))
    assert state() == before


def test_inside_a_hook(issue: Path, git: Git, repository: Path) -> None:
    """Git runs hooks at the top, with GIT_DIR or GIT_INDEX_FILE relative to it."""
    hook = repository / ".git" / "hooks" / "pre-commit"
    hook.write_text(
        f"#!/bin/sh\nexec {sys.executable} - <<'E' > '{repository}.said' 2>&1\n"
        "import os, pathlib\n"
        "from newsletter.issue.git import Repository\n"
        "path = pathlib.Path('issues/2026-11-20.yaml')\n"
        "print(Repository.around(path).version(path).content[:6].decode())\n"
        "print(Repository.around(path).version(path, 'HEAD~1').content[:5].decode())\n"
        "E\n",
        encoding="utf-8",
    )
    hook.chmod(0o755)
    issue.write_text("third\n" + LINES, encoding="utf-8")
    git("commit", "--quiet", "--all", "--message", "third")
    said = Path(f"{repository}.said").read_text("utf-8")
    assert said.split() == ["second", "first"], said


def test_what_hooks_set_holds(
    issue: Path, git: Git, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    monkeypatch.setenv("GIT_DIR", ".git")
    path = Path("issues/2026-11-20.yaml")
    assert Repository.around(path).version(path, "HEAD~1").content.startswith(b"first")
    monkeypatch.delenv("GIT_DIR")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    renamed = Path("issues/2026-11-27.yaml")
    git("mv", "issues/2026-11-20.yaml", str(renamed))
    assert Repository.around(renamed).version(renamed).path == "issues/2026-11-20.yaml"


def test_a_linked_work_tree_and_a_linked_folder(
    issue: Path, git: Git, repository: Path, tmp_path: Path
) -> None:
    git("worktree", "add", "--quiet", str(tmp_path / "tree"), "HEAD~1")
    path = tmp_path / "tree" / "issues" / "2026-11-20.yaml"
    assert Repository.around(path).version(path).content.startswith(b"first")
    (tmp_path / "link").symlink_to(repository / "issues")
    linked = tmp_path / "link" / "2026-11-20.yaml"
    assert Repository.around(linked).version(linked).content.startswith(b"second")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)
def test_a_repository_of_somebody_else(issue: Path, repository: Path) -> None:
    for path in [repository, *repository.rglob("*")]:
        os.chown(path, 12345, 12345)
    with pytest.raises(NewsletterError, match="belongs to somebody else") as caught:
        Repository.around(issue)
    assert caught.value.hint.endswith(f"--add safe.directory {repository}")
