"""One exam for every transport: what the sender may rely on, whoever takes the messages."""

from __future__ import annotations

import asyncio
import contextlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from newsletter.delivery.outcome import About, Accepted, Failed, Outcome
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.base import Envelope, Message, Transport
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.errors import TransportConfigurationError
from tests.feed import RecordingFeed
from tests.smtp import RealServer, real_server

PASSWORD = "correct horse"


@dataclass(frozen=True)
class Desk:
    """A transport, and how to see what it delivered."""

    transport: Transport
    delivered: Callable[[], list[bytes]]


def _smtp(root: Path, server: RealServer, url: str, password: str = "") -> Desk:
    transport = open_transport(
        url.format(port=server.port), root=root, password=password, hello="example.org"
    )
    return Desk(transport, lambda: [copy.data for copy in server.inbox.copies])


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["maildir", "smtp", "smtp+starttls", "smtps"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, authority: trustme.CA) -> Iterator[Desk]:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate = authority.issue_cert("localhost")
    login = ("ada@example.org", PASSWORD)
    with contextlib.ExitStack() as stack:
        match request.param:
            case "maildir":
                transport = open_transport("maildir:outbox", root=tmp_path, hello="example.org")

                def files() -> list[bytes]:
                    found = sorted((tmp_path / "outbox/new").iterdir(), key=_age)
                    return [file.read_bytes() for file in found]

                yield Desk(transport, files)
            case "smtp":
                server = stack.enter_context(real_server())
                yield _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
            case "smtp+starttls":
                server = stack.enter_context(real_server(certificate=certificate, login=login))
                url = "smtp://ada%40example.org@localhost:{port}?ca=ca.pem"
                yield _smtp(tmp_path, server, url, PASSWORD)
            case "smtps":
                server = stack.enter_context(
                    # aiosmtpd takes a login only after STARTTLS.
                    real_server(certificate=certificate, tls_first=True)
                )
                yield _smtp(tmp_path, server, "smtps://localhost:{port}?ca=ca.pem")


def _age(file: Path) -> int:
    return file.stat().st_mtime_ns


def message(number: int, body: bytes = b"Hello\r\n") -> Message:
    address = f"reader{number}@example.com"
    return Message.whole(
        Envelope("bounces@example.org", address),
        f"<{number}@example.org>",
        f"To: <{address}>\r\nSubject: {number}\r\n\r\n".encode() + body,
    )


def test_every_message_gets_its_outcome_in_order(desk: Desk) -> None:
    messages = [message(n) for n in (1, 2, 3)]
    outcomes = hand_over(desk.transport, messages)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(outcomes) == 3
    assert sorted(desk.delivered()) == [m.data for m in messages]


@pytest.mark.parametrize(
    "body",
    [
        b".\r\n",
        b"..\r\n",
        b".x\r\n..y\r\n\r\n.\r\n",
        b"a\r\n.\r\nMAIL FROM:<eve@example.net>\r\nRCPT TO:<ada@example.com>\r\nDATA\r\n",
        b"\r\n" * 5,
        b"x" * 998 + b"\r\n",
        b"0123456789\r\n" * 20_000,
    ],
    ids=["dot", "dots", "lines-with-dots", "commands", "empty-lines", "longest-line", "240-KB"],
)
def test_the_bytes_arrive_as_they_were(desk: Desk, body: bytes) -> None:
    outcomes = hand_over(desk.transport, [message(1, body), message(2)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]
    assert sorted(desk.delivered()) == [message(1, body).data, message(2).data]


def test_each_outcome_comes_as_soon_as_it_is_known(desk: Desk) -> None:
    arrived: list[int] = []
    feed = RecordingFeed(
        [message(1), message(2), message(3)],
        on_done=lambda message, outcome: arrived.append(len(desk.delivered())),
    )
    asyncio.run(feed.through(desk.transport))
    assert arrived == [1, 2, 3]


def test_messages_may_come_while_a_channel_waits(desk: Desk) -> None:
    async def send_now_and_then() -> None:
        feed = RecordingFeed([message(1)], ended=False)
        told = asyncio.Event()
        feed.on_done = lambda message, outcome: told.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(feed.through(desk.transport))
            for number in (2, 3):
                await told.wait()
                told.clear()
                feed.put(message(number))
            await told.wait()
            feed.end()
        assert len(feed.outcomes) == 3

    asyncio.run(send_now_and_then())
    assert len(desk.delivered()) == 3


def test_channels_work_side_by_side(desk: Desk) -> None:
    feed = RecordingFeed([message(number) for number in range(20)])
    asyncio.run(feed.through(desk.transport, min(desk.transport.connections, 5)))
    assert len(feed.outcomes) == 20
    assert not feed.in_hand
    assert sorted(desk.delivered()) == sorted(message(number).data for number in range(20))


def test_a_stop_leaves_no_message_without_an_answer(desk: Desk) -> None:
    async def stopped_after_two() -> RecordingFeed:
        feed = RecordingFeed([message(number) for number in range(20)])
        feed.on_done = lambda message, outcome: feed.end() if len(feed.outcomes) >= 2 else None
        await feed.through(desk.transport, min(desk.transport.connections, 3))
        return feed

    feed = asyncio.run(stopped_after_two())
    assert not feed.in_hand
    assert 2 <= len(desk.delivered()) < 20
    assert {type(outcome) for outcome in feed.outcomes.values()} == {Accepted}


def test_a_cancelled_channel_leaves_no_message_without_an_answer(desk: Desk) -> None:
    async def cancelled() -> RecordingFeed:
        feed = RecordingFeed([message(number, b"x" * 70 + b"\r\n") for number in range(200)])
        sending = asyncio.create_task(feed.through(desk.transport))

        def cancel(message: Message, outcome: Outcome) -> None:
            sending.cancel()

        feed.on_done = cancel
        with contextlib.suppress(asyncio.CancelledError):
            await sending
        return feed

    feed = asyncio.run(cancelled())
    assert not feed.in_hand
    assert {type(outcome) for outcome in feed.outcomes.values()} == {Accepted}
    assert len(desk.delivered()) == len(feed.outcomes) < 200


def test_one_transport_serves_again_and_again(desk: Desk) -> None:
    for number in range(3):
        hand_over(desk.transport, [message(number)])
    assert hand_over(desk.transport, []) == []
    assert len(desk.delivered()) == 3


def test_the_description_holds_no_secret(desk: Desk) -> None:
    assert PASSWORD not in desk.transport.describe()
    assert desk.transport.describe().startswith(("maildir:", "smtp://", "smtps://"))
    assert PASSWORD not in repr(vars(desk.transport))


# ── what only one of them promises ─────────────────────────────────────────────────────────────


def test_a_maildir_is_its_owners_and_holds_no_half_message(tmp_path: Path) -> None:
    transport = open_transport("maildir:a/outbox", root=tmp_path, hello="example.org")
    assert not transport.leaves_machine
    hand_over(transport, [message(1), message(1), message(2)])
    outbox = tmp_path / "a/outbox"
    assert [stat.S_IMODE((outbox / part).stat().st_mode) for part in ("", "new", "tmp")] == [
        0o700
    ] * 3
    files = list((outbox / "new").iterdir())
    assert len(files) == 2, "the same message twice is there once"
    assert list((outbox / "tmp").iterdir()) == []
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert not any("@" in file.name or "reader" in file.name for file in files)


def test_each_transaction_has_one_recipient_and_our_sender(tmp_path: Path) -> None:
    with real_server() as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        assert desk.transport.leaves_machine
        hand_over(desk.transport, [message(1), message(2)])
    assert [(c.mail_from, c.recipients) for c in server.inbox.copies] == [
        ("bounces@example.org", ("reader1@example.com",)),
        ("bounces@example.org", ("reader2@example.com",)),
    ]
    assert set(server.inbox.hellos) == {"example.org"}


def test_a_refused_reader_does_not_stop_the_others(tmp_path: Path) -> None:
    with real_server() as server:
        server.inbox.refused["reader2@example.com"] = "550 5.1.1 reader2@example.com unknown"
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        outcomes = hand_over(desk.transport, [message(n) for n in (1, 2, 3)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Failed, Accepted]
    assert outcomes[1] == Failed("550 5.1.1 (address) unknown", About.RECIPIENT)


def test_a_message_above_the_relays_size_is_not_even_begun(tmp_path: Path) -> None:
    with real_server(size=1000) as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        [big, small] = hand_over(
            desk.transport, [message(1, b"x" * 900 + b"\r\n" + b"y" * 900 + b"\r\n"), message(2)]
        )
    assert isinstance(big, Failed)
    assert big.about is About.MESSAGE
    assert "1,000" in big.reason
    assert isinstance(small, Accepted)


@pytest.mark.parametrize("offered", [True, False])
def test_international_addresses_need_a_relay_that_takes_them(
    tmp_path: Path, *, offered: bool
) -> None:
    envelope = Envelope("bounces@example.org", "пример@example.com")
    foreign = Message.whole(envelope, "<9@x>", b"\r\n")
    with real_server(smtputf8=offered) as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        outcomes = hand_over(desk.transport, [message(1), foreign, message(2)])
    assert isinstance(outcomes[0], Accepted)
    assert isinstance(outcomes[2], Accepted)
    if offered:
        assert isinstance(outcomes[1], Accepted)
        assert [any("SMTPUTF8" in option for option in o) for o in server.inbox.options] == [
            False,
            True,
            False,
        ]
    else:
        assert outcomes[1] == Failed(
            f"127.0.0.1:{server.port} does not take addresses like this one (SMTPUTF8)"
        )


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.com>\r\nRCPT TO:<eve@example.net",
        "ada@example.com SIZE=1",
        "ada\n@example.com",
        "ada@example.com\0",
        "",
    ],
)
def test_no_address_becomes_a_command(tmp_path: Path, address: str) -> None:
    bad = Message.whole(Envelope("bounces@example.org", address), "<9@x>", b"\r\n")
    with real_server() as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        [outcome, good] = hand_over(desk.transport, [bad, message(1)])
    assert isinstance(outcome, Failed)
    assert isinstance(good, Accepted)
    assert [copy.recipients for copy in server.inbox.copies] == [("reader1@example.com",)]


@pytest.mark.parametrize(
    "body", [b"a\n.\r\nb\r\n", b"a\r.\rb\r\n", b"a\n.\nb\r\n", b"a\r\n.\rb\r\n", b"no end"]
)
def test_bodies_that_a_lax_server_would_cut_in_two_are_not_sent(
    tmp_path: Path, body: bytes
) -> None:
    with real_server() as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        [outcome] = hand_over(desk.transport, [message(1, body)])
    assert isinstance(outcome, Failed)
    assert server.inbox.copies == []


def test_a_wrong_password_stops_everything_before_the_first_reader(
    tmp_path: Path, authority: trustme.CA
) -> None:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with real_server(
        certificate=authority.issue_cert("localhost"), login=("ada", PASSWORD)
    ) as server:
        desk = _smtp(tmp_path, server, "smtp://ada@localhost:{port}?ca=ca.pem", "wrong")
        with pytest.raises(TransportConfigurationError, match="535") as caught:
            hand_over(desk.transport, [message(1)])
        assert "wrong" not in caught.value.message
        assert server.inbox.copies == []
