"""``newsletter doctor`` as a user runs it: the DNS and the relay are on loopback."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from newsletter.cli.doctor import exit_code
from newsletter.cli.main import run
from newsletter.delivery.dkim.keys import parse_key
from newsletter.delivery.dkim.record import record
from newsletter.probes.doctor.checkup import Checkup, Level
from tests.dns_server import SOA, DnsServer, closed_port, dns_server
from tests.provider_servers import KEY, Provider, Reply, Request, provider_server
from tests.smtp import real_server

Output = pytest.CaptureFixture[str]
LOGIN = ("letter", "open sesame")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.delenv("NEWSLETTER_TRANSPORT_PASSWORD", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    zone = {
        "example.org": {
            "SOA": [SOA],
            "MX": ["10 mail.example.org."],
            "TXT": ["v=spf1 ip4:1.1.1.17 ~all"],
        },
        "mail.example.org": {"A": ["1.1.1.17"]},
        "17.1.1.1.in-addr.arpa": {"PTR": ["mail.example.org."]},
        "_dmarc.example.org": {"TXT": ["v=DMARC1; p=reject"]},
        "www.example.org": {"A": ["127.0.0.1"]},
    }
    with dns_server({**zone}) as server:
        yield server


def settings(folder: Path, *lines: str) -> None:
    head = ['name = "The Harbour Letter"', 'from = "letter@example.org"']
    (folder / "newsletter.toml").write_text("\n".join([*head, *lines]) + "\n")


def examine(dns: DnsServer, capsys: Output, *more: str) -> tuple[int, dict[str, dict[str, str]]]:
    """Exit code, and what was said of each thing."""
    code = run(["doctor", "--json", "--nameserver", dns.place, *more])
    return code, {c["what"]: c for c in json.loads(capsys.readouterr().out)}


def test_a_relay_with_login_and_our_own_signature_are_looked_at(
    project: Path, dns: DnsServer, capsys: Output, tmp_path: Path
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(project / "authority.pem"))
    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, content in (("dkim.pem", pem), ("relay.password", b"open sesame\n")):
        (project / name).write_bytes(content)
        (project / name).chmod(0o600)
    signing = parse_key(pem, domain="example.org", selector="letter", source="test")
    dns.zone["letter._domainkey.example.org"] = {"TXT": [record(signing).value]}
    with real_server(certificate=authority.issue_cert("127.0.0.1"), login=LOGIN) as server:
        settings(
            project,
            f'transport = "smtp://letter@127.0.0.1:{server.port}?ca=authority.pem"',
            'transport_password_file = "relay.password"',
            'base_url = "https://www.example.org"',
            '[dkim]\nselector = "letter"\nkey_file = "dkim.pem"',
        )
        code, said = examine(dns, capsys, "--direct", "1.1.1.17")
        assert server.inbox.copies == []
    assert code == 1
    errors = {what for what, checkup in said.items() if checkup["level"] == "error"}
    assert errors == {"unsubscribe page"}  # www.example.org is on loopback, where no reader is
    for what in (
        "reachable", "encryption", "login", "size", "SPF of example.org", "DMARC of example.org",
        "DKIM key letter of example.org", "alignment with example.org", "name of 1.1.1.17",
        "domain example.org", "who may read secrets",
    ):  # fmt: skip
        assert said[what]["level"] == "ok", said[what]


def test_another_key_in_the_dns_than_ours_is_found(
    project: Path, dns: DnsServer, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, other = (generate_private_key(65537, 2048) for _ in range(2))
    published = parse_key(
        other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        domain="example.org",
        selector="letter",
        source="test",
    )
    dns.zone["letter._domainkey.example.org"] = {"TXT": [record(published).value]}
    pem = ours.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    monkeypatch.setenv("NEWSLETTER_DKIM_KEY", pem.decode())
    settings(project, '[dkim]\nselector = "letter"')
    code, said = examine(dns, capsys)
    assert code == 1
    assert said["DKIM key letter of example.org"]["level"] == "error"


def test_a_key_that_cannot_be_read_is_a_finding(
    project: Path, dns: DnsServer, capsys: Output
) -> None:
    settings(project, '[dkim]\nselector = "letter"\nkey_file = "missing.pem"')
    code, said = examine(dns, capsys)
    assert code == 1
    assert said["DKIM"]["level"] == "error"
    assert "missing.pem" in said["DKIM"]["said"]


def test_the_key_of_a_relay_that_signs_is_named_by_its_selector(
    project: Path, dns: DnsServer, capsys: Output
) -> None:
    settings(project)
    key = "s1._domainkey.example.org", "s2._domainkey.example.com"
    _, said = examine(dns, capsys, "--selector", "s1", "--selector", "s2:Example.com")
    assert key[0] in said["DKIM key s1 of example.org"]["said"]
    assert key[1] in said["DKIM key s2 of example.com"]["said"]


@pytest.mark.parametrize(
    "transport",
    ["smtp://letter@127.0.0.1", "smtp://relay.example.org?security=none", "pigeon:loft"],
)
def test_a_transport_that_a_send_would_refuse_is_a_finding(
    project: Path, dns: DnsServer, capsys: Output, transport: str
) -> None:
    settings(project, f'transport = "{transport}"')
    code, said = examine(dns, capsys)
    assert code == 1
    assert said["transport"]["level"] == "error"


def test_without_a_network_the_answer_is_incomplete_not_no(
    project: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.probes.doctor.lookups.SECONDS", 0.1)
    settings(project, 'base_url = "https://www.example.org"')
    assert run(["doctor", "--nameserver", f"127.0.0.1:{closed_port()}"]) == 3
    shown = capsys.readouterr()
    assert "no name server answers" in shown.out
    assert "could not be checked" in shown.err
    assert "error" not in shown.out


def test_the_words_are_grouped_with_the_worst_first(
    project: Path, dns: DnsServer, capsys: Output
) -> None:
    del dns.zone["_dmarc.example.org"]
    settings(project)
    assert run(["doctor", "--nameserver", dns.place]) == 1
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert lines[0] == "Domain"
    assert lines[1].startswith("  ✗ error: DMARC of example.org: there is no DMARC record")
    assert lines[2].startswith("      Add a TXT record to _dmarc.example.org")
    assert re.fullmatch(r"2 errors, \d warnings?, \d could not be checked, \d fine\.\n", shown.err)


def test_looking_makes_no_database(project: Path, dns: DnsServer, capsys: Output) -> None:
    settings(project)
    examine(dns, capsys)
    assert not (project / ".newsletter").exists()


@pytest.mark.parametrize(
    "arguments", [["--direct", "mail.example.org"], ["--nameserver", "dns.example.org"]]
)
def test_names_where_addresses_belong_are_wrong_usage(
    project: Path, capsys: Output, arguments: list[str]
) -> None:
    settings(project)
    assert run(["doctor", *arguments]) == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("levels", "essential", "code"),
    [
        ([Level.OK, Level.WARNING], True, 0),
        ([Level.UNCHECKED], False, 0),
        ([Level.UNCHECKED, Level.OK], True, 3),
        ([Level.UNCHECKED, Level.ERROR], True, 1),
    ],
)
def test_the_exit_code_tells_no_from_not_known(
    levels: list[Level], essential: bool, code: int
) -> None:
    assert exit_code([Checkup("x", level, "", is_essential=essential) for level in levels]) == code


class Postmark(Provider):
    """A server at Postmark, on which somebody has switched open tracking on."""

    def asked(self, request: Request) -> Reply:
        self.expect(request.path == "/server", request.path)
        self.expect(request.headers.get("x-postmark-server-token") == KEY, "login")
        return Reply(200, {"Name": "Letters", "DeliveryType": "Live", "TrackOpens": True})


def test_a_provider_that_watches_readers_is_an_error(
    project: Path, dns: DnsServer, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_TRANSPORT_PASSWORD", KEY)
    with provider_server(Postmark()) as server:
        settings(project, f'transport = "postmark:?endpoint={server.url}"')
        code, said = examine(dns, capsys)
        assert [request.method for request in server.requests] == ["GET"]
    assert code == 1
    assert said["Postmark, key"]["level"] == "ok"
    assert said["Postmark, sender"]["level"] == "unchecked"
    assert said["Postmark, tracking"]["level"] == "error"
    assert "open tracking" in said["Postmark, tracking"]["hint"]
    assert KEY not in json.dumps(said)


def test_each_of_two_relays_is_greeted_with_its_own_password(
    project: Path, dns: DnsServer, capsys: Output
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(project / "authority.pem"))
    certificate = authority.issue_cert("127.0.0.1", "localhost")
    logins = (("letter", "open sesame"), ("mail", "another one"))
    with contextlib.ExitStack() as stack:
        one, two = (
            stack.enter_context(real_server(certificate=certificate, login=login))
            for login in logins
        )
        (project / "relay.password").write_text("127.0.0.1 open sesame\nlocalhost another one\n")
        (project / "relay.password").chmod(0o600)
        settings(
            project,
            f'transport = "smtp://letter@127.0.0.1:{one.port}?ca=authority.pem '
            f'smtp://mail@localhost:{two.port}?ca=authority.pem"',
            'transport_password_file = "relay.password"',
        )
        _, said = examine(dns, capsys)
        assert said[f"127.0.0.1:{one.port}, login"]["level"] == "ok"
        assert said[f"localhost:{two.port}, login"]["level"] == "ok"
        assert (one.inbox.logins, two.inbox.logins) == ([logins[0]], [logins[1]])
        (project / "relay.password").write_text("127.0.0.1 open sesame\n")
        code, said = examine(dns, capsys)
        assert code == 1
        assert "no password for mail at localhost" in said["transport"]["said"]
        assert len(one.inbox.logins) == 1, "nobody was asked"
