"""The web version of an issue: the page that ``archive_url`` leads to.

It is made from the issue as the letter is, by the same Markdown, with the same pictures and in the
same sandbox of templates, but it is not the letter: a page has room, today's HTML, and no reader.
Nobody's data is in it. Merge fields show what stands behind their bar; there is no link that ends a
subscription.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from newsletter.issue.manuscript import Manuscript
from newsletter.render.anonymous import anonymous
from newsletter.render.context import CONTENT_WIDTH, template_context
from newsletter.render.edition import EmbeddedImage
from newsletter.render.frame import Frame
from newsletter.render.markdown import Markdown
from newsletter.render.marks import Marks, unmarked
from newsletter.render.merge import ADDRESS_FIELDS, Context, Tokens
from newsletter.render.picture_cache import PictureCache
from newsletter.render.pictures import Pictures
from newsletter.render.publication import Publication
from newsletter.render.templates import Templates
from newsletter.render.tree import parse, write
from newsletter.render.web_page import place_pictures, protect, tidy, unlink

FOLDER = "web"
"""Where the templates of pages are, among the templates."""

PAGE_ENDING = ".html.j2"
"""How the name of a page's template ends."""

PICTURES = "pictures"
"""The folder beside a page that its pictures are in."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page, and what must stand beside it.

    Attributes:
        html: The whole document. It needs no other file but its pictures, runs no script, and
            carries a Content-Security-Policy that says so.
        pictures: The project's pictures that it shows, by name; empty if they are hosted.
    """

    html: str
    pictures: Mapping[str, bytes]


def beside_the_page(picture: EmbeddedImage) -> str:
    """The address of a picture that stands in the folder ``pictures`` beside the page."""
    return f"{PICTURES}/{picture.filename}"


def render_web(
    manuscript: Manuscript,
    publication: Publication,
    template_folders: Sequence[Path],
    *,
    root: Path,
    picture_url: Callable[[EmbeddedImage], str] = beside_the_page,
    picture_cache: PictureCache | None = None,
    archive: object = None,
) -> WebPage:
    """Render an issue for the web. Equal input gives equal bytes; nothing is fetched.

    An issue with a template of its own (``template: special``) is made with
    ``web/special.html.j2`` if there is one, else with ``web/default.html.j2``.

    Args:
        manuscript: The issue.
        publication: The newsletter it belongs to. Its ``assets_url`` says where pictures are.
        template_folders: Where templates are looked for, the first folder first.
        root: Folder of the project; pictures outside it are not read.
        picture_url: Gives the address of a picture while nothing is hosted. It may be a ``data:``
            address, for a page in one file.
        picture_cache: Where pictures made ready are kept; the page does not depend on it.
        archive: What the template may show of the archive that the page stands in, as ``archive``;
            None for a page by itself.

    Raises:
        TemplateError: The template is wrong.
    """
    tokens = Tokens(f"{manuscript.text}{manuscript.issue!r}{publication!r}{archive!r}")
    issue = anonymous(manuscript.issue, tokens)
    view_url = publication.archive_url.replace("{slug}", quote(manuscript.slug))
    frame = dataclasses.replace(
        Frame.of(issue, publication, tokens, ""), view_url=view_url, reason="", unsubscribe_url=""
    )
    # Without assets_url: each picture has a name of its own until it gets its address below. They
    # are as large as the letter's, so that those hosted for letters are those that pages show.
    pictures = Pictures(manuscript.path, root, cache=picture_cache)
    markdown = Markdown(
        frame.language,
        is_address=tokens.is_address,
        picture=lambda src: (
            None if tokens.occur_in(src) else pictures.place(src, limit=CONTENT_WIDTH)
        ),
    )
    marks = Marks("", lambda _: lambda offset: offset)  # not put out: see unmarked
    context = unmarked(template_context(issue, frame, markdown, pictures, marks))
    context["archive"] = archive
    page = parse(
        Templates(template_folders, PAGE_ENDING).render(
            _template(issue.template, template_folders), context
        )
    )

    known = {"view_url": view_url}

    def is_dead(href: str) -> bool:
        fields = {slot.field for slot in tokens.cut(href, Context.TEXT).slots}
        return any(not known.get(field) for field in fields & ADDRESS_FIELDS)

    def address(picture: EmbeddedImage) -> str:
        hosted = publication.assets_url
        return f"{hosted}/{picture.filename}" if hosted else picture_url(picture)

    unlink(page, is_dead)
    tidy(page)
    files = {f"cid:{picture.cid}": picture for picture in pictures.files}
    place_pictures(page, files, address, page_url=view_url)
    protect(page)
    html = tokens.cut(write(page), Context.HTML).fill(known)
    beside = () if publication.assets_url else pictures.files
    return WebPage(html, {picture.filename: picture.data for picture in beside})


def _template(name: str, folders: Sequence[Path]) -> str:
    files = [folder / FOLDER / f"{name}{PAGE_ENDING}" for folder in folders]
    return f"{FOLDER}/{name if any(file.is_file() for file in files) else 'default'}"
