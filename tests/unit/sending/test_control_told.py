"""Whoever sits before a sending reads what others wish of it."""

from __future__ import annotations

import contextlib
import time

import pytest

from newsletter.database.states import Control
from newsletter.delivery.campaigns import Campaigns
from newsletter.sending.proposal import propose
from newsletter.sending.run import run
from newsletter.sending.start import start
from tests.unit.delivery.kit import NOON, Clock
from tests.unit.sending.desk import SLUG, Desk

PATIENCE = 60.0
"""Seconds after which a sending that does not follow is given up."""


@pytest.mark.parametrize(
    ("then", "said"),
    [
        (Control.RUNNING, "It goes on."),
        (Control.CANCELLED, "Cancelled: what is in hand is finished, and nobody else gets it."),
    ],
)
def test_a_pause_and_its_end_are_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, then: Control, said: str
) -> None:
    monkeypatch.setattr("newsletter.sending.run.now", Clock())
    desk.readers(3)
    desk.configure('rate = "1/h"')
    told: list[str] = []
    deadline = time.monotonic() + PATIENCE
    with contextlib.closing(desk.open()) as project:
        campaigns = Campaigns(project.database)
        campaign = start(project, propose(project, project.find_own(SLUG)), NOON)
        wishes = [Control.PAUSED, then]

        def somebody_wishes() -> bool:
            if desk.outbox and len(told) == 2 - len(wishes) and wishes:
                campaigns.control(campaign, wishes.pop(0))
            return len(told) == 2 or time.monotonic() > deadline

        summary = run(project, campaign, stop=somebody_wishes, tell=told.append)
    assert told == [f"Paused. It waits for: newsletter resume {SLUG}", said]
    assert summary.states["accepted"] == 1
