"""The loop: claim, compose, hand over, record; one reader after another."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from newsletter.delivery.ledger import Claimed, Ledger
from newsletter.delivery.message import Sender, compose
from newsletter.delivery.outcome import About, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.reply import scrub
from newsletter.delivery.transports.base import Transport
from newsletter.errors import DatabaseError, TransportError
from newsletter.render.edition import Edition

REFUSALS_IN_A_ROW = 5
"""So many readers refused in the same words, for no reason of their own, pause a campaign."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far this run has come.

    Attributes:
        done: Readers dealt with in this run.
        total: Readers there were to deal with when it began.
        states: How many of the done came out in each state.
    """

    done: int
    total: int
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended.

    Attributes:
        states: Deliveries of the whole campaign by state.
        seconds: How long the run took.
        finished: Whether nothing is open any more.
        interrupted: Whether somebody asked it to stop.
        next_due: When the first deferred delivery is due; None if there is none.
    """

    states: Mapping[str, int]
    seconds: float
    finished: bool
    interrupted: bool
    next_due: datetime.datetime | None


def deliver(
    ledger: Ledger,
    edition: Edition,
    sender: Sender,
    transport: Transport,
    *,
    clock: Callable[[], datetime.datetime],
    stop: Callable[[], bool] = lambda: False,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Summary:
    """Send a campaign as far as it can be sent now.

    The caller holds the lock (``sending_alone``) and has recovered what a dead program left.

    Args:
        ledger: Who is to get it.
        edition: What they get: the campaign's frozen edition.
        sender: Who it is from.
        transport: Who takes the messages; opened here.
        clock: Tells the time.
        stop: Asked before each reader; true ends the run after the one in hand.
        on_progress: Told after each reader.

    Returns:
        The state of the campaign afterwards.

    Raises:
        TransportError: The transport broke, or refuses everybody for the same reason. Readers that
            this says nothing about are planned again; sending can be resumed.
        DatabaseError: An outcome could not be recorded; nothing more was sent.
    """
    began = clock()
    run = _Run(ledger, edition, sender, transport, clock)
    total = ledger.due(began)
    interrupted = False
    if total:
        with transport:
            while not (interrupted := stop()) and (claimed := run.claim()):
                run.one(claimed)
                on_progress(Progress(run.done, max(total, run.done), dict(run.states)))
        run.end()
    now = clock()
    finished = ledger.close(now)
    return Summary(
        states=ledger.counts(),
        seconds=(now - began).total_seconds(),
        finished=finished,
        interrupted=interrupted and not finished,
        next_due=ledger.next_due(),
    )


class _Run:
    """One run over the open deliveries."""

    def __init__(
        self,
        ledger: Ledger,
        edition: Edition,
        sender: Sender,
        transport: Transport,
        clock: Callable[[], datetime.datetime],
    ) -> None:
        self._ledger = ledger
        self._edition = edition
        self._sender = sender
        self._transport = transport
        self._clock = clock
        self._refused: list[int] = []
        self._words = ""
        self.done = 0
        self.states: dict[str, int] = {}

    def claim(self) -> Claimed | None:
        return self._ledger.claim(self._clock(), self._sender.new_message_id)

    def one(self, claimed: Claimed) -> None:
        outcome = self._hand_over(claimed)
        try:
            state = self._ledger.record(claimed, outcome, self._clock())
        except DatabaseError as error:
            raise _in_doubt(claimed, outcome, error) from error
        self.done += 1
        self.states[state] = self.states.get(state, 0) + 1
        self._watch(claimed, outcome)

    def end(self) -> None:
        """A short campaign may end before the refusals were enough: if all were, pause it, too."""
        if len(self._refused) == self.done and not self._ledger.counts().get("accepted"):
            self._pause()

    def _hand_over(self, claimed: Claimed) -> Outcome:
        try:
            message = compose(
                self._edition,
                self._sender,
                claimed.recipient,
                message_id=claimed.message_id,
                date=claimed.date,
            )
        except Exception as error:  # noqa: BLE001 - whatever it was, nothing was sent, others go on
            # A ValueError is about this reader's data; anything else will hit the others, too.
            about = About.RECIPIENT if isinstance(error, ValueError) else About.MESSAGE
            said = scrub(str(error) or type(error).__name__, claimed.recipient.address)
            return Failed(f"no message could be made: {said}", about)
        try:
            return next(iter(self._transport.send([message])))
        except TransportError:
            self._ledger.release(claimed, self._clock())
            raise

    def _watch(self, claimed: Claimed, outcome: Outcome) -> None:
        words = _not_about_the_reader(outcome)
        if words != self._words:
            self._refused.clear()
            self._words = words
        if words:
            self._refused.append(claimed.id)
        if len(self._refused) >= REFUSALS_IN_A_ROW:
            self._pause()

    def _pause(self) -> None:
        if not self._refused:
            return
        # What was refused with certainty is planned again; what is unknown stays so.
        self._ledger.reopen(self._refused, self._clock())
        number = len(self._refused)
        readers = "1 reader" if number == 1 else f"{number} readers in a row"
        raise TransportError(
            f"{self._transport.describe()}: {readers} met the same refusal: {self._words}",
            "No reader is counted as failed for this. Settle it with whoever runs the relay, "
            "then send again with --resume.",
        )


def _not_about_the_reader(outcome: Outcome) -> str:
    """What is the same in refusals that are not about their readers; empty for other outcomes."""
    match outcome:
        case Failed(reason, about) if about is not About.RECIPIENT:
            pass
        case Deferred(reason, About.SITE):
            pass
        case Unknown(reason):
            pass
        case _:
            return ""
    # Queue ids, times and addresses differ from reply to reply; codes stand at the start.
    return re.match(r"(?:\d{3})?(?: \d\.\d+\.\d+)?", reason)[0] or reason  # type: ignore[index]


def _in_doubt(claimed: Claimed, outcome: Outcome, error: DatabaseError) -> DatabaseError:
    became = type(outcome).__name__.lower()
    return DatabaseError(
        f"cannot record what became of delivery {claimed.id} ({became}): {error.message}",
        "Nothing more was sent. Mend the database, then send with --resume; this one delivery will "
        "be listed as unknown in: newsletter status --failed",
    )
