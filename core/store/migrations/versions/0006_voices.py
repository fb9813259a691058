"""Voices that the person wants known again, whom a speaker sounds like, and how many people speak in a meeting."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NEVER_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Makes the table and the columns; nobody is known yet, and nobody has said how many speak."""
    op.create_table(
        "voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("print", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("remembered_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        **NEVER_AGAIN,
    )
    count = sa.Column("speaker_count", sa.Integer(), nullable=False, server_default="0")
    with op.batch_alter_table("meeting", recreate="always") as meeting:
        meeting.add_column(count, insert_after="listened")
    _without_default("meeting", "speaker_count", {})
    with op.batch_alter_table("speaker", recreate="always", table_kwargs=NEVER_AGAIN) as speaker:
        speaker.add_column(sa.Column("voice_id", sa.Integer(), nullable=True))
        speaker.add_column(sa.Column("certainty", sa.Float(), nullable=False, server_default="0"))
        speaker.create_foreign_key("speaker_voice", "voice", ["voice_id"], ["id"], ondelete="SET NULL")
    _without_default("speaker", "certainty", NEVER_AGAIN)


def _without_default(table: str, column: str, kwargs: dict[str, Any]) -> None:
    """The default was for the rows there were."""
    with op.batch_alter_table(table, table_kwargs=kwargs) as batch:
        batch.alter_column(column, server_default=None)
