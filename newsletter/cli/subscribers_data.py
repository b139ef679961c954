"""What ``newsletter subscribers`` does with what is held of single readers, and of all."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn
from newsletter.errors import AudienceError

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command("show")
@click.argument("address")
@json_option
@with_project
def show(project: Project, address: str, *, as_json: bool) -> None:
    """Show what is known of one reader: subscriptions, consent, letters."""
    from newsletter.audience.personal_data import personal_data

    held = personal_data(project.database, address)
    if as_json:
        say_json(held)
        return
    reader = held["reader"]
    say(held["address"] + ("" if reader else " is not a subscriber."))
    if reader:
        for key in ("name", "language"):
            own = " (set by the reader)" if key in reader["own_fields"] else ""
            if reader[key] or own:
                say(f"  {key}: {reader[key] or 'none'}{own}")
        for key, value in reader["attributes"].items():
            say(f"  {key}: {value}")
    for row in held["suppression"]:
        say(f"  never mailed: {row['reason']} ({row['created_at'][:10]}) {row['detail']}".rstrip())
    subscriptions = [
        (s["list"], s["status"], _day(s["requested_at"]), _day(s["confirmed_at"]), s["source"])
        for s in held["subscriptions"]
    ]
    if subscriptions:
        headings = ("List", "Status", "Asked", "Confirmed", "By way of")
        table(headings, subscriptions, always_headed=True)
    for wording in dict.fromkeys(s["agreed_to"] for s in held["subscriptions"]):
        if wording:
            say("They agreed to:")
            say(textwrap.indent(wording, "  "))
    came_back = [
        (row["kind"], _day(row["occurred_at"]), row["source"], row["detail"] or row["status"])
        for row in held["came_back"]
    ]
    if came_back:
        table(("Came back", "When", "By way of", "Said"), came_back[-20:], always_headed=True)
    letters = [(row["issue"], row["state"], _day(row["updated_at"])) for row in held["letters"]]
    if letters:
        table(("Letter", "Outcome", "When"), letters[-20:], always_headed=True)


@click.command("export-data")
@click.argument("address")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file; without it, the screen."
)
@with_project
def export_data(project: Project, address: str, output: Path | None) -> None:
    """Write all that is held of one reader as JSON, to be given to them."""
    from newsletter.audience.git import could_be_committed
    from newsletter.audience.personal_data import personal_data
    from newsletter.files import write_atomically

    text = json.dumps(personal_data(project.database, address), ensure_ascii=False, indent=2)
    if output is None:
        say(text)
        return
    write_atomically(output, text + "\n", mode=0o600)
    say(f"Wrote all that is held of them to {output}.")
    if could_be_committed(output):
        warn(f"Careful: git would commit {output}. Readers' data does not belong there.")


@click.command("forget")
@click.argument("address")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@with_project
def forget(project: Project, address: str, *, yes: bool) -> int:
    """Erase a reader for good, and never mail the address again.

    What stays is a keyed hash, by which no later import brings them back, and the counts of what
    was sent. Backups and files that were exported before still have them.
    """
    from newsletter.audience import personal_data
    from newsletter.audience.address import parse
    from newsletter.sending import clock

    email = parse(address).email
    if not yes:
        click.confirm(f"Erase {email} for good?", abort=True, err=True)
    known = personal_data.forget(project.database, address, clock.now())
    project.database.scrub()
    if known:
        say("Erased; the address is never mailed again.")
    else:
        say("There was no such reader; the address is never mailed from now on.")
    warn("Backups, exported files and the outbox folder are not looked into: see to them yourself.")
    return 0


@click.command("key")
@click.argument("address")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
@click.option("--remove", is_flag=True, help="Letters to this reader are not encrypted any more.")
@with_project
def key(project: Project, address: str, file: Path | None, *, remove: bool) -> None:
    """Keep a reader's OpenPGP key, which letters of lists with "openpgp" are encrypted to.

    FILE holds the public key that the reader gave you, as text or binary. Nothing is looked up.
    """
    from newsletter.audience.certificates import keep_certificate
    from newsletter.delivery.openpgp.certificate import LARGEST, parse_certificate

    if remove == (file is not None):
        raise click.UsageError("Name the file with the key, or say --remove.")
    if file is None:
        keep_certificate(project.database, address, None)
        say("Removed; letters to this reader are not encrypted any more.")
        return
    with file.open("rb") as stream:
        certificate = parse_certificate(stream.read(LARGEST + 1))
    if not certificate.can_encrypt:
        raise AudienceError(
            f"{file}: {certificate.problem}", "Ask the reader for a key that works."
        )
    keep_certificate(project.database, address, certificate.data)
    until = f", until {certificate.expires:%Y-%m-%d}" if certificate.expires else ""
    say(f"Letters are encrypted to {certificate.fingerprint}{until}.")


@click.command("release")
@click.argument("address")
@with_project
def release(project: Project, address: str) -> None:
    """Let an address be mailed again that was never to be: the reader must have asked for it.

    What they were subscribed to counts again; who had unsubscribed stays so.
    """
    from newsletter.audience import suppression
    from newsletter.audience.address import parse

    parsed = parse(address)
    if suppression.release(project.database, parsed):
        say(f"{parsed.email} may be mailed again.")
    else:
        say(f"{parsed.email} was not suppressed.")


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@json_option
@with_project
def purge(project: Project, *, dry_run: bool, as_json: bool) -> None:
    """Erase what is not needed any more, as [retention] in newsletter.toml says.

    Sign-ups that were never confirmed, and who got a letter long ago. `newsletter serve` and
    `newsletter worker` do the same every hour.
    """
    from newsletter.audience import retention
    from newsletter.sending import clock

    options = project.settings.retention
    work = retention.count if dry_run else retention.erase
    erased = work(project.database, options, clock.now())
    if as_json:
        done: dict[str, Any] = {"unconfirmed": erased.unconfirmed, "deliveries": erased.deliveries}
        say_json({**done, "dry_run": dry_run})
        return
    would = "Would erase" if dry_run else "Erased"
    say(
        f"{would} {count(erased.unconfirmed, 'sign-up')} that nobody confirmed, and the names on "
        f"{count(erased.deliveries, 'old delivery', 'old deliveries')}."
    )


@click.command("audit")
@json_option
@with_project
def audit(project: Project, *, as_json: bool) -> int:
    """See whether the consent to every subscription that is mailed is on record.

    A record of an import is incomplete, too, if nobody said how its readers had agreed: import the
    file again with --consent. Exit code 1 if any record is incomplete.
    """
    from newsletter.audience.consent import audit as look

    found = look(project.database)
    if as_json:
        say_json(
            {
                "complete": found.complete,
                "incomplete": found.incomplete,
                "imported_without_consent": found.unstated,
                "imports_without_consent": [
                    {"source": one.source, "list": one.list, "subscriptions": one.number}
                    for one in found.silent_imports
                ],
                "gaps": [
                    {"address": gap.address, "list": gap.list, "missing": gap.missing}
                    for gap in found.gaps
                ],
            }
        )
    else:
        for gap in found.gaps:
            warn(f"{gap.address}, list {gap.list}: not known {gap.missing}.")
        say(
            f"{count(found.complete, 'subscription')} with a complete record of consent, "
            f"{found.incomplete:,} without."
        )
        if found.unstated:
            say(
                f"{count(found.unstated, 'subscription')} of those without came by an import, and "
                "nobody has said how their readers agreed. Import these files again with "
                "--consent TEXT:"
            )
        for one in found.silent_imports:
            say(f"  {one.source}, list {one.list}: {count(one.number, 'subscription')}")
    return 1 if found.incomplete else 0


def _day(moment: str | None) -> str:
    return moment[:10] if moment else ""
