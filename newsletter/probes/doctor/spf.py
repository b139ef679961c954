"""SPF: whether the domain of MAIL FROM says that the relay may send for it (RFC 7208)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.probes.addresses import IPAddress
from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.spf_record import is_spf
from newsletter.probes.doctor.spf_tree import LOOK_UPS, VOID_LOOK_UPS, SpfTree, SpfWalk

_ASK = "Ask whoever runs the relay what the record has to hold, often an include: of theirs."


@dataclass(frozen=True, slots=True)
class Senders:
    """The addresses that letters come from, as far as anybody can tell.

    Attributes:
        addresses: Of the relay, or of this machine in direct mode; empty if not known.
        who: How to name them: ``relay.example.org``.
        is_certain: Whether letters come from these and no others. A provider's relay often takes
            letters at one address and sends them on from another.
    """

    addresses: tuple[IPAddress, ...]
    who: str
    is_certain: bool


def check_spf(domain: str, senders: Senders, lookups: LookUps) -> list[Checkup]:
    """Look at the SPF record of the domain in MAIL FROM.

    Raises:
        NoAnswerError: The DNS does not say whether there is one.
    """
    what = f"SPF of {domain}"
    records = [text for text in lookups.texts(domain) if is_spf(text)]
    if not records:
        hint = f"Add a TXT record to {domain}: v=spf1 … ~all. {_ASK}"
        return [Checkup(what, Level.ERROR, f"{domain} has no SPF record", hint)]
    if len(records) > 1:
        said = f"{domain} has {len(records)} SPF records, so receivers use none"
        hint = f"Join them to one TXT record of {domain} that begins with v=spf1."
        return [Checkup(what, Level.ERROR, said, hint)]
    walk = SpfWalk(lookups)
    tree = walk.follow(domain, records[0])
    problems = _problems(domain, walk)
    checkups = [Checkup(what, Level.ERROR, said, hint) for said, hint in problems]
    checkups += [
        Checkup(what, Level.UNCHECKED, f"part of the record could not be followed: {e.reason}")
        for e in walk.silences[:1]
    ]
    checkups += _looseness(what, tree)
    if not problems:
        checkups.append(_listed(what, domain, tree, senders, walk.asked))
    return checkups


def _problems(domain: str, walk: SpfWalk) -> list[tuple[str, str]]:
    """What makes receivers answer "permerror", each with what to do."""
    hint = f"Mend the TXT record of {domain}; until then receivers count SPF as failed."
    found = [(problem, hint) for problem in walk.problems]
    if walk.asked > LOOK_UPS:
        said = f"the record of {domain} needs {walk.asked} look-ups in the DNS; 10 are allowed"
        shorter = "Take out an include:, a or mx that nothing is sent through any more."
        found.append((said, shorter))
    if walk.void > VOID_LOOK_UPS:
        said = f"{walk.void} names in the record of {domain} lead nowhere; 2 are allowed"
        found.append((said, "Take out the names that are gone."))
    return found


def _looseness(what: str, tree: SpfTree) -> list[Checkup]:
    """Warnings: records that let everybody in, or nobody out."""
    found: list[Checkup] = []
    end = tree
    while end.redirect:
        end = end.redirect
    last = next((s.mechanism for s in end.steps if s.mechanism.name == "all"), None)
    if last is None and end.is_whole:
        said = "the record does not end with all, so any other machine is neither good nor bad"
        found.append(Checkup(what, Level.WARNING, said, "Put ~all at its end."))
    elif last and last.qualifier == "+":
        said = "the record ends with +all: everybody may send in your name"
        found.append(Checkup(what, Level.WARNING, said, "Write ~all or -all instead."))
    elif last and last.qualifier == "?":
        said = "the record ends with ?all, which says nothing about forgers"
        found.append(Checkup(what, Level.WARNING, said, "Write ~all or -all instead."))
    if any(mechanism.name == "ptr" for mechanism in tree.mechanisms()):
        said = "the record uses ptr, which many receivers ignore"
        hint = "Name the addresses with ip4:, ip6: or a: (RFC 7208 section 5.5)."
        found.append(Checkup(what, Level.WARNING, said, hint))
    return found


def _listed(what: str, domain: str, tree: SpfTree, senders: Senders, asked: int) -> Checkup:
    if not senders.addresses:
        said = f"there is one record; it cannot be told from which addresses {senders.who} sends"
        hint = "If you know the address that letters come from: newsletter doctor --direct IP."
        return Checkup(what, Level.UNCHECKED, said, hint, is_essential=False)
    results = {address: tree.result(address) for address in senders.addresses}
    others = [address for address, result in results.items() if result != "pass"]
    if not others:
        said = f"the record lists {senders.who}; it needs {asked} of 10 look-ups"
        return Checkup(what, Level.OK, said)
    if all(results[address] == "unknown" for address in others):
        said = f"it cannot be told whether the record lists {senders.who}"
        hint = "It uses ptr, exists or macros, or a part of it could not be followed."
        return Checkup(what, Level.UNCHECKED, said, hint, is_essential=False)
    named = _named(others)
    if senders.is_certain:
        said = f"the record of {domain} does not list {named}, from which letters come"
        kind = "ip6" if others[0].version == 6 else "ip4"
        hint = f"Put {kind}:{others[0]} into the TXT record of {domain} that begins with v=spf1."
        return Checkup(what, Level.ERROR, said, hint)
    said = f"the record of {domain} does not list {senders.who} ({named})"
    hint = f"Fine if the relay sends letters on from other addresses that it lists. {_ASK}"
    return Checkup(what, Level.WARNING, said, hint)


def _named(addresses: Sequence[IPAddress]) -> str:
    more = len(addresses) - 3
    return ", ".join(map(str, addresses[:3])) + (f" and {more} more" if more > 0 else "")
