"""The options of ``newsletter send``, and which of them go together."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import click

EXAMPLE = "2026-11-27T07:30+02:00"


class MomentType(click.ParamType[datetime.datetime]):
    """A time with its zone: nobody can tell otherwise when 07:30 is."""

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.datetime:
        """The time; fails if the zone is missing."""
        if isinstance(value, datetime.datetime):
            return value
        try:
            moment = datetime.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a time. Write it like this: {EXAMPLE}", param, ctx)
        if moment.tzinfo is None:
            self.fail(
                f"{value!r} does not say in which time zone. Write it like this: {EXAMPLE}",
                param,
                ctx,
            )
        return moment


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; see the help of each option."""

    proofs: tuple[str, ...]
    languages: tuple[str, ...]
    dry_run: bool
    resume: bool
    as_started: bool
    again: bool
    resend_unknown: bool
    accept_restore: bool
    despite_complaints: bool
    plan: bool
    output: Path | None
    approved: Path | None
    at: datetime.datetime | None
    not_after: datetime.datetime | None
    lists: tuple[str, ...]
    segment: str
    yes: bool
    as_json: bool

    @property
    def goes_on(self) -> bool:
        """Whether a campaign that is not finished is to go on."""
        return self.resume or self.as_started or self.resend_unknown

    @property
    def sure(self) -> bool:
        """Whether nobody need be asked."""
        return self.yes or self.dry_run

    def check(self) -> None:
        """Pass if the options go together.

        Raises:
            UsageError: They do not.
        """
        timed = self.at is not None
        if self.again and self.goes_on:
            raise click.UsageError("--again starts anew; it cannot also go on with a sending.")
        if self.proofs and (self.dry_run or self.again or self.goes_on or self._otherwise):
            raise click.UsageError(
                "--test sends proofs, not a mailing: it goes with --language alone."
            )
        if self.languages and not self.proofs:
            raise click.UsageError(
                "--language goes with --test: readers get the letter in their own."
            )
        if (self.plan or timed or self.approved) and (self.dry_run or self.goes_on):
            raise click.UsageError("--plan, --approved and --at start anew; they cannot go on.")
        if self.plan and (timed or self.approved):
            raise click.UsageError("--plan only writes down what would be sent: have it approved.")
        if self.approved and self.again:
            raise click.UsageError(
                "Whether it is sent once more stands in the plan: --plan --again"
            )
        if self._to_whom and (self.goes_on or self.approved):
            raise click.UsageError(
                "--list and --segment are for a new sending; whom another goes to is settled."
            )
        if self.output and not self.plan:
            raise click.UsageError("--output goes with --plan.")
        if self.not_after and not timed:
            raise click.UsageError("--not-after goes with --at.")

    @property
    def _otherwise(self) -> bool:
        asked = self.plan, self.output, self.approved, self.at, self.not_after, self._to_whom
        return any(asked)

    @property
    def _to_whom(self) -> bool:
        return bool(self.lists or self.segment)
