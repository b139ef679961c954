"""Each of several relays is told its own password and no other one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from newsletter.delivery.outcome import Accepted, Outcome
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.base import Envelope, Message, Transport
from newsletter.delivery.transports.passwords import relay_passwords
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError
from tests.feed import RecordingFeed
from tests.smtp import RealServer, free_port, real_server

A, B = "smtp://ada@mail.example.org", "smtps://bob@mail.example.net"
FIRST, SECOND = ("ada", "the first secret"), ("bob", "#2 secret")


def urls(*texts: str) -> list[TransportUrl]:
    return [TransportUrl.parse(text) for text in texts]


@pytest.mark.parametrize(
    ("relays", "text", "found"),
    [
        ([A], "secret", ("secret",)),
        ([A], "a pass phrase", ("a pass phrase",)),
        ([A], "secret\r\n", ("secret",)),
        ([A], "mail.example.org a pass phrase", ("a pass phrase",)),
        ([A], "# ours\nmail.example.org secret\nmail.example.net other", ("secret",)),
        ([A, B], "mail.example.org one\nmail.example.net two three", ("one", "two three")),
        ([B, A], "\nMAIL.example.org one\n\n  mail.example.net\ttwo \r\n", ("two", "one")),
        ([A, "smtp://mail.example.net"], "secret", ("secret", "")),
        (["smtp://mail.example.org"], "secret", ("",)),
        (
            [A, "smtp://bob@mail.example.org:2525", "smtps://eve@mail.example.org"],
            "mail.example.org:465 c\nmail.example.org:2525 b\nmail.example.org a",
            ("a", "b", "c"),
        ),
        (["smtp://ada@[::1]:2525", A], "[::1]:2525 one\nmail.example.org two", ("one", "two")),
        (["smtp://ada@[::1]", A], "::1 one\nmail.example.org two", ("one", "two")),
    ],
)
def test_a_relay_has_the_password_of_its_line(
    relays: list[str], text: str, found: tuple[str, ...]
) -> None:
    assert relay_passwords(text, urls(*relays)) == found


@pytest.mark.parametrize(
    ("relays", "text", "said"),
    [
        ([A], "", "no password for ada at mail.example.org"),
        ([A, B], "", "no password for ada at mail.example.org"),
        ([A, B], "secret", "line 1 of the passwords"),
        ([A, B], "one secret for both", "no password for ada at mail.example.org"),
        ([A, B], "mail.example.org secret", "no password for bob at mail.example.net"),
        ([A, B], "mail.example.org secret\nmail.example.net", "line 2 of the passwords"),
        ([A, B], "mail.example.net secret\nmail.example.net secret", "has one already"),
        ([A, B], "mail.example.org:25 secret\nmail.example.net secret", "no password for ada"),
        ([A], "mail.example.net secret", "no password for ada at mail.example.org"),
        ([A], "mail.example.net secret\nother.example.net secret", "no password for ada"),
    ],
)
def test_without_a_line_of_its_own_nothing_is_opened_and_nothing_repeated(
    relays: list[str], text: str, said: str
) -> None:
    with pytest.raises(TransportConfigurationError) as wrong:
        open_transport(" ".join(relays), root=Path(), password=text, hello="example.org")
    assert said in wrong.value.message
    assert "secret" not in wrong.value.message + wrong.value.hint


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def servers(authority: trustme.CA) -> Iterator[tuple[RealServer, RealServer]]:
    """Two relays, one at 127.0.0.1 and one at localhost; each knows one login."""
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    with contextlib.ExitStack() as stack:
        first, second = (
            stack.enter_context(real_server(certificate=certificate, login=login))
            for login in (FIRST, SECOND)
        )
        yield first, second


def opened(
    folder: Path, authority: trustme.CA, ports: tuple[int, int], *lines: str, options: str = ""
) -> Transport:
    authority.cert_pem.write_to_path(folder / "ca.pem")
    relays = (f"smtp://ada@127.0.0.1:{ports[0]}", f"smtp://bob@localhost:{ports[1]}")
    return open_transport(
        " ".join(f"{relay}?ca=ca.pem{options}" for relay in relays),
        root=folder,
        password="\n".join(lines),
        hello="example.org",
    )


def hand_over(transport: Transport, messages: list[Message], channels: int = 1) -> list[Outcome]:
    feed = RecordingFeed(messages)
    try:
        asyncio.run(feed.through(transport, channels))
    except* TransportConfigurationError as group:
        raise group.exceptions[0] from None
    return list(feed.outcomes.values())


def letters(number: int) -> list[Message]:
    return [
        Message.whole(
            Envelope("bounces@example.org", f"reader{n}@example.com"),
            f"<{n}@example.org>",
            b"Subject: Hello\r\n\r\nHello\r\n",
        )
        for n in range(number)
    ]


def test_two_relays_hear_their_own_passwords_only(
    tmp_path: Path,
    authority: trustme.CA,
    servers: tuple[RealServer, RealServer],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    first, second = servers
    lines = (f"127.0.0.1 {FIRST[1]}", f"localhost {SECOND[1]}")
    ports = (first.port, second.port)
    transport = opened(tmp_path, authority, ports, *lines, options="&messages=1&connections=1")
    outcomes = hand_over(transport, letters(6), channels=2)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(first.inbox.copies) + len(second.inbox.copies) == 6
    assert set(first.inbox.logins) == {FIRST}
    assert set(second.inbox.logins) == {SECOND}
    ours = [record.getMessage() for record in caplog.records if "newsletter" in record.name]
    assert not any("secret" in line for line in [*ours, repr(transport), transport.describe()])


def test_who_stands_in_for_a_relay_is_not_told_its_password(
    tmp_path: Path, authority: trustme.CA, servers: tuple[RealServer, RealServer]
) -> None:
    _, second = servers
    lines = (f"127.0.0.1 {FIRST[1]}", f"localhost {SECOND[1]}")
    transport = opened(tmp_path, authority, (free_port(), second.port), *lines)
    assert all(isinstance(outcome, Accepted) for outcome in hand_over(transport, letters(3)))
    assert set(second.inbox.logins) == {SECOND}


def test_a_wrong_password_of_one_is_not_tried_at_the_other(
    tmp_path: Path, authority: trustme.CA, servers: tuple[RealServer, RealServer]
) -> None:
    first, second = servers
    lines = (f"127.0.0.1 {SECOND[1]}", f"localhost {FIRST[1]}")
    transport = opened(tmp_path, authority, (first.port, second.port), *lines)
    with pytest.raises(TransportConfigurationError, match="535") as refused:
        hand_over(transport, letters(3))
    assert "secret" not in refused.value.message
    assert {login[1] for login in first.inbox.logins} <= {SECOND[1]}
    assert {login[1] for login in second.inbox.logins} <= {FIRST[1]}
