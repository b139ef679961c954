"""SendGrid as transport: the message in parts, one request for each.

Source: SendGrid v3 API reference, ``POST /v3/mail/send``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

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

HOSTS = {"global": "https://api.sendgrid.com", "eu": "https://api.eu.sendgrid.com"}

_NO_TRACKING = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},  # would put an unsubscribe link of its own
    "ganalytics": {"enable": False},
}


def open_url(url: TransportUrl, surroundings: Surroundings) -> SendgridTransport:
    """``sendgrid:``, or ``sendgrid:?region=eu`` for an account in the European Union.

    Options: ``region=global|eu``, ``sandbox=1`` (checked and not delivered), ``connections=N``.

    Raises:
        TransportConfigurationError: No key, or an unknown option.
    """
    url.allow_options("region", "sandbox", "connections", "endpoint")
    no_host(url)
    region = choice(url, "region", ("global", "eu"))
    return SendgridTransport(
        secret(surroundings, SendgridTransport.company),
        region=region,
        endpoint=endpoint(url, HOSTS[region]),
        sandbox=switch(url, "sandbox"),
        connections=number(url, "connections", 4, 50),
    )


class SendgridTransport(SingleTransport):
    """Hands messages to SendGrid.

    SendGrid knows no idempotency key: a message whose answer was lost stays unknown.

    Args:
        key: API key with the right "Mail Send".
        region: ``global`` or ``eu``.
        endpoint: Where requests go.
        sandbox: Whether SendGrid shall check messages and not deliver them.
        connections: How many requests may run at the same time.
        timeouts: How long to wait.
    """

    company = "SendGrid"
    rebuilds_messages = True

    def __init__(
        self,
        key: str,
        *,
        region: str,
        endpoint: str,
        sandbox: bool = False,
        connections: int = 4,
        timeouts: ApiTimeouts | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        api = HttpApi(self.company, endpoint, headers=headers, secrets=(key,), timeouts=timeouts)
        super().__init__(api, connections)
        where = ", data kept in the European Union" if region == "eu" else ""
        self.third_party = f"SendGrid, of Twilio (United States){where}"
        self._region = region
        self._sandbox = sandbox

    def describe(self) -> str:
        """``sendgrid:``."""
        return described(
            "sendgrid:",
            f"region {self._region}" if self._region != "global" else "",
            "sandbox: nothing is delivered" if self._sandbox else "",
        )

    def request(self, message: Message) -> Request:
        """One message with tracking off."""
        fields = MimeFields.parse(message)
        content = [{"type": "text/plain", "value": fields.text or " "}]
        if fields.html:
            content.append({"type": "text/html", "value": fields.html})
        body: dict[str, Any] = {
            "personalizations": [{"to": [_mailbox(_without_marks(fields.to))]}],
            "from": _mailbox(fields.sender),
            "subject": fields.subject,
            "content": content,
            "headers": dict(fields.headers),
            "custom_args": {"message": message_key(message)},
            "tracking_settings": _NO_TRACKING,
            "mail_settings": {"sandbox_mode": {"enable": self._sandbox}},
        }
        if fields.reply_to:
            body["reply_to"] = _mailbox(fields.reply_to)
        if fields.files:
            body["attachments"] = [
                {
                    "content": file.base64,
                    "type": file.content_type,
                    "filename": file.filename,
                    "disposition": "inline",
                    "content_id": file.cid,
                }
                for file in fields.files
            ]
        return Request("/v3/mail/send", json_bytes(body))

    def accepted_id(self, answer: Answer) -> str:
        """``X-Message-Id``; there is none in the sandbox."""
        return answer.headers.get("x-message-id", "")

    def account(self, domain: str) -> Iterator[Standing]:
        """``GET /v3/scopes`` and ``GET /v3/whitelabel/domains``."""
        answer = self._api.get("/v3/scopes")
        if not answer.good:
            yield self.unsettled(answer, "key", refuses_key=answer.status == 401)
            return
        scopes = answer.fields().get("scopes")
        if not isinstance(scopes, list) or "mail.send" not in scopes:
            said = "the key has not the right to send (Mail Send)"
            yield Standing("key", said, "Give it that right, or make a new one.", is_good=False)
            return
        yield key_taken(self.company)
        answer = self._api.get(f"/v3/whitelabel/domains?domain={domain}")
        listed = objects(answer.json()) if answer.good else None
        if listed is None:
            yield not_told("sender", self.company, "the key may not ask for domains")
            return
        ours = [one for one in listed if one.get("domain") == domain]
        if not ours:  # a single address may have been verified instead
            yield not_told("sender", self.company, f"{domain} is not among the domains")
            return
        good = any(one.get("valid") is True for one in ours)
        yield sender(self.company, domain, is_good=good)

    def refusal(self, answer: Answer) -> Refusal:
        """``field`` tells a reader's address from the rest of a request that was refused."""
        errors = answer.fields().get("errors")
        found = errors if isinstance(errors, list) else []
        said = [error for error in found if isinstance(error, dict)]
        text = "; ".join(str(error.get("message", "")) for error in said) or answer.text()
        verdict = judge_status(answer.status)
        about = [str(error.get("field") or "") for error in said]
        if verdict is Verdict.MESSAGE and any(
            field.startswith("personalizations") and ".to" in field for field in about
        ):
            verdict = Verdict.RECIPIENT
        return Refusal(verdict, answer.status, text=text, retry_after=_wait(answer))


def _mailbox(mailbox: Mailbox) -> dict[str, str]:
    found = {"email": mailbox.address}
    if mailbox.name:
        found["name"] = mailbox.name
    return found


def _without_marks(mailbox: Mailbox) -> Mailbox:
    # SendGrid writes a reader's name without the quotation marks that these would need (RFC 5322
    # §3.2.4), so that one recipient looks like two.
    return Mailbox(" ".join(re.sub("[,;]", " ", mailbox.name).split()), mailbox.address)


def _wait(answer: Answer) -> datetime.timedelta | None:
    return answer.retry_after() or (
        answer.until("x-ratelimit-reset") if answer.status == 429 else None
    )
