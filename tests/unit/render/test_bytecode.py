"""The program's own templates are compiled once; nobody else's code is ever loaded."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest

from newsletter.render import bytecode
from newsletter.render.bytecode import Compiled


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder for this test alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    bytecode._folder.cache_clear()
    yield tmp_path / "cache" / "newsletter"
    bytecode._folder.cache_clear()


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "greeting.j2").write_text("Hello {{ name }}")
    return folder


def environment(*folders: Path, own: Path) -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(folders)
    return jinja2.Environment(loader=loader, bytecode_cache=Compiled("test", own), autoescape=True)


def compiles(environment: jinja2.Environment, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that are compiled from now on."""
    names: list[str] = []
    compile_ = environment.compile

    def noting(source: str, name: str | None = None, filename: str | None = None) -> object:
        names.append(str(name))
        return compile_(source, name, filename)

    monkeypatch.setattr(environment, "compile", noting)
    return names


def shown(environment: jinja2.Environment) -> str:
    return environment.get_template("greeting.j2").render(name="Ada")


def kept(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_the_second_run_compiles_nothing(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown(environment(own, own=own))
    second = environment(own, own=own)
    compiled = compiles(second, monkeypatch)
    assert shown(second) == "Hello Ada"
    assert compiled == []


def test_a_changed_template_is_compiled_again(own: Path) -> None:
    shown(environment(own, own=own))
    (own / "greeting.j2").write_text("Good morning {{ name }}")
    assert shown(environment(own, own=own)) == "Good morning Ada"


def test_a_project_s_own_template_is_not_kept(tmp_path: Path, own: Path, cache: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "greeting.j2").write_text("Dear {{ name }}")
    assert shown(environment(project, own, own=own)) == "Dear Ada"
    assert kept(cache) == []


@pytest.mark.parametrize("damage", [b"", b"\x00" * 50, b"j2", b"garbage" * 9])
def test_a_damaged_file_is_as_good_as_none(own: Path, cache: Path, damage: bytes) -> None:
    shown(environment(own, own=own))
    (file,) = kept(cache)
    file.write_bytes(file.read_bytes()[:30] + damage)
    assert shown(environment(own, own=own)) == "Hello Ada"


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs owners and modes of files")
def test_a_folder_in_which_others_may_write_is_not_trusted(
    own: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown(environment(own, own=own))
    (file,) = kept(cache)
    file.parent.chmod(0o777)
    bytecode._folder.cache_clear()
    second = environment(own, own=own)
    compiled = compiles(second, monkeypatch)
    assert shown(second) == "Hello Ada"
    assert compiled == ["greeting.j2"]


def test_where_there_is_no_place_for_it_everything_still_works(
    tmp_path: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert shown(environment(own, own=own)) == "Hello Ada"
    assert shown(environment(own, own=own)) == "Hello Ada"
