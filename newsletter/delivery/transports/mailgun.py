"""Mailgun as transport: the message as it is, one request for each.

Source: Mailgun API reference, ``POST /v3/{domain}/messages.mime``.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Iterator

from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.http_answers import Answer, Refusal, Verdict, judge_status
from newsletter.delivery.transports.http_api import ApiTimeouts, HttpApi
from newsletter.delivery.transports.http_transport import (
    Request,
    SingleTransport,
    choice,
    described,
    endpoint,
    number,
    secret,
    switch,
)
from newsletter.delivery.transports.standing import Standing, key_taken, not_told, sender
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError

HOSTS = {"us": "https://api.mailgun.net", "eu": "https://api.eu.mailgun.net"}

_NO_TRACKING = {"o:tracking": "no", "o:tracking-clicks": "no", "o:tracking-opens": "no"}
_ADDRESS = re.compile(r"\bto\b.*\bnot a valid address", re.IGNORECASE)
_ACCOUNT = re.compile(r"not allowed to send|disabled|not activated|suspended", re.IGNORECASE)


def open_url(url: TransportUrl, surroundings: Surroundings) -> MailgunTransport:
    """``mailgun://example.org?region=eu``: the sending domain, and where the account has it.

    Options: ``region=us|eu``, ``sandbox=1`` (taken and not delivered), ``connections=N``.

    Raises:
        TransportConfigurationError: No domain, no key, or an unknown option.
    """
    url.allow_options("region", "sandbox", "connections", "endpoint")
    if not re.fullmatch(r"[a-z0-9.-]+", url.host) or url.path.strip("/") or url.user:
        raise TransportConfigurationError(
            "transport: mailgun needs a sending domain and nothing behind it",
            "Write it like this: mailgun://example.org?region=eu.",
        )
    region = choice(url, "region", ("us", "eu"))
    return MailgunTransport(
        url.host,
        secret(surroundings, MailgunTransport.company),
        region=region,
        endpoint=endpoint(url, HOSTS[region]),
        sandbox=switch(url, "sandbox"),
        connections=number(url, "connections", 4, 50),
    )


class MailgunTransport(SingleTransport):
    """Hands messages to Mailgun.

    Mailgun knows no idempotency key: a message whose answer was lost stays unknown.

    Args:
        domain: Sending domain at Mailgun.
        key: API key; a sending key of the domain is enough.
        region: ``us`` or ``eu``.
        endpoint: Where requests go.
        sandbox: Whether Mailgun shall take messages and not deliver them.
        connections: How many requests may run at the same time.
        timeouts: How long to wait.
    """

    company = "Mailgun"

    def __init__(
        self,
        domain: str,
        key: str,
        *,
        region: str,
        endpoint: str,
        sandbox: bool = False,
        connections: int = 4,
        timeouts: ApiTimeouts | None = None,
    ) -> None:
        login = base64.b64encode(f"api:{key}".encode()).decode("ascii")
        headers = {"Authorization": f"Basic {login}"}
        api = HttpApi(
            self.company, endpoint, headers=headers, secrets=(key, login), timeouts=timeouts
        )
        super().__init__(api, connections)
        self.third_party = f"Mailgun, of Sinch (Sweden), in its region {region.upper()}"
        self._domain = domain
        self._region = region
        self._sandbox = sandbox

    def describe(self) -> str:
        """``mailgun://example.org (region eu)``."""
        return described(
            f"mailgun://{self._domain}",
            f"region {self._region}",
            "sandbox: nothing is delivered" if self._sandbox else "",
        )

    def request(self, message: Message) -> Request:
        """A form with the reader, the message as a file, and tracking off."""
        fields = {"to": message.envelope.rcpt_to, **_NO_TRACKING}
        if self._sandbox:
            fields["o:testmode"] = "yes"
        boundary = secrets.token_hex(16)
        content = _form(fields, message.data, boundary)
        return Request(
            f"/v3/{self._domain}/messages.mime",
            content,
            f"multipart/form-data; boundary={boundary}",
        )

    def accepted_id(self, answer: Answer) -> str:
        """``id``: the Message-ID."""
        return str(answer.fields().get("id", ""))

    def account(self, domain: str) -> Iterator[Standing]:  # noqa: ARG002 - Mailgun has its own
        """``GET /v4/domains/NAME``; a key that may only send may not ask."""
        answer = self._api.get(f"/v4/domains/{self._domain}")
        if answer.status == 404:
            yield sender(self.company, self._domain, is_good=False)
        elif not answer.good:  # Mailgun answers 401 to a wrong key and to one that may only send
            yield self.unsettled(answer, "key", refuses_key=False)
        else:
            yield key_taken(self.company)
            ours = answer.fields().get("domain")
            state = ours.get("state") if isinstance(ours, dict) else None
            if not isinstance(state, str):
                yield not_told("sender", self.company, "the answer makes no sense")
            else:
                yield sender(self.company, self._domain, is_good=state == "active")

    def refusal(self, answer: Answer) -> Refusal:
        """The status decides; 400 has its reason in words only."""
        text = str(answer.fields().get("message") or answer.text())
        verdict = judge_status(answer.status)
        if verdict is Verdict.MESSAGE and _ADDRESS.search(text):
            verdict = Verdict.RECIPIENT
        elif verdict is Verdict.MESSAGE and _ACCOUNT.search(text):
            verdict = Verdict.ACCOUNT
        return Refusal(verdict, answer.status, text=text, retry_after=answer.retry_after())


def _form(fields: dict[str, str], message: bytes, boundary: str) -> bytes:
    # RFC 7578. The boundary is random, so nobody can have put it into a letter.
    line = f"--{boundary}\r\n".encode()
    parts = [
        line + f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="message"; filename="message.eml"\r\n'
    kind = "Content-Type: application/octet-stream\r\n\r\n"
    file = line + head.encode() + kind.encode() + message + b"\r\n"
    return b"".join(parts) + file + f"--{boundary}--\r\n".encode()
