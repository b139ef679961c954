"""Whatever strangers write into the DNS, there is an answer and never an exception."""

from __future__ import annotations

import contextlib

from hypothesis import given, strategies

from newsletter.probes.addresses import IPAddress
from newsletter.probes.answer import Failure
from newsletter.probes.doctor.dkim import DkimKey, check_dkim
from newsletter.probes.doctor.dmarc import check_dmarc
from newsletter.probes.doctor.lookups import Answered, LookUps
from newsletter.probes.doctor.mta_sts import Policy, PolicyError
from newsletter.probes.doctor.policies import check_policies
from newsletter.probes.doctor.spf import Senders, check_spf
from newsletter.probes.doctor.spf_record import SpfSyntaxError, parse_spf
from newsletter.probes.links import Network
from newsletter.probes.url import RefusedError


class SameEverywhere(LookUps):
    """A DNS in which every name has the same text, and no other record."""

    def __init__(self, text: str) -> None:
        super().__init__(None)
        self.text = text

    def ask(self, name: str, kind: str) -> Answered:
        values = {"TXT": (self.text,), "A": ("192.0.2.1",)}
        return Answered(values.get(kind, ()))


async def nobody(_: str) -> tuple[IPAddress, ...]:
    raise RefusedError(Failure.NO_SUCH_HOST)


NOWHERE = Network(look_up=nobody)

BITS = [
    "v=spf1 ", "v=DKIM1;", "v=DMARC1;", "v=STSv1;", "p=", "p=none;", "k=rsa;", "k=ed25519;", "t=y",
    "psd=y;", "include:", "a:", "mx", "ip4:", "/24", "//", "%{", "d}", "redirect=", "example.org",
    "all", " ", ";", "=", "-", ":", "AAAA", "MIIB", "\x1b", "ї", "2001:db8::", "192.0.2.1",
    "1" * 30,
]  # fmt: skip
texts = strategies.lists(
    strategies.one_of(strategies.sampled_from(BITS), strategies.text(max_size=5)), max_size=12
).map("".join)
starts = strategies.sampled_from(["", "v=spf1 ", "v=DKIM1; p=", "v=DMARC1; ", "v=STSv1; "])


@given(starts, texts)
def test_any_text_gets_an_answer(start: str, text: str) -> None:
    lookups = SameEverywhere(start + text)
    assert check_spf("example.org", Senders((), "relay", is_certain=False), lookups)
    assert check_dkim(DkimKey("example.org", "s", "AAAA"), lookups)
    assert check_dmarc("example.org", lookups)
    assert check_policies("example.org", lookups, NOWHERE)
    with contextlib.suppress(PolicyError):
        Policy.parse(f"version: STSv1\nmode: {start}\nmx: {text}\nmax_age: {text}\n{start}{text}")


@given(texts)
def test_any_record_is_taken_apart_or_refused(text: str) -> None:
    with contextlib.suppress(SpfSyntaxError):
        parse_spf(f"v=spf1 {text}")
