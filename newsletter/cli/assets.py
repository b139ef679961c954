"""``newsletter assets``: pictures for the web."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import WholeLines, json_option, with_project
from newsletter.cli.output import count, say, say_json, warn

if TYPE_CHECKING:
    from newsletter.delivery.assets import Asset
    from newsletter.findings import Finding
    from newsletter.project import Project
    from newsletter.render.edition import EmbeddedImage

_RULE = "image-file"


@click.group(cls=WholeLines)
def command() -> None:
    """Write the pictures of your letters for a web server."""


@command.command("build")
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the files go; upload this folder to assets_url.",
)
@json_option
@with_project
def build(project: Project, issues: tuple[str, ...], output: Path, *, as_json: bool) -> int:
    """Write the pictures of issues (slugs, paths, or without either all) as readers get them.

    Letters find them under ASSETS_URL by the names they have here. Files that are there already
    stay, and none is ever deleted: letters that were sent still show it. Exit code 1 if a picture
    or an issue has a problem; all others are written.
    """
    from newsletter.delivery.assets import write_assets
    from newsletter.findings import Severity

    paths = [project.find(issue) for issue in issues] or project.issues()
    findings: list[Finding] = []
    failed: list[str] = []
    images = (
        image for path in dict.fromkeys(paths) for image in _images(project, path, findings, failed)
    )
    assets = list(write_assets(images, output))
    if as_json:
        say_json(
            {
                "assets": [dataclasses.asdict(asset) for asset in assets],
                "findings": [dataclasses.asdict(finding) for finding in findings],
                "failed": failed,
            }
        )
    else:
        _show(assets, findings, failed, output, hosted=bool(project.settings.assets_url))
    return int(bool(failed) or any(f.severity is Severity.ERROR for f in findings))


def _images(
    project: Project, path: Path, findings: list[Finding], failed: list[str]
) -> Iterator[EmbeddedImage]:
    from newsletter.errors import ManuscriptError, TemplateError
    from newsletter.lint.engine import examine

    try:
        manuscript = project.manuscript(path)
        galley = project.render(manuscript)
    except ManuscriptError as error:
        findings.extend(error.findings)
        failed.append(error.message)
        return
    except TemplateError as error:
        failed.append(f"{path.stem}: {error.message}")
        return
    context = project.lint_context(manuscript, galley)
    rules = [rule for rule in project.rules if rule.slug == _RULE]
    said = (diagnosis.finding for diagnosis in examine(context, rules))
    findings.extend(finding for finding in said if finding.rule == _RULE)
    yield from galley.files


def _show(
    assets: list[Asset], findings: list[Finding], failed: list[str], output: Path, *, hosted: bool
) -> None:
    for asset in assets:
        say(f"{asset.path} ({_kib(asset.size)}){'' if asset.new else ', there already'}")
    for finding in findings:
        warn(str(finding))
    for message in failed:
        warn(f"Not built: {message}")
    if not assets:
        say("There are no files to host.")
        return
    new = sum(asset.new for asset in assets)
    weight = _kib(sum(asset.size for asset in assets))
    say(f"{count(len(assets), 'picture')}, {weight}, in {output}: {new} written now.")
    if not hosted:
        warn("Letters carry their pictures inside until assets_url is set in newsletter.toml.")


def _kib(size: int) -> str:
    return f"{size / 1024:,.0f} KiB" if size >= 1024 else f"{size} bytes"
