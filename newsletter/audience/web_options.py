"""What ``newsletter.toml`` says of the pages for readers: the table ``[web]``."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class WebOptions(BaseModel):
    """How ``newsletter serve`` treats what strangers type into its forms."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    requests_per_hour: int = Field(default=2000, ge=1)
    """Forms that are acted upon in an hour, from everybody together; further ones get the same
    answer, and nothing happens."""
    requests_per_network: int = Field(default=20, ge=1)
    """Forms that are acted upon in an hour from one network (IPv4 /24, IPv6 /48)."""
    privacy_url: str = ""
    """Address of a page that says what you do with readers' data; the form links to it."""
