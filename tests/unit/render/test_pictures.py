from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from newsletter.render import pictures
from newsletter.render.pictures import Pictures, picture_problem


@pytest.fixture
def manuscript_path(root: Path) -> Path:
    return root / "issues" / "2026-11-20.yaml"


def test_a_file_beside_the_issue_travels_inside_the_message_once(
    root: Path, manuscript_path: Path
) -> None:
    placing = Pictures(manuscript_path, root)
    first = placing.place("pictures/harbour.jpg", limit=536)
    again = placing.place("issues/pictures/harbour.jpg", limit=536, wanted=200)
    assert first is not None
    assert again is not None
    assert (first.width, again.width) == (536, 200)
    (image,) = placing.embedded
    assert first.src == again.src == f"cid:{image.cid}"
    assert (image.filename, image.content_type) == ("harbour.jpg", "image/jpeg")
    assert image.data == (root / "issues/pictures/harbour.jpg").read_bytes()
    assert re.fullmatch(r"[0-9a-f]{32}@picture", image.cid)


def test_a_hosted_file_is_named_by_its_way_from_the_root(root: Path, manuscript_path: Path) -> None:
    (root / "issues/pictures/harbour.jpg").rename(root / "issues/pictures/Old mole.jpg")
    placing = Pictures(manuscript_path, root, "https://assets.example.org/letter")
    placed = placing.place("pictures/Old mole.jpg", limit=536)
    assert placed is not None
    assert placed.src == "https://assets.example.org/letter/issues/pictures/Old%20mole.jpg"
    assert placing.embedded == ()


def test_an_https_address_is_used_as_it_is(root: Path, manuscript_path: Path) -> None:
    placing = Pictures(manuscript_path, root)
    placed = placing.place("https://example.org/a.jpg", limit=536, wanted=900)
    assert placed is not None
    assert (placed.src, placed.width) == ("https://example.org/a.jpg", 536)
    assert picture_problem("https://example.org/a.jpg", manuscript_path, root) is None


def test_a_small_picture_is_not_blown_up_and_a_turned_one_is_measured_as_shown(
    root: Path, manuscript_path: Path
) -> None:
    Image.new("RGB", (120, 80)).save(root / "issues/small.gif")
    turned = Image.new("RGB", (400, 300))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(root / "issues/turned.jpg", exif=exif)
    placing = Pictures(manuscript_path, root)
    widths = [placing.place(name, limit=536) for name in ("small.gif", "turned.jpg")]
    assert [placed.width for placed in widths if placed] == [120, 300]


@pytest.mark.parametrize(
    ("src", "message"),
    [
        ("pictures/gone.jpg", 'there is no picture "pictures/gone.jpg"'),
        ("pictures", 'there is no picture "pictures"'),
        ("pictures\\harbour.jpg", "there is no picture"),
        ("../../outside.jpg", 'the picture "../../outside.jpg" is outside the project'),
        ("../../nowhere.jpg", "is outside the project"),
        ("/etc/passwd", 'the picture "/etc/passwd" is outside the project'),
        ("link.jpg", 'the picture "link.jpg" is outside the project'),
        ("folder/outside.jpg", "is outside the project"),
        ("note.jpg", 'the picture "note.jpg" is not a picture that mail programs show'),
        ("page.svg", "is not a picture that mail programs show"),
        ("photo.webp", 'the picture "photo.webp" is of type WEBP'),
        ("cut.jpg", 'the picture "cut.jpg" cannot be read: it is damaged'),
        ("cut.png", "cannot be read: it is damaged"),
        ("http://example.org/a.jpg", "does not start with https://"),
        ("//example.org/a.jpg", "does not start with https://"),
        ("file:///etc/passwd", "does not start with https://"),
        ("data:image/png;base64,AAAA", "does not start with https://"),
        ("javascript:alert(1)", "does not start with https://"),
        ("https://example.org/{{ name }}.gif", "has a merge field in it"),
        ("a\0b.jpg", "there is no picture"),
        ("x" * 5000, "there is no picture"),
    ],
)
def test_a_picture_that_cannot_be_shown_says_why(
    root: Path, manuscript_path: Path, src: str, message: str
) -> None:
    issues = root / "issues"
    outside = root.parent / "outside.jpg"
    good = (issues / "pictures/harbour.jpg").read_bytes()
    outside.write_bytes(good)
    (issues / "link.jpg").symlink_to(outside)
    (issues / "folder").symlink_to(root.parent)
    (issues / "note.jpg").write_text("not a picture")
    (issues / "page.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (issues / "cut.jpg").write_bytes(good[: len(good) // 2])
    Image.effect_noise((64, 64), 50).save(issues / "cut.png")
    (issues / "cut.png").write_bytes((issues / "cut.png").read_bytes()[:900])
    Image.new("RGB", (10, 10)).save(issues / "photo.webp")
    problem = picture_problem(src, manuscript_path, root)
    assert problem is not None
    assert message in problem.message
    assert problem.hint
    assert Pictures(manuscript_path, root).place(src, limit=536) is None


def test_too_many_pixels_or_bytes_are_refused_before_they_are_decoded(
    root: Path, manuscript_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("1", (20_000, 20_000)).save(root / "issues/bomb.png")
    problem = picture_problem("bomb.png", manuscript_path, root)
    assert problem is not None
    assert "far too many pixels" in problem.message
    monkeypatch.setattr(pictures, "MAX_BYTES", 1000)
    (root / "issues/big.jpg").write_bytes(b"x" * 1001)
    problem = picture_problem("big.jpg", manuscript_path, root)
    assert problem is not None
    assert "MB" in problem.message


def test_a_mended_file_is_looked_at_again(root: Path, manuscript_path: Path) -> None:
    file = root / "issues" / "later.png"
    file.write_text("nothing yet")
    assert picture_problem("later.png", manuscript_path, root) is not None
    Image.new("RGB", (10, 10)).save(file)
    assert picture_problem("later.png", manuscript_path, root) is None


def test_a_picture_that_tells_where_it_was_taken_is_not_passed_on(
    root: Path, manuscript_path: Path
) -> None:
    path = root / "issues/pictures/home.jpg"
    where = Image.Exif()
    where.get_ifd(0x8825).update({1: "N", 2: (53.0, 54.0, 0.0)})
    Image.new("RGB", (20, 20)).save(path, exif=where)
    placing = Pictures(manuscript_path, root)
    assert placing.place("pictures/home.jpg", limit=536) is None
    assert placing.embedded == ()
    problem = picture_problem("pictures/home.jpg", manuscript_path, root)
    assert problem is not None
    assert "position where it was taken" in problem.message
