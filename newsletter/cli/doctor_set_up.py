"""What ``newsletter doctor`` is to look at, put together from a project."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError, NewsletterError, TransportConfigurationError
from newsletter.probes.doctor.checkup import Checkup, Group, Level
from newsletter.probes.doctor.dkim import DkimKey
from newsletter.probes.doctor.examine import Outside, SetUp
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.relay import Relay
from newsletter.probes.links import Network, now

if TYPE_CHECKING:
    from newsletter.delivery.message import Sender
    from newsletter.delivery.transports.base import Transport
    from newsletter.delivery.transports.url import TransportUrl
    from newsletter.probes.addresses import IPAddress
    from newsletter.project import Project

SCHEMES = ("smtp", "smtps")
RELAYS = ("smtp://", "smtps://")


def outside(lookups: LookUps) -> Outside:
    """The internet, with names looked up as the doctor was told to."""
    return Outside(lookups, Network(look_up=lookups.look_up), now)


def set_up(project: Project, direct: tuple[IPAddress, ...], selectors: Sequence[str]) -> SetUp:
    """The set-up of a project.

    Args:
        project: Whose.
        direct: Addresses that letters come from without a relay.
        selectors: ``SELECTOR`` or ``SELECTOR:DOMAIN`` of keys that somebody else signs with.

    Raises:
        ConfigurationError: An address in ``newsletter.toml`` is not one.
    """
    from newsletter.delivery.links import unsubscribe_url
    from newsletter.delivery.sample import SAMPLE_TOKEN

    settings, sender = project.settings, project.sender
    problems: list[Checkup] = []
    relays, outbox, ask_provider = _transport(project, sender, problems)
    keys = [*_own_keys(project, problems), *_keys_of_others(selectors, sender.domain)]
    return SetUp(
        from_domain=sender.domain,
        mail_from_domain=sender.bounce_address.rpartition("@")[2].lower(),
        relays=relays,
        transport=settings.transport,
        keys=tuple(keys),
        message_size=_size(project, sender),
        unsubscribe_url=settings.base_url and unsubscribe_url(settings.base_url, SAMPLE_TOKEN),
        direct=direct,
        root=project.root,
        state_folder=project.state_folder,
        secrets=_secrets(project),
        outbox=outbox,
        problems=tuple(problems),
        ask_provider=ask_provider,
        database=settings.database,
        database_password=settings.database_password,
    )


def _transport(
    project: Project, sender: Sender, problems: list[Checkup]
) -> tuple[tuple[Relay, ...], Path | None, Callable[[], list[Checkup]] | None]:
    """The relays, or else the folder that letters are written into, or how to ask a provider."""
    from newsletter.delivery.transports.passwords import relay_passwords
    from newsletter.delivery.transports.url import TransportUrl

    written = project.settings.transport
    try:
        transport = project.transport()  # refuses what is unsafe, as a send would
        parts = written.split() if written.lower().startswith(RELAYS) else [written]
        urls = [TransportUrl.parse(part) for part in parts]
    except (TransportConfigurationError, ConfigurationError) as error:
        wrong = Checkup("transport", Level.ERROR, error.message, error.hint, Group.RELAY)
        problems.append(wrong)
        return (), None, None
    if urls[0].scheme == "maildir":
        return (), project.root / urls[0].path, None
    if urls[0].scheme not in SCHEMES:
        return (), None, lambda: _provider(transport, sender.domain)
    passwords = relay_passwords(_password(project), urls)
    relays = zip(urls, passwords, strict=True)
    return tuple(_relay(project, sender, *relay) for relay in relays), None, None


def _provider(transport: Transport, domain: str) -> list[Checkup]:
    """What a provider says of the account; only GET is used."""
    from newsletter.delivery.transports.http_transport import HttpTransport

    if not isinstance(transport, HttpTransport):
        return []
    levels = {True: Level.OK, False: Level.ERROR, None: Level.UNCHECKED}
    return [
        Checkup(
            f"{transport.company}, {one.what}",
            levels[one.is_good],
            one.said,
            one.hint,
            Group.RELAY,
            # A key that may only send is how it should be, and cannot ask for the rest.
            is_essential=one.what == "account",
        )
        for one in transport.standings(domain)
    ]


def _relay(project: Project, sender: Sender, url: TransportUrl, password: str) -> Relay:
    is_clear = url.options.get("security") == "none"
    return Relay(
        host=url.host,
        port=url.mail_port,
        hello=sender.domain,
        user=url.user,
        password=password,
        tls=None if is_clear else _trust(project, url),
        tls_first=url.scheme == "smtps",
        auth=url.options.get("auth", ""),
        is_here=url.is_loopback,
    )


def _trust(project: Project, url: TransportUrl) -> ssl.SSLContext:
    file = project.root / url.options["ca"] if "ca" in url.options else None
    return ssl.create_default_context(cafile=file)


def _password(project: Project) -> str:
    settings = project.settings
    if settings.transport_password or not settings.transport_password_file:
        return settings.transport_password
    return (project.root / settings.transport_password_file).read_text("utf-8").strip()


def _own_keys(project: Project, problems: list[Checkup]) -> list[DkimKey]:
    from newsletter.delivery.dkim.record import record

    try:
        keys = project.signing_keys()
    except ConfigurationError as error:
        problems.append(Checkup("DKIM", Level.ERROR, error.message, error.hint))
        return []
    public = (record(key).value.rpartition("p=")[2] for key in keys)
    return [DkimKey(key.domain, key.selector, p) for key, p in zip(keys, public, strict=True)]


def _keys_of_others(selectors: Sequence[str], domain: str) -> list[DkimKey]:
    split = (selector.partition(":") for selector in selectors)
    return [DkimKey((other or domain).lower(), name) for name, _, other in split]


def _size(project: Project, sender: Sender) -> int | None:
    """Octets of the latest letter; None if there is none that can be made."""
    from newsletter.delivery.sample import sample_message

    try:
        edition = project.render(project.manuscript(project.find())).edition
        return sample_message(edition, sender).size
    except NewsletterError:
        return None  # newsletter check says why


def _secrets(project: Project) -> tuple[Path, ...]:
    settings = project.settings
    file = project.database_file
    database = [file.with_name(f"{file.name}{end}") for end in ("", "-wal", "-shm")]
    named = (
        settings.transport_password_file,
        settings.dkim.key_file,
        settings.dkim.ed25519_key_file,
    )
    return (*database, *(project.root / name for name in named if name))
