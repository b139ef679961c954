"""``newsletter render``: the letter and the page as files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.cli.main import run
from tests.unit.render.pictures_kit import holds_secret, telling_jpeg

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
base_url = "https://example.com"
archive_url = "https://example.com/letters/{slug}"
"""

ISSUE = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
intro: Good morning, {{ name | neighbour }}. [Leave]({{ unsubscribe_url }})
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
    image: {src: pictures/Ines_Marrow_home.jpg, alt: A ferry}
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one issue; the user stands in its folder."""
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION)
    pictures = tmp_path / "issues" / "pictures"
    pictures.mkdir(parents=True)
    (pictures / "Ines_Marrow_home.jpg").write_bytes(telling_jpeg())
    (tmp_path / "issues" / "2026-11-20.yaml").write_text(ISSUE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSLETTER_ASSETS_URL", raising=False)
    return tmp_path


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_page_stands_beside_the_letter_with_its_pictures(project: Path, capsys: Output) -> None:
    assert run(["render"]) == 0
    folder = project / "rendered"
    html = (folder / "2026-11-20.web.html").read_text(encoding="utf-8")
    [picture] = re.findall(r'<img src="([^"]+)"', html)
    assert files(folder) == {
        *(f"2026-11-20.{ending}" for ending in ("html", "txt", "eml", "web.html")),
        picture,
    }
    assert {f"rendered/{name}" for name in files(folder)} == set(capsys.readouterr().out.split())
    assert not holds_secret((folder / picture).read_bytes())
    assert "Ines" not in html


def test_nobody_is_on_the_page(project: Path) -> None:
    """The letter is a sample reader's; the page is nobody's."""
    assert run(["render"]) == 0
    letter = (project / "rendered/2026-11-20.html").read_text(encoding="utf-8")
    page = (project / "rendered/2026-11-20.web.html").read_text(encoding="utf-8")
    [way_out] = set(re.findall(r'href="([^"]*)"[^>]*>Leave', letter))
    assert way_out.startswith("https://example.com/")
    assert way_out not in page
    assert "<p>Good morning, neighbour. Leave</p>" in page
    assert set(re.findall(r'href="([^"]+)"', page)) == {"https://example.com/letters/2026-11-20"}


def test_hosted_pictures_are_not_written_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_ASSETS_URL", "https://assets.example.org/letter")
    assert run(["assets", "build", "-o", "public"]) == 0
    assert run(["render"]) == 0
    assert not (project / "rendered/pictures").exists()
    html = (project / "rendered/2026-11-20.web.html").read_text(encoding="utf-8")
    [name] = re.findall(r'<img src="https://assets\.example\.org/letter/([^"]+)"', html)
    assert files(project / "public") == {name}


def test_a_mistake_in_the_pages_template_is_said_with_its_place(
    project: Path, capsys: Output
) -> None:
    own = project / "templates/web/parts/footer.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("<footer>\n{{ publication.nam }}</footer>")
    assert run(["render"]) != 0
    err = capsys.readouterr().err
    assert "templates/web/parts/footer.html.j2:2" in err
    assert "name" in err
    # What was made before it is whole, and no page is half there.
    assert not (project / "rendered/2026-11-20.web.html").exists()
