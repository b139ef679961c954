"""How long what is known of readers is kept: the table ``[retention]`` of ``newsletter.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class RetentionOptions(BaseModel):
    """The keys of ``[retention]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    unconfirmed_days: Annotated[int, Field(ge=1, le=90)] = 7
    """Days after which a sign-up that was never confirmed is erased."""
    deliveries_days: Annotated[int, Field(ge=8)] = 90
    """Days after the end of a sending for which it is known who got it; then only counts stay."""
