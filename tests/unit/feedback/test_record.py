from __future__ import annotations

import dataclasses
import datetime
import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from newsletter.audience.address import parse
from newsletter.audience.suppression import release
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Kind, State, Suppressed
from newsletter.database.tables import campaigns, feedback, subscribers, workers
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.record import Fate, record, record_all
from tests.databases import on_both
from tests.unit.feedback.kit import DAY, DOMAIN, NOW, Sent, new_campaign, send, send_again

DEAD = {"suppresses": Suppressed.BOUNCE, "status": "5.1.1", "detail": "550 no such user"}


@on_both
def test_a_dead_mailbox_is_noted_and_never_mailed_again(database: Database) -> None:
    sent = send(database)
    outcome = record(database, sent.event(Kind.HARD, **DEAD), NOW)  # type: ignore[arg-type]
    assert (outcome.fate, outcome.suppressed, outcome.settled) == (Fate.NEW, True, False)
    assert (sent.state, sent.suppressed) == ("bounced", "bounce")
    assert sent.detail == "a bounce came back: 5.1.1 550 no such user"


@on_both
def test_a_complaint_stops_mail_at_once(database: Database) -> None:
    sent = send(database)
    event = sent.event(Kind.COMPLAINT, suppresses=Suppressed.COMPLAINT)
    assert record(database, event, NOW).suppressed
    assert (sent.state, sent.suppressed) == ("complained", "complaint")


@on_both
def test_the_same_event_twice_changes_nothing_not_even_after_a_release(database: Database) -> None:
    sent = send(database)
    event = sent.event(Kind.HARD, **DEAD)  # type: ignore[arg-type]
    record(database, event, NOW)
    assert release(database, parse(sent.email))
    assert record(database, event, NOW + DAY).fate is Fate.REPLAYED
    assert sent.suppressed is None


def test_a_refusal_of_the_letter_never_ends_a_subscription(database: Database) -> None:
    sent = send(database)
    for day in range(30):
        record(database, sent.event(Kind.POLICY, at=NOW - day * DAY), NOW)
    assert (sent.state, sent.suppressed) == ("bounced", None)


@on_both
def test_bounces_that_may_pass_end_it_on_the_fifth_day(database: Database) -> None:
    sent = send(database)
    kinds = [Kind.SOFT, Kind.MAILBOX_FULL, Kind.SOFT, Kind.HARD, Kind.MAILBOX_FULL]
    seen = []
    for day, kind in enumerate(kinds):
        record(database, sent.event(kind, at=NOW + day * DAY), NOW + day * DAY)
        seen.append(sent.suppressed)
    assert seen == [None, None, None, None, "bounce"]


def test_after_a_release_counting_starts_again(database: Database) -> None:
    sent = send(database)
    for day in range(5):
        record(database, sent.event(Kind.SOFT, at=NOW + day * DAY), NOW + day * DAY)
    assert release(database, parse(sent.email))
    record(database, sent.event(Kind.SOFT, at=NOW + 5 * DAY), NOW + 5 * DAY)
    assert sent.suppressed is None


@on_both
def test_a_second_letter_to_a_mailbox_that_is_said_not_to_exist_is_the_last(
    database: Database,
) -> None:
    first = send(database)
    record(database, first.event(Kind.HARD, at=NOW), NOW)
    record(database, first.event(Kind.HARD, at=NOW + DAY), NOW + DAY)
    assert first.suppressed is None  # the same letter has come back twice
    second = send_again(first, NOW + 7 * DAY)
    assert record(database, second.event(Kind.HARD, at=NOW + 7 * DAY), NOW + 7 * DAY).suppressed
    assert first.suppressed == "bounce"


@on_both
def test_a_letter_that_arrived_in_between_is_in_favour_of_the_reader(database: Database) -> None:
    first = send(database)
    send_again(first, NOW + 7 * DAY)
    third = send_again(first, NOW + 14 * DAY)
    for sent, day in ((first, 0), (third, 14)):
        record(database, sent.event(Kind.HARD, at=NOW + day * DAY), NOW + 20 * DAY)
    assert first.suppressed is None


@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN, State.PLANNED, State.SUPPRESSED])
def test_a_letter_that_nobody_is_known_to_have_taken_is_not(
    database: Database, state: State
) -> None:
    first = send(database)
    send_again(first, NOW + 7 * DAY, state=state)
    third = send_again(first, NOW + 14 * DAY)
    for sent, day in ((first, 0), (third, 14)):
        record(database, sent.event(Kind.HARD, at=NOW + day * DAY), NOW + 20 * DAY)
    assert first.suppressed == "bounce"


@pytest.mark.parametrize("kind", [Kind.HARD, Kind.SOFT, Kind.POLICY, Kind.COMPLAINT])
def test_nor_is_one_of_which_is_learnt_later_that_it_came_back(
    database: Database, kind: Kind
) -> None:
    first = send(database)
    second = send_again(first, NOW + 7 * DAY)
    third = send_again(first, NOW + 14 * DAY)
    for sent, day in ((first, 0), (third, 14)):
        record(database, sent.event(Kind.HARD, at=NOW + day * DAY), NOW + 20 * DAY)
    assert first.suppressed is None
    record(database, second.event(kind, at=NOW + 15 * DAY), NOW + 20 * DAY)
    assert first.suppressed == "bounce"


@pytest.mark.parametrize(
    ("state", "kind", "end"),
    [
        (State.ACCEPTED, Kind.DELIVERED, None),
        (State.ACCEPTED, Kind.POLICY, "bounce"),
        (State.UNKNOWN, Kind.DELIVERED, "bounce"),
        (State.FAILED, Kind.AUTO_REPLY, "bounce"),
    ],
)
def test_what_comes_back_for_the_letter_in_between_may_come_at_any_time(
    database: Database, state: State, kind: Kind, end: str | None
) -> None:
    for order in itertools.permutations(range(3)):
        first = send(database)
        second = send_again(first, NOW + 7 * DAY, state=state)
        third = send_again(first, NOW + 14 * DAY)
        events = [
            first.event(Kind.HARD, at=NOW),
            second.event(kind, at=NOW + 7 * DAY),
            third.event(Kind.HARD, at=NOW + 14 * DAY),
        ]
        for number in order:
            record(database, events[number], NOW + 20 * DAY)
        assert (order, first.suppressed) == (order, end)


def test_what_bounced_at_an_address_from_before_a_change_is_not_counted_later(
    database: Database,
) -> None:
    first = send(database, email="changed@example.com")
    second = send_again(first, NOW)
    old = Notice(Kind.HARD, "before@example.com", status="5.0.0")
    about = About(delivery=first.delivery)
    record(database, Event("f" * 64, "ses", NOW - DAY, about, (old,), verified=True), NOW)
    record(database, second.event(Kind.HARD), NOW)
    assert (first.state, second.state, first.suppressed) == ("bounced", "bounced", None)


def test_an_answer_of_a_machine_and_a_delay_mean_nothing_for_the_reader(database: Database) -> None:
    sent = send(database)
    for kind in (Kind.AUTO_REPLY, Kind.OTHER, Kind.DELIVERED):
        assert not record(database, sent.event(kind), NOW).suppressed
    assert (sent.state, sent.suppressed, sent.subscribed) == ("accepted", None, True)


def test_what_was_unknown_is_settled_and_the_campaign_is_finished_by_it(
    database: Database,
) -> None:
    campaign = new_campaign(database)
    first = send(database, state=State.UNKNOWN, campaign=campaign)
    second = send(database, state=State.UNKNOWN, campaign=campaign)
    finished = select(campaigns.c.finished_at).where(campaigns.c.id == campaign)
    assert record(database, first.event(Kind.DELIVERED), NOW).settled
    assert first.state == "accepted"
    assert first.one(finished) is None
    assert record(database, second.event(Kind.SOFT), NOW).settled
    assert second.state == "bounced"
    assert first.one(finished) == NOW


@pytest.mark.parametrize("state", [State.DEFERRED, State.PLANNED, State.FAILED, State.EXPIRED])
def test_what_arrived_after_all_is_not_sent_once_more(database: Database, state: State) -> None:
    sent = send(database, state=state)
    record(database, sent.event(Kind.DELIVERED), NOW)
    assert sent.state == "accepted"


@on_both
def test_a_message_that_is_just_being_handed_over_is_left_to_its_sender(
    database: Database,
) -> None:
    sent = send(database, state=State.ATTEMPTING)
    event = sent.event(Kind.HARD, **DEAD)  # type: ignore[arg-type]
    assert record(database, event, NOW).fate is Fate.IN_HAND
    assert (sent.state, sent.suppressed, sent.one(select(feedback.c.id))) == (
        "attempting",
        None,
        None,
    )
    sent.reply(State.ACCEPTED)
    assert record(database, event, NOW).fate is Fate.NEW
    assert sent.state == "bounced"


def test_what_a_dead_sender_had_in_hand_is_settled_by_what_came_back(database: Database) -> None:
    sent = send(database, state=State.ATTEMPTING)
    with database.writing() as connection:
        connection.execute(update(workers).values(lease_until=NOW - DAY))
    assert record(database, sent.event(Kind.DELIVERED), NOW).settled
    assert sent.state == "accepted"


@pytest.mark.parametrize(
    "about",
    [
        About(),
        About(delivery=999_999),
        About(message_ids=("<0123456789abcdef@letter.example.org>",)),
        About(message_key="0" * 31 + "f"),
        About(subscription=999_999, campaign=1),
    ],
)
def test_what_is_not_proved_to_be_ours_is_kept_on_record_and_changes_nothing(
    database: Database, about: About
) -> None:
    sent = send(database, email="victim@example.com")
    before = sent.all()
    notice = Notice(Kind.HARD, "victim@example.com", Suppressed.BOUNCE, "5.1.1", "no victim here")
    event = Event(event_key("mail", "forged"), "mail", NOW, about, (notice,))
    assert record(database, event, NOW).fate is Fate.NOT_OURS
    assert record(database, event, NOW).fate is Fate.REPLAYED
    assert sent.all() == before
    row = "".join(str(sent.one(select(column))) for column in feedback.c)
    assert "hard" in row
    assert "victim" not in row


def test_a_message_is_known_by_its_message_id_and_by_the_key_that_providers_return(
    database: Database,
) -> None:
    sent = send(database)
    for name, about in {
        "id": About(message_ids=("<other@example.org>", sent.message_id)),
        "key": About(message_key=sent.message_key),
        "link": About(subscription=sent.subscription, campaign=sent.campaign),
    }.items():
        event = Event(event_key("test", name), "test", NOW, about, (Notice(Kind.DELIVERED),))
        assert record(database, event, NOW).fate is Fate.NEW
    assert sent.message_id.endswith(f"@{DOMAIN}>")
    assert len(sent.all()["feedback"]) == 3


def test_what_is_kept_holds_no_address(database: Database) -> None:
    sent = send(database, email="iryna.canary@example.com")
    said = "550 <iryna.canary@example.com>: iryna.canary is not here, ask boss@example.net"
    event = sent.event(Kind.HARD, suppresses=Suppressed.BOUNCE, detail=said)
    record(database, event, NOW)
    kept = str(sent.all())
    assert "canary" not in kept
    assert "boss" not in kept
    assert "is not here" in kept


@on_both
def test_characters_that_no_database_takes_do_not_stop_what_comes_behind_them(
    database: Database,
) -> None:
    sent = send(database)
    odd = "\x00\ud800\n\u2028 "
    notice = Notice(Kind.HARD, odd, Suppressed.BOUNCE, f"5.1.1{odd}", f"no{odd}user")
    about = About(sent.delivery, (f"<{odd}@example.org>",), odd)
    for number, where in enumerate([about, dataclasses.replace(about, delivery=0)]):
        event = Event(f"{number:064}", "test", NOW, where, (notice,))
        record(database, event, NOW)
    assert sent.detail == "a bounce came back: 5.1.1 no user"


def test_a_report_about_several_addresses_counts_for_the_reader_only_if_it_names_them(
    database: Database,
) -> None:
    ours = Notice(Kind.HARD, "Reader@example.com", Suppressed.BOUNCE)
    other = Notice(Kind.SOFT, "somebody@example.net")
    named = send(database, email="reader@example.com")
    passed_on = send(database)
    for sent in (named, passed_on):
        about = About(delivery=sent.delivery)
        event = Event(event_key("mail", sent.email), "mail", NOW, about, (other, ours))
        record(database, event, NOW)
    assert (named.state, named.suppressed) == ("bounced", "bounce")
    assert (passed_on.state, passed_on.suppressed) == ("accepted", None)


def test_a_provider_that_names_an_address_from_before_a_change_suppresses_nobody(
    database: Database,
) -> None:
    sent = send(database, email="new@example.com")
    notice = Notice(Kind.HARD, "old@example.com", Suppressed.BOUNCE)
    about = About(message_key=sent.message_key)
    record(database, Event("k" * 64, "postmark", NOW, about, (notice,), verified=True), NOW)
    assert (sent.state, sent.suppressed) == ("bounced", None)


def test_the_outcome_of_a_delivery_is_kept_when_its_reader_is_forgotten(
    database: Database,
) -> None:
    sent = send(database)
    with database.writing() as connection:
        connection.execute(subscribers.delete().where(subscribers.c.id == sent.subscriber))
    outcome = record(database, sent.event(Kind.HARD, **DEAD), NOW)  # type: ignore[arg-type]
    assert (outcome.fate, outcome.suppressed) == (Fate.NEW, False)
    assert sent.state == "bounced"


def test_leaving_by_the_page_of_a_provider_ends_the_subscription(database: Database) -> None:
    sent = send(database)
    assert record(database, sent.event(Kind.UNSUBSCRIBED), NOW).left
    assert not sent.subscribed
    assert (sent.state, sent.suppressed) == ("accepted", None)


# What may happen to one message, in any order and any number of times.
_HAPPENINGS = [
    (Kind.DELIVERED, 0, None),
    (Kind.OTHER, 0, None),
    (Kind.AUTO_REPLY, 1, None),
    *[(Kind.SOFT, day, None) for day in range(5)],
    (Kind.MAILBOX_FULL, 6, None),
    (Kind.POLICY, 2, None),
    (Kind.HARD, 3, Suppressed.BOUNCE),
    (Kind.HARD, 1, None),
    (Kind.COMPLAINT, 4, Suppressed.COMPLAINT),
    (Kind.COMPLAINT, 2, Suppressed.COMPLAINT),
    (Kind.POLICY, 0, Suppressed.COMPLAINT),
    (Kind.UNSUBSCRIBED, 3, None),
]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder: Path = tmp_path_factory.mktemp("feedback")
    database = Database.open(folder / "newsletter.db", keys=Keys.new())
    yield database
    database.close()


@settings(max_examples=40)
@given(
    chosen=st.sets(st.sampled_from(range(len(_HAPPENINGS))), max_size=9),
    answer=st.sampled_from([State.ACCEPTED, State.UNKNOWN]),
    seed=st.integers(0, 2**32),
)
def test_every_order_and_every_repetition_leads_to_the_same_end(
    shared: Database, chosen: set[int], answer: State, seed: int
) -> None:
    """Also before the sender has written down how the handing over ended, and among strangers."""
    dice = random.Random(seed)
    ends = []
    for _ in range(2):
        sent = send(shared, state=State.ATTEMPTING)
        steps: list[Event | None] = [None]  # None: the answer to the sender
        for number in chosen:
            kind, day, why = _HAPPENINGS[number]
            event = sent.event(kind, at=NOW + day * DAY, suppresses=why, name=str(number))
            steps += [event] * dice.choice([1, 1, 2, 3])
            stranger = About(message_key="f" * 32)
            key = event_key("stranger", event.key)
            steps.append(Event(key, "test", event.occurred_at, stranger, event.notices))
        dice.shuffle(steps)
        _play(sent, steps, answer, dice)
        ends.append(sent.all())
    assert ends[0] == ends[1]


def _play(
    sent: Sent,
    steps: list[Event | None],
    answer: State,
    dice: random.Random,
    later: datetime.datetime = NOW + 20 * DAY,
) -> None:
    """What is in hand comes again later, as from a provider or by the next look into a mailbox."""
    while steps:
        step = steps.pop(0)
        if step is None:
            sent.reply(answer)
            continue
        batch = [step]
        while steps and steps[0] is not None and dice.random() < 0.5:
            batch.append(steps.pop(0))  # type: ignore[arg-type]
        outcomes = record_all(sent.database, batch, later)
        steps += [
            event
            for event, outcome in zip(batch, outcomes, strict=True)
            if outcome.fate is Fate.IN_HAND
        ]


# What may come back for five weekly letters to one reader: of which letter, what, on which day.
_OF_LETTERS = [
    *[(letter, Kind.HARD, 7 * letter) for letter in range(5)],
    *[(letter, Kind.SOFT, 7 * letter + 1) for letter in range(5)],
    *[(letter, Kind.DELIVERED, 7 * letter) for letter in range(5)],
    (1, Kind.POLICY, 12),
    (2, Kind.AUTO_REPLY, 14),
    (2, Kind.COMPLAINT, 15),
    (3, Kind.MAILBOX_FULL, 22),
]


@settings(max_examples=60)
@given(
    chosen=st.sets(st.sampled_from(range(len(_OF_LETTERS))), max_size=9),
    states=st.lists(
        st.sampled_from([State.ACCEPTED, State.ACCEPTED, State.UNKNOWN, State.FAILED]),
        min_size=5,
        max_size=5,
    ),
    seed=st.integers(0, 2**32),
)
def test_what_comes_back_for_many_letters_may_come_in_any_order(
    shared: Database, chosen: set[int], states: list[State], seed: int
) -> None:
    dice = random.Random(seed)
    ends = []
    for _ in range(2):
        reader = send(shared)
        letters = [
            send_again(reader, NOW + 7 * number * DAY, state=state)
            for number, state in enumerate(states)
        ]
        steps: list[Event | None] = []
        for number in chosen:
            letter, kind, day = _OF_LETTERS[number]
            event = letters[letter].event(kind, at=NOW + day * DAY)
            steps += [event] * dice.choice([1, 1, 2])
        dice.shuffle(steps)
        _play(reader, steps, State.ACCEPTED, dice, later=NOW + 60 * DAY)
        ends.append([letter.all() for letter in letters])
    assert ends[0] == ends[1]


@on_both
def test_several_programs_that_bring_the_same_events_at_the_same_time_do_no_harm(
    database: Database,
) -> None:
    campaign = new_campaign(database)
    everybody = [send(database, state=State.UNKNOWN, campaign=campaign) for _ in range(6)]
    events = [
        sent.event(kind, at=NOW + day * DAY)
        for sent in everybody
        for day, kind in enumerate([Kind.SOFT, Kind.MAILBOX_FULL, Kind.SOFT, Kind.SOFT, Kind.HARD])
    ]
    stranger = Event("s" * 64, "test", NOW, About(), (Notice(Kind.SOFT),))

    def bring(seed: int) -> list[Fate]:
        shuffled = [*events, stranger]
        random.Random(seed).shuffle(shuffled)
        batches = [shuffled[start : start + 7] for start in range(0, len(shuffled), 7)]
        done = [record_all(database, batch, NOW + 9 * DAY) for batch in batches]
        return [outcome.fate for outcomes in done for outcome in outcomes]

    with ThreadPoolExecutor(4) as pool:
        fates = [fate for found in pool.map(bring, range(4)) for fate in found]
    assert fates.count(Fate.NEW) == len(events)
    assert fates.count(Fate.NOT_OURS) == 1
    assert {(sent.state, sent.suppressed) for sent in everybody} == {("bounced", "bounce")}
    assert everybody[0].one(select(campaigns.c.finished_at)) == NOW + 9 * DAY


def test_nothing_is_kept_of_a_batch_that_cannot_be_written_whole(database: Database) -> None:
    sent = send(database)
    good = sent.event(Kind.HARD, **DEAD)  # type: ignore[arg-type]
    bad = Event("x" * 64, "test", None, About(), ())  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        record_all(database, [good, bad], NOW)
    assert sent.state == "accepted"
    assert sent.one(select(feedback.c.id)) is None
