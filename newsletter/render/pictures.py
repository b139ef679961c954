"""Pictures: from what an editor wrote to what a mail client can show.

A picture is an https address, or a file of the project. Files are made ready for readers
(``newsletter.render.picture_encode``) and travel inside the message (``cid:``, RFC 2392) until the
newsletter says where its files are hosted. A picture that cannot be shown never stops a letter: its
alternative text stands in, and ``picture_problem`` says what is wrong.

The original's name says who took it, where, or with what, so readers never get it. What they get is
named by what it was made from: the original's content, the width and the version of the pipeline.
The same original has the same name on every machine, whichever encoder is installed there, so that
a letter sent from one finds the pictures that another has put on the web.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.issue.merge_field import FIELD
from newsletter.render.edition import EmbeddedImage
from newsletter.render.picture_cache import PictureCache
from newsletter.render.picture_encode import PIPELINE, Encoded, encode
from newsletter.render.picture_file import PictureProblem, find_file, is_remote, short

MAX_BYTES = 50 * 2**20
"""Files larger than this are not opened; photographs of the best cameras have half of it."""

DENSITY = 2
"""Pixels of the file for each pixel of its shown width: telephones have two or three."""

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}

_MEMORY = 64 * 2**20  # bytes of pictures that a process keeps; an issue's are one or two million


@dataclass(frozen=True, slots=True)
class ReadyPicture:
    """A file of the project as readers get it.

    Attributes:
        name: What its file is called, ``0f3c….jpg``; equal for equal originals.
        content_type: ``image/jpeg``, ``image/png`` or ``image/gif``.
        width: Pixels from left to right.
        data: The file.
        remark: What was changed that an editor should know, or None.
    """

    name: str
    content_type: str
    width: int
    data: bytes
    remark: PictureProblem | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture as the letter shows it: value of ``src``, and width in whole pixels."""

    src: str
    width: int


def picture_problem(
    src: str, manuscript_path: Path, root: Path, *, width: int
) -> PictureProblem | None:
    """What an editor should know of a picture, or None; see ``find_picture`` for the arguments."""
    if is_remote(src) and not FIELD.search(src):
        return None
    found = find_picture(src, manuscript_path, root, width=width)
    return found if isinstance(found, PictureProblem) else found.remark


def find_picture(
    src: str,
    manuscript_path: Path,
    root: Path,
    *,
    width: int,
    cache: PictureCache | None = None,
) -> ReadyPicture | PictureProblem:
    """The picture of the project that a source means, ready for readers, or why there is none.

    Args:
        src: The source as the editor wrote it; not an https address.
        manuscript_path: The issue file; files are looked for beside it, then in ``root``.
        root: Folder of the project; nothing outside it is read.
        width: Shown width in pixels at most; the file has up to ``DENSITY`` times as many.
        cache: Where pictures made ready are kept; without it, only in memory.
    """
    if FIELD.search(src):
        return PictureProblem(
            f'the address of the picture "{short(src)}" has a merge field in it',
            "Give all readers the same picture; another one each would tell who looked at it.",
        )
    path = find_file(src, manuscript_path, root)
    if isinstance(path, PictureProblem):
        return path
    ready = _ready(path, width * DENSITY, cache)
    if isinstance(ready, PictureProblem):
        return ready.about(src)
    return replace(ready, remark=ready.remark and ready.remark.about(src))


class Pictures:
    """Places the pictures of one letter and remembers its files.

    Args:
        manuscript_path: The issue file.
        root: Folder of the project.
        assets_url: Where the project's files are hosted, without a slash at the end; empty to
            embed them.
        cache: Where pictures made ready are kept; without it, only in memory.
    """

    def __init__(
        self,
        manuscript_path: Path,
        root: Path,
        assets_url: str = "",
        cache: PictureCache | None = None,
    ) -> None:
        self._manuscript_path = manuscript_path
        self._root = root
        self._assets_url = assets_url
        self._cache = cache
        self._files: dict[str, EmbeddedImage] = {}

    @property
    def files(self) -> tuple[EmbeddedImage, ...]:
        """The project's pictures in the letter, each once, in order of appearance."""
        return tuple(self._files.values())

    def place(self, src: str, *, limit: int, wanted: int | None = None) -> Placed | None:
        """How a picture is shown, or None if it cannot be.

        Args:
            src: The source as the editor wrote it.
            limit: Width of the column in pixels.
            wanted: Width in pixels that the editor asked for.
        """
        width = min(limit, wanted or limit)
        if is_remote(src) and not FIELD.search(src):
            return Placed(src, width)
        found = find_picture(src, self._manuscript_path, self._root, width=width, cache=self._cache)
        if isinstance(found, PictureProblem):
            return None
        width = min(width, found.width)
        # Equal letters have equal bytes, and no host name is told.
        cid = f"{found.name.partition('.')[0]}@picture"
        self._files[cid] = EmbeddedImage(cid, found.name, found.content_type, found.data)
        hosted = self._assets_url
        return Placed(f"{hosted}/{found.name}" if hosted else f"cid:{cid}", width)


_Key = tuple[Path, int, int, int]


class _Memory:
    """What one process has made ready or read, the oldest forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[_Key, ReadyPicture | PictureProblem] = {}
        self._bytes = 0

    def get(self, key: _Key) -> ReadyPicture | PictureProblem | None:
        return self._pictures.get(key)

    def put(self, key: _Key, picture: ReadyPicture | PictureProblem) -> None:
        with self._lock:
            if key in self._pictures:
                return
            self._pictures[key] = picture
            self._bytes += _weight(picture)
            while self._bytes > _MEMORY and len(self._pictures) > 1:
                oldest = next(iter(self._pictures))
                self._bytes -= _weight(self._pictures.pop(oldest))


_memory = _Memory()


def _weight(picture: ReadyPicture | PictureProblem) -> int:
    return 1000 + (len(picture.data) if isinstance(picture, ReadyPicture) else 0)


def _ready(path: Path, width: int, cache: PictureCache | None) -> ReadyPicture | PictureProblem:
    # Kept by size and time of change: making one ready takes 50 to 300 ms, a preview asks often.
    try:
        state = path.stat()
        key = (path, state.st_size, state.st_mtime_ns, width)
        if known := _memory.get(key):
            return known
        if state.st_size > MAX_BYTES:
            size, most = state.st_size // 2**20, MAX_BYTES // 2**20
            return PictureProblem(f"has {size} MB, more than {most}", "Make it smaller.")
        original = path.read_bytes()
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}"
        return PictureProblem(said, "Check its permissions.")
    digest = hashlib.sha256(original).hexdigest()
    encoded: Encoded | PictureProblem | None = cache.get(digest, width) if cache else None
    if encoded is None:
        encoded = encode(original, width)
        if cache and isinstance(encoded, Encoded):
            cache.put(digest, width, encoded)
    ready = encoded if isinstance(encoded, PictureProblem) else _named(encoded, digest, width)
    _memory.put(key, ready)
    return ready


def _named(picture: Encoded, digest: str, width: int) -> ReadyPicture:
    made_from = hashlib.sha256(f"{PIPELINE} {width} {digest}".encode()).hexdigest()
    return ReadyPicture(
        f"{made_from[:16]}-{picture.width}.{_ENDINGS[picture.content_type]}",
        picture.content_type,
        picture.width,
        picture.data,
        picture.remark,
    )
