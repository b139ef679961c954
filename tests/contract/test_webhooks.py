"""One exam for every provider that calls us: whom we believe, and what follows."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from newsletter.database.engine import Database
from newsletter.database.states import Kind, State
from newsletter.database.tables import facts, feedback
from newsletter.errors import ConfigurationError, DatabaseError
from newsletter.feedback.options import FeedbackOptions
from newsletter.feedback.record import record
from newsletter.feedback.webhooks.base import LONGEST_BODY, Request
from newsletter.feedback.webhooks.opening import open_hooks
from newsletter.feedback.webhooks.receive import Answer, receive
from tests.contract.callers import (
    CALLERS,
    DEAD,
    Brevo,
    Caller,
    Fields,
    Mailgun,
    Postmark,
    Resend,
    SendGrid,
    Ses,
    certify,
)
from tests.databases import opened
from tests.unit.feedback.kit import DAY, NOW, Sent, send, send_again


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = opened(tmp_path / "newsletter.db")
    yield database
    database.close()


@pytest.fixture(params=sorted(CALLERS))
def caller(request: pytest.FixtureRequest) -> Caller:
    made: Caller = CALLERS[request.param]()
    return made


def call(
    database: Database, caller: Caller, request: Request, now: datetime.datetime = NOW
) -> Answer:
    return receive(database, caller.hook, request, now, _no_network)


def _no_network(url: str) -> bytes:
    raise AssertionError(url)


def tell(database: Database, caller: Caller, what: str, sent: Sent, number: int = 1) -> Answer:
    return call(database, caller, caller.request(caller.event(what, sent, number)))


def rows(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(feedback)).scalar_one())


# ── what follows ─────────────────────────────────────────────────────────────────────────────────


def test_a_dead_mailbox_is_not_mailed_again(database: Database, caller: Caller) -> None:
    sent = send(database, email="reader@example.com")
    assert tell(database, caller, "dead", sent).status == 200
    assert (sent.state, sent.suppressed) == ("bounced", "bounce")
    assert "reader@" not in str(sent.all())


def test_a_complaint_stops_mail_at_once(database: Database, caller: Caller) -> None:
    sent = send(database)
    assert tell(database, caller, "complaint", sent).status == 200
    assert (sent.state, sent.suppressed) == ("complained", "complaint")


def test_a_letter_that_is_refused_for_what_it_says_is_not_held_against_its_reader(
    database: Database, caller: Caller
) -> None:
    sent = send(database)
    for number in range(8):
        assert tell(database, caller, "refused", sent, number).status == 200
    assert (sent.state, sent.suppressed) == ("bounced", None)


def test_a_full_mailbox_is_counted_once_a_day(database: Database, caller: Caller) -> None:
    sent = send(database)
    for number in range(8):
        tell(database, caller, "full", sent, number)
    assert (sent.state, sent.suppressed) == ("bounced", None)
    assert "mailbox full" in str(sent.all())


def test_a_delay_is_no_bounce(database: Database, caller: Caller) -> None:
    sent = send(database)
    assert tell(database, caller, "delayed", sent).status == 200
    assert (sent.state, sent.suppressed) == ("accepted", None)


@pytest.mark.parametrize("what", ["delivered", "delayed"])
def test_an_event_settles_what_was_unknown(database: Database, caller: Caller, what: str) -> None:
    sent = send(database, state=State.UNKNOWN)
    assert tell(database, caller, what, sent).status == 200
    assert sent.state == "accepted"


def test_who_leaves_by_the_providers_page_is_unsubscribed(
    database: Database, caller: Caller
) -> None:
    if caller.hook.name == "resend":
        pytest.skip("Resend's page is for its own lists alone")
    sent = send(database)
    assert tell(database, caller, "left", sent).status == 200
    assert (sent.subscribed, sent.suppressed, sent.state) == (False, None, "accepted")


@pytest.mark.parametrize("what", ["opened", "clicked", "novel"])
def test_what_readers_do_is_not_looked_at_and_what_is_new_does_no_harm(
    database: Database, caller: Caller, what: str
) -> None:
    sent = send(database)
    before = sent.all()
    assert tell(database, caller, what, sent).status == 200
    assert (sent.all(), rows(database)) == (before, 0)


def test_order_does_not_matter(database: Database, caller: Caller) -> None:
    ends: list[object] = []
    for order in (["delivered", "dead", "complaint"], ["complaint", "dead", "delivered"]):
        sent = send(database, email=f"reader{len(ends)}@example.com", state=State.UNKNOWN)
        for what in order:
            tell(database, caller, what, sent)
        ends.append((sent.state, sent.detail, sent.suppressed, len(sent.all()["feedback"])))
    assert ends[0] == ends[1] == ("complained", "the reader called it spam", "complaint", 3)


def test_an_event_of_a_message_that_is_not_ours_is_kept_and_changes_nothing(
    database: Database, caller: Caller
) -> None:
    sent = send(database)
    stranger = dataclasses.replace(sent, message_id="<ffffffffffffffff@letter.example.org>")
    before = sent.all()
    assert tell(database, caller, "dead", stranger).status == 200
    assert (sent.all(), rows(database)) == (before, 1)


def test_an_event_that_comes_before_the_answer_to_the_sender_is_asked_for_again(
    database: Database, caller: Caller
) -> None:
    sent = send(database, state=State.ATTEMPTING)
    request = caller.request(caller.event("dead", sent))
    assert call(database, caller, request).status == 503
    assert (sent.state, rows(database)) == ("attempting", 0)
    sent.reply(State.ACCEPTED)
    assert call(database, caller, request).status == 200
    assert sent.state == "bounced"


# ── whom we believe ──────────────────────────────────────────────────────────────────────────────


def test_a_request_that_comes_twice_changes_nothing_more(
    database: Database, caller: Caller
) -> None:
    sent = send(database)
    request = caller.request(caller.event("dead", sent))
    call(database, caller, request)
    before = sent.all()
    again = call(database, caller, request)
    assert again.status == (406 if caller.hook.name == "mailgun" else 200)
    assert (sent.all(), rows(database)) == (before, 1)


def test_the_same_event_in_another_request_changes_nothing_more(
    database: Database, caller: Caller
) -> None:
    sent = send(database)
    event = caller.event("dead", sent)
    for _ in range(2):
        assert call(database, caller, caller.request(event)).status == 200
    assert rows(database) == 1


def test_a_request_without_proof_changes_nothing(database: Database, caller: Caller) -> None:
    sent = send(database)
    genuine = caller.request(caller.event("dead", sent))
    bare = Request({}, genuine.body)
    if not genuine.headers or caller.hook.name == "ses":  # their proof stands in the body
        fields = json.loads(genuine.body)
        fields.pop("signature", None)
        fields.pop("Signature", None)
        bare = Request(genuine.headers, json.dumps(fields).encode())
    _refused(database, caller, bare, sent)


def test_a_request_with_a_strangers_proof_changes_nothing(
    database: Database, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(database)
    stranger: Any = type(caller)()
    for name, value in (("secret", "somebody:elses-long-password"), ("key", _other(stranger))):
        if hasattr(stranger, name):
            monkeypatch.setattr(stranger, name, value)
    _refused(database, caller, stranger.request(caller.event("dead", sent)), sent)


def _other(stranger: Any) -> object:
    return type(stranger.key)(reversed(stranger.key)) if hasattr(stranger, "key") else None


def test_a_request_that_was_changed_on_its_way_changes_nothing(
    database: Database, caller: Caller
) -> None:
    if isinstance(caller, Postmark | Brevo):
        pytest.skip("it does not sign: TLS alone keeps requests as they are")
    sent, other = send(database), send(database)
    request = caller.request(caller.event("dead", other))
    body = request.body.replace(other.message_key.encode(), sent.message_key.encode())
    assert body != request.body
    if isinstance(caller, Mailgun):  # whose signature says nothing of the event: it is good once
        call(database, caller, request)
    _refused(database, caller, Request(request.headers, body), sent)


def _refused(database: Database, caller: Caller, request: Request, sent: Sent) -> None:
    before, known = sent.all(), rows(database)
    answer = call(database, caller, request)
    assert 400 <= answer.status < 500
    assert (sent.all(), rows(database)) == (before, known)


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_signature_of_mailgun_is_good_for_a_quarter_of_an_hour(
    database: Database, minutes: int
) -> None:
    caller, sent = Mailgun(), send(database)
    at = NOW + datetime.timedelta(minutes=minutes)
    _refused(database, caller, caller.request(caller.event("dead", sent), at=at), sent)
    at = NOW + datetime.timedelta(minutes=minutes // 2)
    assert call(database, caller, caller.request(caller.event("dead", sent), at=at)).status == 200


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_of_resend_is_good_for_five_minutes(database: Database, minutes: int) -> None:
    caller, sent = Resend(), send(database)
    at = NOW + datetime.timedelta(minutes=minutes)
    _refused(database, caller, caller.request(caller.event("dead", sent), at=at), sent)
    at = NOW + datetime.timedelta(minutes=minutes // 2)
    assert call(database, caller, caller.request(caller.event("dead", sent), at=at)).status == 200


def test_a_token_of_mailgun_is_good_for_one_event_even_if_the_event_is_another(
    database: Database,
) -> None:
    caller, first, second = Mailgun(), send(database), send(database)
    request = caller.request(caller.event("delivered", first))
    call(database, caller, request)
    fields = json.loads(request.body)
    fields["event-data"] = caller.event("dead", second)
    _refused(database, caller, Request({}, json.dumps(fields).encode()), second)


def test_tokens_of_mailgun_are_forgotten_when_they_are_too_old_anyway(database: Database) -> None:
    caller, sent = Mailgun(), send(database)
    for day in range(3):
        at = NOW + day * DAY
        request = caller.request(caller.event("delivered", sent, day), at=at)
        assert call(database, caller, request, at).status == 200
    with database.reading() as connection:
        kept = connection.execute(select(facts.c.name)).scalars().all()
    assert sum(name.startswith("nonce") for name in kept) == 1


@pytest.mark.parametrize("caller", [SendGrid(), Brevo()], ids=["sendgrid", "brevo"])
def test_a_request_may_hold_events_of_every_kind(database: Database, caller: Any) -> None:
    everybody = [send(database, state=State.UNKNOWN) for _ in range(9)]
    kinds = ["dead", "refused", "full", "delayed", "delivered", "complaint", "left"]
    kinds += ["opened", "novel"]
    events = [caller.event(what, sent) for what, sent in zip(kinds, everybody, strict=True)]
    events.insert(3, events[0])
    assert call(database, caller, caller.request(*events)).status == 200
    assert [sent.state for sent in everybody] == [
        *("bounced", "bounced", "bounced", "accepted", "accepted", "complained"),
        *("unknown", "unknown", "unknown"),
    ]
    assert rows(database) == 7


def test_a_large_request_is_recorded_whole_though_some_of_it_must_come_again(
    database: Database,
) -> None:
    caller, everybody = SendGrid(), [send(database) for _ in range(4)]
    waiting = send(database, state=State.ATTEMPTING)
    events = [caller.event("delivered", everybody[number % 4], number) for number in range(250)]
    events.insert(120, caller.event("dead", waiting))
    request = caller.request(*events)
    assert call(database, caller, request).status == 503
    assert rows(database) == 250
    waiting.reply(State.ACCEPTED)
    assert call(database, caller, request).status == 200
    assert (rows(database), waiting.state) == (251, "bounced")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": "Basic bGV0dGVyczphLWxvbmctcmFuZG9tLXBhc3N3b3Jk"}, 200),
        ({"x-newsletter-secret": "letters:a-long-random-password"}, 200),
        ({"authorization": "Basic bGV0dGVyczo="}, 401),
        ({"authorization": "Basic ?"}, 401),
        ({"authorization": ""}, 401),
        ({"x-newsletter-secret": "lätters"}, 401),
        ({}, 401),
    ],
)
def test_a_provider_that_does_not_sign_must_know_the_secret(
    database: Database, headers: dict[str, str], status: int
) -> None:
    caller, sent = Postmark(), send(database)
    body = caller.request(caller.event("dead", sent)).body
    assert call(database, caller, Request(headers, body)).status == status


# ── Amazon ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("version", ["1", "2"])
def test_both_versions_of_amazons_signature_are_known_and_its_certificate_is_fetched_once(
    database: Database, version: str
) -> None:
    caller, sent = Ses(version), send(database)
    for number in range(3):
        assert tell(database, caller, "full", sent, number).status == 200
    assert caller.fetched == [caller.certificate_url]


@pytest.mark.parametrize(
    "url",
    [
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem",
        "https://sns.eu-west-1.amazonaws.com.example.net/SimpleNotificationService-0.pem",
        "https://example.net/sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
        "https://sns.eu-west-1.amazonaws.com@example.net/SimpleNotificationService-0.pem",
        "https://example.net\\@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
        "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0.pem",
        "https://sns.eu-west-1.amazonaws.com:x/SimpleNotificationService-0.pem",
        "https://bucket.s3.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
        "https://sns.eu-west-1.amazonaws.com/other.pem",
        "file:///SimpleNotificationService-0.pem",
        "",
    ],
)
def test_a_certificate_from_elsewhere_is_not_even_fetched(database: Database, url: str) -> None:
    caller, sent = Ses(), send(database)
    request = caller.request(caller.event("dead", sent), SigningCertURL=url)
    _refused(database, caller, request, sent)
    assert caller.fetched == []


def test_a_message_of_another_topic_is_refused_though_amazon_signed_it(
    database: Database,
) -> None:
    caller, sent = Ses(), send(database)
    other = "arn:aws:sns:eu-west-1:999999999999:attacker"
    _refused(database, caller, caller.request(caller.event("dead", sent), TopicArn=other), sent)


def test_a_signature_of_another_key_is_refused(database: Database) -> None:
    caller, sent = Ses(), send(database)
    caller.certificate = Ses().certificate
    _refused(database, caller, caller.request(caller.event("dead", sent)), sent)


def test_an_old_certificate_is_refused(database: Database) -> None:
    caller, sent = Ses(), send(database)
    caller.certificate = certify(caller.private, NOW - DAY)
    _refused(database, caller, caller.request(caller.event("dead", sent)), sent)


def test_while_the_certificate_cannot_be_fetched_amazon_must_come_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, sent = Ses(), send(database)
    certificate, caller.certificate = caller.certificate, b"an error page"
    request = caller.request(caller.event("dead", sent))
    assert call(database, caller, request).status == 503
    assert sent.suppressed is None
    caller.certificate = certificate
    assert call(database, caller, request).status == 200


def _confirmation(caller: Ses, url: str) -> Request:
    return caller.signed(
        {
            "Type": "SubscriptionConfirmation",
            "MessageId": "1",
            "Message": "You have chosen to subscribe",
            "SubscribeURL": url,
            "Timestamp": "2026-11-23T08:00:01.000Z",
            "Token": "2336412f37",
            "TopicArn": caller.topic,
        }
    )


_GOOD = (
    "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
    f"&TopicArn={Ses.topic}&Token=2336412f37"
)


def test_a_topic_is_confirmed_only_if_the_settings_say_so(database: Database) -> None:
    visited: list[str] = []

    def fetch(url: str) -> bytes:
        visited.append(url)
        return b"<ConfirmSubscriptionResponse/>"

    for confirm, status in ((False, 403), (True, 200)):
        caller = Ses(confirm=confirm)
        answer = receive(database, caller.hook, _confirmation(caller, _GOOD), NOW, fetch)
        assert answer.status == status
    assert visited == [_GOOD]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.net/?Action=ConfirmSubscription&TopicArn=" + Ses.topic,
        "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=" + Ses.topic,
        "https://sns.eu-west-1.amazonaws.com/?Action=DeleteTopic&TopicArn=" + Ses.topic,
        _GOOD.replace(Ses.topic, "arn:aws:sns:eu-west-1:999999999999:attacker"),
        "http://169.254.169.254/latest/meta-data/",
    ],
)
def test_an_address_that_does_anything_else_is_never_visited(database: Database, url: str) -> None:
    caller = Ses(confirm=True)
    assert call(database, caller, _confirmation(caller, url)).status == 403


def test_a_message_that_went_to_amazon_by_smtp_is_known_by_its_header(database: Database) -> None:
    caller, sent = Ses(), send(database)
    event = caller.event("dead", sent)
    del event["mail"]["tags"]
    event["mail"]["headers"] = [{"name": "Message-ID", "value": sent.message_id}]
    assert call(database, caller, caller.request(event)).status == 200
    assert sent.state == "bounced"


def test_a_list_of_amazons_own_counts_but_is_no_proof_and_no_new_complaint(
    database: Database,
) -> None:
    caller = Ses()
    for what, part, expected in (("dead", "bounce", None), ("complaint", "complaint", "complaint")):
        sent = send(database)
        event = caller.event(what, sent)
        event[part][f"{part}SubType"] = "OnAccountSuppressionList"
        assert call(database, caller, caller.request(event)).status == 200
        assert (sent.state, sent.suppressed) == ("bounced", expected)


_OPINIONS: dict[str, list[Fields]] = {
    "postmark": [{"Type": "BadEmailAddress"}, {"Type": "HardBounce"}],
    "brevo": [{"event": "invalid_email"}, {"event": "hard_bounce"}],
    "mailgun": [{"reason": "suppress-bounce"}, {"reason": "bounce"}],
    "sendgrid": [{"bounce_classification": "Invalid Address"}, {"event": "dropped"}],
    "resend": [{"subType": "NoEmail"}, {"subType": "Suppressed"}],
    "ses": [{"bounceSubType": "NoEmail"}, {"bounceSubType": "Suppressed"}],
}
_WORDS = "550 the address is not known here"


def _in_the_providers_opinion(caller: Caller, opinion: Fields, sent: Sent) -> Request:
    """A bounce in which no server says anything with a code."""
    event = caller.event("dead", sent)
    match caller.hook.name:
        case "mailgun":
            event |= opinion | {"delivery-status": {"code": 550, "message": _WORDS}}
        case "resend":
            event["data"]["bounce"] = {"type": "Permanent", "message": _WORDS, **opinion}
        case "ses":
            one = {"emailAddress": sent.email, "diagnosticCode": f"smtp; {_WORDS}"}
            event["bounce"] |= opinion | {"bouncedRecipients": [one]}
        case "sendgrid":
            event |= {"reason": "Invalid", "status": ""} | opinion
        case _:
            event |= {"Details": _WORDS, "reason": _WORDS} | opinion
    return caller.request(event)


@pytest.mark.parametrize("which", [0, 1])
def test_that_a_provider_calls_an_address_invalid_is_no_proof_until_it_says_so_twice(
    database: Database, caller: Caller, which: int
) -> None:
    first = send(database)
    opinion = _OPINIONS[caller.hook.name][which]
    request = _in_the_providers_opinion(caller, opinion, first)
    assert call(database, caller, request).status == 200
    assert (first.state, first.suppressed) == ("bounced", None)
    record(database, send_again(first, NOW).event(Kind.HARD, at=NOW + 7 * DAY), NOW + 7 * DAY)
    assert first.suppressed == "bounce"


def test_what_the_mail_server_said_is_proof_where_resend_passes_it_on(database: Database) -> None:
    caller, sent = Resend(), send(database)
    event = caller.event("dead", sent)
    event["data"]["bounce"] = {
        "type": "Permanent",
        "subType": "General",
        "message": "The recipient's email provider sent a hard bounce message.",
        "diagnosticCode": [f"smtp; {DEAD}"],
    }
    assert call(database, caller, caller.request(event)).status == 200
    assert sent.suppressed == "bounce"


def test_an_automatic_answer_that_amazon_takes_for_a_bounce_is_none(database: Database) -> None:
    caller, sent = Ses(), send(database)
    event = caller.event("full", sent)
    event["bounce"]["bounceSubType"] = "General"
    event["bounce"]["bouncedRecipients"] = [{"emailAddress": sent.email}]
    assert call(database, caller, caller.request(event)).status == 200
    assert (sent.state, sent.suppressed) == ("accepted", None)


# ── robustness ───────────────────────────────────────────────────────────────────────────────────


def test_a_huge_request_is_not_looked_at(database: Database, caller: Caller) -> None:
    assert call(database, caller, Request({}, b" " * (LONGEST_BODY + 1))).status == 413


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"7", b"{", b"\xff", b"[" * 100_000, b'{"Type": {"a": []}}']
)
def test_junk_is_refused(database: Database, caller: Caller, body: bytes) -> None:
    assert 400 <= call(database, caller, Request({}, body)).status < 500


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


@settings(max_examples=60)
@given(data=st.data())
def test_a_genuine_request_with_anything_in_it_is_answered(data: st.DataObject) -> None:
    """A provider may change its mind about any field; the events that are understood count."""
    name = data.draw(st.sampled_from(sorted(_MADE)))
    caller = _MADE[name]
    sent = Sent(None, "a@example.com", 1, 1, 1, 1, "<0@letter.example.org>")  # type: ignore[arg-type]
    event = caller.event(data.draw(st.sampled_from(["dead", "complaint", "delivered"])), sent)
    _spoil(event, data)
    if "number" in event:
        event["number"] = "number"
    caller.hook.read(caller.request(event), NOW)


_MADE: dict[str, Any] = {name: make() for name, make in CALLERS.items()}


def _spoil(event: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(event)))
    if isinstance(event[name], dict) and event[name] and data.draw(st.booleans()):
        _spoil(event[name], data)
    else:
        event[name] = data.draw(_JSON)


def test_when_nothing_can_be_written_the_provider_comes_again(
    database: Database, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = send(database)
    request = caller.request(caller.event("dead", sent))

    def broken(self: Database) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "writing", broken)
        assert call(database, caller, request).status == 503
    assert call(database, caller, request).status == 200


# ── settings ─────────────────────────────────────────────────────────────────────────────────────


def test_only_providers_whose_secrets_are_known_may_call(tmp_path: Path) -> None:
    assert open_hooks(FeedbackOptions(), tmp_path, _no_network) == {}
    (tmp_path / "brevo").write_text("a-long-random-token\n")
    options = FeedbackOptions(
        sns_topics=(Ses.topic,), mailgun_key=Mailgun.key, brevo_secret_file="brevo"
    )
    assert sorted(open_hooks(options, tmp_path, _no_network)) == ["brevo", "mailgun", "ses"]


@pytest.mark.parametrize(
    "options",
    [
        {"postmark_secret": "short"},
        {"sendgrid_key": "no key"},
        {"sendgrid_key": base64.b64encode(b"no key").decode()},
        {"resend_secret": "whsec_!!!!!!!!!!!!!!!!!!!!!!"},
        {"mailgun_key_file": "nowhere"},
    ],
)
def test_a_secret_that_is_none_is_said_before_anybody_calls(
    tmp_path: Path, options: dict[str, str]
) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        open_hooks(FeedbackOptions(**options), tmp_path, _no_network)


def test_secrets_do_not_show_in_the_settings() -> None:
    options = FeedbackOptions(mailgun_key="top-secret-key", brevo_secret="top-secret-token")
    assert "top-secret" not in repr(options)
