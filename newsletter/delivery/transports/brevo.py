"""Brevo as transport: the message in parts, one request for each.

Source: Brevo API reference, ``POST /v3/smtp/email``.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.http_answers import (
    Answer,
    Refusal,
    Verdict,
    judge_status,
    seconds,
)
from newsletter.delivery.transports.http_api import ApiTimeouts, HttpApi
from newsletter.delivery.transports.http_transport import (
    Request,
    SingleTransport,
    described,
    endpoint,
    json_bytes,
    message_key,
    no_host,
    number,
    secret,
    switch,
)
from newsletter.delivery.transports.mime_fields import Mailbox, MimeFields
from newsletter.delivery.transports.standing import Standing, key_taken, not_told, objects, sender
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError

HOST = "https://api.brevo.com"

_KEYS = uuid.UUID("0f4a3f0e-6f0f-5f6c-9d3c-5f0e3b8a7c11")
"""Namespace of the keys that we derive from Message-IDs (RFC 9562 §5.5)."""


def open_url(url: TransportUrl, surroundings: Surroundings) -> BrevoTransport:
    """``brevo:``.

    Options: ``sandbox=1`` (checked and not delivered), ``connections=N``.

    Raises:
        TransportConfigurationError: No key, or an unknown option.
    """
    url.allow_options("sandbox", "connections", "endpoint")
    no_host(url)
    return BrevoTransport(
        secret(surroundings, BrevoTransport.company),
        endpoint=endpoint(url, HOST),
        sandbox=switch(url, "sandbox"),
        connections=number(url, "connections", 4, 50),
    )


class BrevoTransport(SingleTransport):
    """Hands messages to Brevo.

    Every request has a key by which Brevo ignores a repetition within half an hour. What it
    answers to one is not documented, so a message whose answer was lost stays unknown all the same.

    Args:
        key: API key, version 3.
        endpoint: Where requests go.
        sandbox: Whether Brevo shall check messages and not deliver them.
        connections: How many requests may run at the same time.
        timeouts: How long to wait.
    """

    company = "Brevo"
    third_party = "Brevo (France)"
    rebuilds_messages = True

    def __init__(
        self,
        key: str,
        *,
        endpoint: str,
        sandbox: bool = False,
        connections: int = 4,
        timeouts: ApiTimeouts | None = None,
    ) -> None:
        api = HttpApi(
            self.company, endpoint, headers={"api-key": key}, secrets=(key,), timeouts=timeouts
        )
        super().__init__(api, connections)
        self._sandbox = sandbox

    def describe(self) -> str:
        """``brevo:``."""
        return described("brevo:", "sandbox: nothing is delivered" if self._sandbox else "")

    def request(self, message: Message) -> Request:
        """One message; the reader is named as one who has not agreed to be tracked.

        Raises:
            TransportConfigurationError: It embeds pictures, which the API has no field for.
        """
        fields = MimeFields.parse(message)
        if fields.files:
            raise TransportConfigurationError(
                "Brevo's API cannot embed pictures in a letter",
                "Host the pictures on the web, or send through Brevo's SMTP relay instead.",
            )
        headers = _headers(fields)
        headers["X-Mailin-custom"] = f"message:{message_key(message)}"
        headers["idempotencyKey"] = str(uuid.uuid5(_KEYS, message.message_id))
        if self._sandbox:
            headers["X-Sib-Sandbox"] = "drop"
        body: dict[str, Any] = {
            "sender": _mailbox(fields.sender),
            "to": [{**_mailbox(fields.to), "contactPixelTrackingConsent": False}],
            "subject": fields.subject,
            "textContent": fields.text,
            "headers": headers,
        }
        if fields.html:
            body["htmlContent"] = fields.html
        if fields.reply_to:
            body["replyTo"] = _mailbox(fields.reply_to)
        return Request("/v3/smtp/email", json_bytes(body))

    def accepted_id(self, answer: Answer) -> str:
        """``messageId``: the Message-ID that Brevo gives the message."""
        return str(answer.fields().get("messageId", ""))

    def account(self, domain: str) -> Iterator[Standing]:
        """``GET /v3/senders/domains``; how it tracks, Brevo does not say."""
        answer = self._api.get("/v3/senders/domains")
        if not answer.good:
            yield self.unsettled(answer, "key", refuses_key=answer.status == 401)
            return
        yield key_taken(self.company)
        domains = objects(answer.fields().get("domains"))
        if domains is None:
            yield not_told("sender", self.company, "the answer makes no sense")
            return
        ours = next((one for one in domains if one.get("domain_name") == domain), None)
        pages = answer.fields().get("total_pages")
        if ours is None and isinstance(pages, int) and pages > 1:
            yield not_told("sender", self.company, "the account has more domains than fit a page")
            return
        yield sender(self.company, domain, is_good=bool(ours and ours.get("authenticated") is True))

    def refusal(self, answer: Answer) -> Refusal:
        """``code`` names the error, ``message`` says which field is wrong."""
        fields = answer.fields()
        code = str(fields.get("code", ""))
        text = str(fields.get("message") or answer.text())
        verdict = judge_status(answer.status)
        if code.startswith("duplicate"):
            # The same key before: that time it may have been taken.
            verdict = Verdict.UNKNOWN
        elif verdict is Verdict.MESSAGE and " in to" in text:
            verdict = Verdict.RECIPIENT
        return Refusal(verdict, answer.status, code, text, _wait(answer))


def _headers(fields: MimeFields) -> dict[str, str]:
    # Brevo decodes encoded-words in fields that we give it and sends the letters in the raw, so
    # the list's name is left out where it is not ASCII; the list's id is what counts (RFC 2919).
    headers = fields.other_headers("message-id")
    return {
        name: value.rpartition("<")[1] + value.rpartition("<")[2] if "=?" in value else value
        for name, value in headers.items()
    }


def _mailbox(mailbox: Mailbox) -> dict[str, str]:
    found = {"email": mailbox.address}
    if mailbox.name:
        found["name"] = mailbox.name
    return found


def _wait(answer: Answer) -> datetime.timedelta | None:
    reset = answer.headers.get("x-sib-ratelimit-reset", "") if answer.status == 429 else ""
    return answer.retry_after() or seconds(reset)
