"""A line is opened in the program that its editor uses."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.preview.editor import ADDRESSES, Editor


@pytest.fixture
def program(tmp_path: Path) -> Callable[[], list[str]]:
    """A program that writes down what it was called with; calling the fixture waits for it."""
    script, said = tmp_path / "editor", tmp_path / "said"
    script.write_text(
        f"#!{sys.executable}\nimport os, sys\n"
        f"with open({str(said) + '.part'!r}, 'w') as file: file.write('\\n'.join(sys.argv[1:]))\n"
        f"os.replace({str(said) + '.part'!r}, {str(said)!r})\n"
    )
    script.chmod(0o755)

    def arguments() -> list[str]:
        give_up = time.monotonic() + 30
        while not said.exists():
            assert time.monotonic() < give_up, "the program was not run"
            time.sleep(0.01)
        return said.read_text().split("\n")

    return arguments


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a folder, ünd #1" / "2026 {line} 100%.yaml"
    path.parent.mkdir()
    path.write_text("subject: Hello\n")
    return path


@pytest.mark.parametrize(
    ("setting", "address"),
    [
        ("vscode", "vscode://file{}:12:7"),
        ("vscodium", "vscodium://file{}:12:7"),
        ("cursor", "cursor://file{}:12:7"),
        ("zed", "zed://file{}:12:7"),
        ("idea", "idea://open?file={}&line=12&column=7"),
        ("pycharm", "pycharm://open?file={}&line=12&column=7"),
        ("textmate", "txmt://open?url=file://{}&line=12&column=7"),
    ],
)
def test_a_program_with_an_address_of_its_own_is_opened_by_the_browser(
    path: Path, setting: str, address: str
) -> None:
    shown = path.resolve().as_posix().replace("2026 {line} 100%", "2026%20%7Bline%7D%20100%25")
    shown = shown.replace("a folder, ünd #1", "a%20folder%2C%20%C3%BCnd%20%231")
    assert Editor.of(setting, {}).open(path, 12, 7) == {"address": address.format(shown)}


def test_every_known_program_is_tested_here() -> None:
    assert len(ADDRESSES) == 7


def test_a_command_is_run_with_the_place_as_its_own_words(
    path: Path, tmp_path: Path, program: Callable[[], list[str]]
) -> None:
    editor = Editor.of(f"{tmp_path / 'editor'} --at '{{line}} {{column}}' {{file}}:{{line}}", {})
    assert editor.open(path, 12, 7) == {"opened": f"{path.name}:12:7"}
    assert program() == ["--at", "12 7", f"{path.resolve()}:12"]


def test_no_shell_reads_the_name_of_a_file(
    tmp_path: Path, program: Callable[[], list[str]]
) -> None:
    path = tmp_path / "$(touch owned); `touch owned` & --help.yaml"
    path.write_text("")
    Editor.of(f"{tmp_path / 'editor'} {{file}}", {}).open(path, 1, 1)
    assert program() == [str(path.resolve())]
    assert not list(tmp_path.glob("**/owned"))


def test_a_program_that_cannot_be_started_is_said(path: Path, tmp_path: Path) -> None:
    for command in (f"{tmp_path / 'none'} {{file}}", f"{tmp_path} {{file}}"):
        with pytest.raises(NewsletterError, match="cannot be started") as caught:
            Editor.of(command, {}).open(path, 1, 1)
        assert "NEWSLETTER_EDITOR" in caught.value.hint


@pytest.mark.parametrize("setting", ["vim", "vscode2", "{line}", "code --goto"])
def test_what_is_no_editor_is_refused_with_those_that_are(setting: str) -> None:
    with pytest.raises(ConfigurationError, match="not an editor that is known") as caught:
        Editor.of(setting, {})
    assert "vscode" in caught.value.hint
    assert "{file}" in caught.value.hint


def test_a_command_with_an_open_quote_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="quote"):
        Editor.of('subl "{file}:{line}', {})


@pytest.mark.parametrize(
    ("variable", "value", "command"),
    [
        ("VISUAL", "code --wait", "code --goto"),
        ("EDITOR", "/usr/bin/subl -n", "subl {file}"),
        ("EDITOR", "emacsclient -t", "emacsclient --no-wait"),
    ],
)
def test_the_usual_variables_name_programs_with_a_window(
    variable: str, value: str, command: str
) -> None:
    assert Editor.of("", {variable: value}).command.startswith(command)


def test_visual_comes_before_editor_and_a_setting_before_both() -> None:
    usual = {"VISUAL": "subl", "EDITOR": "kate"}
    assert Editor.of("", usual).command.startswith("subl")
    assert Editor.of("", {**usual, "VISUAL": "vi"}).command.startswith("kate")
    assert Editor.of("idea", usual).address.startswith("idea:")


@pytest.mark.parametrize("value", ["", "   ", "vi", "nano -w", "it's"])
def test_a_program_that_needs_a_terminal_is_not_run_and_the_place_is_copied(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    editor = Editor.of("", {"EDITOR": value})
    assert editor.open(path, 12, 7) == {"copy": f"{path.resolve()}:12:7"}


def test_vs_code_is_taken_where_it_is_installed(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = tmp_path / "code"
    code.write_text("#!/bin/sh\n")
    code.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    opened = Editor.of("", {}).open(path, 1, 1)
    assert opened["address"].startswith("vscode://file/")


def test_programs_that_have_ended_leave_nothing_behind(
    path: Path, tmp_path: Path, program: Callable[[], list[str]]
) -> None:
    before = children()
    Editor.of(f"{tmp_path / 'editor'} {{file}}", {}).open(path, 1, 1)
    program()
    give_up = time.monotonic() + 30
    while children() - before:
        assert time.monotonic() < give_up, "an ended program is still in the list"
        time.sleep(0.01)


def children() -> set[int]:
    """Processes of ours, those included that have ended and were not asked how."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    if not tasks.exists():
        pytest.skip("there is no list of processes")
    return {int(c) for task in tasks.iterdir() for c in (task / "children").read_text().split()}
