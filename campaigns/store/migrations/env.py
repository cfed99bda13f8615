"""Alembic's environment: our metadata, on the connection that `migrate` passes in."""

from alembic import context

from campaigns.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=False,
    compare_type=False,
)
with context.begin_transaction():
    context.run_migrations()
