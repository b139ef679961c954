"""A provider that takes many letters in a request gets many, whatever domains they go to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import Accepted, Outcome
from newsletter.delivery.sender import deliver
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.base import Message, together
from newsletter.delivery.transports.batches import BatchChannel
from newsletter.render.edition import Edition
from tests.databases import on_both
from tests.unit.delivery.kit import NOON, make_sender

SIZE = 40


class Provider:
    """Takes many letters in a request, and a moment for each request."""

    leaves_machine = False

    def __init__(self, ledger: Ledger, connections: int) -> None:
        self.connections = connections
        self.together = SIZE
        self.requests: list[int] = []
        self.most_on_record = 0
        self._ledger = ledger

    def describe(self) -> str:
        return "a provider"

    def channel(self) -> BatchChannel:
        return BatchChannel(self._take, SIZE)

    def _take(self, messages: Sequence[Message]) -> Iterator[Outcome]:
        self.requests.append(len(messages))
        time.sleep(0.05)
        on_record = self._ledger.counts().get("attempting", 0)
        self.most_on_record = max(self.most_on_record, on_record)
        return iter([Accepted("ok")] * len(messages))


@on_both
@pytest.mark.parametrize("connections", [1, 2])
def test_requests_are_filled_and_no_more_are_in_doubt_than_fit_into_them(
    start: Callable[[int], Ledger], edition: Edition, connections: int
) -> None:
    ledger = start(600)
    provider = Provider(ledger, connections)
    summary = deliver(ledger, edition, make_sender(), provider, clock=lambda: NOON)
    assert summary.states == {"accepted": 600}
    assert max(provider.requests) <= SIZE
    assert len(provider.requests) <= 60, provider.requests
    assert provider.most_on_record <= SIZE * connections


def test_a_transport_says_how_many_it_takes_together(tmp_path: Path) -> None:
    def opened(url: str) -> int:
        return together(open_transport(url, root=tmp_path, hello="example.org"))

    assert opened("postmark:?sandbox=1&batch=7") == 7
    assert opened("smtp://127.0.0.1:25?security=none") == 1
    assert opened("maildir:outbox") == 1
