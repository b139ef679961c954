"""What is done on the page to an issue file, as the page asks for it."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SLUG = "2026-11-20"
HERE = f"issue/{SLUG}"
BODY = "sections.1.body:0"


def digest(issue: Path) -> str:
    return hashlib.sha256(issue.read_bytes()).hexdigest()


def seen(running: Any, issue: Path) -> str:
    """The digest of the file once the preview has seen it: then its letter can be edited."""
    wanted = digest(issue)
    give_up = time.monotonic() + 30
    while f'data-file="{wanted}"' not in running.get(HERE).text:
        assert time.monotonic() < give_up, "the save was not seen"
        time.sleep(0.02)
    return wanted


def stretch(running: Any, issue: Path, place: str) -> str:
    answer = running.post(f"{HERE}/stretch", {"digest": seen(running, issue), "place": place})
    assert answer.status == 200, answer.text
    text: str = answer.json["text"]
    return text


def edit(running: Any, digest: str, place: str, old: str, new: str) -> Any:
    asked = {"digest": digest, "place": place, "old": old, "new": new}
    return running.post(f"{HERE}/edit", asked)


def test_a_headline_is_edited_taken_back_and_made_again(running: Any, issue: Path) -> None:
    before = issue.read_bytes()
    old = stretch(running, issue, "sections.0.headline")
    assert old == "Night ferry returns"
    answer = edit(running, digest(issue), "sections.0.headline", old, "Ferry: it returns")
    assert (answer.status, answer.json) == (200, {"digest": digest(issue)})
    after = issue.read_bytes()
    assert after == before.replace(b"Night ferry returns", b'"Ferry: it returns"')
    seen(running, issue)
    assert "Ferry: it returns" in running.get(f"{HERE}/letter.html").text
    assert running.post(f"{HERE}/undo", {}).json == {"digest": digest(issue)}
    assert issue.read_bytes() == before
    assert running.post(f"{HERE}/redo", {}).json == {"digest": digest(issue)}
    assert issue.read_bytes() == after


@pytest.mark.parametrize(
    ("place", "text", "is_body"),
    [
        ("subject", "The night ferry is back", False),
        ("preheader", "A new timetable, and a market hall without a name", False),
        ("summary.1.text", "The market hall needs a name.", False),
        (BODY, "The night ferry sails again", True),
        ("intro:3", "Hello {{ name | neighbour }}, this is the letter.", True),
    ],
)
def test_each_kind_of_text_can_be_edited(
    running: Any, issue: Path, place: str, text: str, is_body: bool
) -> None:
    answer = running.post(f"{HERE}/stretch", {"digest": seen(running, issue), "place": place})
    assert answer.json["text"].startswith(text)
    assert answer.json["body"] is is_body
    old = answer.json["text"]
    assert edit(running, digest(issue), place, old, "Grüße 𝕏 “<b>”: # yes").status == 200
    assert stretch(running, issue, place) == "Grüße 𝕏 “<b>”: # yes"


@pytest.mark.parametrize("place", ["date", "sections.0.image.src", "sections", "nothing.9.at.all"])
def test_what_is_no_text_is_not_edited_here(running: Any, issue: Path, place: str) -> None:
    asked = {"digest": seen(running, issue), "place": place}
    answer = running.post(f"{HERE}/stretch", asked)
    assert answer.status == 409
    assert "not edited here" in answer.json["message"]
    assert "your editor" in answer.json["hint"]


def test_what_a_colleague_saved_meanwhile_stays_and_is_said(running: Any, issue: Path) -> None:
    known = seen(running, issue)
    issue.write_text(issue.read_text() + "# a note of a colleague\n")
    theirs = issue.read_bytes()
    for what, asked in (
        ("edit", {"place": "subject", "old": "The night ferry is back", "new": "New"}),
        ("move", {"section": 0, "to": 1}),
        ("fix", {"line": 1, "column": 1, "rule": "quotes"}),
    ):
        answer = running.post(f"{HERE}/{what}", {"digest": known, **asked})
        assert answer.status == 409, what
        assert "saved meanwhile" in answer.json["message"]
        assert answer.json["hint"]
    stale = running.post(f"{HERE}/stretch", {"digest": known, "place": "subject"})
    assert stale.status in (200, 409)  # by then the save may not have been seen yet
    assert issue.read_bytes() == theirs


def test_an_own_change_is_not_taken_back_over_a_colleagues(running: Any, issue: Path) -> None:
    old = stretch(running, issue, "subject")
    edit(running, digest(issue), "subject", old, "Mine")
    issue.write_text(issue.read_text() + "# a note\n")
    theirs = issue.read_bytes()
    answer = running.post(f"{HERE}/undo", {})
    assert answer.status == 409
    assert "saved meanwhile" in answer.json["message"]
    assert issue.read_bytes() == theirs


def test_nothing_to_take_back_is_said(running: Any) -> None:
    for what in ("undo", "redo"):
        answer = running.post(f"{HERE}/{what}", {})
        assert answer.status == 409
        assert "no change" in answer.json["message"]


def test_a_section_is_moved_and_moved_back(running: Any, issue: Path) -> None:
    before = issue.read_bytes()
    asked = {"digest": seen(running, issue), "section": 1, "to": 0}
    answer = running.post(f"{HERE}/move", asked)
    assert answer.json == {"digest": digest(issue)}
    assert issue.read_text().index("The market hall\n") < issue.read_text().index("Night ferry ret")
    seen(running, issue)
    page = running.get(HERE).text
    assert page.index(">The market hall</button>") < page.index(">Night ferry returns</button>")
    running.post(f"{HERE}/undo", {})
    assert issue.read_bytes() == before


def test_a_section_cannot_be_moved_out_of_the_letter(running: Any, issue: Path) -> None:
    before = issue.read_bytes()
    for section, to in ((0, 2), (2, 0), (-1, 0), (0, -1), (10**30, 0)):
        asked = {"digest": digest(issue), "section": section, "to": to}
        answer = running.post(f"{HERE}/move", asked)
        assert answer.status == 409, (section, to)
    assert issue.read_bytes() == before


def test_a_finding_is_mended_as_newsletter_fix_would(running: Any, issue: Path) -> None:
    text = issue.read_text().replace("org/timetable", "org/timetable?utm_source=x")
    issue.write_text(text)
    known = seen(running, issue)
    line = next(n for n, row in enumerate(text.split("\n"), 1) if "utm_source" in row)
    page = running.ask(f"{running.prefix}/{HERE}", Newsletter_Wait="1").text
    remark = page.partition('data-rule="tracking-parameters"')
    start = remark[0].rpartition("<li")[2] + remark[2].partition(">")[0]
    column = int(start.partition('data-column="')[2].partition('"')[0])
    asked = {"digest": known, "line": line, "column": column, "rule": "tracking-parameters"}
    assert running.post(f"{HERE}/fix", asked).json == {"digest": digest(issue)}
    assert issue.read_text() == text.replace("?utm_source=x", "")
    again = running.post(f"{HERE}/fix", {**asked, "digest": digest(issue)})
    assert again.status == 409
    assert "cannot be mended" in again.json["message"]


def test_an_edit_that_would_break_the_issue_is_refused_with_the_reason(
    running: Any, issue: Path
) -> None:
    before = issue.read_bytes()
    old = stretch(running, issue, "subject")
    for new in ("", "  ", "x\0y"):
        answer = edit(running, digest(issue), "subject", old, new)
        assert answer.status == 409, new
        assert answer.json["message"]
    assert issue.read_bytes() == before


def test_an_issue_that_has_gone_cannot_be_edited(running: Any, issue: Path) -> None:
    known = seen(running, issue)
    issue.unlink()
    answer = edit(running, known, "subject", "The night ferry is back", "New")
    assert answer.status == 409
    assert SLUG in answer.json["message"]
    assert not issue.exists()


SHAPES: list[object] = [[], {}]
WRONG: list[object] = [
    b"",
    b"no JSON",
    b"\xff\xfe",
    b"[]",
    b'"text"',
    b"null",
    b"[" * 100_000,
    b'{"digest": ' * 50_000,
    {},
    *(
        {"digest": value, "place": value, "old": value, "new": value, "section": value,
         "to": value, "line": value, "column": value, "rule": value, "path": value}
        for value in [None, 1, 1.5, True, *SHAPES, "", "x", "-1", ["subject"], 10**400]
    ),
    b'{"digest": "x", "section": Infinity, "to": NaN, "line": Infinity, "column": NaN}',
    b'{"digest": "\\ud800", "place": "subject", "old": "\\ud800", "new": "\\udfff"}',
    {"digest": "x", "place": "sections.99999999999999999999999.body:1", "old": "", "new": ""},
    {"digest": "x", "place": "a.b:c", "old": "", "new": ""},
    {"digest": "x", "place": "." * 100_000, "old": "", "new": "", "line": -1, "column": -1},
]  # fmt: skip


@pytest.mark.parametrize("what", ["stretch", "edit", "move", "fix", "undo", "open"])
def test_whatever_is_asked_wrongly_is_refused_and_nothing_is_changed(
    running: Any, issue: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = issue.read_bytes()
    for asked in WRONG:
        answer = running.post(f"{HERE}/{what}", asked)
        allowed = (200, 400, 409) if what == "open" else (400, 409)
        assert answer.status in allowed, (what, asked, answer.text)
        assert "Traceback" not in answer.text
    assert issue.read_bytes() == before


def test_a_place_that_a_broken_client_names_is_refused_with_the_right_digest(
    running: Any, issue: Path
) -> None:
    known = seen(running, issue)
    before = issue.read_bytes()
    for place in ("", ".", ":", "subject:99999", "sections.0", "sections.-1.body", "_.x", "model"):
        for what in ("stretch", "edit"):
            asked = {"digest": known, "place": place, "old": "x", "new": "y"}
            answer = running.post(f"{HERE}/{what}", asked)
            assert answer.status in (200, 400, 409), (what, place, answer.text)
    assert issue.read_bytes() == before


def test_a_request_that_is_too_large_is_not_read(running: Any, issue: Path) -> None:
    before = issue.read_bytes()
    asked = json.dumps({"new": "x" * 1_100_000}).encode()
    assert running.post(f"{HERE}/edit", asked).status == 413
    assert issue.read_bytes() == before


def test_a_line_is_opened_by_its_place_or_by_a_finding(
    folder: Path, serve_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + 'editor = "vscode"\n')
    template = folder / "templates" / "default.mjml.j2"
    template.parent.mkdir()
    template.write_text("<mjml></mjml>")
    path = folder / "issues" / f"{SLUG}.yaml"
    monkeypatch.chdir(folder)
    with serve_project(folder) as running:
        by_line = running.post(f"{HERE}/open", {"line": 3, "column": 7, "path": f"x/{SLUG}.yaml"})
        assert by_line.json == {"address": f"vscode://file{path.resolve()}:3:7"}
        asked = {"line": 1, "column": 1, "path": "templates/default.mjml.j2"}
        by_template = running.post(f"{HERE}/open", asked)
        assert by_template.json == {"address": f"vscode://file{template.resolve()}:1:1"}
    template.unlink()
    with serve_project(folder) as running:
        by_place = running.post(f"{HERE}/open", {"place": "sections.1.headline"})
    line = path.read_text().split("\n").index("  - headline: The market hall") + 1
    assert by_place.json == {"address": f"vscode://file{path.resolve()}:{line}:15"}


def test_the_command_in_the_environment_is_run(
    folder: Path, serve_project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    script = tmp_path / "editor.py"
    script.write_text(
        "import os, sys\n"
        f"with open({str(said) + '.part'!r}, 'w') as file: file.write('\\n'.join(sys.argv[1:]))\n"
        f"os.replace({str(said) + '.part'!r}, {str(said)!r})\n"
    )
    command = f"{sys.executable} {script} {{file}} {{line}} {{column}}"
    monkeypatch.setenv("NEWSLETTER_EDITOR", command)
    with serve_project(folder) as running:
        answer = running.post(f"{HERE}/open", {"line": 3, "column": 7})
        assert answer.json == {"opened": f"{SLUG}.yaml:3:7"}
        give_up = time.monotonic() + 30
        while not said.exists():
            assert time.monotonic() < give_up, "the command was not run"
            time.sleep(0.01)
    path = folder / "issues" / f"{SLUG}.yaml"
    assert said.read_text().split("\n") == [str(path.resolve()), "3", "7"]


def test_a_command_that_cannot_be_run_is_said(
    folder: Path, serve_project: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_EDITOR", "/nowhere/editor {file}")
    with serve_project(folder) as running:
        answer = running.post(f"{HERE}/open", {"line": 1, "column": 1})
    assert answer.status == 409
    assert "/nowhere/editor cannot be started" in answer.json["message"]


def test_without_any_editor_the_place_is_given_to_be_copied(
    folder: Path, serve_project: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("VISUAL", "EDITOR", "NEWSLETTER_EDITOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with serve_project(folder) as running:
        answer = running.post(f"{HERE}/open", {"line": 3, "column": 7})
    assert answer.json["copy"].endswith(f"{SLUG}.yaml:3:7")
