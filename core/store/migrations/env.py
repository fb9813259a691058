"""Run by Alembic: applies the steps on the connection that `core.store.schema` hands over."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
