"""Search: full-text tables, the headings of meetings, and stars."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HEADING = """
INSERT INTO heading (meeting_id, text)
SELECT meeting.id, meeting.title || char(10)
    || coalesce((SELECT group_concat('#' || value, ' ') FROM json_each(meeting.tags)), '') || char(10)
    || coalesce((SELECT group_concat(name, ', ') FROM (
        SELECT value AS name FROM json_each(meeting.participants)
        UNION SELECT speaker.name FROM speaker WHERE speaker.meeting_id = meeting.id AND speaker.name != ''
    )), '')
FROM meeting ORDER BY meeting.started_at
"""


def upgrade() -> None:
    """Makes the tables and takes all in but what was said, which follows once the library is open."""
    with op.batch_alter_table("meeting", recreate="always") as meeting:
        meeting.add_column(
            sa.Column("starred", sa.Boolean(), nullable=False, server_default="0"),
            insert_after="speaker_count",
        )
    with op.batch_alter_table("meeting") as meeting:
        meeting.alter_column("starred", server_default=None)
    op.create_table(
        "heading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("meeting_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "indexing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("below", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO indexing SELECT 1, coalesce(max(id), -1) + 1 FROM segment")
    op.execute(
        "CREATE VIRTUAL TABLE spoken USING fts5(text, content='segment', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE written USING fts5(text, content='', "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    op.execute(HEADING)
    op.execute("INSERT INTO written (rowid, text) SELECT 4 * id, text FROM heading ORDER BY id")
    op.execute(
        "INSERT INTO written (rowid, text) SELECT 4 * id + 1, text || ' ' || owner FROM line ORDER BY id"
    )
    op.execute("INSERT INTO written (rowid, text) SELECT 4 * id + 2, text FROM note ORDER BY id")
