"""Visiting relays: real ones (aiosmtpd) and odd ones, all on loopback."""

from __future__ import annotations

import base64
import contextlib
import datetime
import re
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.relay import Relay, check_relay
from tests.dns_server import DnsServer
from tests.smtp import CLOSE, RESET, SILENCE, Behaviour, Moment, free_port, odd_server, real_server
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING, levels, of, only

NOW = datetime.datetime.now(datetime.UTC)
LOGIN = ("letter", "open sesame")


@pytest.fixture(scope="session")
def certificate(authority: trustme.CA) -> trustme.LeafCert:
    return authority.issue_cert("localhost", "127.0.0.1")


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def relay_at(port: int, tls: ssl.SSLContext | None = None, **more: object) -> Relay:
    given: dict[str, object] = {"host": "127.0.0.1", "hello": "example.org", **more}
    return Relay(port=port, tls=tls, **given)  # type: ignore[arg-type]


def visit(relay: Relay, lookups: LookUps, size: int | None = 60_000) -> list[Checkup]:
    return check_relay(relay, size, lookups, NOW, seconds=5.0)


@pytest.mark.parametrize("tls_first", [False, True])
def test_a_good_relay_is_fine_in_every_respect(
    authority: trustme.CA, certificate: trustme.LeafCert, lookups: LookUps, tls_first: bool
) -> None:
    user, password = LOGIN
    login = None if tls_first else LOGIN  # aiosmtpd lets nobody log in but behind STARTTLS
    with real_server(certificate=certificate, tls_first=tls_first, login=login) as server:
        relay = relay_at(
            server.port,
            trusting(authority),
            user=user if login else "",
            password=password,
            tls_first=tls_first,
        )
        found = visit(relay, lookups)
        assert server.inbox.hellos[-1] == "example.org"
        assert server.inbox.copies == []
    assert [checkup.what for checkup in found] == ["reachable", "encryption", "login", "size"]
    assert set(levels(found)) == {OK}
    assert "open sesame" not in str((found, relay))


def test_nothing_but_greetings_and_the_login_is_said(lookups: LookUps) -> None:
    def behaviour(moment: Moment) -> str | None:
        if moment.stage == "EHLO":
            return "250-relay.example.org\r\n250-AUTH PLAIN\r\n250 SIZE 50000000"
        return "235 2.7.0 ok" if moment.stage == "AUTH" else None

    with odd_server(behaviour) as server:
        visit(relay_at(server.port, user="letter", password="x", is_here=True), lookups)
        said = [line.partition(" ")[0].upper() for line in server.lines]
    assert said == ["EHLO", "AUTH", "QUIT"]


def test_a_wrong_password_is_an_error(
    authority: trustme.CA, certificate: trustme.LeafCert, lookups: LookUps
) -> None:
    with real_server(certificate=certificate, login=LOGIN) as server:
        relay = relay_at(server.port, trusting(authority), user="letter", password="wrong")
        found = of(visit(relay, lookups), "login")
    assert found.level is ERROR
    assert "535" in found.said
    assert "NEWSLETTER_TRANSPORT_PASSWORD" in found.hint


def test_a_missing_password_is_an_error(
    authority: trustme.CA, certificate: trustme.LeafCert, lookups: LookUps
) -> None:
    with real_server(certificate=certificate, login=LOGIN) as server:
        found = of(visit(relay_at(server.port, trusting(authority), user="a"), lookups), "login")
    assert found.level is ERROR


def test_a_relay_without_encryption_hears_no_password(
    authority: trustme.CA, lookups: LookUps
) -> None:
    with odd_server() as server:
        relay = relay_at(server.port, trusting(authority), user="letter", password="secret")
        found = visit(relay, lookups)
        assert [line[:4].upper() for line in server.lines] == ["EHLO", "QUIT"]
    assert of(found, "encryption").level is ERROR
    assert not [checkup for checkup in found if checkup.what == "login"]


def test_an_unknown_authority_is_an_error(certificate: trustme.LeafCert, lookups: LookUps) -> None:
    with real_server(certificate=certificate) as server:
        found = of(
            visit(relay_at(server.port, ssl.create_default_context()), lookups), "encryption"
        )
    assert found.level is ERROR
    assert "authority" in found.said
    assert "?ca=" in found.hint


@pytest.mark.parametrize("tls_first", [False, True])
def test_a_certificate_for_another_name_is_an_error(
    authority: trustme.CA, lookups: LookUps, tls_first: bool
) -> None:
    other = authority.issue_cert("relay.example.org")
    with real_server(certificate=other, tls_first=tls_first) as server:
        relay = relay_at(server.port, trusting(authority), tls_first=tls_first)
        found = of(visit(relay, lookups), "encryption")
    assert found.level is ERROR
    assert "another" in found.said


@pytest.mark.parametrize(
    ("days", "level", "words"), [(-1, ERROR, "expired"), (20, WARNING, "runs out"), (30, OK, "")]
)
def test_the_end_of_a_certificate_is_seen_coming(
    authority: trustme.CA, lookups: LookUps, days: int, level: Level, words: str
) -> None:
    ends = NOW + datetime.timedelta(days=days)
    certificate = authority.issue_cert("127.0.0.1", not_after=ends)
    with real_server(certificate=certificate) as server:
        found = of(visit(relay_at(server.port, trusting(authority)), lookups), "encryption")
    assert found.level is level
    assert words in found.said


def test_a_connection_in_the_clear_is_warned_of_unless_it_stays_here(lookups: LookUps) -> None:
    with odd_server() as server:
        here = visit(relay_at(server.port, is_here=True), lookups)
        elsewhere = visit(relay_at(server.port), lookups)
    assert of(here, "encryption").level is OK
    assert of(elsewhere, "encryption").level is WARNING


@pytest.mark.parametrize(
    ("offer", "size", "level"),
    [
        ("SIZE 50000", 60_000, ERROR),
        ("SIZE 60000", 60_000, OK),
        ("SIZE 50000", None, OK),
        ("SIZE 0", 60_000, OK),
        ("SIZE", 60_000, OK),
        ("SIZE lots", 60_000, OK),
        ("HELP", 60_000, OK),
    ],
)
def test_the_letter_must_not_be_larger_than_the_relay_takes(
    lookups: LookUps, offer: str, size: int | None, level: Level
) -> None:
    def behaviour(moment: Moment) -> str | None:
        return f"250-relay\r\n250 {offer}" if moment.stage == "EHLO" else None

    with odd_server(behaviour) as server:
        found = of(visit(relay_at(server.port), lookups, size), "size")
    assert found.level is level


def test_a_port_at_which_nobody_listens_is_an_error(lookups: LookUps) -> None:
    found = only(visit(relay_at(free_port()), lookups))
    assert (found.what, found.level) == ("reachable", ERROR)


def test_a_relay_that_says_nothing_is_neither_fine_nor_dead(lookups: LookUps) -> None:
    with odd_server(lambda moment: SILENCE) as server:
        found = only(check_relay(relay_at(server.port), 1, lookups, NOW, seconds=0.2))
    assert found.level is UNCHECKED
    assert "did not answer" in found.said


@pytest.mark.parametrize("answer", [CLOSE, RESET])
@pytest.mark.parametrize("stage", ["greeting", "EHLO"])
def test_a_relay_that_hangs_up_is_neither_fine_nor_dead(
    lookups: LookUps, stage: str, answer: str
) -> None:
    with odd_server(lambda m: answer if m.stage == stage else None) as server:
        found = visit(relay_at(server.port), lookups)[-1]
    assert found.level is UNCHECKED


@pytest.mark.parametrize(
    ("stage", "reply", "level"),
    [
        ("greeting", "421 4.3.2 busy", UNCHECKED),
        ("greeting", "554 5.7.1 no service for you", ERROR),
        ("EHLO", "550 5.7.1 who are you?", ERROR),
        ("EHLO", "421 4.7.0 too many connections", UNCHECKED),
    ],
)
def test_a_relay_that_says_no_is_quoted(
    lookups: LookUps, stage: str, reply: str, level: Level
) -> None:
    with odd_server(lambda m: reply if m.stage == stage else None) as server:
        found = visit(relay_at(server.port), lookups)[-1]
    assert found.level is level
    assert reply in found.said


def offering(ways: str, replies: dict[str, str]) -> Behaviour:
    """A relay that offers ways to log in; what it replies to a line is told by its first word."""

    def behaviour(moment: Moment) -> str | None:
        if moment.stage == "EHLO":
            return f"250-relay\r\n250 AUTH {ways}"
        return next((r for start, r in replies.items() if moment.line.startswith(start)), None)

    return behaviour


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def login(
    lookups: LookUps, behaviour: Behaviour, password: str, auth: str = ""
) -> tuple[Checkup, list[str]]:
    """What is said of the login, and what the relay heard."""
    with odd_server(behaviour) as server:
        relay = relay_at(server.port, user="ada", password=password, auth=auth, is_here=True)
        found = of(visit(relay, lookups), "login")
        return found, server.lines[1:-1]


@pytest.mark.parametrize("password", ["secret", "пароль"])
def test_the_password_is_said_as_the_relay_wants_it(lookups: LookUps, password: str) -> None:
    both = in_base64(f"\0ada\0{password}")
    found, heard = login(lookups, offering("PLAIN LOGIN", {"AUTH": "235 ok"}), password)
    assert (found.level, heard) == (OK, [f"AUTH PLAIN {both}"])
    steps = {
        "AUTH LOGIN": "334 VXNlcg==",
        in_base64("ada"): "334 UGFzcw==",
        in_base64(password): "235 ok",
    }
    found, heard = login(lookups, offering("LOGIN", steps), password)
    assert found.level is OK
    assert heard == ["AUTH LOGIN", in_base64("ada"), in_base64(password)]


def test_where_others_may_listen_the_password_is_hidden(lookups: LookUps) -> None:
    replies = {"AUTH CRAM-MD5": f"334 {in_base64('<1896.697170952@postoffice.example.net>')}"}
    found, heard = login(lookups, offering("PLAIN CRAM-MD5", {**replies, "YWRh": "235 ok"}), "s")
    assert found.level is OK
    answer = base64.b64decode(heard[1]).decode()
    assert re.fullmatch(r"ada [0-9a-f]{32}", answer)


def test_a_wrong_password_is_tried_once(lookups: LookUps) -> None:
    found, heard = login(lookups, offering("PLAIN LOGIN", {"AUTH": "535 5.7.8 no"}), "wrong")
    assert (found.level, len(heard)) == (ERROR, 1)


def test_a_way_that_the_relay_does_not_want_is_followed_by_another(lookups: LookUps) -> None:
    replies = {"AUTH PLAIN": "504 5.5.4 not so", "AUTH LOGIN": "235 ok"}
    found, heard = login(lookups, offering("PLAIN LOGIN", replies), "secret")
    assert (found.level, len(heard)) == (OK, 2)


def test_too_many_logins_say_nothing_about_the_password(lookups: LookUps) -> None:
    found, _ = login(lookups, offering("PLAIN", {"AUTH": "454 4.7.0 too many"}), "secret")
    assert found.level is UNCHECKED


def test_a_relay_that_repeats_the_password_is_not_quoted(lookups: LookUps) -> None:
    reply = f"535 5.7.8 not secret1 nor {in_base64('secret1')} nor {in_base64(PLAIN)}"
    found, _ = login(lookups, offering("PLAIN", {"AUTH": reply}), "secret1")
    assert found.level is ERROR
    assert "not … nor … nor …" in found.said


PLAIN = "\0ada\0secret1"


def test_a_token_is_said_as_one(lookups: LookUps) -> None:
    replies = {"AUTH XOAUTH2": "235 2.7.0 ok"}
    found, heard = login(lookups, offering("PLAIN XOAUTH2", replies), "t0k", auth="xoauth2")
    assert found.level is OK
    assert base64.b64decode(heard[0].split()[2]) == b"user=ada\x01auth=Bearer t0k\x01\x01"


def test_a_token_that_has_run_out_is_an_error(lookups: LookUps) -> None:
    # The relay says why in a challenge, and no only after an empty answer.
    script = ["250-relay", "250 AUTH XOAUTH2", "334 eyJzdGF0dXMiOiI0MDAifQ==", "535 5.7.8 no"]
    with scripted(["220 relay", "\r\n".join(script[:2]), *script[2:], "221 bye"]) as port:
        relay = relay_at(port, user="ada", password="old", auth="xoauth2", is_here=True)
        found = of(visit(relay, lookups), "login")
    assert found.level is ERROR
    assert "535" in found.said


@contextlib.contextmanager
def scripted(replies: list[str]) -> Iterator[int]:
    """A server that says one thing after each line, whatever the line is."""

    def serve() -> None:
        peer, _ = listener.accept()
        with peer, peer.makefile("rb") as lines:
            for reply in replies:
                peer.sendall(f"{reply}\r\n".encode())
                lines.readline()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def test_a_relay_that_asks_on_and_on_is_stopped(lookups: LookUps) -> None:
    replies = {"AUTH": "334 more", "*": "501 5.7.0 stopped"}
    found, heard = login(lookups, offering("PLAIN", replies), "secret")
    assert (found.level, heard[-1]) == (ERROR, "*")


@pytest.mark.parametrize("ways", ["", "GSSAPI NTLM"])
def test_a_relay_without_a_way_that_is_known_is_an_error(lookups: LookUps, ways: str) -> None:
    found, heard = login(lookups, offering(ways, {}), "secret")
    assert (found.level, heard) == (ERROR, [])


def test_a_relay_that_never_comes_to_an_end_is_left(
    lookups: LookUps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.probes.doctor.relay.WHOLE", 0.2)
    with odd_server(lambda m: SILENCE if m.stage == "EHLO" else None) as server:
        found = check_relay(relay_at(server.port), 1, lookups, NOW, seconds=60.0)
    assert levels(found) == [OK, UNCHECKED]


def no_such_name(*_: object, **__: object) -> list[object]:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    ("said", "level"),
    [(None, ERROR), ("SERVFAIL", UNCHECKED), ({"A": ["192.0.2.1"]}, UNCHECKED)],
)
def test_a_name_is_only_missing_if_the_dns_says_so(
    dns: DnsServer,
    lookups: LookUps,
    monkeypatch: pytest.MonkeyPatch,
    said: str | dict[str, list[str]] | None,
    level: Level,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)  # the system's own, as if offline
    if said is not None:
        dns.zone["relay.example.org"] = said
    found = only(visit(relay_at(587, host="relay.example.org"), lookups))
    assert found.level is level


def test_without_a_network_a_relay_is_not_called_dead(
    silence: LookUps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", no_such_name)
    found = only(visit(relay_at(587, host="relay.example.org"), silence))
    assert found.level is UNCHECKED
    assert "network" in found.hint
