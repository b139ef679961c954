"""The web version is shown with pictures from here, wherever they will be hosted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.errors import TemplateError
from newsletter.preview.web_version import WebVersion, web_version
from newsletter.project import Project


def made(folder: Path, issue: Path) -> WebVersion:
    project = Project.open(folder)
    manuscript = project.manuscript(issue)
    return web_version(project, manuscript, project.render(manuscript), "/token/web-picture")


def test_it_is_a_page_with_its_pictures(folder: Path, issue: Path) -> None:
    page = made(folder, issue)
    assert page.html.lstrip().lower().startswith("<!doctype html>")
    assert "Night ferry returns" in page.html
    sources = re.findall(r'src="([^"]+)"', page.html)
    assert sources
    for source in sources:
        folder_of, _, name = source.partition("?")[0].rpartition("/")
        assert folder_of == "/token/web-picture"
        assert page.pictures[name].data.startswith(b"\x89PNG")
    assert "cid:" not in page.html
    assert "<script" not in page.html


def test_pictures_that_will_be_hosted_are_shown_from_here(folder: Path, issue: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + 'assets_url = "https://cdn.example.org/pictures"\n')
    page = made(folder, issue)
    assert page.pictures
    for name in page.pictures:
        assert f"/token/web-picture/{name}" in page.html
        assert f"https://cdn.example.org/pictures/{name}" not in page.html


def test_it_is_anonymous(folder: Path, issue: Path) -> None:
    html = made(folder, issue).html
    assert "Alex Example" not in html
    assert "neighbour" in html


def test_equal_pages_have_equal_digests_and_others_have_not(folder: Path, issue: Path) -> None:
    first = made(folder, issue).digest
    assert made(folder, issue).digest == first
    issue.write_text(issue.read_text().replace("Night ferry returns", "The ferry returns"))
    assert made(folder, issue).digest != first


@pytest.mark.parametrize("template", ["{% endif %}", "{{ 1 / 0 }}", "{% include 'none' %}"])
def test_a_template_that_fails_is_said(folder: Path, issue: Path, template: str) -> None:
    (shipped,) = (Path(__file__).parents[3] / "templates" / "web").glob("*.j2")
    own = folder / "templates" / "web" / shipped.name
    own.parent.mkdir(parents=True)
    own.write_text(template)
    with pytest.raises(TemplateError):
        made(folder, issue)
