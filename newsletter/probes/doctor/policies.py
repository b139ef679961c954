"""MTA-STS and TLS-RPT: nothing that letters need, but good for the domain that gets bounces."""

from __future__ import annotations

import re

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.domains import takes_mail
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.mta_sts import check_policy
from newsletter.probes.doctor.tags import TagError, begins_with, parse_tags
from newsletter.probes.links import Network

_ID = re.compile(r"[A-Za-z0-9]{1,32}")  # RFC 8461 section 3.1


def check_policies(
    domain: str, lookups: LookUps, network: Network, *, seconds: float = 10.0
) -> list[Checkup]:
    """Look for the records of RFC 8461 and RFC 8460; without mail, they are not looked for.

    Args:
        domain: Of the address that bounces go to.
        lookups: The DNS.
        network: How the policy that the record announces is fetched.
        seconds: How long that may take.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    if not takes_mail(domain, lookups):
        return []
    mta_sts, is_announced = _record(
        domain,
        lookups,
        what="MTA-STS",
        place="_mta-sts",
        version="STSv1",
        needs="id",
        use="keeps others from reading mail to you on its way (RFC 8461)",
    )
    tls_rpt, _ = _record(
        domain,
        lookups,
        what="TLS reports",
        place="_smtp._tls",
        version="TLSRPTv1",
        needs="rua",
        use="has others tell you when encryption to you fails (RFC 8460)",
    )
    if is_announced:
        hosts = lookups.exchanges(domain) or (domain,)
        return [*check_policy(domain, hosts, network, seconds=seconds), tls_rpt]
    return [mta_sts, tls_rpt]


def _record(
    domain: str, lookups: LookUps, *, what: str, place: str, version: str, needs: str, use: str
) -> tuple[Checkup, bool]:
    """What to say of a record, and whether it is there and right."""
    name = f"{place}.{domain}"
    found = [text for text in lookups.texts(name) if begins_with(text, version)]
    what = f"{what} of {domain}"
    if not found:
        hint = f"Nothing needs it. A record at {name} {use}."
        return Checkup(what, Level.OK, "not set up", hint), False
    if len(found) > 1:
        said = f"there are {len(found)} records at {name}, so none counts"
        return Checkup(what, Level.WARNING, said, "Take out all but one."), False
    try:
        tags = parse_tags(found[0])
    except TagError as error:
        return Checkup(what, Level.WARNING, f"the record at {name}: {error}", "Mend it."), False
    if not tags.get(needs):
        said = f"the record at {name} has no {needs}="
        return Checkup(what, Level.WARNING, said, f"Write it like: v={version}; {needs}=…"), False
    if needs == "id" and not _ID.fullmatch(tags[needs]):
        said = f"id= of the record at {name} is not made of at most 32 letters and digits"
        return Checkup(
            what, Level.WARNING, said, "Write the time without dashes: id=20261124"
        ), False
    return Checkup(what, Level.OK, "set up"), True
