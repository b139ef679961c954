"""What a template may show. The names here are the interface to newsrooms' own templates.

Markdown has become HTML (``Markup``), which templates show as it is; everything else is text, which
templates escape.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from newsletter.issue import model
from newsletter.issue.manuscript import Where
from newsletter.render.frame import Frame
from newsletter.render.language import date_line
from newsletter.render.markdown import Markdown
from newsletter.render.marks import Marks
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
class Correction:
    """What was corrected, and when: ``date_line`` is the day in words. Only pages show it."""

    date: datetime.date
    date_line: str
    note: Markup


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
    issue: model.Issue, frame: Frame, markdown: Markdown, pictures: Pictures, marks: Marks
) -> dict[str, Any]:
    """Everything that a template may show, by name, marked with where it comes from."""
    return _Shown(issue, frame, markdown, pictures, marks).context()


@dataclass(frozen=True, slots=True)
class _Shown:
    """The values of an issue as templates show them."""

    issue: model.Issue
    frame: Frame
    markdown: Markdown
    pictures: Pictures
    marks: Marks

    def context(self) -> dict[str, Any]:
        sections = tuple(
            self._section(section, ("sections", number))
            for number, section in enumerate(self.issue.sections)
        )
        targets = {str(section.id) for section in sections}
        summary = tuple(
            self._bullet(bullet, ("summary", number), targets)
            for number, bullet in enumerate(self.issue.summary)
        )
        return {
            "issue": self._letter(),
            "publication": self.frame.publication,
            "words": self.frame.words,
            "summary": summary,
            "sections": sections,
            "corrections": tuple(
                Correction(
                    entry.date,
                    date_line(entry.date, self.frame.language),
                    self._inline(entry.note, ("corrections", number, "note")),
                )
                for number, entry in enumerate(self.issue.corrections)
            ),
        }

    def _letter(self) -> Letter:
        issue, frame, text = self.issue, self.frame, self.marks.text
        return Letter(
            subject=text(issue.subject, ("subject",)),
            preheader=self._smart(issue.preheader, ("preheader",)),
            title=self._smart(frame.title, ("title",)),
            date=issue.date,
            date_line=text(frame.date_line, ("date",)),
            number=text(frame.number, ("number",)),
            language=text(frame.language, ("language",)) if issue.language else frame.language,
            dir=frame.direction,
            start="right" if frame.direction == "rtl" else "left",
            intro=self._body(issue.intro or "", ("intro",), place="intro", heading=2),
            outro=self._body(issue.outro or "", ("outro",), place="outro", heading=2),
            reason=frame.reason,
            view_url=frame.view_url,
            unsubscribe_url=frame.unsubscribe_url,
        )

    def _bullet(self, bullet: model.Bullet, where: Where, targets: set[str]) -> Bullet:
        text = self._inline(bullet.text, (*where, "text"))
        # A link inside a link is no HTML: a bullet with links of its own does not jump.
        jumps = bullet.story in targets and "<a " not in text
        href = f"#{bullet.story}" if jumps else ""
        return Bullet(text, self.marks.text(href, (*where, "story")))

    def _section(self, section: model.Section, where: Where) -> SectionView:
        smart, inline, address = self._smart, self._inline, self._address
        place = f"section-{int(where[-1]) + 1}"
        own = getattr(section, "id", None)
        name = self.marks.text(own or place, (*where, "id") if own else where)
        match section:
            case model.Story():
                headline = (*where, "headline")
                label = self.frame.words.read_in_full.format(
                    headline=self.markdown.smart(section.headline)
                )
                return Story(
                    id=name,
                    headline=smart(section.headline, headline),
                    byline=smart(section.byline, (*where, "byline")),
                    image=self._image(section.image, (*where, "image")),
                    body=self._body(section.body, (*where, "body"), place=place),
                    link=address(section.link, (*where, "link")),
                    link_label=self.marks.text(label, headline),
                )
            case model.TextSection():
                body = self._body(section.body, (*where, "body"), place=place, heading=2)
                return Text(name, body)
            case model.Picture():
                return Picture(name, self._shown(section.image, (*where, "image")))
            case model.Quote():
                return Quote(
                    name,
                    self._quoted(section.text, (*where, "text"), place=place),
                    smart(section.source, (*where, "source")),
                )
            case model.Links():
                items = tuple(
                    LinkItem(
                        smart(item.title, (*where, "items", number, "title")),
                        address(item.url, (*where, "items", number, "url")),
                        inline(item.note, (*where, "items", number, "note")),
                    )
                    for number, item in enumerate(section.items)
                )
                return Links(name, smart(section.title, (*where, "title")), items)
            case model.Button():
                label = smart(section.label, (*where, "label"))
                return Button(name, label, address(section.url, (*where, "url")))
            case model.Sponsor():
                return Sponsor(
                    name,
                    smart(section.label, (*where, "label")),
                    self._body(section.body, (*where, "body"), place=place, heading=2),
                    self._image(section.image, (*where, "image")),
                    address(section.url, (*where, "url")),
                )
            case model.Divider():
                return Divider(name)

    def _image(self, image: model.Image | None, where: Where) -> Image | None:
        return self._shown(image, where) if image else None

    def _shown(self, image: model.Image, where: Where) -> Image:
        placed = self.pictures.place(image.src, limit=CONTENT_WIDTH, wanted=image.width)
        return Image(
            src=self._address(placed.src if placed else "", (*where, "src")),
            alt=self._smart(image.alt, (*where, "alt")),
            width=placed.width if placed else image.width or CONTENT_WIDTH,
            caption=self._inline(image.caption, (*where, "caption")),
            credit=self._smart(image.credit, (*where, "credit")),
        )

    def _smart(self, text: str | None, where: Where) -> str:
        return self.marks.text(self.markdown.smart(text or ""), where)

    def _address(self, url: str | None, where: Where) -> str:
        return self.marks.text(self.markdown.address(url or ""), where)

    def _inline(self, text: str | None, where: Where) -> Markup:
        return self.markdown.inline(text or "", self.marks.inside(where))

    def _body(self, text: str, where: Where, *, place: str, heading: int = 3) -> Markup:
        mark = self.marks.inside(where)
        return self.markdown.body(text, place=place, heading=heading, mark=mark)

    def _quoted(self, text: str, where: Where, *, place: str) -> Markup:
        quoted, said = self.frame.quoted(text), text.strip()
        mark = self.marks.inside(where, shift=text.index(said) - quoted.index(said))
        return self.markdown.body(quoted, place=place, heading=2, mark=mark)
