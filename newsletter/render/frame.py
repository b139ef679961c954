"""What stands around the sections of a letter, the same for HTML and text."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter.issue.model import Issue
from newsletter.render.language import Direction, date_line, direction, quotes
from newsletter.render.merge import Tokens
from newsletter.render.publication import Publication
from newsletter.render.words import Words, words


@dataclass(frozen=True, slots=True)
class Frame:
    """Masthead and footer in words.

    Attributes:
        publication: The newsletter.
        language: BCP 47 tag of the issue.
        direction: ``ltr`` or ``rtl``.
        words: The words of that language.
        title: Headline of the issue as typed, or empty if the newsletter's name is its headline.
        number: "No. 42", or empty.
        date_line: "Friday, 20 November 2026".
        reason: Why the reader gets this letter.
        view_url: Merge token for the address of the web version, or empty if there is none.
        unsubscribe_url: Merge token for the address that ends the subscription.
    """

    publication: Publication
    language: str
    direction: Direction
    words: Words
    title: str
    number: str
    date_line: str
    reason: str
    view_url: str
    unsubscribe_url: str

    @classmethod
    def of(cls, issue: Issue, publication: Publication, tokens: Tokens, view_url: str) -> Frame:
        """The frame of an issue; ``view_url`` is the address of its web version, or empty."""
        language = issue.language or publication.language
        said = words(language)
        title = issue.title or ""
        if title.casefold() == publication.name.casefold():
            title = ""  # the masthead says it
        reason = publication.reason or said.reason.format(name=publication.name)
        if publication.clicks_url:
            reason = f"{reason} {said.clicks}"
        return cls(
            publication=publication,
            language=language,
            direction=direction(language),
            words=said,
            title=title,
            number="" if issue.number is None else said.number.format(number=issue.number),
            date_line=date_line(issue.date, language),
            reason=tokens.hide(reason),
            view_url=tokens.token("view_url", view_url) if view_url else "",
            unsubscribe_url=tokens.token("unsubscribe_url"),
        )

    def quoted(self, text: str) -> str:
        """Markdown between the language's quotation marks."""
        opening, closing = quotes(self.language)[:2]
        return f"{opening}{text.strip()}{closing}"
