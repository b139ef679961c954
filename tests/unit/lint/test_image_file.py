from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from newsletter.findings import Finding

Places = Callable[..., list[str]]


def picture(src: str) -> str:
    return f"""
sections:
  - kind: picture
    image:
      src: "{src}"
      alt: A ferry
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project's folder with pictures of several types beside its issue."""
    folder = tmp_path / "issues" / "pictures"
    folder.mkdir(parents=True)
    ferry = Image.new("RGB", (8, 8))
    for name in ("ferry.jpg", "паром.png", "ferry.gif", "ferry.webp", "ferry.bmp"):
        ferry.save(folder / name)
    (folder / "text.jpg").write_text("no picture")
    return tmp_path


@pytest.mark.parametrize("name", ["ferry.jpg", "паром.png", "ferry.gif"])
def test_files_that_mail_programs_show_are_fine(project: Path, places: Places, name: str) -> None:
    assert places("image-file", picture(f"pictures/{name}")) == []
    assert places("image-file", f"intro: |\n  ![A ferry](pictures/{name})") == []


@pytest.mark.parametrize(
    "src",
    [
        "pictures/ferry.webp",
        "pictures/ferry.bmp",
        "pictures/text.jpg",
        "pictures/missing.jpg",
        "../../../../../etc/hostname",
        "/etc/hostname",
        "http://example.com/ferry.jpg",
        "data:image/png;base64,AAAA",
        "file:///etc/hostname",
    ],
)
def test_what_readers_would_not_see_is_an_error(project: Path, places: Places, src: str) -> None:
    assert places("image-file", picture(src)) == ["4:12 error"]


def test_the_type_of_a_picture_elsewhere_is_guessed_and_only_warns(places: Places) -> None:
    assert places("image-file", picture("https://example.com/ferry.jpg?v=1.webp")) == []
    assert places("image-file", picture("https://example.com/ferry.WebP?v=1")) == ["4:12 warning"]


def test_pictures_inside_a_text_are_found_where_they_stand(
    project: Path, findings: Callable[..., list[Finding]]
) -> None:
    first, second = findings(
        "image-file",
        """
        intro: |
          Look at ![the ferry](pictures/ferry.jpg) and ![two](http://example.com/2.jpg).

          > [![three](pictures/missing.jpg)](https://example.com/)
        """,
    )
    assert (first.line, first.column) == (2, 48)
    assert first.message.endswith("does not start with https://")
    assert (second.line, second.column) == (4, 6)
    assert second.message == 'there is no picture "pictures/missing.jpg"'
