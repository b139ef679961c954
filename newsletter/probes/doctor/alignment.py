"""Alignment: whether what SPF and DKIM prove is about the domain that readers see in From.

RFC 9989 section 4.4: relaxed, the domains belong to one organisation; strict (``aspf=s``,
``adkim=s``), they are the same.
"""

from __future__ import annotations

from collections.abc import Collection

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.dmarc import organisation, policy, walk
from newsletter.probes.doctor.lookups import LookUps


def check_alignment(
    from_domain: str, mail_from: str, signing: Collection[str], lookups: LookUps
) -> list[Checkup]:
    """Compare the domain in From with that of MAIL FROM and those of signatures.

    Args:
        from_domain: Of the address that readers see.
        mail_from: Of the address that bounces go to.
        signing: ``d=`` of each signature that is known of.
        lookups: The DNS.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    what = f"alignment with {from_domain}"
    counts = policy(from_domain, lookups)
    tags = counts.tags if counts else {}
    spf = _belong(from_domain, mail_from, tags.get("aspf", "r"), lookups)
    dkim = [d for d in signing if _belong(from_domain, d, tags.get("adkim", "r"), lookups)]
    if dkim and spf:
        said = f"DKIM ({dkim[0]}) and SPF ({mail_from}) both prove the domain in From"
        return [Checkup(what, Level.OK, said)]
    if dkim:
        said = f"DKIM ({dkim[0]}) proves the domain in From; SPF proves {mail_from}"
        return [Checkup(what, Level.OK, said)]
    if spf:
        said = f"only SPF ({mail_from}) proves the domain in From, and it is lost in forwarding"
        hint = f"Sign with DKIM for {from_domain}, too."
        if signing:
            return [Checkup(what, Level.WARNING, said, hint)]
        hint += " If the relay signs, name its key: newsletter doctor --selector SELECTOR."
        return [Checkup(what, Level.WARNING, said, hint)]
    proved = ", ".join(sorted({mail_from, *signing}))
    said = f"neither SPF nor DKIM proves {from_domain}: they prove {proved}"
    if not signing:
        hint = (
            f"Sign with DKIM for {from_domain}, or set bounce_address to an address there. If the "
            "relay signs, name its key: newsletter doctor --selector SELECTOR."
        )
    else:
        hint = f"Let the signature's domain be {from_domain}, or set bounce_address to one there."
    return [Checkup(what, Level.ERROR, said, hint)]


def _belong(one: str, other: str, mode: str, lookups: LookUps) -> bool:
    one, other = one.lower(), other.lower()
    if one == other:
        return True
    if mode.lower() == "s":
        return False
    if organisation(one, lookups) == organisation(other, lookups):
        return True
    # Without any record nobody can say where an organisation ends. The record that is missing
    # will most likely stand at the shorter of the two, and then they do belong together.
    shorter, longer = sorted((one, other), key=len)
    return longer.endswith(f".{shorter}") and not list(walk(longer, lookups))
