"""Asking a real DNS server on loopback."""

from __future__ import annotations

import asyncio

import dns.resolver
import pytest

from newsletter.probes.answer import Failure
from newsletter.probes.doctor.lookups import PATIENCE, LookUps, NoAnswerError, parse_nameserver
from newsletter.probes.url import RefusedError
from tests.dns_server import SILENCE, SOA, DnsServer


def test_the_strings_of_a_text_record_are_joined(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = {"TXT": [("v=spf1 ip4:192.0", ".2.1 -all"), 'say "hi"; \\o/']}
    assert set(lookups.texts("example.org")) == {"v=spf1 ip4:192.0.2.1 -all", 'say "hi"; \\o/'}


def test_a_long_answer_comes_over_tcp(dns: DnsServer, lookups: LookUps) -> None:
    long = "v=DKIM1; p=" + "A" * 1500
    dns.zone["s._domainkey.example.org"] = {"TXT": [long]}
    assert lookups.texts("s._domainkey.example.org") == (long,)
    assert dns.by_tcp == 1


def test_each_question_is_asked_once(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = {"MX": ["10 mail.example.org."]}
    for name in ("example.org", "EXAMPLE.org."):
        assert lookups.exchanges(name) == ("mail.example.org",)
    assert len(dns.asked) == 1


def test_a_name_without_such_records_exists(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = {"SOA": [SOA]}
    answered = lookups.ask("example.org", "MX")
    assert (answered.values, answered.exists, answered.has_zone) == ((), True, True)
    assert not lookups.ask("gone.example.org", "MX").exists


def test_a_failure_of_the_server_is_no_answer(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = "SERVFAIL"
    with pytest.raises(NoAnswerError, match=r"SERVFAIL for example\.org") as raised:
        lookups.texts("example.org")
    assert not raised.value.is_silence


def test_silence_is_told_from_a_failure_and_patience_ends(dns: DnsServer) -> None:
    lookups = LookUps.at(dns.place, seconds=0.2)
    for number in range(PATIENCE + 3):
        dns.zone[f"{number}.example.org"] = SILENCE
        with pytest.raises(NoAnswerError) as raised:
            lookups.texts(f"{number}.example.org")
        assert raised.value.is_silence
    assert len({name for name, _ in dns.asked}) == PATIENCE


def test_a_name_server_that_is_not_there_is_silence(silence: LookUps) -> None:
    with pytest.raises(NoAnswerError) as raised:
        silence.texts("example.org")
    assert raised.value.is_silence


def test_a_machine_without_name_servers_is_silent() -> None:
    with pytest.raises(NoAnswerError, match="no name server"):
        LookUps(None).texts("example.org")


def resolver_at(server: DnsServer) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = server.port
    return resolver


def test_a_server_that_denies_every_name_is_not_believed(dns: DnsServer) -> None:
    with pytest.raises(NoAnswerError, match="denies every name") as raised:
        LookUps(resolver_at(dns)).texts("example.org")
    assert raised.value.is_silence


def test_a_server_that_knows_the_usual_name_is_believed(dns: DnsServer) -> None:
    dns.zone["example.com"] = {"SOA": [SOA]}
    assert not LookUps(resolver_at(dns)).ask("gone.example.org", "TXT").exists


def test_one_kind_of_address_is_enough(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["a.example.org"] = {"A": ["192.0.2.1"], "AAAA": ["2001:db8::1"]}
    assert [str(a) for a in lookups.addresses("a.example.org")] == ["192.0.2.1", "2001:db8::1"]
    assert lookups.addresses("gone.example.org") == ()


def test_a_name_that_nobody_can_own_does_not_exist(lookups: LookUps) -> None:
    assert not lookups.ask("a" * 64 + ".example.org", "A").exists


def test_web_pages_are_found_by_the_same_dns(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone |= {"www.example.org": {"A": ["192.0.2.7"]}, "odd.example.org": "REFUSED"}
    assert [str(a) for a in asyncio.run(lookups.look_up("www.example.org"))] == ["192.0.2.7"]
    for host, failure in (
        ("gone.example.org", Failure.NO_SUCH_HOST),
        ("odd.example.org", Failure.NAME_TROUBLE),
    ):
        with pytest.raises(RefusedError) as raised:
            asyncio.run(lookups.look_up(host))
        assert raised.value.failure is failure


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("192.0.2.53", "192.0.2.53", 53),
        ("192.0.2.53:5353", "192.0.2.53", 5353),
        ("2001:db8::53", "2001:db8::53", 53),
        ("[2001:db8::53]:5353", "2001:db8::53", 5353),
        ("[2001:db8::53]", "2001:db8::53", 53),
    ],
)
def test_a_name_server_may_be_written_with_a_port(text: str, host: str, port: int) -> None:
    assert parse_nameserver(text) == (host, port)


@pytest.mark.parametrize(
    "text", ["dns.example.org", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:x", "192.0.2.53:99999"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_nameserver(text)
