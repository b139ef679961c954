"""What an editor has chosen to see, as the address of the page says it.

The choice is kept in the address, so that it survives a reload, can be a bookmark, and goes back
with the browser's own button: ``?show=letter-640,dark-375&side=findings&reader=12``.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from newsletter.preview.appearances import Appearance
from newsletter.preview.reader import SAMPLE, Reader


class Panel(enum.StrEnum):
    """What a pane can show beside the letter in its appearances."""

    WEB = "web"
    TEXT = "text"
    INBOX = "inbox"
    HTML = "html"
    MESSAGE = "message"


PANELS = {
    Panel.WEB: ("Web version", "The page that the link to the web version leads to."),
    Panel.TEXT: ("Plain text", "The text part, for readers whose mail program shows no HTML."),
    Panel.INBOX: ("Inbox rows", "Sender, subject and preheader, cut off where mail programs do."),
    Panel.HTML: ("HTML source", "The HTML part as sent, before its transfer encoding."),
    Panel.MESSAGE: ("Message source", "The whole message as it is handed over, and its parts."),
}
"""Label and explanation of each panel."""

_KINDS: dict[str, Appearance | Panel] = {kind.value: kind for kind in (*Appearance, *Panel)}

WIDTHS = (320, 375, 414, 600, 640)
"""Pixels: small and usual and large phones, the letter itself, and the letter with its margins."""

NARROWEST, WIDEST = 240, 1600
"""Pixels; how far a pane can be dragged."""

MOST = 6
"""Panes beside each other."""


class Side(enum.StrEnum):
    """What stands beside the panes."""

    BOTH = "both"
    OUTLINE = "outline"
    FINDINGS = "findings"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Pane:
    """One view of the issue.

    Attributes:
        kind: What is shown.
        width: Pixels of the screen that it is shown on; 0 for panels that have none.
    """

    kind: Appearance | Panel
    width: int = 0

    @classmethod
    def parse(cls, token: str) -> Pane | None:
        """The pane that ``str()`` wrote, or None."""
        found = re.fullmatch(r"([a-z-]+?)(?:-(\d{3,4}))?", token)
        if found is None:
            return None
        kind = _KINDS.get(found[1])
        if kind is None:
            return None
        pane = cls(kind)
        if not pane.has_width:
            return pane
        width = int(found[2] or 640)
        return replace(pane, width=min(max(width, NARROWEST), WIDEST))

    @property
    def has_width(self) -> bool:
        """Whether it is a page, as wide as a screen."""
        return isinstance(self.kind, Appearance) or self.kind is Panel.WEB

    @property
    def label(self) -> str:
        """A few words for a heading."""
        return self.kind.label if isinstance(self.kind, Appearance) else PANELS[self.kind][0]

    @property
    def note(self) -> str:
        """One sentence: who sees it so."""
        return self.kind.note if isinstance(self.kind, Appearance) else PANELS[self.kind][1]

    def __str__(self) -> str:
        """``letter-640``, ``text``."""
        return f"{self.kind.value}-{self.width}" if self.has_width else self.kind.value


def _panes(text: str) -> tuple[Pane, ...]:
    found = (Pane.parse(token) for token in text.split(",")[:MOST])
    return tuple(pane for pane in found if pane is not None)


DEFAULT = _panes("letter-640,letter-375")

PRESETS = tuple(
    (label, key, _panes(tokens), note)
    for label, key, tokens, note in (
        ("Desktop + phone", "1", "letter-640,letter-375", "The letter at both usual widths"),
        ("Desktop", "2", "letter-640", "The letter on a desktop screen"),
        ("Phones", "3", "letter-320,letter-375,letter-414", "Small, usual and large phones"),
        ("Dark", "4", "dark-375,outlook-dark-375,gmail-dark-375", "Three kinds of dark mode"),
        ("Images off", "5", "no-images-640,no-styles-375", "No pictures; no style sheets"),
        ("Text", "6", "text", "The plain-text part"),
        ("Inbox", "7", "inbox", "How the letter is listed"),
        ("Source", "8", "html,message", "HTML and message"),
        ("Web", "9", "web-1000", "The web version"),
    )
)
"""Label, key on the keyboard, panes and explanation of the usual choices."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A choice.

    Attributes:
        panes: What stands side by side, at least one.
        side: What stands beside them.
        reader: Whose letter it is.
        remote: Whether pictures are fetched from other hosts.
    """

    panes: tuple[Pane, ...] = DEFAULT
    side: Side = Side.BOTH
    reader: Reader = SAMPLE
    remote: bool = False

    @classmethod
    def of(cls, query: QueryParams) -> Shown:
        """The choice in an address; what it does not say, or says wrongly, is as usual."""
        sides = {side.value: side for side in Side}
        return cls(
            _panes(query.get("show", "")) or DEFAULT,
            sides.get(query.get("side", ""), Side.BOTH),
            Reader.of(query),
            query.get("remote") == "1",
        )

    def query(self) -> str:
        """``?show=…``, or nothing if all is as usual."""
        pairs = []
        if self.panes != DEFAULT:
            pairs.append(("show", ",".join(map(str, self.panes))))
        if self.side is not Side.BOTH:
            pairs.append(("side", self.side.value))
        if self.remote:
            pairs.append(("remote", "1"))
        pairs += self.reader.query()
        return f"?{urlencode(pairs, safe=',')}" if pairs else ""

    def with_panes(self, panes: Sequence[Pane]) -> Shown:
        """The same with other panes."""
        return replace(self, panes=tuple(panes))

    def without(self, index: int) -> Shown:
        """The same without one pane."""
        return self.with_panes([*self.panes[:index], *self.panes[index + 1 :]])

    def beside(self) -> Shown:
        """The same with one more pane: the letter as sent, at a width that is not shown yet."""
        used = {pane.width for pane in self.panes if pane.kind is Appearance.LETTER}
        width = next((w for w in (375, 640, 320, 414, 600) if w not in used), 375)
        return self.with_panes([*self.panes, Pane(Appearance.LETTER, width)])

    def toggled(self, what: Side) -> Shown:
        """The same with outline or findings shown if they are not, and hidden if they are."""
        shown = {Side.OUTLINE, Side.FINDINGS} if self.side is Side.BOTH else {self.side}
        shown = (shown - {Side.NONE}) ^ {what}
        side = Side.BOTH if len(shown) == 2 else next(iter(shown), Side.NONE)
        return replace(self, side=side)

    def with_remote(self) -> Shown:
        """The same with pictures of other hosts."""
        return replace(self, remote=True)

    def letter_query(self, kind: Appearance) -> str:
        """The part of the choice that a letter's document depends on, and its appearance."""
        pairs = [("as", kind.value)] if kind is not Appearance.LETTER else []
        pairs += [("remote", "1")] if self.remote else []
        pairs += self.reader.query()
        return f"?{urlencode(pairs)}" if pairs else ""
