"""The hooks for pre-commit and the GitHub Action, run as those programs run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from newsletter.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
CHECK = next(step for step in STEPS if step.get("id") == "check")
PROOF = next(step for step in STEPS if step.get("id") == "proof")

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
"""

SOUND = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday on.
"""
WRONG = SOUND.replace("from Friday", "from TK")
OTHER = """\
subject: A hall looks for a name
preheader: Anybody may propose one until the end of the year
date: 2026-11-20
sections:
  - headline: What shall it be called?
    body: The committee reads proposals on the first Monday of each month.
"""

needs_git = pytest.mark.skipif(
    not (shutil.which("git") and shutil.which("bash")), reason="no git or no bash on this machine"
)


def options(command: str) -> set[str]:
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    return {option for parameter in found.params for option in parameter.opts}


def test_hooks_run_commands_that_exist() -> None:
    assert [hook["id"] for hook in HOOKS] == ["newsletter-check", "newsletter-fix"]
    for hook in HOOKS:
        program, command, *given = hook["entry"].split()
        assert program == "newsletter"
        assert command in COMMANDS
        assert set(given) <= options(command)
        assert (hook["language"], hook["pass_filenames"]) == ("python", True)


def test_hooks_take_issue_files_and_no_others() -> None:
    for hook in HOOKS:
        for name in ("issues/2026-11-20.yaml", "issues/spring fair.yml"):
            assert re.search(hook["files"], name)
        for name in (
            *("issues/pictures/a.jpg", "issues/readers.csv", "issues/notes/a.yaml"),
            *("other/issues/a.yaml", "newsletter.toml", "issues/a.yaml.bak"),
        ):
            assert not re.search(hook["files"], name)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A project with two issues, one of them wrong."""
    folder = tmp_path / "letter"
    make_project(folder)
    return folder


def make_project(folder: Path) -> None:
    (folder / "issues").mkdir(parents=True)
    (folder / "newsletter.toml").write_text(CONFIGURATION, encoding="utf-8")
    write(folder, "2026-11-13", SOUND)
    write(folder, "2026-11-20", WRONG)


def write(folder: Path, slug: str, text: str) -> None:
    content = text.replace("2026-11-20", slug[:10])
    (folder / "issues" / f"{slug}.yaml").write_text(content, encoding="utf-8")


def hook(name: str, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A hook as pre-commit runs it: at the top of the repository, files behind the arguments."""
    program, *command = next(h for h in HOOKS if h["id"] == name)["entry"].split()
    return subprocess.run(
        [BIN / program, *command, *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def clean_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "GITHUB_", "RUNNER_", "NEWSLETTER_"))
    }


def test_the_check_hook(letter: Path) -> None:
    assert hook("newsletter-check", letter, "issues/2026-11-13.yaml").returncode == 0
    both = hook("newsletter-check", letter, "issues/2026-11-13.yaml", "issues/2026-11-20.yaml")
    assert both.returncode == 1
    assert "issues/2026-11-20.yaml:6:44: error:" in both.stdout


def test_the_check_hook_for_a_project_in_a_folder_of_the_repository(letter: Path) -> None:
    done = hook(
        *("newsletter-check", letter.parent, "--project", "letter"),
        *("letter/issues/2026-11-13.yaml", "letter/issues/2026-11-20.yaml"),
    )
    assert done.returncode == 1
    assert "letter/issues/2026-11-20.yaml:6:44: error:" in done.stdout


def test_the_fix_hook_changes_files_so_that_pre_commit_stops(letter: Path) -> None:
    write(
        letter, "2026-11-13", SOUND.replace("The night ferry sails", '“Soon", said Ada, it sails')
    )
    done = hook("newsletter-fix", letter, "issues/2026-11-13.yaml", "issues/2026-11-20.yaml")
    assert done.returncode == 0, done.stderr
    assert "“Soon”, said Ada" in (letter / "issues" / "2026-11-13.yaml").read_text("utf-8")


def test_inputs_reach_scripts_only_through_the_environment() -> None:
    for step in STEPS:
        assert "${{" not in step.get("run", "")
        if "run" in step:
            assert step["shell"] == "bash"
    handed_on = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "action.yml").read_text("utf-8")))
    assert handed_on == set(ACTION["inputs"])


def test_the_action_uses_options_that_exist() -> None:
    calls = re.findall(r"newsletter\" (\w+)", CHECK["run"])
    assert calls == ["check"]
    lines = re.sub(r"\\\n", "", CHECK["run"]).splitlines()
    script = "\n".join(line for line in lines if "git -C" not in line)
    named = set(re.findall(r"(?<![\w-])--[a-z]+", script))
    assert named == {"--project", "--strict", "--links", "--format", "--all"}
    assert named <= options("check")
    forms = next(p for p in cli.get_command(click.Context(cli), "check").params if p.name == "form")  # type: ignore[union-attr]
    assert isinstance(forms.type, click.Choice)
    assert set(re.findall(r"--format (\w+)", script)) <= set(forms.type.choices)


def test_what_the_action_installs_is_there() -> None:
    install = next(step for step in STEPS if step.get("id") == "install")
    assert "$GITHUB_ACTION_PATH/constraints.txt" in install["run"]
    assert (ROOT / "constraints.txt").is_file()
    assert (ROOT / "pyproject.toml").is_file()


@dataclass(frozen=True)
class Run:
    """How the step ended: its exit code, its log, and the action's outputs."""

    code: int
    log: str
    outputs: str

    @property
    def errors(self) -> list[str]:
        """Where the annotations of errors are."""
        return re.findall(r"^::error file=(.*?)::", self.log, re.MULTILINE)


Act = Callable[..., Run]
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    environment = clean_environment() | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        **{f"GIT_{who}_NAME": "Ada Sample" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ada@example.com" for who in ("AUTHOR", "COMMITTER")},
    }

    def run(where: Path, *arguments: str) -> str:
        command = ["git", "-C", str(where), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        return done.stdout.strip()

    return run


@pytest.fixture
def origin(letter: Path, git: Git) -> Path:
    """The repository of the letter, its two issues committed."""
    git(letter, "init", "--quiet", "--initial-branch=main")
    git(letter, "config", "uploadpack.allowAnySHA1InWant", "true")  # as GitHub's server has it
    commit(letter, git)
    return letter


def commit(folder: Path, git: Git) -> str:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "issues")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def act(tmp_path: Path) -> Act:
    """Run the step of ``action.yml`` as GitHub's runner does."""

    def run(
        folder: Path,
        base: str = "",
        step: dict[str, Any] = CHECK,
        program: Path = BIN / "newsletter",
        **inputs: str,
    ) -> Run:
        given = {name: str(each["default"]) for name, each in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        values = {"steps.install.outputs.bin": str(program.parent)}
        values |= {f"inputs.{name}": value for name, value in given.items()}
        values["github.event.pull_request.base.sha || github.event.before"] = base
        env = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda found: values[found[1]], expression)
            for name, expression in step["env"].items()
        }
        outputs = tmp_path / "outputs"
        outputs.write_text("", encoding="utf-8")
        script = tmp_path / "step.sh"
        script.write_text(step["run"], encoding="utf-8")
        runner = {"RUNNER_TEMP": str(tmp_path), "GITHUB_OUTPUT": str(outputs)}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=folder,
            env=clean_environment() | runner | env | {"GIT_CONFIG_GLOBAL": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
        return Run(done.returncode, done.stdout + done.stderr, outputs.read_text("utf-8"))

    return run


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """Takes the place of ``newsletter`` where only what it is told matters, which it notes."""
    program = tmp_path / "stand-in" / "newsletter"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\necho "$@" > "$0.told"\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def told(stand_in: Path) -> str:
    return stand_in.with_suffix(".told").read_text("utf-8").strip()


@needs_git
def test_only_issues_of_the_pull_request_are_checked(origin: Path, git: Git, act: Act) -> None:
    base = git(origin, "rev-parse", "HEAD")
    write(origin, "2026-11-27", SOUND)
    (origin / "issues" / "notes.txt").write_text("TK", encoding="utf-8")
    commit(origin, git)
    done = act(origin, base)
    assert (done.code, done.errors) == (0, [])
    write(origin, "2026-12-04", WRONG)
    commit(origin, git)
    done = act(origin, base)
    assert done.code == 1
    assert done.errors == ["issues/2026-12-04.yaml,line=6,col=44,title=placeholder"]


@needs_git
def test_a_shallow_checkout_fetches_the_base(
    origin: Path, git: Git, act: Act, tmp_path: Path
) -> None:
    base = git(origin, "rev-parse", "HEAD")
    write(origin, "2026-12-04", WRONG)
    commit(origin, git)
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{origin}", "checkout")
    done = act(tmp_path / "checkout", base)
    assert done.code == 1
    assert done.errors == ["issues/2026-12-04.yaml,line=6,col=44,title=placeholder"]


@needs_git
def test_without_a_base_all_issues_are_checked(
    origin: Path, git: Git, act: Act, stand_in: Path
) -> None:
    done = act(origin, "--output=hacked")
    assert done.code == 1
    assert "::notice::What changed cannot be found out" in done.log
    assert done.errors == ["issues/2026-11-20.yaml,line=6,col=44,title=placeholder"]
    for base in ("", "0" * 40, "--output=hacked"):
        done = act(origin, base, program=stand_in)
        assert "::notice::What changed cannot be found out" in done.log, base
        assert told(stand_in) == "check --project . --format github --all", base
    assert git(origin, "status", "--porcelain", "--", ":!.newsletter") == ""


@needs_git
def test_a_change_without_issues(origin: Path, git: Git, act: Act) -> None:
    base = git(origin, "rev-parse", "HEAD")
    (origin / "README.md").write_text("Nothing to check.", encoding="utf-8")
    git(origin, "rm", "--quiet", "issues/2026-11-20.yaml")
    commit(origin, git)
    assert act(origin, base) == Run(0, "No issue changed.\n", "")


@needs_git
def test_names_of_files_are_never_code_or_options(origin: Path, git: Git, act: Act) -> None:
    base = git(origin, "rev-parse", "HEAD")
    names = ("2026-12-04 $(touch hacked)", "2026-12-05 `touch hacked`; touch hacked", "--strict")
    for name in names:
        write(
            origin, name, SOUND.replace("2026-11-20", name[:10] if name[0] == "2" else "2026-12-06")
        )
    commit(origin, git)
    done = act(origin, base)
    assert not list(origin.rglob("hacked"))
    assert done.code == 0, done.log
    injected = act(origin, issues='$(touch hacked)\n"; touch hacked; "\n--help')
    assert injected.code == 2
    assert not list(origin.rglob("hacked"))


def test_issues_that_are_named_one_a_line(letter: Path, act: Act, stand_in: Path) -> None:
    assert act(letter, issues="2026-11-13", program=stand_in).code == 0
    assert told(stand_in) == "check --project . --format github -- 2026-11-13"
    done = act(letter, issues="2026-11-13\nissues/2026-11-20.yaml\n")
    assert done.code == 1
    assert done.errors == ["issues/2026-11-20.yaml,line=6,col=44,title=placeholder"]


@needs_git
def test_a_project_in_a_folder(tmp_path: Path, git: Git, act: Act) -> None:
    top = tmp_path / "repository"
    make_project(top / "the letter")
    git(tmp_path, "init", "--quiet", str(top))
    commit(top, git)
    base = git(top, "rev-parse", "HEAD")
    write(top / "the letter", "2026-11-27", WRONG)
    commit(top, git)
    done = act(top, base, project="the letter")
    assert done.code == 1
    assert done.errors == ["the letter/issues/2026-11-27.yaml,line=6,col=44,title=placeholder"]


def test_strict(letter: Path, act: Act) -> None:
    warned = SOUND.replace("is back", "is back, with a new timetable and new fares for all")
    write(letter, "2026-11-27", warned)
    assert act(letter, issues="2026-11-27").code == 0
    assert act(letter, issues="2026-11-27", strict="true").code == 1
    assert act(letter, issues="2026-11-27", strict="yes") == Run(
        2, "::error::The input strict must be true or false.\n", ""
    )


def test_links(letter: Path, act: Act) -> None:
    write(letter, "2026-11-27", SOUND.replace("Friday", "[Friday](http://127.0.0.1:9/)"))
    act(letter, issues="2026-11-27", links="true", sarif_file="issues.sarif")
    assert "could not check this link" in (letter / "issues.sarif").read_text("utf-8")
    assert act(letter, issues="2026-11-27", links="1").code == 2


def test_all_issues_and_a_report_of_them_in_sarif(letter: Path, act: Act) -> None:
    done = act(letter, issues="all", sarif_file="reports/issues.sarif")
    assert done.code == 1
    assert done.errors == ["issues/2026-11-20.yaml,line=6,col=44,title=placeholder"]
    assert done.outputs == "sarif-file=reports/issues.sarif\n"
    log = json.loads((letter / "reports" / "issues.sarif").read_text("utf-8"))
    places = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in log["runs"][0]["results"]
    ]
    assert "issues/2026-11-20.yaml" in places


def proofs(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text("utf-8") for file in folder.iterdir()}


@needs_git
def test_proofs_of_the_issues_of_the_pull_request(
    origin: Path, git: Git, act: Act, tmp_path: Path
) -> None:
    base = git(origin, "rev-parse", "HEAD")
    write(origin, "2026-11-20", SOUND.replace("Friday on", "Saturday on"))
    write(origin, "2026-12-04 $(touch hacked)", OTHER)
    write(origin, "2026-12-11", SOUND.replace("sections:", "section:"))
    commit(origin, git)
    assert act(origin, base).code == 1
    done = act(origin, base, PROOF, proof="true")
    assert done.code == 0, done.log
    made = proofs(tmp_path / "newsletter-proofs")
    # What is no valid issue has no letter; the check has said why.
    assert set(made) == {
        "2026-11-20-proof.html",
        "2026-12-04 $(touch hacked)-proof.html",
    }
    assert "<ins>Saturday</ins>" in made["2026-11-20-proof.html"]
    assert "New: " in made["2026-12-04 $(touch hacked)-proof.html"]
    assert not list(origin.rglob("hacked"))
    assert done.outputs == f"folder={tmp_path / 'newsletter-proofs'}\n"


@needs_git
def test_of_all_issues_only_the_latest_is_proofed(
    letter: Path, act: Act, stand_in: Path, tmp_path: Path
) -> None:
    act(letter, issues="all", program=stand_in)
    done = act(letter.parent, step=PROOF, proof="true", project="letter")
    assert done.code == 0, done.log
    assert set(proofs(tmp_path / "newsletter-proofs")) == {"2026-11-20-proof.html"}


def test_no_proof_without_an_issue_and_none_of_a_wrong_input(letter: Path, act: Act) -> None:
    assert act(letter, step=PROOF, proof="true") == Run(0, "", "")
    assert act(letter, step=PROOF, proof="yes") == Run(
        2, "::error::The input proof must be true or false.\n", ""
    )


def test_proofs_are_made_and_uploaded_also_if_the_check_fails() -> None:
    upload = STEPS[STEPS.index(PROOF) + 1]
    assert upload["uses"].startswith("actions/upload-artifact@")
    assert upload["with"]["path"] == "${{ steps.proof.outputs.folder }}"
    assert "!cancelled()" in PROOF["if"]
    assert "!cancelled()" in upload["if"]
    assert set(re.findall(r"(?<![\w-])--[a-z]{4,}", PROOF["run"])) <= options("proof")


def test_a_folder_that_is_no_project_is_said(tmp_path: Path, act: Act) -> None:
    done = act(tmp_path, issues="all", sarif_file="issues.sarif")
    assert done.code == 2
    assert "no newsletter.toml in" in done.log
    assert done.outputs == ""


GUIDE = (ROOT / "docs" / "how-to" / "check-issues-in-ci.md").read_text("utf-8")
EXAMPLES: list[dict[str, Any]] = [
    yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
]


def test_the_guide_uses_inputs_and_hooks_that_exist() -> None:
    steps = [
        step
        for example in EXAMPLES
        for job in example.get("jobs", {}).values()
        for step in job["steps"]
        if step["uses"].startswith("OWNER/")
    ]
    assert len(steps) == 3
    for step in steps:
        assert set(step.get("with", {})) <= set(ACTION["inputs"])
    hooks = [
        hook for example in EXAMPLES for repo in example.get("repos", []) for hook in repo["hooks"]
    ]
    assert {hook["id"] for hook in hooks} == {hook["id"] for hook in HOOKS}
    for each in hooks:
        given = {argument for argument in each.get("args", []) if argument.startswith("--")}
        assert given <= options(each["id"].removeprefix("newsletter-"))
    shown = dict(re.findall(r"^\| `([a-z-]+)` \| (?:`([^`]*)`)? ?\|", GUIDE, re.MULTILINE))
    assert shown == {name: each["default"] for name, each in ACTION["inputs"].items()}


@needs_git
def test_the_job_of_gitlab(origin: Path, git: Git) -> None:
    base = git(origin, "rev-parse", "HEAD")
    write(origin, "2026-12-04 spring fair", WRONG)
    commit(origin, git)
    install, *lines = next(e for e in EXAMPLES if "check-issues" in e)["check-issues"]["script"]
    assert install.startswith("pip install ")

    def job(since: str) -> subprocess.CompletedProcess[str]:
        path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
            cwd=origin,
            env=clean_environment() | {"PATH": path, "CI_MERGE_REQUEST_DIFF_BASE_SHA": since},
            capture_output=True,
            text=True,
            check=False,
        )

    done = job(base)
    assert done.returncode != 0
    assert "issues/2026-12-04 spring fair.yaml:6:44: error:" in done.stdout
    assert "2026-11-20" not in done.stdout
    assert job("HEAD").returncode == 0
