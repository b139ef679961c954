"""Many messages in hand at a time: workers with leases, attempts, and control over a campaign."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = (
    "state in ('planned', 'claimed', 'attempting', 'accepted', 'deferred', 'failed', 'unknown', "
    "'suppressed', 'cancelled', 'expired', 'bounced', 'complained')"
)


def upgrade() -> None:
    """Add workers, what is wished of a campaign, and the state of being attempted."""
    op.create_table(
        "workers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column(
            "lease_until",
            sa.DateTime(),
            nullable=False,
            comment="until then its claims are its own",
        ),
        sa.Column(
            "ended_at", sa.DateTime(), nullable=True, comment="when it ended, or was found dead"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    # No check on "control": SQLite would have to copy the table, which deliveries refer to.
    with op.batch_alter_table("campaigns") as campaigns:
        campaigns.add_column(
            sa.Column(
                "expires_at",
                sa.DateTime(),
                nullable=True,
                comment="after this the letter is stale and not sent any more",
            )
        )
        campaigns.add_column(
            sa.Column(
                "control",
                sa.String(16),
                server_default="running",
                nullable=False,
                comment="see states",
            )
        )
        campaigns.add_column(
            sa.Column("control_reason", sa.Text(), server_default="", nullable=False)
        )
        campaigns.add_column(
            sa.Column(
                "rate",
                sa.String(64),
                server_default="",
                nullable=False,
                comment="instead of the usual",
            )
        )
    with op.batch_alter_table("deliveries") as deliveries:
        deliveries.add_column(
            sa.Column("worker_id", KEY, nullable=True, comment="whose claim it is")
        )
        deliveries.create_foreign_key(
            op.f("fk_deliveries_worker_id"), "workers", ["worker_id"], ["id"]
        )
        deliveries.drop_constraint(op.f("ck_deliveries_state"), type_="check")
        deliveries.create_check_constraint(op.f("ck_deliveries_state"), STATES)
    name = op.f("ix_deliveries_campaign_id_state_attempts_id")
    op.drop_index(name, "deliveries")
    op.create_index(
        name,
        "deliveries",
        ["campaign_id", "state", "attempts", "id"],
        sqlite_where=sa.text("state in ('planned', 'deferred')"),
        postgresql_where=sa.text("state in ('planned', 'deferred')"),
    )
