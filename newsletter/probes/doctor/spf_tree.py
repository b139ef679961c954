"""An SPF record with everything that it includes, and what it says of an address."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network

from newsletter.probes.addresses import IPAddress
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError
from newsletter.probes.doctor.spf_record import (
    ASKING,
    IPNetwork,
    Mechanism,
    SpfSyntaxError,
    has_macro,
    is_spf,
    parse_spf,
)

LOOK_UPS = 10
VOID_LOOK_UPS = 2
"""More than these, and receivers answer "permerror" (RFC 7208 section 4.6.4)."""

_ENOUGH = 3 * LOOK_UPS  # a record that includes itself must not be followed for ever

RESULTS = {"+": "pass", "-": "fail", "~": "softfail", "?": "neutral"}


@dataclass(frozen=True, slots=True)
class Step:
    """A mechanism, followed to what it stands for.

    Attributes:
        mechanism: As it is written.
        networks: The addresses that it matches.
        inner: The record that it includes.
        is_open: Whether it cannot be told which addresses it matches.
    """

    mechanism: Mechanism
    networks: tuple[IPNetwork, ...] = ()
    inner: SpfTree | None = None
    is_open: bool = False


@dataclass(slots=True)
class SpfTree:
    """A record, followed.

    Attributes:
        domain: Whose it is.
        steps: Its mechanisms, in order.
        redirect: The record that is asked after them.
        is_whole: Whether it could be read, and followed to where it redirects.
    """

    domain: str
    steps: list[Step] = field(default_factory=list)
    redirect: SpfTree | None = None
    is_whole: bool = True

    def result(self, address: IPAddress) -> str:
        """What the record says of an address that sends.

        Returns:
            ``pass``, ``fail``, ``softfail``, ``neutral``; ``unknown`` if no mechanism lists it,
            but one could not be followed.
        """
        is_open = False
        for step in self.steps:
            if step.mechanism.name == "all":
                return "unknown" if is_open else RESULTS[step.mechanism.qualifier]
            inner = step.inner.result(address) if step.inner else ""
            if inner == "pass" or any(address in network for network in step.networks):
                return RESULTS[step.mechanism.qualifier]
            is_open = is_open or step.is_open or inner == "unknown"
        if self.redirect and not is_open:
            return self.redirect.result(address)
        return "unknown" if is_open or not self.is_whole else "neutral"

    def mechanisms(self) -> Iterator[Mechanism]:
        """All mechanisms, also of the records that are included."""
        for step in self.steps:
            yield step.mechanism
            if step.inner:
                yield from step.inner.mechanisms()
        if self.redirect:
            yield from self.redirect.mechanisms()


@dataclass(slots=True)
class SpfWalk:
    """Follows a record and counts.

    Attributes:
        lookups: The DNS.
        asked: Terms that make a receiver ask the DNS.
        void: Of these, names without any record.
        problems: What makes receivers answer "permerror".
        silences: What could not be followed.
    """

    lookups: LookUps
    asked: int = 0
    void: int = 0
    problems: list[str] = field(default_factory=list)
    silences: list[NoAnswerError] = field(default_factory=list)

    def follow(self, domain: str, text: str) -> SpfTree:
        """The tree of a record; what goes wrong is in ``problems`` and ``silences``."""
        tree = SpfTree(domain)
        try:
            record = parse_spf(text)
        except SpfSyntaxError as error:
            self.problems.append(f"the record of {domain}: {error}")
            tree.is_whole = False
            return tree
        for mechanism in record.mechanisms:
            tree.steps.append(self._step(mechanism, domain))
            if mechanism.name == "all":
                break  # what stands behind it is ignored (section 5.1)
        if record.redirect:
            self.asked += 1
            if has_macro(record.redirect):
                all_others = Mechanism(f"redirect={record.redirect}", "+", "exists")
                tree.steps.append(Step(all_others, is_open=True))
            else:
                tree.redirect = self._included(record.redirect, "redirect=")
            tree.is_whole = tree.redirect is not None
        return tree

    def _step(self, mechanism: Mechanism, domain: str) -> Step:
        if mechanism.network:
            return Step(mechanism, networks=(mechanism.network,))
        if mechanism.name not in ASKING:
            return Step(mechanism)
        self.asked += 1
        target = mechanism.target or domain
        if mechanism.name == "ptr" or has_macro(target) or self.asked > _ENOUGH:
            return Step(mechanism, is_open=True)
        if mechanism.name == "include":
            inner = self._included(target, "include:")
            return Step(mechanism, inner=inner, is_open=inner is None)
        try:
            hosts = (target,) if mechanism.name != "mx" else self._exchanges(target)
            found = [a for host in hosts for a in self.lookups.addresses(host)]
        except NoAnswerError as error:
            self.silences.append(error)
            return Step(mechanism, is_open=True)
        if not found:
            self.void += 1
        if mechanism.name == "exists":  # any address of that name lets everybody in
            everybody = (ip_network("0.0.0.0/0"), ip_network("::/0"))
            return Step(mechanism, networks=everybody if found else ())
        four, six = mechanism.prefixes
        bits = {4: four, 6: six}
        nets = (ip_network(f"{address}/{bits[address.version]}", strict=False) for address in found)
        return Step(mechanism, networks=tuple(nets))

    def _exchanges(self, domain: str) -> tuple[str, ...]:
        hosts = self.lookups.exchanges(domain)
        if len(hosts) > LOOK_UPS:
            self.problems.append(f"mx:{domain} stands for {len(hosts)} hosts; 10 are allowed")
        return tuple(host for host in hosts[:LOOK_UPS] if host)

    def _included(self, domain: str, term: str) -> SpfTree | None:
        if self.asked > _ENOUGH:
            return None
        try:
            texts = self.lookups.texts(domain)
        except NoAnswerError as error:
            self.silences.append(error)
            return None
        records = [text for text in texts if is_spf(text)]
        if not texts:
            self.void += 1
        if len(records) != 1:
            number = "no SPF record" if not records else f"{len(records)} SPF records"
            self.problems.append(f"{term}{domain} leads to {number}")
            return None
        return self.follow(domain, records[0])
