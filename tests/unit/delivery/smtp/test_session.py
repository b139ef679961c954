"""The protocol without a network: what comes in, what goes out, what is known after it."""

from __future__ import annotations

import base64
import dataclasses
import itertools
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.outcome import About, Accepted, Deferred, Failed, Unknown
from newsletter.delivery.smtp.events import Answered, EncryptNow, Event, Over, Ready, Returned
from newsletter.delivery.smtp.session import Session
from newsletter.errors import TransportConfigurationError, TransportError
from tests.unit.delivery.smtp.talk import RELAY, Talk, body, group, message

ONE, TWO, THREE = message(1), message(2), message(3)
OK = Accepted("250 ok")


def over_with(events: list[Event]) -> TransportError:
    last = events[-1]
    assert isinstance(last, Over)
    assert last.error
    return last.error


# ── one message after another ──────────────────────────────────────────────────────────────────


def test_without_pipelining_each_command_waits_for_its_answer() -> None:
    talk = Talk([ONE, TWO])
    assert talk.hear("220 hello") == b"EHLO example.org\r\n"
    assert talk.hear("250 relay") == b"MAIL FROM:<bounces@example.org>\r\n"
    assert talk.hear("250 ok") == b"RCPT TO:<reader1@example.com>\r\n"
    assert talk.hear("250 ok") == b"DATA\r\n"
    assert talk.hear("354 go") == body(1)
    assert talk.hear("250 ok") == b"MAIL FROM:<bounces@example.org>\r\n"
    assert talk.told() == [Ready(), Answered(ONE, OK)]


def test_with_pipelining_a_message_and_the_next_commands_go_together() -> None:
    talk = Talk([ONE, TWO, THREE])
    talk.hear("220 hello")
    assert talk.hear("250-relay", "250 PIPELINING") == group(1)
    assert talk.hear("250 ok", "250 ok", "354 go") == body(1) + group(2)
    assert talk.hear("250 ok", "250 ok", "250 ok", "354 go") == body(2) + group(3)
    assert talk.hear("250 ok", "250 ok", "250 ok", "354 go") == body(3)
    assert talk.hear("250 ok") == b""
    assert talk.told() == [Ready(), *(Answered(m, OK) for m in (ONE, TWO, THREE))]
    assert talk.session.idle


def test_a_session_without_messages_ends_with_quit() -> None:
    talk = Talk([], "PIPELINING")
    talk.session.quit()
    assert talk.said() == b"QUIT\r\n"
    talk.hear("221 bye")
    assert talk.told() == [Ready(), Over()]


def test_a_session_carries_no_more_messages_than_it_may() -> None:
    relay = dataclasses.replace(RELAY, messages=2)
    talk = Talk([ONE, TWO, THREE], "PIPELINING", relay=relay)
    talk.hear("250 ok", "250 ok", "354 go")
    talk.hear("250 ok", "250 ok", "250 ok", "354 go")
    talk.hear("250 ok")
    assert talk.session.worn_out
    assert talk.session.idle
    assert list(talk.waiting) == [THREE]


# ── refusals in a group of commands ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (
            ["550 5.7.1 no", "503 first MAIL", "503 first RCPT"],
            Deferred("550 5.7.1 no", About.SITE),
        ),
        (["250 ok", "550 5.1.1 who?", "554 nobody"], Failed("550 5.1.1 who?", About.RECIPIENT)),
        (["250 ok", "250 ok", "451 later"], Deferred("451 later", About.MESSAGE)),
    ],
    ids=["MAIL", "RCPT", "DATA"],
)
def test_a_refused_message_leaves_a_clean_table(
    answers: list[str], outcome: Failed | Deferred
) -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    assert talk.hear(*answers) == b"RSET\r\n"
    assert talk.told() == [Ready(), Answered(ONE, outcome)]
    assert talk.hear("250 clean") == group(2)


def test_an_invitation_to_nobodys_message_is_answered_with_an_empty_one() -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    said = talk.hear("250 ok", "550 5.1.1 who?", "354 go on")
    assert said == b".\r\n" + group(2)
    talk.hear("554 5.5.1 no valid recipients", "250 ok", "250 ok", "354 go")
    talk.hear("250 ok")
    assert [event.message for event in talk.told() if isinstance(event, Answered)] == [ONE, TWO]


def test_the_next_message_survives_a_refusal_of_the_one_before_it() -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    talk.hear("250 ok", "250 ok", "354 go")
    assert talk.hear("554 5.6.0 bad", "250 ok", "250 ok", "354 go") == body(2)
    talk.hear("250 ok")
    assert talk.told()[1:] == [
        Answered(ONE, Failed("554 5.6.0 bad", About.MESSAGE)),
        Answered(TWO, OK),
    ]


@pytest.mark.parametrize("good", range(3))
def test_421_in_a_group_after_a_message_begins_anew_and_blames_nobody(good: int) -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    talk.hear("250 ok", "250 ok", "354 go")
    talk.hear("250 ok", *["250 ok"] * good, "421 4.7.0 enough")
    [_, first, second, end] = talk.told()
    assert first == Answered(ONE, OK)
    assert isinstance(second, Returned)
    assert (second.message, second.blameless) == (TWO, True)
    assert end == Over()


def test_421_as_an_answer_to_the_dot_gives_both_messages_back() -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    talk.hear("250 ok", "250 ok", "354 go")
    talk.hear("421 4.7.0 shutting down")
    [_, first, second, _] = talk.told()
    assert [e.message for e in (first, second) if isinstance(e, Returned)] == [ONE, TWO]


def test_an_answer_that_comes_before_the_message_was_sent_is_not_believed() -> None:
    talk = Talk([ONE], "PIPELINING")
    talk.hear("250 ok", "250 ok", "354 go", "250 I have it")
    [_, returned, end] = talk.told()
    assert isinstance(returned, Returned)
    assert end == Over()


# ── the connection is gone ─────────────────────────────────────────────────────────────────────


def test_lost_between_the_dot_and_its_answer_only_that_message_is_in_doubt() -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    talk.hear("250 ok", "250 ok", "354 go")
    talk.lost()
    [_, first, second, end] = talk.told()
    assert first == Answered(ONE, Unknown("the whole message was sent, then: it is gone"))
    assert isinstance(second, Returned)
    assert second.blameless, "it was not even begun"
    assert end == Over()


def test_lost_in_the_middle_of_a_large_message_it_was_not_sent() -> None:
    talk = Talk([message(1, b"x" * 70 + b"\r\n" + b"y" * 500_000 + b"\r\n")], "PIPELINING")
    for _ in talk.session.receive(b"250 ok\r\n250 ok\r\n354 go\r\n"):
        pass
    first_block = b"".join(talk.session.outgoing())
    assert 100_000 < len(first_block) < 200_000
    talk.lost()
    [_, returned, end] = talk.told()
    assert isinstance(returned, Returned)
    assert not returned.blameless
    assert end == Over()


def test_a_large_message_leaves_in_blocks_that_make_up_the_whole() -> None:
    large = b"".join(b"%07d\r\n" % n for n in range(50_000))
    talk = Talk([message(1, large), TWO], "PIPELINING")
    assert talk.hear("250 ok", "250 ok", "354 go") == (
        b"N: 1\r\n\r\n" + large + b".\r\n" + group(2)
    )


def test_stopped_once_it_waits_for_what_was_sent_and_gives_back_the_rest() -> None:
    talk = Talk([ONE, TWO], "PIPELINING")
    talk.hear("250 ok", "250 ok", "354 go")
    talk.events += talk.session.wind_up()
    assert not talk.session.over
    talk.hear("250 ok")
    [_, returned, answered, end] = talk.told()
    assert isinstance(returned, Returned)
    assert returned.message is TWO
    assert answered == Answered(ONE, OK)
    assert end == Over()


# ── what is said about a message ───────────────────────────────────────────────────────────────


def test_size_and_delivery_reports_are_asked_for_where_they_are_offered() -> None:
    talk = Talk([], "PIPELINING", "SIZE 1000", "DSN")
    talk.waiting.append(message(1, envid="a+b=7"))
    assert talk.said() == (
        b"MAIL FROM:<bounces@example.org> SIZE=15 RET=HDRS ENVID=a+2Bb+3D7\r\n"
        b"RCPT TO:<reader1@example.com> NOTIFY=FAILURE,DELAY\r\nDATA\r\n"
    )


@pytest.mark.parametrize(
    ("envid", "offers"), [("", ("PIPELINING", "DSN")), ("x", ("PIPELINING", "SIZE"))]
)
def test_no_delivery_reports_are_asked_for_without_a_name_or_an_offer(
    envid: str, offers: tuple[str, ...]
) -> None:
    talk = Talk([], *offers)
    talk.waiting.append(message(1, envid=envid))
    said = talk.said()
    assert b"ENVID" not in said
    assert b"NOTIFY" not in said


@pytest.mark.parametrize("envid", ["a b", "a\r\nDATA", "é", "x" * 101])
def test_a_name_for_reports_that_must_not_stand_in_a_command_stops_the_message(envid: str) -> None:
    talk = Talk([], "PIPELINING", "DSN")
    assert isinstance(talk.session.begin(message(1, envid=envid)), Failed)
    assert talk.said() == b""


def test_eight_bit_text_needs_a_server_that_takes_it() -> None:
    text = message(1, "Grüße\r\n".encode())
    assert isinstance(Talk([], "PIPELINING").session.begin(text), Failed)
    talk = Talk([], "8BITMIME")
    talk.waiting.append(text)
    assert talk.said() == b"MAIL FROM:<bounces@example.org> BODY=8BITMIME\r\n"


# ── encryption and login ───────────────────────────────────────────────────────────────────────

CONTEXT = ssl.create_default_context()
SECURE = dataclasses.replace(RELAY, tls=CONTEXT)
LOGIN = dataclasses.replace(RELAY, tls=CONTEXT, tls_first=True, user="ada", password="secret")


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_what_was_offered_before_encryption_is_forgotten() -> None:
    talk = Talk([ONE], "STARTTLS", "PIPELINING", relay=SECURE)
    assert talk.hear("220 go ahead") == b""
    assert talk.told() == [EncryptNow()]
    talk.session.encrypted()
    assert talk.said() == b"EHLO example.org\r\n"
    assert talk.hear("250 relay") == b"MAIL FROM:<bounces@example.org>\r\n"


def test_bytes_behind_the_answer_to_starttls_end_the_session() -> None:
    talk = Talk([ONE], "STARTTLS", relay=SECURE)
    talk.hear("220 go ahead", "250-relay", "250 AUTH PLAIN")
    assert "slipped in" in over_with(talk.told()).message


def test_half_a_line_behind_the_answer_to_starttls_ends_the_session() -> None:
    talk = Talk([ONE], "STARTTLS", relay=SECURE)
    talk.hear_bytes(b"220 go ahead\r\n250")
    assert "slipped in" in over_with(talk.told()).message


def test_login_by_plain() -> None:
    talk = Talk([], relay=LOGIN)
    talk.hear("220 hello")
    said = talk.hear("250-relay", "250 AUTH LOGIN PLAIN CRAM-MD5")
    assert said == f"AUTH PLAIN {b64(chr(0) + 'ada' + chr(0) + 'secret')}\r\n".encode()
    talk.hear("235 welcome")
    assert talk.told() == [Ready()]


def test_login_by_login() -> None:
    talk = Talk([], relay=LOGIN)
    talk.hear("220 hello")
    assert talk.hear("250-relay", "250 AUTH=LOGIN") == b"AUTH LOGIN\r\n"
    assert talk.hear(f"334 {b64('Username:')}") == f"{b64('ada')}\r\n".encode()
    assert talk.hear(f"334 {b64('Password:')}") == f"{b64('secret')}\r\n".encode()
    talk.hear("235 welcome")
    assert talk.told() == [Ready()]


def test_login_by_challenge_as_in_rfc_2195() -> None:
    relay = dataclasses.replace(RELAY, user="tim", password="tanstaaftanstaaf")
    talk = Talk([], relay=relay)
    talk.hear("220 hello")
    assert talk.hear("250-relay", "250 AUTH PLAIN CRAM-MD5") == b"AUTH CRAM-MD5\r\n"
    said = talk.hear("334 " + b64("<1896.697170952@postoffice.reston.mci.net>"))
    assert said == f"{b64('tim b913a602c7eda7a495b4e6e7334d3890')}\r\n".encode()


def test_login_with_a_token() -> None:
    relay = dataclasses.replace(LOGIN, auth="xoauth2", password="token")
    talk = Talk([], relay=relay)
    talk.hear("220 hello")
    said = talk.hear("250-relay", "250 AUTH PLAIN XOAUTH2")
    token = "user=ada\1auth=Bearer token\1\1"
    assert said == f"AUTH XOAUTH2 {b64(token)}\r\n".encode()
    assert talk.hear("334 " + b64('{"status":"400"}')) == b"\r\n"
    talk.hear("535 5.7.8 expired")
    error = over_with(talk.told())
    assert isinstance(error, TransportConfigurationError)
    assert "535" in error.message


def test_a_wrong_password_is_not_tried_a_second_time_in_another_way() -> None:
    talk = Talk([], relay=LOGIN)
    talk.hear("220 hello")
    talk.hear("250-relay", "250 AUTH LOGIN PLAIN")
    assert talk.hear("535 5.7.8 wrong") == b""
    assert isinstance(over_with(talk.told()), TransportConfigurationError)


def test_a_mechanism_that_is_refused_as_such_gives_way_to_the_next() -> None:
    talk = Talk([], relay=LOGIN)
    talk.hear("220 hello")
    talk.hear("250-relay", "250 AUTH LOGIN PLAIN")
    assert talk.hear("504 5.5.4 not this one") == b"AUTH LOGIN\r\n"


def test_a_server_without_a_login_that_we_know() -> None:
    talk = Talk([], relay=LOGIN)
    talk.hear("220 hello")
    assert talk.hear("250-relay", "250 AUTH GSSAPI XOAUTH2") == b""
    assert "no login" in over_with(talk.told()).message


# ── whatever the network does to the bytes ─────────────────────────────────────────────────────

SAID = (
    b"220-relay\r\n220 hello\r\n",
    b"250-relay\r\n250-SIZE 1000\r\n250 PIPELINING\r\n",
    b"250 ok\r\n250-2.1.5 yes\r\n250 2.1.5 yes\r\n354 go\r\n",
    b"250 2.0.0 queued\r\n250 ok\r\n550 5.1.1 who?\r\n554 nobody\r\n",
    b"250 clean\n",
    b"250 ok\r\n250 ok\r\n354 go\r\n",
    b"hm\r\n",
)


def conversation(cuts: list[list[int]]) -> tuple[list[Event], bytes]:
    talk = Talk([ONE, TWO, THREE])
    sent = b""
    for said, places in zip(SAID, cuts, strict=True):
        edges = [0, *sorted({place % (len(said) + 1) for place in places}), len(said)]
        for start, end in itertools.pairwise(edges):
            sent += talk.hear_bytes(said[start:end])
    return talk.told(), sent


@given(st.lists(st.lists(st.integers(0, 100), max_size=8), min_size=7, max_size=7))
def test_replies_cut_anywhere_mean_the_same(cuts: list[list[int]]) -> None:
    events, sent = conversation(cuts)
    whole_events, whole_sent = conversation([[] for _ in SAID])
    assert (events, sent) == (whole_events, whole_sent)
    assert [type(event) for event in events] == [Ready, Answered, Answered, Answered, Over]


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_whatever_a_server_says_every_message_is_answered_for(chunks: list[bytes]) -> None:
    talk = Talk([ONE, TWO, THREE])
    for chunk in chunks:
        talk.hear_bytes(chunk)
    talk.lost()
    begun = [m for m in (ONE, TWO, THREE) if m not in talk.waiting]
    answered = [e.message for e in talk.events if isinstance(e, Answered | Returned)]
    assert sorted(m.message_id for m in begun) == sorted(m.message_id for m in answered)


LINES = ["220 hi", "250 ok", "250-more", "354 go", "421 bye", "451 later", "550 no", "535 x", "hm"]


@given(st.lists(st.sampled_from(LINES), max_size=25), st.booleans())
def test_whatever_a_server_says_no_message_gets_two_answers(
    lines: list[str], pipelining: bool
) -> None:
    talk = Talk([ONE, TWO, THREE], "PIPELINING" if pipelining else "SIZE")
    for line in lines:
        talk.hear(line)
    talk.lost()
    answered = [e.message.message_id for e in talk.events if isinstance(e, Answered | Returned)]
    assert len(answered) == len(set(answered)) == 3 - len(talk.waiting)
    assert sum(isinstance(event, Over) for event in talk.events) == 1


def test_a_new_session_waits_for_the_greeting_before_it_says_anything() -> None:
    session = Session(RELAY)
    assert session.outgoing() == []
    assert session.seconds == RELAY.timeouts.greeting
