"""Answers of the local interface, kept so that a request that is sent again is not carried out again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from core.store.database import Database
from core.store.tables import AnswerRow

KEPT = timedelta(days=7)
"""How long an answer is kept: longer than anybody tries again."""


class AnswerStore(Database):
    """What the store knows of answers that were given."""

    def kept_answer(self, key: str) -> tuple[str, dict[str, Any]] | None:
        """What was asked with this key and what was answered, or None."""
        with self._reading() as session:
            row = session.get(AnswerRow, key)
            return (row.asked, row.content) if row else None

    def keep_answer(self, key: str, asked: str, content: dict[str, Any]) -> None:
        """Keeps an answer under its key; old ones are forgotten. No other door need know of it."""
        now = datetime.now(UTC)
        with self._writing(counted=False) as session:
            session.execute(delete(AnswerRow).where(col(AnswerRow.at) < now - KEPT))
            session.merge(AnswerRow(key=key, asked=asked, content=content, at=now))
