from __future__ import annotations

import io
import os
import re
from pathlib import Path

import pytest
from PIL import Image

from newsletter.render import pictures
from newsletter.render.issue import render
from newsletter.render.picture_file import PictureProblem, find_file
from newsletter.render.pictures import Pictures, find_picture, picture_problem
from newsletter.render.publication import Publication
from newsletter.render.templates import BUILT_IN
from tests.unit.render.conftest import MakeEdition, MakeManuscript
from tests.unit.render.pictures_kit import photo, saved


@pytest.fixture
def manuscript_path(root: Path) -> Path:
    return root / "issues" / "2026-11-20.yaml"


def test_a_file_beside_the_issue_travels_inside_the_message_once(
    root: Path, manuscript_path: Path
) -> None:
    placing = Pictures(manuscript_path, root)
    first = placing.place("pictures/harbour.jpg", limit=536)
    again = placing.place("issues/pictures/harbour.jpg", limit=536)
    assert first is not None
    assert first == again
    assert first.width == 536
    (image,) = placing.files
    assert first.src == f"cid:{image.cid}"
    assert re.fullmatch(r"[0-9a-f]{16}-1072@picture", image.cid)
    assert image.filename == image.cid.replace("@picture", ".jpg")
    assert image.content_type == "image/jpeg"
    assert Image.open(io.BytesIO(image.data)).size == (1072, 715)


def test_a_picture_shown_small_has_a_small_file(root: Path, manuscript_path: Path) -> None:
    placing = Pictures(manuscript_path, root)
    placed = placing.place("pictures/harbour.jpg", limit=536, wanted=200)
    assert placed is not None
    assert placed.width == 200
    assert Image.open(io.BytesIO(placing.files[0].data)).width == 400


def test_a_hosted_picture_is_the_same_file_under_the_same_name(
    root: Path, manuscript_path: Path
) -> None:
    embedding = Pictures(manuscript_path, root)
    embedding.place("pictures/harbour.jpg", limit=536)
    hosting = Pictures(manuscript_path, root, "https://assets.example.org/letter")
    placed = hosting.place("pictures/harbour.jpg", limit=536)
    assert placed is not None
    assert placed.src == f"https://assets.example.org/letter/{embedding.files[0].filename}"
    assert hosting.files == embedding.files


def test_the_name_comes_from_the_content_and_tells_nothing_of_the_file(
    root: Path, manuscript_path: Path
) -> None:
    folder = root / "issues/pictures"
    (folder / "Ines Marrow IMG_2041.jpg").write_bytes((folder / "harbour.jpg").read_bytes())
    (folder / "other.jpg").write_bytes(saved(photo(), "JPEG"))
    names = []
    for src in ("pictures/harbour.jpg", "pictures/Ines Marrow IMG_2041.jpg", "pictures/other.jpg"):
        found = find_picture(src, manuscript_path, root, width=536)
        assert not isinstance(found, PictureProblem)
        names.append(found.name)
    assert names[0] == names[1] != names[2]


def test_the_original_is_never_changed(root: Path, manuscript_path: Path) -> None:
    file = root / "issues/pictures/harbour.jpg"
    before = file.read_bytes(), file.stat().st_mtime_ns
    Pictures(manuscript_path, root).place("pictures/harbour.jpg", limit=536)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_pictures_in_a_field_and_inside_a_text_are_made_ready_alike(
    make_edition: MakeEdition,
) -> None:
    fields = {"intro": "![The harbour](pictures/harbour.jpg)"}
    image = {"src": "pictures/harbour.jpg", "alt": "The harbour"}
    edition = make_edition(**fields, sections=[{"kind": "picture", "image": image}])
    (embedded,) = edition.images
    assert edition.html.fill({}).count(f'src="cid:{embedded.cid}"') == 2


def test_an_https_address_is_used_as_it_is(root: Path, manuscript_path: Path) -> None:
    placing = Pictures(manuscript_path, root)
    placed = placing.place("https://example.org/a.jpg", limit=536, wanted=900)
    assert placed is not None
    assert (placed.src, placed.width) == ("https://example.org/a.jpg", 536)
    assert picture_problem("https://example.org/a.jpg", manuscript_path, root, width=536) is None


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
        ("page.svg", 'the picture "page.svg" is an SVG, which mail programs do not show'),
        ("empty.jpg", 'the picture "empty.jpg" is an empty file'),
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
    (issues / "empty.jpg").touch()
    problem = picture_problem(src, manuscript_path, root, width=536)
    assert problem is not None
    assert message in problem.message
    assert problem.hint
    assert Pictures(manuscript_path, root).place(src, limit=536) is None


def test_too_many_pixels_or_bytes_are_refused_before_they_are_decoded(
    root: Path, manuscript_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("1", (20_000, 20_000)).save(root / "issues/bomb.png")
    problem = picture_problem("bomb.png", manuscript_path, root, width=536)
    assert problem is not None
    assert "far too many pixels" in problem.message
    monkeypatch.setattr(pictures, "MAX_BYTES", 1000)
    (root / "issues/big.jpg").write_bytes(b"x" * 1001)
    problem = picture_problem("big.jpg", manuscript_path, root, width=536)
    assert problem is not None
    assert "MB" in problem.message


def test_a_mended_file_is_looked_at_again(root: Path, manuscript_path: Path) -> None:
    file = root / "issues" / "later.png"
    file.write_text("nothing yet")
    assert picture_problem("later.png", manuscript_path, root, width=536) is not None
    Image.new("RGB", (10, 10)).save(file)
    assert picture_problem("later.png", manuscript_path, root, width=536) is None


def test_a_replaced_picture_is_sent_as_it_is_now(root: Path, manuscript_path: Path) -> None:
    file = root / "issues" / "pictures" / "harbour.jpg"
    first = find_picture("pictures/harbour.jpg", manuscript_path, root, width=536)
    file.write_bytes(saved(photo(), "JPEG"))
    second = find_picture("pictures/harbour.jpg", manuscript_path, root, width=536)
    assert not isinstance(first, PictureProblem)
    assert not isinstance(second, PictureProblem)
    assert first.name != second.name


def test_a_process_keeps_no_more_pictures_than_it_may(
    root: Path, manuscript_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "_MEMORY", 20_000)
    for number in range(40):
        os.utime(root / "issues/pictures/harbour.jpg", (number, number))
        find_picture("pictures/harbour.jpg", manuscript_path, root, width=20)
    assert pictures._memory._bytes <= 20_000
    assert len(pictures._memory._pictures) < 20


def test_a_letter_whose_pictures_are_hosted_has_none_inside_and_knows_its_files(
    make_manuscript: MakeManuscript, root: Path
) -> None:
    manuscript = make_manuscript(intro="![The harbour](pictures/harbour.jpg)")
    hosted = Publication("The Harbour Letter", assets_url="https://assets.example.org")
    galley = render(manuscript, hosted, (BUILT_IN,), root=root)
    assert galley.edition.images == ()
    (file,) = galley.files
    assert f'src="https://assets.example.org/{file.filename}"' in galley.edition.html.fill({})


def test_a_circle_of_links_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    found = find_file("loop.jpg", tmp_path / "issue.yaml", tmp_path)
    assert isinstance(found, PictureProblem)
