"""Whatever is saved becomes a letter, or a reason in words why there is none."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.preview.build import build, say
from newsletter.project import Project


def test_a_good_issue_becomes_a_letter(folder: Path, issue: Path) -> None:
    made = build(Project.open(folder), issue)
    assert made.galley is not None
    assert made.manuscript is not None
    assert made.manuscript.issue.subject == "The night ferry is back"
    assert made.digest == hashlib.sha256(issue.read_bytes()).hexdigest()
    assert (made.findings, made.trouble) == ((), None)


def test_what_is_no_issue_has_findings_with_their_lines(folder: Path, issue: Path) -> None:
    issue.write_text(issue.read_text().replace("preheader:", "preheadr:"))
    made = build(Project.open(folder), issue)
    assert made.galley is None
    assert made.trouble is None
    assert 2 in {finding.line for finding in made.findings}
    assert made.digest


def test_a_file_that_has_gone_is_said_by_its_name(folder: Path, issue: Path) -> None:
    issue.unlink()
    made = build(Project.open(folder), issue)
    assert made.digest == ""
    assert made.trouble is not None
    assert "2026-11-20.yaml cannot be read" in made.trouble.message


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("<mjml>{% endif %}</mjml>", "default.mjml.j2:1"),
        ("<mjml>{{ 1 / 0 }}</mjml>", "default.mjml.j2"),
        ("{% include 'none.j2' %}", "none.j2"),
        ("no MJML at all", ""),
        ("{% for x in range(10 ** 9) %}{% endfor %}", ""),
    ],
)
def test_a_template_that_fails_is_said(folder: Path, issue: Path, template: str, said: str) -> None:
    own = folder / "templates" / "default.mjml.j2"
    own.parent.mkdir()
    own.write_text(template)
    made = build(Project.open(folder), issue)
    assert made.galley is None
    assert made.manuscript is None
    assert made.trouble is not None
    assert said in made.trouble.message
    assert "Traceback" not in made.trouble.message


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_picture_that_is_missing_or_comes_from_elsewhere_is_left_out_and_found(
    folder: Path, issue: Path, is_linked: bool
) -> None:
    picture = folder / "issues" / "pictures" / "ferry.png"
    elsewhere = folder.parent / "secret.png"
    picture.rename(elsewhere)
    if is_linked:
        picture.symlink_to(elsewhere)
    project = Project.open(folder)
    made = build(project, issue)
    assert made.galley is not None
    assert (made.galley.edition.images, made.galley.files) == ((), ())
    assert any("ferry.png" in finding.message for finding in project.check(issue))


def test_an_error_is_said_in_few_words() -> None:
    assert say(NewsletterError("no such thing", "Look again.")) == "no such thing"
    assert say(ValueError("of no use")) == "ValueError: of no use"
    assert say(ValueError()) == "ValueError"
