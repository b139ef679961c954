"""Sendings that wait for their time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the table of schedules."""
    op.create_table(
        "schedules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column(
            "digest",
            sa.String(64),
            nullable=False,
            comment="of what is to be sent, as of campaigns",
        ),
        sa.Column("at", sa.DateTime(), nullable=False, comment="not before"),
        sa.Column("not_after", sa.DateTime(), nullable=False, comment="later it is missed"),
        sa.Column(
            "options",
            sa.JSON(),
            nullable=False,
            comment="plan and signatures, if it was approved",
        ),
        sa.Column("state", sa.String(16), nullable=False, comment="see states"),
        sa.Column(
            "reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="why it was missed",
        ),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column(
            "started_at",
            sa.DateTime(),
            nullable=True,
            comment="the same as that of its campaign",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
