"""Markdown that was typed, made fit for an issue: its text stays as it is but for what must go.

Reference links get their address, pictures are taken out to stand by themselves, HTML becomes
Markdown or its words, and links that are neither web nor mail addresses become their words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image, link
from markdown_it.token import Token

from newsletter.issue.drafts.blocks import Picture, Remark
from newsletter.issue.drafts.escape import destination
from newsletter.issue.drafts.links import checked
from newsletter.issue.drafts.pictures import from_address

_HAS_MARKS = re.compile(r"(?i)\]\((?:https?://|mailto:)|(?<![\w*])\*\*\w[^*\n]{0,200}\w[.!?]?\*\*")
_PICTURE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_HARD_BREAK = re.compile(r"(?: {2,}|(?<!\\)\\)\n[ \t]*")
_SOFT_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_BLOCK = re.compile(
    r"(?=[>+*-](?:[ \t\n]|$)|#{1,6}(?:[ \t\n]|$)|(?:[-=*_][ \t]?){3,}$|~~~|```)"
    r"|\d{1,9}(?=[.)](?:[ \t\n]|$))"
)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][\w-]*)")
_SILENT = re.compile(r"(?i)<(script|style)\b")
_ATTRIBUTE = re.compile(r"""(?i)\b(href|src|alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_TAGS = frozenset(
    {"a", "abbr", "article", "aside", "b", "big", "blockquote", "body", "br", "button", "center"}
    | {"cite", "code", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "embed", "figure"}
    | {"figcaption", "font", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header"}
    | {"hr", "html", "i", "iframe", "img", "input", "ins", "kbd", "label", "li", "link", "main"}
    | {"mark", "meta", "nav", "object", "ol", "p", "picture", "pre", "q", "s", "samp", "script"}
    | {"section", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup"}
    | {"svg", "table", "tbody", "td", "textarea", "th", "thead", "time", "title", "tr", "tt", "u"}
    | {"ul", "var", "video", "wbr"}
)
_SIGNS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "br": "\\\n"}


@dataclass(frozen=True, slots=True)
class Tidied:
    """Markdown of one block.

    Attributes:
        text: On one line, but for hard breaks, unless the lines were to be kept.
        remarks: What was changed.
        pictures: What was taken out.
    """

    text: str
    remarks: tuple[Remark, ...] = ()
    pictures: tuple[Picture, ...] = ()


def has_marks(text: str) -> bool:
    """Whether a text without other signs of Markdown has its links or bold words."""
    return _HAS_MARKS.search(text) is not None


@functools.cache
def parser() -> MarkdownIt:
    """CommonMark with tables, whose tokens know their places; addresses are not judged."""
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for name, rule in (("html_inline", html_inline), ("image", image), ("link", link)):
        markdown.inline.ruler.at(name, _with_span(rule))
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    markdown.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return markdown


def tidy(text: str, line: int, env: Mapping[str, Any] | None = None) -> Tidied:
    """One paragraph of Markdown, typed on one line or several."""
    [inline] = parser().parseInline(text, dict(env or {}))
    done = rewrite(text, inline.children or [], line)
    return Tidied(not_a_block(one_line(done.text)), done.remarks, done.pictures)


def rewrite(text: str, tokens: Sequence[Token], line: int) -> Tidied:
    """A text with its tokens' changes made; its lines stay lines.

    Args:
        text: What the tokens were parsed from.
        tokens: The inline tokens, with their places.
        line: Line of the draft where the text begins.
    """
    changes: list[tuple[int, int, str]] = []
    remarks: list[Remark] = []
    pictures: list[Picture] = []
    dropped: list[str] = []
    hrefs: list[str] = []
    paired = _paired(tokens)
    line_at, counted, silent_until = line, 0, 0
    for token in tokens:
        span: tuple[int, int] | None = token.meta.get("span")
        if span is None:
            continue
        line_at += text.count("\n", counted, span[0])  # tokens stand in the order of the text
        at, counted = line_at, max(counted, span[0])
        if span[0] < silent_until:
            continue
        if end := _silent(token, tokens, paired):
            silent_until = end
            changes.append((span[0], end, ""))
            remarks.append(Remark(at, "html", f"{token.content} was left out, with what it holds"))
            continue
        if token.type == "image":
            found = from_address(str(token.attrs["src"]), words(token.children or []), at)
            title = " ".join(unescape(str(token.attrs.get("title", ""))).split())
            pictures += [replace(found, title=title)] if isinstance(found, Picture) else []
            remarks += [found] if isinstance(found, Remark) else []
            changes.append((*span, ""))
        elif token.type == "html_inline" and not _is_tag(token.content):
            changes.append((*span, f"\\{token.content}"))
        elif token.type == "html_inline":
            new = _html(token.content, hrefs, pictures, has_partner=id(token) in paired)
            dropped += [token.content] if not new else []
            changes.append((*span, new))
        else:
            made, remark = _link(text, token, at)
            changes += made
            remarks += [remark] if remark else []
    if dropped:
        remarks.append(_dropped(dropped, line))
    return Tidied(_changed(text, changes), tuple(remarks), tuple(pictures))


def one_line(text: str) -> str:
    r"""A paragraph's lines as one; a hard break is ``\`` before a line break."""
    text = _HARD_BREAK.sub("\0", text.strip())
    return _SOFT_BREAK.sub(" ", text).replace("\0", "\\\n").strip()


def words(tokens: Sequence[Token]) -> str:
    """Inline tokens as plain text."""
    said = ""
    for token in tokens:
        if token.type in {"text", "code_inline", "text_special"}:
            said += token.content
        elif token.type in {"softbreak", "hardbreak"} or token.content.lower().startswith("<br"):
            said += " "
    return " ".join(said.split())


def _link(text: str, token: Token, line: int) -> tuple[list[tuple[int, int, str]], Remark | None]:
    start, end = token.meta["span"]
    label_end = token.meta["label_end"]
    href = str(token.attrs["href"])
    label = _PICTURE.sub("", text[start + 1 : label_end])
    if not label.strip():
        said = f"the link to {href[:100]} had no words, and was left out"
        return [(start, start + 1, ""), (label_end, end, "")], Remark(line, "link", said)
    address, remark = (href, None) if href.startswith("{{") else checked(href, label, line)
    if not address:
        return [(start, start + 1, ""), (label_end, end, "")], remark
    if address == href and text[label_end : label_end + 2] == "](":
        return [], remark
    title = str(token.attrs.get("title", "")).replace('"', '\\"')
    behind = f' "{title}"' if title else ""
    return [(label_end, end, f"]({destination(address)}{behind})")], remark


def _silent(tag: Token, tokens: Sequence[Token], paired: set[int]) -> int:
    """Where the script or style ends that a tag begins; 0 if it begins none."""
    found = _SILENT.match(tag.content) if id(tag) in paired else None
    if found is None:
        return 0
    closing = f"</{found[1].lower()}"
    behind = (token for token in tokens if token.meta.get("span", (0,)) > tag.meta["span"])
    end = next((t for t in behind if t.content.lower().startswith(closing)), None)
    return int(end.meta["span"][1]) if end else 0


def _is_tag(html: str) -> bool:
    """Whether it is HTML: ``<weather permitting>`` is not."""
    found = _TAG.match(html)
    return found is None or found["name"].lower() in _TAGS


def _paired(tokens: Sequence[Token]) -> set[int]:
    """The tags that have their partner, by the identity of their tokens."""
    open_tags: dict[str, list[Token]] = {}
    paired: set[int] = set()
    for token in tokens:
        found = _TAG.match(token.content) if token.type == "html_inline" else None
        if found is None:
            continue
        waiting = open_tags.setdefault(found["name"].lower(), [])
        if not found["close"]:
            waiting.append(token)
        elif waiting:
            paired |= {id(token), id(waiting.pop())}
    return paired


def _html(tag: str, hrefs: list[str], pictures: list[Picture], *, has_partner: bool) -> str:
    """The sign of Markdown that a tag stands for; nothing if it stands for none.

    Args:
        tag: The tag.
        hrefs: Addresses of the links that are open.
        pictures: Gets the picture that it is.
        has_partner: Whether it is closed, or closes another.
    """
    found = _TAG.match(tag)
    name, closes = (found["name"].lower(), bool(found["close"])) if found else ("", False)
    values = {key.lower(): unescape(a or b or c) for key, a, b, c in _ATTRIBUTE.findall(tag)}
    if name == "img":
        picture = from_address(values.get("src", ""), values.get("alt", ""), 1)
        title = " ".join(values.get("title", "").split())
        pictures += [replace(picture, title=title)] if isinstance(picture, Picture) else []
    elif name == "a" and has_partner and closes:
        href = hrefs.pop()
        return f"]({destination(href)})" if href else ""
    elif name == "a" and has_partner:
        href = values.get("href", "")
        hrefs.append(href if re.match(r"(?i)https?://|mailto:", href) else "")
        return "[" if hrefs[-1] else ""
    elif has_partner or name == "br":
        return _SIGNS.get(name, "")
    return ""


def _dropped(tags: Sequence[str], line: int) -> Remark:
    comments = [tag[4:-3].strip() for tag in tags if tag.startswith("<!--")]
    if comments:
        said = f'a comment was left out: "{_shortened(comments[0], 200)}"'
        return Remark(line, "comment-dropped", said)
    return Remark(line, "html", f"HTML was left out, its words were kept: {_shortened(tags[0])}")


def _changed(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    done: list[str] = []
    end = 0
    for start, stop, new in sorted(changes):
        if start < end:  # inside something that is gone
            continue
        done += text[end:start], new
        end = stop
        if not new and text[start - 1 : start] in {"", " "} and text[stop : stop + 1] == " ":
            end += 1  # two spaces would be left
    return "".join([*done, text[end:]])


def not_a_block(text: str) -> str:
    """A paragraph that begins with a sign of a list, a heading or a quote, as a paragraph."""
    found = _BLOCK.match(text)
    return f"{text[: found.end()]}\\{text[found.end() :]}" if found else text


def _shortened(text: str, longest: int = 60) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _with_span(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        at, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            token = next(token for token in state.tokens[before:] if token.type != "text")
            token.meta["span"] = (at, state.pos)
            if token.type == "link_open":
                label_end = state.md.helpers.parseLinkLabel(state, at, disableNested=True)
                token.meta["label_end"] = label_end
        return found

    return placed
