"""``newsletter diff``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import issue_argument, json_option, with_project
from newsletter.cli.output import count, say, say_json
from newsletter.errors import ManuscriptError, NotFoundError

if TYPE_CHECKING:
    from newsletter.issue.git import Commit
    from newsletter.issue.manuscript import Manuscript
    from newsletter.project import Project


@dataclasses.dataclass(frozen=True, slots=True)
class Before:
    """What an issue is compared with.

    Attributes:
        manuscript: The earlier version, or the other issue.
        name: What it is called in a sentence.
        plain: The same for programs.
    """

    manuscript: Manuscript
    name: str
    plain: dict[str, Any]


@click.command()
@issue_argument
@click.option(
    "--against",
    metavar="REV",
    help="What to compare with: a commit, branch or tag of git, or the path of another issue. "
    "Without it, the last commit.",
)
@json_option
@with_project
def command(project: Project, issue: str | None, against: str | None, *, as_json: bool) -> None:
    """See what changed in an issue, story by story and word by word.

    Layout, comments and line breaks of the file are no changes.
    """
    from newsletter.cli.diff_text import lines
    from newsletter.issue.changes.compare import compare
    from newsletter.issue.git import NoEarlierVersionError

    path = project.find(issue)
    after = project.manuscript(path)
    try:
        before = _before(project, path, against)
    except NoEarlierVersionError as error:
        if against is not None:
            raise
        _say_it_is_new(project, path, after, error.message, as_json=as_json)
        return
    changes = compare(before.manuscript.issue, after.issue)
    if as_json:
        words = {"words_added": changes.words_added, "words_removed": changes.words_removed}
        plain = {"issue": after.slug, "path": str(project.shown(path)), "against": before.plain}
        say_json({**plain, "is_new": False, **words, **dataclasses.asdict(changes)})
    elif changes:
        say(f"{after.slug}: changes since {before.name}", bold=True)
        for line in lines(changes):
            say(line)
    else:
        _say_nothing_changed(path, after, before, against)


def _before(project: Project, path: Path, against: str | None) -> Before:
    from newsletter.issue.endings import ENDINGS

    if against is not None and against.lower().endswith(ENDINGS) and ":" not in against:
        other = project.find(against)
        shown = str(project.shown(other))
        return Before(project.manuscript(other), shown, {"path": shown})
    try:
        return _version(path, "HEAD" if against is None else against)
    except NotFoundError as error:
        if against is None:
            raise
        try:
            other = project.find(against)
        except NotFoundError:
            raise error from None
        hint = f"To compare with that issue: --against {project.shown(other)}"
        raise NotFoundError(error.message, hint) from None


def _version(path: Path, revision: str) -> Before:
    from newsletter.issue.git import Repository
    from newsletter.issue.load import load_text

    version = Repository.around(path).version(path, revision)
    name = _named(revision, version.commit)
    read = load_text(version.content, path, f"{revision}:{version.path}")
    if isinstance(read, tuple):
        raise ManuscriptError(
            f"{path.name} was not a valid issue in {name}: {count(len(read), 'problem')}",
            read,
            "Compare with another version: --against takes any commit that git log names.",
        )
    commit = version.commit
    plain = {"revision": revision, "commit": commit.hash, "date": commit.date, "path": version.path}
    return Before(read, name, plain)


def _say_it_is_new(
    project: Project, path: Path, after: Manuscript, why: str, *, as_json: bool
) -> None:
    if as_json:
        place = {"issue": after.slug, "path": str(project.shown(path))}
        say_json({**place, "against": None, "is_new": True, "why": why})
        return
    why = why.partition(", so ")[0]
    say(f"{after.slug} is new: there is nothing to compare it with ({why}).")
    others = [other for other in project.issues() if other != path]
    if others:
        other = project.shown(others[0])
        say(f"To compare it with another issue: newsletter diff {after.slug} --against {other}")


def _say_nothing_changed(
    path: Path, after: Manuscript, before: Before, against: str | None
) -> None:
    from newsletter.issue.git import Repository

    words = "" if before.manuscript.text == after.text else " in words, only in layout or comments,"
    if against is not None:
        say(f"{after.slug}: no changes{words} since {before.name}.")
        return
    last, *earlier = Repository.around(path).history(path)
    say(f"{after.slug}: no changes{words} since {_named(last.short, last)}.")
    if earlier:
        command = f"newsletter diff {after.slug} --against {earlier[0].short}"
        say(f"Compare with the version before: {command}")
    else:
        say("That is its first version.")


def _named(revision: str, commit: Commit) -> str:
    """``main (1a2b3c4, 2026-11-18)``, or ``1a2b3c4 (2026-11-18)``."""
    if commit.hash.startswith(revision):
        return f"{commit.short} ({commit.date})"
    return f"{revision} ({commit.short}, {commit.date})"
