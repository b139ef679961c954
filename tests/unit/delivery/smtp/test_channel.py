"""Channels over real sockets: several connections, several relays, stops and starts."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.delivery.outcome import Accepted, Failed, Outcome, Unknown
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.smtp.timeouts import Timeouts
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.errors import DatabaseError, TransportConfigurationError, TransportError
from tests.feed import RecordingFeed
from tests.smtp import CLOSE, SILENCE, Moment, OddServer, free_port, odd_server
from tests.unit.delivery.smtp.talk import message

PATIENT = Timeouts(10, 10, 10, 10, 10, 10, 10, 10)


@pytest.fixture(params=[False, True], ids=["plain", "pipelining"])
def pipelining(request: pytest.FixtureRequest) -> bool:
    offered: bool = request.param
    return offered


def relay(server: OddServer, timeouts: Timeouts = PATIENT, messages: int = 0) -> Relay:
    return Relay("127.0.0.1", server.port, "example.org", timeouts=timeouts, messages=messages)


def letters(number: int) -> list[Message]:
    return [
        Message.whole(
            one.envelope, one.message_id, f"To: <{one.envelope.rcpt_to}>\r\n\r\nHello\r\n".encode()
        )
        for one in (message(n) for n in range(1, number + 1))
    ]


def sent(feed: RecordingFeed, transport: SmtpTransport, channels: int = 1) -> list[Outcome]:
    asyncio.run(feed.through(transport, channels))
    assert not feed.in_hand
    return list(feed.outcomes.values())


def recipients(*servers: OddServer) -> list[str]:
    """Who got a copy; a second copy would show."""
    return sorted(name for server in servers for copy in server.copies for name in copy.recipients)


def addresses(messages: list[Message]) -> list[str]:
    return sorted(one.envelope.rcpt_to for one in messages)


def test_a_server_that_closes_after_twenty_messages_loses_none(*, pipelining: bool) -> None:
    def behaviour(moment: Moment) -> str | None:
        return CLOSE if moment.stage == "MAIL" and moment.message > 20 else None

    with odd_server(behaviour, pipelining=pipelining) as server:
        outcomes = sent(RecordingFeed(letters(130)), SmtpTransport([relay(server)]), 3)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert recipients(server) == addresses(letters(130))
    assert 7 <= server.connections < 20


def test_a_connection_carries_no_more_messages_than_it_may(*, pipelining: bool) -> None:
    with odd_server(pipelining=pipelining) as server:
        outcomes = sent(RecordingFeed(letters(7)), SmtpTransport([relay(server, messages=3)]))
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert server.connections == 3
    assert server.lines.count("QUIT") == 3


def test_refused_readers_between_others(*, pipelining: bool) -> None:
    def behaviour(moment: Moment) -> str | None:
        number = int("".join(filter(str.isdigit, moment.line)) or 0)
        return "550 5.1.1 who?" if moment.stage == "RCPT" and number % 3 == 0 else None

    with odd_server(behaviour, pipelining=pipelining) as server:
        feed = RecordingFeed(letters(10))
        sent(feed, SmtpTransport([relay(server)]), 2)
    failed = [name for name, outcome in feed.outcomes.items() if isinstance(outcome, Failed)]
    assert sorted(failed) == ["<3@example.org>", "<6@example.org>", "<9@example.org>"]
    assert len(recipients(server)) == 7
    assert server.connections == 2


def test_a_server_that_asks_for_nobodys_message_gets_an_empty_one() -> None:
    def behaviour(moment: Moment) -> str | None:
        if moment.stage == "RCPT" and "reader1@" in moment.line:
            return "550 5.1.1 who?"
        return "354 go on" if moment.stage == "DATA" else None

    with odd_server(behaviour, pipelining=True) as server:
        outcomes = sent(RecordingFeed(letters(3)), SmtpTransport([relay(server)]))
    assert [type(outcome) for outcome in outcomes] == [Failed, Accepted, Accepted]
    assert recipients(server) == ["reader2@example.com", "reader3@example.com"]
    assert server.connections == 1


# ── several relays ─────────────────────────────────────────────────────────────────────────────


def test_the_work_is_shared_and_a_relay_out_of_reach_is_passed_over(tmp_path: Path) -> None:
    with odd_server() as a, odd_server() as b:
        ports = (a.port, free_port(), b.port)
        url = " ".join(f"smtp://127.0.0.1:{port}?security=none" for port in ports)
        transport = open_transport(url, root=tmp_path, hello="example.org")
        assert isinstance(transport, SmtpTransport)
        outcomes = sent(RecordingFeed(letters(60)), transport, 6)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert recipients(a, b) == addresses(letters(60))
    assert a.copies
    assert b.copies


def test_a_relay_that_is_not_ready_is_passed_over() -> None:
    def busy(moment: Moment) -> str | None:
        return "421 4.3.2 not now" if moment.stage == "greeting" else None

    with odd_server(busy) as bad, odd_server() as good:
        outcomes = sent(RecordingFeed(letters(5)), SmtpTransport([relay(bad), relay(good)]), 2)
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert recipients(good) == addresses(letters(5))


def test_when_no_relay_is_left_the_sending_stops() -> None:
    relays = [Relay("127.0.0.1", free_port(), "example.org") for _ in range(2)]
    feed = RecordingFeed(letters(1))
    with pytest.raises(ExceptionGroup) as caught:
        asyncio.run(feed.through(SmtpTransport(relays)))
    assert caught.group_contains(TransportError, match="cannot reach")
    assert not feed.in_hand


def test_a_mistake_in_the_settings_of_one_relay_is_not_hidden_by_the_other() -> None:
    with odd_server(lambda m: "530 5.7.0 log in" if m.stage == "MAIL" else None) as bad:
        with odd_server() as good, pytest.raises(ExceptionGroup) as caught:
            sent(RecordingFeed(letters(1)), SmtpTransport([relay(bad), relay(good)]))
        assert caught.group_contains(TransportConfigurationError, match="530")


# ── nothing to send for a while ────────────────────────────────────────────────────────────────


def test_a_connection_is_not_kept_while_there_is_nothing_to_send() -> None:
    brief = dataclasses.replace(PATIENT, idle=0.05)

    async def now_and_then(server: OddServer) -> RecordingFeed:
        feed = RecordingFeed(letters(1), ended=False)
        async with asyncio.TaskGroup() as group:
            group.create_task(feed.through(SmtpTransport([relay(server, brief)])))
            while "QUIT" not in server.lines:
                await asyncio.sleep(0.01)
            feed.put(*letters(2)[1:])
            while len(feed.outcomes) < 2:
                await asyncio.sleep(0.01)
            feed.end()
        return feed

    with odd_server() as server:
        asyncio.run(now_and_then(server))
    assert server.connections == 2
    assert recipients(server) == addresses(letters(2))


def test_a_message_on_its_way_keeps_the_connection_when_the_time_to_rest_is_over(
    *, pipelining: bool
) -> None:
    # Each message is begun in the very moment in which it comes, so that whoever waits for one
    # never wakes: a slow rate, and a relay that takes its time.
    brief = dataclasses.replace(PATIENT, idle=0.2)

    async def one_after_another(server: OddServer) -> RecordingFeed:
        loop, coming = asyncio.get_running_loop(), iter(letters(16)[1:])

        def next_one(_message: Message, _outcome: Outcome) -> None:
            if (one := next(coming, None)) is not None:
                loop.call_later(0.002, feed.put, one)

        feed = RecordingFeed(letters(1), ended=False)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            group.create_task(feed.through(SmtpTransport([relay(server, brief)])))
            await asyncio.sleep(0.1)
            feed.on_done = next_one
            next_one(feed.taken[0], feed.outcomes[feed.taken[0].message_id])
            while len(feed.outcomes) < 16:
                await asyncio.sleep(0.01)
            feed.end()
        return feed

    def unhurried(moment: Moment) -> None:
        if moment.stage == "DATA":
            time.sleep(0.04)

    with odd_server(unhurried, pipelining=pipelining) as server:
        asyncio.run(one_after_another(server))
    assert not [copy for copy in server.copies if b"QUIT" in copy.data]
    assert recipients(server) == addresses(letters(16))
    assert (server.connections, server.lines.count("QUIT")) == (1, 1)


def test_a_feed_that_ends_while_a_message_is_on_its_way_waits_for_its_end(
    *, pipelining: bool
) -> None:
    # Somebody pauses a sending in which each message is begun as soon as it comes.
    async def paused(server: OddServer) -> RecordingFeed:
        feed = RecordingFeed(letters(1), ended=False)
        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            group.create_task(feed.through(SmtpTransport([relay(server)])))
            while len(feed.outcomes) < 1:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            feed.put(letters(2)[1])
            await asyncio.sleep(0.05)
            feed.end()
        return feed

    def unhurried(moment: Moment) -> None:
        if moment.stage == "DATA":
            time.sleep(0.2)

    with odd_server(unhurried, pipelining=pipelining) as server:
        feed = asyncio.run(paused(server))
    assert [type(outcome) for outcome in feed.outcomes.values()] == [Accepted, Accepted]
    assert not [copy for copy in server.copies if b"QUIT" in copy.data]


def test_a_server_that_closes_an_idle_connection_is_called_again() -> None:
    async def now_and_then(server: OddServer) -> None:
        feed = RecordingFeed(letters(1), ended=False)
        async with asyncio.TaskGroup() as group:
            group.create_task(feed.through(SmtpTransport([relay(server)])))
            while len(feed.outcomes) < 1:
                await asyncio.sleep(0.01)
            server.hang_up()
            await asyncio.sleep(0.05)
            feed.put(*letters(2)[1:])
            while len(feed.outcomes) < 2:
                await asyncio.sleep(0.01)
            feed.end()

    with odd_server() as server:
        asyncio.run(now_and_then(server))
    assert server.connections == 2
    assert recipients(server) == addresses(letters(2))


# ── stops ──────────────────────────────────────────────────────────────────────────────────────


async def cancelled(
    server: OddServer, feed: RecordingFeed, when: Callable[[], bool], *, twice: bool
) -> None:
    sending = asyncio.create_task(SmtpTransport([relay(server)]).channel().run(feed))
    while not when():
        await asyncio.sleep(0.01)
    sending.cancel()
    if twice:
        await asyncio.sleep(0.05)
        sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending
    assert sending.cancelled()


def test_cancelled_while_a_message_is_on_its_way_it_waits_for_the_answer(
    *, pipelining: bool
) -> None:
    gone: list[bool] = []

    def behaviour(moment: Moment) -> None:
        if moment.stage == "end":
            gone.append(True)
            asyncio.run(asyncio.sleep(0.3))

    feed = RecordingFeed(letters(5))
    with odd_server(behaviour, pipelining=pipelining) as server:
        asyncio.run(cancelled(server, feed, lambda: bool(gone), twice=False))
    assert not feed.in_hand
    assert [type(outcome) for outcome in feed.outcomes.values()] == [Accepted]
    assert recipients(server) == ["reader1@example.com"]


def test_cancelled_twice_it_does_not_wait_and_says_what_is_in_doubt(*, pipelining: bool) -> None:
    feed = RecordingFeed(letters(5))
    with odd_server(
        lambda m: SILENCE if m.stage == "end" else None, pipelining=pipelining
    ) as server:
        asyncio.run(cancelled(server, feed, lambda: "." in server.lines, twice=True))
    assert not feed.in_hand
    assert [type(outcome) for outcome in feed.outcomes.values()] == [Unknown]


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
def test_cancelled_before_the_message_was_sent_it_is_given_back(
    stage: str, *, pipelining: bool
) -> None:
    reached: list[bool] = []

    def behaviour(moment: Moment) -> str | None:
        if moment.stage != stage:
            return None
        reached.append(True)
        return SILENCE

    feed = RecordingFeed(letters(2))
    with odd_server(behaviour, pipelining=pipelining) as server:
        asyncio.run(cancelled(server, feed, lambda: bool(reached), twice=False))
    assert not feed.in_hand
    assert feed.outcomes == {}


def test_an_outcome_that_cannot_be_recorded_stops_the_channel(*, pipelining: bool) -> None:
    def refuse(one: Message, outcome: Outcome) -> None:
        raise DatabaseError("the disk is full")

    feed = RecordingFeed(letters(5), on_done=refuse)
    with odd_server(pipelining=pipelining) as server, pytest.raises(ExceptionGroup) as caught:
        asyncio.run(feed.through(SmtpTransport([relay(server)])))
    assert caught.group_contains(DatabaseError, match="full")
    assert not feed.in_hand
    assert len(server.copies) == len(feed.outcomes) == 1
