"""The web version of an issue, as the preview serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.issue.manuscript import Manuscript
from newsletter.preview.mail import Picture
from newsletter.preview.view import digest_of
from newsletter.project import Project
from newsletter.render.edition import EmbeddedImage
from newsletter.render.galley import Galley


@dataclass(frozen=True, slots=True)
class WebVersion:
    """A page and its pictures.

    Attributes:
        html: The whole document.
        pictures: The project's pictures in it, by name.
        digest: Equal digests, equal pages.
    """

    html: str
    pictures: Mapping[str, Picture]
    digest: str


def web_version(
    project: Project, manuscript: Manuscript, galley: Galley, folder: str
) -> WebVersion:
    """The web version of an issue.

    Args:
        project: The project.
        manuscript: The issue.
        galley: Of the issue; it knows the pictures.
        folder: Path on this server of the pictures, without a slash at the end.

    Raises:
        TemplateError: The template is wrong.
    """

    def address(picture: EmbeddedImage) -> str:
        return f"{folder}/{quote(picture.filename)}"

    html = project.render_web(manuscript, picture_url=address).html
    if hosted := project.settings.assets_url:
        for file in galley.files:
            html = html.replace(f"{hosted}/{file.filename}", address(file))
    pictures = {file.filename: Picture(file.content_type, file.data) for file in galley.files}
    return WebVersion(html, pictures, digest_of(html))
