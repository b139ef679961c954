"""The ``newsletter`` command. Each subcommand is imported only when it runs."""

from __future__ import annotations

import importlib
import keyword
import os
import sys
from typing import Any

import click

from newsletter import __version__
from newsletter.environment import hide_secrets
from newsletter.errors import ManuscriptError, NewsletterError
from newsletter.memory import collect_seldom

# Each command is the module of its name; the lines stand here so that --help imports none of them.
COMMANDS = {
    "init": "Make a new newsletter project.",
    "new": "Start the next issue.",
    "import": "Make an issue of a draft: text, Markdown, Word, HTML.",
    "check": "Find what is wrong with an issue, line by line.",
    "fix": "Mend what can be mended safely.",
    "rules": "Explain what check looks for.",
    "diff": "See what changed in an issue, word by word.",
    "preview": "Look at an issue while you write it.",
    "proof": "Make one HTML file that shows all of an issue, to sign off.",
    "render": "Write an issue as HTML, plain text and a message.",
    "assets": "Write the pictures of your letters for a web server.",
    "archive": "Write your letters as a web site: an index, pages, feeds.",
    "correct": "Say what was wrong in an issue that went out.",
    "subscribers": "Import, list, add, remove and export readers.",
    "serve": "Serve the pages for readers: subscribe, unsubscribe, archive.",
    "doctor": "Check your set-up before the first send: relay, DNS, web pages, git.",
    "send": "Send an issue to its readers, or a proof to yourself.",
    "approve": "Say yes to a plan of what is to be sent, with your key.",
    "schedule": "List or take back what waits for its time.",
    "worker": "Send what is scheduled, and try deferred readers again.",
    "status": "See what became of a sent issue, reader by reader.",
    "report": "See an issue in numbers: taken, bounced, complained, left.",
    "pause": "Pause a sending, also from another terminal or machine.",
    "resume": "Let a sending that was paused go on.",
    "cancel": "End a sending for good: nobody who is still waiting gets it.",
    "rate": "Change how fast an issue goes out, also while it does.",
    "retry": "Plan deliveries again that did not get through.",
    "reconcile": "Find out what became of unknown deliveries.",
    "feedback": "Read bounces, complaints and wishes to unsubscribe, and act on them.",
    "dkim": "Make the keys that sign your letters, and show their DNS records.",
    "database": "See where readers are kept, encrypt them, move them.",
    "backup": "Copy the database, also while an issue goes out.",
    "restore": "Put a backup back.",
    "keys": "See the keys that seal readers' links, and make new ones.",
    "schema": "Print the JSON Schema of issue files, for editors.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order in which an editor meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        module = importlib.import_module(f"newsletter.cli.{name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The table of ``--help``, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Like click's, with the nearest name for a misspelt one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            close = difflib.get_close_matches(args[0], COMMANDS, 1) if args else []
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) from None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="ISSUE is a slug (2026-11-20), a path, or left out for the latest issue.",
)
@click.version_option(__version__, prog_name="newsletter")
def cli() -> None:
    """Write a newsletter as files, check it, look at it, send it."""


def main() -> None:
    """Run the command line; errors become two lines and an exit code, never a traceback."""
    hide_secrets()
    collect_seldom()
    # Looking for plugins reads the descriptions of all installed packages; ours needs none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    0 done, 1 the answer is no, 2 wrong usage, 3 incomplete (run it again), 130 interrupted.
    """
    try:
        result: Any = cli.main(args=arguments, prog_name="newsletter", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except NewsletterError as error:
        _show(error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Stopped.", err=True)
        return 130
    except BrokenPipeError:
        # The reader of our output has gone (`newsletter check | head`): nobody is left to tell.
        sys.stderr.close()
        return 1
    except Exception as error:  # the last net: a defect of ours must not become a user's traceback
        if os.environ.get("NEWSLETTER_DEBUG"):
            raise
        _show(
            NewsletterError(
                f"a defect in newsletter itself: {type(error).__name__}: {error}",
                "Set NEWSLETTER_DEBUG=1 and run it again to see where; please report it.",
            )
        )
        return 1
    return result if isinstance(result, int) else 0


def _show(error: NewsletterError) -> None:
    if isinstance(error, ManuscriptError):
        for finding in error.findings:
            click.echo(str(finding), err=True)
    click.echo(f"{click.style('Error:', fg='red', bold=True)} {error.message}", err=True)
    if error.hint:
        click.echo(error.hint, err=True)
