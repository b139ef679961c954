import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.main import COMMANDS, cli, run

# What --help must not import: each costs a tenth of a second or more.
HEAVY = {"pydantic", "sqlalchemy", "alembic", "premailer", "lxml", "rich", "uvicorn", "starlette"}


def test_help_imports_no_heavy_library() -> None:
    code = (
        "import sys; from newsletter.cli.main import run; run(['--help']);"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    assert "Usage: newsletter" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_what_a_command_does_is_not_cut_off(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([name, "--help"]) == 0
    _, _, further = capsys.readouterr().out.partition("\nCommands:\n")
    assert "..." not in further


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_the_module_of_its_name(name: str) -> None:
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.help


def test_a_misspelt_command_gets_a_suggestion(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["chek"]) == 2
    assert "Did you mean 'check'?" in capsys.readouterr().err


def test_outside_a_project_the_error_is_two_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_a_defect_is_two_lines_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("NEWSLETTER_DEBUG", raising=False)
    monkeypatch.setitem(COMMANDS, "options", "A module without a command stands in for a defect.")
    assert run(["options"]) == 1
    shown = capsys.readouterr().err
    assert "defect in newsletter itself: AttributeError" in shown
    assert "Traceback" not in shown
