"""MJML source → HTML. The only file that knows the compiler (mjml-python, which wraps MRML).

MRML lets mistakes pass or names a byte offset, and it crashes on very deep nesting (measured with
mjml-python 1.4.2). So the source is checked first, and every problem is told at its template line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import TemplateError
from newsletter.render.mjml_check import Fault, check
from newsletter.render.templates import shown
from newsletter.render.trace import Marks

PREHEADER = 200
"""Characters that hidden text before the letter must have, so that no inbox row shows its body."""

_PAD = "\N{COMBINING GRAPHEME JOINER}\N{FIGURE SPACE}"

_INLINE_STYLE = re.compile(
    r"""<mj-style\b[^>]*\binline\s*=\s*["']inline["'][^>]*>(.*?)</mj-style\s*>""",
    re.DOTALL | re.IGNORECASE,
)
_PREVIEW = re.compile(r"(<mj-preview\b[^>]*>)(.*?)(</mj-preview\s*>)", re.DOTALL | re.IGNORECASE)
# MRML 6.0.1 writes attributes as Rust prints strings for debugging: a combining mark, a no-break
# space or a backslash comes out as "\\u{301}" (2026-11). Character references pass untouched.
_TAG = re.compile(r"""<[a-zA-Z](?:[^"'<>]|"[^"]*"|'[^']*')*>""")
_VALUE = re.compile(r"""(["'])(.*?)\1""", re.DOTALL)
_TITLE = re.compile(r"(?<=<mj-title>)[^<]*", re.IGNORECASE)  # becomes an attribute, too
# All but printable ASCII, and two of that; naming what it is not takes 7 ms less to compile.
_MISWRITTEN = re.compile(r"[^ !#-\[\]-~]")
_FRACTION = re.compile(r'\b(width(?:="|:\s*))(\d+)\.\d+(px|")')


@dataclass(frozen=True, slots=True)
class Compiled:
    """What MJML gives.

    Attributes:
        html: The document, with its style sheets in ``<style>``.
        css: The style sheets that are meant for ``style`` attributes (``inline="inline"``).
    """

    html: str
    css: str


def compile_mjml(
    source: str, *, language: str, direction: str, trace: Callable[[], Marks]
) -> Compiled:
    """Compile MJML source.

    Args:
        source: MJML, as a template gave it.
        language: BCP 47 tag, for documents that name none.
        direction: ``ltr`` or ``rtl``, likewise.
        trace: Gives the source once more, with the place of each part; called on mistakes only.

    Raises:
        TemplateError: The source is not valid MJML; the message names the template's line.
    """
    try:
        return _compile(source, language, direction)
    except Fault:
        marks = trace()
    try:
        return _compile(marks.source, language, direction)
    except Fault as fault:
        path, line, column = _place(marks, fault)
        raise TemplateError(str(fault), fault.hint, path=path, line=line, column=column) from None


def _compile(source: str, language: str, direction: str) -> Compiled:
    from mjml import mjml2html

    check(source)
    css = "\n".join(html.unescape(match[1]) for match in _INLINE_STYLE.finditer(source))
    prepared = _INLINE_STYLE.sub("", source)
    prepared = _PREVIEW.sub(lambda m: m[1] + _padded(m[2].strip()) + m[3], prepared)
    prepared = _TAG.sub(lambda tag: _with_references(tag[0]), prepared)
    prepared = _TITLE.sub(lambda title: _references(title[0]), prepared)
    prepared = re.sub(
        r"<mjml\b([^>]*)>", lambda m: _with_language(m[0], language, direction), prepared, count=1
    )
    try:
        document = mjml2html(prepared, fonts={}, disable_comments=False)
    except ValueError as error:
        position = re.search(r"position (\d+):", str(error))
        # Offsets are of the prepared source; the text there is looked up in the original.
        if position:
            at = prepared.encode()[int(position[1]) :].decode(errors="ignore")[:40]
            line = at.split("\n")[0]
            raise Fault(source.find(at), f"not valid MJML at {line!r}", _HINT_MARKUP) from None
        raise Fault(0, "not valid MJML", _HINT_MARKUP) from None
    document = _FRACTION.sub(r"\1\2\3", document)
    document = document.replace("<![endif]--><!--[if mso | IE]>", "")
    return Compiled(_on_preheader(document), css)


_HINT_MARKUP = 'Close every tag, quote every attribute, and write "<" in text as &lt;.'


def _with_references(tag: str) -> str:
    if tag.isascii() and tag.isprintable() and "\\" not in tag and "'" not in tag:
        return tag  # as almost all are
    return _VALUE.sub(_referenced, tag)


def _referenced(value: re.Match[str]) -> str:
    return value[1] + _references(value[2]) + value[1]


def _references(text: str) -> str:
    return _MISWRITTEN.sub(lambda m: f"&#{ord(m[0])};", text)


def _padded(preheader: str) -> str:
    missing = PREHEADER - len(html.unescape(preheader))
    return preheader + _PAD * max(missing, 0)


def _with_language(tag: str, language: str, direction: str) -> str:
    for name, value in (("lang", language), ("dir", direction)):
        if not re.search(rf"\s{name}\s*=", tag):
            tag = f'{tag[:-1]} {name}="{value}">'
    return tag


def _on_preheader(document: str) -> str:
    # MRML puts lang and dir on the letter's <div> but not on the hidden one before it.
    named = re.search(r'<html( lang="[^"]*" dir="[^"]*")', document)
    attributes = named[1] if named else ""
    return re.sub(
        r'(<body[^>]*>\s*<div)(?= style="display:none)', rf"\1{attributes}", document, count=1
    )


def _place(marks: Marks, fault: Fault) -> tuple[str, int, int]:
    place = marks.place(fault.offset)
    if place is None:
        return "template", 0, 0
    file, line = place
    lines = Path(file).read_text(encoding="utf-8").splitlines()
    column = lines[line - 1].find(fault.tag) + 1 if fault.tag and line <= len(lines) else 0
    return shown(file), line, column
