"""DMARC records, the walk up the tree, and which domains belong together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from newsletter.probes.doctor.alignment import check_alignment
from newsletter.probes.doctor.checkup import Level
from newsletter.probes.doctor.dmarc import check_dmarc, organisation
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError
from tests.dns_server import DnsServer
from tests.unit.probes.doctor.kit import ERROR, OK, WARNING, levels, only

GOOD = "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org"


def publish(dns: DnsServer, **texts: str | Sequence[str]) -> None:
    """Records by domain, with ``_`` for the dot."""
    for name, text in texts.items():
        records = [text] if isinstance(text, str) else list(text)
        dns.zone[f"_dmarc.{name.replace('_', '.')}"] = {"TXT": records}


@pytest.mark.parametrize("text", [GOOD, "v=DMARC1;p=reject;", "v=DMARC1; p=Reject; x-odd=1"])
def test_a_record_with_a_policy_is_fine(dns: DnsServer, lookups: LookUps, text: str) -> None:
    publish(dns, example_org=["some other record", text])
    assert only(check_dmarc("example.org", lookups)).level is OK


def test_watching_only_is_fine_for_a_start(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example_org="v=DMARC1; p=none")
    found = only(check_dmarc("example.org", lookups))
    assert found.level is OK
    assert "quarantine" in found.hint


def test_the_record_of_the_organisation_counts_for_its_parts(
    dns: DnsServer, lookups: LookUps
) -> None:
    publish(dns, example_org="v=DMARC1; p=reject; sp=none")
    found = only(check_dmarc("letter.news.example.org", lookups))
    assert found.level is OK
    assert "_dmarc.example.org says none" in found.said


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ([], "no DMARC record"),
        (["v=spf1 -all"], "no DMARC record"),
        (["v=dmarc1; p=none"], "does not begin"),
        (["p=none; v=DMARC1"], "does not begin"),
        (["v=DMARC1 p=none"], "does not begin"),
        ([GOOD, "v=DMARC1; p=none"], "2 DMARC records"),
        (["v=DMARC1; rua=mailto:a@example.org"], "does not say"),
        (["v=DMARC1; p=maybe"], "does not say"),
        (["v=DMARC1; p=none; p=none"], "not a list"),
    ],
)
def test_a_record_that_does_not_count_is_an_error(
    dns: DnsServer, lookups: LookUps, texts: list[str], words: str
) -> None:
    publish(dns, example_org=texts)
    found = only(check_dmarc("example.org", lookups))
    assert found.level is ERROR
    assert words in found.said


def test_a_policy_on_trial_is_warned_of(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example_org="v=DMARC1; p=reject; t=y")
    assert levels(check_dmarc("example.org", lookups)) == [OK, WARNING]


def test_without_a_network_there_is_no_verdict(silence: LookUps) -> None:
    with pytest.raises(NoAnswerError):
        check_dmarc("example.org", silence)
    with pytest.raises(NoAnswerError):
        check_alignment("example.org", "example.com", [], silence)


def test_the_organisation_is_the_highest_record(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example_org=GOOD, letter_example_org=GOOD)
    assert organisation("a.letter.example.org", lookups) == "example.org"
    assert organisation("Example.ORG.", lookups) == "example.org"
    assert organisation("example.com", lookups) == "example.com"


def test_a_public_suffix_ends_the_walk_one_below(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example="v=DMARC1; p=reject; psd=y", example_org=GOOD)
    assert organisation("letter.harbour.example", lookups) == "harbour.example"
    assert organisation("example", lookups) == "example"


def test_a_record_may_say_that_it_is_the_organisation(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example_org=GOOD, letter_example_org="v=DMARC1; p=none; psd=n")
    assert organisation("a.letter.example.org", lookups) == "letter.example.org"
    assert organisation("other.example.org", lookups) == "example.org"


def test_a_long_name_is_walked_in_eight_questions(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example_org=GOOD)
    assert organisation("a.b.c.d.e.f.g.h.i.j.example.org", lookups) == "example.org"
    assert len(dns.asked) == 8


@pytest.mark.parametrize(
    ("mail_from", "signing", "level"),
    [
        ("letter.example.org", ["letter.example.org"], OK),
        ("bounces.example.org", ["example.org"], OK),
        ("relay.example.com", ["example.org"], OK),
        ("relay.example.com", ["relay.example.com", "example.org"], OK),
        ("example.org", ["relay.example.com"], WARNING),
        ("example.org", [], WARNING),
        ("relay.example.com", ["relay.example.com"], ERROR),
        ("relay.example.com", [], ERROR),
    ],
)
def test_one_of_dkim_and_spf_must_prove_the_domain_in_from(
    dns: DnsServer, lookups: LookUps, mail_from: str, signing: list[str], level: Level
) -> None:
    publish(dns, example_org=GOOD, example_com=GOOD)
    assert only(check_alignment("letter.example.org", mail_from, signing, lookups)).level is level


def test_before_there_is_any_record_a_part_belongs_to_the_whole(lookups: LookUps) -> None:
    for mail_from, level in (("bounces.example.org", WARNING), ("bounces.example.com", ERROR)):
        assert only(check_alignment("example.org", mail_from, [], lookups)).level is level


def test_strict_alignment_wants_the_same_domain(dns: DnsServer, lookups: LookUps) -> None:
    publish(dns, example_org="v=DMARC1; p=reject; adkim=s; aspf=s")
    for domain, level in (("letter.example.org", ERROR), ("example.org", OK)):
        assert only(check_alignment("example.org", domain, [domain], lookups)).level is level
