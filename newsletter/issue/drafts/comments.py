"""Comments in the margin of a draft: they stay there, and are spoken of."""

from __future__ import annotations

from newsletter.issue.drafts.blocks import Remark


def comment_dropped(said: str, line: int) -> Remark:
    """What is said of a comment: that it did not come along, and what it was."""
    shown = said if len(said) <= 80 else f"{said[:79]}…"
    message = f"a comment is left out: “{shown}”" if shown else "a comment is left out"
    return Remark(
        line, "comment-dropped", message, "Readers never see it; settle it if it is open."
    )
