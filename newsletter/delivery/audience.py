"""Whom a campaign goes to, as a query that gives each reader once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select

from newsletter.audience.lists import MAIN
from newsletter.audience.segments.segment import Segment
from newsletter.database.states import State, Subscription
from newsletter.database.tables import deliveries, subscribers, subscriptions, suppressions


@dataclass(frozen=True, slots=True)
class OfLists:
    """Everybody who has confirmed one of some lists.

    Attributes:
        lists: Their names. Who is on several gets one copy, as a reader of the first.
        segment: Which of these readers, as ``Segment.parse`` understands it; empty for all.
    """

    lists: tuple[str, ...] = (MAIN,)
    segment: str = ""


@dataclass(frozen=True, slots=True)
class ReadersOf:
    """Who has got, or may have got, an earlier campaign, and has not left since.

    Attributes:
        campaign_id: Number of the campaign.
        states: How their deliveries ended.
        editions: Numbers of the editions that they got; empty for any.
    """

    campaign_id: int
    states: tuple[State, ...] = (State.ACCEPTED, State.UNKNOWN)
    editions: tuple[int, ...] = ()


Audience = OfLists | ReadersOf


def readers(
    audience: Audience,
    dialect: str,
    editions: Sequence[str] = (),
    languages: Mapping[str, str] | None = None,
) -> Select[tuple[int, int, int, str]]:
    """The readers of an audience, in the order in which they came.

    Args:
        audience: Whom it goes to.
        dialect: ``Database.dialect``.
        editions: Languages of the editions (BCP 47) by their numbers.
        languages: That of each list, for readers who have not said theirs.

    Returns:
        Numbers of the reader, of the subscription and of the edition; ``planned``, or
        ``suppressed`` for an address that is never mailed.

    Raises:
        AudienceError: The segment is not one.
    """
    s = subscriptions.c
    query = (
        select(
            subscribers.c.id.label("subscriber_id"),
            s.id.label("subscription_id"),
            _edition(editions, languages or {}).label("edition"),
            case(
                (suppressions.c.email_hash.is_not(None), State.SUPPRESSED.value),
                else_=State.PLANNED.value,
            ).label("state"),
        )
        .select_from(
            subscriptions.join(subscribers, subscribers.c.id == s.subscriber_id).outerjoin(
                suppressions, suppressions.c.email_hash == subscribers.c.email_hash
            )
        )
        .where(s.status == Subscription.CONFIRMED.value)
        .order_by(subscribers.c.id)
    )
    if isinstance(audience, ReadersOf):
        got = exists().where(
            deliveries.c.campaign_id == audience.campaign_id,
            deliveries.c.subscriber_id == subscribers.c.id,
            deliveries.c.subscription_id == s.id,
            deliveries.c.state.in_(audience.states),
        )
        if audience.editions:
            got = got.where(deliveries.c.edition.in_(audience.editions))
        return query.where(got)
    query = query.where(s.list.in_(audience.lists))
    if len(audience.lists) > 1:
        query = query.where(~_on_an_earlier_one(audience.lists))
    if audience.segment:
        query = query.where(Segment.parse(audience.segment).clause(dialect))
    return query


def edition_for(language: str, editions: Sequence[str]) -> int | None:
    """Number of the edition for readers of a language; None if there is none.

    The same tag comes first; then the first edition in the same language whatever its region or
    script: ``pt-BR`` for ``pt``.
    """
    tags = [tag.lower() for tag in editions]
    wanted = language.lower()
    if wanted in tags:
        return tags.index(wanted)
    primary = [tag.partition("-")[0] for tag in tags]
    its = wanted.partition("-")[0]
    return primary.index(its) if its in primary else None


def _edition(editions: Sequence[str], languages: Mapping[str, str]) -> ColumnElement[int]:
    """The edition in the reader's language, else in that of the list, else the issue's own."""
    by_list = {
        name: number
        for name, language in languages.items()
        if (number := edition_for(language, editions))
    }
    usual: ColumnElement[int] = literal(0)
    if by_list:
        usual = case(by_list, value=subscriptions.c.list, else_=0)
    if len(editions) < 2:
        return literal(0)
    tags = [tag.lower() for tag in editions]
    own = func.lower(subscribers.c.language)
    same = [(own == tag, number) for number, tag in enumerate(tags)]
    alike = [
        (or_(own == primary, own.startswith(f"{primary}-", autoescape=True)), number)
        for number, primary in enumerate(tag.partition("-")[0] for tag in tags)
    ]
    return case(*same, *alike, else_=usual)


def _on_an_earlier_one(lists: Sequence[str]) -> ColumnElement[bool]:
    """Whether the reader has confirmed another of the lists, which was named before this one."""
    other = subscriptions.alias()
    before = [
        and_(subscriptions.c.list == name, other.c.list.in_(lists[:number]))
        for number, name in enumerate(lists)
        if number
    ]
    return exists().where(
        other.c.subscriber_id == subscriptions.c.subscriber_id,
        other.c.status == Subscription.CONFIRMED.value,
        or_(*before),
    )
