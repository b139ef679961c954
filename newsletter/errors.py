"""Everything that can go wrong and end a command.

::

    NewsletterError
    ├── ConfigurationError      newsletter.toml or the environment is wrong          (exit 2)
    ├── NotFoundError           no such project, issue, subscriber or campaign       (exit 2)
    ├── ManuscriptError         an issue file cannot be read as an issue             (exit 1)
    ├── SavedMeanwhileError     somebody else saved the file that was to be changed  (exit 1)
    ├── TemplateError           a template does not give valid MJML                  (exit 1)
    ├── AudienceError           a list of subscribers cannot be read or changed      (exit 1)
    │   └── SegmentError        an expression that is no segment                     (exit 2)
    ├── DatabaseError           the database cannot be opened, read or written       (exit 1)
    ├── FeedbackError           what comes back cannot be fetched or read            (exit 1)
    ├── SendRefusedError        a send that must not start                           (exit 1)
    └── TransportError          whoever should take the messages does not            (exit 3)
        └── TransportConfigurationError   and will not until something is changed    (exit 1)

Problems *in* an editor's files are not exceptions but values: see ``newsletter.findings``.
Each error says what, where, and what next; the command line prints two lines, never a traceback.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.findings import Finding


class NewsletterError(Exception):
    """Base of all errors that a user may see.

    Args:
        message: What is wrong and where, one sentence, without "Error:" before it.
        hint: What to do next, one sentence; empty if there is nothing to add.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigurationError(NewsletterError):
    """``newsletter.toml`` or an environment variable is wrong."""

    exit_code = 2


class NotFoundError(NewsletterError):
    """No such project, issue, subscriber or campaign."""

    exit_code = 2


class SavedMeanwhileError(NewsletterError):
    """A file has other bytes than those that were to be changed; it stays as it was saved."""


class ManuscriptError(NewsletterError):
    """An issue file cannot be read as an issue; ``findings`` say why, each with its place."""

    def __init__(self, message: str, findings: Sequence[Finding], hint: str = "") -> None:
        super().__init__(message, hint)
        self.findings = tuple(findings)


class TemplateError(NewsletterError):
    """A template is missing, has a mistake, or does not give valid MJML.

    Args:
        problem: What is wrong.
        hint: What to do next.
        path: The template, as the user would type it; empty if none is to blame.
        line: Line in it, counted from 1; 0 if that is not known.
        column: Column in that line, counted from 1; 0 if that is not known.
    """

    def __init__(
        self, problem: str, hint: str = "", *, path: str = "", line: int = 0, column: int = 0
    ) -> None:
        place = ":".join(str(part) for part in (path, line, column) if part)
        super().__init__(f"{place}: {problem}" if place else problem, hint)
        self.problem, self.path, self.line, self.column = problem, path, line, column


class AudienceError(NewsletterError):
    """A list of subscribers cannot be read, or a change to it is refused."""


class SegmentError(AudienceError):
    """An expression for some of the readers has no meaning: whoever typed it must mend it."""

    exit_code = 2


class DatabaseError(NewsletterError):
    """The database cannot be opened, read or written."""


class FeedbackError(NewsletterError):
    """What comes back cannot be fetched or read: a mailbox, a certificate of a provider."""


class SendRefusedError(NewsletterError):
    """A send that must not start."""


class TransportError(NewsletterError):
    """Whoever should take the messages is out of reach or broken; try again later."""

    exit_code = 3


class TransportConfigurationError(TransportError):
    """The transport will not work until something is changed: login, certificate, address."""

    exit_code = 1
