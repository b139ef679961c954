"""Pages from templates; a project's own templates stand before the built-in ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.render.language import Direction
from newsletter.render.templates import Templates
from newsletter.web.texts import Texts

if TYPE_CHECKING:
    from newsletter.render.publication import Publication

FOLDER = "web/pages"

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of our pages: a style sheet of our own, forms to ourselves, no script."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a template knows of the page itself.

    Attributes:
        name: Which page: ``subscribe``, ``confirmed`` …; names it for templates and style sheets.
        language: BCP 47 tag.
        dir: ``ltr`` or ``rtl``.
        root: Relative link to the folder of all pages: ``./``, ``../``.
        languages: The languages that it can be shown in.
    """

    name: str
    language: str
    dir: Direction
    root: str
    languages: tuple[str, ...] = ()


class Pages:
    """Makes the pages of a newsletter.

    Args:
        folders: Of templates, the project's own first.
        publication: What they show of the newsletter.
    """

    def __init__(self, folders: Sequence[Path], publication: Publication) -> None:
        self._html = Templates(folders, ".html.j2")
        self._text = Templates(folders, ".txt.j2")
        self._css = Templates(folders, ".css.j2")
        self._publication = publication
        self._kept: dict[tuple[object, ...], bytes] = {}

    def html(self, template: str, page: Page, texts: Texts, values: Mapping[str, Any]) -> bytes:
        """A page.

        Args:
            template: Name of its file without the ending.
            page: What it knows of itself.
            texts: The words.
            values: What else it shows.

        Raises:
            TemplateError: The template is missing or wrong.
        """
        context = self._context(page, texts) | dict(values)
        return self._html.render(f"{FOLDER}/{template}", context).encode()

    def kept(self, template: str, page: Page, texts: Texts, values: Mapping[str, Any]) -> bytes:
        """A page that is always the same for the same name, language and place: made once."""
        key = (template, page.name, page.language, page.root)
        if key not in self._kept:
            self._kept[key] = self.html(template, page, texts, values)
        return self._kept[key]

    def mail(
        self, template: str, page: Page, texts: Texts, values: Mapping[str, Any]
    ) -> tuple[str, str]:
        """A mail as plain text and as HTML.

        Raises:
            TemplateError: A template is missing or wrong.
        """
        context = self._context(page, texts) | dict(values)
        name = f"{FOLDER}/{template}"
        return self._text.render(name, context), self._html.render(name, context)

    def style_sheet(self) -> bytes:
        """The style sheet of all pages.

        Raises:
            TemplateError: The template is missing or wrong.
        """
        page = Page("style", "en", "ltr", "./")
        return self._css.render(f"{FOLDER}/pages", self._context(page, Texts("en", {}))).encode()

    def _context(self, page: Page, texts: Texts) -> dict[str, Any]:
        # The parts that letters, the archive and these pages share know a page as "issue".
        return {"page": page, "issue": page, "publication": self._publication, "_": texts}
