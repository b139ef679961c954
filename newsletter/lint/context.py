"""Everything a lint rule may look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Issue
from newsletter.issue.passages import Passage, passages
from newsletter.lint.options import Options
from newsletter.render.publication import Publication

if TYPE_CHECKING:
    from newsletter.lint.document import Document
    from newsletter.render.edition import Edition
    from newsletter.render.galley import Galley


def _nothing() -> Sequence[Manuscript]:
    return ()


@dataclass(frozen=True)
class Context:
    """Everything a rule may look at; what is dear to make is made once, for all rules.

    Attributes:
        manuscript: The issue and the place of every value in it.
        galley: The issue rendered, with the place that each part of the HTML comes from.
        publication: What all issues have in common.
        root: The project's folder; nothing outside it may be read.
        options: The project's ``[lint]`` table.
        headers: Who the letter is from, as the settings say it: ``from``, ``reply_to`` and so on.
        lists: Names of the newsletter's lists; empty if nobody knows.
        recall: Gives the earlier issues; asked at most once.
        translated: Gives the same issue in other languages; asked at most once.
    """

    manuscript: Manuscript
    galley: Galley
    publication: Publication
    root: Path
    options: Options = field(default_factory=Options)
    headers: Mapping[str, str] = field(default_factory=dict)
    lists: Sequence[str] = ()
    recall: Callable[[], Sequence[Manuscript]] = _nothing
    translated: Callable[[], Sequence[Manuscript]] = _nothing

    @property
    def issue(self) -> Issue:
        """What the manuscript says."""
        return self.manuscript.issue

    @property
    def edition(self) -> Edition:
        """The issue rendered, merge fields open."""
        return self.galley.edition

    @property
    def language(self) -> str:
        """BCP 47 tag of the issue."""
        return self.issue.language or self.publication.language

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The words of the issue as readers read them, from top to bottom."""
        return tuple(passages(self.issue))

    @cached_property
    def document(self) -> Document:
        """The HTML as a tree whose elements know where they come from."""
        from newsletter.lint.document import Document

        return Document.read(self.edition.html, lambda: self.galley.annotated)

    @cached_property
    def siblings(self) -> tuple[Manuscript, ...]:
        """The same issue in other languages, in the order of their file names."""
        return tuple(self.translated())

    @cached_property
    def earlier(self) -> tuple[Manuscript, ...]:
        """Earlier issues of this newsletter in the same language, the latest first."""
        return tuple(self.recall())
