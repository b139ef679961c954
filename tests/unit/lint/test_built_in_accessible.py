"""The template that we ship passes every check of accessibility, by day and by night."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter.findings import Severity
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.cascade import Scheme, cascade
from newsletter.lint.context import Context
from newsletter.lint.engine import examine
from newsletter.lint.registry import rules
from newsletter.lint.rule import Group
from newsletter.lint.styles import styles, visible_text
from newsletter.project import Project

ROOT = Path(__file__).parents[3]
ISSUES = sorted((*(ROOT / "issues").glob("*.yaml"), *(ROOT / "tests/issues/clean").glob("*.yaml")))
ACCENTS = ["#0b5c6b", "#ffff00", "#000000", "#ffffff", "#e3342f"]
OURS = {Group.ACCESSIBILITY, Group.TEXT, Group.INBOX, Group.PRIVACY, Group.SPAM}


@pytest.fixture(scope="module", params=ACCENTS)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    settings = (ROOT / "newsletter.toml").read_text(encoding="utf-8")
    settings = settings.replace("#0b5c6b", request.param)
    settings += '\n[lint]\nown_hosts = ["example.org", "example.com"]\n'
    (root / "newsletter.toml").write_text(settings, encoding="utf-8")
    shutil.copytree(ROOT / "issues", root / "issues")
    for path in ISSUES:
        if not (root / "issues" / path.name).exists():
            shutil.copy(path, root / "issues")
    return Project.open(root, environment={})


@pytest.fixture(params=[path.name for path in ISSUES])
def context(request: pytest.FixtureRequest, project: Project) -> Context:
    manuscript = project.manuscript(project.issues_folder / request.param)
    assert isinstance(manuscript, Manuscript)
    return project.lint_context(manuscript, project.render(manuscript))


def test_nothing_is_wrong_with_it(context: Context) -> None:
    asked = [rule for rule in rules() if rule.group in OURS]
    found = [d.finding for d in examine(context, asked)]
    assert [str(f) for f in found if f.severity is not Severity.INFO] == []


def test_its_colours_are_known_by_day_and_by_night(context: Context) -> None:
    """Else the check of contrast would have nothing to say."""
    root = context.document.root
    assert cascade(root).is_dark
    for scheme in Scheme:
        looks = styles(root, scheme)
        shown = [looks[element] for element, text in visible_text(root, scheme) if text.strip()]
        assert len(shown) > 20
        assert all(look.colour and look.ground and look.size for look in shown)
    by_day, by_night = (styles(root, scheme) for scheme in Scheme)
    body = next(root.iter("p"))
    assert by_day[body].ground != by_night[body].ground
