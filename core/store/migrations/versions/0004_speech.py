"""Which languages a text may be in, the tags of meetings, and the words that transcriptions listen for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds their columns and the table of words."""
    for table, column, place in (("transcript", "languages", "language"), ("meeting", "tags", "language")):
        with op.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(
                sa.Column(column, sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
                insert_after=place,
            )
        with op.batch_alter_table(table) as batch:
            batch.alter_column(column, server_default=None)
    op.create_table(
        "term",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_term_tag", "term", ["tag"])
