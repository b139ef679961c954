"""The tables, as SQLAlchemy Core knows them. Migrations bring a database to this shape."""

from __future__ import annotations

import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a row its number only when the key is exactly INTEGER.
_Key = BigInteger().with_variant(Integer, "sqlite")


class Moment(TypeDecorator[datetime.datetime]):
    """A point in time: aware UTC in the program, naive UTC in the database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Any) -> Any:  # noqa: ARG002
        """Aware time of any zone to naive UTC."""
        return None if value is None else value.astimezone(datetime.UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Any) -> datetime.datetime | None:  # noqa: ARG002
        """Naive UTC to aware UTC."""
        return None if value is None else value.replace(tzinfo=datetime.UTC)


subscribers = Table(
    "subscribers",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("email", String(320), nullable=False, comment="as messages are addressed to it"),
    Column("email_key", String(320), nullable=False, unique=True, comment="folded, to compare by"),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", String(35), nullable=False, server_default="", comment="BCP 47 or empty"),
    Column("attributes", JSON, nullable=False, comment="further columns of the imported list"),
    Column("status", String(16), nullable=False, comment="active or unsubscribed"),
    Column("token", String(64), nullable=False, unique=True, comment="names the reader in links"),
    Column("created_at", Moment, nullable=False),
    Column("unsubscribed_at", Moment),
    CheckConstraint("status in ('active', 'unsubscribed')", name="status"),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("email_key", String(320), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("slug", String(200), nullable=False, index=True),
    Column("digest", String(64), nullable=False, comment="SHA-256 of edition and sender"),
    Column("edition", LargeBinary, nullable=False, comment="frozen at the start, zlib"),
    Column("sender", JSON, nullable=False, comment="who it is from, frozen at the start"),
    Column("transport", Text, nullable=False, comment="without secrets"),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment, comment="when no delivery was open any more"),
)

DELIVERY_STATES = (
    "planned",
    "claimed",
    "accepted",
    "deferred",
    "failed",
    "unknown",
    "suppressed",
    "cancelled",
    "expired",
    "bounced",
    "complained",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _Key, primary_key=True),
    Column("campaign_id", _Key, ForeignKey("campaigns.id"), nullable=False),
    Column("subscriber_id", _Key, ForeignKey("subscribers.id", ondelete="SET NULL")),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("message_id", String(255), unique=True, comment="given at the first claim, then kept"),
    Column("first_claimed_at", Moment, comment="the Date of the message, kept over retries"),
    Column("updated_at", Moment, nullable=False),
    Column("next_attempt_at", Moment, comment="deferred: not before"),
    Column("detail", Text, nullable=False, server_default="", comment="reply or reason"),
    Column("doubtful", Boolean, nullable=False, server_default="0", comment="was unknown once"),
    UniqueConstraint("campaign_id", "subscriber_id"),
    CheckConstraint(f"state in {DELIVERY_STATES}", name="state"),
    Index(None, "campaign_id", "state", "attempts", "id"),
)
