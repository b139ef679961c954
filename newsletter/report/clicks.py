"""How often the links of letters were followed: looked up, counted, and written down now and then.

Counted in memory and added to the database every few seconds: a reader who follows a link does not
wait for the disk, and a crash loses a few seconds of counts, which nobody need know exactly.
"""

from __future__ import annotations

import datetime
import functools
import threading
import time
import zlib
from collections import Counter

from sqlalchemy import select, update

from newsletter.database.dialects import insert_ignoring
from newsletter.database.engine import Database
from newsletter.database.tables import campaigns, clicks, editions
from newsletter.render.edition import Edition

_FRESH_SECONDS = 5.0
"""How long an unknown link is unknown without another look."""


class Clicks:
    """The counter of one program; any thread may use it.

    Args:
        database: Where sendings are, and counts go.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str, datetime.date]] = Counter()
        self._links = functools.lru_cache(maxsize=64)(self._look_up)
        self._looked_up_at = time.monotonic()

    def follow(self, slug: str, code: str, today: datetime.date) -> str | None:
        """Where a link of an issue leads, counted once more; None if it has no such link.

        Args:
            slug: The issue.
            code: The link's code.
            today: The day, UTC.

        Raises:
            DatabaseError: The database cannot be read.
        """
        url = self._links(slug).get(code)
        if url is None and time.monotonic() > self._looked_up_at + _FRESH_SECONDS:
            # Perhaps it was sent a moment ago. Guessing does not make us look all the time.
            self._links.cache_clear()
            self._looked_up_at = time.monotonic()
            url = self._links(slug).get(code)
        if url is not None:
            with self._lock:
                self._counts[slug, url, today] += 1
        return url

    def write_down(self) -> None:
        """Add what was counted to the database.

        Raises:
            DatabaseError: It cannot be written; the counts are kept for the next time.
        """
        with self._lock:
            counts, self._counts = self._counts, Counter()
        if not counts:
            return
        try:
            with self._database.writing() as connection:
                for (slug, url, day), number in counts.items():
                    row = {"slug": slug, "url": url, "day": day}
                    connection.execute(insert_ignoring(connection, clicks).values(number=0, **row))
                    connection.execute(
                        update(clicks)
                        .where(*(clicks.c[name] == value for name, value in row.items()))
                        .values(number=clicks.c.number + number)
                    )
        except BaseException:
            with self._lock:
                self._counts.update(counts)
            raise

    def _look_up(self, slug: str) -> dict[str, str]:
        query = (
            select(editions.c.content)
            .join_from(editions, campaigns, editions.c.campaign_id == campaigns.c.id)
            .where(campaigns.c.slug == slug)
        )
        found: dict[str, str] = {}
        with self._database.reading() as connection:
            for content in connection.scalars(query):
                found.update(Edition.load(zlib.decompress(content)).links)
        return found
