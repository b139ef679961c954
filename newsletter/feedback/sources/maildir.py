"""A Maildir: a file a message; new ones in ``new``, those that were seen in ``cur``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from newsletter.errors import FeedbackError
from newsletter.feedback.sources.base import LONGEST, Disposal, Letter

_FLAGS = ":2,"


class Maildir:
    """Reads what nobody has seen yet.

    A mail program that looks into the Maildir moves messages to ``cur``; until it marks them as
    seen (``S``), they are read there. Messages for people stay where they are, as they are.

    Args:
        path: The folder that holds ``new``, ``cur`` and ``tmp``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Iterator[Letter]:
        """The unseen messages, the oldest first as far as their names tell."""
        for file in self._unseen():
            try:
                with file.open("rb") as opened:
                    data = opened.read(LONGEST)
            except FileNotFoundError:  # somebody else has put it away
                continue
            except OSError as error:
                raise FeedbackError(
                    f"cannot read {file}: {error.strerror}", "See that this user may read it."
                ) from error
            yield Letter(str(file), data)

    def _unseen(self) -> list[Path]:
        found: list[Path] = []
        try:
            for name in ("new", "cur"):
                folder = self._path / name
                if folder.is_dir():
                    found += (f for f in folder.iterdir() if not f.name.startswith("."))
        except OSError as error:
            raise FeedbackError(
                f"cannot read {self._path}: {error.strerror}", "See that this user may read it."
            ) from error
        unseen = (file for file in found if "S" not in _flags(file.name))
        return sorted((file for file in unseen if file.is_file()), key=lambda file: file.name)

    def settle(self, letters: Sequence[tuple[Letter, Disposal]]) -> None:
        """Move what was recorded to ``cur``, marked as seen."""
        for letter, disposal in letters:
            if disposal is not Disposal.PUT_AWAY:
                continue
            file = Path(letter.place)
            base, _, _ = file.name.partition(_FLAGS)
            flags = "".join(sorted({*_flags(file.name), "S"}))
            try:
                (self._path / "cur").mkdir(mode=0o700, exist_ok=True)
                file.rename(self._path / "cur" / f"{base}{_FLAGS}{flags}")
            except FileNotFoundError:
                continue
            except OSError as error:
                raise FeedbackError(
                    f"cannot move {file}: {error.strerror}", "See that this user may write there."
                ) from error

    def wait(self, seconds: float) -> None:
        """Look again in two seconds: not all file systems tell when something comes."""
        time.sleep(min(seconds, 2))

    def close(self) -> None:
        """Nothing is open."""


def _flags(name: str) -> str:
    return name.partition(_FLAGS)[2]
