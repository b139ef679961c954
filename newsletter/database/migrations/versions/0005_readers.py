"""Lists and subscriptions, hashed suppressions, editions by language, and what comes back.

Links in letters from before have their tokens in the database; there was no page yet that they
could lead to, so the tokens go.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = (
    "state in ('planned', 'claimed', 'attempting', 'accepted', 'deferred', 'failed', 'unknown', "
    "'suppressed', 'cancelled', 'expired', 'bounced', 'complained')"
)
LIST = "main"
"""The list that everybody was on before there could be several."""

WAITING = sa.text("state in ('planned', 'deferred')")


def upgrade() -> None:
    """Make the new tables, move what there is into them, and drop what is not needed any more."""
    if op.get_bind().dialect.name == "sqlite":
        _replace_tables()
    else:
        _alter_tables()
    _suppressions()
    _new_tables()


def _alter_tables() -> None:
    op.add_column("subscribers", _email_hash())
    op.add_column("subscribers", _certificate())
    op.alter_column("subscribers", "email_hash", server_default=None)
    _subscriptions("subscribers")
    _subscribe_all("subscribers")
    for name in ("status", "token", "unsubscribed_at"):
        op.drop_column("subscribers", name)  # with the constraints on it
    op.add_column("deliveries", _subscription_id())
    op.add_column("deliveries", _edition())
    op.create_index("ix_deliveries_subscriber_id", "deliveries", ["subscriber_id"])
    _link_deliveries()
    _campaigns()


def _replace_tables() -> None:
    """The same on SQLite, where a column with a constraint on it cannot be dropped.

    Deliveries refer to subscribers; so both are copied, and the copies take the old names.
    """
    op.create_table(
        "subscribers_new",
        sa.Column("id", KEY, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("email_key", sa.String(320), nullable=False),
        sa.Column("email_hash", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(35), server_default="", nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        _certificate(),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("email_key", name=op.f("uq_subscribers_email_key")),
        sqlite_autoincrement=True,
    )
    same = "id, email, email_key, name, language, attributes, created_at"
    op.execute(
        f"INSERT INTO subscribers_new ({same}, email_hash) SELECT {same}, '' FROM subscribers"  # noqa: S608
    )
    _subscriptions("subscribers_new")
    _subscribe_all("subscribers")
    op.create_table(
        "deliveries_new",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=True),
        _subscription_id(),
        _edition(),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("message_id", sa.String(255), nullable=True),
        sa.Column("first_claimed_at", sa.DateTime(), nullable=True),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("doubtful", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("worker_id", KEY, nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_deliveries_state")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_deliveries_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers_new.id"],
            name=op.f("fk_deliveries_subscriber_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_deliveries_worker_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "campaign_id", "subscriber_id", name=op.f("uq_deliveries_campaign_id_subscriber_id")
        ),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
        sqlite_autoincrement=True,
    )
    same = (
        "id, campaign_id, subscriber_id, state, attempts, message_id, first_claimed_at, "
        "updated_at, next_attempt_at, detail, doubtful, worker_id"
    )
    op.execute(f"INSERT INTO deliveries_new ({same}) SELECT {same} FROM deliveries")  # noqa: S608
    op.drop_table("deliveries")
    op.drop_table("subscribers")
    op.rename_table("subscribers_new", "subscribers")
    op.rename_table("deliveries_new", "deliveries")
    op.create_index(
        "ix_deliveries_campaign_id_state_attempts_id",
        "deliveries",
        ["campaign_id", "state", "attempts", "id"],
        sqlite_where=WAITING,
    )
    op.create_index("ix_deliveries_subscriber_id", "deliveries", ["subscriber_id"])
    _link_deliveries()
    _campaigns()


def _subscriptions(subscribers: str) -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        _said("list", sa.String(64), "its name in newsletter.toml", nullable=False),
        _said("status", sa.String(16), "see states", nullable=False),
        _said("requested_at", sa.DateTime(), "when the reader asked for it, if that is known"),
        _said("confirmed_at", sa.DateTime(), "when they confirmed it, or were imported"),
        sa.Column("unsubscribed_at", sa.DateTime(), nullable=True),
        _said("source", sa.Text(), "form, file of an import, or by hand", nullable=False),
        _said("wording", sa.String(64), "SHA-256, wordings", nullable=False, server_default=""),
        sa.CheckConstraint(
            "status in ('pending', 'confirmed', 'unsubscribed')",
            name=op.f("ck_subscriptions_status"),
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            [f"{subscribers}.id"],
            name=op.f("fk_subscriptions_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
        sa.UniqueConstraint(
            "subscriber_id", "list", name=op.f("uq_subscriptions_subscriber_id_list")
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_subscriptions_list_status", "subscriptions", ["list", "status"])


def _subscribe_all(old: str) -> None:
    op.execute(
        "INSERT INTO subscriptions (subscriber_id, list, status, confirmed_at, unsubscribed_at, "  # noqa: S608
        f"source) SELECT id, '{LIST}', CASE status WHEN 'active' THEN 'confirmed' ELSE status END, "
        f"created_at, unsubscribed_at, 'before there were lists' FROM {old} ORDER BY id"
    )


def _link_deliveries() -> None:
    op.execute(
        "UPDATE deliveries SET subscription_id = (SELECT subscriptions.id FROM subscriptions "
        "WHERE subscriptions.subscriber_id = deliveries.subscriber_id)"
    )


def _campaigns() -> None:
    op.create_table(
        "editions",
        sa.Column("campaign_id", KEY, nullable=False),
        _said("number", sa.Integer(), "0 is the issue's", nullable=False, autoincrement=False),
        _said("language", sa.String(35), "BCP 47", nullable=False),
        _said("content", sa.LargeBinary(), "frozen at the start, zlib", nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaigns.id"],
            name=op.f("fk_editions_campaign_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("campaign_id", "number", name=op.f("pk_editions")),
    )
    op.execute(
        "INSERT INTO editions (campaign_id, number, language, content) "
        "SELECT id, 0, '', edition FROM campaigns"
    )
    # The default is for the campaigns that are there already.
    op.add_column(
        "campaigns",
        _said(
            "lists",
            sa.JSON(),
            "names of the lists that it goes to",
            nullable=False,
            server_default=f'["{LIST}"]',
        ),
    )
    op.add_column(
        "campaigns",
        _said("segment", sa.Text(), "which of their readers", nullable=False, server_default=""),
    )
    op.drop_column("campaigns", "edition")


def _suppressions() -> None:
    op.create_table(
        "plain_suppressions",
        _said("email_key", sa.String(320), "hashed when the keys are known", nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email_key", name=op.f("pk_plain_suppressions")),
    )
    op.execute(
        "INSERT INTO plain_suppressions (email_key, detail, created_at) "
        "SELECT email_key, reason, created_at FROM suppressions"
    )
    op.drop_table("suppressions")
    op.create_table(
        "suppressions",
        _said("email_hash", sa.String(32), "of email_key, see keys", nullable=False),
        _said("reason", sa.String(16), "see states", nullable=False),
        _said("detail", sa.Text(), "in somebody's words", nullable=False, server_default=""),
        _said("source", sa.Text(), "where it was learnt", nullable=False, server_default=""),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_suppressions")),
    )


def _new_tables() -> None:
    op.create_table(
        "wordings",
        _said("hash", sa.String(64), "SHA-256 in hex of the text", nullable=False),
        _said("text", sa.Text(), "all that readers were shown when they agreed", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_wordings")),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
    )
    op.create_table(
        "requests",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        _said("content", sa.JSON(), "what a reader typed into a form", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=False),
        _said("message_id", sa.String(255), "of the answer by mail, kept over retries"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_requests_next_attempt_at", "requests", ["next_attempt_at"])
    op.create_table(
        "confirmations",
        _said("email_hash", sa.String(32), "of email_key, see keys", nullable=False),
        _said("sent", sa.Integer(), "mails since the last confirmation", nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("email_hash", name=op.f("pk_confirmations")),
    )
    op.create_table(
        "address_changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("subscriber_id", KEY, nullable=False),
        _said("email", sa.String(320), "the new address", nullable=False),
        sa.Column("email_key", sa.String(320), nullable=False),
        sa.Column("requested_at", sa.DateTime(), nullable=False),
        _said("old_proved_at", sa.DateTime(), "when the link in the old mailbox was used"),
        _said("new_proved_at", sa.DateTime(), "when the link in the new mailbox was used"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_address_changes_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_address_changes_subscriber_id", "address_changes", ["subscriber_id"])
    op.create_table(
        "feedback",
        sa.Column("id", KEY, nullable=False),
        _said("key", sa.String(64), "the same event never twice", nullable=False),
        sa.Column("delivery_id", KEY, nullable=True),
        sa.Column("subscriber_id", KEY, nullable=True),
        _said("kind", sa.String(16), "see states", nullable=False),
        _said("status", sa.String(16), "RFC 3463", nullable=False, server_default=""),
        _said("detail", sa.Text(), "without addresses", nullable=False, server_default=""),
        _said("source", sa.String(32), "mailbox, pipe, name of a provider", nullable=False),
        sa.Column("occurred_at", sa.DateTime(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_feedback_delivery_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_feedback_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("key", name=op.f("uq_feedback_key")),
    )
    for column in ("delivery_id", "subscriber_id"):
        op.create_index(f"ix_feedback_{column}", "feedback", [column])
    op.create_table(
        "clicks",
        _said("slug", sa.String(200), "of the issue", nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        _said("day", sa.Date(), "UTC", nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", "url", "day", name=op.f("pk_clicks")),
    )


def _said(
    name: str, kind: Any, comment: str, *, nullable: bool = True, **more: Any
) -> sa.Column[Any]:
    return sa.Column(name, kind, comment=comment, nullable=nullable, **more)


def _email_hash() -> sa.Column[str]:
    return sa.Column(
        "email_hash",
        sa.String(32),
        comment="of email_key, see keys",
        nullable=False,
        server_default="",
    )


def _certificate() -> sa.Column[bytes]:
    return _said("certificate", sa.LargeBinary(), "OpenPGP, to encrypt to the reader")


def _subscription_id() -> sa.Column[int]:
    return _said("subscription_id", KEY, "whose unsubscribe link it carries; never reused")


def _edition() -> sa.Column[int]:
    return _said(
        "edition", sa.Integer(), "number of its edition", nullable=False, server_default="0"
    )
