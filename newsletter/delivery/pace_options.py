"""What a project may say about when and how fast it sends: the table ``[sending]``."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from newsletter.delivery.address import wire_address
from newsletter.delivery.pace import Window
from newsletter.delivery.rate import Rate
from newsletter.errors import ConfigurationError

_WINDOW = re.compile(r"\s*(\d\d:\d\d)\s*-\s*(\d\d:\d\d)\s*")


class PaceOptions(BaseModel):
    """The keys of ``[sending]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    domain_rates: dict[str, str] = {}
    """How fast messages may leave for some mail domains, besides `rate` for all of them:
    `{ "example.com" = "5/s" }`. A domain below it is another one."""
    ramp: Annotated[int, Field(ge=0)] = 0
    """For a new domain: how many messages on the first day (UTC). On each later day twice as many
    may leave as on the busiest of the 30 days before. 0 for no limit."""
    window: str = ""
    """Hours of the day in which messages may leave: `07:00-21:00`; empty for all day."""
    window_zone: str = ""
    """Time zone of `window`, such as `Europe/Berlin`; empty for that of the machine that sends."""

    @field_validator("domain_rates")
    @classmethod
    def _domain_rates(cls, value: dict[str, str]) -> dict[str, str]:
        checked = {}
        for domain, rate in value.items():
            checked[mail_domain(domain)] = _checked(domain, rate)
        return checked

    @field_validator("window")
    @classmethod
    def _window(cls, value: str) -> str:
        if value:
            opens, closes = _hours(value)
            if opens == closes:
                raise ValueError("opens and closes at the same time; leave it out to send all day")
        return value

    @field_validator("window_zone")
    @classmethod
    def _window_zone(cls, value: str) -> str:
        if value:
            try:
                zoneinfo.ZoneInfo(value)
            except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(f"{value!r} is not a time zone such as Europe/Berlin") from None
        return value

    @property
    def rates(self) -> Mapping[str, Rate]:
        """The rate of each domain, as A-label in lower case."""
        parsed = ((domain, Rate.parse(rate)) for domain, rate in self.domain_rates.items())
        return {domain: rate for domain, rate in parsed if rate}

    @property
    def hours(self) -> Window | None:
        """The window; None if messages may leave at any time."""
        if not self.window:
            return None
        zone = zoneinfo.ZoneInfo(self.window_zone) if self.window_zone else None
        return Window(*_hours(self.window), zone)


def mail_domain(text: str) -> str:
    """A mail domain as A-label in lower case.

    Raises:
        ValueError: It is not one.
    """
    try:
        return wire_address(f"x@{text.strip()}").partition("@")[2].lower()
    except ValueError:
        raise ValueError(f"{text!r} is not a mail domain") from None


def _checked(domain: str, rate: str) -> str:
    try:
        if Rate.parse(rate):
            return rate
    except ConfigurationError:
        pass
    raise ValueError(f"{domain}: {rate!r} is not a rate such as 5/s, 600/min or 20000/h")


def _hours(text: str) -> tuple[datetime.time, datetime.time]:
    match = _WINDOW.fullmatch(text)
    if match:
        try:
            opens, closes = (datetime.time.fromisoformat(part) for part in match.groups())
        except ValueError:
            pass
        else:
            return opens, closes
    raise ValueError(f"{text!r} is not a time of day, written like this: 07:00-21:00")
