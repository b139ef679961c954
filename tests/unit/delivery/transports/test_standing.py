"""What providers say of an account before anything is sent: each is asked as it is documented."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.http_transport import HttpTransport
from newsletter.delivery.transports.standing import Standing
from tests.provider_servers import KEY, Provider, ProviderServer, Reply, Request, provider_server
from tests.smtp import free_port

BASIC = base64.b64encode(f"api:{KEY}".encode()).decode()
LOGINS = {
    "postmark": ("x-postmark-server-token", KEY),
    "resend": ("authorization", f"Bearer {KEY}"),
    "brevo": ("api-key", KEY),
    "sendgrid": ("authorization", f"Bearer {KEY}"),
    "mailgun": ("authorization", f"Basic {BASIC}"),
}
PASSWORDS = {"ses": f"AKIDEXAMPLE:{KEY}"}
HOSTS = {"ses": "//eu-west-1", "mailgun": "//example.org"}


class Account(Provider):
    """Answers what it is given for each path, to GET only, and insists on the login."""

    def __init__(self, scheme: str, answers: Mapping[str, Reply]) -> None:
        super().__init__()
        self.scheme, self.answers = scheme, answers

    def answer(self, request: Request) -> Reply:
        self.expect(False, f"{request.method} {request.path}")
        return Reply(500)

    def asked(self, request: Request) -> Reply:
        if self.scheme == "ses":
            said = request.headers.get("authorization", "")
            self.expect(
                said.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                and "SignedHeaders=host;x-amz-date," in said,
                "no signature",
            )
        else:
            name, value = LOGINS[self.scheme]
            self.expect(request.headers.get(name) == value, "login")
        self.expect("content-type" not in request.headers, "content type without content")
        return self.answers.get(request.path, Reply(404, {"message": "no such thing"}))


Ask = Callable[[str, Mapping[str, Reply]], list[Standing]]


@pytest.fixture
def ask() -> Iterator[Ask]:
    with contextlib.ExitStack() as stack:

        def ask(scheme: str, answers: Mapping[str, Reply]) -> list[Standing]:
            provider = Account(scheme, answers)
            server: ProviderServer = stack.enter_context(provider_server(provider))
            return opened(scheme, server.url).standings("letter.example.org")

        yield ask


def opened(scheme: str, url: str) -> HttpTransport:
    transport = open_transport(
        f"{scheme}:{HOSTS.get(scheme, '')}?endpoint={url}",
        root=Path("/nowhere"),
        password=PASSWORDS.get(scheme, KEY),
        hello="example.org",
    )
    assert isinstance(transport, HttpTransport)
    return transport


def ok(body: Any) -> Reply:
    return Reply(200, body)


LIVE = {"Name": "Letters", "DeliveryType": "Live", "TrackOpens": False, "TrackLinks": "None"}
DOMAINS = "/domains?limit=100"
OURS = {"id": "d1", "name": "letter.example.org", "status": "verified"}
OTHER = {"id": "d2", "name": "example.org", "status": "verified"}
SENDERS = "/v3/senders/domains"
BREVO = {"domain_name": "letter.example.org", "authenticated": True, "verified": True}
SCOPES = {"/v3/scopes": ok({"scopes": ["mail.send", "sender_verification_eligible"]})}
WHITELABEL = "/v3/whitelabel/domains?domain=letter.example.org"
ACCOUNT = "/v2/email/account"
READY = {ACCOUNT: ok({"SendingEnabled": True, "ProductionAccessEnabled": True})}
IDENTITY = "/v2/email/identities/letter.example.org"
PARENT = "/v2/email/identities/example.org"
YES, NO = {"VerifiedForSendingStatus": True}, {"VerifiedForSendingStatus": False}


@pytest.mark.parametrize(
    ("scheme", "answers", "standings"),
    [
        ("postmark", {"/server": ok(LIVE)}, {"key": True, "sender": None}),
        (
            "postmark",
            {"/server": ok({**LIVE, "TrackOpens": True})},
            {"key": True, "tracking": False, "sender": None},
        ),
        (
            "postmark",
            {"/server": ok({**LIVE, "DeliveryType": "Sandbox"})},
            {"key": True, "account": False, "sender": None},
        ),
        ("postmark", {"/server": Reply(401, {"ErrorCode": 10, "Message": "No"})}, {"key": False}),
        ("postmark", {"/server": Reply(500)}, {"key": None}),
        ("resend", {DOMAINS: ok({"data": [OTHER, OURS]})}, {"key": True, "sender": True}),
        ("resend", {DOMAINS: ok({"data": [OTHER]})}, {"key": True, "sender": False}),
        (
            "resend",
            {DOMAINS: ok({"data": [{**OURS, "status": "pending"}]})},
            {"key": True, "sender": False},
        ),
        (
            "resend",
            {DOMAINS: ok({"data": [OTHER], "has_more": True})},
            {"key": True, "sender": None},
        ),
        (
            "resend",
            {DOMAINS: ok({"data": [OURS]}), "/domains/d1": ok({**OURS, "open_tracking": True})},
            {"key": True, "sender": True, "tracking": False},
        ),
        ("resend", {DOMAINS: Reply(401, {"name": "restricted_api_key"})}, {"key": None}),
        ("resend", {DOMAINS: Reply(403, {"name": "invalid_api_key"})}, {"key": False}),
        ("brevo", {SENDERS: ok({"domains": [BREVO]})}, {"key": True, "sender": True}),
        (
            "brevo",
            {SENDERS: ok({"domains": [{**BREVO, "authenticated": False}]})},
            {"key": True, "sender": False},
        ),
        ("brevo", {SENDERS: ok({"domains": [], "total_pages": 2})}, {"key": True, "sender": None}),
        ("brevo", {SENDERS: Reply(401, {"code": "unauthorized"})}, {"key": False}),
        (
            "sendgrid",
            {**SCOPES, WHITELABEL: ok([{"domain": "letter.example.org", "valid": True}])},
            {"key": True, "sender": True},
        ),
        (
            "sendgrid",
            {**SCOPES, WHITELABEL: ok([{"domain": "letter.example.org", "valid": False}])},
            {"key": True, "sender": False},
        ),
        ("sendgrid", {**SCOPES, WHITELABEL: ok([])}, {"key": True, "sender": None}),
        ("sendgrid", {**SCOPES, WHITELABEL: Reply(403)}, {"key": True, "sender": None}),
        ("sendgrid", {"/v3/scopes": ok({"scopes": ["user.read"]})}, {"key": False}),
        ("sendgrid", {"/v3/scopes": Reply(401)}, {"key": False}),
        (
            "mailgun",
            {"/v4/domains/example.org": ok({"domain": {"state": "active"}})},
            {"key": True, "sender": True},
        ),
        (
            "mailgun",
            {"/v4/domains/example.org": ok({"domain": {"state": "unverified"}})},
            {"key": True, "sender": False},
        ),
        ("mailgun", {}, {"sender": False}),
        ("mailgun", {"/v4/domains/example.org": Reply(401, b"Forbidden")}, {"key": None}),
        ("ses", {**READY, IDENTITY: ok(YES)}, {"key": True, "sender": True}),
        ("ses", {**READY, IDENTITY: ok(NO), PARENT: ok(YES)}, {"key": True, "sender": False}),
        ("ses", {**READY, PARENT: ok(YES)}, {"key": True, "sender": True}),
        ("ses", READY, {"key": True, "sender": None}),
        (
            "ses",
            {
                ACCOUNT: ok({"SendingEnabled": True, "ProductionAccessEnabled": False}),
                IDENTITY: ok(YES),
            },
            {"key": True, "account": False, "sender": True},
        ),
        (
            "ses",
            {ACCOUNT: Reply(403, {}, {"x-amzn-ErrorType": "UnrecognizedClientException"})},
            {"key": False},
        ),
        (
            "ses",
            {
                ACCOUNT: Reply(403, {}, {"x-amzn-ErrorType": "AccessDeniedException"}),
                IDENTITY: Reply(403, {}, {"x-amzn-ErrorType": "AccessDeniedException"}),
            },
            {"key": None, "sender": None},
        ),
    ],
)
def test_what_a_provider_says_is_understood(
    ask: Ask, scheme: str, answers: Mapping[str, Reply], standings: Mapping[str, bool | None]
) -> None:
    found = ask(scheme, answers)
    assert {one.what: one.is_good for one in found} == standings
    assert all(one.hint for one in found if not one.is_good)
    assert all(KEY not in f"{one.said} {one.hint}" for one in found)


@pytest.mark.parametrize("scheme", ["postmark", "resend", "brevo", "sendgrid", "mailgun", "ses"])
@pytest.mark.parametrize(
    "body", [None, [], {}, {"data": 1, "domains": "x", "domain": 1, "scopes": 1}, b"\xff"]
)
def test_an_answer_that_makes_no_sense_is_never_called_good(
    ask: Ask, scheme: str, body: Any
) -> None:
    class Everywhere(dict[str, Reply]):
        def get(self, key: str, default: Any = None) -> Reply:
            return Reply(200, body)

    found = ask(scheme, Everywhere())
    assert all(one.is_good is None for one in found if one.what == "sender")


@pytest.mark.parametrize("scheme", ["postmark", "ses"])
def test_a_provider_that_is_not_there_says_nothing(scheme: str) -> None:
    [found] = opened(scheme, f"http://127.0.0.1:{free_port()}").standings("example.org")
    assert (found.what, found.is_good) == ("account", None)
    assert "cannot reach" in found.said
