"""A newsletter with issues in several languages, and its archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PIL import Image

from newsletter.project import Project
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.gather import gather
from newsletter.web.archive.site import Site

USUAL = (
    'name = "The Harbour Letter"',
    'from = "letter@example.org"',
    'list_id = "letter.example.org"',
    'base_url = "https://example.org/letter"',
    'archive_url = "https://example.org/letter/archive/{slug}"',
)


def make_project(folder: Path, *lines: str, usual: tuple[str, ...] = USUAL) -> Project:
    (folder / "issues" / "pictures").mkdir(parents=True, exist_ok=True)
    (folder / "newsletter.toml").write_text("\n".join([*usual, *lines]) + "\n", encoding="utf-8")
    return Project.open(folder, {})


def write_issue(project: Project, slug: str, **fields: Any) -> Path:
    said = {
        "subject": f"The letter of {slug}",
        "preheader": "Also: the library keeps its roof",
        "date": slug[:10],
        "sections": [{"headline": "The ferry leaves at eight", "body": "Every morning."}],
        **fields,
    }
    path = project.issues_folder / f"{slug}.yaml"
    # A mapping of JSON is one of YAML; keys on lines of their own, as editors write them.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def draw_picture(project: Project, name: str = "harbour.jpg") -> dict[str, Any]:
    Image.new("RGB", (1200, 800), "#345").save(project.issues_folder / "pictures" / name)
    return {"src": f"pictures/{name}", "alt": "The harbour at sunrise"}


def site_of(project: Project, *, search: bool = False, files: bool = False) -> Site:
    gathered = gather(project, None)
    assert not gathered.broken, gathered.broken
    addresses = (Addresses.of_files if files else Addresses.of)(project.settings)
    return Site(project, gathered.collection, addresses, search=search)


def body(site: Site, name: str) -> str:
    resource = site.get(name)
    assert resource is not None, name
    return resource.body.decode()


def in_three_languages(project: Project) -> None:
    """Two weeks, the later one in English, Ukrainian and Arabic."""
    write_issue(project, "2026-11-13", title="After the high water")
    write_issue(project, "2026-11-20", title="The boat sails on")
    write_issue(
        project,
        "2026-11-20.uk",
        title="Паром іде далі",
        language="uk",
        sections=[{"headline": "Рада залишає паром", "body": "Сьомеро проти чотирьох."}],
    )
    write_issue(
        project,
        "2026-11-20.ar",
        title="العبّارة تواصل رحلاتها",
        language="ar",
        sections=[{"headline": "المجلس يُبقي العبّارة", "body": "سبعة مقابل أربعة."}],
    )
