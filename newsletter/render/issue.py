"""An issue becomes a galley, and so an edition. The order of the stages is written here, once.

What a template may show (``newsletter.render.context`` has every field):

========================  =======================================================================
``issue``                 subject, preheader, title, date_line, number, language, dir, start,
                          intro, outro, reason, view_url, unsubscribe_url
``publication``           name, tagline, postal_address, accent
``words``                 the frame's words in the issue's language: summary, view, unsubscribe …
``summary``               bullets, each with ``text`` and ``href`` (empty if it jumps nowhere)
``sections``              the sections in order, told apart by ``kind``; ``id`` is its anchor
``colour|readable_on(b)`` filter: the colour, changed until it can be read on the background ``b``
========================  =======================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from newsletter.errors import TemplateError
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.merge_field import FIELD
from newsletter.render.annotate import annotate, notes
from newsletter.render.clicks import count_links
from newsletter.render.context import CONTENT_WIDTH, template_context
from newsletter.render.edition import Edition
from newsletter.render.frame import Frame
from newsletter.render.galley import Galley
from newsletter.render.inline import inline
from newsletter.render.markdown import Markdown
from newsletter.render.marks import Marks, unmarked
from newsletter.render.merge import Context, Merged, Tokens
from newsletter.render.mjml import Compiled, compile_mjml
from newsletter.render.picture_cache import PictureCache
from newsletter.render.pictures import Pictures
from newsletter.render.plain import plain
from newsletter.render.publication import Publication
from newsletter.render.spoken import CONTROL, spoken
from newsletter.render.templates import Templates
from newsletter.render.tree import parse, write


def render(
    manuscript: Manuscript,
    publication: Publication,
    template_folders: Sequence[Path],
    *,
    root: Path,
    picture_cache: PictureCache | None = None,
) -> Galley:
    """Render an issue. Equal input gives equal bytes; nothing is fetched from anywhere.

    Args:
        manuscript: The issue.
        publication: The newsletter it belongs to.
        template_folders: Where templates are looked for, the first folder first.
        root: Folder of the project; pictures outside it are not read.
        picture_cache: Where pictures made ready are kept; the edition does not depend on it.

    Raises:
        TemplateError: The template is missing, wrong, or does not give valid MJML.
    """
    tokens = Tokens(manuscript.text + repr(manuscript.issue) + repr(publication))
    issue = spoken(manuscript.issue, tokens.hide)
    view_url = publication.archive_url.replace("{slug}", quote(manuscript.slug))
    frame = Frame.of(issue, publication, tokens, view_url)
    pictures = Pictures(manuscript.path, root, publication.assets_url, picture_cache)
    markdown = Markdown(
        frame.language,
        is_address=tokens.is_address,
        picture=lambda src: (
            None if tokens.occur_in(src) else pictures.place(src, limit=CONTENT_WIDTH)
        ),
    )
    marks = Marks(manuscript.text + repr(manuscript.issue), partial(_origin, manuscript, tokens))
    marked = template_context(issue, frame, markdown, pictures, marks)

    def letter(context: dict[str, Any]) -> Compiled:
        return compile_mjml(
            templates.render(issue.template, context),
            language=frame.language,
            direction=frame.direction,
            trace=lambda: templates.render_marked(issue.template, context),
        )

    templates = Templates(template_folders)
    compiled = letter(unmarked(marked))
    tree = parse(compiled.html)
    elements = [(element.tag, element) for element in tree.iter()]
    inline(tree, compiled.css)
    links = count_links(tree, publication.clicks_url, manuscript.slug, tokens)
    html = tokens.cut(write(tree), Context.HTML)

    def annotated() -> Merged:
        try:
            found = notes(elements, parse(letter(marked).html), marks)
        except TemplateError:  # from a template that measures what it has put out
            found = []
        annotate(tree, found)
        return tokens.cut(write(tree), Context.HTML)

    edition = Edition(
        slug=manuscript.slug,
        date=issue.date,
        language=frame.language,
        subject=tokens.cut(issue.subject, Context.TEXT),
        preheader=tokens.cut(markdown.smart(issue.preheader), Context.TEXT),
        html=html,
        text=tokens.cut(plain(issue, frame, markdown), Context.TEXT),
        images=() if publication.assets_url else pictures.files,
        view_url=view_url,
        links=links,
    )
    return Galley(edition, annotated, pictures.files)


def _origin(manuscript: Manuscript, tokens: Tokens, where: Where) -> Callable[[int], int]:
    """Where in a value of the manuscript a character of the same value, once prepared, stands."""
    value = manuscript.value(where)
    controls = [control.start() for control in CONTROL.finditer(value)]
    if not controls and not FIELD.search(value):
        return lambda offset: offset

    typed = tokens.origins(CONTROL.sub("", value))

    def origin(offset: int) -> int:
        offset = typed(offset)
        for control in controls:
            offset += control <= offset
        return offset

    return origin
