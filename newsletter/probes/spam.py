"""What SpamAssassin, if it is on this machine, would say of a letter.

``spamc`` if a ``spamd`` answers: 0.1 s. Which tests that runs is up to whoever set it up. Else
``spamassassin`` itself, 1 to 3 s, with local tests only: nothing leaves the machine, and nothing is
learnt from the letter.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.findings import Finding, Severity
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.probes.spam_report import FiredRule, SpamReport, parse

SPAM = "spam-score"
"""The slug of the findings."""

SECONDS = 60.0
NOTABLE = 0.5
"""Points from which on a rule is worth a word."""

_MAX_MESSAGE = 50 * 1024 * 1024
_MAX_REPORT = 4 * 1024 * 1024  # beside the message, which spamassassin prints again

# -x: an exit code instead of "0/0" if nobody answers. -R: the report. One try, 2 s to connect.
_SPAMC = ("-x", "-R", "-n", "2", "--connect-retries", "1", "-s", str(_MAX_MESSAGE))
# -L: no network. -t: the report. -x, -p: no preferences of this user, and none are made. Without
# the last, it learns the letter as an example of good mail (SpamAssassin 4.0.1, 2026-11).
_SPAMASSASSIN = ("-L", "-t", "-x", "-p", os.devnull, "--cf=use_bayes 0")


@dataclass(frozen=True, slots=True)
class NoSpamReport:
    """Why there is no report, and what to do about it."""

    message: str
    hint: str


def check_spam(
    message: bytes, *, path: str | None = None, seconds: float = SECONDS
) -> SpamReport | NoSpamReport:
    """What SpamAssassin says of a message.

    Args:
        message: A whole message, headers and body, as a sample reader would get it.
        path: Where to look for the programs; None for the environment's ``PATH``.
        seconds: How long each of them may take.
    """
    if len(message) > _MAX_MESSAGE:
        return NoSpamReport(
            "the letter is too large for SpamAssassin", "Make its pictures smaller."
        )
    spamc, spamassassin = (shutil.which(name, path=path) for name in ("spamc", "spamassassin"))
    if spamc is None and spamassassin is None:
        return NoSpamReport(
            "SpamAssassin is not installed, so the letter has no spam score",
            "Install it (Debian and Ubuntu: sudo apt install spamassassin), or leave out --spam.",
        )
    commands: list[Sequence[str]] = []
    if spamc is not None:
        commands.append((spamc, *_SPAMC, "-t", str(max(1, round(seconds)))))
    if spamassassin is not None:
        commands.append((spamassassin, *_SPAMASSASSIN))
    for command in commands:
        report = parse(_output(command, message, seconds))
        if report is not None:
            return report
    if spamassassin is None:
        return NoSpamReport(
            "there is spamc, but no spamd answers it",
            "Start spamd, or install SpamAssassin itself.",
        )
    return NoSpamReport(
        f"SpamAssassin gave no report within {seconds:.0f} s",
        "Look what it says by itself: spamassassin -L -t < letter.eml",
    )


def spam_findings(result: SpamReport | NoSpamReport, manuscript: Manuscript) -> tuple[Finding, ...]:
    """What an editor is told: a warning if it is spam, and a note on each rule that weighs.

    Args:
        result: What ``check_spam`` gave.
        manuscript: The issue that the message was made of.
    """
    if isinstance(result, NoSpamReport):
        return (manuscript.finding(SPAM, Severity.INFO, result.message, result.hint),)
    weighty = [rule for rule in result.rules if rule.points >= NOTABLE]
    findings = [
        manuscript.finding(
            SPAM,
            Severity.INFO,
            f"SpamAssassin counts {rule.points:.1f} points for {rule.name}: {rule.description}",
            where=_where(rule),
        )
        for rule in weighty
    ]
    if result.is_spam:
        most = ", ".join(f"{rule.name} ({rule.points:.1f})" for rule in weighty[:5])
        warning = manuscript.finding(
            SPAM,
            Severity.WARNING,
            f"SpamAssassin takes this letter for spam: {result.score:.1f} points,"
            f" and the limit is {result.limit:.1f}",
            f"What weighs most: {most}." if most else "",
        )
        findings.insert(0, warning)
    return tuple(findings)


def _where(rule: FiredRule) -> Where:
    return ("subject",) if "SUBJ" in rule.name else ()


def _output(command: Sequence[str], message: bytes, seconds: float) -> str:
    """What a program prints, up to a limit; empty if it fails or takes too long."""
    # English, whatever the editor's own language: descriptions are shown beside our words.
    environment = {k: v for k, v in os.environ.items() if k != "LANGUAGE"} | {"LC_ALL": "C"}
    with tempfile.TemporaryFile() as output:
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command, found on the PATH
                command,
                input=message,
                stdout=output,
                stderr=subprocess.DEVNULL,
                env=environment,
                timeout=seconds,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        if done.returncode != 0:
            return ""
        output.seek(0)
        return output.read(len(message) * 2 + _MAX_REPORT).decode("utf-8", "replace")
