from __future__ import annotations

import pytest

from newsletter.cli.progress import _lines
from newsletter.delivery.sender import Progress


def test_without_a_terminal_a_line_is_said_every_ten_seconds(
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 0.0
    show = _lines(lambda: now)
    for done in range(1, 301):
        now = done / 8  # eight readers a second
        show(Progress(done, 1200, {"accepted": done - 2, "failed": 2}))
    assert capsys.readouterr().err.splitlines() == [
        "80 of 1,200, 8/s, 2 min left, 2 failed",
        "160 of 1,200, 8/s, 2 min left, 2 failed",
        "240 of 1,200, 8/s, 2 min left, 2 failed",
    ]
