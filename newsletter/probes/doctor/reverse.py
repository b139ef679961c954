"""Names of the addresses that letters come from, when no relay stands between (direct mode)."""

from __future__ import annotations

import re

from newsletter.probes.addresses import IPAddress, is_public
from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.lookups import LookUps

# Words that providers put into names that they give to every customer's address.
_GENERIC = re.compile(
    r"(?:^|[.-])(?:dyn|dynamic|dhcp|dial|dialup|dsl|adsl|pool|ppp|cable|broadband|customer|client"
    r"|res|residential|unassigned|static|ip|host)\d*(?=[.-]|$)"
)


def check_reverse(address: IPAddress, lookups: LookUps) -> list[Checkup]:
    """Look whether an address has a name, and the name that address.

    Gmail and Yahoo refuse letters from an address without (RFC 1912 section 2.1).

    Raises:
        NoAnswerError: The DNS does not say.
    """
    what = f"name of {address}"
    if not is_public(address):
        said = f"{address} is not on the public internet; no receiver sees letters come from it"
        return [Checkup(what, Level.ERROR, said, "Name the address that the internet sees.")]
    hint = "Whoever rents the address out can set its PTR record, to a name of your own."
    names = lookups.ask(address.reverse_pointer, "PTR").values
    if not names:
        return [Checkup(what, Level.ERROR, f"{address} has no name (PTR record)", hint)]
    back = [name for name in names if address in lookups.addresses(name)]
    if not back:
        said = f"{address} is named {names[0]}, but that name does not lead back to it"
        kind = "A" if address.version == 4 else "AAAA"
        return [Checkup(what, Level.ERROR, said, f"Add an {kind} record to {names[0]}.")]
    if is_generic(back[0], address):
        said = f"{address} is named {back[0]}, as if a provider had named it for a home"
        return [Checkup(what, Level.WARNING, said, hint)]
    return [Checkup(what, Level.OK, f"it is {back[0]}, and that leads back to it")]


def is_generic(name: str, address: IPAddress) -> bool:
    """Whether a name looks made for all addresses of a provider: it holds the number, or "dyn"."""
    parts = str(address).split(".") if address.version == 4 else address.exploded.split(":")[-2:]
    numbers = re.findall(r"[0-9a-f]+" if address.version == 6 else r"\d+", name)
    plain = {number.lstrip("0") or "0" for number in numbers}
    wanted = {part.lstrip("0") or "0" for part in parts[-2:]}
    joined = "".join(f"{int(part):03}" for part in parts) if address.version == 4 else ""
    has_number = wanted <= plain or (joined and joined in name)
    return bool(has_number) or _GENERIC.search(name) is not None
