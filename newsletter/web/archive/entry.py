"""An issue as the archive lists it."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import Literal

from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Story
from newsletter.issue.siblings import shared_slug
from newsletter.render.anonymous import anonymous
from newsletter.render.language import Direction, date_line, direction
from newsletter.render.markdown import Markdown
from newsletter.render.merge import Context, Tokens
from newsletter.render.publication import Publication

NOON = datetime.time(12, tzinfo=datetime.UTC)
"""Stands for a day without a time: it is the same day from Honolulu to Auckland."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What lists and feeds say of an issue. Nobody's data is in it.

    Attributes:
        manuscript: The issue.
        slug: Its name.
        family: The name that it shares with the same issue in other languages.
        language: BCP 47 tag.
        direction: ``ltr`` or ``rtl``.
        title: Its headline, or its subject.
        preheader: The line behind the subject.
        headlines: Of its stories.
        visibility: Who finds it.
        published: When it was sent for the first time, or noon (UTC) of its date.
        updated: The same, or a time on the day of its last correction.
        digest: SHA-256 in hex of all of the above; equal digests, equal issues.
    """

    manuscript: Manuscript
    slug: str
    family: str
    language: str
    direction: Direction
    title: str
    preheader: str
    headlines: tuple[str, ...]
    visibility: Literal["public", "unlisted", "private"]
    published: datetime.datetime
    updated: datetime.datetime
    digest: str

    @property
    def date(self) -> datetime.date:
        """The day of the issue."""
        return self.manuscript.issue.date

    @property
    def is_listed(self) -> bool:
        """Whether it stands in lists, feeds and the search."""
        return self.visibility == "public"

    def date_line(self) -> str:
        """The day in words, in the issue's language."""
        return date_line(self.date, self.language)

    @classmethod
    def of(
        cls,
        manuscript: Manuscript,
        publication: Publication,
        sent_at: datetime.datetime | None = None,
    ) -> Entry:
        """The entry of an issue.

        Args:
            manuscript: The issue.
            publication: The newsletter.
            sent_at: When it was sent for the first time, if that is known.
        """
        source = f"{manuscript.text}{manuscript.issue!r}{publication!r}"
        tokens = Tokens(source)
        issue = anonymous(manuscript.issue, tokens)
        language = issue.language or publication.language
        markdown = Markdown(language)

        def said(text: str) -> str:
            return tokens.cut(markdown.smart(text), Context.TEXT).fill({}).strip()

        title = said(issue.title or "")
        if title.casefold() == publication.name.casefold():
            title = ""
        published = (sent_at or datetime.datetime.combine(issue.date, NOON)).replace(microsecond=0)
        return cls(
            manuscript=manuscript,
            slug=manuscript.slug,
            family=shared_slug(manuscript.path),
            language=language,
            direction=direction(language),
            title=title or said(issue.subject) or publication.name,
            preheader=said(issue.preheader),
            headlines=tuple(said(s.headline) for s in issue.sections if isinstance(s, Story)),
            visibility=issue.visibility,
            published=published,
            updated=_updated(manuscript, published),
            digest=hashlib.sha256(f"{source}{published}".encode()).hexdigest(),
        )


def _updated(manuscript: Manuscript, published: datetime.datetime) -> datetime.datetime:
    """A time that grows with each correction, also with two of one day (RFC 4287, 4.2.15)."""
    corrections = manuscript.issue.corrections
    if not corrections:
        return published
    last = max(correction.date for correction in corrections)
    day = max(published, datetime.datetime.combine(last, NOON))
    return day + datetime.timedelta(seconds=len(corrections))
