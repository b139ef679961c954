"""What a lint rule is: a module with six names, fed with one value, yielding problems.

The names are ``ID``, ``GROUP``, ``SEVERITY``, ``TARGET``, ``check`` and the module's docstring,
which is the rule's documentation: what, why, the source, and a ``Bad::`` and a ``Good::`` example
that are tested. The file's name, with hyphens, is the rule's slug.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.amend import Edit
from newsletter.issue.manuscript import Where
from newsletter.lint.context import Context

__all__ = ["Context", "Edit", "Group", "Problem", "Rule", "Target"]


class Group(enum.StrEnum):
    """What a rule is about."""

    EDITORIAL = "editorial"
    """The words: repeated passages, quotes, dates, names."""
    ACCESSIBILITY = "accessibility"
    """Readers who listen, enlarge, or see other colours."""
    CLIENTS = "clients"
    """What mail programs show."""
    SIZE = "size"
    """Bytes."""
    LINKS = "links"
    """Where links lead."""
    IMAGES = "images"
    """Pictures."""
    INBOX = "inbox"
    """Subject, preheader, headers."""
    SPAM = "spam"
    """What filters hold against a letter."""
    TEXT = "text"
    """The plain-text part."""
    PRIVACY = "privacy"
    """Readers are not watched."""


class Target(enum.StrEnum):
    """What a rule looks at, and so what the examples in its docstring are."""

    ISSUE = "issue"
    """The manuscript: examples are pieces of an issue file."""
    EDITION = "edition"
    """The rendered letter: examples are the parts of an edition, ``html`` and ``text``."""
    OUTSIDE = "outside"
    """What others answer: runs only when it is asked for, and has no examples."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields; the engine adds the rule's slug and turns the place into line and column.

    Attributes:
        message: What is wrong, one sentence without a full stop at the end.
        hint: What to do about it, full sentences; empty if the message says it all.
        where: The way to the value; empty for the letter as a whole.
        offset: Characters into that value; None for the value as a whole.
        severity: How bad this one is; None for the rule's own ``SEVERITY``.
        fix: What ``newsletter fix`` does about it; only repairs that cannot change what is meant.
    """

    message: str
    hint: str = ""
    where: Where = ()
    offset: int | None = None
    severity: Severity | None = None
    fix: tuple[Edit, ...] = ()


Check = Callable[[Context], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, read from its module.

    Attributes:
        slug: The file's name with hyphens; what findings, settings and comments call it.
        id: Its number in the catalogue: ``N08``.
        group: What it is about.
        severity: How bad its problems are, where a problem does not say so itself.
        target: What it looks at.
        documentation: The module's docstring.
        check: The problems of one issue, in any order.
    """

    slug: str
    id: str
    group: Group
    severity: Severity
    target: Target
    documentation: str
    check: Check

    @property
    def title(self) -> str:
        """The first line of the documentation, without its full stop."""
        return self.documentation.strip().partition("\n")[0].rstrip(".")
