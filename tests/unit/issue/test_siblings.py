from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.errors import NotFoundError
from newsletter.issue.catalogue import find
from newsletter.issue.siblings import chief, language_in_name, shared_slug, siblings


def written(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).write_text("date: 2026-11-20\n")
    return folder / names[0]


@pytest.mark.parametrize(
    ("name", "slug", "language"),
    [
        ("2026-11-20.yaml", "2026-11-20", ""),
        ("2026-11-20.uk.yaml", "2026-11-20", "uk"),
        ("2026-11-20.pt-BR.yml", "2026-11-20", "pt-BR"),
        ("2026-11-20.correction-1.yaml", "2026-11-20.correction-1", ""),
        ("issue.v2.yaml", "issue.v2", ""),
        (".uk.yaml", ".uk", ""),
    ],
)
def test_a_name_tells_the_issue_and_its_language(name: str, slug: str, language: str) -> None:
    path = Path("issues") / name
    assert (shared_slug(path), language_in_name(path)) == (slug, language)


def test_each_sibling_knows_all_others_and_no_stranger(tmp_path: Path) -> None:
    written(tmp_path, "2026-11-20.yaml", "2026-11-20.uk.yaml", "2026-11-20.de.yml")
    written(tmp_path, "2026-11-27.uk.yaml", "2026-11-20.uk.txt", "2026-11-20.v2.yaml")
    for name in ("2026-11-20.yaml", "2026-11-20.uk.yaml"):
        found = siblings(tmp_path / name)
        assert list(found) == ["", "de", "uk"]
        assert found["de"].name == "2026-11-20.de.yml"


@pytest.mark.parametrize(
    ("names", "usual", "first"),
    [
        (["a.uk.yaml", "a.yaml", "a.en.yaml"], "en", "a.yaml"),
        (["a.uk.yaml", "a.en.yaml"], "uk", "a.uk.yaml"),
        (["a.uk.yaml", "a.en.yaml"], "en-GB", "a.en.yaml"),
        (["a.uk.yaml", "a.en.yaml"], "ar", "a.en.yaml"),
        (["a.zh.yaml", "a.yaml"], "zh", "a.yaml"),
    ],
)
def test_one_file_stands_for_all(tmp_path: Path, names: list[str], usual: str, first: str) -> None:
    path = written(tmp_path, *names)
    assert chief(path, usual).name == first
    assert find(tmp_path, "a", usual).name == first
    assert find(tmp_path, None, usual).name == first


def test_one_language_can_be_asked_for(tmp_path: Path) -> None:
    written(tmp_path, "a.uk.yaml", "a.yaml")
    assert find(tmp_path, "a.uk").name == "a.uk.yaml"
    with pytest.raises(NotFoundError):
        find(tmp_path, "a.de")
