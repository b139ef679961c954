"""Whether readers' data is about to get into git."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def could_be_committed(path: Path) -> bool:
    """Whether a file lies in a git work tree that does not ignore it; False without git."""
    git = shutil.which("git")
    if git is None:
        return False
    path = path.absolute()
    answer = subprocess.run(  # noqa: S603 - no shell, and the path is one argument
        [git, "-C", str(path.parent), "check-ignore", "--quiet", "--", str(path)],
        capture_output=True,
        check=False,
    )
    return answer.returncode == 1  # 0: ignored, 128: no work tree
