"""What somebody wishes of the pace of one sending, instead of what the settings say."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from pydantic import ValidationError

from newsletter.delivery.pace import Pace
from newsletter.delivery.pace_options import PaceOptions, mail_domain
from newsletter.delivery.rate import Rate
from newsletter.errors import ConfigurationError

HINT = "Go back to what the settings say with: newsletter rate ISSUE --none"


@dataclass(frozen=True, slots=True)
class PaceWish:
    """What is wished of one sending; what is None stays as the settings say.

    It is kept with the campaign, so that all programs that send it follow.

    Attributes:
        rate: How fast messages may leave.
        domain_rates: The same for some mail domains, by A-label in lower case; None for a domain
            that is no slower than all.
        ramp: How many messages on the first day of a new domain; 0 for no limit.
        window: Hours of the day, ``07:00-21:00``; empty for all day.
        window_zone: Whose clock ``window`` means; empty for that of each machine.
    """

    rate: Rate | None = None
    domain_rates: Mapping[str, Rate | None] = field(default_factory=dict)
    ramp: int | None = None
    window: str | None = None
    window_zone: str | None = None

    @classmethod
    def of(
        cls,
        *,
        rate: str = "",
        domain_rates: Mapping[str, str] | None = None,
        ramp: int | None = None,
        window: str | None = None,
        window_zone: str | None = None,
    ) -> Self:
        """A wish in the words of somebody who types it, checked as the settings are.

        Args:
            rate: As ``Rate.parse`` takes it.
            domain_rates: For each domain a rate, or an empty text for none of its own.
            ramp: A number.
            window: Hours.
            window_zone: A time zone.

        Raises:
            ConfigurationError: It means nothing.
        """
        given = {"ramp": ramp, "window": window, "window_zone": window_zone}
        limited = {domain: text for domain, text in (domain_rates or {}).items() if text}
        try:
            options = PaceOptions.model_validate(
                {
                    "domain_rates": limited,
                    **{key: value for key, value in given.items() if value is not None},
                }
            )
            free = {mail_domain(domain) for domain in domain_rates or {} if domain not in limited}
        except ValidationError as error:
            problem = error.errors()[0]
            said = str(problem["msg"]).removeprefix("Value error, ")
            raise ConfigurationError(f"{problem['loc'][0]}: {said}") from None
        except ValueError as error:
            raise ConfigurationError(f"domain_rates: {error}") from None
        rates = {**options.rates, **dict.fromkeys(free)}
        kept = {key: getattr(options, key) for key, value in given.items() if value is not None}
        return cls(Rate.parse(rate), rates, **kept)

    @classmethod
    def read(cls, rate: str, rest: str) -> Self:
        """A wish as a campaign keeps it.

        Raises:
            ConfigurationError: It cannot be understood; a newer version may have written it.
        """
        try:
            known = json.loads(rest) if rest else {}
            return cls.of(rate=rate, **known)
        except ConfigurationError as error:
            raise ConfigurationError(error.message, HINT) from None
        except (ValueError, TypeError, AttributeError):
            raise ConfigurationError("what it says is not known here", HINT) from None

    def written(self) -> tuple[str, str]:
        """The rate and the rest, as ``read`` takes them; empty for what is not wished."""
        kept = {key: value for key, value in self.plain().items() if value not in (None, {})}
        rate = kept.pop("rate", "")
        if "domain_rates" in kept:
            kept["domain_rates"] = {d: text or "" for d, text in kept["domain_rates"].items()}
        return rate, json.dumps(kept, ensure_ascii=False) if kept else ""

    def plain(self) -> dict[str, Any]:
        """The wish for programs: texts and numbers; None for what is not wished."""
        return {
            "rate": _text(self.rate),
            "domain_rates": {domain: _text(rate) for domain, rate in self.domain_rates.items()},
            "ramp": self.ramp,
            "window": self.window,
            "window_zone": self.window_zone,
        }

    def then(self, later: PaceWish) -> PaceWish:
        """This wish, changed by a later one."""
        said = {f.name: getattr(later, f.name) for f in dataclasses.fields(later)}
        changes = {key: value for key, value in said.items() if value is not None}
        changes["domain_rates"] = {**self.domain_rates, **later.domain_rates}
        return dataclasses.replace(self, **changes)

    def over(self, usual: Pace) -> Pace:
        """The pace that holds, where the settings say ``usual``."""
        rates = {**usual.domain_rates, **self.domain_rates}
        window = usual.window
        if self.window is not None:
            zone = self.window_zone or ""
            window = PaceOptions(window=self.window, window_zone=zone).hours
        return Pace(
            rate=self.rate or usual.rate,
            domain_rates={domain: rate for domain, rate in rates.items() if rate},
            window=window,
            ramp=usual.ramp if self.ramp is None else self.ramp,
        )


def _text(rate: Rate | None) -> str | None:
    return str(rate) if rate else None
