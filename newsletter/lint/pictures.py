"""The pictures of an issue, as rules look at them: each with its place and its width."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issue.manuscript import Where
from newsletter.issue.markdown import pictures
from newsletter.issue.model import Issue
from newsletter.lint.text import images, texts
from newsletter.render.context import CONTENT_WIDTH


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture that an issue shows.

    Attributes:
        src: Its source as the editor wrote it.
        width: Shown width in pixels, if the picture has so many.
        where: The way to the value it stands in.
        offset: Characters into that value; None if it is the value.
    """

    src: str
    width: int
    where: Where
    offset: int | None


def shown_pictures(issue: Issue) -> Iterator[ShownPicture]:
    """Every picture of an issue, in its own field or inside a text."""
    for where, image in images(issue):
        width = min(image.width or CONTENT_WIDTH, CONTENT_WIDTH)
        yield ShownPicture(image.src, width, (*where, "src"), None)
    for text in texts(issue):
        for picture in pictures(text.value) if text.markdown else ():
            yield ShownPicture(picture.src, CONTENT_WIDTH, text.where, picture.offset)
