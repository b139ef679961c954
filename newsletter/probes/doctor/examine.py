"""All checks of a set-up, in order; trouble with one never stops the others."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.probes.addresses import IPAddress, is_public, literal
from newsletter.probes.doctor import web
from newsletter.probes.doctor.alignment import check_alignment
from newsletter.probes.doctor.checkup import Checkup, Group, Level
from newsletter.probes.doctor.database import check_database
from newsletter.probes.doctor.dkim import DkimKey, check_dkim
from newsletter.probes.doctor.dmarc import check_dmarc
from newsletter.probes.doctor.domains import check_domain
from newsletter.probes.doctor.git import check_git
from newsletter.probes.doctor.lookups import LookUps, NoAnswerError
from newsletter.probes.doctor.machine import check_clock, check_room
from newsletter.probes.doctor.permissions import check_permissions
from newsletter.probes.doctor.policies import check_policies
from newsletter.probes.doctor.relay import Relay, check_relay
from newsletter.probes.doctor.reverse import check_reverse
from newsletter.probes.doctor.spf import Senders, check_spf
from newsletter.probes.links import Network

_NETWORK = "Is this machine on the network? Another name server: --nameserver IP."


@dataclass(frozen=True, slots=True)
class SetUp:
    """What is to be looked at.

    Attributes:
        from_domain: Of the address that readers see; in ASCII.
        mail_from_domain: Of the address that bounces go to.
        relays: Who takes the letters; none if that is no mail relay.
        transport: How the settings name whoever takes them.
        keys: The DKIM keys that are known of.
        message_size: Octets of the latest letter; None if there is none.
        unsubscribe_url: Where a made-up reader would unsubscribe; empty if ``base_url`` is.
        direct: Addresses that letters come from without a relay.
        root: The project's folder.
        state_folder: Where database and ledger are.
        secrets: Files that nobody else should see: database, keys, password.
        outbox: The folder that messages are written into, if there is one.
        problems: What was found to be wrong while the settings were read.
        ask_provider: Asks a provider about the account; None if none takes the letters.
        database: URL of the database on a server; empty for a file.
        database_password: Its password, if the settings have it.
    """

    from_domain: str
    mail_from_domain: str
    relays: tuple[Relay, ...]
    transport: str
    keys: tuple[DkimKey, ...]
    message_size: int | None
    unsubscribe_url: str
    direct: tuple[IPAddress, ...]
    root: Path
    state_folder: Path
    secrets: tuple[Path, ...]
    outbox: Path | None = None
    problems: tuple[Checkup, ...] = ()
    ask_provider: Callable[[], list[Checkup]] | None = None
    database: str = ""
    database_password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Outside:
    """How the checks reach what is not theirs.

    Attributes:
        lookups: The DNS.
        network: How web pages are reached.
        clock: Tells the time, with its zone.
        seconds: How long each step with the relay, and each page, may take.
    """

    lookups: LookUps
    network: Network
    clock: Callable[[], datetime.datetime]
    seconds: float = 10.0


def examine(set_up: SetUp, outside: Outside) -> list[Checkup]:
    """Look at everything: groups with the worst first, and in each the worst first."""
    found = [
        *set_up.problems,
        *_relay(set_up, outside),
        *_domains(set_up, outside),
        *_web(set_up, outside),
        *check_database(set_up.database, set_up.database_password, outside.clock()),
        check_room(set_up.state_folder),
        *check_permissions(set_up.secrets),
        *check_git(set_up.root, set_up.secrets, set_up.outbox),
    ]
    return worst_first([_printable(checkup) for checkup in found])


def _printable(checkup: Checkup) -> Checkup:
    """Without what steers a terminal: records and replies are quoted as strangers wrote them."""
    said = "".join(c if c.isprintable() else "�" for c in checkup.said)
    hint = "".join(c if c.isprintable() else "�" for c in checkup.hint)
    return replace(checkup, said=said, hint=hint)


def worst_first(checkups: Collection[Checkup]) -> list[Checkup]:
    """By group and urgency; what is equally urgent stays in order."""
    groups = list(Group)
    worst = {
        group: min((c.level.urgency for c in checkups if c.group is group), default=0)
        for group in groups
    }
    return sorted(checkups, key=lambda c: (worst[c.group], groups.index(c.group), c.level.urgency))


def _relay(set_up: SetUp, outside: Outside) -> list[Checkup]:
    found: list[Checkup] = []
    for relay in set_up.relays:
        visit = check_relay(
            relay,
            set_up.message_size,
            outside.lookups,
            outside.clock(),
            seconds=outside.seconds,
        )
        if len(set_up.relays) > 1:
            visit = [replace(checkup, what=f"{relay}, {checkup.what}") for checkup in visit]
        found += visit
    if found:
        return found
    if any(problem.group is Group.RELAY for problem in set_up.problems):
        return []
    if set_up.outbox:
        said = f"{set_up.transport} mails nobody: it writes letters into a folder"
        hint = "To send for real, name your relay in newsletter.toml: transport = smtp://…"
        return [Checkup("transport", Level.WARNING, said, hint, Group.RELAY)]
    if set_up.ask_provider and (told := set_up.ask_provider()):
        return told
    said = f"{set_up.transport} is not looked at by this program yet"
    hint = "Send yourself a proof: newsletter send --test ADDRESS"
    return [Checkup("transport", Level.UNCHECKED, said, hint, Group.RELAY)]


def _domains(set_up: SetUp, outside: Outside) -> Iterator[Checkup]:
    lookups = outside.lookups
    from_, mail_from = set_up.from_domain, set_up.mail_from_domain
    yield from _guarded(f"domain {from_}", lambda: check_domain(from_, "from", lookups))
    if mail_from != from_:
        yield from _guarded(
            f"domain {mail_from}", lambda: check_domain(mail_from, "bounce_address", lookups)
        )
    yield from _guarded(
        f"SPF of {mail_from}", lambda: check_spf(mail_from, _senders(set_up, lookups), lookups)
    )
    yield from _keys(set_up, lookups)
    yield from _guarded(f"DMARC of {from_}", lambda: check_dmarc(from_, lookups))
    signing = [key.domain for key in set_up.keys]
    yield from _guarded(
        f"alignment with {from_}", lambda: check_alignment(from_, mail_from, signing, lookups)
    )
    for address in set_up.direct:
        yield from _guarded(f"name of {address}", partial(check_reverse, address, lookups))
    yield from _guarded(
        f"MTA-STS of {mail_from}",
        lambda: check_policies(mail_from, lookups, outside.network, seconds=outside.seconds),
        is_essential=False,
    )


def _keys(set_up: SetUp, lookups: LookUps) -> Iterator[Checkup]:
    for key in set_up.keys:
        what = f"DKIM key {key.selector} of {key.domain}"
        yield from _guarded(what, partial(check_dkim, key, lookups))
    is_wrong = any(problem.group is Group.DOMAIN for problem in set_up.problems)
    if not set_up.keys and not is_wrong:
        said = "this program signs nothing; whether the relay does cannot be told"
        hint = (
            "Gmail, Yahoo and Outlook want a signature. Make a key: newsletter dkim keygen. Or, if "
            "the relay signs, name its key: newsletter doctor --selector SELECTOR."
        )
        yield Checkup("DKIM", Level.UNCHECKED, said, hint)


def _senders(set_up: SetUp, lookups: LookUps) -> Senders:
    if set_up.direct:
        return Senders(set_up.direct, ", ".join(map(str, set_up.direct)), is_certain=True)
    if not set_up.relays:
        return Senders((), set_up.transport, is_certain=False)
    found: list[IPAddress] = []
    for relay in set_up.relays:
        written = literal(relay.host)
        try:
            found += (written,) if written else lookups.addresses(relay.host)
        except NoAnswerError:
            return Senders((), relay.host, is_certain=False)
    hosts = " and ".join(dict.fromkeys(relay.host for relay in set_up.relays))
    return Senders(tuple(filter(is_public, found)), hosts, is_certain=False)


def _web(set_up: SetUp, outside: Outside) -> Iterator[Checkup]:
    address = set_up.unsubscribe_url
    wrong = web.check_address(address)
    page = web.Page()
    if wrong:
        yield wrong
    else:
        page = web.fetch(address, outside.network, seconds=outside.seconds)
        yield web.judge(address, page)
    yield check_clock(outside.clock(), page.date, urlsplit(address).hostname or "")


def _guarded(
    what: str, check: Callable[[], list[Checkup]], *, is_essential: bool = True
) -> list[Checkup]:
    """What a check found; if the DNS does not say, that, and neither "fine" nor "missing"."""
    try:
        return check()
    except NoAnswerError as error:
        hint = _NETWORK if error.is_silence else "Try again later, or ask whoever runs the domain."
        said = f"could not be looked up: {error.reason}"
        return [Checkup(what, Level.UNCHECKED, said, hint, is_essential=is_essential)]
