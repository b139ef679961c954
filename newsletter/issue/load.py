"""An issue file → a manuscript, or everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

from newsletter.findings import Finding, in_reading_order
from newsletter.issue import source
from newsletter.issue.draft import Draft
from newsletter.issue.manuscript import Manuscript, Span, Where
from newsletter.issue.nodes import Tree
from newsletter.issue.problems import Problem
from newsletter.issue.source import Source
from newsletter.issue.syntax import parse
from newsletter.issue.validate import validate


def load(path: Path, *, name: str | None = None) -> Manuscript | tuple[Finding, ...]:
    """Read an issue file.

    Args:
        path: The file. Whatever it is or holds, nothing is raised.
        name: The file as findings shall show it; by default relative to the working directory
            if it is below that.

    Returns:
        The manuscript, or all findings, in the order of the file.
    """
    return _load(source.read(path), path, name)


def load_text(
    text: str | bytes, path: Path, name: str | None = None
) -> Manuscript | tuple[Finding, ...]:
    """Read an issue from memory, as if it were the content of ``path``."""
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    return _load(source.decode(data), path, name)


def _load(read: Source, path: Path, name: str | None) -> Manuscript | tuple[Finding, ...]:
    shown = name if name is not None else _shown(path)
    problems = list(read.problems)
    if not read.is_hopeless:
        draft, tree = parse(read.text)
        problems += draft.problems
        if tree is not None:
            issue, found = validate(tree) if tree.is_complete else (None, [])
            problems += _visible(draft, [*tree.problems, *found])
            if issue is not None and not problems:
                return Manuscript(path, shown, read.text, issue, _spans(tree))
    findings = {problem.finding(shown): None for problem in problems}
    return tuple(in_reading_order(list(findings)))


def _visible(draft: Draft, problems: list[Problem]) -> list[Problem]:
    """Problems at their places in the file, without those of values that were painted over."""
    return [
        Problem(p.line, draft.column(p.line, p.column), p.rule, p.message, p.hint)
        for p in problems
        if not draft.is_painted(p.line, p.column)
    ]


def _spans(tree: Tree) -> dict[Where, Span]:
    spans = dict(tree.spans)
    bullets = tree.get(("summary",))
    for index, bullet in enumerate(bullets if isinstance(bullets, list) else ()):
        if isinstance(bullet, str):  # short for {text: …}
            spans["summary", index, "text"] = spans["summary", index]
    return spans


def _shown(path: Path) -> str:
    try:
        return path.absolute().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return str(path)
