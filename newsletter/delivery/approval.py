"""What a project may say about approvals: the table ``[approval]`` of ``newsletter.toml``."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ApprovalOptions(BaseModel):
    """The keys of ``[approval]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    required: Annotated[int, Field(ge=0)] = 0
    """How many people must have signed the plan before an issue goes out."""
    signers: str = "signers.allowed"
    """Whose SSH signatures count: a file with a name and a public key on each line, as
    `ssh-keygen` reads it."""
    not_author: bool = False
    """Whether the one who made the plan does not count."""
    tags: bool = False
    """Whether a signed git tag `send/<slug>` must name the commit that is sent."""
    exact_audience: bool = True
    """Whether the plan holds for exactly the readers it was made for: when one comes or goes, a new
    plan is needed."""

    @property
    def wanted(self) -> bool:
        """Whether anybody must say yes at all."""
        return self.required > 0 or self.tags
