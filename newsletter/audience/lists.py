"""What ``newsletter.toml`` says of a list that readers can be on: a table ``[lists.NAME]``."""

from __future__ import annotations

import enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from newsletter.issue.model import LANGUAGE

MAIN = "main"
"""Name of the only list of a newsletter whose settings name none."""

NAME = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
"""What a list may be called: it stands in addresses of pages."""


class Encryption(enum.StrEnum):
    """Whether letters are encrypted to readers (OpenPGP)."""

    OFF = "off"
    WHEN_AVAILABLE = "when-available"
    """To those who have given a certificate."""
    REQUIRE = "require"
    """Who has none gets no letter."""


class ListOptions(BaseModel):
    """One list."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    title: Annotated[str, StringConstraints(strip_whitespace=True)] = ""
    """What readers see; without it, the newsletter's name."""
    description: str = ""
    """A line that tells readers what they get, and how often."""
    language: Annotated[str, StringConstraints(pattern=rf"{LANGUAGE}|^$")] = ""
    """Language of its pages and letters to new readers (BCP 47); empty for the newsletter's."""
    public: bool = True
    """Whether it is offered on the sign-up page; the others are by invitation only."""
    double_opt_in: bool = True
    """Whether new readers must follow a link in a mail first; without it anybody can sign up
    anybody."""
    openpgp: Encryption = Encryption.OFF
    """Whether its letters are encrypted: `off`, `when-available` or `require`."""
