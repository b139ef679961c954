"""A draft in the forgiving form of ArchieML → blocks.

``key: value`` lines, ``[summary]`` and ``[stories]``, ``body:`` … ``:end``, ``* bullets``,
``:skip`` … ``:endskip``, ``:ignore``. There is no such thing as a parsing error; what stands
between the fields is a note, and every note is named. Source: archieml.org, specification 1.0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.issue.drafts import characters, fields, lines
from newsletter.issue.drafts.blocks import Block, BlockKind, Reading, Remark
from newsletter.issue.drafts.lines import Line
from newsletter.issue.drafts.marked import tidy
from newsletter.issue.drafts.parts import blocks, parts
from newsletter.issue.drafts.pictures import from_address

_COMMAND = re.compile(r"(?i):(end\s?skip|skip|ignore|end)\b.*")
_SCOPE = re.compile(r"[\[{]\s*[+.]*\s*([^\[\]{}]*?)\s*[\]}]")
_ARRAYS = {
    "summary": "summary",
    "stories": "stories",
    "sections": "stories",
    "items": "stories",
    "articles": "stories",
}
_KINDS = frozenset({"story", "text", "quote", "picture", "button", "divider"})
_KEYS = fields.OF_ISSUE | fields.OF_SECTION
_LONG = frozenset({"body", "intro", "outro", "quote"})
_MARKDOWN = frozenset({"intro", "outro", "summary", "quote", "caption"})
_FILE = re.compile(r"(?i)\S+|.+\.(?:jpe?g|png|gif|webp|svg)")
_HEADING = re.compile(r"#{1,6}\s+(\S.*)")


@dataclass(slots=True)
class _Section:
    """One section as it was typed: its fields with their lines, and its paragraphs."""

    line: int
    values: dict[str, tuple[str, int]] = field(default_factory=dict)
    body: list[Line] = field(default_factory=list)
    notes: list[Line] = field(default_factory=list)
    has_body: bool = False

    def is_whole(self, key: str) -> bool:
        """Whether a headline or a kind begins another section, instead of belonging to this one."""
        kind = self.values.get("kind", ("story", 0))[0].lower()
        has_more = key in self.values or self.has_body or "quote" in self.values
        return has_more or (key == "headline" and kind != "story")


def read(text: str) -> Reading:
    """The blocks of a draft in ArchieML-like form."""
    reader = _Reader()
    for line in lines.split(characters.clean(text.expandtabs(4))):
        reader.line(line)
    reader.close_section()
    reader.remarks.sort(key=lambda remark: remark.line)
    return Reading(tuple(reader.blocks), tuple(reader.remarks))


def looks_like(text: str) -> bool:
    """Whether a text is of this form: an array and a field, a body with its end, or two stories."""
    head = text[:50_000]
    keys = {
        fields.canonical(name)
        for name in re.findall(r"(?m)^[ \t]*([A-Za-z][A-Za-z -]{1,20}):(?!//)", head)
    }
    arrays = re.findall(
        r"(?mi)^[ \t]*[\[{][+.]?(summary|stories|sections|items|articles)[\]}]", head
    )
    has_end = re.search(r"(?mi)^[ \t]*:(?:end|skip|ignore)\b", head) is not None
    headlines = len(re.findall(r"(?m)^[ \t]*headline[ \t]*:", head))
    return bool(
        (arrays and keys & _KEYS)
        or (has_end and keys & _KEYS)
        or (headlines and "body" in keys)
        or headlines > 1
    )


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.remarks: list[Remark] = []
        self._scope = ""
        self._section: _Section | None = None
        self._long = ""  # the field whose text goes on over lines
        self._skips = ""

    def line(self, line: Line) -> None:
        command = _COMMAND.fullmatch(line.text)
        if command:
            self._command(re.sub(r"\s", "", command[1].lower()), line)
        elif self._skips:
            self._ignored(line)
        elif scope := _SCOPE.fullmatch(line.text):
            self._open(fields.canonical(scope[1]), line)
        elif not self._field(line):
            self._other(line)

    def _command(self, command: str, line: Line) -> None:
        if self._skips == "ignore":
            self._ignored(line)
        elif command == "endskip":
            self._skips = ""
        elif command in {"skip", "ignore"}:
            self._skips = command
        elif not self._skips:
            self._long = ""

    def _open(self, name: str, line: Line) -> None:
        if name in _LONG:
            self._start(name, "", line)
            return
        self._long = ""
        self.close_section()
        self._scope = _ARRAYS.get(name, "stories" if name in _KINDS or not name else "")
        if name in _KINDS:
            self._section = _Section(line.number, {"kind": (name, line.number)})
        elif not self._scope:
            self._ignored(line)
        if not name:
            self._scope = ""

    def _field(self, line: Line) -> bool:
        found = fields.split(line.text)
        if found is None or found[0] not in _KEYS or line.text.startswith("\\"):
            return False
        typed = line.text.split(":")[0].strip()
        if self._long and typed not in _KEYS:  # "Photo: …" inside a body is text
            return False
        key, value = found
        if key == "image" and not _FILE.fullmatch(value):  # "Photo: Ada Sample"
            return False
        self._long = ""
        if key in fields.OF_ISSUE and not (key == "title" and self._scope == "stories"):
            self._of_issue(key, value, line)
        else:
            self._start("headline" if key == "title" else key, value, line)
        return True

    def _of_issue(self, key: str, value: str, line: Line) -> None:
        self.close_section()
        if key == "summary" and not value:
            self._scope = "summary"
        elif value:
            self._add_field(key, value, line.number)
        if key in _LONG:
            self._long = key

    def _start(self, key: str, value: str, line: Line) -> None:
        section = self._section
        if section is None or (key in {"headline", "kind"} and section.is_whole(key)):
            self.close_section()
            section = self._section = _Section(line.number)
        if key == "body":
            section.has_body = True
            if value:
                section.body.append(_at(value, line))
        elif key in section.values and value:
            self._ignored(line)
            return
        else:
            section.values[key] = (value, line.number)
        self._long = key if key in _LONG else ""

    def _other(self, line: Line) -> None:
        text = line.text.removeprefix("\\").strip()
        if not text:
            return
        section = self._section
        if self._long in {"intro", "outro"}:
            self._add_field(self._long, text, line.number)
        elif self._long == "quote" and section is not None:
            said, at = section.values["quote"]
            section.values["quote"] = (lines.glue(said, text) if said else text, at)
        elif self._long and section is not None:
            section.body.append(_at(text, line))
        elif self._scope == "summary":
            self._bullet(line)
        elif section is not None and not section.has_body:
            section.notes.append(line)
        else:
            self._ignored(line)

    def _bullet(self, line: Line) -> None:
        mark = lines.MARK.match(line.text)
        if not mark:
            self._ignored(line)
            return
        self._add_field("summary", line.text[mark.end() :], line.number)

    def _add_field(self, key: str, text: str, line: int) -> None:
        if key in _MARKDOWN:
            tidied = tidy(text, line)
            self.remarks += tidied.remarks
            text = tidied.text
        if text:
            self.blocks.append(Block(BlockKind.FIELD, text, line, key=key))

    def close_section(self) -> None:
        """The section that was being read becomes blocks."""
        section, self._section = self._section, None
        if section is None:
            return
        if section.has_body or "kind" in section.values:
            for line in section.notes:
                self._ignored(line)
        elif section.notes:
            section.body = section.notes
            said = 'there is no "body:" before this text; it was taken for the body'
            self.remarks.append(Remark(section.notes[0].number, "field", said))
        self._emit(section)

    def _emit(self, section: _Section) -> None:
        values = section.values
        kind, at = values.pop("kind", ("", section.line))
        if kind or "headline" not in values:
            default = "quote" if "quote" in values else "text"
            self.blocks.append(Block(BlockKind.FIELD, kind.lower() or default, at, key="kind"))
        if "headline" in values:
            text, line = values.pop("headline")
            self.blocks.append(Block(BlockKind.HEADING, text, line, level=2))
        if "image" in values:
            src, line = values.pop("image")
            alt, _ = values.pop("alt", ("", 0))
            found = from_address(src, alt, line)
            if isinstance(found, Remark):
                self.remarks.append(found)
            else:
                self.blocks.append(Block(BlockKind.PICTURE, "", line, picture=found))
        for key, (text, line) in values.items():
            self._add_field(key, text, line)
        self._body(section.body)

    def _body(self, body: Sequence[Line]) -> None:
        joined, remarks = lines.unbroken(body)
        self.remarks += remarks
        for part in parts(joined):
            heading = _HEADING.fullmatch(part.text)
            if heading and part.kind is BlockKind.PARAGRAPH:
                self.blocks.append(Block(BlockKind.HEADING, heading[1], part.line.number, level=3))
                continue
            made, said = blocks(part, keeps_marks=True)
            self.blocks += made
            self.remarks += said

    def _ignored(self, line: Line) -> None:
        said = f'"{line.text[:300]}" stands between the fields, and was left out as a note'
        self.remarks.append(Remark(line.number, "note", said))


def _at(text: str, line: Line) -> Line:
    return Line(text, line.number, line.blanks, line.indent)
