"""Minutes laid out by a template, and lines that the person wrote, marked, added or took out."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NEVER_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Adds the columns; minutes from before have the sections of the typed core."""
    _add("minutes", {}, sa.Column("layout", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    _add(
        "line",
        NEVER_AGAIN,
        sa.Column("part", sa.String(), nullable=False, server_default=""),
        sa.Column("origin", sa.String(), nullable=False, server_default=""),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default="0"),
    )
    op.execute("UPDATE line SET origin = 'note' WHERE section = 'notes'")


def _add(table: str, kwargs: dict[str, bool], *columns: sa.Column[Any]) -> None:
    """Adds columns without a default for the rows to come."""
    with op.batch_alter_table(table, recreate="always", table_kwargs=kwargs) as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table(table, table_kwargs=kwargs) as batch:
        for column in columns:
            batch.alter_column(column.name, server_default=None)
