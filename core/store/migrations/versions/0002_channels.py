"""What each channel of a recording holds, and how far the text of each is certain."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the channels; the one place of a transcript becomes a list of one."""
    empty = sa.text("'[]'")
    with op.batch_alter_table("meeting", recreate="always") as meeting:
        meeting.add_column(
            sa.Column("channels", sa.JSON(), nullable=False, server_default=empty),
            insert_after="recording_open",
        )
    with op.batch_alter_table("transcript", recreate="always") as transcript:
        transcript.add_column(
            sa.Column("places", sa.JSON(), nullable=False, server_default=empty), insert_after="reached"
        )
    op.execute("UPDATE transcript SET places = json_array(json_array(NULL, reached, json(prompt)))")
    with op.batch_alter_table("meeting") as meeting:
        meeting.alter_column("channels", server_default=None)
    with op.batch_alter_table("transcript") as transcript:
        transcript.alter_column("places", server_default=None)
        transcript.drop_column("prompt")
    with op.batch_alter_table("segment") as segment:
        segment.alter_column("channel", type_=sa.String(), existing_nullable=True)
