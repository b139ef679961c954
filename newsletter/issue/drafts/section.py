"""One section of an issue, gathered block by block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from newsletter.issue.drafts.blocks import Block, BlockKind, Remark
from newsletter.issue.drafts.body import ALT_TO_COME, markdown, plain
from newsletter.issue.drafts.escape import escape
from newsletter.issue.drafts.notes import is_byline, is_credit, is_note_of_picture
from newsletter.issue.drafts.pictures import words_of

TEXT_TO_COME = "TK the text of this story.\n"
"""Stands in for a body until there is one."""

_KINDS = frozenset({"text", "quote", "picture", "button"})
_CAPTION = re.compile(r"([*_])(?![*_\s])((?:[^*_\\]|\\.)+)(?<!\s)\1")
_LONGEST_CAPTION = 300
_CAPITALS = 7  # letters; "T" and "UNESCO" are no shouting
_URL = re.compile(r"(?i)https?://[^\s/]\S*|mailto:\S+@\S+")
_OF_PICTURE = ("credit", "caption", "alt")


@dataclass(slots=True)
class Section:
    """A section that is being gathered.

    Attributes:
        kind: As the issue calls it.
        line: Where it begins in the draft.
        headline: Of a story.
        id: Its short name.
        blocks: Its body.
        fields: ``byline``, ``link`` and so on.
        picture: The picture above its text.
    """

    kind: str
    line: int
    headline: str = ""
    id: str = ""
    blocks: list[Block] = field(default_factory=list)
    fields: dict[str, Block] = field(default_factory=dict)
    picture: Block | None = None
    surplus: list[Block] = field(default_factory=list)

    @classmethod
    def begun_by(cls, block: Block) -> Section:
        """The section that a headline or ``kind: …`` begins."""
        if block.kind is BlockKind.HEADING:
            return cls("story", block.line, block.text)
        kind = block.text.lower()
        if kind == "divider":
            return cls(kind, block.line)
        section = cls(kind if kind in _KINDS else "text", block.line)
        if kind not in _KINDS and kind != "text":
            section.surplus.append(block)
        return section

    @classmethod
    def label(cls, block: Block) -> Section:
        """A word above several stories: ``POLITICS``."""
        section = cls("label", block.line)
        section.blocks.append(block)
        return section

    @classmethod
    def holding(cls, block: Block) -> Section:
        """A section for a block that belongs to no other."""
        section = cls("picture" if block.kind is BlockKind.PICTURE else "text", block.line)
        section.add(block)
        return section

    @property
    def is_story(self) -> bool:
        """Whether it has a headline."""
        return self.kind == "story"

    def takes(self, block: Block) -> bool:
        """Whether a block can belong to it."""
        if self.kind in {"divider", "label"}:
            return False
        if self.kind == "picture":
            is_of_it = block.kind is BlockKind.FIELD or self._is_of_picture(block)
            return is_of_it or (self.picture is None and block.kind is BlockKind.PICTURE)
        return True

    def add(self, block: Block) -> None:
        """Put a block where it belongs."""
        if block.kind is BlockKind.FIELD:
            if block.key in {"credit", "caption"} and self._ends_with_picture():
                text = escape(block.text) if block.key == "credit" else block.text
                self.blocks.append(replace(block, kind=BlockKind.PARAGRAPH, key="", text=text))
            elif block.key in self.fields:
                self.surplus.append(block)
            else:
                self.fields[block.key] = block
        elif block.kind is BlockKind.PICTURE and not self.blocks and self.picture is None:
            if self.kind in {"story", "picture"}:
                self.picture = block
            else:
                self.blocks.append(block)
            self._add_words_of(block)
        elif self._is_of_picture(block):
            key = "caption" if _CAPTION.fullmatch(block.text) else "credit"
            self.fields[key] = replace(block, text=self._of_picture(block, key))
        elif self._is_byline(block):
            self.fields["byline"] = replace(block, text=plain(block.text))
        else:
            self.blocks.append(block)
            self._add_words_of(block)

    def _add_words_of(self, block: Block) -> None:
        for said in words_of(block):
            self.add(said)

    def _ends_with_picture(self) -> bool:
        """Whether what was added last is a picture inside the text, perhaps with its caption."""
        return bool(self.blocks) and any(b.kind is BlockKind.PICTURE for b in self.blocks[-2:])

    def _is_byline(self, block: Block) -> bool:
        return (
            self.is_story
            and block.kind is BlockKind.PARAGRAPH
            and not self.blocks
            and "byline" not in self.fields
            and len(block.text) < 100
            and "](" not in block.text  # a field has no link
            and is_byline(plain(block.text))
        )

    def _is_of_picture(self, block: Block) -> bool:
        """Whether a paragraph right below the picture says who made it, or what it shows."""
        if self.picture is None or self.blocks or block.kind is not BlockKind.PARAGRAPH:
            return False
        if len(block.text) > _LONGEST_CAPTION or "\n" in block.text:
            return False
        if is_credit(plain(block.text)) and "](" not in block.text:
            return "credit" not in self.fields
        return "caption" not in self.fields and _CAPTION.fullmatch(block.text) is not None

    @staticmethod
    def _of_picture(block: Block, key: str) -> str:
        found = _CAPTION.fullmatch(block.text)
        return plain(block.text) if key == "credit" or not found else found[2]

    def values(self, remarks: list[Remark], unplaced: list[Block]) -> list[dict[str, Any]]:
        """The section as the issue has it, remarks on what is missing; nothing if it is empty.

        Args:
            remarks: Gets what an editor has to look at.
            unplaced: Gets what has no place in a section of this kind.
        """
        unplaced += self.surplus
        made = {
            "story": self._story,
            "label": self._label,
            "text": self._text,
            "picture": self._picture,
            "quote": self._quote,
            "button": self._button,
            "divider": self._divider,
        }[self.kind](remarks)
        unplaced += self.fields.values()
        return made

    def _story(self, remarks: list[Remark]) -> list[dict[str, Any]]:
        story: dict[str, Any] = {"headline": self.headline, "id": self.id}
        letters = sum(map(str.isalpha, self.headline))
        if letters >= _CAPITALS and self.headline.upper() == self.headline != self.headline.lower():
            said = f'the headline "{self.headline[:60]}" is in capitals, and was kept so'
            hint = "Capitals are hard to read, and screen readers may spell them out."
            remarks.append(Remark(self.line, "capitals", said, hint))
        if byline := self.fields.pop("byline", None):
            story["byline"] = _line(byline)
        if self.picture is not None:
            story["image"] = self._image(remarks)
        if link := self._address("link"):
            story["link"] = link
        _remark_on(self.blocks, remarks)
        story["body"] = markdown(self.blocks)
        if not story["body"]:
            story["body"] = TEXT_TO_COME
            said = f'there is no text below the headline "{self.headline[:60]}"'
            remarks.append(Remark(self.line, "empty-story", said))
        return [story]

    def _label(self, remarks: list[Remark]) -> list[dict[str, Any]]:
        text = self.blocks[0].text
        said = f'"{text[:60]}" was taken for a label above the stories below it'
        remarks.append(Remark(self.line, "label", said, "Issues show it in bold, by itself."))
        return [{"kind": "text", "body": f"**{escape(text)}**\n"}]

    def _text(self, remarks: list[Remark]) -> list[dict[str, Any]]:
        _remark_on(self.blocks, remarks)
        body = markdown(self.blocks)
        return [{"kind": "text", "body": body}] if body else []

    def _picture(self, remarks: list[Remark]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        if self.picture is not None:
            made.append({"kind": "picture", "image": self._image(remarks)})
        return [*made, *self._text(remarks)]

    def _quote(self, remarks: list[Remark]) -> list[dict[str, Any]]:
        made: list[dict[str, Any]] = []
        quote = self.fields.pop("quote", None)
        words = [block for block in self.blocks if block.kind is not BlockKind.PICTURE]
        if quote is not None:
            words.insert(0, replace(quote, kind=BlockKind.PARAGRAPH))
        if text := markdown(words):
            made.append({"kind": "quote", "text": text.rstrip("\n")})
            if source := self.fields.pop("source", None):
                made[0]["source"] = _line(source)
        for block in self.blocks:
            if block.kind is BlockKind.PICTURE:
                made += Section("picture", block.line, picture=block)._picture(remarks)
        return made

    def _button(self, remarks: list[Remark]) -> list[dict[str, Any]]:
        label, address = self.fields.get("label"), self._address("link")
        rest = self._text(remarks)
        if label and address:
            del self.fields["label"]
            return [{"kind": "button", "label": _line(label), "url": address}, *rest]
        if address:
            rest.append({"kind": "text", "body": f"<{address}>\n"})
        return rest

    def _divider(self, _: list[Remark]) -> list[dict[str, Any]]:
        return [{"kind": "divider"}]

    def _address(self, key: str) -> str:
        block = self.fields.get(key)
        if block is None or not _URL.fullmatch(block.text):
            return ""
        del self.fields[key]
        return block.text

    def _image(self, remarks: list[Remark]) -> dict[str, str]:
        assert self.picture is not None and self.picture.picture is not None  # noqa: S101, PT018
        picture = self.picture.picture
        said = {key: _line(b) for key in _OF_PICTURE if (b := self.fields.pop(key, None))}
        alt = picture.alt or said.get("alt", "")
        image = {"src": picture.src, "alt": alt or ALT_TO_COME}
        if not alt:
            remarks.append(_no_alt(self.picture))
        return image | {key: said[key] for key in ("credit", "caption") if key in said}


def _line(block: Block) -> str:
    return " ".join(block.text.split())


def _remark_on(blocks: Sequence[Block], remarks: list[Remark]) -> None:
    for block in blocks:
        if block.kind is BlockKind.PICTURE and block.picture and not block.picture.alt:
            remarks.append(_no_alt(block))
        elif block.kind is BlockKind.PARAGRAPH and is_note_of_picture(block.text[:100]):
            said = f'"{plain(block.text[:100])}" seems to belong to a picture, which is not there'
            hint = "Put the picture beside the issue, and name it in the story."
            remarks.append(Remark(block.line, "picture", said, hint))


def _no_alt(block: Block) -> Remark:
    src = block.picture.src if block.picture else ""
    said = f'nothing says what the picture "{src[:80]}" shows; "TK" marks where it belongs'
    return Remark(block.line, "image-alt", said, "Say it in one sentence, for who cannot see it.")
