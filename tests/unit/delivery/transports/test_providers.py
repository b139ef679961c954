"""What the sender may rely on, whichever provider takes the messages."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.transports import TRANSPORTS, open_transport
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.hand_over import hand_over
from newsletter.errors import TransportConfigurationError, TransportError
from tests.provider_servers import KEY, Fault, Reply, provider_server
from tests.unit.delivery.transports.conftest import OPENERS, PATIENT, QUICK, Desk, readers
from tests.unit.delivery.transports.letters import letter


class Feed:
    """A feed that remembers what became of each message."""

    def __init__(self, *messages: Message) -> None:
        self._left = deque(messages)
        self.outcomes: dict[str, Outcome] = {}
        self.returned: list[str] = []

    def take(self) -> Message | None:
        return self._left.popleft() if self._left else None

    async def wait(self) -> bool:
        return bool(self._left)

    def listen(self, on_more: Callable[[], None] | None) -> None:
        """All of it is there from the beginning."""

    def done(self, message: Message, outcome: Outcome) -> None:
        assert message.message_id not in self.outcomes
        self.outcomes[message.message_id] = outcome

    def back(self, message: Message) -> None:
        self.returned.append(message.message_id)


def test_each_reader_gets_a_message_of_their_own_and_each_message_its_outcome(desk: Desk) -> None:
    outcomes = hand_over(desk.transport(), [letter(n) for n in (1, 2, 3)])
    assert desk.provider.taken == readers(1, 2, 3)
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    replies = [outcome.reply for outcome in outcomes if isinstance(outcome, Accepted)]
    assert len(set(replies)) == 3, "each has the provider's own name for it"
    assert all(re.match(r"20[012] \S+[123]", reply) for reply in replies)


def test_connections_are_kept_between_requests_and_closed_in_the_end(desk: Desk) -> None:
    transport = desk.transport()
    hand_over(transport, [letter(1), letter(2)])
    hand_over(transport, [letter(3)])
    assert desk.provider.taken == readers(1, 2, 3)


def test_channels_that_run_at_the_same_time_share_the_work(desk: Desk) -> None:
    messages = [letter(n) for n in range(1, 13)]
    feed = Feed(*messages)
    transport = desk.transport(batch=2) if _batches(desk) else desk.transport()

    async def run() -> None:
        await asyncio.gather(*(transport.channel().run(feed) for _ in range(3)))

    asyncio.run(run())
    assert sorted(desk.provider.taken) == sorted(readers(*range(1, 13)))
    assert feed.outcomes.keys() == {message.message_id for message in messages}
    assert feed.returned == []


def test_an_answer_that_is_lost_leaves_the_reader_unknown_and_nothing_is_asked_twice(
    desk: Desk,
) -> None:
    desk.server.script.append(Fault.DROP)
    [first, second] = hand_over(
        desk.transport(batch=1) if _batches(desk) else desk.transport(), [letter(1), letter(2)]
    )
    assert isinstance(second, Accepted)
    assert desk.provider.taken == readers(1, 2)
    if desk.name == "resend":
        assert isinstance(first, Accepted), "it may be asked again, with the same key"
        assert len(desk.server.requests) == 3
    else:
        assert isinstance(first, Unknown)
        assert "broke off" in first.reason
        assert len(desk.server.requests) == 2


def test_a_provider_that_does_not_answer_in_time_leaves_the_reader_unknown(desk: Desk) -> None:
    desk.server.script.extend([Fault.HANG] * 3)
    [outcome] = hand_over(desk.transport(timeouts=QUICK), [letter()])
    assert isinstance(outcome, Unknown)
    assert "in time" in outcome.reason
    assert len(desk.server.requests) == (3 if desk.name == "resend" else 1)


def test_a_provider_out_of_reach_has_taken_nothing(desk: Desk) -> None:
    feed = Feed(letter(1), letter(2))
    transport = desk.open(endpoint="http://127.0.0.1:1", timeouts=PATIENT)
    with pytest.raises(TransportError, match="cannot reach") as caught:
        asyncio.run(transport.channel().run(feed))
    assert not isinstance(caught.value, TransportConfigurationError)
    assert feed.outcomes == {}
    assert "<id001@example.org>" in feed.returned


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_stops_everything_before_the_second_reader(
    desk: Desk, status: int
) -> None:
    said = {"message": f"key {KEY} is no good for reader1@example.com", "name": "invalid_api_key"}
    desk.server.script.append(Reply(status, said))
    feed = Feed(letter(1), letter(2))
    with pytest.raises(TransportConfigurationError, match=str(status)) as caught:
        asyncio.run(desk.transport().channel().run(feed))
    assert KEY not in caught.value.message
    assert "reader1" not in caught.value.message
    assert len(desk.server.requests) == 1
    assert feed.outcomes == {}
    assert feed.returned[0] == "<id001@example.org>"


@pytest.mark.parametrize(
    ("status", "said", "wait"),
    [
        (429, "30", datetime.timedelta(seconds=30)),
        (503, "30", datetime.timedelta(seconds=30)),
        (429, "Fri, 20 Nov 2026 12:02:00 GMT", datetime.timedelta(minutes=2)),
        (429, "Fri, 20 Nov 2026 11:00:00 GMT", None),
        (429, "99999999999999999999", datetime.timedelta(days=1)),
        (429, "soon", None),
        (500, "", None),
    ],
)
def test_a_provider_that_says_later_is_believed(
    desk: Desk, status: int, said: str, wait: datetime.timedelta | None
) -> None:
    desk.server.script.append(Reply(status, {"message": "slow down"}, {"Retry-After": said}))
    [outcome] = hand_over(desk.transport(), [letter()])
    assert isinstance(outcome, Deferred)
    assert outcome.about is About.SITE
    assert outcome.retry_after == wait
    assert desk.provider.taken == []


def test_a_gateway_that_speaks_for_the_provider_does_not_know_what_became_of_the_request(
    desk: Desk,
) -> None:
    desk.server.script.extend([Reply(502, b"<html>Bad Gateway</html>")] * 3)
    [outcome] = hand_over(desk.transport(), [letter()])
    assert isinstance(outcome, Unknown)
    assert "502" in outcome.reason


def test_a_redirect_is_not_followed(desk: Desk) -> None:
    elsewhere = {"Location": f"{desk.server.url}/elsewhere"}
    desk.server.script.append(Reply(302, None, elsewhere))
    with pytest.raises(TransportConfigurationError, match="302"):
        hand_over(desk.transport(), [letter()])
    assert len(desk.server.requests) == 1


def test_a_message_that_is_refused_fails_and_the_others_go_on(desk: Desk) -> None:
    desk.server.script.append(Reply(413, {"message": "too large"}))
    transport = desk.transport(batch=1) if _batches(desk) else desk.transport()
    [large, good] = hand_over(transport, [letter(1), letter(2)])
    assert isinstance(large, Failed)
    assert large.about is About.MESSAGE
    assert isinstance(good, Accepted)


def test_what_a_provider_says_is_recorded_on_one_line_and_without_addresses(desk: Desk) -> None:
    said = {"message": "reader1@example.com:\r\n\tno. " + "x" * 5000, "Message": "reader1@…"}
    desk.server.script.append(Reply(429, said))
    [outcome] = hand_over(desk.transport(), [letter()])
    assert isinstance(outcome, Deferred)
    assert "reader1" not in outcome.reason
    assert "\n" not in outcome.reason
    assert len(outcome.reason) < 400


@pytest.mark.parametrize("body", [b"", b"[", b"null", b'"OK"', b"\xff" * 100, b"{" * 3_000_000])
def test_an_answer_that_makes_no_sense_is_not_taken_for_a_refusal(desk: Desk, body: bytes) -> None:
    desk.server.script.append(Reply(200, body))
    [outcome] = hand_over(desk.transport(), [letter()])
    # Whoever answers for a whole list must say what became of each; otherwise 200 says it all.
    assert isinstance(outcome, Unknown if desk.name == "postmark" else Accepted)


def test_a_certificate_of_somebody_else_ends_it_before_anything_is_sent(desk: Desk) -> None:
    certificate = trustme.CA().issue_cert("localhost")
    with provider_server(type(desk.provider)(), certificate) as impostor:
        transport = desk.open(endpoint=impostor.url, timeouts=PATIENT)
        with pytest.raises(TransportConfigurationError, match="certificate"):
            hand_over(transport, [letter()])
    assert impostor.requests == []


def test_neither_proxies_nor_logins_of_the_environment_are_used(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    [outcome] = hand_over(desk.transport(), [letter()])
    assert isinstance(outcome, Accepted)


def test_the_description_names_the_provider_and_no_secret(desk: Desk) -> None:
    transport = desk.transport()
    assert transport.describe().startswith(f"{desk.name}:")
    assert transport.leaves_machine
    assert transport.connections >= 1
    assert KEY not in transport.describe() + repr(transport.__dict__)
    assert "(" in transport.third_party, "the country stands in brackets"


# ── addresses of transports ────────────────────────────────────────────────────────────────────


def opened(url: str, password: str = KEY) -> str:
    return open_transport(
        url, root=Path("/nowhere"), password=password, hello="example.org"
    ).describe()


@pytest.mark.parametrize(
    ("url", "described"),
    [
        ("ses://eu-west-1", "ses://eu-west-1"),
        (
            "ses://us-gov-west-1?configuration_set=news",
            "ses://us-gov-west-1 (configuration set news)",
        ),
        ("postmark:", "postmark: (stream broadcast)"),
        ("postmark:?stream=letters&batch=500&connections=1", "postmark: (stream letters)"),
        ("mailgun://example.org?region=eu", "mailgun://example.org (region eu)"),
        (
            "mailgun://Mail.Example.Org?sandbox=1",
            "mailgun://mail.example.org (region us, sandbox: nothing is delivered)",
        ),
        ("sendgrid:", "sendgrid:"),
        ("sendgrid:?region=eu&sandbox=1", "sendgrid: (region eu, sandbox: nothing is delivered)"),
        ("brevo:?sandbox=1", "brevo: (sandbox: nothing is delivered)"),
        ("resend:?batch=1", "resend:"),
    ],
)
def test_an_address_opens_its_provider(url: str, described: str) -> None:
    assert opened(url, f"AKIDEXAMPLE:{KEY}" if url.startswith("ses") else KEY) == described


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ses:", "needs a region"),
        ("ses://email.eu-west-1.amazonaws.com", "needs a region"),
        ("postmark://example.org", "nothing stands behind"),
        ("postmark:?batch=501", "from 1 to 500"),
        ("resend:?batch=101", "from 1 to 100"),
        ("resend:?connections=0", "from 1 to 10"),
        ("resend:?sandbox=1", "no option 'sandbox'"),
        ("mailgun:", "needs a sending domain"),
        ("mailgun://example.org/v3", "needs a sending domain"),
        ("mailgun://example.org?region=mars", "one of us, eu"),
        ("brevo:?sandbox=yes", "must be 1 or 0"),
        ("sendgrid:?endpoint=https://api.example.com", "this machine"),
        ("sendgrid:?endpoint=http://127.0.0.1.example.com", "this machine"),
        ("sendgrid:?endpoint=http://user@127.0.0.1", "this machine"),
        ("sendgrid:?endpoint=http://127.0.0.1/v3", "this machine"),
        ("sendgrid:?endpoint=ftp://127.0.0.1", "this machine"),
    ],
)
def test_an_address_that_is_not_as_it_should_be_is_refused(url: str, said: str) -> None:
    with pytest.raises(TransportConfigurationError, match=said):
        opened(url, f"AKIDEXAMPLE:{KEY}" if url.startswith("ses") else KEY)


@pytest.mark.parametrize("name", list(OPENERS))
def test_without_a_key_nothing_is_opened(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable, raising=False)
    assert name in TRANSPORTS
    host = {"ses": "//eu-west-1", "mailgun": "//example.org"}.get(name, "")
    with pytest.raises(TransportConfigurationError, match=r"needs an? (access )?key"):
        opened(f"{name}:{host}", "")
    if name != "ses":
        with pytest.raises(TransportConfigurationError, match="holds a space"):
            opened(f"{name}:{host}", "two\nlines")


def test_the_sandbox_of_postmark_needs_no_token() -> None:
    assert "sandbox" in opened("postmark:?sandbox=1", "")


def _batches(desk: Desk) -> bool:
    return desk.name in {"postmark", "resend"}
