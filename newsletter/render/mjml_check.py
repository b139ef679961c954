"""Checks MJML source before it is compiled, and knows where each mistake stands.

MRML copies unknown and misplaced tags into the HTML without a word, and crashes on very deep
nesting (measured with mjml-python 1.4.2).
"""

from __future__ import annotations

import difflib
import re
from html.parser import HTMLParser

MAX_DEPTH = 200
"""Nested tags in MJML source; MRML's recursion ends the process at about 10,000."""

# What may stand in what (MJML 4 documentation); all other mj-* tags hold HTML.
_CONTENT = frozenset(
    {
        "mj-accordion",
        "mj-button",
        "mj-carousel",
        "mj-divider",
        "mj-image",
        "mj-navbar",
        "mj-raw",
        "mj-social",
        "mj-spacer",
        "mj-table",
        "mj-text",
    }
)
_HEAD = frozenset(
    {
        "mj-attributes",
        "mj-breakpoint",
        "mj-font",
        "mj-preview",
        "mj-raw",
        "mj-style",
        "mj-title",
    }
)
_CHILDREN: dict[str, frozenset[str]] = {
    "mjml": frozenset({"mj-head", "mj-body", "mj-raw"}),
    "mj-head": _HEAD,
    "mj-body": frozenset({"mj-hero", "mj-raw", "mj-section", "mj-wrapper"}),
    "mj-wrapper": frozenset({"mj-hero", "mj-raw", "mj-section"}),
    "mj-section": frozenset({"mj-column", "mj-group", "mj-raw"}),
    "mj-group": frozenset({"mj-column", "mj-raw"}),
    "mj-column": _CONTENT,
    "mj-hero": _CONTENT,
    "mj-accordion": frozenset({"mj-accordion-element", "mj-raw"}),
    "mj-accordion-element": frozenset({"mj-accordion-text", "mj-accordion-title", "mj-raw"}),
    "mj-carousel": frozenset({"mj-carousel-image"}),
    "mj-navbar": frozenset({"mj-navbar-link", "mj-raw"}),
    "mj-social": frozenset({"mj-raw", "mj-social-element"}),
}
_KNOWN = frozenset({"mjml", "mj-all", "mj-class"}).union(*_CHILDREN.values())
_CHILDREN["mj-attributes"] = _KNOWN
_UNQUOTED = re.compile(r"=\s*[^\s\"]")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)


class Fault(Exception):  # noqa: N818 - an error only once its template line is known
    """A mistake at a character offset of the source."""

    def __init__(self, offset: int, message: str, hint: str = "", tag: str = "") -> None:
        super().__init__(message)
        self.offset = max(offset, 0)
        self.hint = hint
        self.tag = tag


def check(source: str) -> None:
    """Check MJML source.

    Raises:
        Fault: A tag is unknown, misplaced or not closed; the first one found.
    """
    checker = _Checker(source)
    checker.feed(source)
    checker.close()
    checker.finish()


class _Checker(HTMLParser):
    """Finds tags that are unknown, misplaced or not closed."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._line_starts = [0]
        for match in re.finditer("\n", source):
            self._line_starts.append(match.end())
        self._open: list[tuple[str, int]] = []
        self._has_body = False

    def finish(self) -> None:
        """Whatever is still open was never closed."""
        if self._open:
            tag, offset = self._open[-1]
            raise Fault(offset, f"<{tag}> is not closed", f"Add </{tag}>.", f"<{tag}")
        if not self._has_body:
            raise Fault(0, "there is no <mj-body>", "A template is <mjml> with <mj-body> in it.")

    def handle_starttag(self, tag: str, _: object) -> None:
        """A tag opens."""
        self._enter(tag)
        if tag not in _VOID:
            self._open.append((tag, self._offset))
            if len(self._open) > MAX_DEPTH:
                raise Fault(self._offset, f"tags are nested more than {MAX_DEPTH} deep")

    def handle_startendtag(self, tag: str, _: object) -> None:
        """A tag opens and closes."""
        self._enter(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        elif tag not in _VOID:
            if any(tag == name for name, _ in self._open):
                unclosed, offset = self._open[-1]
                raise Fault(
                    offset,
                    f"<{unclosed}> is not closed before </{tag}>",
                    f"Add </{unclosed}>.",
                    f"<{unclosed}",
                )
            raise Fault(
                self._offset, f"</{tag}> closes nothing", f"Remove it, or add <{tag}>.", f"</{tag}"
            )

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        parent = self._parent
        if "<" in data:
            raise Fault(
                self._offset + data.index("<"),
                "a bare < in text",
                "Write &lt; for it.",
                data[data.index("<") :].split("\n")[0],
            )
        if parent in _CHILDREN and data.strip():
            lead = len(data) - len(data.lstrip())
            words = data.split()[0]
            raise Fault(
                self._offset + lead,
                f"text directly in <{parent}>",
                "Put it into <mj-text>.",
                words,
            )

    def _enter(self, tag: str) -> None:
        written = self.get_starttag_text() or ""
        if _UNQUOTED.search(re.sub(r""""[^"]*"|'[^']*'""", '""', written)):
            self._refuse(tag, f"an attribute of <{tag}> has no quotes", 'Write name="value".')
        parent, is_mjml = self._parent, tag == "mjml" or tag.startswith("mj-")
        self._has_body = self._has_body or tag == "mj-body"
        if tag == "mj-include":
            self._refuse(tag, "<mj-include> is not available", 'Use {% include "file" %}.')
        if is_mjml and tag not in _KNOWN:
            close = difflib.get_close_matches(tag, _KNOWN, 1)
            hint = f"Did you mean <{close[0]}>?" if close else ""
            self._refuse(tag, f"there is no <{tag}> in MJML", hint)
        if not parent:
            if tag != "mjml":
                self._refuse(tag, f"<{tag}> stands outside <mjml>", "A template is one <mjml>.")
        elif parent in _CHILDREN:
            allowed = _CHILDREN[parent]
            if tag not in allowed:
                hint = f"It may hold {', '.join(f'<{name}>' for name in sorted(allowed))}."
                if not is_mjml:
                    hint = "Put HTML into <mj-text> or <mj-raw>."
                self._refuse(tag, f"<{tag}> may not stand in <{parent}>", hint)
        elif is_mjml:
            self._refuse(
                tag, f"<{tag}> may not stand in <{parent}>", f"Close <{parent}> before it."
            )

    def _refuse(self, tag: str, message: str, hint: str) -> None:
        raise Fault(self._offset, message, hint, f"<{tag}")

    @property
    def _parent(self) -> str:
        return self._open[-1][0] if self._open else ""

    @property
    def _offset(self) -> int:
        line, column = self.getpos()
        return self._line_starts[line - 1] + column
