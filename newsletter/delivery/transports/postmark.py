"""Postmark as transport: messages in parts, up to 500 in a request.

Source: Postmark developer documentation, "Send batch emails" and "Error codes".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from newsletter.delivery.outcome import Accepted, Outcome, Unknown
from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.http_answers import Answer, Refusal, Verdict, judge_status
from newsletter.delivery.transports.http_api import ApiTimeouts, HttpApi
from newsletter.delivery.transports.http_batches import BatchTransport, Item, array
from newsletter.delivery.transports.http_transport import (
    JSON,
    described,
    endpoint,
    json_bytes,
    message_key,
    no_host,
    number,
    receipt,
    secret,
    switch,
)
from newsletter.delivery.transports.mime_fields import MimeFields
from newsletter.delivery.transports.standing import Standing, key_taken, not_told, watched
from newsletter.delivery.transports.url import TransportUrl

HOST = "https://api.postmarkapp.com"
TEST_TOKEN = "POSTMARK_API_TEST"  # noqa: S105 - documented, the same for everybody
"""Token with which Postmark checks messages and delivers none."""

_LATER = {100, 429}
_ACCOUNT = {10, 400, 401, 405, 412, 413, 1235, 1236}
_SUPPRESSED = 406
_INVALID = 300


def open_url(url: TransportUrl, surroundings: Surroundings) -> PostmarkTransport:
    """``postmark:``, or ``postmark:?stream=letters`` for a message stream of another name.

    Options: ``stream=NAME``, ``batch=N`` (messages in a request, at most 500), ``sandbox=1``
    (checked and not delivered, needs no token), ``connections=N``.

    Raises:
        TransportConfigurationError: No token, or an unknown option.
    """
    url.allow_options("stream", "batch", "sandbox", "connections", "endpoint")
    no_host(url)
    sandbox = switch(url, "sandbox")
    return PostmarkTransport(
        TEST_TOKEN if sandbox else secret(surroundings, PostmarkTransport.company),
        stream=url.options.get("stream", "broadcast"),
        endpoint=endpoint(url, HOST),
        batch=number(url, "batch", 100, 500),
        connections=number(url, "connections", 2, 20),
    )


class PostmarkTransport(BatchTransport):
    """Hands messages to Postmark.

    Postmark knows no idempotency key: when an answer is lost, all messages of that request stay
    unknown, which is why a request holds 100 and not 500 unless somebody says so.

    Args:
        token: Server token.
        stream: Message stream; the one for bulk mail is called ``broadcast`` from the start.
        endpoint: Where requests go.
        batch: How many messages stand in a request at most.
        connections: How many requests may run at the same time.
        timeouts: How long to wait.
    """

    company = "Postmark"
    third_party = "Postmark, of ActiveCampaign (United States)"
    rebuilds_messages = True
    largest = 49_000_000

    def __init__(
        self,
        token: str,
        *,
        stream: str,
        endpoint: str,
        batch: int = 100,
        connections: int = 2,
        timeouts: ApiTimeouts | None = None,
    ) -> None:
        headers = {"X-Postmark-Server-Token": token}
        api = HttpApi(self.company, endpoint, headers=headers, secrets=(token,), timeouts=timeouts)
        super().__init__(api, connections, batch)
        self._stream = stream
        self._sandbox = token == TEST_TOKEN

    def describe(self) -> str:
        """``postmark: (stream broadcast)``."""
        sandbox = "sandbox: nothing is delivered" if self._sandbox else ""
        return described("postmark:", f"stream {self._stream}", sandbox)

    def item(self, message: Message) -> Item:
        """One message with tracking off and our own Message-ID kept."""
        fields = MimeFields.parse(message)
        headers = {**fields.headers, "X-PM-KeepID": "true"}
        body: dict[str, Any] = {
            "From": str(fields.sender),
            "To": str(fields.to),
            "Subject": fields.subject,
            "TextBody": fields.text,
            "MessageStream": self._stream,
            "Headers": [{"Name": name, "Value": value} for name, value in headers.items()],
            "Metadata": {"message": message_key(message)},
            "TrackOpens": False,
            "TrackLinks": "None",
        }
        if fields.html:
            body["HtmlBody"] = fields.html
        if fields.reply_to:
            body["ReplyTo"] = str(fields.reply_to)
        if fields.files:
            body["Attachments"] = [
                {
                    "Name": file.filename,
                    "Content": file.base64,
                    "ContentType": file.content_type,
                    "ContentID": f"cid:{file.cid}",
                }
                for file in fields.files
            ]
        return Item(message, json_bytes(body))

    def send(self, group: Sequence[Item]) -> Answer:
        """One request to ``/email/batch``."""
        return self._api.post("/email/batch", array(group), JSON)

    def read(self, answer: Answer, group: Sequence[Item]) -> Iterable[Outcome]:
        """Postmark answers 200 and says for each message, in order, what became of it."""
        found = answer.json()
        if not isinstance(found, list) or len(found) != len(group):
            reason = f"{answer.status}: the answer does not say which messages were taken"
            return [Unknown(reason) for _ in group]
        judged = [_judge_item(answer.status, said) for said in found]
        refusals = [one for one in judged if isinstance(one, Refusal)]
        if len(refusals) == len(group) and all(r.verdict is Verdict.ACCOUNT for r in refusals):
            raise self.stopped(refusals[0], group[0].message)
        return [
            one.outcome(item.message.envelope.rcpt_to)
            if isinstance(one, Refusal)
            else Accepted(receipt(answer, one))
            for one, item in zip(judged, group, strict=True)
        ]

    def account(self, domain: str) -> Iterator[Standing]:
        """``GET /server`` (Server API); which domains are verified, this token may not ask."""
        answer = self._api.get("/server")
        if not answer.good:
            yield self.unsettled(answer, "key", refuses_key=answer.status == 401)
            return
        yield key_taken(self.company)
        server = answer.fields()
        if server.get("DeliveryType") == "Sandbox":
            said = "the server is a sandbox: it delivers nothing"
            yield Standing("account", said, "Use the token of a live server.", is_good=False)
        if server.get("TrackOpens") is True:  # goes before what a request says
            yield watched(self.company, "open tracking")
        yield not_told("sender", self.company, f"only the account's token may ask for {domain}")

    def refusal(self, answer: Answer) -> Refusal:
        """The request as a whole was refused."""
        fields = answer.fields()
        code = fields.get("ErrorCode")
        text = str(fields.get("Message") or answer.text())
        verdict = _verdict(code, text) if isinstance(code, int) else None
        # A status of 401 or 5xx says enough; 422 only means "see the code".
        if verdict is None or answer.status not in {400, 422}:
            verdict = judge_status(answer.status)
        return Refusal(verdict, answer.status, str(code or ""), text, answer.retry_after())


def _judge_item(status: int, said: Any) -> str | Refusal:
    if not isinstance(said, dict) or not isinstance(said.get("ErrorCode"), int):
        return Refusal(Verdict.UNKNOWN, status, text="the answer makes no sense")
    code, text = said["ErrorCode"], str(said.get("Message", ""))
    if code == 0:
        return str(said.get("MessageID", ""))
    return Refusal(_verdict(code, text) or Verdict.MESSAGE, status, str(code), text)


def _verdict(code: int, text: str) -> Verdict | None:
    if code == _SUPPRESSED:
        return Verdict.SUPPRESSED
    if code in _LATER:
        return Verdict.LATER
    if code in _ACCOUNT or (code == _INVALID and "'From'" in text):
        return Verdict.ACCOUNT
    if code == _INVALID and "'To'" in text:
        return Verdict.RECIPIENT
    return None
