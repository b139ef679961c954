from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from newsletter.findings import Finding
from newsletter.lint.rules import image_weight

Findings = Callable[..., list[Finding]]


@cache
def noise(width: int, seed: int) -> Image.Image:
    """A see-through picture without any order: four bytes a pixel, however it is packed."""
    content = random.Random(seed).randbytes(width * width * 4)
    return Image.frombytes("RGBA", (width, width), content)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "issues" / "pictures"
    folder.mkdir(parents=True)
    return folder


def pictures(*names: str) -> str:
    return "sections:\n" + "".join(
        f"  - kind: picture\n    image: {{src: pictures/{name}, alt: A ferry}}\n" for name in names
    )


def test_a_heavy_original_that_becomes_light_is_fine(folder: Path, findings: Findings) -> None:
    opaque = noise(1000, 1).convert("RGB").resize((4000, 3000))
    opaque.save(folder / "ferry.png")
    assert (folder / "ferry.png").stat().st_size > 5 * 2**20
    assert findings("image-weight", pictures("ferry.png")) == []


def test_a_picture_that_stays_heavy_is_named_with_its_weight(
    folder: Path, findings: Findings
) -> None:
    noise(600, 1).save(folder / "cut-out.png")
    (found,) = findings("image-weight", pictures("cut-out.png", "cut-out.png"))
    assert (found.line, found.column, found.severity) == (3, 18, "warning")
    assert found.message == 'the picture "pictures/cut-out.png" is sent with 1.4 MiB'
    (found,) = findings("image-weight", "intro: |\n  Look: ![A ferry](pictures/cut-out.png)")
    assert (found.line, found.column) == (2, 9)


def test_shown_smaller_it_may_be_light(folder: Path, findings: Findings) -> None:
    noise(600, 1).save(folder / "cut-out.png")
    piece = pictures("cut-out.png").replace("alt:", "width: 200, alt:")
    assert findings("image-weight", piece) == []


def test_many_pictures_together_are_a_note(folder: Path, findings: Findings) -> None:
    names = [f"{seed}.png" for seed in range(6)]
    for seed, name in enumerate(names):
        noise(400, seed).save(folder / name)
    assert findings("image-weight", pictures(*names[:4])) == []
    (found,) = findings("image-weight", pictures(*names))
    assert (found.line, found.column, found.severity) == (1, 1, "info")
    assert found.message == "the pictures of this letter have 3.7 MiB together"


def test_a_message_that_servers_may_refuse_is_a_warning(
    folder: Path, findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    noise(400, 1).save(folder / "1.png")
    noise(400, 2).save(folder / "2.png")
    monkeypatch.setattr(image_weight, "MESSAGE", 2**20)
    (found,) = findings("image-weight", pictures("1.png", "2.png"))
    assert found.severity == "warning"
    assert found.message == (
        "the pictures make a message of 1.7 MiB; many servers take no more than 1"
    )
    assert "assets build" in found.hint


def test_what_is_elsewhere_or_missing_has_no_weight(folder: Path, findings: Findings) -> None:
    piece = pictures("gone.png").replace("pictures/gone.png", "https://example.com/ferry.png")
    assert findings("image-weight", piece) == []
    assert findings("image-weight", pictures("gone.png")) == []
