"""The text part of a letter, from the manuscript and never from HTML.

Readers of the text get every headline, every link and every picture's description, in the order
of the HTML; what they do not get is the preheader.
"""

from __future__ import annotations

from newsletter.issue.model import (
    Button,
    Divider,
    Image,
    Issue,
    Links,
    Picture,
    Quote,
    Section,
    Sponsor,
    Story,
    TextSection,
)
from newsletter.render.frame import Frame
from newsletter.render.markdown import Markdown
from newsletter.render.prose import Prose
from newsletter.render.wrap import COLUMNS, underlined, wrap


def plain(issue: Issue, frame: Frame, markdown: Markdown) -> str:
    """The text part: lines of at most 72 columns, but for addresses longer than that.

    Args:
        issue: The issue, merge fields hidden.
        frame: What stands around the sections.
        markdown: The letter's Markdown.

    Returns:
        Text with line feeds, one at its end.
    """
    prose = Prose(markdown, frame.words.picture)
    blocks = [_masthead(frame, markdown)]
    if issue.intro:
        blocks.append([*prose.body(issue.intro), *_listed(prose)])
    if issue.summary:
        bullets = [prose.line(bullet.text) for bullet in issue.summary]
        lines = [line for b in bullets for line in wrap(b, first="* ", rest="  ")]
        blocks.append([*underlined(frame.words.summary, "-"), "", *lines, *_listed(prose)])
    for section in issue.sections:
        blocks.append([*_section(section, prose, frame, markdown), *_listed(prose)])
    if issue.outro:
        blocks.append([*prose.body(issue.outro), *_listed(prose)])
    blocks.append(_footer(frame))
    return "\n\n\n".join("\n".join(block) for block in blocks) + "\n"


def _masthead(frame: Frame, markdown: Markdown) -> list[str]:
    publication = frame.publication
    title = markdown.smart(frame.title)
    lines = wrap(publication.name) if title else underlined(publication.name, "=")
    if publication.tagline:
        lines += wrap(publication.tagline)
    lines += wrap(" · ".join(part for part in (frame.number, frame.date_line) if part))
    return [*lines, "", *underlined(title, "=")] if title else lines


def _listed(prose: Prose) -> list[str]:
    references = prose.references()
    return ["", *references] if references else []


def _section(section: Section, prose: Prose, frame: Frame, markdown: Markdown) -> list[str]:
    smart, address = markdown.smart, markdown.address
    match section:
        case Story():
            lines = underlined(smart(section.headline), "-")
            if section.byline:
                lines += wrap(smart(section.byline))
            lines.append("")
            if image := _image(section.image, prose, frame):
                lines += [*image, ""]
            lines += prose.body(section.body)
            if section.link:
                lead = frame.words.read_in_full.format(headline=smart(section.headline))
                lines += ["", *wrap(lead), address(section.link)]
            return lines
        case TextSection():
            return prose.body(section.body)
        case Picture():
            return _image(section.image, prose, frame)
        case Quote():
            lines = prose.body(frame.quoted(section.text), columns=COLUMNS - 4)
            if section.source:
                lines += wrap(smart(section.source), first="— ", rest="  ", columns=COLUMNS - 4)
            return [f"    {line}".rstrip() for line in lines]
        case Links():
            lines = underlined(smart(section.title), "-")
            for item in section.items:
                lines += [
                    "",
                    *wrap(smart(item.title), first="* ", rest="  "),
                    f"  {address(item.url)}",
                ]
                if item.note:
                    lines += wrap(prose.line(item.note), first="  ", rest="  ")
            return lines
        case Button():
            return [*wrap(f"{smart(section.label)}:"), address(section.url)]
        case Sponsor():
            rule = "=" * COLUMNS
            lines = [rule, *wrap(smart(section.label)), ""]
            if image := _image(section.image, prose, frame):
                lines += [*image, ""]
            lines += prose.body(section.body)
            return [*lines, "", address(section.url), rule] if section.url else [*lines, rule]
        case Divider():
            return ["* * *".center(COLUMNS).rstrip()]


def _image(image: Image | None, prose: Prose, frame: Frame) -> list[str]:
    if image is None:
        return []
    caption = prose.line(image.caption) if image.caption else ""
    said = [part.rstrip(".") for part in (image.alt.strip(), caption, image.credit) if part]
    return wrap(f"[{frame.words.picture}: {'. '.join(said)}]") if said else []


def _footer(frame: Frame) -> list[str]:
    publication, words = frame.publication, frame.words
    lines = ["-" * COLUMNS, *wrap(publication.name)]
    for line in publication.postal_address.splitlines():
        lines += wrap(line)
    lines += ["", *wrap(frame.reason), ""]
    if frame.view_url:
        lines += [*wrap(f"{words.view}:"), frame.view_url, ""]
    return [*lines, *wrap(f"{words.unsubscribe}:"), frame.unsubscribe_url]
