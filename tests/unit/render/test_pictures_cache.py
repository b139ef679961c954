from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.findings import Severity
from newsletter.render import picture_cache, pictures
from newsletter.render.picture_cache import PictureCache
from newsletter.render.picture_encode import Encoded
from newsletter.render.picture_file import PictureProblem
from newsletter.render.pictures import ReadyPicture, find_picture
from tests.unit.render.pictures_kit import photo, saved

DIGEST = hashlib.sha256(b"original").hexdigest()
REMARK = PictureProblem("is of type WEBP", "", Severity.INFO)
PICTURE = Encoded("image/png", 12, b"\x89PNG\r\n\n\0", REMARK)

Look = Callable[[PictureCache | None], ReadyPicture]


@pytest.fixture
def cache(tmp_path: Path) -> PictureCache:
    return PictureCache(tmp_path / "cache" / "pictures")


@pytest.fixture
def look(root: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """The picture of a project, as a process sees it that has just started."""

    def run(cache: PictureCache | None) -> ReadyPicture:
        monkeypatch.setattr(pictures, "_memory", pictures._Memory())
        issue = root / "issues" / "2026-11-20.yaml"
        found = find_picture("pictures/harbour.jpg", issue, root, width=536, cache=cache)
        assert isinstance(found, ReadyPicture)
        return found

    return run


def only_entry(cache: PictureCache) -> Path:
    (entry,) = cache.folder.iterdir()
    return entry


def test_what_is_kept_comes_back_as_it_was(cache: PictureCache) -> None:
    assert cache.get(DIGEST, 24) is None
    cache.put(DIGEST, 24, PICTURE)
    assert cache.get(DIGEST, 24) == PICTURE
    assert cache.get(DIGEST, 25) is None


def test_a_kept_picture_is_not_made_again_and_gives_the_same_bytes(
    look: Look, cache: PictureCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = look(cache)
    monkeypatch.setattr(pictures, "encode", lambda *_: pytest.fail("made again"))
    assert look(cache) == fresh


def test_without_a_cache_the_picture_is_the_same(look: Look, cache: PictureCache) -> None:
    assert look(None) == look(cache) == look(cache)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: b"{}\n" + data.partition(b"\n")[2],
        lambda data: b"[1]\n" + data.partition(b"\n")[2],
        lambda data: b"\xff\xfe\n",
        lambda data: data.replace(b'"remark": null', b'"remark": [1]'),
    ],
)
def test_a_damaged_entry_is_noticed_and_made_anew(
    look: Look, cache: PictureCache, damage: Callable[[bytes], bytes]
) -> None:
    fresh = look(cache)
    entry = only_entry(cache)
    whole = entry.read_bytes()
    entry.write_bytes(damage(whole))
    assert look(cache) == fresh
    assert entry.read_bytes() == whole


def test_a_folder_that_cannot_be_written_does_not_matter(look: Look, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder would be")
    assert look(PictureCache(tmp_path / "cache" / "pictures")) == look(None)


def test_a_changed_original_is_another_entry(look: Look, cache: PictureCache, root: Path) -> None:
    look(cache)
    (root / "issues/pictures/harbour.jpg").write_bytes(saved(photo(), "JPEG"))
    look(cache)
    assert len(list(cache.folder.iterdir())) == 2


def test_another_pillow_or_pipeline_does_not_use_what_this_one_kept(
    cache: PictureCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.put(DIGEST, 24, PICTURE)
    with monkeypatch.context() as patch:
        patch.setattr("PIL.__version__", "99.0")
        assert cache.get(DIGEST, 24) is None
    with monkeypatch.context() as patch:
        patch.setattr(picture_cache, "PIPELINE", 99)
        assert cache.get(DIGEST, 24) is None
    assert cache.get(DIGEST, 24) == PICTURE


def test_it_does_not_grow_without_end(cache: PictureCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_cache, "MAX_ENTRIES", 10)
    for number in range(11):
        cache.put(DIGEST, number, PICTURE)
        for entry in cache.folder.glob(f"*-{number}-*"):
            os.utime(entry, (number, number))
    assert len(list(cache.folder.iterdir())) == 9
    assert cache.get(DIGEST, 0) is None
    assert cache.get(DIGEST, 10) == PICTURE


def test_several_processes_may_share_it(root: Path, cache: PictureCache) -> None:
    """Four processes that begin together all see the same, and one whole entry is left."""
    program = """
import sys
from pathlib import Path
from newsletter.render.picture_cache import PictureCache
from newsletter.render.pictures import find_picture

root, cache = map(Path, sys.argv[1:])
found = find_picture(
    "pictures/harbour.jpg", root / "issues/a.yaml", root, width=536, cache=PictureCache(cache)
)
print(found.name, len(found.data))
"""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, root, cache.folder], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = {process.communicate()[0] for process in started}
    assert len(said) == 1
    assert all(process.returncode == 0 for process in started)
    only_entry(cache)
