"""Whether domains exist and take mail, names of addresses, and policies nobody needs."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from newsletter.probes.doctor.checkup import Level
from newsletter.probes.doctor.domains import check_domain
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError
from newsletter.probes.doctor.policies import check_policies
from newsletter.probes.doctor.reverse import check_reverse, is_generic
from newsletter.probes.links import Network
from tests.dns_server import SOA, DnsServer, Records
from tests.unit.probes.doctor.kit import ERROR, OK, WARNING, levels, only

HOST: Records = {"A": ["192.0.2.1"]}


@pytest.mark.parametrize(
    "records",
    [
        {"SOA": [SOA], "MX": ["10 mail.example.org."]},
        {"SOA": [SOA], "A": ["192.0.2.1"]},
        {"SOA": [SOA], "AAAA": ["2001:db8::1"]},
        {"SOA": [SOA], "MX": ["10 gone.example.org.", "20 mail.example.org."]},
    ],
)
def test_a_domain_that_takes_mail_is_fine(
    dns: DnsServer, lookups: LookUps, records: Records
) -> None:
    dns.zone |= {"example.org": records, "mail.example.org": HOST}
    assert only(check_domain("example.org", "from", lookups)).level is OK


def test_a_part_of_a_zone_needs_no_zone_of_its_own(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone |= {"example.org": {"SOA": [SOA]}, "letter.example.org": HOST}
    assert only(check_domain("letter.example.org", "from", lookups)).level is OK


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (None, "no domain"),
        ({"SOA": [SOA]}, "neither MX nor address"),
        ({"SOA": [SOA], "MX": ["0 ."], "A": ["192.0.2.1"]}, "null MX"),
        ({"SOA": [SOA], "MX": ["10 gone.example.org."], "A": ["192.0.2.1"]}, "has no address"),
    ],
)
def test_a_domain_to_which_nothing_comes_back_is_an_error(
    dns: DnsServer, lookups: LookUps, records: Records | None, words: str
) -> None:
    if records:
        dns.zone["example.org"] = records
    found = only(check_domain("example.org", "bounce_address", lookups))
    assert found.level is ERROR
    assert words in found.said
    assert "bounce_address" in found.hint or "MX record" in found.hint


def test_a_domain_without_a_zone_is_warned_of(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = HOST
    assert levels(check_domain("example.org", "from", lookups)) == [OK, WARNING]


OURS = ip_address("1.1.1.17")
PTR = "17.1.1.1.in-addr.arpa"


def test_an_address_and_its_name_lead_to_each_other(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone |= {PTR: {"PTR": ["mail.example.org."]}, "mail.example.org": {"A": [str(OURS)]}}
    assert only(check_reverse(OURS, lookups)).level is OK


def test_an_address_of_ipv6_is_looked_at_like_any(dns: DnsServer, lookups: LookUps) -> None:
    address = ip_address("2606:4700::1111")
    dns.zone |= {
        address.reverse_pointer: {"PTR": ["mail.example.org."]},
        "mail.example.org": {"AAAA": [str(address)]},
    }
    assert only(check_reverse(address, lookups)).level is OK


def test_an_address_without_a_name_is_an_error(dns: DnsServer, lookups: LookUps) -> None:
    found = only(check_reverse(OURS, lookups))
    assert (found.level, "PTR" in found.said) == (ERROR, True)


def test_a_name_that_leads_elsewhere_is_an_error(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone |= {PTR: {"PTR": ["mail.example.org."]}, "mail.example.org": HOST}
    found = only(check_reverse(OURS, lookups))
    assert (found.level, "lead back" in found.said) == (ERROR, True)


def test_an_address_that_nobody_sees_is_an_error(lookups: LookUps) -> None:
    assert only(check_reverse(ip_address("10.0.0.7"), lookups)).level is ERROR


def test_a_name_made_for_homes_is_warned_of(dns: DnsServer, lookups: LookUps) -> None:
    name = "1-1-1-17.isp.example.com"
    dns.zone |= {PTR: {"PTR": [f"{name}."]}, name: {"A": [str(OURS)]}}
    assert only(check_reverse(OURS, lookups)).level is WARNING


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mail.example.org", False),
        ("mx17.example.org", False),
        ("dynamo.example.org", False),
        ("ip-1-1-1-17.example.com", True),
        ("17.1.example.com", True),
        ("001001001017.example.com", True),
        ("host7.dsl.example.com", True),
        ("customer.example.com", True),
    ],
)
def test_names_that_providers_make_are_known(name: str, answer: bool) -> None:
    assert is_generic(name, OURS) is answer


def test_policies_are_hints_only(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = HOST
    found = check_policies("example.org", lookups, Network())
    assert levels(found) == [OK, OK]
    assert all("Nothing needs it" in checkup.hint for checkup in found)


@pytest.mark.parametrize(
    ("sts", "rpt", "wanted"),
    [
        ([], ["v=TLSRPTv1; rua=mailto:a@example.org"], [OK, OK]),
        (["v=STSv1; id=2026-11-24"], [], [WARNING, OK]),
        (["v=STSv1; id=1", "v=STSv1; id=2"], ["v=TLSRPTv1; rua="], [WARNING, WARNING]),
        (["v=STSv1"], ["v=TLSRPTv1; words"], [WARNING, WARNING]),
    ],
)
def test_policies_that_are_there_should_work(
    dns: DnsServer, lookups: LookUps, sts: list[str], rpt: list[str], wanted: list[Level]
) -> None:
    dns.zone |= {
        "example.org": HOST,
        "_mta-sts.example.org": {"TXT": sts},
        "_smtp._tls.example.org": {"TXT": rpt},
    }
    assert levels(check_policies("example.org", lookups, Network())) == wanted


def test_a_domain_without_mail_needs_no_policies(dns: DnsServer, lookups: LookUps) -> None:
    dns.zone["example.org"] = {"SOA": [SOA]}
    assert check_policies("example.org", lookups, Network()) == []


def test_without_a_network_there_is_no_verdict(silence: LookUps) -> None:
    with pytest.raises(NoAnswerError):
        check_domain("example.org", "from", silence)
    with pytest.raises(NoAnswerError):
        check_reverse(OURS, silence)
    with pytest.raises(NoAnswerError):
        check_policies("example.org", silence, Network())
