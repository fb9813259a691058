"""Tasks whose owner is whoever took them on, by what name ever."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NEVER_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Adds the columns; who took the tasks of earlier minutes on is known only by the words."""
    with op.batch_alter_table("line", recreate="always", table_kwargs=NEVER_AGAIN) as batch:
        batch.add_column(sa.Column("taken", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("called", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("line", table_kwargs=NEVER_AGAIN) as batch:
        batch.alter_column("called", server_default=None)
    op.execute("UPDATE line SET called = owner WHERE NOT edited")
