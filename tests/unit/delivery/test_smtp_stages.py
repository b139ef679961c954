"""How far a message had come when things went wrong decides what is known about it."""

from __future__ import annotations

import contextlib
import dataclasses
import getpass
import socket
import ssl
import time
from collections.abc import Callable, Iterator

import pytest
import trustme

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.smtp.timeouts import Timeouts
from newsletter.delivery.transports.base import Envelope, Message
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.delivery.transports.smtp import SmtpTransport
from newsletter.errors import TransportConfigurationError, TransportError
from tests.smtp import (
    CLOSE,
    RESET,
    SILENCE,
    Behaviour,
    Moment,
    OddServer,
    free_port,
    odd_server,
    real_server,
)

PATIENT = Timeouts(10, 10, 10, 10, 10, 10, 10, 10)


def impatient(stage: str) -> Timeouts:
    """Waits long for everything but the answer that will not come."""
    name = {"greeting": "greeting", "DATA": "data", "body": "block", "end": "end"}.get(stage)
    return dataclasses.replace(PATIENT, **{name or "command": 0.5})


def relay(port: int, timeouts: Timeouts = PATIENT, tls: ssl.SSLContext | None = None) -> Relay:
    return Relay("127.0.0.1", port, "example.org", tls=tls, timeouts=timeouts)


# More than the kernel takes by itself on the way to a server that has stopped reading, so that
# what happens in the middle of a body is over before its final dot.
BIG = 16_000_000


def messages(number: int, size: int = 10_000) -> list[Message]:
    return [
        Message.whole(
            Envelope("bounces@example.org", f"reader{n}@example.com"),
            f"<{n}@example.org>",
            f"To: <reader{n}@example.com>\r\n\r\nHello\r\n".encode()
            + (b"x" * 990 + b"\r\n") * (size // 992),
        )
        for n in range(1, number + 1)
    ]


@pytest.fixture(params=[False, True], ids=["plain", "pipelining"])
def serve(request: pytest.FixtureRequest) -> Iterator[Callable[[Behaviour], OddServer]]:
    with contextlib.ExitStack() as stack:
        yield lambda behaviour: stack.enter_context(odd_server(behaviour, pipelining=request.param))


Serve = Callable[[Behaviour], OddServer]


def at(stage: str, answer: str | bytes, *, message: int = 1, connection: int = 1) -> Behaviour:
    """Misbehave at one moment only."""
    return lambda m: (
        answer if (m.stage, m.message, m.connection) == (stage, message, connection) else None
    )


def always(stage: str, answer: str | bytes) -> Behaviour:
    return lambda m: answer if m.stage == stage else None


def send(
    server: OddServer, number: int = 3, timeouts: Timeouts = PATIENT, size: int = 10_000
) -> list[Outcome]:
    transport = SmtpTransport([relay(server.port, timeouts)])
    return hand_over(transport, messages(number, size))


def copies(server: OddServer) -> list[str]:
    found = [copy.data.split(b"<", 1)[1].split(b">", 1)[0].decode() for copy in server.copies]
    return sorted(found)


EVERYBODY = ["reader1@example.com", "reader2@example.com", "reader3@example.com"]


@pytest.mark.parametrize("end", [CLOSE, RESET, SILENCE])
@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "body"])
def test_lost_before_the_dot_is_sent_again_once(serve: Serve, stage: str, end: str) -> None:
    server = serve(at(stage, end, message=2))
    size = BIG if stage == "body" else 10_000
    outcomes = send(server, timeouts=impatient(stage), size=size)
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 3
    assert copies(server) == EVERYBODY
    assert server.connections == 2


@pytest.mark.parametrize("end", [CLOSE, RESET, SILENCE])
def test_lost_after_the_dot_is_unknown_and_not_sent_again(serve: Serve, end: str) -> None:
    server = serve(at("end", end, message=2))
    outcomes = send(server, timeouts=impatient("end"))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Unknown, Accepted]
    assert copies(server) == EVERYBODY, "the server had it, so a second copy would be one too many"


@pytest.mark.parametrize(
    "answer", ["hm", "354 go on", "999 x", b"\r\n", "250" + "-x\r\n250" * 300 + "-"]
)
def test_a_senseless_answer_to_the_dot_is_unknown(serve: Serve, answer: str | bytes) -> None:
    server = serve(at("end", answer, message=1))
    assert isinstance(send(server, 1)[0], Unknown)


def test_a_very_long_answer_to_the_dot_is_still_an_answer(serve: Serve) -> None:
    server = serve(at("end", "250 2.0.0 " + "x" * 10_000))
    [outcome] = send(server, 1)
    assert isinstance(outcome, Accepted)
    assert len(outcome.reply) < 330


def test_a_slow_answer_to_the_dot_is_waited_for(serve: Serve) -> None:
    def slowly(moment: Moment) -> None:
        if moment.stage == "end":
            time.sleep(0.6)

    server = serve(slowly)
    [outcome] = send(server, 1, Timeouts(0.2, 0.2, 0.2, 0.2, 0.2, 30, 0.2))
    assert isinstance(outcome, Accepted)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "body"])
def test_lost_twice_before_the_dot_stops_the_sending(serve: Serve, stage: str) -> None:
    server = serve(always(stage, CLOSE))
    with pytest.raises(TransportError, match="broke off twice"):
        send(server, size=BIG if stage == "body" else 10_000)
    assert server.connections == 2
    assert server.copies == []


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("451 4.3.2 later", Deferred("451 4.3.2 later", About.SITE)),
        ("452 4.2.2 full", Deferred("452 4.2.2 full", About.MESSAGE)),
        ("554 5.6.0 bad", Failed("554 5.6.0 bad", About.MESSAGE)),
    ],
)
def test_a_refusal_after_the_dot_is_certain(serve: Serve, answer: str, outcome: Outcome) -> None:
    server = serve(at("end", answer, message=2))
    outcomes = send(server)
    assert outcomes[1] == outcome
    assert [type(o) for o in outcomes[::2]] == [Accepted, Accepted]
    assert server.connections == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "end"])
def test_421_from_a_relay_that_took_some_is_a_limit_per_connection(
    serve: Serve, stage: str
) -> None:
    server = serve(at(stage, "421 4.7.0 too many messages, closing", message=3))
    assert [type(outcome) for outcome in send(server)] == [Accepted] * 3
    assert copies(server) == EVERYBODY
    assert server.connections == 2


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL", "RCPT", "DATA", "end"])
def test_421_from_a_relay_that_took_none_stops_the_sending(serve: Serve, stage: str) -> None:
    server = serve(always(stage, "421 4.7.28 rate limited"))
    with pytest.raises(TransportError, match=r"421 4\.7\.28") as caught:
        send(server)
    assert not isinstance(caught.value, TransportConfigurationError)
    assert server.connections == 1


def test_a_server_that_closes_after_each_message_is_served_to_the_end(serve: Serve) -> None:
    server = serve(lambda m: CLOSE if m.stage == "MAIL" and m.message == 2 else None)
    assert [type(outcome) for outcome in send(server, 4)] == [Accepted] * 4
    assert server.connections == 4
    assert len(server.copies) == 4


def test_refusals_of_the_sender_say_nothing_about_readers(serve: Serve) -> None:
    server = serve(always("MAIL", "550 5.7.1 who are you?"))
    outcomes = send(server)
    assert outcomes == [Deferred("550 5.7.1 who are you?", About.SITE)] * 3


@pytest.mark.parametrize("stage", ["greeting", "EHLO", "MAIL"])
def test_login_wanted_is_a_mistake_in_the_settings(serve: Serve, stage: str) -> None:
    server = serve(always(stage, "530 5.7.0 authentication required"))
    with pytest.raises(TransportConfigurationError, match="530"):
        send(server)


@pytest.mark.parametrize("answer", [CLOSE, RESET, SILENCE, "554 no", "hm", "9" * 100_000])
@pytest.mark.parametrize("stage", ["greeting", "EHLO"])
def test_a_relay_that_is_not_ready_stops_the_sending(serve: Serve, stage: str, answer: str) -> None:
    server = serve(always(stage, answer))
    with pytest.raises(TransportError):
        send(server, timeouts=impatient(stage))
    assert not any(line.startswith("MAIL") for line in server.lines)


def test_a_failed_reset_means_a_new_connection(serve: Serve) -> None:
    def behaviour(moment: Moment) -> str | None:
        if moment.stage == "RCPT" and moment.connection == 1:
            return "550 5.1.1 unknown"
        return CLOSE if moment.stage == "RSET" else None

    server = serve(behaviour)
    assert [type(outcome) for outcome in send(server)] == [Failed, Accepted, Accepted]
    assert server.connections == 2


def test_no_relay_at_all() -> None:
    with pytest.raises(TransportError, match=r"cannot reach .*: Connection refused") as caught:
        hand_over(SmtpTransport([relay(free_port())]), messages(1))
    assert "--resume" in caught.value.hint


def test_the_machine_is_not_named_and_addresses_are_not_probed(serve: Serve) -> None:
    server = serve(lambda moment: None)
    send(server, 2)
    assert server.lines[0] == "EHLO example.org"
    said = "\n".join(server.lines)
    assert not {socket.gethostname(), getpass.getuser()} & set(said.split())
    verbs = [line.split()[0] for line in server.lines[1:]]
    assert verbs == [*["MAIL", "RCPT", "DATA", "."] * 2, "QUIT"]


# ── TLS fails closed ───────────────────────────────────────────────────────────────────────────


def trust(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def sent_nothing(server: OddServer) -> bool:
    return not any(line.upper().startswith(("AUTH", "MAIL")) for line in server.lines)


def refused(server: OddServer, context: ssl.SSLContext, *, tls_first: bool = False) -> str:
    transport = SmtpTransport(
        [
            Relay(
                "localhost",
                server.port,
                "example.org",
                user="ada",
                password="secret",
                tls=context,
                tls_first=tls_first,
                timeouts=PATIENT,
            )
        ]
    )
    with pytest.raises(TransportError) as caught:
        hand_over(transport, messages(1))
    assert sent_nothing(server)
    return caught.value.message


def test_a_relay_without_starttls_gets_neither_login_nor_address(serve: Serve) -> None:
    server = serve(lambda moment: None)
    assert "does not offer encryption" in refused(server, ssl.create_default_context())


@pytest.mark.parametrize("answer", ["454 4.7.0 not now", "501 no", "hm", CLOSE])
def test_a_refused_starttls_is_not_worked_around(serve: Serve, answer: str) -> None:
    def behaviour(moment: Moment) -> str | None:
        if moment.stage == "EHLO":
            return "250-relay\r\n250 STARTTLS"
        return answer if moment.stage == "STAR" else None

    refused(serve(behaviour), ssl.create_default_context())


def test_bytes_slipped_in_before_tls_end_the_session(serve: Serve) -> None:
    def behaviour(moment: Moment) -> str | None:
        if moment.stage == "EHLO":
            return "250-relay\r\n250 STARTTLS"
        if moment.stage == "STAR":
            return "220 go ahead\r\n250-relay\r\n250 AUTH PLAIN"
        return None

    said = refused(serve(behaviour), ssl.create_default_context())
    assert "slipped in" in said


def test_tls_towards_a_server_that_speaks_none(serve: Serve) -> None:
    server = serve(lambda moment: None)
    refused(server, ssl.create_default_context(), tls_first=True)


@pytest.mark.parametrize("tls_first", [True, False])
@pytest.mark.parametrize("flaw", ["wrong name", "unknown authority"])
def test_a_bad_certificate_is_refused(flaw: str, *, tls_first: bool) -> None:
    authority, stranger = trustme.CA(), trustme.CA()
    name = "other.example.org" if flaw == "wrong name" else "localhost"
    issuer = authority if flaw == "wrong name" else stranger
    with real_server(certificate=issuer.issue_cert(name), tls_first=tls_first) as server:
        relay = Relay(
            "localhost",
            server.port,
            "example.org",
            tls=trust(authority),
            tls_first=tls_first,
            timeouts=PATIENT,
        )
        with pytest.raises(TransportConfigurationError, match="certificate"):
            hand_over(SmtpTransport([relay]), messages(1))
        assert server.inbox.copies == []
