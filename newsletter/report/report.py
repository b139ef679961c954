"""What became of one sending, in numbers; nobody's name is in it."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, case, cast, exists, func, select

from newsletter.database.dialects import position
from newsletter.database.engine import Database
from newsletter.database.states import Kind, State
from newsletter.database.tables import (
    campaigns,
    clicks,
    deliveries,
    feedback,
    subscribers,
    subscriptions,
)
from newsletter.feedback.refusals import SOURCE, count_doubted
from newsletter.report.timeline import Timeline, timeline

TAKEN = (State.ACCEPTED, State.BOUNCED, State.COMPLAINED)
"""States of messages that the other side has taken, whatever became of them later."""

DOMAINS = 20
"""Mail domains that are named; the others are summed up."""

OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Domain:
    """Readers of one mail domain.

    Attributes:
        name: The domain, as A-label; ``others`` for all that are not named.
        states: How many deliveries are in each state.
    """

    name: str
    states: Mapping[str, int]

    @property
    def total(self) -> int:
        """All deliveries there."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Report:
    """One sending.

    Attributes:
        slug: The issue.
        started_at: When it began.
        finished_at: When no delivery was open any more; None if some are.
        lists: Names of the lists that it went to.
        segment: Which of their readers; empty for all.
        states: How many deliveries are in each state; states without any are left out.
        came_back: How many readers each kind of feedback came from.
        refused: How many refusals, when letters were handed over, count against their readers.
        doubted: How many do not, because there are too many of them to be believed.
        left: Readers of this sending who have unsubscribed since, before the next one began.
        domains: By mail domain, the largest first.
        accepted: When messages were taken.
        bounced: When bounces came.
        departed: When readers left.
        links: How often each link was followed, if the project counts that.
    """

    slug: str
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    lists: Sequence[str]
    segment: str
    states: Mapping[str, int]
    came_back: Mapping[str, int]
    refused: int
    doubted: int
    left: int
    domains: Sequence[Domain]
    accepted: Timeline
    bounced: Timeline
    departed: Timeline
    links: Mapping[str, int]

    @property
    def readers(self) -> int:
        """Everybody who was to get it, but for suppressed addresses."""
        return sum(self.states.values()) - self.states.get(State.SUPPRESSED, 0)

    @property
    def taken(self) -> int:
        """Messages that the other side has taken."""
        return sum(self.states.get(state, 0) for state in TAKEN)

    @property
    def complaint_rate(self) -> float | None:
        """Complaints for each message that was taken; None if none was."""
        complaints = self.came_back.get(Kind.COMPLAINT, 0)
        return complaints / self.taken if self.taken else None


def make_report(database: Database, campaign_id: int) -> Report:
    """The report of one sending, as things stand now.

    Raises:
        DatabaseError: The database cannot be read.
    """
    doubted = count_doubted(database, campaign_id)
    with database.reading() as connection:
        campaign = connection.execute(select(campaigns).where(campaigns.c.id == campaign_id)).one()
        until = connection.scalar(
            select(func.min(campaigns.c.started_at)).where(campaigns.c.id > campaign_id)
        )
        its = deliveries.c.campaign_id == campaign_id
        by_domain = _domains(connection, database.dialect, its)
        states = Counter[str]()
        for domain in by_domain:
            states.update(domain.states)
        came_back = (
            select(feedback.c.kind, func.count(feedback.c.delivery_id.distinct()))
            .join_from(feedback, deliveries, feedback.c.delivery_id == deliveries.c.id)
            .where(its, feedback.c.source != SOURCE)
            .group_by(feedback.c.kind)
            .order_by(feedback.c.kind)
        )
        refused = (
            select(func.count(feedback.c.delivery_id.distinct()))
            .join_from(feedback, deliveries, feedback.c.delivery_id == deliveries.c.id)
            .where(its, feedback.c.source == SOURCE)
        )
        has_left = [
            subscriptions.c.unsubscribed_at >= campaign.started_at,
            exists().where(its, deliveries.c.subscriber_id == subscriptions.c.subscriber_id),
        ]
        if until is not None:
            has_left.append(subscriptions.c.unsubscribed_at < until)
        departed = _moments(connection, subscriptions.c.unsubscribed_at, *has_left)
        begin = campaign.started_at
        taken = _moments(connection, _taken_at(), its, deliveries.c.state.in_(TAKEN))
        bounces = _moments(
            connection,
            feedback.c.occurred_at,
            feedback.c.kind.in_((Kind.HARD, Kind.SOFT, Kind.MAILBOX_FULL, Kind.POLICY)),
            feedback.c.source != SOURCE,
            exists().where(its, deliveries.c.id == feedback.c.delivery_id),
        )
        followed = (
            select(clicks.c.url, func.sum(clicks.c.number))
            .where(clicks.c.slug == campaign.slug)
            .group_by(clicks.c.url)
            .order_by(func.sum(clicks.c.number).desc(), clicks.c.url)
        )
        return Report(
            slug=campaign.slug,
            started_at=begin,
            finished_at=campaign.finished_at,
            lists=tuple(campaign.lists),
            segment=campaign.segment,
            states={state.value: states[state] for state in State if states[state]},
            came_back=_pairs(connection, came_back),
            refused=connection.scalar(refused) or 0,
            doubted=doubted,
            left=sum(departed.values()),
            domains=by_domain,
            accepted=timeline(taken, begin),
            bounced=timeline(bounces, begin),
            departed=timeline(departed, begin),
            links=_pairs(connection, followed),
        )


def _domains(connection: Connection, dialect: str, its: ColumnElement[bool]) -> tuple[Domain, ...]:
    key = subscribers.c.email_key
    # Whoever was forgotten has no address any more; they count all the same.
    name = func.coalesce(func.substr(key, position(dialect, key, "@") + 1), OTHERS)
    query = (
        select(name.label("domain"), deliveries.c.state, func.count().label("number"))
        .join_from(deliveries, subscribers, isouter=True)
        .where(its)
        .group_by("domain", deliveries.c.state)
    )
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for domain, state, number in connection.execute(query):
        found[domain][state] += number
    others = found.pop(OTHERS, Counter())
    named = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    for _, states in named[DOMAINS:]:
        others.update(states)
    largest = tuple(Domain(domain, dict(states)) for domain, states in named[:DOMAINS])
    return (*largest, Domain(OTHERS, dict(others))) if others else largest


def _pairs(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {row[0]: int(row[1]) for row in connection.execute(query)}


def _taken_at() -> ColumnElement[Any]:
    """When a message was taken: once it has come back, the row's last change is that of the bounce.

    It had been claimed shortly before, at least for the first time.
    """
    came_back = deliveries.c.state != State.ACCEPTED
    claimed = func.coalesce(deliveries.c.first_claimed_at, deliveries.c.updated_at)
    return case((came_back, claimed), else_=deliveries.c.updated_at)


def _moments(
    connection: Connection, moment: ColumnElement[Any], *which: ColumnElement[bool]
) -> dict[datetime.datetime, int]:
    """How many there were in each minute."""
    minute = func.substr(cast(moment, Text), 1, len("2026-11-20 09:30"))
    query = select(minute.label("minute"), func.count()).where(*which).group_by("minute")
    return {
        datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC): number
        for text, number in connection.execute(query)
    }
