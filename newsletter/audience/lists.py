"""What ``newsletter.toml`` says of a list that readers can be on: a table ``[lists.NAME]``."""

from __future__ import annotations

import enum
import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, field_validator

from newsletter.issue.model import LANGUAGE

MAIN = "main"
"""Name of the only list of a newsletter whose settings name none."""

NAME = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
"""What a list may be called: it stands in addresses of pages."""


LIST_ID = r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+"
"""What mail programs call a list: a label and a domain (RFC 2919 section 2)."""

LONGEST_LIST_ID = 255
"""Characters of it."""


class Encryption(enum.StrEnum):
    """Whether letters are encrypted to readers (OpenPGP)."""

    OFF = "off"
    WHEN_AVAILABLE = "when-available"
    """To those who have given a certificate."""
    REQUIRE = "require"
    """Who has none gets no letter."""


class ListOptions(BaseModel):
    """One list."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

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
    list_id: str = ""
    """Name of this list for mail programs (RFC 2919), `alerts.example.org`; never change it.
    Without it, the list's name and the domain; `main`, or else the first, has the newsletter's."""

    @field_validator("list_id")
    @classmethod
    def _is_list_id(cls, value: str) -> str:
        if value and (not re.fullmatch(LIST_ID, value) or len(value) > LONGEST_LIST_ID):
            raise ValueError("must be a label and a domain of yours: alerts.example.org")
        return value
