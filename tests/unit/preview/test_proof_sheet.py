"""What a proof says, and that the file says it to nobody else."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.issue.changes.compare import compare
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.preview.proof_sheet.changes import parts
from newsletter.preview.proof_sheet.earlier import Comparison, remember, since_last_proof
from newsletter.preview.proof_sheet.page import MARK, is_proof, page
from newsletter.preview.proof_sheet.pictures import carrying
from newsletter.preview.proof_sheet.sheet import Sheet, make_sheet
from newsletter.preview.proof_sheet.views import views
from newsletter.project import Project

NOW = datetime.datetime(2026, 11, 19, 14, 5, tzinfo=datetime.UTC)
OWN_RULE = '''\
"""A rule that breaks.

What: nothing.

Why: to see what happens.

Source: none.

Bad::

    subject: A

Good::

    subject: B
"""

from newsletter.findings import Severity
from newsletter.lint.rule import Group, Target

ID, GROUP, SEVERITY, TARGET = "X01", Group.STYLE, Severity.ERROR, Target.ISSUE


def check(context):
    raise ZeroDivisionError("by nought")
'''

Make = Callable[..., Sheet]


@pytest.fixture
def make(folder: Path, issue: Path) -> Make:
    """The proof of the issue, with some of its text changed before."""

    def sheet(*changes: tuple[str, str], since: Comparison | None = None) -> Sheet:
        text = issue.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        issue.write_text(text, encoding="utf-8")
        project = Project.open(folder)
        manuscript = project.manuscript(issue)
        return make_sheet(project, manuscript, since or Comparison(why="New: first."), NOW)

    return sheet


def test_it_shows_the_letter_in_every_way(make: Make) -> None:
    sheet = make()
    widths = {view.name: view.width for view in sheet.views}
    assert widths == {
        "desktop": 640,
        "phone": 375,
        "dark": 375,
        "outlook-dark": 375,
        "gmail-dark": 375,
        "no-images": 640,
        "no-styles": 375,
    }
    assert [view.name for view in sheet.views if view.is_dark] == [
        "dark",
        "outlook-dark",
        "gmail-dark",
    ]
    html = page(sheet)
    assert html.count("<iframe") == html.count('sandbox="allow-same-origin"') == len(widths)
    assert html.count("data:image/png;base64,") == len(widths) - 1
    assert sheet.remote == ()


def test_the_sample_reader_alone_is_in_it(make: Make) -> None:
    sheet = make()
    assert "Hello Alex Example" in sheet.text
    assert all("Alex Example" in view.html for view in sheet.views)


def test_pictures_of_others_are_counted_and_not_fetched(make: Make) -> None:
    sheet = make(("pictures/ferry.png", "https://example.org/ferry.png"))
    assert sheet.remote == ("https://example.org/ferry.png",)
    html = page(sheet)
    assert "1 on the web: not shown." in html
    assert "img-src data:;" in html


def test_hosted_pictures_are_the_projects_own(make: Make, folder: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + 'assets_url = "https://cdn.example.org/letter"\n')
    sheet = make()
    assert sheet.remote == ()
    assert "data:image/png;base64," in sheet.views[0].html
    assert "data:" not in next(view for view in sheet.views if view.name == "no-images").html


def test_findings_stand_with_their_lines_worst_first(make: Make) -> None:
    sheet = make(("The market hall\n", "The TK hall\n"), ("Night ferry returns", "NIGHT FERRY NOW"))
    severities = [remark.finding.severity.value for remark in sheet.remarks]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    first = next(each for each in sheet.remarks if each.finding.rule == "placeholder")
    assert (first.before, first.at, first.after) == ("- headline: The ", "TK", " hall")
    assert sheet.verdict.mood == "error"
    html = page(sheet)
    assert "<mark>TK</mark> hall" in html
    assert f'<a href="#findings">{sheet.verdict.words}</a>' in html


def test_a_check_that_cannot_run_is_said_and_never_a_pass(make: Make, folder: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + '[lint.rules]\nno-such-rule = "off"\n')
    sheet = make()
    assert sheet.verdict.words == "The check could not run"
    assert sheet.verdict.mood == "error"
    assert "there is no rule no-such-rule" in sheet.verdict.failed
    html = page(sheet)
    assert "<b>The check could not run.</b>" in html
    assert "Every rule was run" not in html


def test_hostile_text_stays_text(make: Make) -> None:
    hostile = "'</iframe></title><script>alert(1)</script>\" onload=\"alert(2)'"
    sheet = make(("The night ferry is back", hostile), ("Night ferry returns", hostile))
    html = page(sheet)
    assert html.count("<script") == 1
    assert html.count("</iframe>") == html.count("<iframe")
    assert not re.search(r"<[^>]*\sonload=", re.sub(r'srcdoc="[^"]*"', "", html))


def test_nothing_in_it_is_an_address_to_be_fetched(make: Make) -> None:
    html = re.sub(r'srcdoc="[^"]*"', "", page(make()))
    assert re.findall(r"""(?:src|srcset|data|action|poster)=["']?[^"' >]+""", html) == []
    assert set(re.findall(r'href="([^"]*)"', html)) <= {
        f"#{name}"
        for name in (
            *("main", "inbox", "letter", "in-the-dark", "bare", "text", "findings", "changes"),
        )
    }
    assert "<link" not in html
    assert "@import" not in html
    assert "url(" not in html


def test_only_what_the_issue_says_makes_the_file(make: Make) -> None:
    assert page(make()) == page(make())


def test_a_proof_is_known_by_its_first_bytes(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    assert not is_proof(file)
    file.write_text(page(make()), encoding="utf-8")
    assert is_proof(file)
    file.write_text("<!doctype html><p>A letter</p>" + 1000 * " " + MARK, encoding="utf-8")
    assert not is_proof(file)


def changed(folder: Path, *changes: tuple[str, str]) -> Comparison:
    project = Project.open(folder)
    after = project.manuscript(project.find("2026-11-20"))
    text = after.text
    for new, old in changes:
        assert new in text
        text = text.replace(new, old)
    before = load_text(text, after.path)
    assert isinstance(before, Manuscript)
    return Comparison("the proof of yesterday", compare(before.issue, after.issue))


def test_changes_are_shown_story_by_story(make: Make, folder: Path) -> None:
    comparison = changed(
        folder,
        ("ferry is back", "ferry is late"),
        ("- headline: The market hall", "- headline: The hall"),
        ("example.org/timetable", "example.org/old"),
    )
    sheet = make(since=comparison)
    assert [(part.kind, part.title) for part in sheet.parts] == [
        ("Issue", ""),
        ("Story", "Night ferry returns"),
        ("Story", "The market hall"),
    ]
    html = page(sheet)
    assert "The night ferry is <del>late</del><ins>back</ins>" in html
    assert "<del>https://example.org/old</del><ins>https://example.org/timetable</ins>" in html
    assert "Since the proof of yesterday" in html


def test_long_stretches_that_stayed_are_cut(folder: Path) -> None:
    comparison = changed(folder, ("content with it. \n\n      [The", "sad.\n\n      [The"))
    assert comparison.changes
    shown = [entry for part in parts(comparison.changes) for entry in part.entries]
    texts = [piece.text for entry in shown for piece in entry.pieces]
    assert texts[0].startswith("…")
    assert texts[0].endswith(" council is")
    assert max(len(text.split()) for text in texts) <= 13


def test_what_was_proofed_is_remembered(folder: Path, issue: Path) -> None:
    project = Project.open(folder)
    manuscript = project.manuscript(issue)
    assert since_last_proof(project, manuscript).is_new
    remember(project, manuscript, NOW)
    kept = project.state_folder / "proofs" / "2026-11-20.yaml"
    assert kept.read_text("utf-8").endswith(manuscript.text)
    again = since_last_proof(project, manuscript)
    assert again.since == "the proof of 19 November 2026, 14:05"
    assert again.changes is not None
    assert not again.changes
    for junk in (b"", b"\xff\xfe\x00", b"subject: only"):
        kept.write_bytes(junk)
        broken = since_last_proof(project, manuscript)
        assert broken.changes is None
        assert not broken.is_new
        assert "so nothing is compared" in broken.why


def test_addresses_of_pictures_alone_are_replaced() -> None:
    own = {"cid:a@b": "data:image/png;base64,AA", "https://c.example.org/x&y.png": "data:,x"}
    html = (
        '<p>cid:a@b</p><a href="https://c.example.org/x&amp;y.png">cid:a@b</a>'
        '<img src="cid:a@b" alt="cid:a@b"><img src=cid:a@b>'
        "<td background='cid:a@b' style=\"background:url(cid:a@b) #fff\">"
        '<img srcset="https://c.example.org/x&amp;y.png 2x, //d.example.org/z.png 1x">'
        "<style>p{background:url('cid:a@b')}</style><img src='cid:unknown'>"
    )
    done = carrying(html, own)
    assert done.html == (
        '<p>cid:a@b</p><a href="https://c.example.org/x&amp;y.png">cid:a@b</a>'
        '<img src="data:image/png;base64,AA" alt="cid:a@b"><img src="data:image/png;base64,AA">'
        '<td background="data:image/png;base64,AA" '
        'style="background:url(data:image/png;base64,AA) #fff">'
        '<img srcset="data:,x 2x, //d.example.org/z.png 1x">'
        "<style>p{background:url('data:image/png;base64,AA')}</style><img src='cid:unknown'>"
    )
    assert done.remote == ("//d.example.org/z.png",)


def test_on_paper_the_letter_looks_as_on_a_screen() -> None:
    html = (
        "<style>@media only screen and (max-width:480px){p{color:red}}@media print{p{color:blue}}"
        ".screen{color:green}</style>"
    )
    shown = views(html, {})[0].html
    assert "@media all and (max-width:480px){" in shown
    assert "@media not all{" in shown
    assert ".screen{color:green}" in shown
