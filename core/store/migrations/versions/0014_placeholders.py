"""Meetings know whether the person gave them their title."""

from pathlib import PurePath

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; what is called as the file it came from had no title from the person."""
    op.add_column("meeting", sa.Column("placeholder", sa.String(), nullable=True))
    meetings = sa.table(
        "meeting", sa.column("id"), sa.column("title"), sa.column("original_name"), sa.column("placeholder")
    )
    connection = op.get_bind()
    for found in connection.execute(
        sa.select(meetings.c.id, meetings.c.title, meetings.c.original_name)
    ).all():
        if found.original_name and PurePath(found.original_name).stem == found.title:
            connection.execute(
                meetings.update().where(meetings.c.id == found.id).values(placeholder=found.title)
            )
