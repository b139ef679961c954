"""The checks of ``newsletter check`` that ask somebody else: web servers, SpamAssassin."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from newsletter.cli.output import warn
from newsletter.errors import TemplateError
from newsletter.findings import Finding
from newsletter.issue.manuscript import Manuscript
from newsletter.project import Project

Outside = tuple[list[Finding], list[str]]
"""What was found, and what else there is to say."""


def check_links(project: Project, paths: Sequence[Path]) -> Outside:
    """Ask for the links and remote pictures of some issues; files that are no issues have none."""
    from newsletter.probes import links

    manuscripts = {path: m for path in paths if isinstance(m := project.read(path), Manuscript)}
    cache = project.state_folder / "cache" / "links.json"
    with _progress() as progress:
        report = links.check_links(list(manuscripts.values()), cache, progress=progress)
    return _heard(project, manuscripts, report.findings), [f"Links: {report.summary}"]


def check_spam(project: Project, paths: Sequence[Path]) -> Outside:
    """Ask the SpamAssassin of this machine about some issues."""
    from newsletter.delivery.sample import sample_message
    from newsletter.probes import spam

    found: list[Finding] = []
    remarks: list[str] = []
    for path in paths:
        manuscript = project.read(path)
        if not isinstance(manuscript, Manuscript):
            continue
        try:
            edition = project.render(manuscript).edition
        except TemplateError:
            continue  # said already, as a finding
        result = spam.check_spam(sample_message(edition, project.sender).data)
        found += _heard(project, {path: manuscript}, spam.spam_findings(result, manuscript))
        if isinstance(result, spam.NoSpamReport):
            remarks.append(f"Spam: could not be checked: {result.message}. {result.hint}")
            break
        score = f"{result.score:.1f} points; {result.limit:.1f} are spam"
        remarks.append(f"Spam: {manuscript.slug} has {score}.")
    return found, remarks


def _heard(
    project: Project, manuscripts: Mapping[Path, Manuscript], findings: Sequence[Finding]
) -> list[Finding]:
    """What the project's settings and the comments in the files leave of some findings."""
    from newsletter.lint.engine import hear

    by_name = {manuscript.name: manuscript for manuscript in manuscripts.values()}
    options = project.settings.lint
    heard = (hear(f, by_name[f.path], options, project.rules) for f in findings)
    return [finding for finding in heard if finding is not None]


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return

    def show(done: int, of: int) -> None:
        print(f"\rAsking for links: {done} of {of} ", end="", file=sys.stderr, flush=True)  # noqa: T201

    yield show
    warn("\r" + " " * 40 + "\r")
