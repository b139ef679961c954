"""``newsletter check``."""

from __future__ import annotations

import click

from newsletter.cli.check_many import check_many
from newsletter.cli.check_outside import check_links, check_spam
from newsletter.cli.options import with_project
from newsletter.cli.output import say
from newsletter.findings import Severity, in_reading_order
from newsletter.issue.siblings import meant
from newsletter.project import Project

FORMS = ("text", "json", "github", "sarif")


@click.command()
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option("--all", "everything", is_flag=True, help="Check every issue of the project.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMS),
    help="Lines to read (text, if you do not say), an array for programs (json), annotations for "
    "GitHub Actions, or SARIF for code hosts and editors.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--notes", is_flag=True, help="Show notes, too: what is worth knowing, not a fault.")
@click.option(
    "--links", is_flag=True, help="Ask whether links and pictures on the web are there (network)."
)
@click.option("--spam", is_flag=True, help="Ask SpamAssassin, if it is on this machine.")
@click.option("--strict", is_flag=True, help="Let warnings fail, too.")
@with_project
def command(
    project: Project,
    issues: tuple[str, ...],
    form: str | None,
    *,
    everything: bool,
    as_json: bool,
    links: bool,
    notes: bool,
    spam: bool,
    strict: bool,
) -> int:
    """Find what is wrong with issues: slugs, paths, or without either the latest.

    A slug (2026-11-20) means the issue in all of its languages; one language is 2026-11-20.uk.

    Exit code 1 if there are errors (with --strict, errors or warnings), else 0.
    """
    from newsletter.cli.reports import Report, reporter

    if everything and issues:
        raise click.UsageError("--all stands alone: it means every issue.")
    if as_json and form not in {None, "json"}:
        raise click.UsageError(f"--json and --format {form} say two things: leave one out.")
    if everything:
        paths = project.issues()
    else:
        found_for = [(project.find(issue), issue) for issue in issues or [None]]
        paths = [path for found in found_for for path in meant(*found)]
    paths = list(dict.fromkeys(paths))
    checked = check_many(project, paths)
    findings = [finding for found in checked.values() for finding in found]
    remarks: list[str] = []
    for wanted, ask in ((links, check_links), (spam, check_spam)):
        if wanted:
            found, said = ask(project, paths)
            findings += found
            remarks += said
    if links or spam:
        findings = in_reading_order(findings)
    shown = tuple(map(project.shown, checked))
    report = Report(shown, tuple(findings), project.rules, notes, tuple(remarks))
    written = reporter("json" if as_json else form or "text")(report)
    if written:
        say(written)
    blocking = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(any(finding.severity in blocking for finding in findings))
