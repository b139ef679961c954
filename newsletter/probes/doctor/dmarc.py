"""DMARC: what receivers do with letters that only pretend to come from the domain (RFC 9989).

Which domains belong together (the organisational domain) is found as RFC 9989 section 4.10 says,
by asking for ``_dmarc`` records up the tree. No list of public suffixes is needed, and what counts
is what receivers find in the DNS today. Receivers that still go by RFC 7489 look in such a list;
the two differ only for domains whose records stand at an unusual height of the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.tags import TagError, begins_with, parse_tags

_MOST_LABELS = 8
"""A walk asks at most so many names: a longer domain is shortened after the first."""

_POLICIES = frozenset({"none", "quarantine", "reject"})


@dataclass(frozen=True, slots=True)
class DmarcRecord:
    """A record, and where it stands.

    Attributes:
        domain: Below whose ``_dmarc`` it is.
        tags: What it says; empty if that cannot be read.
    """

    domain: str
    tags: Mapping[str, str]


def walk(domain: str, lookups: LookUps) -> Iterator[DmarcRecord]:
    """The records of a domain and of those above it, up to one that says where to stop.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    labels = domain.lower().removesuffix(".").split(".")
    while labels:
        name = ".".join(labels)
        found = [t for t in lookups.texts(f"_dmarc.{name}") if begins_with(t, "DMARC1")]
        if len(found) == 1:
            record = DmarcRecord(name, _tags(found[0]))
            yield record
            if record.tags.get("psd", "u").lower() in {"y", "n"}:
                return
        labels = labels[-(_MOST_LABELS - 1) :] if len(labels) > _MOST_LABELS else labels[1:]


def organisation(domain: str, lookups: LookUps) -> str:
    """The organisational domain: the same for two domains that belong together.

    Returns:
        The domain itself if there is no record on the way up.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    domain = domain.lower().removesuffix(".")
    records = list(walk(domain, lookups))
    for record in records:
        says = record.tags.get("psd", "u").lower()
        if says == "n":
            return record.domain
        if says == "y" and record.domain != domain:
            labels = domain.split(".")
            return ".".join(labels[-(record.domain.count(".") + 2) :])
    return records[-1].domain if records else domain


def policy(domain: str, lookups: LookUps) -> DmarcRecord | None:
    """The record that counts for letters from a domain: its own, or its organisation's.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    records = list(walk(domain, lookups))
    if not records:
        return None
    if records[0].domain == domain.lower().removesuffix("."):
        return records[0]
    above = organisation(domain, lookups)
    return next((record for record in records if record.domain == above), records[-1])


def check_dmarc(domain: str, lookups: LookUps) -> list[Checkup]:
    """Look at the DMARC record of the domain in From.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    what = f"DMARC of {domain}"
    texts = lookups.texts(f"_dmarc.{domain}")
    good = [text for text in texts if begins_with(text, "DMARC1")]
    if len(good) > 1:
        said = f"_dmarc.{domain} has {len(good)} DMARC records, so receivers use none"
        return [Checkup(what, Level.ERROR, said, "Take out all but one.")]
    counts = policy(domain, lookups)
    if counts is None:
        said = f"there is no DMARC record at _dmarc.{domain} or above"
        if any("dmarc" in text.lower() for text in texts):
            said = f"the record at _dmarc.{domain} does not begin with v=DMARC1;"
        hint = f"Add a TXT record to _dmarc.{domain}, to begin with: v=DMARC1; p=none"
        return [Checkup(what, Level.ERROR, said, hint)]
    place = f"_dmarc.{counts.domain}"
    if not counts.tags:
        said = f"the record at {place} is not a list of tags"
        return [Checkup(what, Level.ERROR, said, "Write it like: v=DMARC1; p=none")]
    if counts.tags.get("p", "").lower() not in _POLICIES:
        said = f"the record at {place} does not say p=none, p=quarantine or p=reject"
        return [Checkup(what, Level.ERROR, said, "Put p=none behind v=DMARC1; to begin with.")]
    wanted = counts.tags["p"].lower()
    if counts.domain != domain.lower():
        wanted = counts.tags.get("sp", wanted).lower()
    said = f"{place} says {wanted}" if wanted != "none" else f"{place} says none: watch only"
    hint = ""
    if wanted == "none":
        hint = "When SPF and DKIM have passed for some weeks, p=quarantine stops forgers."
    checkups = [Checkup(what, Level.OK, said, hint)]
    if counts.tags.get("t", "").lower() == "y" and wanted != "none":
        said = f"{place} says t=y, a test: receivers do less than p={wanted}"
        checkups.append(Checkup(what, Level.WARNING, said, "Take t=y out when letters pass."))
    return checkups


def _tags(text: str) -> Mapping[str, str]:
    try:
        return parse_tags(text)
    except TagError:
        return {}
