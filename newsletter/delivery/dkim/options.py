"""What a project may say about signing: the table ``[dkim]`` of ``newsletter.toml``."""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_SELECTOR = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")

SECRETS = ("key", "ed25519_key")
"""Never in the file."""


class DkimOptions(BaseModel):
    """The keys of ``[dkim]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    domain: str = ""
    """Who signs, if not the domain in `from`: that domain's parent, or a part of it."""
    selector: str = ""
    """Name of the RSA key in the DNS."""
    key_file: str = ""
    """A file that holds the RSA key, outside git, readable by nobody else."""
    key: str = Field(default="", repr=False)
    """The RSA key itself, as PEM text; only from the environment."""
    ed25519_selector: str = ""
    """Name of the Ed25519 key in the DNS, if messages get a second signature."""
    ed25519_key_file: str = ""
    """A file that holds the Ed25519 key."""
    ed25519_key: str = Field(default="", repr=False)
    """The Ed25519 key itself, as PEM text; only from the environment."""

    @field_validator("selector", "ed25519_selector")
    @classmethod
    def _selector(cls, value: str) -> str:
        return check_selector(value) if value else value


def check_selector(selector: str) -> str:
    """The selector itself, if the DNS can hold a key under it (RFC 6376 §3.1).

    Raises:
        ValueError: It is not made of letters, digits and hyphens.
    """
    if not _SELECTOR.fullmatch(selector) or len(selector) > 63 * 3:
        raise ValueError("a selector is letters, digits and hyphens, such as letter-2026-11")
    return selector
