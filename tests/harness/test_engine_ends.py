"""A run always comes to its end, whatever breaks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any, cast

import pytest

from newsletter.delivery.claimed import Claimed
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.message import Recipient
from newsletter.delivery.settlement import Settlement
from newsletter.delivery.workers import Worker
from newsletter.delivery.writer import Writer
from newsletter.errors import DatabaseError
from tests.unit.delivery.kit import NOON


class BrokenLedger:
    """Cannot be written."""

    def keeping(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def write(self, *_: Any, **__: Any) -> None:
        raise DatabaseError("the disk is full")


def a_claim() -> Claimed:
    return Claimed(
        id=1,
        attempts=1,
        message_id="<1@example.org>",
        date=NOON,
        recipient=Recipient(address="reader@example.com", token="token", values={}),
    )


def test_what_is_asked_of_a_writer_that_has_failed_fails_too() -> None:
    async def ask() -> None:
        failed = asyncio.Event()
        failures: list[Exception] = []

        def note(error: Exception, _: Sequence[Settlement]) -> None:
            failures.append(error)
            failed.set()

        writer = Writer(
            cast("Ledger", BrokenLedger()),
            Worker(1),
            lambda: NOON,
            lambda _: None,
            note,
            enough=1,
        )
        writer.begin(a_claim(), lambda _: None)
        writer._thread.join()
        with pytest.raises(DatabaseError):  # not: waiting for ever
            await asyncio.wait_for(writer.run(lambda: None), 1)
        await failed.wait()
        assert len(failures) == 1
        await writer.close()

    asyncio.run(ask())
