"""From codes and words to verdicts: what proves a dead mailbox, and what never does."""

from __future__ import annotations

import pytest

from newsletter.feedback.classify.report import Action, Verdict
from newsletter.feedback.classify.verdict import judge


@pytest.mark.parametrize(
    "status",
    ["5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.2.1", "5.7.13", "5.7.17", "5.7.18"],
)
def test_codes_of_the_mailbox_itself_prove_it_gone(status: str) -> None:
    judged = judge(Action.FAILED, status, "")
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, True)


@pytest.mark.parametrize("detail", [*range(13), 14, 15, 16, *range(19, 60), 515, 606])
def test_no_other_code_of_policy_ever_suppresses(detail: int) -> None:
    judged = judge(Action.FAILED, f"5.7.{detail}", "")
    assert (judged.verdict, judged.suppresses) == (Verdict.POLICY, False)


@pytest.mark.parametrize("status", ["5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.1", "5.5.0", ""])
def test_what_is_unclear_is_soft(status: str) -> None:
    judged = judge(Action.FAILED, status, "")
    assert (judged.verdict, judged.suppresses) == (Verdict.SOFT, False)


def test_a_full_mailbox_is_not_a_dead_one() -> None:
    assert judge(Action.FAILED, "5.2.2", "").verdict is Verdict.MAILBOX_FULL
    assert judge(Action.FAILED, "5.1.1", "552 mailbox full").verdict is Verdict.MAILBOX_FULL
    assert judge(Action.FAILED, "", "552 sorry").verdict is Verdict.MAILBOX_FULL


@pytest.mark.parametrize(
    ("status", "reply", "verdict"),
    [
        ("5.1.1", "550 5.1.1 your host is on a blacklist", Verdict.POLICY),
        ("5.1.1", "550 5.7.1 <reader@example.org>: refused", Verdict.POLICY),
        ("5.7.1", "550 5.7.1 <reader@example.org>: unknown user", Verdict.HARD),
        ("5.0.0", "550 No such user", Verdict.HARD),
        ("5.2.1", "550 5.2.1 mailbox is temporarily suspended", Verdict.SOFT),
        ("5.1.1", "550 sender verify failed: no such user there", Verdict.POLICY),
        (
            "5.1.8",
            "553 5.1.8 <news@example.com>... Domain of sender address does not exist",
            "policy",
        ),
        ("5.1.2", "550 5.1.2 Host unknown (Name server: x.example.org: host not found)", "hard"),
        ("5.4.4", "Host or domain name not found. Name service error: Host not found", "hard"),
        ("4.4.3", "Host or domain name not found. Name service error: try again", Verdict.SOFT),
        ("5.3.4", "552 5.3.4 message size exceeds fixed limit", Verdict.SOFT),
        ("5.4.6", "554 5.4.6 too many hops", Verdict.SOFT),
    ],
)
def test_what_is_said_beats_the_code(status: str, reply: str, verdict: str) -> None:
    assert judge(Action.FAILED, status, reply).verdict == verdict


@pytest.mark.parametrize(
    "reply", ["550 this account is inactive", "550 user not active", "550 휴면 계정입니다"]
)
def test_a_reader_who_was_long_away_is_not_proved_gone(reply: str) -> None:
    judged = judge(Action.FAILED, "5.0.0", reply)
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, False)
    assert judge(Action.FAILED, "5.2.1", reply).suppresses


@pytest.mark.parametrize(
    "reply", ["550 user unknown", "550 this account was closed", "553 5.3.0 no such user", "556 no"]
)
def test_words_alone_are_hard_but_prove_nothing(reply: str) -> None:
    judged = judge(Action.FAILED, "5.0.0", reply)
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, False)


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        ("5.1.1", "550 user unknown"),
        ("5.0.0", "550 5.1.1 user unknown"),
        ("5.1.1", "550 5.5.0 user unknown"),
        ("5.2.1", "550 this account is closed"),
    ],
)
def test_words_beside_a_code_of_the_mailbox_prove_it_gone(status: str, reply: str) -> None:
    judged = judge(Action.FAILED, status, reply)
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, True)


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        ("5.7.1", "550 5.7.1 unknown user"),
        ("5.1.1", "550 5.7.1 unknown user"),
        ("4.1.1", "550 unknown user"),
        ("", "550 4.1.1 unknown user"),
    ],
)
def test_a_code_that_says_something_else_proves_nothing_even_at_rcpt(
    status: str, reply: str
) -> None:
    for step in ("", " (in reply to RCPT TO command)"):
        judged = judge(Action.FAILED, status, reply + step)
        assert (judged.verdict, judged.suppresses) == (Verdict.HARD, False)


@pytest.mark.parametrize(
    "notice",
    [
        "host mx.example.org said: 550 no such user (in reply to RCPT TO command)",
        "SMTP error from remote mail server after RCPT TO:<r@example.org>:\n 550 no such user",
        "SMTP error from remote server after pipelined RCPT TO:<r@example.org>: 550 no such user",
        ">>> RCPT To:<r@example.org>\n<<< 550 no such user",
        "10:00:00: --> RCPT To:<r@example.org>\n10:00:01: <-- 550 no such user",
    ],
)
def test_words_that_were_the_answer_to_rcpt_prove_it_gone(notice: str) -> None:
    judged = judge(Action.FAILED, "5.0.0", "550 no such user", notice)
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, True)
    unclear = judge(Action.FAILED, "", "", notice.replace("no such user", "mailbox unavailable"))
    assert (unclear.verdict, unclear.suppresses) == (Verdict.HARD, False)


def test_an_answer_to_rcpt_that_was_not_for_good_proves_nothing() -> None:
    notice = ">>> RCPT To:<r@example.org>\n<<< 450 try again later\nno such user"
    assert not judge(Action.FAILED, "", "", notice).suppresses


@pytest.mark.parametrize("reply", ["550 5.1.1 user unknown", "450 4.1.1 user unknown", ""])
def test_a_delay_is_never_hard(reply: str) -> None:
    judged = judge(Action.DELAYED, "5.1.1", reply)
    assert (judged.verdict, judged.suppresses) == (Verdict.SOFT, False)


def test_a_refusal_for_now_is_not_hard_even_when_the_server_gave_up() -> None:
    assert judge(Action.FAILED, "4.1.1", "450 4.1.1 user unknown").verdict is Verdict.SOFT
    assert judge(Action.FAILED, "5.1.1", "450 4.1.1 user unknown").verdict is Verdict.SOFT


@pytest.mark.parametrize("action", [Action.DELIVERED, Action.RELAYED, Action.EXPANDED])
def test_what_arrived_is_no_bounce_whatever_else_is_said(action: Action) -> None:
    judged = judge(action, "5.1.1", "550 5.1.1 user unknown")
    assert (judged.verdict, judged.suppresses) == (Verdict.OTHER, False)


def test_words_that_may_mean_something_else_are_hard_but_prove_nothing() -> None:
    judged = judge(Action.FAILED, "5.0.0", "550 Requested action not taken: mailbox unavailable")
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, False)
    judged = judge(Action.FAILED, "5.1.1", "550 5.5.0 mailbox unavailable")
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, False)
    assert judge(Action.FAILED, "5.1.1", "550 mailbox unavailable").suppresses


def test_an_unknown_user_after_the_whole_message_is_a_filter() -> None:
    late = "550 Unknown user reader@example.org (in reply to end of DATA command)"
    assert judge(Action.FAILED, "5.0.0", late).verdict is Verdict.SOFT
    assert judge(Action.FAILED, "5.1.1", late).verdict is Verdict.HARD


def test_general_advice_in_a_notice_does_not_overrule_a_code() -> None:
    advice = "If it was blocked as spam, contact the administrator. Try again later."
    judged = judge(Action.FAILED, "5.1.1", "", "reader@example.org", advice)
    assert (judged.verdict, judged.suppresses) == (Verdict.HARD, True)


def test_an_address_that_contains_a_phrase_says_nothing() -> None:
    reply = "550 5.7.1 <user-unknown@example.org>: refused. See https://example.org/user-unknown"
    assert judge(Action.FAILED, "", reply).verdict is Verdict.POLICY
