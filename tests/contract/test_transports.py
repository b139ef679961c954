"""One exam for every transport: what the sender may rely on, whoever takes the messages."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from newsletter.delivery.outcome import About, Accepted, Failed
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.base import Envelope, Message, Transport
from newsletter.errors import TransportConfigurationError
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
    return Message(
        Envelope("bounces@example.org", address),
        f"<{number}@example.org>",
        f"To: <{address}>\r\nSubject: {number}\r\n\r\n".encode() + body,
    )


def test_every_message_gets_its_outcome_in_order(desk: Desk) -> None:
    messages = [message(n) for n in (1, 2, 3)]
    with desk.transport as transport:
        outcomes = list(transport.send(messages))
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
    with desk.transport as transport:
        outcomes = list(transport.send([message(1, body), message(2)]))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]
    assert sorted(desk.delivered()) == [message(1, body).data, message(2).data]


def test_outcomes_come_one_by_one_as_they_are_known(desk: Desk) -> None:
    with desk.transport as transport:
        outcomes = transport.send([message(1), message(2)])
        next(outcomes)
        assert desk.delivered() == [message(1).data]
        next(outcomes)
    assert len(desk.delivered()) == 2


def test_one_opening_serves_many_calls(desk: Desk) -> None:
    with desk.transport as transport:
        for number in range(3):
            list(transport.send([message(number)]))
        assert list(transport.send([])) == []
    assert len(desk.delivered()) == 3


def test_the_description_holds_no_secret(desk: Desk) -> None:
    assert PASSWORD not in desk.transport.describe()
    assert desk.transport.describe().startswith(("maildir:", "smtp://", "smtps://"))
    assert PASSWORD not in repr(desk.transport.__dict__)


# ── what only one of them promises ─────────────────────────────────────────────────────────────


def test_a_maildir_is_its_owners_and_holds_no_half_message(tmp_path: Path) -> None:
    with open_transport("maildir:a/outbox", root=tmp_path, hello="example.org") as transport:
        assert not transport.leaves_machine
        list(transport.send([message(1), message(1), message(2)]))
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
        with desk.transport as transport:
            assert transport.leaves_machine
            list(transport.send([message(1), message(2)]))
    assert [(c.mail_from, c.recipients) for c in server.inbox.copies] == [
        ("bounces@example.org", ("reader1@example.com",)),
        ("bounces@example.org", ("reader2@example.com",)),
    ]
    assert set(server.inbox.hellos) == {"example.org"}


def test_a_refused_reader_does_not_stop_the_others(tmp_path: Path) -> None:
    with real_server() as server:
        server.inbox.refused["reader2@example.com"] = "550 5.1.1 reader2@example.com unknown"
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        with desk.transport as transport:
            outcomes = list(transport.send([message(n) for n in (1, 2, 3)]))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Failed, Accepted]
    assert outcomes[1] == Failed("550 5.1.1 (address) unknown", About.RECIPIENT)


def test_a_message_above_the_relays_size_is_not_even_begun(tmp_path: Path) -> None:
    with real_server(size=1000) as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        with desk.transport as transport:
            [big, small] = transport.send(
                [message(1, b"x" * 900 + b"\r\n" + b"y" * 900 + b"\r\n"), message(2)]
            )
    assert isinstance(big, Failed)
    assert big.about is About.MESSAGE
    assert "1,000" in big.reason
    assert isinstance(small, Accepted)


@pytest.mark.parametrize("offered", [True, False])
def test_international_addresses_need_a_relay_that_takes_them(
    tmp_path: Path, *, offered: bool
) -> None:
    foreign = Message(Envelope("bounces@example.org", "пример@example.com"), "<9@x>", b"\r\n")
    with real_server(smtputf8=offered) as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        with desk.transport as transport:
            outcomes = list(transport.send([message(1), foreign, message(2)]))
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
    bad = Message(Envelope("bounces@example.org", address), "<9@x>", b"\r\n")
    with real_server() as server:
        desk = _smtp(tmp_path, server, "smtp://127.0.0.1:{port}?security=none")
        with desk.transport as transport:
            [outcome, good] = transport.send([bad, message(1)])
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
        with desk.transport as transport:
            [outcome] = transport.send([message(1, body)])
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
        with pytest.raises(TransportConfigurationError, match="535") as caught, desk.transport:
            pass
        assert "wrong" not in caught.value.message
        assert server.inbox.copies == []
