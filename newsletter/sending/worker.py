"""A program that runs by itself: starts what is scheduled, tries again what was deferred."""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from newsletter.audience import retention
from newsletter.audience.lists import Encryption
from newsletter.database.states import OPEN, Control, State, Wait
from newsletter.delivery import gate, generation
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.ledger import Ledger
from newsletter.delivery.sender import Summary
from newsletter.delivery.throttle import rest_for
from newsletter.errors import DatabaseError, NewsletterError, SendRefusedError, TransportError
from newsletter.project import Project
from newsletter.sending import clock
from newsletter.sending.alone import alone
from newsletter.sending.hold import usual_pace
from newsletter.sending.run import run
from newsletter.sending.scheduled import start_scheduled
from newsletter.sending.schedules import Schedule, Schedules

NAP = datetime.timedelta(seconds=15)
"""Between two looks at what is due; a schedule that is made meanwhile starts so much late."""

REST = datetime.timedelta(minutes=5)
"""After a transport broke until it is tried again."""

_PURGE = datetime.timedelta(hours=1)
"""Between two times of erasing what need not be known of readers any more."""


@dataclass(slots=True)
class Round:
    """What came of one look.

    Attributes:
        missed: How many schedules were marked as missed.
        incomplete: Whether anybody is still to be tried again.
    """

    missed: int = 0
    incomplete: bool = False


@dataclass(frozen=True, slots=True)
class _Rest:
    """A campaign is left alone for a while.

    Attributes:
        until: When it is its turn again.
        pace: The pace for which it rests, so that another one ends the rest; empty if that is not
            the reason.
    """

    until: datetime.datetime
    pace: tuple[str, ...] = ()


@dataclass(slots=True)
class Worker:
    """Looks what is due, again and again.

    Attributes:
        open_project: Opens the newsletter as it is now; its settings may have changed.
        stop: Asked often; true ends the work after the messages in hand.
        tell: Told what happened, a line at a time.
        now: Tells the time.
    """

    open_project: Callable[[], Project]
    stop: Callable[[], bool]
    tell: Callable[[str], None]
    now: Callable[[], datetime.datetime] = clock.now
    _resting: dict[int, _Rest] = field(default_factory=dict)
    _told: str = ""
    _purged_at: datetime.datetime | None = None

    def work(self, *, nap: datetime.timedelta = NAP) -> None:
        """Work until somebody asks to stop."""
        while not self.stop():
            try:
                self.look()
            except NewsletterError as error:  # a file half saved, a server away: it may pass
                self._tell_once(f"{error.message} {error.hint}".strip())
            until = time.monotonic() + nap.total_seconds()
            while not self.stop() and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, 0.2))

    def look(self) -> Round:
        """Start and go on with everything that is due now.

        Raises:
            ConfigurationError: The settings are wrong.
            DatabaseError: The database is out of reach.
            SendRefusedError: An older copy of the database was put back.
        """
        came = Round()
        with contextlib.closing(self.open_project()) as project:
            if not project.has_database:  # nobody has a reader yet; looking makes none
                return came
            generation.check(project.database, project.state_folder)
            for schedule in Schedules(project.database).list(Wait.WAITING):
                if self.stop():
                    break
                if schedule.order.at <= self.now():
                    self._start(project, schedule, came)
            for campaign in self._to_go_on(project, came):
                if self.stop():
                    break
                self._go_on(project, campaign, came)
            self._purge(project)
        return came

    def _purge(self, project: Project) -> None:
        """Erase once an hour what need not be known of readers any more."""
        if self._purged_at is None or self.now() - self._purged_at >= _PURGE:
            retention.erase(project.database, project.settings.retention, self.now())
            self._purged_at = self.now()

    def _start(self, project: Project, schedule: Schedule, came: Round) -> None:
        with contextlib.ExitStack() as stack:
            try:
                if self.now() <= schedule.order.not_after:
                    stack.enter_context(alone(project))
            except SendRefusedError as error:  # it waits until the other one is done
                self._tell_once(f"{schedule.order.slug} waits: {error.message}.")
                came.incomplete = True
                return
            try:
                campaign = start_scheduled(project, schedule, self.now())
            except DatabaseError:
                raise
            except NewsletterError as error:
                if Schedules(project.database).miss(schedule, error.message):
                    came.missed += 1
                    self.tell(f"{schedule.order.slug} was missed: {error.message}.")
                return
            self.tell(f"{campaign.slug} starts, scheduled for {clock.local(schedule.order.at)}.")
            self._run(project, campaign, came)

    def _to_go_on(self, project: Project, came: Round) -> Iterator[Campaign]:
        """Campaigns with somebody to be mailed now.

        One that somebody has interrupted is theirs to go on with, unless it was scheduled.
        """
        scheduled = {
            (schedule.order.slug, schedule.started_at)
            for schedule in Schedules(project.database).list(Wait.STARTED)
        }
        for campaign in Campaigns(project.database).list():
            if campaign.finished_at or campaign.control != Control.RUNNING:
                continue
            ledger, now = Ledger(project.database, campaign), self.now()
            counts = ledger.counts()
            ours = (campaign.slug, campaign.started_at) in scheduled
            in_hand = counts.get(State.CLAIMED, 0) + counts.get(State.ATTEMPTING, 0)
            wanted = ledger.due(now) > 0 or (ours and in_hand > 0)
            allowed = ours or not counts.get(State.PLANNED)
            if wanted and allowed and not self._rests(project, campaign, now):
                yield campaign
            else:
                came.incomplete |= any(counts.get(state) for state in OPEN)

    def _rests(self, project: Project, campaign: Campaign, now: datetime.datetime) -> bool:
        rest = self._resting.get(campaign.id)
        if rest is None or now >= rest.until:
            return False
        # Somebody may have opened the window, or raised the ramp.
        return not rest.pace or rest.pace == _pace(project, campaign)

    def _go_on(self, project: Project, campaign: Campaign, came: Round) -> None:
        try:
            transport = project.transport()
            gate.goes_the_same_way(campaign, transport)
            sender = Campaigns(project.database).sender(campaign)
            gate.links_will_work(transport, sender)
            for policy in sender.encryption.values():
                gate.letters_can_be_encrypted(transport, Encryption(policy))
            with alone(project):
                self._run(project, campaign, came)
        except SendRefusedError as error:
            self._tell_once(f"{campaign.slug} waits: {error.message}.")
            came.incomplete = True

    def _run(self, project: Project, campaign: Campaign, came: Round) -> None:
        try:
            summary = run(
                project,
                campaign,
                stop=self._stop_or_pause(project, campaign),
                tell=lambda line: self.tell(f"{campaign.slug}: {line}"),
            )
        except TransportError as error:
            self._resting[campaign.id] = _Rest(self.now() + _rest(error))
            self._tell_once(f"{campaign.slug} is held up: {error.message}. {error.hint}".strip())
            came.incomplete = True
            return
        self._told = ""
        if summary.held:
            self._resting[campaign.id] = _Rest(summary.held.until, _pace(project, campaign))
        came.incomplete |= not summary.finished
        self.tell(_said(campaign, summary))

    def _stop_or_pause(self, project: Project, campaign: Campaign) -> Callable[[], bool]:
        """A pause is no reason to wait here: other issues may be due."""
        ledger = Ledger(project.database, campaign)
        looked = time.monotonic()
        paused = False

        def stop() -> bool:
            nonlocal looked, paused
            if not paused and time.monotonic() - looked > 1:
                looked = time.monotonic()
                paused = ledger.wishes().control is Control.PAUSED
            return paused or self.stop()

        return stop

    def _tell_once(self, line: str) -> None:
        """Say it, unless it was the last thing that was said."""
        if line != self._told:
            self._told = line
            self.tell(line)


def _rest(error: TransportError) -> datetime.timedelta:
    """How long a transport is left alone: longer than usual if its words ask for it."""
    asked = rest_for(error.message)
    return max(REST, datetime.timedelta(seconds=asked.seconds)) if asked else REST


def _pace(project: Project, campaign: Campaign) -> tuple[str, ...]:
    wishes = Ledger(project.database, campaign).wishes()
    return (str(usual_pace(project)), wishes.rate, wishes.pace)


def _said(campaign: Campaign, summary: Summary) -> str:
    doubted = f" Refusals that are doubted: {summary.doubted:,}; see: newsletter report."
    return _ended(campaign, summary) + (doubted if summary.doubted else "")


def _ended(campaign: Campaign, summary: Summary) -> str:
    counts = ", ".join(f"{number:,} {state}" for state, number in summary.states.items())
    if summary.finished:
        return f"{campaign.slug} is finished: {counts}."
    if summary.held:
        since = f"{summary.held.reason}; it goes on from {clock.local(summary.held.until)} on"
        return f"{campaign.slug} is not finished: {counts}; {since}."
    due = f", again from {clock.local(summary.next_due)} on" if summary.next_due else ""
    return f"{campaign.slug} is not finished: {counts}{due}."
