"""What SES, Mailgun, SendGrid and Brevo say each in its own way."""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.errors import TransportConfigurationError
from tests.provider_servers import KEY, Reply
from tests.unit.delivery.transports.conftest import Desk
from tests.unit.delivery.transports.letters import letter


def answered(desk: Desk, reply: Reply) -> Outcome:
    desk.server.script.append(reply)
    [outcome] = hand_over(desk.transport(), [letter()])
    return outcome


# ── Amazon SES ─────────────────────────────────────────────────────────────────────────────────


def ses_error(name: str, text: str = "", status: int = 400) -> Reply:
    return Reply(status, {"message": text}, {"x-amzn-ErrorType": f"{name}:http://example.com/"})


@pytest.mark.parametrize(
    ("reply", "kind", "about"),
    [
        (ses_error("TooManyRequestsException", "Maximum sending rate exceeded.", 429), Deferred,
         About.SITE),
        (ses_error("ThrottlingException", "Daily message quota exceeded."), Deferred, About.SITE),
        (ses_error("MessageRejected", "Invalid content"), Failed, About.MESSAGE),
        (ses_error("BadRequestException", "Illegal address"), Failed, About.RECIPIENT),
        (ses_error("BadRequestException", "Raw data is malformed"), Failed, About.MESSAGE),
    ],
)  # fmt: skip
def test_ses_names_its_refusals(
    ses: Desk, reply: Reply, kind: type[Deferred | Failed], about: About
) -> None:
    outcome = answered(ses, reply)
    assert isinstance(outcome, kind)
    assert outcome.about is about


@pytest.mark.parametrize(
    "reply",
    [
        ses_error("AccountSuspendedException"),
        ses_error("SendingPausedException"),
        ses_error("MailFromDomainNotVerifiedException"),
        ses_error("MessageRejected", "Email address is not verified. reader1@example.com"),
        ses_error("NotFoundException", "Configuration set <news> does not exist.", 404),
        ses_error("SignatureDoesNotMatch", "The signature does not match", 403),
        Reply(400, {"__type": "com.amazonaws.sesv2#AccountSuspendedException"}),
    ],
)
def test_what_ses_says_about_the_account_stops_the_campaign(ses: Desk, reply: Reply) -> None:
    with pytest.raises(TransportConfigurationError, match="takes nothing from us") as caught:
        answered(ses, reply)
    assert "reader1" not in caught.value.message


def test_ses_gets_the_message_as_it_is_and_a_tag_to_know_it_by(ses: Desk) -> None:
    hand_over(ses.transport(), [letter(7)])
    body = ses.server.requests[0].json()
    assert ses.provider.raw == [letter(7).data]
    assert body["EmailTags"] == [{"Name": "message", "Value": "id007"}]


def test_credentials_of_ses_come_from_the_environment_or_the_password(
    ses: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEY)
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-the-session")
    url = f"ses://eu-west-1?endpoint={ses.server.url}"
    for password in ("", f"AKIDEXAMPLE:{KEY}"):
        transport = open_transport(
            url, root=Path("/nowhere"), password=password, hello="example.org"
        )
        assert isinstance(hand_over(transport, [letter()])[0], Accepted)
    tokens = [request.headers.get("x-amz-security-token") for request in ses.server.requests]
    assert tokens == ["of-the-session", None]


@pytest.fixture
def moto() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of moto and what it stands on
        from moto.server import ThreadedMotoServer

        server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        server.start()
        try:
            yield "http://{}:{}".format(*server.get_host_and_port())
        finally:
            server.stop()


@pytest.mark.filterwarnings("ignore")
def test_an_independent_ses_keeps_the_message(moto: str) -> None:
    transport = open_transport(
        f"ses://eu-west-1?endpoint={moto}",
        root=Path("/nowhere"),
        password=f"AKIDEXAMPLE:{KEY}",
        hello="example.org",
    )
    [outcome] = hand_over(transport, [letter(1)])
    assert isinstance(outcome, Failed), "nobody has verified the sender yet"
    _verify(moto, "bounces@example.org")
    [outcome] = hand_over(transport, [letter(1)])
    assert isinstance(outcome, Accepted)
    kept = httpx.get(f"{moto}/moto-api/data.json", trust_env=False).json()
    [message] = kept["ses"]["RawMessage"]
    assert {to.rpartition("<")[2].rstrip(">") for to in message["destinations"]} == {
        "reader1@example.com"
    }
    assert message["raw_data"].encode() == letter(1).data
    assert message["id"] in outcome.reply


def _verify(moto: str, address: str) -> None:
    login = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261120/eu-west-1/ses/aws4_request"
    httpx.post(
        f"{moto}/v2/email/identities",
        json={"EmailIdentity": address},
        headers={"Authorization": f"{login}, SignedHeaders=host, Signature=0"},
        trust_env=False,
    ).raise_for_status()


# ── Mailgun ────────────────────────────────────────────────────────────────────────────────────


def test_mailgun_gets_the_message_as_it_is(mailgun: Desk) -> None:
    hand_over(mailgun.transport(), [letter(picture=True)])
    assert mailgun.provider.raw == [letter(picture=True).data]


def test_mailgun_can_be_asked_to_deliver_nothing(mailgun: Desk) -> None:
    hand_over(mailgun.transport(), [letter()])
    hand_over(mailgun.transport(sandbox=True), [letter()])
    plain, sandbox = (request.body for request in mailgun.server.requests)
    assert b'"o:testmode"\r\n\r\nyes\r\n' in sandbox
    assert b"o:testmode" not in plain


def test_mailgun_says_in_words_whom_a_refusal_is_about(mailgun: Desk) -> None:
    text = "to parameter is not a valid address. please check documentation"
    outcome = answered(mailgun, Reply(400, {"message": text}))
    assert outcome == Failed(f"400 {text}", About.RECIPIENT)
    outcome = answered(mailgun, Reply(400, {"message": "Message is too large"}))
    assert outcome == Failed("400 Message is too large", About.MESSAGE)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(401, b"Forbidden"),
        Reply(404, {"message": "Domain not found: example.org"}),
        Reply(400, {"message": "Domain example.org is not allowed to send: disabled"}),
    ],
)
def test_what_mailgun_says_about_the_domain_stops_the_campaign(mailgun: Desk, reply: Reply) -> None:
    with pytest.raises(TransportConfigurationError, match=str(reply.status)):
        answered(mailgun, reply)


# ── SendGrid ───────────────────────────────────────────────────────────────────────────────────


def test_sendgrid_can_be_asked_to_deliver_nothing(sendgrid: Desk) -> None:
    hand_over(sendgrid.transport(), [letter()])
    hand_over(sendgrid.transport(sandbox=True), [letter()])
    modes = [r.json()["mail_settings"]["sandbox_mode"]["enable"] for r in sendgrid.server.requests]
    assert modes == [False, True]


def test_sendgrid_names_the_field_that_is_wrong(sendgrid: Desk) -> None:
    def error(field: str) -> Reply:
        return Reply(400, {"errors": [{"message": "Does not contain a valid address.",
                                       "field": field, "help": None}]})  # fmt: skip

    outcome = answered(sendgrid, error("personalizations.0.to.0.email"))
    assert isinstance(outcome, Failed)
    assert outcome.about is About.RECIPIENT
    outcome = answered(sendgrid, error("content.0.value"))
    assert isinstance(outcome, Failed)
    assert outcome.about is About.MESSAGE


def test_sendgrid_says_until_when_to_wait(sendgrid: Desk) -> None:
    reset = datetime.datetime(2026, 11, 20, 12, 0, 40, tzinfo=datetime.UTC)
    headers = {"X-RateLimit-Reset": str(int(reset.timestamp()))}
    outcome = answered(sendgrid, Reply(429, {"errors": [{"message": "too many"}]}, headers))
    assert outcome == Deferred("429 too many", About.SITE, datetime.timedelta(seconds=40))


def test_a_comma_in_a_name_does_not_make_two_readers_of_one(sendgrid: Desk) -> None:
    hand_over(sendgrid.transport(), [letter(name="Ada, Countess; of Lovelace")])
    [person] = sendgrid.server.requests[0].json()["personalizations"]
    assert person["to"] == [{"email": "reader1@example.com", "name": "Ada Countess of Lovelace"}]


def test_sendgrid_gets_embedded_pictures(sendgrid: Desk) -> None:
    hand_over(sendgrid.transport(), [letter(picture=True)])
    [file] = sendgrid.server.requests[0].json()["attachments"]
    assert (file["content_id"], file["disposition"]) == ("ferry@letter", "inline")


# ── Brevo ──────────────────────────────────────────────────────────────────────────────────────


def test_brevo_can_be_asked_to_deliver_nothing(brevo: Desk) -> None:
    hand_over(brevo.transport(), [letter()])
    hand_over(brevo.transport(sandbox=True), [letter()])
    headers = [request.json()["headers"].get("X-Sib-Sandbox") for request in brevo.server.requests]
    assert headers == [None, "drop"]


def test_brevo_gets_the_same_key_for_the_same_message(brevo: Desk) -> None:
    for number in (1, 1, 2):
        hand_over(brevo.transport(), [letter(number)])
    keys = [request.json()["headers"]["idempotencyKey"] for request in brevo.server.requests]
    assert keys[0] == keys[1] != keys[2]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(400, {"code": "invalid_parameter", "message": "email is not valid in to"}),
         Failed("400 invalid_parameter: email is not valid in to", About.RECIPIENT)),
        (Reply(400, {"code": "invalid_parameter", "message": "subject is blank"}),
         Failed("400 invalid_parameter: subject is blank", About.MESSAGE)),
        (Reply(400, {"code": "duplicate_request", "message": "again"}),
         Unknown("400 duplicate_request: again")),
        (Reply(429, {"code": "too_many_requests"}, {"x-sib-ratelimit-reset": "25"}),
         Deferred("429 too_many_requests", About.SITE, datetime.timedelta(seconds=25))),
    ],
)  # fmt: skip
def test_brevo_names_its_refusals(brevo: Desk, reply: Reply, expected: Outcome) -> None:
    assert answered(brevo, reply) == expected


def test_an_account_of_brevo_without_credits_stops_the_campaign(brevo: Desk) -> None:
    with pytest.raises(TransportConfigurationError, match="not_enough_credits"):
        answered(brevo, Reply(402, {"code": "not_enough_credits"}))


def test_brevo_is_not_asked_for_what_it_cannot_do(brevo: Desk) -> None:
    with pytest.raises(TransportConfigurationError, match="embed pictures"):
        hand_over(brevo.transport(), [letter(picture=True)])
    assert brevo.server.requests == []
