"""Whether a domain exists and takes mail: receivers refuse letters from one that does not."""

from __future__ import annotations

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps


def check_domain(domain: str, setting: str, lookups: LookUps) -> list[Checkup]:
    """Look at a domain that answers or bounces go to.

    Args:
        domain: In ASCII.
        setting: Where it comes from: ``from`` or ``bounce_address``.
        lookups: The DNS.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    what = f"domain {domain}"
    said = lookups.ask(domain, "SOA")
    if not said.exists:
        hint = f"Look for a typing mistake in {setting} of newsletter.toml, or register it."
        return [Checkup(what, Level.ERROR, f"there is no domain {domain}", hint)]
    checkups: list[Checkup] = []
    if not said.has_zone:
        zone = f"the DNS does not say which zone {domain} is in (SOA), which Yahoo asks for"
        checkups.append(Checkup(what, Level.WARNING, zone, "Ask whoever runs its name servers."))
    return [_mail(what, domain, setting, lookups), *checkups]


def takes_mail(domain: str, lookups: LookUps) -> bool:
    """Whether mail can come to a domain: by MX, or else by its address (RFC 5321 section 5.1).

    Raises:
        NoAnswerError: The DNS does not say.
    """
    hosts = lookups.exchanges(domain) or (domain,)
    return any(lookups.addresses(host) for host in hosts if host)


def _mail(what: str, domain: str, setting: str, lookups: LookUps) -> Checkup:
    hosts = lookups.exchanges(domain)
    hint = f"Add an MX record to {domain}, or name another address in {setting}."
    lost = "Bounces" if setting == "bounce_address" else "Answers"
    if hosts == ("",):
        said = f"{domain} says that it takes no mail (a null MX), so receivers refuse its letters"
        return Checkup(what, Level.ERROR, said, hint)
    if takes_mail(domain, lookups):
        said = f"it takes mail by {hosts[0]}" if hosts else "it takes mail by its own address"
        return Checkup(what, Level.OK, said)
    if hosts:
        said = f"{hosts[0]}, which should take mail for {domain}, has no address"
        return Checkup(what, Level.ERROR, said, f"Correct the MX record of {domain}.")
    said = f"{domain} has neither MX nor address. {lost} cannot come back"
    return Checkup(what, Level.ERROR, said, hint)
