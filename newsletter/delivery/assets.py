"""The pictures of letters as files, for the web server or bucket behind ``assets_url``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.files import write_atomically
from newsletter.render.edition import EmbeddedImage


@dataclass(frozen=True, slots=True)
class Asset:
    """A hosted file.

    Attributes:
        path: Where it stands.
        size: Bytes.
        new: Whether it was written now; else it was there already.
    """

    path: Path
    size: int
    new: bool


def write_assets(images: Iterable[EmbeddedImage], folder: Path) -> Iterator[Asset]:
    """Write each picture once, under the name by which letters find it. Nothing is deleted.

    A file that is there with other content (cut off while it was copied) is written anew.

    Args:
        images: Pictures of any number of letters.
        folder: Made if it is missing.

    Raises:
        NewsletterError: A file cannot be written; those written before it are whole.
    """
    done: set[str] = set()
    for image in images:
        if image.filename in done:
            continue
        done.add(image.filename)
        path = folder / image.filename
        new = not _holds(path, image.data)
        if new:
            write_atomically(path, image.data)
        yield Asset(path, len(image.data), new)


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False
