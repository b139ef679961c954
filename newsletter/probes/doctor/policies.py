"""MTA-STS and TLS-RPT: nothing that letters need, but good for the domain that gets bounces."""

from __future__ import annotations

from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.domains import takes_mail
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.tags import TagError, begins_with, parse_tags


def check_policies(domain: str, lookups: LookUps) -> list[Checkup]:
    """Look for the records of RFC 8461 and RFC 8460; without mail, they are not looked for.

    Raises:
        NoAnswerError: The DNS does not say.
    """
    if not takes_mail(domain, lookups):
        return []
    mta_sts = _record(
        domain,
        lookups,
        what="MTA-STS",
        place="_mta-sts",
        version="STSv1",
        needs="id",
        use="keeps others from reading mail to you on its way (RFC 8461)",
    )
    tls_rpt = _record(
        domain,
        lookups,
        what="TLS reports",
        place="_smtp._tls",
        version="TLSRPTv1",
        needs="rua",
        use="has others tell you when encryption to you fails (RFC 8460)",
    )
    return [mta_sts, tls_rpt]


def _record(
    domain: str, lookups: LookUps, *, what: str, place: str, version: str, needs: str, use: str
) -> Checkup:
    name = f"{place}.{domain}"
    found = [text for text in lookups.texts(name) if begins_with(text, version)]
    what = f"{what} of {domain}"
    if not found:
        hint = f"Nothing needs it. A record at {name} {use}."
        return Checkup(what, Level.OK, "not set up", hint)
    if len(found) > 1:
        said = f"there are {len(found)} records at {name}, so none counts"
        return Checkup(what, Level.WARNING, said, "Take out all but one.")
    try:
        tags = parse_tags(found[0])
    except TagError as error:
        return Checkup(what, Level.WARNING, f"the record at {name}: {error}", "Mend it.")
    if not tags.get(needs):
        said = f"the record at {name} has no {needs}="
        return Checkup(what, Level.WARNING, said, f"Write it like: v={version}; {needs}=…")
    return Checkup(what, Level.OK, "set up")
