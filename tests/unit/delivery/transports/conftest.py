from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import pytest

from newsletter.delivery.transports.aws_signature import Credentials
from newsletter.delivery.transports.brevo import BrevoTransport
from newsletter.delivery.transports.http_api import ApiTimeouts
from newsletter.delivery.transports.http_transport import HttpTransport
from newsletter.delivery.transports.mailgun import MailgunTransport
from newsletter.delivery.transports.postmark import PostmarkTransport
from newsletter.delivery.transports.resend import ResendTransport
from newsletter.delivery.transports.sendgrid import SendgridTransport
from newsletter.delivery.transports.ses import SesTransport
from tests import provider_servers as servers
from tests.provider_servers import KEY, Provider, ProviderServer, provider_server

QUICK = ApiTimeouts(connect=5, read=0.3)
PATIENT = ApiTimeouts(connect=5, read=10)

OPENERS: dict[str, tuple[type[Provider], Callable[..., HttpTransport]]] = {
    "ses": (servers.Ses, partial(SesTransport, "eu-west-1", Credentials("AKIDEXAMPLE", KEY))),
    "mailgun": (servers.Mailgun, partial(MailgunTransport, "example.org", KEY, region="eu")),
    "sendgrid": (servers.Sendgrid, partial(SendgridTransport, KEY, region="global")),
    "brevo": (servers.Brevo, partial(BrevoTransport, KEY)),
    "postmark": (servers.Postmark, partial(PostmarkTransport, KEY, stream="broadcast")),
    "resend": (servers.Resend, partial(ResendTransport, KEY, pauses=(0, 0))),
}


@dataclass(frozen=True)
class Desk:
    """A transport and the stand-in that it talks to."""

    name: str
    server: ProviderServer
    open: Callable[..., HttpTransport]

    @property
    def provider(self) -> Provider:
        return self.server.provider

    def transport(self, *, timeouts: ApiTimeouts = PATIENT, **options: object) -> HttpTransport:
        return self.open(endpoint=self.server.url, timeouts=timeouts, **options)


def desk_of(name: str) -> Iterator[Desk]:
    provider, opener = OPENERS[name]
    with provider_server(provider()) as server:
        yield Desk(name, server, opener)


@pytest.fixture(params=list(OPENERS))
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    yield from desk_of(request.param)


def _fixture(name: str) -> Callable[[], Iterator[Desk]]:
    def found() -> Iterator[Desk]:
        yield from desk_of(name)

    return found


ses, mailgun, sendgrid, brevo, postmark, resend = (
    pytest.fixture(name=name)(_fixture(name)) for name in OPENERS
)


def readers(*numbers: int) -> Sequence[str]:
    return [f"reader{number}@example.com" for number in numbers]
