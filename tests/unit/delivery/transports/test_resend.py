"""What only Resend does: a key by which a request may be repeated."""

from __future__ import annotations

import pytest

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Unknown
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.delivery.transports.resend import idempotency_key
from newsletter.errors import TransportConfigurationError
from tests.provider_servers import Fault, Reply
from tests.unit.delivery.transports.conftest import Desk, readers
from tests.unit.delivery.transports.letters import letter


def test_a_request_whose_answer_was_lost_is_repeated_and_mails_nobody_twice(resend: Desk) -> None:
    resend.server.script.extend([Fault.DROP, Fault.CUT])
    outcomes = hand_over(resend.transport(), [letter(n) for n in (1, 2, 3)])
    assert resend.provider.taken == readers(1, 2, 3)
    keys = {request.headers["idempotency-key"] for request in resend.server.requests}
    assert len(keys) == 1
    assert len(resend.server.requests) == 3
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 3


def test_answers_that_are_cut_short_each_time_leave_a_batch_unknown_and_a_message_taken(
    resend: Desk,
) -> None:
    resend.server.script.extend([Fault.CUT] * 6)
    outcomes = hand_over(resend.transport(batch=2), [letter(n) for n in (1, 2, 3)])
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown, Accepted]
    assert resend.provider.taken == readers(1, 2, 3)


def test_after_a_lost_answer_the_repetition_tells_what_became_of_it(resend: Desk) -> None:
    resend.server.script.extend([Fault.DROP, Reply(429, {"name": "rate_limit_exceeded"})])
    outcomes = hand_over(resend.transport(), [letter(1), letter(2)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]
    assert resend.provider.taken == readers(1, 2)


@pytest.mark.parametrize(
    "answer",
    [
        Reply(429, {"name": "rate_limit_exceeded"}),
        Reply(401, {"name": "missing_api_key"}),
        Reply(503, b"down"),
        Reply(409, {"name": "concurrent_idempotent_requests", "message": "in progress"}),
    ],
)
def test_a_refusal_after_a_lost_answer_does_not_prove_that_nothing_was_taken(
    resend: Desk, answer: Reply
) -> None:
    resend.server.script.extend([Fault.DROP, answer, answer])
    [outcome] = hand_over(resend.transport(), [letter()])
    assert isinstance(outcome, Unknown)
    assert resend.provider.taken == readers(1)


def test_a_provider_out_of_reach_after_a_lost_answer_leaves_it_unknown(
    resend: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    resend.server.script.append(Fault.DROP)
    transport = resend.transport()
    post = transport._api.post
    monkeypatch.setattr(transport._api, "post", _then_away(post, transport))
    [outcome] = hand_over(transport, [letter()])
    assert isinstance(outcome, Unknown)
    assert "cannot reach" in outcome.reason


def test_a_resumed_message_has_the_same_key_and_is_not_sent_again(resend: Desk) -> None:
    for _ in range(2):  # as after a crash: another process, the same Message-ID
        [outcome] = hand_over(resend.transport(batch=1), [letter(1)])
        assert isinstance(outcome, Accepted)
    assert resend.provider.taken == readers(1)
    assert len(resend.server.requests) == 2


def test_a_key_that_was_used_for_something_else_settles_nothing(resend: Desk) -> None:
    hand_over(resend.transport(), [letter(1)])
    [outcome] = hand_over(resend.transport(), [letter(1, name="Another")])
    assert isinstance(outcome, Unknown)
    assert "invalid_idempotent_request" in outcome.reason


def test_keys_depend_on_the_messages_and_their_order() -> None:
    one, two = letter(1), letter(2)
    keys = {idempotency_key(m) for m in ([one], [two], [one, two], [two, one])}
    assert len(keys) == 4
    assert all(len(key) == 64 for key in keys)
    assert idempotency_key([one]) == idempotency_key([letter(1)])


def test_one_bad_message_of_a_request_does_not_touch_the_others(resend: Desk) -> None:
    resend.provider.refused["reader2@example.com"] = "Invalid `to` field: reader2@example.com"
    resend.provider.refused["reader3@example.com"] = "The `html` field is too long."
    outcomes = hand_over(resend.transport(), [letter(n) for n in (1, 2, 3, 4)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Failed, Failed, Accepted]
    assert [o.about for o in outcomes if isinstance(o, Failed)] == [About.RECIPIENT, About.MESSAGE]
    assert [o.reply for o in outcomes if isinstance(o, Accepted)] == [
        "200 resend-1",
        "200 resend-2",
    ]
    assert "reader2" not in str(outcomes[1])


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"id": "a"}]},
        {"data": [{"id": "a"}], "errors": [{"index": 7, "message": "no"}]},
        {"data": "ok"},
    ],
)
def test_an_answer_that_does_not_match_the_request_settles_nothing(
    resend: Desk, body: object
) -> None:
    resend.server.script.append(Reply(200, body))
    outcomes = hand_over(resend.transport(), [letter(1), letter(2)])
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown]


def test_letters_with_embedded_pictures_go_one_by_one(resend: Desk) -> None:
    outcomes = hand_over(resend.transport(), [letter(n, picture=n != 3) for n in (1, 2, 3, 4)])
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert [request.path for request in resend.server.requests] == ["/emails"] * 4
    [file] = resend.server.requests[0].json()["attachments"]
    assert (file["content_id"], file["filename"]) == ("ferry@letter", "ferry.png")


def test_names_are_written_as_resend_takes_them(resend: Desk) -> None:
    hand_over(resend.transport(), [letter(1, name="Ada, Countess"), letter(2, name="")])
    [batch] = resend.server.requests
    assert [item["to"] for item in batch.json()] == [
        ["Ada Countess <reader1@example.com>"],
        ["reader2@example.com"],
    ]


@pytest.mark.parametrize("name", ["daily_quota_exceeded", "rate_limit_exceeded"])
def test_a_quota_that_is_used_up_delays_everything(resend: Desk, name: str) -> None:
    resend.server.script.append(Reply(429, {"name": name, "message": "m"}, {"retry-after": "7"}))
    outcomes = hand_over(resend.transport(), [letter(1), letter(2)])
    assert [type(outcome) for outcome in outcomes] == [Deferred, Deferred]
    assert all(name in str(outcome) for outcome in outcomes)


def test_a_domain_that_is_not_verified_stops_the_campaign(resend: Desk) -> None:
    said = {"name": "validation_error", "message": "Please verify a domain"}
    resend.server.script.append(Reply(403, said))
    with pytest.raises(TransportConfigurationError, match="verify a domain"):
        hand_over(resend.transport(), [letter()])


def _then_away(post: object, transport: object) -> object:
    calls = iter([True, False, False])

    def answer(*args: object, **options: object) -> object:
        if not next(calls):
            transport._api.base = "http://127.0.0.1:1"  # type: ignore[attr-defined]
        return post(*args, **options)  # type: ignore[operator]

    return answer
