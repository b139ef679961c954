"""``newsletter schema``."""

from __future__ import annotations

import json

import pytest

from newsletter.cli.main import run
from newsletter.issue.schema import json_schema


def test_prints_the_schema_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema()


def test_works_outside_a_project(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert run(["schema"]) == 0
    assert "The subject line of the email" in capsys.readouterr().out
