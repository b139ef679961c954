"""One way to read the lines of a draft, and how well it fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.issue.drafts import sentences
from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.entries import Entry, Role
from newsletter.issue.drafts.lines import glue
from newsletter.issue.drafts.match import Announced, match
from newsletter.issue.drafts.summary import Opening, find

LONGEST_OPENING = 60
"""Lines before the first story in which a summary is looked for."""

_ENOUGH = 1500  # characters of a story that are compared with bullets


@dataclass(slots=True)
class Plan:
    """One way to read the draft.

    Attributes:
        entries: The lines.
        roles: What each of them is.
        joined: Those that belong to the one before them.
        remarks: What was not certain.
    """

    entries: Sequence[Entry]
    roles: list[Role]
    joined: set[int] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def headlines(self) -> list[int]:
        """Where the stories begin."""
        return [index for index, role in enumerate(self.roles) if role is Role.HEADLINE]

    def promote(self, index: int, why: str = "", hint: str = "") -> None:
        """Make a line a headline that does not look like one."""
        entry = self.entries[index]
        self.roles[index] = Role.HEADLINE
        said = f'"{entry.shortened()}" was taken for a headline{why}'
        self.remarks.append(Remark(entry.line, "headline", said, hint))

    def opening(self) -> list[Opening]:
        """What stands before the first story, broken lines joined."""
        first = next(iter(self.headlines), 0)
        opening: list[Opening] = []
        for index, entry in enumerate(self.entries[:first]):
            if self.roles[index] is not Role.TEXT:
                continue
            if index in self.joined and opening:
                opening[-1] = Opening(glue(opening[-1].text, entry.text), opening[-1].is_item)
            else:
                opening.append(Opening(entry.text, entry.is_item))
        return opening

    def stories(self) -> list[Announced]:
        """The stories, each with its first paragraphs."""
        heads = self.headlines
        ends = [*heads[1:], len(self.entries)][: len(heads)]
        return [
            Announced(
                self.entries[start].text, _text(self.entries[start + 1 : min(end, start + 60)])
            )
            for start, end in zip(heads, ends, strict=True)
        ]

    def bullets(self, stories: Sequence[Announced]) -> list[str]:
        """The summary."""
        opening = self.opening()
        return [opening[index].text for index in _summary(opening, stories)]

    def rank(self) -> tuple[float, int, int]:
        """How well it fits; of two plans the greater one is the better.

        Returns:
            How well bullets and stories pair, 0 to 1.1 (lines before them that are neither cost,
            running text behind the summary costs most); how many pairs there are; and how few
            questions it leaves.
        """
        opening, stories = self.opening(), self.stories()
        chosen = _summary(opening, stories)
        bullets = [opening[index].text for index in chosen]
        pairs = sum(story is not None for story in match(bullets, stories))
        if not pairs:
            return 0.0, 0, 0
        running = sum(sentences.count(part.text) > 1 for part in opening[chosen.stop :])
        cost = 0.05 * (len(opening) - len(bullets)) + 0.5 * running
        is_even = len(bullets) == len(stories)
        score = pairs / max(len(bullets), len(stories)) + 0.1 * is_even - cost
        return score, pairs, -len(self.remarks)


def _summary(opening: Sequence[Opening], stories: Sequence[Announced]) -> range:
    return find(opening, stories) if len(opening) <= LONGEST_OPENING else range(0)


def _text(entries: Sequence[Entry]) -> str:
    text = ""
    for entry in entries:
        text = f"{text} {entry.text}"
        if len(text) > _ENOUGH:
            break
    return text[:_ENOUGH]
