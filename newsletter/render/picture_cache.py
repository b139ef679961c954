"""Pictures that were made ready before, kept in a folder of files.

Everything in it can be made anew: it may be deleted at any time, and a folder that cannot be
written means only that pictures are made ready again in each process. Several processes may share
it: an entry is written whole or not at all, and equal keys have equal content.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.files import write_atomically
from newsletter.findings import Severity
from newsletter.render.picture_encode import PIPELINE, Encoded
from newsletter.render.picture_file import PictureProblem

MAX_ENTRIES = 10_000
"""More than an archive of 500 issues needs, about a gigabyte. Then the oldest tenth is removed."""


@dataclass(frozen=True, slots=True)
class PictureCache:
    """A folder of pictures made ready.

    Attributes:
        folder: Made when the first one is kept.
    """

    folder: Path

    def get(self, digest: str, width: int) -> Encoded | None:
        """What was kept, or None: nothing, or not whole any more.

        Args:
            digest: SHA-256 in hex of the original.
            width: Pixels that were asked for.
        """
        try:
            content = self._path(digest, width).read_bytes()
        except OSError:
            return None
        head, _, data = content.partition(b"\n")
        try:
            entry = json.loads(head)
            if entry.pop("sha256") != hashlib.sha256(data).hexdigest():
                return None
            remark = entry.pop("remark")
            if remark:
                message, hint, severity = remark
                remark = PictureProblem(message, hint, Severity(severity))
            return Encoded(**entry, data=data, remark=remark)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, digest: str, width: int, picture: Encoded) -> None:
        """Keep a picture, if that is possible."""
        remark = picture.remark
        entry = {
            "content_type": picture.content_type,
            "width": picture.width,
            "remark": remark and [remark.message, remark.hint, remark.severity],
            "sha256": hashlib.sha256(picture.data).hexdigest(),
        }
        try:
            write_atomically(
                self._path(digest, width), json.dumps(entry).encode() + b"\n" + picture.data
            )
            self._keep_small()
        except (NewsletterError, OSError):
            return  # read-only, or full: the picture is made anew next time

    def _path(self, digest: str, width: int) -> Path:
        import PIL

        # Another Pillow may write other bytes; a letter must not depend on what was kept when.
        return self.folder / f"{digest[:40]}-{width}-{PIPELINE}-{PIL.__version__}"

    def _keep_small(self) -> None:
        with os.scandir(self.folder) as entries:
            names = [entry.path for entry in entries]
        if len(names) <= MAX_ENTRIES:
            return
        files = sorted((Path(name) for name in names), key=_age)
        for file in files[: len(files) - MAX_ENTRIES * 9 // 10]:
            file.unlink(missing_ok=True)


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # another process has removed it
        return 0.0
