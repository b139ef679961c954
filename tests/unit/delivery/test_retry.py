from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.outcome import About, Deferred, Failed, Unknown
from newsletter.delivery.reply import Reply, scrub
from newsletter.delivery.retry import Broken, Stage, classify, give_up_at, next_attempt
from tests.unit.delivery.kit import NOON

R, M, S = About.RECIPIENT, About.MESSAGE, About.SITE


@pytest.mark.parametrize(
    ("stage", "line", "meaning"),
    [
        (Stage.RCPT, "550 5.1.1 no such user", Failed("550 5.1.1 no such user", R)),
        (Stage.RCPT, "550 no such user", Failed("550 no such user", R)),
        (Stage.RCPT, "450 4.2.0 greylisted", Deferred("450 4.2.0 greylisted", R)),
        (Stage.RCPT, "451 4.7.1 try later", Deferred("451 4.7.1 try later", R)),
        (Stage.RCPT, "452 4.5.3 too many recipients", Deferred("452 4.5.3 too many recipients", S)),
        (Stage.RCPT, "552 too many recipients", Deferred("552 too many recipients", R)),
        (Stage.RCPT, "550 4.2.1 mixed", Failed("550 4.2.1 mixed", R)),
        (Stage.RCPT, "554 5.7.1 blocked", Failed("554 5.7.1 blocked", S)),
        (Stage.RCPT, "550 relay not permitted", Failed("550 relay not permitted", S)),
        (Stage.RCPT, "550 5.1.8 bad sender", Failed("550 5.1.8 bad sender", S)),
        (Stage.RCPT, "550 5.4.1 access denied", Failed("550 5.4.1 access denied", R)),
        (Stage.RCPT, "550 5.7.17 disabled", Failed("550 5.7.17 disabled", R)),
        (Stage.MAIL, "550 5.7.26 not signed", Deferred("550 5.7.26 not signed", S)),
        (Stage.MAIL, "451 4.3.0 busy", Deferred("451 4.3.0 busy", S)),
        (Stage.DATA, "554 no", Failed("554 no", M)),
        (Stage.END, "550 5.7.1 spam", Failed("550 5.7.1 spam", S)),
        (Stage.END, "550 5.7.515 access denied", Failed("550 5.7.515 access denied", S)),
        (Stage.END, "554 5.6.0 bad", Failed("554 5.6.0 bad", M)),
        (Stage.END, "552 5.2.2 full", Failed("552 5.2.2 full", R)),
        (Stage.END, "552 5.3.4 too big", Failed("552 5.3.4 too big", M)),
        (Stage.END, "451 4.7.1 greylisted", Deferred("451 4.7.1 greylisted", M)),
        (Stage.END, "hm", Unknown("the answer to the message made no sense: hm")),
        (Stage.END, "354 what", Unknown("the answer to the message made no sense: 354 what")),
        (Stage.MAIL, "hm", Broken("the answer to MAIL made no sense: hm")),
        (Stage.GREETING, "554 no service", Broken("554 no service")),
        (Stage.EHLO, "550 go away", Broken("550 go away")),
        (Stage.STARTTLS, "454 not now", Broken("454 not now")),
        (Stage.STARTTLS, "501 no", Broken("501 no", needs_change=True)),
        (Stage.AUTH, "454 4.7.0 too many", Broken("454 4.7.0 too many")),
        (Stage.AUTH, "535 5.7.8 wrong", Broken("535 5.7.8 wrong", needs_change=True)),
        (Stage.AUTH, "534 5.7.9 weak", Broken("534 5.7.9 weak", needs_change=True)),
        (Stage.MAIL, "530 5.7.0 log in", Broken("530 5.7.0 log in", needs_change=True)),
    ],
)
def test_the_stage_and_the_first_digit_decide(stage: Stage, line: str, meaning: object) -> None:
    assert classify(stage, Reply.parse([line.encode()])) == meaning


@pytest.mark.parametrize("stage", Stage)
def test_421_is_about_the_host_wherever_it_comes(stage: Stage) -> None:
    reply = Reply.parse([b"421 5.7.32 closing"])
    assert classify(stage, reply) == Broken("421 5.7.32 closing", busy=True)


def test_a_refusal_names_nobody() -> None:
    reply = Reply.parse(
        [b"550-5.1.1 <Ada.Sample@example.com>: unknown,", b"550 5.1.1 ADA.SAMPLE or x%40y.example"]
    )
    outcome = classify(Stage.RCPT, reply, "ada.sample@example.com")
    assert outcome == Failed("550 5.1.1 <(address)>: unknown, (address) or (address)")


@pytest.mark.parametrize(
    ("lines", "code", "text"),
    [
        ([b"250-one", b"250 two"], 250, "one two"),
        ([b"250OK"], 250, "OK"),
        ([b"250"], 250, ""),
        ([b""], 0, ""),
        ([], 0, ""),
        ([b"999 what"], 0, "999 what"),
        ([b"25x what"], 0, "25x what"),
        ([b"550 \xff\x00\x1b[31m red"], 550, "\ufffd [31m red"),
        (["550 нет такого".encode()], 550, "нет такого"),
    ],
)
def test_any_reply_can_be_read(lines: list[bytes], code: int, text: str) -> None:
    assert Reply.parse(lines) == Reply(code, "", text)


@given(
    st.lists(
        st.sampled_from([b"250 ", b"550-", b"2.0.0 ", b"5.7.1", b"Ok:", b" ", b"-", b"x@y ", b"7"]),
        max_size=6,
    )
)
def test_a_reply_of_the_usual_form_is_read_like_any_other(words: list[bytes]) -> None:
    line = b"".join(words)
    if not line.startswith((b"250 ", b"550-")):
        line = b"250 " + line
    # White space at the end means nothing, and is not of the usual form.
    assert Reply.parse([line]) == Reply.parse([line + b"\t"])


def test_a_long_reply_is_cut_only_after_addresses_are_gone() -> None:
    text = "x" * 290 + " ada.sample@example.com"
    told = Reply(550, "", text).told("ada.sample@example.com")
    assert "ada" not in told
    assert len(told) == len("550 ") + 300


def test_scrubbing_leaves_short_words_alone() -> None:
    assert scrub("it is a trap", "is@example.com") == "it is a trap"


def test_waits_double_from_five_minutes_to_about_an_hour_with_jitter() -> None:
    def wait(attempts: int, random: float) -> float:
        return (next_attempt(attempts, NOON, lambda: random) - NOON).total_seconds() / 60

    assert [wait(n, 0.0) for n in (1, 2, 3, 4, 5, 50)] == [5, 10, 20, 40, 66, 66]
    assert wait(1, 0.999) > 6
    assert wait(50, 0.999) < 83


def test_what_the_other_side_asks_for_is_waited_for() -> None:
    hours = datetime.timedelta(hours=2)
    assert next_attempt(1, NOON, lambda: 0.0, hours) == NOON + hours
    assert next_attempt(5, NOON, lambda: 0.0, datetime.timedelta(seconds=1)) > NOON + hours / 2


def test_news_is_tried_until_it_is_stale_and_for_five_days_at_most() -> None:
    tomorrow, next_month = (NOON + datetime.timedelta(days=days) for days in (1, 30))
    assert give_up_at(NOON, tomorrow) == tomorrow
    assert give_up_at(NOON, next_month) == give_up_at(NOON) == NOON + datetime.timedelta(days=5)


@pytest.mark.parametrize("address", ["patrick.o'brien@example.org", "john=doe@example.org"])
def test_an_address_with_unusual_signs_is_scrubbed_whole(address: str) -> None:
    assert scrub(f"<{address}>: no such user", address) == "<(address)>: no such user"
