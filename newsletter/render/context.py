"""What a template may show. The names here are the interface to newsrooms' own templates.

Markdown has become HTML (``Markup``), which templates show as it is; everything else is text, which
templates escape.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from newsletter.issue import model
from newsletter.render.frame import Frame
from newsletter.render.markdown import Markdown
from newsletter.render.pictures import Pictures

CONTENT_WIDTH = 536
"""Width of the column in pixels: 600 less twice 32. Pictures are never wider."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The issue: ``issue`` in templates.

    Attributes:
        subject: Subject line.
        preheader: The line that the inbox shows behind the subject.
        title: The headline of the issue, or empty if the newsletter's name is its headline.
        date: The day.
        date_line: The day in words.
        number: "No. 42", or empty.
        language: BCP 47 tag.
        dir: ``ltr`` or ``rtl``.
        start: Side where lines begin: ``left`` or ``right``.
        intro: Text before the summary, or empty.
        outro: Text after the sections, or empty.
        reason: Why the reader gets this letter.
        view_url: Address of the web version, or empty.
        unsubscribe_url: Address that ends the subscription.
    """

    subject: str
    preheader: str
    title: str
    date: datetime.date
    date_line: str
    number: str
    language: str
    dir: str
    start: str
    intro: Markup
    outro: Markup
    reason: str
    view_url: str
    unsubscribe_url: str


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet of the summary; ``href`` is ``#id`` of its story, or empty."""

    text: Markup
    href: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. ``src`` is empty if it cannot be shown: show ``alt`` in its place."""

    src: str
    alt: str
    width: int
    caption: Markup
    credit: str


@dataclass(frozen=True, slots=True)
class Story:
    """A headlined story; ``image`` may be none, ``byline`` and ``link`` may be empty."""

    kind: ClassVar[str] = "story"
    id: str
    headline: str
    byline: str
    image: Image | None
    body: Markup
    link: str
    link_label: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text without a headline."""

    kind: ClassVar[str] = "text"
    id: str
    body: Markup


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by itself."""

    kind: ClassVar[str] = "picture"
    id: str
    image: Image


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation between quotation marks; ``source`` may be empty."""

    kind: ClassVar[str] = "quote"
    id: str
    text: Markup
    source: str


@dataclass(frozen=True, slots=True)
class LinkItem:
    """One entry of a list of links; ``note`` may be empty."""

    title: str
    url: str
    note: Markup


@dataclass(frozen=True, slots=True)
class Links:
    """A list of links."""

    kind: ClassVar[str] = "links"
    id: str
    title: str
    items: tuple[LinkItem, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """One large link."""

    kind: ClassVar[str] = "button"
    id: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Sponsor:
    """A paid message; ``image`` may be none, ``url`` may be empty."""

    kind: ClassVar[str] = "sponsor"
    id: str
    label: str
    body: Markup
    image: Image | None
    url: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between sections."""

    kind: ClassVar[str] = "divider"
    id: str


SectionView = Story | Text | Picture | Quote | Links | Button | Sponsor | Divider


def template_context(
    issue: model.Issue, frame: Frame, markdown: Markdown, pictures: Pictures
) -> dict[str, Any]:
    """Everything that a template may show, by name."""
    smart = markdown.smart
    sections = tuple(_sections(issue, frame, markdown, pictures))
    targets = {section.id for section in sections}
    letter = Letter(
        subject=issue.subject,
        preheader=smart(issue.preheader),
        title=smart(frame.title),
        date=issue.date,
        date_line=frame.date_line,
        number=frame.number,
        language=frame.language,
        dir=frame.direction,
        start="right" if frame.direction == "rtl" else "left",
        intro=markdown.body(issue.intro or "", place="intro", heading=2),
        outro=markdown.body(issue.outro or "", place="outro", heading=2),
        reason=frame.reason,
        view_url=frame.view_url,
        unsubscribe_url=frame.unsubscribe_url,
    )
    return {
        "issue": letter,
        "publication": frame.publication,
        "words": frame.words,
        "summary": tuple(_bullet(bullet, markdown, targets) for bullet in issue.summary),
        "sections": sections,
    }


def _bullet(bullet: model.Bullet, markdown: Markdown, targets: set[str]) -> Bullet:
    text = markdown.inline(bullet.text)
    # A link inside a link is no HTML: a bullet with links of its own does not jump.
    jumps = bullet.story in targets and "<a " not in text
    return Bullet(text, f"#{bullet.story}" if jumps else "")


def _sections(
    issue: model.Issue, frame: Frame, markdown: Markdown, pictures: Pictures
) -> Iterator[SectionView]:
    smart, inline, address = markdown.smart, markdown.inline, markdown.address

    def shown(image: model.Image) -> Image:
        placed = pictures.place(image.src, limit=CONTENT_WIDTH, wanted=image.width)
        return Image(
            src=address(placed.src) if placed else "",
            alt=smart(image.alt),
            width=placed.width if placed else image.width or CONTENT_WIDTH,
            caption=inline(image.caption or ""),
            credit=smart(image.credit or ""),
        )

    for number, section in enumerate(issue.sections, 1):
        place = f"section-{number}"
        name = getattr(section, "id", None) or place
        match section:
            case model.Story():
                headline = smart(section.headline)
                yield Story(
                    id=name,
                    headline=headline,
                    byline=smart(section.byline or ""),
                    image=shown(section.image) if section.image else None,
                    body=markdown.body(section.body, place=place),
                    link=address(section.link or ""),
                    link_label=frame.words.read_in_full.format(headline=headline),
                )
            case model.TextSection():
                yield Text(name, markdown.body(section.body, place=place, heading=2))
            case model.Picture():
                yield Picture(name, shown(section.image))
            case model.Quote():
                text = markdown.body(frame.quoted(section.text), place=place, heading=2)
                yield Quote(name, text, smart(section.source or ""))
            case model.Links():
                items = tuple(
                    LinkItem(smart(item.title), address(item.url), inline(item.note or ""))
                    for item in section.items
                )
                yield Links(name, smart(section.title), items)
            case model.Button():
                yield Button(name, smart(section.label), address(section.url))
            case model.Sponsor():
                body = markdown.body(section.body, place=place, heading=2)
                image = shown(section.image) if section.image else None
                yield Sponsor(name, smart(section.label), body, image, address(section.url or ""))
            case model.Divider():
                yield Divider(name)
