"""Markdown as newsrooms write it → HTML fragments, or plain text with typographic quotes.

CommonMark with tables, strikethrough, footnotes and bare links. Raw HTML is not interpreted: it
shows as it was typed. Links lead to http, https, mailto or a place in the letter; anything else
stays the text that was typed. What comes out is always balanced, so it may stand inside MJML.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, image
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup
from mdit_py_plugins.footnote import footnote_plugin

from newsletter.issue.bare_links import bare_links
from newsletter.render.language import quotes
from newsletter.render.markdown_marks import MARK, marked, note_places
from newsletter.render.marks import Mark, MarkedHtml

_LINK = re.compile(r"(?i)https?://[^/]|mailto:.|#.")
_OPTIONS = {"html": False, "linkify": True, "typographer": True}


class Shown(Protocol):
    """A picture as it is shown."""

    @property
    def src(self) -> str:
        """What the ``src`` attribute says."""

    @property
    def width(self) -> int:
        """Shown width in whole pixels."""


class Markdown:
    """The Markdown of one letter.

    Args:
        language: BCP 47 tag; decides the quotation marks.
        is_address: Whether a link target that names no protocol is nevertheless a whole web
            address (a merge field that becomes one).
        picture: How the picture of ``![alt](src)`` is shown; ``None`` if it cannot be: then its
            alternative text is.
    """

    def __init__(
        self,
        language: str,
        *,
        is_address: Callable[[str], bool] = lambda _: False,
        picture: Callable[[str], Shown | None] = lambda _: None,
    ) -> None:
        options = {**_OPTIONS, "quotes": list(quotes(language))}
        self._picture = picture
        self._markdown = MarkdownIt("commonmark", options, renderer_cls=_Renderer)
        self._markdown.enable(
            ["linkify", "replacements", "smartquotes", "table", "strikethrough"]
        ).use(footnote_plugin)
        for name in _FOOTNOTES:
            self._markdown.add_render_rule(name, getattr(_Renderer, name))
        self._markdown.linkify = bare_links()
        self._markdown.validateLink = lambda url: (  # type: ignore[method-assign]
            self._reads_picture or bool(_LINK.match(url)) or is_address(url)
        )
        self._reads_picture = False
        self._markdown.inline.ruler.at("image", self._image)
        note_places(self._markdown)
        self._parsed: dict[tuple[str, bool], list[Token]] = {}
        self._line = MarkdownIt("zero", options).enable(["replacements", "smartquotes"])

    def body(self, text: str, *, place: str, heading: int = 3, mark: Mark | None = None) -> Markup:
        """Paragraphs, lists and so on as HTML.

        Args:
            text: Markdown.
            place: Unique in the letter; keeps the ids of footnotes apart.
            heading: Level of the topmost headings; lower ones follow without a gap.
            mark: Gives the marks of its characters; without it the HTML is not marked.
        """
        env = {"docId": place, "picture": self._picture, "smart": self.smart}
        tokens = list(_levelled(self._parse(text), heading))
        return self._written(tokens, env, text, mark)

    def inline(self, text: str, mark: Mark | None = None) -> Markup:
        """One line with emphasis and links as HTML, without a paragraph around it."""
        env = {"picture": self._picture, "smart": self.smart}
        return self._written(self._parse(text, inline=True), env, text, mark)

    def smart(self, text: str) -> str:
        """Plain text with the language's quotation marks and dashes; nothing else is changed."""
        inline = self._line.parseInline(text)[0]
        return "".join(token.content for token in inline.children or [])

    def address(self, url: str) -> str:
        """A web address as links write it: host in ASCII (IDNA), the rest percent-encoded."""
        return self._markdown.normalizeLink(url)

    def tree(self, text: str, *, inline: bool = False) -> SyntaxTreeNode:
        """The text as a syntax tree, quotation marks already set; for the text part."""
        return SyntaxTreeNode(self._parse(text, inline=inline))

    def pictures(self, text: str) -> tuple[str, ...]:
        """The sources of all pictures in a text, in order."""
        return tuple(_sources(self._parse(text)))

    def _parse(self, text: str, *, inline: bool = False) -> list[Token]:
        # Kept: both parts of a letter are written from the same tokens, and parsing takes a fifth
        # of the time that a letter takes.
        key = text, inline
        if key not in self._parsed:
            with self._markdown.reset_rules():
                if inline:  # a line has no place for notes
                    self._markdown.disable("footnote_inline")
                parse = self._markdown.parseInline if inline else self._markdown.parse
                self._parsed[key] = parse(text, {})
        return self._parsed[key]

    def _written(
        self, tokens: list[Token], env: dict[str, Any], text: str, mark: Mark | None
    ) -> Markup:
        def written(tokens: list[Token]) -> str:
            html: str = self._markdown.renderer.render(tokens, self._markdown.options, env)
            return html.strip()

        # Safe: the parser escapes all text and knows no raw HTML.
        html = Markup(written(tokens))  # noqa: S704
        if mark is None or not html:
            return html
        return MarkedHtml(html, lambda: written(list(marked(tokens, text, mark))))

    def _image(self, state: StateInline, silent: bool) -> bool:  # noqa: FBT001
        # The parser asks one function about links and pictures; a picture may be a file.
        outer, self._reads_picture = self._reads_picture, True
        try:
            return image(state, silent)
        finally:
            self._reads_picture = outer


class _Renderer(RendererHTML):
    """Differs from the usual HTML where mail clients need it."""

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: Any) -> str:
        token = tokens[idx]
        alt = html.escape(env["smart"](self.renderInlineAsText(token.children or [], options, env)))
        mark = token.meta.get(MARK, "")
        shown = env["picture"](_source(token))
        if shown is None:
            return f"{mark}{alt}"
        return f'<img src="{mark}{html.escape(shown.src)}" alt="{alt}" width="{shown.width}">'

    # Footnotes. In-page links need both id and name in mail clients (caniemail, 2026).

    def footnote_ref(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        meta = tokens[idx].meta
        number = meta["id"] + 1
        repeated = f"-{meta['subId']}" if meta.get("subId", 0) > 0 else ""
        note, here = f"fn-{env['docId']}-{number}", f"fnref-{env['docId']}-{number}{repeated}"
        return f'<sup><a href="#{note}" id="{here}" name="{here}">{number}</a></sup>'

    def footnote_block_open(self, *_: Any) -> str:
        return '<ol class="notes">\n'

    def footnote_block_close(self, *_: Any) -> str:
        return "</ol>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        note = f"fn-{env['docId']}-{tokens[idx].meta['id'] + 1}"
        return f'<li id="{note}"><a name="{note}"></a>'

    def footnote_close(self, *_: Any) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, _: Any, env: Any) -> str:
        meta = tokens[idx].meta
        repeated = f"-{meta['subId']}" if meta.get("subId", 0) > 0 else ""
        return f' <a href="#fnref-{env["docId"]}-{meta["id"] + 1}{repeated}">↩</a>'


_FOOTNOTES = [name for name in vars(_Renderer) if name.startswith("footnote_")]


def _levelled(tokens: Sequence[Token], top: int) -> Iterator[Token]:
    """Headings numbered from ``top`` down, so that no level is skipped whatever was typed."""
    open_levels: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            open_levels = [above for above in open_levels if above < level] + [level]
        if token.type in {"heading_open", "heading_close"}:
            yield token.copy(tag=f"h{min(top + len(open_levels) - 1, 6)}")
        else:
            yield token


def _sources(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type == "image":
            yield _source(token)
        yield from _sources(token.children or [])


def _source(token: Token) -> str:
    # The parser percent-encodes every address; a file is named as its folder names it.
    source = str(token.attrs["src"])
    return source if "://" in source else unquote(source)
