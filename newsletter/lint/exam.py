"""The exam of every rule, ours and a newsroom's own: its documentation is whole and true."""

from __future__ import annotations

import datetime
import re
import tempfile
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from newsletter.findings import Finding
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.lint.context import Context
from newsletter.lint.engine import Diagnosis, examine
from newsletter.lint.options import Options
from newsletter.lint.rule import Rule, Target
from newsletter.render.edition import Edition
from newsletter.render.galley import Galley
from newsletter.render.merge import Context as SlotContext
from newsletter.render.merge import Merged, Tokens
from newsletter.render.publication import Publication

CHAPTERS = ("What: ", "Why: ", "Source: ", "Bad::", "Good::")
"""What the documentation of a rule must have, besides its first line."""

HTML = f"""\
<!doctype html>
<html lang="en" dir="ltr">
<head><title>The night ferry is back</title></head>
<body><div lang="en" dir="ltr">
<div style="display:none">And a library{200 * "&#847; "}</div>
<h1>The Harbour Letter</h1>
<p>Until next week. <a href="{{{{ unsubscribe_url }}}}" style="text-decoration:underline">\
Unsubscribe</a></p>
</div></body>
</html>
"""
"""A letter with nothing wrong in it."""

TEXT = "Until next week. Unsubscribe: {{ unsubscribe_url }}"

_NEEDED = {
    "subject": "subject: The night ferry is back",
    "preheader": "preheader: And a library that stays open until ten in the evening",
    "date": "date: 2026-11-20",
    "sections": "sections: [{headline: Ferry, body: It sails again.}]",
}


def exam(rule: Rule) -> Iterator[str]:
    """What is wrong with a rule, a sentence each: nothing if it passes."""
    documentation = f"\n\n{rule.documentation}"
    missing = [chapter for chapter in CHAPTERS if f"\n\n{chapter}" not in documentation]
    if missing:
        yield f"{rule.slug}: its docstring lacks {', '.join(repr(m.strip()) for m in missing)}"
        return
    for chapter in ("Bad", "Good"):
        found = try_example(rule, example(rule.documentation, chapter))
        if isinstance(found, str):
            yield f"{rule.slug}: its example {chapter}:: is no piece of an issue: {found}"
        elif bool(found) != (chapter == "Bad"):
            said = f"finds {found[0].message!r} in" if found else "finds nothing in"
            yield f"{rule.slug}: it {said} its example {chapter}::"


def example(documentation: str, title: str) -> str:
    """The indented block behind ``Bad::`` or ``Good::``."""
    _, _, block = documentation.partition(f"\n{title}::\n")
    lines: list[str] = []
    for line in block.splitlines():
        if line and not line.startswith(" "):
            break
        lines.append(line)
    return textwrap.dedent("\n".join(lines)).strip("\n") + "\n"


def try_example(rule: Rule, piece: str) -> list[Finding] | str:
    """What a rule says of an example, or why it is none.

    One of an issue rule is a piece of an issue file; further documents behind ``---`` are earlier
    issues, the latest first; one that begins with ``language:`` is the same issue in that language,
    and one that begins with ``lint:`` is the table of the settings. A document that begins with
    ``pictures:`` names files and how many pixels wide they are: see-through ones, as heavy as
    pictures can be. One of an edition rule is its parts, ``html`` and ``text``, repeated ``times``.
    """
    import yaml

    try:
        if rule.target is Target.ISSUE:
            now, *others = re.split(r"(?m)^---\n", piece)
            tables = [yaml.safe_load(other) for other in others if other.startswith("lint:")]
            drawn = [yaml.safe_load(other) for other in others if other.startswith("pictures:")]
            siblings = [other for other in others if other.startswith("language:")]
            known = ("lint:", "pictures:", "language:")
            earlier = [other for other in others if not other.startswith(known)]
            options = tables[0]["lint"] if tables else {}
            pictures = drawn[0]["pictures"] if drawn else {}
            found = diagnose(
                now,
                [rule],
                earlier=earlier,
                siblings=siblings,
                options=options,
                pictures=pictures,
            )
        else:
            parts = yaml.safe_load(piece)
            times = parts.pop("times", 1)
            found = diagnose("", [rule], **{name: part * times for name, part in parts.items()})
    except (ValueError, TypeError, yaml.YAMLError) as error:
        return str(error)
    return [diagnosis.finding for diagnosis in found]


def diagnose(
    piece: str,
    rules: Sequence[Rule],
    *,
    root: Path | None = None,
    language: str = "en",
    earlier: Sequence[str] = (),
    siblings: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    name: str = "2026-11-20",
    html: str = HTML,
    text: str = TEXT,
    view_url: str = "",
    pictures: Mapping[str, int] | None = None,
    lists: Sequence[str] = ("weekly", "alerts"),
) -> list[Diagnosis]:
    """What rules say of a piece of an issue file and the parts of an edition.

    Args:
        piece: The beginning of an issue file; keys that it lacks are added below it.
        rules: The rules.
        root: Folder of the project; a folder without files if there is none.
        language: Of the newsletter.
        earlier: Pieces of earlier issues, the latest first.
        siblings: Pieces of the same issue in other languages; each says its ``language`` first.
        options: The table ``[lint]`` of the settings.
        name: The issue's file name without ending.
        html: The HTML part, merge fields as typed.
        text: The text part, likewise.
        view_url: Address of the web version.
        pictures: Files to draw beside the issue, and how many pixels wide they are.
        lists: Names of the newsletter's lists.

    Raises:
        ValueError: A piece is not the beginning of a valid issue.
    """
    with tempfile.TemporaryDirectory() as empty:
        folder = (root or Path(empty)) / "issues"
        for picture, width in (pictures or {}).items():
            _draw(folder / picture, width)
        edition = _edition(html, text, view_url)
        context = Context(
            read(piece, folder / f"{name}.yaml"),
            Galley(edition),
            Publication("The Harbour Letter", language=language),
            folder.parent,
            Options.model_validate(options or {}),
            headers={"from": "Letter <letter@example.org>", "base_url": "https://example.org"},
            lists=lists,
            recall=lambda: [
                read(past, folder / f"past-{number}.yaml") for number, past in enumerate(earlier, 1)
            ],
            translated=lambda: [
                read(other, folder / f"{name}.{_language(other)}.yaml") for other in siblings
            ],
        )
        return list(examine(context, rules))


def _language(piece: str) -> str:
    """What a piece that begins with ``language:`` says there."""
    return piece.partition("\n")[0].partition(":")[2].strip()


def read(piece: str, path: Path) -> Manuscript:
    """The manuscript of a piece of an issue file.

    Raises:
        ValueError: It is not the beginning of a valid issue.
    """
    manuscript = load_text(complete(piece), path)
    if not isinstance(manuscript, Manuscript):
        raise ValueError("; ".join(finding.message for finding in manuscript))  # noqa: TRY004
    return manuscript


def complete(piece: str) -> str:
    """A whole issue file: what is missing follows below, so that lines keep their numbers."""
    piece = textwrap.dedent(piece).strip("\n")
    missing = [line for key, line in _NEEDED.items() if not re.search(rf"(?m)^{key}:", piece)]
    return "\n".join([*piece.split("\n"), *missing]).lstrip("\n") + "\n"


def _draw(path: Path, width: int) -> None:
    """A see-through picture without any order: four bytes a pixel, however it is packed."""
    import random

    from PIL import Image

    content = random.Random(width).randbytes(4 * width * width)  # noqa: S311 - no secret
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.frombytes("RGBA", (width, width), content).save(path, "PNG")


def _edition(html: str, text: str, view_url: str) -> Edition:
    tokens = Tokens(html + text)

    def cut(part: str, context: SlotContext) -> Merged:
        return tokens.cut(tokens.hide(part), context)

    return Edition(
        slug="2026-11-20",
        date=datetime.date(2026, 11, 20),
        language="en",
        subject=cut("The night ferry is back", SlotContext.TEXT),
        preheader=cut("And a library", SlotContext.TEXT),
        html=cut(html, SlotContext.HTML),
        text=cut(text, SlotContext.TEXT),
        view_url=view_url,
    )
