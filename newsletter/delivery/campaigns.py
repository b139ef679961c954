"""Campaigns: an edition and an audience, both frozen when the sending starts."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, insert, select, update

from newsletter.audience.lists import MAIN
from newsletter.database.dialects import write_alone
from newsletter.database.engine import Database
from newsletter.database.states import Control, State
from newsletter.database.tables import campaigns, deliveries, editions
from newsletter.delivery import planning
from newsletter.delivery.audience import Audience, OfLists, readers
from newsletter.delivery.message import Sender
from newsletter.errors import NewsletterError, SendRefusedError
from newsletter.render.edition import Edition


@dataclass(frozen=True, slots=True)
class Campaign:
    """One run of sending an edition to an audience.

    Attributes:
        id: Its number in the database.
        slug: The issue.
        digest: SHA-256 of what is being sent, see ``content_digest``.
        transport: How it is sent, without secrets.
        started_at: When its audience and content were frozen.
        finished_at: When no delivery was open any more; None until then.
        expires_at: After this the letter is stale; None if never.
        control: What somebody wishes of it.
        control_reason: Why it is paused, if the program did it.
        lists: Names of the lists that it goes to.
        segment: Which of their readers; empty for all.
    """

    id: int
    slug: str
    digest: str
    transport: str
    started_at: datetime.datetime
    finished_at: datetime.datetime | None
    expires_at: datetime.datetime | None = None
    control: str = Control.RUNNING
    control_reason: str = ""
    lists: tuple[str, ...] = (MAIN,)
    segment: str = ""


class Campaigns:
    """All campaigns of a newsletter."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        edition: Edition,
        sender: Sender,
        transport: str,
        now: datetime.datetime,
        *,
        audience: Audience = OfLists(),  # noqa: B008 - it is frozen
        translations: Sequence[Edition] = (),
        languages: Mapping[str, str] | None = None,
        slug: str = "",
        expires_at: datetime.datetime | None = None,
        first: Callable[[Connection], None] = lambda _: None,
    ) -> Campaign:
        """Freeze content and audience: one delivery for each reader.

        On SQLite nobody else may start a campaign meanwhile: the caller holds the lock.

        Args:
            edition: What readers get for whose language there is no other.
            sender: Who it is from.
            transport: How it will be sent, without secrets.
            now: The time.
            audience: Whom it goes to.
            translations: The same in other languages.
            languages: Language of each list, for readers who have not said theirs.
            slug: What the campaign is called, if not as the edition.
            expires_at: After this the letter is stale and nobody gets it any more.
            first: Done in the transaction in which the campaign begins to count; what it raises
                keeps it from starting.

        Raises:
            SendRefusedError: There is nobody to send to; the issue's last campaign is not finished.
            AudienceError: The audience's segment is not one.
        """
        slug = slug or edition.slug
        digest = content_digest(edition, sender, translations)
        tags = [one.language for one in (edition, *translations)]
        found = readers(audience, self._database.dialect, tags, languages)
        blocks = planning.in_blocks(self._database)
        if blocks:
            planning.throw_away(self._database)
        with self._database.writing() as connection:
            # On a server somebody else may start the same issue at this moment: they wait here.
            write_alone(connection, campaigns)
            if not blocks:
                first(connection)
                _nothing_unfinished(connection, slug)
            lists, segment = _named(connection, audience)
            campaign_id: int = connection.execute(
                insert(campaigns)
                .values(
                    slug=slug,
                    digest=digest,
                    lists=list(lists),
                    segment=segment,
                    sender=dataclasses.asdict(sender),
                    transport=transport,
                    started_at=now,
                    expires_at=expires_at,
                )
                .values(planning.hidden(now) if blocks else {})
                .returning(campaigns.c.id)
            ).scalar_one()
            connection.execute(
                insert(editions),
                [
                    {
                        "campaign_id": campaign_id,
                        "number": number,
                        "language": one.language,
                        "content": zlib.compress(one.dump()),
                    }
                    for number, one in enumerate((edition, *translations))
                ],
            )
            if not blocks:
                planning.plan_at_once(connection, campaign_id, found, now)
                _somebody_is_planned(connection, campaign_id)
        if blocks:
            self._plan_in_blocks(campaign_id, slug, found, now, first)
        return Campaign(
            campaign_id,
            slug,
            digest,
            transport,
            now,
            None,
            expires_at,
            lists=lists,
            segment=segment,
        )

    def _plan_in_blocks(
        self,
        campaign_id: int,
        slug: str,
        found: Select[Any],
        now: datetime.datetime,
        first: Callable[[Connection], None],
    ) -> None:
        try:
            planning.plan_in_blocks(self._database, campaign_id, found, now)
            with self._database.writing() as connection:
                first(connection)
                _nothing_unfinished(connection, slug)
                _somebody_is_planned(connection, campaign_id)
                planning.reveal(connection, campaign_id, slug)
        except BaseException:
            with contextlib.suppress(NewsletterError):  # the first error is the one to tell
                planning.throw_away(self._database)
            raise

    def list(self, slug: str | None = None) -> tuple[Campaign, ...]:
        """Campaigns, the latest first; all, or those of one issue."""
        query = (
            select(*_COLUMNS)
            .where(campaigns.c.slug != planning.NAMELESS)
            .order_by(campaigns.c.id.desc())
        )
        if slug is not None:
            query = query.where(campaigns.c.slug == slug)
        with self._database.reading() as connection:
            return tuple(map(_campaign, connection.execute(query)))

    def latest(self, slug: str) -> Campaign | None:
        """The last campaign of an issue, or None."""
        found = self.list(slug)
        return found[0] if found else None

    def untouched(self, campaign: Campaign) -> bool:
        """Whether certainly nobody has got anything of it, so that it may as well start anew."""
        with self._database.reading() as connection:
            return not connection.scalar(select(_touched(campaign)))

    def discard(self, campaign: Campaign) -> None:
        """Forget a campaign that is untouched; another one is left as it is."""
        with self._database.writing() as connection:
            # Nobody begins a delivery of it between the look and the deletion.
            write_alone(connection, campaigns, deliveries)
            if not connection.scalar(select(_touched(campaign))):
                connection.execute(
                    delete(deliveries).where(deliveries.c.campaign_id == campaign.id)
                )
                connection.execute(delete(campaigns).where(campaigns.c.id == campaign.id))

    def control(self, campaign: Campaign, wish: Control, reason: str = "") -> bool:
        """Wish for a campaign to go on, to pause or to end; who sends it obeys within a second.

        Returns:
            Whether the wish counts: what is cancelled stays so.
        """
        change = update(campaigns).where(campaigns.c.id == campaign.id)
        if wish is not Control.CANCELLED:
            change = change.where(campaigns.c.control != Control.CANCELLED)
        with self._database.writing() as connection:
            changed = connection.execute(change.values(control=wish, control_reason=reason))
            return changed.rowcount == 1

    def set_rate(self, campaign: Campaign, rate: str) -> None:
        """Give a campaign its own rate, ``50/s`` or ``20000/h``; empty for the usual one."""
        with self._database.writing() as connection:
            connection.execute(
                update(campaigns).where(campaigns.c.id == campaign.id).values(rate=rate)
            )

    def change_pace(
        self, campaign: Campaign, change: Callable[[str, str], tuple[str, str]]
    ) -> None:
        """Give a campaign its own pace; who sends it obeys within a second.

        Args:
            campaign: Which.
            change: Given its rate and the rest as they are kept, returns both as they shall be.
        """
        its = campaigns.c.id == campaign.id
        with self._database.writing() as connection:
            before = connection.execute(select(campaigns.c.rate, campaigns.c.pace).where(its)).one()
            rate, rest = change(before.rate, before.pace)
            connection.execute(update(campaigns).where(its).values(rate=rate, pace=rest))

    def edition(self, campaign: Campaign) -> Edition:
        """What readers get for whose language there is no other, as it was at the start."""
        return self.editions(campaign)[0]

    def editions(self, campaign: Campaign) -> tuple[Edition, ...]:
        """All that the campaign sends, by number, as it was when it started."""
        query = (
            select(editions.c.content)
            .where(editions.c.campaign_id == campaign.id)
            .order_by(editions.c.number)
        )
        with self._database.reading() as connection:
            found = connection.execute(query).scalars().all()
        return tuple(Edition.load(zlib.decompress(content)) for content in found)

    def sender(self, campaign: Campaign) -> Sender:
        """Who the campaign is from, as it was when it started."""
        query = select(campaigns.c.sender).where(campaigns.c.id == campaign.id)
        with self._database.reading() as connection:
            return Sender(**connection.execute(query).scalar_one())


def content_digest(edition: Edition, sender: Sender, translations: Sequence[Edition] = ()) -> str:
    """SHA-256 in hex of all that readers can get: the editions, and who they are from.

    Args:
        edition: What readers get for whose language there is no other.
        sender: Who it is from.
        translations: The same in other languages; their order does not matter.
    """
    said = dataclasses.asdict(sender)
    if not sender.of_lists:
        del said["of_lists"]  # campaigns that are older than it have the digest they had
    about = json.dumps(said, sort_keys=True)
    others = "".join(sorted(f"{one.digest}\n" for one in translations))
    return hashlib.sha256(f"{edition.digest}\n{others}{about}".encode()).hexdigest()


def _named(connection: Connection, audience: Audience) -> tuple[tuple[str, ...], str]:
    """The lists and the segment of an audience; of readers of another campaign, those of that."""
    if isinstance(audience, OfLists):
        return audience.lists, audience.segment
    query = select(campaigns.c.lists, campaigns.c.segment)
    lists, segment = connection.execute(query.where(campaigns.c.id == audience.campaign_id)).one()
    return tuple(lists), segment


def _somebody_is_planned(connection: Connection, campaign_id: int) -> None:
    planned = exists().where(
        deliveries.c.campaign_id == campaign_id, deliveries.c.state == State.PLANNED
    )
    if not connection.scalar(select(planned)):
        raise SendRefusedError(
            "there are no readers to send to",
            "Add some with: newsletter subscribers import FILE.csv",
        )


def _campaign(row: Any) -> Campaign:
    values = row._asdict()
    return Campaign(**{**values, "lists": tuple(values["lists"])})


def _nothing_unfinished(connection: Connection, slug: str) -> None:
    query = (
        select(campaigns.c.finished_at)
        .where(campaigns.c.slug == slug)
        .order_by(campaigns.c.id.desc())
        .limit(1)
    )
    latest = connection.execute(query).one_or_none()
    if latest is not None and latest.finished_at is None:
        raise SendRefusedError(
            f"{slug} is not finished yet",
            f"See: newsletter status {slug}. Finish it first: newsletter send --resume.",
        )


def _touched(campaign: Campaign) -> ColumnElement[bool]:
    return exists().where(
        deliveries.c.campaign_id == campaign.id,
        deliveries.c.state.not_in(_UNTOUCHED) | deliveries.c.doubtful,
    )


_UNTOUCHED = (State.PLANNED, State.CLAIMED, State.DEFERRED, State.SUPPRESSED, State.CANCELLED)

_COLUMNS = (
    campaigns.c.id,
    campaigns.c.slug,
    campaigns.c.digest,
    campaigns.c.transport,
    campaigns.c.started_at,
    campaigns.c.finished_at,
    campaigns.c.expires_at,
    campaigns.c.control,
    campaigns.c.control_reason,
    campaigns.c.lists,
    campaigns.c.segment,
)
