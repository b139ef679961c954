"""Pictures: from what an editor wrote to what a mail client can show.

A picture is an https address, or a JPEG, PNG or GIF file of the project. Files travel inside the
message (``cid:``, RFC 2392) until the newsletter says where its files are hosted. A picture
that cannot be shown never stops a letter: its alternative text stands in, and ``picture_problem``
says what is wrong.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from newsletter.render.edition import EmbeddedImage
from newsletter.render.merge import FIELD

MAX_BYTES = 20 * 1024 * 1024
"""Files larger than this are not opened: no mailbox provider takes a message of that size."""

# Pillow's name of a format → media type. MPO is a JPEG with a second picture in it, by phones.
_SHOWN = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif"}
_HINT_TYPE = "Save it as JPEG, PNG or GIF; mail programs do not show other types."


@dataclass(frozen=True, slots=True)
class PictureProblem:
    """Why a picture cannot be shown, and what to do about it."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture of the project.

    Attributes:
        path: The file, links resolved.
        content_type: Its media type, by its content.
        width: Pixels from left to right, as shown.
        height: Pixels from top to bottom, as shown.
    """

    path: Path
    content_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture as the letter shows it: value of ``src``, and width in whole pixels."""

    src: str
    width: int


def is_remote(src: str) -> bool:
    """Whether a source is an https address."""
    return bool(re.match(r"(?i)https://[^\s/]", src))


def picture_problem(src: str, manuscript_path: Path, root: Path) -> PictureProblem | None:
    """What is wrong with a picture, or None.

    Args:
        src: The source as the editor wrote it.
        manuscript_path: The issue file; files are looked for beside it, then in ``root``.
        root: Folder of the project; nothing outside it is read.
    """
    if FIELD.search(src):
        return PictureProblem(
            f'the address of the picture "{_short(src)}" has a merge field in it',
            "Give all readers the same picture; another one each would tell who looked at it.",
        )
    if is_remote(src):
        return None
    found = find_picture(src, manuscript_path, root)
    return found if isinstance(found, PictureProblem) else None


def find_picture(src: str, manuscript_path: Path, root: Path) -> PictureFile | PictureProblem:
    """The file that a source means; see ``picture_problem`` for the arguments."""
    if re.match(r"(?i)[a-z][a-z0-9+.-]+:|//", src):
        return PictureProblem(
            f'the address of the picture "{_short(src)}" does not start with https://',
            "Use an https:// address, or a file beside the issue.",
        )
    root = root.resolve()
    try:
        candidates = [(folder / src).resolve() for folder in (manuscript_path.parent, root)]
        path = next((c for c in candidates if c.is_file()), None)
    except (OSError, ValueError):  # name too long, NUL, a circle of links
        path, candidates = None, []
    if any(not c.is_relative_to(root) for c in ([path] if path else candidates)):
        return PictureProblem(
            f'the picture "{_short(src)}" is outside the project',
            "Copy it into the project, beside the issue.",
        )
    if path is None:
        hint = "Put the file beside the issue, or mend its name."
        if "\\" in src:
            hint = "Write folders with /, like pictures/harbour.jpg."
        return PictureProblem(f'there is no picture "{_short(src)}"', hint)
    try:
        state = path.stat()
    except OSError as error:
        return PictureProblem(
            f'the picture "{_short(src)}" cannot be read: {error.strerror}',
            "Check its permissions.",
        )
    looked = _look(path, state.st_size, state.st_mtime_ns)
    if isinstance(looked, PictureProblem):
        return PictureProblem(f'the picture "{_short(src)}" {looked.message}', looked.hint)
    return looked


@lru_cache(maxsize=256)
def _look(path: Path, size: int, changed: int) -> PictureFile | PictureProblem:  # noqa: ARG001
    # Kept by size and time of change: decoding takes 5 to 50 ms a picture, a preview asks often.
    from PIL import Image, UnidentifiedImageError

    if size > MAX_BYTES:
        return PictureProblem(
            f"has {size // 2**20} MB, more than {MAX_BYTES // 2**20}", "Make it smaller."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.format not in _SHOWN:
                    return PictureProblem(f"is of type {image.format}", _HINT_TYPE)
                width, height = image.size
                if image.getexif().get_ifd(0x8825):  # GPSInfo (Exif 2.32 §4.6.3)
                    return PictureProblem(
                        "holds the position where it was taken",
                        "Export it without location data, so that it gives nobody away.",
                    )
                if image.getexif().get(0x0112, 1) >= 5:  # Orientation: turned by a quarter
                    width, height = height, width
                content_type = _SHOWN[image.format]
                image.draft("RGB", (1, 1))  # JPEG: decodes an eighth, still finds a cut-off file
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return PictureProblem(
            "has far too many pixels", "Make it smaller: 1200 pixels across are enough."
        )
    except UnidentifiedImageError:
        return PictureProblem("is not a picture that mail programs show", _HINT_TYPE)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError):
        # What Pillow's readers raise for damaged files (Pillow 13).
        return PictureProblem("cannot be read: it is damaged or not allowed", "Export it again.")
    return PictureFile(path, content_type, width, height)


def _short(src: str) -> str:
    return src if len(src) <= 80 else f"{src[:79]}…"


class Pictures:
    """Places the pictures of one letter and remembers which ones travel inside it.

    Args:
        manuscript_path: The issue file.
        root: Folder of the project.
        assets_url: Where the project's files are hosted, without a slash at the end; empty to
            embed them.
    """

    def __init__(self, manuscript_path: Path, root: Path, assets_url: str = "") -> None:
        self._manuscript_path = manuscript_path
        self._root = root
        self._assets_url = assets_url
        self._embedded: dict[str, EmbeddedImage] = {}

    @property
    def embedded(self) -> tuple[EmbeddedImage, ...]:
        """The files that travel inside the message, each once, in order of appearance."""
        return tuple(self._embedded.values())

    def place(self, src: str, *, limit: int, wanted: int | None = None) -> Placed | None:
        """How a picture is shown, or None if it cannot be.

        Args:
            src: The source as the editor wrote it.
            limit: Width of the column in pixels.
            wanted: Width in pixels that the editor asked for.
        """
        width = min(limit, wanted or limit)
        if FIELD.search(src):
            return None
        if is_remote(src):
            return Placed(src, width)
        found = find_picture(src, self._manuscript_path, self._root)
        if isinstance(found, PictureProblem):
            return None
        width = min(width, found.width)
        if self._assets_url:
            relative = found.path.relative_to(self._root.resolve()).as_posix()
            return Placed(f"{self._assets_url}/{quote(relative)}", width)
        try:
            data = found.path.read_bytes()
        except OSError:
            return None
        # The content names it: equal letters have equal bytes, and no host name is told.
        cid = f"{hashlib.sha256(data).hexdigest()[:32]}@picture"
        self._embedded.setdefault(
            cid, EmbeddedImage(cid, found.path.name, found.content_type, data)
        )
        return Placed(f"cid:{cid}", width)
