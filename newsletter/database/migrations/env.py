"""What alembic runs before a migration: use the transaction that is open already."""

from __future__ import annotations

from alembic import context

from newsletter.database.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a column; alembic copies the table instead
)
context.run_migrations()
