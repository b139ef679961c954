"""The policy file of MTA-STS: what others go by when they deliver mail to a domain (RFC 8461)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.probes.answer import Failure
from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.web import Page, fetch
from newsletter.probes.links import Network

PORT = 443
MOST = 64 * 1024
"""Octets of a policy; senders need not read more (RFC 8461 section 3.2)."""

SHORT = datetime.timedelta(weeks=1)
"""A policy that is kept for less protects little: the next letter comes after it was forgotten."""

LONGEST = 31_557_600
"""Seconds, a year: more is no valid ``max_age`` (section 3.2)."""

_MODES = ("enforce", "testing", "none")
_HOST = re.compile(r"(\*\.)?[a-z0-9_](?:[a-z0-9_-]*)(?:\.[a-z0-9_-]+)*")
_HINT = "Write lines like: version: STSv1, mode: testing, mx: mail.example.org, max_age: 604800"


class PolicyError(ValueError):
    """Not a policy; says why in a clause."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy says.

    Attributes:
        mode: ``enforce``, ``testing`` or ``none``.
        max_age: For how many seconds others keep it.
        hosts: Who may take the domain's mail; ``*.`` stands for one part of a name.
    """

    mode: str
    max_age: int
    hosts: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Policy:
        """Read a policy; of fields that may stand once, the first counts (section 3.2).

        Raises:
            PolicyError: It is not valid.
        """
        fields: dict[str, str] = {}
        hosts: list[str] = []
        for line in filter(None, (line.strip() for line in text.split("\n"))):
            name, colon, value = line.partition(":")
            if not colon:
                raise PolicyError("a line without a colon")
            name, value = name.strip().lower(), value.strip()
            if name == "mx":
                hosts.append(value.lower().removesuffix("."))
            else:
                fields.setdefault(name, value)
        if fields.get("version") != "STSv1":
            raise PolicyError("no line version: STSv1")
        if fields.get("mode") not in _MODES:
            raise PolicyError("no line mode: enforce, mode: testing or mode: none")
        age = fields.get("max_age", "")
        if not re.fullmatch(r"[0-9]{1,10}", age) or int(age) > LONGEST:
            raise PolicyError(f"no line max_age: with seconds up to {LONGEST}")
        if not hosts and fields["mode"] != "none":
            raise PolicyError("no line mx:")
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise PolicyError(f"mx: {host[:80]} is not the name of a host")
        return cls(fields["mode"], int(age), tuple(hosts))

    def covers(self, host: str) -> bool:
        """Whether a host may take the domain's mail (section 4.1)."""
        host = host.lower().removesuffix(".")
        above = host.partition(".")[2]
        return any(one in {host, f"*.{above}"} for one in self.hosts)


def check_policy(
    domain: str, hosts: Sequence[str], network: Network, *, seconds: float
) -> list[Checkup]:
    """Fetch the policy of a domain that has a record, as other servers do, and look at it.

    Args:
        domain: Whose.
        hosts: Who takes its mail according to the DNS.
        network: How web pages are reached; no redirect is followed.
        seconds: How long the page may take.
    """
    what = f"MTA-STS of {domain}"
    server = f"mta-sts.{domain}"
    port = "" if PORT == 443 else f":{PORT}"  # of another server only in tests
    address = f"https://{server}{port}/.well-known/mta-sts.txt"
    page = fetch(address, network, seconds=seconds, most=MOST)
    if trouble := _trouble(page, server):
        level, said, hint = trouble
        return [Checkup(what, level, said, hint, is_essential=False)]
    try:
        policy = Policy.parse(page.body.decode())
    except (PolicyError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, PolicyError) else "not text in UTF-8"
        said = f"the policy at {server} is not valid, so it counts for nothing: {reason}"
        return [Checkup(what, Level.WARNING, said, _HINT)]
    return _judge(what, policy, hosts, page)


def _judge(what: str, policy: Policy, hosts: Sequence[str], page: Page) -> list[Checkup]:
    found: list[Checkup] = []
    outside = [host for host in hosts if not policy.covers(host)]
    if policy.mode != "none" and outside:
        is_lost = policy.mode == "enforce" and len(outside) == len(hosts)
        said = f"the policy does not name {', '.join(outside)}, which the MX record does"
        said += ": servers that go by it deliver nothing" if is_lost else ""
        hint = f"Add to the policy: mx: {outside[0]}. Then change id= in the record."
        found.append(Checkup(what, Level.ERROR if is_lost else Level.WARNING, said, hint))
    age = datetime.timedelta(seconds=policy.max_age)
    if policy.mode != "none" and age < SHORT:
        said = f"the policy is kept for {_length(age)} only (max_age: {policy.max_age})"
        hint = "Once it works, let it be kept for weeks: max_age: 2419200"
        found.append(Checkup(what, Level.WARNING, said, hint))
    if page.media_type != "text/plain":
        said = f"the policy comes as {page.media_type or 'no type at all'}, not as text/plain"
        hint = "Set the Content-Type for it: some servers believe nothing else."
        found.append(Checkup(what, Level.WARNING, said, hint))
    if found:
        return found
    if policy.mode == "enforce":
        return [Checkup(what, Level.OK, f"set up and enforced, kept for {_length(age)}")]
    said, hint = "set up for testing: it protects nothing yet", "Later: mode: enforce"
    if policy.mode == "none":
        said, hint = "switched off (mode: none)", ""
    return [Checkup(what, Level.OK, said, hint)]


def _trouble(page: Page, server: str) -> tuple[Level, str, str] | None:
    """What kept the policy from being read, and what to do; None if nothing did."""
    nothing = "there is a record, but no policy"
    if page.status == 200:
        if len(page.body) <= MOST:
            return None
        said = f"{nothing}: what {server} answers is larger than 64 KB"
        return Level.WARNING, said, _HINT
    if page.status is not None:
        said = f"{nothing}: {server} answers {page.status} to /.well-known/mta-sts.txt"
        hint = "Put the policy exactly there; no redirect is followed (RFC 8461 section 3.3)."
        return Level.WARNING, said, hint
    certificate = f"{nothing}: the certificate of {server}"
    wrong = {
        Failure.NO_SUCH_HOST: f"{nothing}: there is no host {server}",
        Failure.NOT_PUBLIC: f"{nothing}: {server} is not on the public internet",
        Failure.EXPIRED_CERTIFICATE: f"{certificate} has expired",
        Failure.FOREIGN_CERTIFICATE: f"{certificate} is for another site",
        Failure.TLS: f"{certificate} is not to be trusted",
    }
    if page.failure in wrong:
        hint = f"Serve the policy at https://{server}, or take the record out of the DNS."
        return Level.WARNING, wrong[page.failure], hint
    said = f"the policy could not be fetched: {server} gave no answer"
    return Level.UNCHECKED, said, "Is this machine on the network? Try again later."


def _length(age: datetime.timedelta) -> str:
    if age.days:
        return f"{age.days} day{'s' * (age.days != 1)}"
    return f"{age.seconds:,} seconds"
