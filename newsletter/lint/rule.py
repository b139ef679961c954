"""What a lint rule is: a module with five names, fed with one value, yielding problems.

The five names are ``ID``, ``SEVERITY``, ``TARGET``, ``check`` and the module's docstring, which
is the rule's documentation: what, why, the source, and a ``Bad::`` and a ``Good::`` example that
are tested.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from newsletter.findings import Severity
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.model import Issue
from newsletter.render.edition import Edition
from newsletter.render.publication import Publication


class Target(enum.StrEnum):
    """What a rule looks at, and so what the examples in its docstring are."""

    ISSUE = "issue"
    """The manuscript: examples are pieces of an issue file."""
    EDITION = "edition"
    """The rendered letter: examples are the parts of an edition, ``html`` and ``text``."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a rule may look at.

    Attributes:
        manuscript: The issue and the place of every value in it.
        edition: The issue rendered, merge fields open.
        publication: What all issues have in common.
        root: The project's folder; nothing outside it may be read.
    """

    manuscript: Manuscript
    edition: Edition
    publication: Publication
    root: Path

    @property
    def issue(self) -> Issue:
        """What the manuscript says."""
        return self.manuscript.issue


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields; the engine adds the rule's id and turns the place into line and column.

    Attributes:
        message: What is wrong, one sentence without a full stop at the end.
        hint: What to do about it, full sentences; empty if the message says it all.
        where: The way to the value; empty for the letter as a whole.
        offset: Characters into that value; None for the value as a whole.
        severity: How bad this one is; None for the rule's own ``SEVERITY``.
    """

    message: str
    hint: str = ""
    where: Where = ()
    offset: int | None = None
    severity: Severity | None = None


class Rule(Protocol):
    """The names of a rule's module, besides its docstring."""

    ID: str
    """Slug: the file's name with hyphens."""
    SEVERITY: Severity
    """How bad its problems are, where a problem does not say so itself."""
    TARGET: Target
    """What it looks at."""

    def check(self, context: Context) -> Iterator[Problem]:
        """The problems of one issue, in any order."""
        ...
