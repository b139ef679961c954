"""Subscribers, suppressions, campaigns and their deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "subscribers",
        sa.Column("id", KEY, nullable=False),
        sa.Column(
            "email", sa.String(320), nullable=False, comment="as messages are addressed to it"
        ),
        sa.Column("email_key", sa.String(320), nullable=False, comment="folded, to compare by"),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "language", sa.String(35), server_default="", nullable=False, comment="BCP 47 or empty"
        ),
        sa.Column(
            "attributes", sa.JSON(), nullable=False, comment="further columns of the imported list"
        ),
        sa.Column("status", sa.String(16), nullable=False, comment="active or unsubscribed"),
        sa.Column("token", sa.String(64), nullable=False, comment="names the reader in links"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("unsubscribed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "status in ('active', 'unsubscribed')", name=op.f("ck_subscribers_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("email_key", name=op.f("uq_subscribers_email_key")),
        sa.UniqueConstraint("token", name=op.f("uq_subscribers_token")),
    )
    op.create_table(
        "suppressions",
        sa.Column("email_key", sa.String(320), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email_key", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", KEY, nullable=False),
        sa.Column("slug", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of edition and sender"),
        sa.Column("edition", sa.LargeBinary(), nullable=False, comment="frozen at the start, zlib"),
        sa.Column(
            "sender", sa.JSON(), nullable=False, comment="who it is from, frozen at the start"
        ),
        sa.Column("transport", sa.Text(), nullable=False, comment="without secrets"),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column(
            "finished_at",
            sa.DateTime(),
            nullable=True,
            comment="when no delivery was open any more",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index(op.f("ix_campaigns_slug"), "campaigns", ["slug"])
    op.create_table(
        "deliveries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "message_id",
            sa.String(255),
            nullable=True,
            comment="given at the first claim, then kept",
        ),
        sa.Column(
            "first_claimed_at",
            sa.DateTime(),
            nullable=True,
            comment="the Date of the message, kept over retries",
        ),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=True, comment="deferred: not before"),
        sa.Column(
            "detail", sa.Text(), server_default="", nullable=False, comment="reply or reason"
        ),
        sa.Column(
            "doubtful", sa.Boolean(), server_default="0", nullable=False, comment="was unknown once"
        ),
        sa.CheckConstraint(
            "state in ('planned', 'claimed', 'accepted', 'deferred', 'failed', 'unknown', "
            "'suppressed', 'cancelled', 'expired', 'bounced', 'complained')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_deliveries_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_deliveries_subscriber_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "campaign_id", "subscriber_id", name=op.f("uq_deliveries_campaign_id_subscriber_id")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    op.create_index(
        op.f("ix_deliveries_campaign_id_state_attempts_id"),
        "deliveries",
        ["campaign_id", "state", "attempts", "id"],
    )
