"""SPF records, from a DNS server on loopback."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from newsletter.probes.doctor.checkup import Checkup
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError
from newsletter.probes.doctor.spf import Senders, check_spf
from newsletter.probes.doctor.spf_record import SpfSyntaxError, parse_spf
from tests.dns_server import DnsServer
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING, levels, only

RELAY = Senders((ip_address("192.0.2.25"),), "relay.example.com", is_certain=False)
DIRECT = Senders((ip_address("192.0.2.25"),), "192.0.2.25", is_certain=True)
UNKNOWN = Senders((), "localhost", is_certain=False)


def spf(dns: DnsServer, lookups: LookUps, text: str, who: Senders = RELAY) -> list[Checkup]:
    dns.zone["example.org"] = {"TXT": [text, "some other record"]}
    return check_spf("example.org", who, lookups)


@pytest.mark.parametrize(
    "terms",
    [
        "ip4:192.0.2.25",
        "ip4:192.0.2.0/24",
        "IP4:192.0.2.25",
        "a:relay.example.com",
        "a:relay.example.com/28",
        "mx:example.net",
        "mx:example.net/24//64",
        "include:_spf.example.com",
        "ip6:2001:db8::/32 ~ip4:198.51.100.1 include:_spf.example.com",
        "exists:relay.example.com",
        "unknown=thing a:relay.example.com",
    ],
)
def test_a_record_that_lists_the_relay_is_fine(
    dns: DnsServer, lookups: LookUps, terms: str
) -> None:
    dns.zone |= {
        "relay.example.com": {"A": ["192.0.2.25"]},
        "example.net": {"MX": ["10 relay.example.com."]},
        "_spf.example.com": {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]},
    }
    assert only(spf(dns, lookups, f"v=spf1 {terms} -all")).level is OK


def test_a_redirect_is_followed(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["_spf.example.com"] = {"TXT": ["v=spf1 ip4:192.0.2.0/24 -all"]}
    assert only(spf(dns, lookups, "v=spf1 redirect=_spf.example.com")).level is OK


@pytest.mark.parametrize("other", [[], ["v=spf1 ip4:nothing"]])
def test_a_redirect_that_leads_nowhere_is_one_error(
    dns: DnsServer, lookups: LookUps, other: list[str]
) -> None:
    dns.zone["_spf.example.com"] = {"TXT": other}
    assert only(spf(dns, lookups, "v=spf1 redirect=_spf.example.com")).level is ERROR


def test_behind_all_nothing_counts(dns: DnsServer, lookups: LookUps) -> None:
    found = only(spf(dns, lookups, "v=spf1 -all ip4:192.0.2.25", DIRECT))
    assert found.level is ERROR


def test_an_include_does_not_hand_its_all_on(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["_spf.example.com"] = {"TXT": ["v=spf1 ip4:203.0.113.1 ~all"]}
    found = only(spf(dns, lookups, "v=spf1 include:_spf.example.com -all", DIRECT))
    assert found.level is ERROR


def test_without_a_record_it_is_an_error(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = {"TXT": ["v=spf10 -all", "site-verification"]}
    found = only(check_spf("example.org", RELAY, lookups))
    assert found.level is ERROR
    assert "Add a TXT record to example.org" in found.hint


def test_two_records_are_none(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = {"TXT": ["v=spf1 -all", "v=spf1 ip4:192.0.2.25 -all"]}
    found = only(check_spf("example.org", RELAY, lookups))
    assert found.level is ERROR
    assert "2 SPF records" in found.said


def test_a_relay_that_is_not_listed_may_send_from_elsewhere(
    dns: DnsServer, lookups: LookUps
) -> None:
    found = only(spf(dns, lookups, "v=spf1 ip4:203.0.113.1 -all"))
    assert found.level is WARNING
    assert "192.0.2.25" in found.said


def test_a_machine_that_sends_itself_must_be_listed(dns: DnsServer, lookups: LookUps) -> None:
    found = only(spf(dns, lookups, "v=spf1 ip4:203.0.113.1 -all", DIRECT))
    assert found.level is ERROR
    assert "ip4:192.0.2.25" in found.hint


def test_without_an_address_nothing_is_claimed(dns: DnsServer, lookups: LookUps) -> None:
    found = only(spf(dns, lookups, "v=spf1 ip4:203.0.113.1 -all", UNKNOWN))
    assert (found.level, found.is_essential) == (UNCHECKED, False)


def test_a_macro_cannot_be_told_in_advance(dns: DnsServer, lookups: LookUps) -> None:
    found = only(spf(dns, lookups, "v=spf1 exists:%{ir}._spf.example.com -all", DIRECT))
    assert found.level is UNCHECKED


@pytest.mark.parametrize(
    ("end", "words"),
    [("+all", "everybody"), ("all", "everybody"), ("?all", "forgers"), ("", "does not end")],
)
def test_loose_ends_are_warned_of(dns: DnsServer, lookups: LookUps, end: str, words: str) -> None:
    found = spf(dns, lookups, f"v=spf1 ip4:192.0.2.25 {end}")
    assert levels(found) == [WARNING, OK]
    assert words in found[0].said


def test_ptr_is_warned_of(dns: DnsServer, lookups: LookUps) -> None:
    found = spf(dns, lookups, "v=spf1 ip4:192.0.2.25 ptr -all")
    assert levels(found) == [WARNING, OK]


def names(number: int) -> str:
    return " ".join(f"include:{n}.example.com" for n in range(number))


@pytest.mark.parametrize(("number", "level"), [(9, OK), (10, ERROR)])
def test_ten_look_ups_are_allowed_and_no_more(
    dns: DnsServer, lookups: LookUps, number: int, level: object
) -> None:
    # One of the included records asks once more itself.
    for n in range(number):
        dns.zone[f"{n}.example.com"] = {"TXT": ["v=spf1 -all"]}
    dns.zone["0.example.com"] = {"TXT": ["v=spf1 a:relay.example.com -all"]}
    dns.zone["relay.example.com"] = {"A": ["192.0.2.25"]}
    found = only(spf(dns, lookups, f"v=spf1 {names(number)} -all"))
    assert found.level is level
    if level is ERROR:
        assert "11 look-ups" in found.said


def test_a_record_that_includes_itself_ends(dns: DnsServer, lookups: LookUps) -> None:
    found = spf(dns, lookups, "v=spf1 include:example.org -all")
    assert levels(found) == [ERROR]
    assert "look-ups" in found[0].said


@pytest.mark.parametrize(("number", "level"), [(2, OK), (3, ERROR)])
def test_two_names_may_lead_nowhere(
    dns: DnsServer, lookups: LookUps, number: int, level: object
) -> None:
    gone = " ".join(f"a:{n}.gone.example.com" for n in range(number))
    found = only(spf(dns, lookups, f"v=spf1 ip4:192.0.2.25 {gone} -all"))
    assert found.level is level


@pytest.mark.parametrize("other", [[], ["no spf"], ["v=spf1 -all", "v=spf1 ~all"]])
def test_an_include_must_lead_to_one_record(
    dns: DnsServer, lookups: LookUps, other: list[str]
) -> None:
    dns.zone["_spf.example.com"] = {"TXT": other}
    found = only(spf(dns, lookups, "v=spf1 include:_spf.example.com -all"))
    assert found.level is ERROR
    assert "_spf.example.com" in found.said


def test_a_mistake_in_an_included_record_is_named(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["_spf.example.com"] = {"TXT": ["v=spf1 ipv4:192.0.2.1 -all"]}
    found = only(spf(dns, lookups, "v=spf1 include:_spf.example.com -all"))
    assert found.level is ERROR
    assert "ipv4:192.0.2.1" in found.said


@pytest.mark.parametrize("terms", ["include:_spf.example.com -all", "redirect=_spf.example.com"])
def test_what_cannot_be_followed_is_said(dns: DnsServer, lookups: LookUps, terms: str) -> None:
    dns.zone["_spf.example.com"] = "SERVFAIL"
    found = spf(dns, lookups, f"v=spf1 {terms}", DIRECT)
    assert set(levels(found)) == {UNCHECKED}
    assert "SERVFAIL" in found[0].said


def test_without_a_network_there_is_no_verdict(silence: LookUps) -> None:
    with pytest.raises(NoAnswerError):
        check_spf("example.org", RELAY, silence)


@pytest.mark.parametrize(
    "term",
    [
        "ipv4:192.0.2.1",
        "ip4:192.0.2.256",
        "ip4:2001:db8::1",
        "ip6:192.0.2.1",
        "ip4:192.0.2.1/33",
        "ip4:192.0.2.0/255.255.255.0",
        "ip4",
        "a:192.0.2.1",
        "a:localhost",
        "a:",
        "a/33",
        "a//129",
        "mx/x",
        "include",
        "include:",
        "include:_spf",
        "exists:",
        "all:example.org",
        "-",
        "include:example.org,",
        "redirect=",
        "redirect=a.example.org redirect=b.example.org",
        "a:%{z}.example.org",
        "“a”",
    ],
)
def test_receivers_would_refuse_these_terms(term: str) -> None:
    with pytest.raises(SpfSyntaxError):
        parse_spf(f"v=spf1 {term} -all")


@pytest.mark.parametrize(
    "term",
    [
        "a", "mx", "ptr", "ptr:example.org", "a/24", "a//64", "a/24//64", "-mx:example.org/24",
        "?include:_spf.example.org", "exists:%{i}.%{d2}", "exp=explain.%{d}",
        "ip6:2001:db8::/32", "ip4:192.0.2.7/24", "include:example.xn--p1ai", "x-thing=a=b",
    ],
)  # fmt: skip
def test_receivers_take_these_terms(term: str) -> None:
    parse_spf(f"v=spf1  {term}  -all ")
