"""What a project may say about its checks: the table ``[lint]`` of ``newsletter.toml``."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from newsletter.findings import Severity


class Level(StrEnum):
    """How a project wants to hear of a rule's findings."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    OFF = "off"

    @property
    def severity(self) -> Severity | None:
        """The severity of this level; None if the rule is off."""
        return None if self is Level.OFF else Severity(self.value)


class Options(BaseModel):
    """The keys of ``[lint]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    rules: dict[str, Level] = Field(default_factory=dict)
    """Rules by name, each `"error"`, `"warning"`, `"info"` or `"off"`."""
    house_spellings: tuple[str, ...] = ()
    """Names as this newsroom spells them: `["Zaporizhzhia", "Kyiv"]`. Other spellings of them are
    found, and these are never taken for a mistake."""
    house_words: dict[str, str] = Field(default_factory=dict)
    """Words that this newsroom does not use, each with what it writes instead."""
    placeholders: tuple[str, ...] = ()
    """More words that mean "still to be written", besides TK, TODO and their kin."""
    own_hosts: tuple[str, ...] = ()
    """Hosts that pictures may come from, besides those of `base_url`, `archive_url` and
    `assets_url`."""
    bullets: Annotated[int, Field(ge=0)] | None = None
    """How many bullets a summary has, if that is fixed."""
    memory: Annotated[int, Field(ge=0)] = 8
    """How many earlier issues new text is compared with."""
    clients: tuple[str, ...] = ("apple-mail", "gmail", "outlook", "yahoo")
    """The mail programs that readers use, as caniemail names them."""

    @field_validator("clients")
    @classmethod
    def _known(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        from newsletter.lint.caniemail.support import validate_clients  # reads the data

        return validate_clients(names)
