"""Finding the picture that an editor means: an https address, or a file of the project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from newsletter.findings import Severity


@dataclass(frozen=True, slots=True)
class PictureProblem:
    """What an editor should know of a picture, and what to do about it.

    Attributes:
        message: One sentence without a full stop at the end.
        hint: Full sentences; empty if there is nothing to do.
        severity: An error if the picture cannot be shown; else it is, in the way that is told.
    """

    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    def about(self, src: str) -> PictureProblem:
        """The same of the picture that an editor named."""
        return PictureProblem(
            f'the picture "{short(src)}" {self.message}', self.hint, self.severity
        )


def is_remote(src: str) -> bool:
    """Whether a source is an https address."""
    return bool(re.match(r"(?i)https://[^\s/]", src))


def short(src: str) -> str:
    """A source as a message shows it: 80 characters at most."""
    return src if len(src) <= 80 else f"{src[:79]}…"


def find_file(src: str, manuscript_path: Path, root: Path) -> Path | PictureProblem:
    """The file that a source means, links resolved; whether it is a picture is not looked at.

    Args:
        src: The source as the editor wrote it.
        manuscript_path: The issue file; files are looked for beside it, then in ``root``.
        root: Folder of the project; nothing outside it is read.
    """
    if re.match(r"(?i)[a-z][a-z0-9+.-]+:|//", src):
        return PictureProblem(
            f'the address of the picture "{short(src)}" does not start with https://',
            "Use an https:// address, or a file beside the issue.",
        )
    root = root.resolve()
    try:
        candidates = [(folder / src).resolve() for folder in (manuscript_path.parent, root)]
        path = next((c for c in candidates if c.is_file()), None)
    except (OSError, ValueError, RuntimeError):  # name too long, NUL, a circle of links
        path, candidates = None, []
    if any(not c.is_relative_to(root) for c in ([path] if path else candidates)):
        return PictureProblem(
            f'the picture "{short(src)}" is outside the project',
            "Copy it into the project, beside the issue.",
        )
    if path is None:
        hint = "Put the file beside the issue, or mend its name."
        if "\\" in src:
            hint = "Write folders with /, like pictures/harbour.jpg."
        return PictureProblem(f'there is no picture "{short(src)}"', hint)
    return path
