from __future__ import annotations

import email
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from newsletter.cli.main import run
from tests.unit.render.pictures_kit import (
    exif,
    holds_secret,
    photo,
    saved,
    telling_jpeg,
    telling_png,
)

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
base_url = "https://example.com"
"""

ISSUE = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
intro: |
  Look: ![The quay](pictures/quay.png)
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
    image: {src: pictures/Ines_Marrow_home.jpg, alt: A ferry}
  - kind: picture
    image: {src: pictures/telephone.jpg, alt: A ferry, width: 200}
"""

NAMES = ("Ines_Marrow_home.jpg", "quay.png", "telephone.jpg")

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose pictures tell where they were taken; the user stands in its folder."""
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION)
    pictures = tmp_path / "issues" / "pictures"
    pictures.mkdir(parents=True)
    second = photo(320, 240).rotate(180)
    mpo = saved(photo(640, 480), "MPO", save_all=True, append_images=[second], exif=exif())
    for name, data in zip(NAMES, (telling_jpeg(), telling_png(), mpo), strict=True):
        assert holds_secret(data)
        (pictures / name).write_bytes(data)
    (tmp_path / "issues" / "2026-11-20.yaml").write_text(ISSUE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSLETTER_ASSETS_URL", raising=False)
    return tmp_path


def test_the_files_are_written_once_and_stay(project: Path, capsys: Output) -> None:
    assert run(["assets", "build", "-o", "public/assets"]) == 0
    out, err = capsys.readouterr()
    *lines, summary = out.splitlines()
    files = {path: path.stat().st_mtime_ns for path in Path("public/assets").iterdir()}
    assert {line.partition(" (")[0] for line in lines} == set(map(str, files))
    assert all(re.search(r" \(\d+ KiB\)$", line) for line in lines)
    assert re.fullmatch(r"3 pictures, \d+ KiB, in public/assets: 3 written now\.", summary)
    assert "until assets_url is set" in err
    (project / "public/assets/of-an-earlier-letter.jpg").touch()
    assert run(["assets", "build", "-o", "public/assets"]) == 0
    out, _ = capsys.readouterr()
    assert out.count(", there already\n") == 3
    assert out.endswith(": 0 written now.\n")
    assert {path: path.stat().st_mtime_ns for path in files} == files
    assert (project / "public/assets/of-an-earlier-letter.jpg").exists()


def test_the_letter_names_exactly_these_files(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("NEWSLETTER_ASSETS_URL", "https://assets.example.org/letter/")
    assert run(["assets", "build", "-o", "out"]) == 0
    assert "until assets_url is set" not in capsys.readouterr().err
    assert run(["render"]) == 0
    html = (project / "rendered/2026-11-20.html").read_text()
    named = set(re.findall(r'src="https://assets\.example\.org/letter/([^"]+)"', html))
    assert named == {path.name for path in (project / "out").iterdir()}
    assert len(named) == 3
    assert all(re.fullmatch(r"[0-9a-f]{16}-\d+\.(jpg|png)", name) for name in named)


def test_nothing_tells_where_when_or_by_whom_a_picture_was_taken(project: Path) -> None:
    """Neither in the message, nor in the hosted files, nor in the name of either."""
    assert run(["assets", "build", "-o", "out"]) == 0
    assert run(["render"]) == 0
    files = list((project / "out").iterdir())
    assert len(files) == 3
    assert not any(holds_secret(path.read_bytes()) for path in files)
    for path in files:
        with Image.open(path) as image:
            assert not image.getexif()
    data = (project / "rendered/2026-11-20.eml").read_bytes()
    message = email.message_from_bytes(data)
    parts = [part for part in message.walk() if part.get_content_maintype() == "image"]
    assert len(parts) == 3
    for part in parts:
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        assert not holds_secret(content)
    assert {part.get_filename() for part in parts} == {path.name for path in files}
    for name in NAMES:
        assert name.encode() not in data
    assert not holds_secret(data)
    page = (project / "rendered/2026-11-20.html").read_bytes()
    assert b"Ines" not in page


def test_the_originals_and_their_folder_are_left_alone(project: Path) -> None:
    folder = project / "issues" / "pictures"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert run(["assets", "build", "-o", "out"]) == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_file_that_was_cut_off_is_written_anew(project: Path) -> None:
    assert run(["assets", "build", "-o", "out"]) == 0
    file = next((project / "out").iterdir())
    whole = file.read_bytes()
    file.write_bytes(whole[:100])
    assert run(["assets", "build", "-o", "out"]) == 0
    assert file.read_bytes() == whole


def test_only_the_issues_that_are_named(project: Path, capsys: Output) -> None:
    other = ISSUE.replace("2026-11-20", "2026-11-27").replace("telephone.jpg", "other.jpg")
    (project / "issues/2026-11-27.yaml").write_text(other)
    Image.new("RGB", (300, 200), "red").save(project / "issues/pictures/other.jpg")
    assert run(["assets", "build", "2026-11-20", "-o", "out"]) == 0
    assert len(list((project / "out").iterdir())) == 3
    assert run(["assets", "build", "-o", "out"]) == 0
    assert len(list((project / "out").iterdir())) == 4
    assert capsys.readouterr().out.endswith("out: 1 written now.\n")


def test_a_picture_with_a_problem_is_a_finding_and_the_others_are_written(
    project: Path, capsys: Output
) -> None:
    (project / "issues/pictures/quay.png").write_text("<svg/>")
    assert run(["assets", "build", "-o", "out"]) == 1
    out, err = capsys.readouterr()
    assert "2 pictures" in out
    assert err.startswith(
        'issues/2026-11-20.yaml:5:9: error: the picture "pictures/quay.png" is an SVG, which '
        "mail programs do not show. Export it as PNG. [image-file]\n"
    )


def test_an_issue_that_cannot_be_read_does_not_stop_the_others(
    project: Path, capsys: Output
) -> None:
    (project / "issues/2026-11-27.yaml").write_text("subject: Hello\n")
    wrong = ISSUE.replace("2026-11-20", "2026-12-04") + "template: gone\n"
    (project / "issues/2026-12-04.yaml").write_text(wrong)
    assert run(["assets", "build", "-o", "out"]) == 1
    out, err = capsys.readouterr()
    assert "3 pictures" in out
    assert "issues/2026-11-27.yaml:1:1: error: " in err
    assert "Not built: 2026-11-27.yaml is not a valid issue" in err
    assert "Not built: 2026-12-04: " in err


def test_for_programs_it_is_one_document(project: Path, capsys: Output) -> None:
    assert run(["assets", "build", "-o", "out", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [asset["new"] for asset in said["assets"]] == [True, True, True]
    assert all(Path(asset["path"]).stat().st_size == asset["size"] for asset in said["assets"])
    assert said["findings"] == said["failed"] == []


def test_without_pictures_there_is_nothing_to_host(project: Path, capsys: Output) -> None:
    plain = ISSUE.partition("intro:")[0] + "sections:\n  - {headline: A, body: Words.}\n"
    (project / "issues/2026-11-20.yaml").write_text(plain)
    assert run(["assets", "build", "-o", "out"]) == 0
    assert capsys.readouterr().out == "There are no files to host.\n"
    assert not (project / "out").exists()


def test_a_folder_that_cannot_be_written_is_two_lines(project: Path, capsys: Output) -> None:
    (project / "out").write_text("a file")
    assert run(["assets", "build", "-o", "out/deep"]) == 1
    assert "Error: cannot write out/deep/" in capsys.readouterr().err
    assert run(["assets", "build", "-o", "out"]) == 2


def test_the_second_rendering_takes_pictures_from_the_cache(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newsletter.render import pictures

    assert run(["render", "-o", "first"]) == 0
    assert len(list((project / ".newsletter/cache/pictures").iterdir())) == 3
    monkeypatch.setattr(pictures, "_memory", pictures._Memory())
    monkeypatch.setattr(pictures, "encode", lambda *_: pytest.fail("made again"))
    assert run(["render", "-o", "second"]) == 0
    for name in ("2026-11-20.html", "2026-11-20.eml"):
        assert (project / "first" / name).read_bytes() == (project / "second" / name).read_bytes()
