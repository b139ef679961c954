"""``newsletter approve``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json, warn
from newsletter.cli.send_report import say_plan_file

if TYPE_CHECKING:
    from newsletter.project import Project
    from newsletter.sending.plan import Plan


@click.command()
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--key",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your SSH key.  [the one of yours that stands among the signers]",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@with_project
def command(project: Project, plan: Path, key: Path | None, *, yes: bool, as_json: bool) -> int:
    """Say yes to a plan with your SSH key: this much, to so many readers, and nothing else.

    The signature is a file beside the plan; hand both back to whoever sends. Plans are made with:
    newsletter send --plan

    Exit code 0 when your signature counts.
    """
    from newsletter.cli.send_asking import need_terminal
    from newsletter.errors import SendRefusedError
    from newsletter.files import write_atomically
    from newsletter.sending import ssh
    from newsletter.sending.approval import verdict
    from newsletter.sending.plan import Plan
    from newsletter.sending.signature import BadSignatureError, signatures_beside

    signers = project.root / project.settings.approval.signers
    found = Plan.read(plan)
    if not as_json:
        say_plan_file(found)
    _compare(project, found)
    if not yes:
        need_terminal("--yes")
        if not click.confirm(f"Approve that {found.issue} is sent like this?", err=True):
            raise SendRefusedError("nothing was signed")
    with tempfile.TemporaryDirectory() as folder:
        own = key or ssh.own_key(signers, Path.home(), Path(folder))
        text = ssh.sign(found.dump(), own)
    try:
        signer = ssh.verify(found.dump(), text, signers)
    except BadSignatureError as error:
        raise SendRefusedError(
            f"a signature by {own} does not count: {error.message}",
            f"Sign with a key that stands there (--key FILE), or have yours added: {signers}",
        ) from error
    file = plan.with_name(f"{plan.name}.{signer.name.replace('/', '_')}.sig")
    write_atomically(file, text)
    so_far = verdict(project, found, signatures_beside(plan))
    for reason in so_far.rejected:
        warn(f"Does not count: {reason}.")
    required = project.settings.approval.required
    if as_json:
        names = list(so_far.approvers)
        say_json({"file": str(file), "approvers": names, "required": required})
    else:
        say(f"Signed as {signer.name}: {project.shown(file.resolve())}")
        say(f"{len(so_far.approvers)} of {required} so far: {', '.join(so_far.approvers)}")
    return 0 if signer.name in so_far.approvers else 1


def _compare(project: Project, plan: Plan) -> None:
    """Say whether the content is what the one who approves has before them."""
    from newsletter.errors import NotFoundError
    from newsletter.sending.content import present_digest

    try:
        path = project.find_own(plan.issue)
        same = present_digest(project, path, plan.audience.lists) == plan.content
    except NotFoundError:
        warn(f"You have no {plan.issue} here, so you cannot see what the plan would send.")
        return
    if not same:
        warn(
            f"Your {plan.issue} is not what the plan would send: get the commit that it names, "
            "or do not approve it."
        )
