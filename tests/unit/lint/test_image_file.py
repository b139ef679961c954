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
    for name in ("ferry.jpg", "паром.png", "ferry.gif", "ferry.webp", "ferry.bmp", "ferry.tif"):
        ferry.save(folder / name)
    where = Image.Exif()
    where.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 0.0)})
    ferry.save(folder / "home.jpg", exif=where)
    ferry.save(folder / "screen.jpg", "PNG")
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "moves.webp", save_all=True, append_images=frames[1:])
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "empty.jpg").touch()
    (folder / "text.jpg").write_text("no picture")
    return tmp_path


@pytest.mark.parametrize("name", ["ferry.jpg", "паром.png", "ferry.gif", "home.jpg", "screen.jpg"])
def test_files_that_mail_programs_show_are_fine(project: Path, places: Places, name: str) -> None:
    assert places("image-file", picture(f"pictures/{name}")) == []
    assert places("image-file", f"intro: |\n  ![A ferry](pictures/{name})") == []


@pytest.mark.parametrize(
    "src",
    [
        "pictures/drawing.svg",
        "pictures/empty.jpg",
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


@pytest.mark.parametrize("name", ["ferry.webp", "ferry.bmp", "ferry.tif"])
def test_a_file_that_is_changed_for_mail_programs_is_a_note(
    project: Path, places: Places, name: str
) -> None:
    assert places("image-file", picture(f"pictures/{name}")) == ["4:12 info"]
    assert places("image-file", f"intro: |\n  ![A ferry](pictures/{name})") == ["2:3 info"]


def test_a_picture_that_will_not_move_any_more_is_a_warning(project: Path, places: Places) -> None:
    assert places("image-file", picture("pictures/moves.webp")) == ["4:12 warning"]


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
