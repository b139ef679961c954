"""The policy that others go by when they send mail to the domain, on a web server of our own."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import trustme

from newsletter.probes.answer import Failure
from newsletter.probes.doctor import mta_sts
from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.mta_sts import MOST, Policy, PolicyError
from newsletter.probes.doctor.policies import check_policies
from tests.dns_server import DnsServer
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING, only
from tests.unit.probes.kit import Net, Serve, Site, page

PATH = "/.well-known/mta-sts.txt"
GOOD = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.org\r\nmax_age: 2419200\r\n"
Look = Callable[..., list[Checkup]]
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def policy(text: str | bytes = GOOD, kind: str = "text/plain; charset=utf-8") -> Serve:
    body = text.encode() if isinstance(text, str) else text

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if kind:
            handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return serve


@pytest.fixture
def net(authority: trustme.CA) -> Net:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return Net(tls=context)


@pytest.fixture
def look(dns: DnsServer, lookups: LookUps, net: Net, monkeypatch: pytest.MonkeyPatch) -> Look:
    """What is said of MTA-STS, with a server that stands for the one of the domain."""
    dns.zone |= {
        "example.org": {"MX": ["10 mail.example.org."]},
        "mail.example.org": {"A": ["192.0.2.1"]},
        "_mta-sts.example.org": {"TXT": ["v=STSv1; id=20261124;"]},
    }

    def look(site: Site | None) -> list[Checkup]:
        monkeypatch.setattr(mta_sts, "PORT", site.port if site else 9)
        found = check_policies("example.org", lookups, net.network(), seconds=5.0)
        return [checkup for checkup in found if checkup.what.startswith("MTA-STS")]

    return look


def test_a_policy_that_is_enforced_is_fine(
    secure_site: Callable[..., Site], look: Look, net: Net
) -> None:
    site = secure_site("mta-sts.example.org")
    site.pages[PATH] = policy()
    found = only(look(site))
    assert (found.level, found.said) == (OK, "set up and enforced, kept for 28 days")
    assert site.log == [("GET", PATH)]
    assert net.asked == ["mta-sts.example.org"]


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        (GOOD.replace("enforce", "testing"), OK, "testing"),
        (GOOD.replace("enforce", "none"), OK, "switched off"),
        ("version: STSv1\nmode: none\nmax_age: 86400", OK, "switched off"),
        (GOOD.replace("mail.", "*."), OK, "enforced"),
        (GOOD.replace("mail.", "other."), ERROR, "does not name mail.example.org"),
        (GOOD.replace("mail.", "*.mail."), ERROR, "does not name mail.example.org"),
        (GOOD.replace("mail.example.org", "example.org"), ERROR, "does not name"),
        (
            GOOD.replace("mail.", "other.").replace("enforce", "testing"),
            WARNING,
            "does not name mail.example.org",
        ),
        (GOOD.replace("2419200", "3600"), WARNING, "3,600 seconds"),
        (GOOD.replace("2419200", "86400"), WARNING, "1 day only"),
        (GOOD.replace("2419200", "31557601"), WARNING, "max_age"),
        (GOOD.replace("2419200", "a week"), WARNING, "max_age"),
        (GOOD.replace("STSv1", "STSv2"), WARNING, "version: STSv1"),
        (GOOD.replace("enforce", "strict"), WARNING, "mode"),
        (GOOD.replace("mx: mail.example.org\r\n", ""), WARNING, "no line mx:"),
        (GOOD.replace("mail.example.org", "mail example org"), WARNING, "not the name of a host"),
        (GOOD.replace("mail.example.org", "*.*.example.org"), WARNING, "not the name of a host"),
        ("<html>Welcome</html>", WARNING, "without a colon"),
        ("", WARNING, "version: STSv1"),
        (b"\xff\xfe", WARNING, "UTF-8"),
    ],
)
def test_what_a_policy_says_is_looked_at(
    secure_site: Callable[..., Site], look: Look, text: str | bytes, level: Level, words: str
) -> None:
    site = secure_site("mta-sts.example.org")
    site.pages[PATH] = policy(text)
    found = only(look(site))
    assert (found.level, words in found.said) == (level, True), found


def test_of_several_hosts_one_that_is_not_named_is_a_warning(
    secure_site: Callable[..., Site], look: Look, dns: DnsServer
) -> None:
    dns.zone["example.org"] = {"MX": ["10 mail.example.org.", "20 spare.example.net."]}
    site = secure_site("mta-sts.example.org")
    site.pages[PATH] = policy()
    found = only(look(site))
    assert (found.level, "spare.example.net" in found.said) == (WARNING, True)


@pytest.mark.parametrize("kind", ["", "text/html"])
def test_a_policy_that_does_not_come_as_plain_text_is_warned_of(
    secure_site: Callable[..., Site], look: Look, kind: str
) -> None:
    site = secure_site("mta-sts.example.org")
    site.pages[PATH] = policy(kind=kind)
    found = only(look(site))
    assert (found.level, "text/plain" in found.said) == (WARNING, True)


@pytest.mark.parametrize(
    ("serve", "words"),
    [
        (page(404), "answers 404"),
        (page(301, location="https://mta-sts.example.org/elsewhere"), "answers 301"),
        (policy(GOOD + "x: " + "y" * MOST), "larger than 64 KB"),
    ],
)
def test_a_record_without_a_policy_is_warned_of(
    secure_site: Callable[..., Site], look: Look, serve: Serve, words: str
) -> None:
    site = secure_site("mta-sts.example.org")
    site.pages[PATH] = serve
    site.pages["/elsewhere"] = policy()
    found = only(look(site))
    assert (found.level, words in found.said) == (WARNING, True)
    assert len(site.log) == 1, "no redirect is followed"


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        (["www.example.org"], {}, "another site"),
        (["mta-sts.example.org"], {"not_after": LONG_AGO}, "expired"),
    ],
)
def test_a_policy_counts_only_behind_a_good_certificate(
    secure_site: Callable[..., Site],
    look: Look,
    names: list[str],
    options: dict[str, Any],
    words: str,
) -> None:
    site = secure_site(*names, **options)
    site.pages[PATH] = policy()
    found = only(look(site))
    assert (found.level, words in found.said) == (WARNING, True)
    assert site.log == []


@pytest.mark.parametrize(
    ("answer", "level"),
    [
        (Failure.NO_SUCH_HOST, WARNING),
        (["10.0.0.1"], WARNING),
        (Failure.NAME_TROUBLE, UNCHECKED),
    ],
)
def test_only_a_clear_no_is_held_against_it(
    look: Look, net: Net, answer: Any, level: Level
) -> None:
    net.names["mta-sts.example.org"] = [answer]
    found = only(look(None))
    assert (found.level, found.is_essential) == (level, False)


def test_without_a_record_nobody_is_asked(look: Look, net: Net, dns: DnsServer) -> None:
    del dns.zone["_mta-sts.example.org"]
    assert only(look(None)).said == "not set up"
    assert net.asked == []


def test_of_fields_that_come_twice_the_first_counts_and_others_are_passed_over() -> None:
    text = (
        "later: 1\nversion: STSv1\nmode: testing\nmode: enforce\nmx: A.example.org.\nmax_age: 1\n"
    )
    found = Policy.parse(text + "mx: b.example.org\nmax_age: 99\n")
    assert found == Policy("testing", 1, ("a.example.org", "b.example.org"))
    assert found.covers("A.EXAMPLE.ORG.")
    with pytest.raises(PolicyError):
        Policy.parse(GOOD.replace(":", "="))
