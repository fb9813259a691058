"""What the person is writing is kept before it is done."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table, empty."""
    op.create_table(
        "unkept",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("meeting_id", sa.String(), sa.ForeignKey("meeting.id", ondelete="CASCADE"), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
    )
    op.create_index("ix_unkept_meeting_id", "unkept", ["meeting_id"])
