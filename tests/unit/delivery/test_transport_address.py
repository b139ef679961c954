from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.delivery.transports import TRANSPORTS, open_transport
from newsletter.errors import TransportConfigurationError


def opened(url: str, *, password: str = "", allow_plaintext: bool = False) -> str:
    return open_transport(
        url,
        root=Path("/nowhere"),
        password=password,
        hello="example.org",
        allow_plaintext=allow_plaintext,
    ).describe()


@pytest.mark.parametrize(
    ("url", "described"),
    [
        ("maildir:outbox", "maildir:outbox"),
        ("smtp://mail.example.org", "smtp://mail.example.org:587"),
        ("smtps://mail.example.org", "smtps://mail.example.org:465"),
        ("smtps://Mail.Example.org:2465", "smtps://mail.example.org:2465"),
        ("smtp://localhost?security=none", "smtp://localhost:25 (not encrypted)"),
        ("smtp://[::1]:2525?security=none", "smtp://::1:2525 (not encrypted)"),
        ("maildir:out box", "maildir:out box"),
        (
            "smtp://a.example.org?weight=3\n  smtps://b.example.org",
            "smtp://a.example.org:587, smtps://b.example.org:465",
        ),
    ],
)
def test_an_address_opens_its_transport(url: str, described: str) -> None:
    assert opened(url) == described


def test_a_login_has_its_password_from_elsewhere() -> None:
    described = opened("smtp://ada%40example.org@mail.example.org", password="secret")
    assert described == "smtp://ada@example.org@mail.example.org:587"


def test_an_unknown_way_to_log_in_is_refused() -> None:
    with pytest.raises(TransportConfigurationError, match="auth=kerberos"):
        opened("smtp://ada@mail.example.org?auth=kerberos", password="secret")


def test_a_token_never_goes_over_the_network_in_the_clear() -> None:
    url = "smtp://ada@{}:25?security=none&auth=xoauth2"
    with pytest.raises(TransportConfigurationError, match="token in the clear"):
        opened(url.format("mail.example.org"), password="token", allow_plaintext=True)
    assert opened(url.format("localhost"), password="token").startswith("smtp://ada@localhost")


def test_connections_of_all_relays_add_up() -> None:
    url = "smtp://a.example.org smtp://b.example.org?connections=3"
    assert open_transport(url, root=Path("/nowhere"), hello="example.org").connections == 23


@pytest.mark.parametrize("hello", ["", "a b", "a\r\nMAIL FROM:<>", "ä.example.org"])
def test_a_name_that_must_not_stand_in_a_command_is_refused(hello: str) -> None:
    with pytest.raises(TransportConfigurationError, match="introduce ourselves"):
        open_transport("smtp://mail.example.org", root=Path("/nowhere"), hello=hello)


def test_plaintext_to_another_machine_must_be_allowed() -> None:
    url = "smtp://relay.example.org:25?security=none"
    with pytest.raises(TransportConfigurationError, match="in the clear"):
        opened(url)
    assert opened(url, allow_plaintext=True) == "smtp://relay.example.org:25 (not encrypted)"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "kind of transport"),
        ("outbox", "kind of transport"),
        ("pigeon:loft", "'pigeon'"),
        ("maildir:", "needs a folder"),
        ("maildir://outbox", "needs a folder"),
        ("maildir:outbox?fast=yes", "no option 'fast'"),
        ("smtp:mail.example.org", "needs a host"),
        ("smtp://mail.example.org/path", "nothing behind it"),
        ("smtp://mail.example.org:port", "not the address"),
        ("smtp://mail.example.org?security", "not the address"),
        ("smtp://mail.example.org?security=some", "security=some"),
        ("smtps://localhost?security=none", "does not know security"),
        ("smtp://mail.example.org?verify=no", "no option 'verify'"),
        ("smtp://ada@mail.example.org", "no password for ada"),
        ("smtp://mail.example.org?ca=missing.pem", "cannot read certificates"),
        ("smtp://mail.example.org?connections=0", "connections=0 is not a number from 1 to 100"),
        ("smtp://mail.example.org?connections=101", "connections=101"),
        ("smtp://mail.example.org?messages=many", "messages=many"),
        ("smtp://mail.example.org?weight=-1", "weight=-1"),
        ("smtp://mail.example.org?auth=plain", "needs a user"),
        ("smtp://a.example.org pigeon://loft", "only mail relays"),
        ("smtp://a.example.org maildir:outbox", "only mail relays"),
        ("smtp://a.example.org smtp://b.example.org?verify=no", "no option 'verify'"),
    ],
)
def test_a_wrong_address_is_explained(url: str, said: str) -> None:
    with pytest.raises(TransportConfigurationError, match=said) as caught:
        opened(url)
    assert caught.value.hint


@pytest.mark.parametrize(
    "url", ["smtp://ada:hunter2@mail.example.org", "smtp:ada:hunter2@mail", "hunter2"]
)
def test_a_password_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(TransportConfigurationError) as caught:
        opened(url)
    assert "hunter2" not in caught.value.message + caught.value.hint


def test_every_scheme_in_the_register_has_its_module() -> None:
    for scheme in TRANSPORTS:
        with pytest.raises(TransportConfigurationError, match="needs a"):
            opened(f"{scheme}:")
