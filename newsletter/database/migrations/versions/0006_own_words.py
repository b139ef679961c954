"""What readers have said of themselves, and where they moved from; of before, nobody knows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Nothing that is known already counts as the reader's own word."""
    op.add_column(
        "subscribers",
        sa.Column(
            "own_fields",
            sa.JSON(),
            server_default="[]",
            nullable=False,
            comment="what the reader set on a page: name, language",
        ),
    )
    op.create_table(
        "former_addresses",
        sa.Column("email_hash", sa.String(32), nullable=False, comment="of email_key, see keys"),
        sa.Column("subscriber_id", KEY, nullable=False),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_former_addresses_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_former_addresses")),
    )
    op.create_index("ix_former_addresses_subscriber_id", "former_addresses", ["subscriber_id"])
