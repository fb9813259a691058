"""Segments that were cut where the voice changes know what they were one with."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; of what was cut before it is not known whether it was one."""
    op.add_column("segment", sa.Column("continues", sa.Float(), nullable=True))
