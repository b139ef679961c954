"""Marks of sending runs, to notice that an old copy of the database was put back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of marks."""
    op.create_table(
        "marks",
        sa.Column(
            "token",
            sa.String(64),
            nullable=False,
            comment="also in a file outside of the database",
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_marks")),
    )
