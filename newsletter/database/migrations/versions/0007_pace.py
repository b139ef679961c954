"""The hours, the ramp and the rates of single domains, too, can be changed for one sending."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing was wished of any campaign but its rate."""
    op.add_column(
        "campaigns",
        sa.Column(
            "pace",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="JSON; instead of the usual",
        ),
    )
