"""When a speaker was heard as the person said who it is."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NEVER_AGAIN = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Adds the column; those who have a name are known by what was found of them last."""
    with op.batch_alter_table("speaker", recreate="always", table_kwargs=NEVER_AGAIN) as batch:
        batch.add_column(sa.Column("claims", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
    with op.batch_alter_table("speaker", table_kwargs=NEVER_AGAIN) as batch:
        batch.alter_column("claims", server_default=None)
    connection = op.get_bind()
    named = connection.execute(
        sa.text(
            "SELECT turn.speaker_id, turn.channel, turn.start, turn.end FROM turn "
            "JOIN speaker ON speaker.id = turn.speaker_id WHERE speaker.name != '' ORDER BY turn.start"
        )
    )
    claims: dict[int, list[list[object]]] = {}
    for speaker_id, *claim in named:
        claims.setdefault(speaker_id, []).append(claim)
    for speaker_id, found in claims.items():
        connection.execute(
            sa.text("UPDATE speaker SET claims = :claims WHERE id = :id"),
            {"claims": json.dumps(found), "id": speaker_id},
        )
