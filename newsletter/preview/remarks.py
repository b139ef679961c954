"""Findings beside the lines that they are about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.findings import Finding
from newsletter.issue.manuscript import Manuscript
from newsletter.project import Project
from newsletter.render.galley import Galley
from newsletter.render.place import Place

_READ = 2_000_000  # bytes of a broken file that are read to show its lines
_BEFORE, _WORD, _AFTER = 80, 60, 120  # characters of an offending line that are shown


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding together with the line that it is about.

    Attributes:
        finding: The finding.
        group: What its rule is about; ``issue`` for what makes the file no issue.
        before: The line up to the place, shortened if it is long.
        at: The word at the place.
        after: The rest of the line, shortened likewise. All are empty for what concerns the letter
            as a whole, and without a readable file.
        place: Where in the letter, as ``render.place.Place`` writes it; empty if nowhere.
        mendable: Whether ``newsletter fix`` knows what to do.
    """

    finding: Finding
    group: str = "issue"
    before: str = ""
    at: str = ""
    after: str = ""
    place: str = ""
    mendable: bool = False

    @classmethod
    def of(
        cls,
        finding: Finding,
        lines: Sequence[str],
        group: str = "issue",
        place: str = "",
        *,
        mendable: bool = False,
    ) -> Remark:
        """A finding with its line.

        Args:
            finding: The finding.
            lines: The lines of its file.
            group: What its rule is about.
            place: Where in the letter.
            mendable: Whether it can be mended by itself.
        """
        line = lines[finding.line - 1].rstrip() if 0 < finding.line <= len(lines) else ""
        before, rest = line[: finding.column - 1], line[finding.column - 1 :]
        word = re.match(r"\S+", rest)
        at = rest[: word.end() if word else 1][:_WORD]
        after = rest[len(at) :]
        if len(before) > _BEFORE:
            before = "…" + before[-_BEFORE:]
        if len(after) > _AFTER:
            after = after[:_AFTER] + "…"
        return cls(finding, group, before.lstrip(), at, after, place, mendable)


def of_broken(root: Path, path: Path, findings: Sequence[Finding]) -> tuple[Remark, ...]:
    """What makes a file no valid issue, worst first."""
    lines = _Lines(root, path)
    return worst_first([Remark.of(finding, lines.of(finding)) for finding in findings])


def of_checked(project: Project, manuscript: Manuscript, galley: Galley) -> tuple[Remark, ...]:
    """What the lint rules say of an issue, worst first.

    Raises:
        ConfigurationError: The settings name a rule that does not exist, or a rule of the
            project's own is none.
    """
    groups = {rule.slug: rule.group.value for rule in project.rules}
    lines = _Lines(project.root, manuscript.path)
    return worst_first(
        [
            Remark.of(
                found.finding,
                # What concerns the letter as a whole stands at its first character: there is
                # nothing to see.
                () if _is_at_the_start(found.finding) else lines.of(found.finding),
                groups.get(found.finding.rule, "issue"),
                str(Place(found.problem.where, found.problem.offset)),
                mendable=bool(found.problem.fix),
            )
            for found in project.examine(manuscript, galley)
        ]
    )


def worst_first(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Errors, then warnings, then notes; each in the order of the file."""

    def rank(remark: Remark) -> tuple[int, str, int, int]:
        finding = remark.finding
        return finding.severity.rank, finding.path, finding.line, finding.column

    return tuple(sorted(remarks, key=rank))


def _is_at_the_start(finding: Finding) -> bool:
    return (finding.line, finding.column) == (1, 1)


class _Lines:
    """The lines of the files that findings name; nothing outside the project is shown."""

    def __init__(self, root: Path, issue: Path) -> None:
        self._root = root.resolve()
        self._issue = issue
        self._known: dict[str, list[str]] = {}

    def of(self, finding: Finding) -> list[str]:
        if finding.path not in self._known:
            self._known[finding.path] = self._read(finding.path)
        return self._known[finding.path]

    def _read(self, name: str) -> list[str]:
        # Findings name files as a user would type them.
        path = self._issue if Path(name).name == self._issue.name else Path(name)
        try:
            if not path.resolve().is_relative_to(self._root):
                return []
            return path.read_bytes()[:_READ].decode("utf-8", "replace").split("\n")
        except (OSError, ValueError, RuntimeError):  # a NUL in the name, links in a circle
            return []
