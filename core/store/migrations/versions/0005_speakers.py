"""Who speaks in a meeting and when, its participants, where listening stopped, and bookmarks with words."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEVER_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Makes the tables; the channels of recordings become speakers, notes without words bookmarks."""
    op.create_table(
        "speaker",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("colour", sa.Integer(), nullable=False),
        sa.Column("is_me", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id", "number"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        **NEVER_AGAIN,
    )
    op.create_index("ix_speaker_meeting_id", "speaker", ["meeting_id"])
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("start", sa.Float(), nullable=False),
        sa.Column("end", sa.Float(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["speaker_id"], ["speaker.id"], ondelete="CASCADE"),
        **NEVER_AGAIN,
    )
    op.create_index("turn_by_time", "turn", ["meeting_id", "start"])
    op.create_index("ix_turn_speaker_id", "turn", ["speaker_id"])
    _add(
        "meeting",
        sa.Column("participants", sa.JSON(), nullable=False, server_default=sa.text("'[]'")),
        "tags",
    )
    _add("meeting", sa.Column("listened", sa.Float(), nullable=False, server_default="0"), "participants")
    _add("note", sa.Column("bookmark", sa.Boolean(), nullable=False, server_default="0"), "text", NEVER_AGAIN)
    op.execute("UPDATE note SET bookmark = (text = '')")
    with op.batch_alter_table("line", recreate="always", table_kwargs=NEVER_AGAIN):
        pass
    op.execute("ALTER TABLE segment DROP COLUMN speaker")
    with op.batch_alter_table("segment", recreate="always", table_kwargs=NEVER_AGAIN) as segment:
        segment.add_column(sa.Column("speaker_id", sa.Integer(), nullable=True), insert_after="words")
        segment.create_foreign_key("segment_speaker", "speaker", ["speaker_id"], ["id"], ondelete="SET NULL")
    op.create_index("ix_segment_speaker_id", "segment", ["speaker_id"])
    _name_channels()


def _add(table: str, column: sa.Column[Any], after: str, kwargs: dict[str, bool] | None = None) -> None:
    """Adds a column behind another one, without a default for the rows to come."""
    with op.batch_alter_table(table, recreate="always", table_kwargs=kwargs or {}) as batch:
        batch.add_column(column, insert_after=after)
    with op.batch_alter_table(table, table_kwargs=kwargs or {}) as batch:
        batch.alter_column(column.name, server_default=None)


def _name_channels() -> None:
    """A speaker for each channel that something was heard in, numbered as the channels are."""
    op.execute(
        "INSERT INTO speaker (meeting_id, number, name, colour, is_me, channel) "
        "SELECT DISTINCT transcript.meeting_id, 1 + (segment.channel = 'system'), '', segment.channel = 'system', "
        "segment.channel = 'microphone', segment.channel "
        "FROM segment JOIN transcript ON transcript.id = segment.transcript_id WHERE segment.channel IS NOT NULL"
    )
    op.execute(
        "UPDATE segment SET speaker_id = (SELECT speaker.id FROM speaker JOIN transcript "
        "ON transcript.meeting_id = speaker.meeting_id WHERE transcript.id = segment.transcript_id "
        "AND speaker.channel = segment.channel) WHERE channel IS NOT NULL"
    )
