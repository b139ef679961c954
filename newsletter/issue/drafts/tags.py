"""A piece of HTML in a draft that is Markdown → its words, as Markdown, and its pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from newsletter.issue.drafts.blocks import Picture, Remark
from newsletter.issue.drafts.emphasis import Mark
from newsletter.issue.drafts.inline import LINE_BREAK, Run, markdown
from newsletter.issue.drafts.links import checked
from newsletter.issue.drafts.pictures import from_address

_MARKS = {"b": Mark.STRONG, "strong": Mark.STRONG, "i": Mark.EM, "em": Mark.EM}
_SILENT = frozenset({"script", "style", "template", "title", "noscript", "object", "iframe"})
_INSIDE = frozenset(
    {"a", "abbr", "b", "cite", "code", "em", "font", "i", "img", "mark", "q", "s", "small", "span"}
    | {"strong", "sub", "sup", "u", "br", "del", "ins", "kbd", "time", "wbr"}
)


@dataclass(slots=True)
class Words:
    """What a piece of HTML says.

    Attributes:
        paragraphs: Markdown, each with the line of the draft where it begins.
        pictures: Each with its line.
        remarks: What was left out.
    """

    paragraphs: list[tuple[int, str]] = field(default_factory=list)
    pictures: list[tuple[int, Picture]] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def read(html: str, line: int) -> Words:
    """The words of a piece of HTML that begins at a line of the draft."""
    reader = _Reader(line)
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return reader.said


class _Reader(HTMLParser):
    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.said = Words()
        self._first = line
        self._start = line
        self._runs: list[Run] = []
        self._marks: list[int] = []
        self._href = ""
        self._silent = ""

    @property
    def _line(self) -> int:
        return self._first + self.getpos()[0] - 1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _SILENT and not self._silent:
            self._silent = tag
            said = f"<{tag}> was left out, with what it holds"
            self.said.remarks.append(Remark(self._line, "html", said))
        if tag not in _INSIDE:
            self.end_paragraph()
        if tag in _MARKS:
            self._marks.append(_MARKS[tag])
        elif tag == "br":
            self._runs.append(LINE_BREAK)
        elif tag == "a":
            self._link(values.get("href", ""))
        elif tag == "img":
            found = from_address(values.get("src", ""), values.get("alt", ""), self._line)
            if isinstance(found, Remark):
                self.said.remarks.append(found)
            else:
                self.said.pictures.append((self._line, found))

    def _link(self, href: str) -> None:
        self._href, remark = checked(href, href, self._line) if href else ("", None)
        self.said.remarks += [remark] if remark else []

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""
        if tag in _MARKS and self._marks:
            self._marks.pop()
        elif tag == "a":
            self._href = ""
        if tag not in _INSIDE:
            self.end_paragraph()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            if not self._runs:
                self._start = self._line + data[: len(data) - len(data.lstrip())].count("\n")
            marks = Mark.NONE
            for mark in self._marks[-4:]:
                marks |= mark
            self._runs.append(Run(data, marks, self._href))

    def handle_comment(self, data: str) -> None:
        if words := " ".join(data.split()):
            said = f'a comment was left out: "{words[:200]}"'
            self.said.remarks.append(Remark(self._line, "comment-dropped", said))

    def end_paragraph(self) -> None:
        """What was said so far is a paragraph."""
        text = markdown(self._runs)
        if text:
            self.said.paragraphs.append((self._start, text))
        self._runs = []
