"""The whole examination: a set-up that is right, one without a network, and the order."""

from __future__ import annotations

import dataclasses
import datetime
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from newsletter.probes.doctor.checkup import Checkup, Group, Level
from newsletter.probes.doctor.dkim import DkimKey
from newsletter.probes.doctor.examine import Outside, SetUp, examine, worst_first
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.relay import Relay
from newsletter.probes.links import Network
from tests.dns_server import SOA, DnsServer
from tests.smtp import RealServer, free_port, real_server
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING, levels, of
from tests.unit.probes.doctor.test_dkim import rsa
from tests.unit.probes.kit import Net, Site, page

Examine = Callable[..., list[Checkup]]


def clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@pytest.fixture
def relay(authority: trustme.CA) -> Iterator[RealServer]:
    with real_server(certificate=authority.issue_cert("127.0.0.1")) as server:
        yield server


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def set_up(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    relay: RealServer,
    tls: ssl.SSLContext,
    dns: DnsServer,
    secure_site: Callable[..., Site],
) -> SetUp:
    """Everything as it should be, in the world outside and here."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    site = secure_site("www.example.com")
    site.pages["/unsubscribe/sample"] = page(200)
    dns.zone |= {
        "example.org": {
            "SOA": [SOA],
            "MX": ["10 mail.example.org."],
            "TXT": ["v=spf1 a:mail.example.org ~all"],
        },
        "mail.example.org": {"A": ["1.1.1.17"]},
        "17.1.1.1.in-addr.arpa": {"PTR": ["mail.example.org."]},
        "_dmarc.example.org": {"TXT": ["v=DMARC1; p=reject"]},
        "s._domainkey.example.org": {"TXT": [f"v=DKIM1; k=rsa; p={rsa(2048)}"]},
    }
    return SetUp(
        from_domain="example.org",
        mail_from_domain="example.org",
        relays=(Relay("127.0.0.1", relay.port, "example.org", tls=tls),),
        transport="smtp://127.0.0.1",
        keys=(DkimKey("example.org", "s", rsa(2048)),),
        message_size=60_000,
        unsubscribe_url=site.url("/unsubscribe/sample", scheme="https"),
        direct=(),
        root=tmp_path,
        state_folder=tmp_path / ".newsletter",
        secrets=(),
    )


@pytest.fixture
def outside(lookups: LookUps, tls: ssl.SSLContext) -> Outside:
    return Outside(lookups, Net(tls=tls).network(), clock, seconds=5.0)


def test_a_set_up_that_is_right_has_nothing_but_ok(set_up: SetUp, outside: Outside) -> None:
    from ipaddress import ip_address

    set_up = dataclasses.replace(set_up, direct=(ip_address("1.1.1.17"),))
    found = examine(set_up, outside)
    assert [checkup for checkup in found if checkup.level is not OK] == []
    assert {checkup.group for checkup in found} == set(Group)


def test_without_a_network_nothing_outside_is_fine_and_nothing_is_dead(
    set_up: SetUp, silence: LookUps, tls: ssl.SSLContext
) -> None:
    away = dataclasses.replace(
        set_up, relays=(Relay("relay.invalid", 587, "example.org", tls=tls),)
    )
    found = examine(away, Outside(silence, Network(look_up=silence.look_up), clock, seconds=1.0))
    outward = [c for c in found if c.group in {Group.RELAY, Group.DOMAIN, Group.WEB}]
    assert len(outward) >= 6
    assert set(levels(outward)) == {UNCHECKED}
    assert all(checkup.said for checkup in outward)


def test_one_domain_that_cannot_be_asked_hides_no_other(
    set_up: SetUp, outside: Outside, dns: DnsServer
) -> None:
    dns.zone["_dmarc.example.org"] = "SERVFAIL"
    found = examine(set_up, outside)
    assert of(found, "DMARC of example.org").level is UNCHECKED
    assert of(found, "DKIM key s of example.org").level is OK


def test_a_domain_of_its_own_for_bounces_is_looked_at(set_up: SetUp, outside: Outside) -> None:
    found = examine(dataclasses.replace(set_up, mail_from_domain="gone.example.org"), outside)
    assert of(found, "domain gone.example.org").level is ERROR


def test_who_signs_elsewhere_is_not_known(set_up: SetUp, outside: Outside) -> None:
    found = of(examine(dataclasses.replace(set_up, keys=()), outside), "DKIM")
    assert (found.level, found.is_essential) == (UNCHECKED, True)
    assert "--selector" in found.hint


def test_several_relays_are_looked_at_one_by_one(set_up: SetUp, outside: Outside) -> None:
    [good] = set_up.relays
    closed = dataclasses.replace(good, port=free_port())
    found = examine(dataclasses.replace(set_up, relays=(good, closed)), outside)
    assert of(found, f"127.0.0.1:{good.port}, reachable").level is OK
    assert of(found, f"127.0.0.1:{closed.port}, reachable").level is ERROR


def test_a_folder_mails_nobody(set_up: SetUp, outside: Outside, tmp_path: Path) -> None:
    changed = dataclasses.replace(
        set_up, relays=(), transport="maildir:outbox", outbox=tmp_path / "outbox"
    )
    assert of(examine(changed, outside), "transport").level is WARNING


def test_a_transport_that_is_not_known_is_not_called_fine(set_up: SetUp, outside: Outside) -> None:
    changed = dataclasses.replace(set_up, relays=(), transport="other:service")
    assert of(examine(changed, outside), "transport").level is UNCHECKED


def test_what_the_settings_say_wrongly_is_said_once(set_up: SetUp, outside: Outside) -> None:
    problems = (
        Checkup("transport", ERROR, "no such transport", "", Group.RELAY),
        Checkup("DKIM", ERROR, "no such key", ""),
    )
    changed = dataclasses.replace(set_up, relays=(), keys=(), problems=problems)
    found = examine(changed, outside)
    assert of(found, "transport") == problems[0]
    assert of(found, "DKIM") == problems[1]


def test_the_clock_is_compared_with_the_web_server(set_up: SetUp, outside: Outside) -> None:
    def late() -> datetime.datetime:
        return clock() - datetime.timedelta(hours=2)

    found = of(examine(set_up, dataclasses.replace(outside, clock=late)), "clock")
    assert (found.level, "behind" in found.said) == (ERROR, True)


def test_a_record_cannot_steer_the_terminal(
    set_up: SetUp, outside: Outside, dns: DnsServer
) -> None:
    dns.zone["example.org"] = {"TXT": ["v=spf1 \x1b[2Jcls -all"]}
    found = [c for c in examine(set_up, outside) if c.what == "SPF of example.org"]
    assert [(c.level, "cls" in c.said, "\x1b" in c.said) for c in found] == [(ERROR, True, False)]


def test_the_worst_group_and_in_it_the_worst_comes_first() -> None:
    def checkup(group: Group, level: Level) -> Checkup:
        return Checkup(f"{group}-{level}", level, "", "", group)

    mixed = [
        checkup(Group.RELAY, OK),
        checkup(Group.DOMAIN, OK),
        checkup(Group.DOMAIN, WARNING),
        checkup(Group.WEB, UNCHECKED),
        checkup(Group.GIT, OK),
        checkup(Group.GIT, ERROR),
    ]
    assert [c.what for c in worst_first(mixed)] == [
        "git-error", "git-ok", "web pages-unchecked", "domain-warning", "domain-ok", "relay-ok",
    ]  # fmt: skip
