"""What only Postmark does: one answer with a result for each message."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Unknown
from newsletter.delivery.transports import open_transport
from newsletter.delivery.transports import postmark as module
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.errors import TransportConfigurationError
from tests.provider_servers import Fault, Reply
from tests.unit.delivery.transports.conftest import Desk, readers
from tests.unit.delivery.transports.letters import PIXELS, letter

INACTIVE = {
    "ErrorCode": 406,
    "Message": "You tried to send to a recipient that has been marked as inactive. Found inactive "
    "addresses: reader2@example.com. Inactive recipients are ones that have generated a hard "
    "bounce, a spam complaint, or a manual suppression.",
}


def test_many_messages_share_a_request(postmark: Desk) -> None:
    outcomes = hand_over(postmark.transport(batch=3), [letter(n) for n in range(1, 8)])
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert [len(request.json()) for request in postmark.server.requests] == [3, 3, 1]
    assert postmark.provider.taken == readers(*range(1, 8))


def test_one_reader_whom_postmark_keeps_silent_does_not_touch_the_others(postmark: Desk) -> None:
    postmark.provider.refused["reader2@example.com"] = INACTIVE
    [first, second, third] = hand_over(postmark.transport(), [letter(n) for n in (1, 2, 3)])
    assert isinstance(first, Accepted)
    assert isinstance(third, Accepted)
    assert isinstance(second, Failed)
    assert second.about is About.RECIPIENT
    assert second.reason.startswith("suppressed at the provider")
    assert "reader2" not in second.reason
    assert len(postmark.server.requests) == 1
    assert postmark.provider.taken == readers(1, 3)


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (300, "Invalid 'To' address: 'reader2@example.com'.", About.RECIPIENT),
        (300, "Error parsing 'To': Illegal email domain", About.RECIPIENT),
        (300, "Invalid metadata content.", About.MESSAGE),
        (411, "Forbidden attachment type", About.MESSAGE),
    ],
)
def test_the_code_tells_whom_a_refusal_is_about(
    postmark: Desk, code: int, text: str, expected: About
) -> None:
    postmark.provider.refused["reader2@example.com"] = {"ErrorCode": code, "Message": text}
    [_, second] = hand_over(postmark.transport(), [letter(1), letter(2)])
    assert isinstance(second, Failed)
    assert second.about is expected
    assert f"{code}: " in second.reason


def test_a_limit_in_the_middle_of_a_request_delays_those_behind_it(postmark: Desk) -> None:
    later = {"ErrorCode": 429, "Message": "Rate limit exceeded"}
    postmark.provider.refused["reader2@example.com"] = later
    [first, second] = hand_over(postmark.transport(), [letter(1), letter(2)])
    assert isinstance(first, Accepted)
    assert isinstance(second, Deferred)
    assert second.about is About.SITE


def test_an_account_that_may_not_send_stops_the_campaign(postmark: Desk) -> None:
    for reader in readers(1, 2):
        postmark.provider.refused[reader] = {"ErrorCode": 412, "Message": "Account is pending"}
    with pytest.raises(TransportConfigurationError, match="pending"):
        hand_over(postmark.transport(), [letter(1), letter(2)])


def test_but_never_hides_that_others_of_the_request_were_taken(postmark: Desk) -> None:
    postmark.provider.refused["reader1@example.com"] = {"ErrorCode": 405, "Message": "No credits"}
    [first, second] = hand_over(postmark.transport(), [letter(1), letter(2)])
    assert isinstance(first, Deferred)
    assert isinstance(second, Accepted)


def test_a_request_that_is_refused_as_a_whole_is_halved_until_the_bad_message_is_found(
    postmark: Desk,
) -> None:
    refusal = Reply(422, {"ErrorCode": 402, "Message": "Invalid JSON"})
    # 1 2 3 4 refused, 1 2 taken, 3 4 refused, 3 refused, 4 taken.
    answers: list[Reply | Fault | None] = [refusal, None, refusal, refusal, None]
    _plan(postmark, answers)
    outcomes = hand_over(postmark.transport(), [letter(n) for n in (1, 2, 3, 4)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted, Failed, Accepted]
    assert postmark.provider.taken == readers(1, 2, 4)


def test_a_lost_answer_leaves_just_the_readers_of_that_request_unknown(postmark: Desk) -> None:
    postmark.server.script.append(Fault.DROP)
    outcomes = hand_over(postmark.transport(batch=2), [letter(n) for n in (1, 2, 3)])
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown, Accepted]


@pytest.mark.parametrize("fault", [Fault.CUT, Reply(200, []), Reply(200, [{"ErrorCode": 0}] * 3)])
def test_an_answer_that_does_not_match_the_request_settles_nothing(
    postmark: Desk, fault: Fault | Reply
) -> None:
    postmark.server.script.append(fault)
    outcomes = hand_over(postmark.transport(), [letter(1), letter(2)])
    assert [type(outcome) for outcome in outcomes] == [Unknown, Unknown]


def test_no_request_is_larger_than_postmark_takes(
    postmark: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.PostmarkTransport, "largest", 100_000)
    letters = [letter(n, html="<p>" + "x" * 30_000 + "</p>") for n in range(1, 7)]
    hand_over(postmark.transport(), letters)
    assert [len(request.json()) for request in postmark.server.requests] == [3, 3]
    assert all(len(request.body) <= 100_000 for request in postmark.server.requests)


def test_the_sandbox_uses_the_token_that_delivers_nothing(postmark: Desk) -> None:
    postmark.server.script.append(Reply(200, [{"ErrorCode": 0, "MessageID": "x"}]))
    transport = open_transport(
        f"postmark:?sandbox=1&endpoint={postmark.server.url}",
        root=Path("/nowhere"),
        password="the real token",
        hello="example.org",
    )
    hand_over(transport, [letter()])
    [request] = postmark.server.requests
    assert request.headers["x-postmark-server-token"] == "POSTMARK_API_TEST"


def test_embedded_pictures_keep_their_names(postmark: Desk) -> None:
    hand_over(postmark.transport(), [letter(picture=True)])
    [item] = postmark.server.requests[0].json()
    [file] = item["Attachments"]
    assert file["ContentID"] == "cid:ferry@letter"
    assert file["ContentType"] == "image/png"
    assert len(file["Content"]) == len(PIXELS) * 4 // 3 + 3


def _plan(desk: Desk, answers: list[Reply | Fault | None]) -> None:
    honest = desk.provider.answer
    waiting = iter(answers)

    def answer(request: object) -> Reply:
        planned = next(waiting)
        return planned if isinstance(planned, Reply) else honest(request)  # type: ignore[arg-type]

    desk.provider.answer = answer  # type: ignore[method-assign]
