"""What a search found, below the meetings it was found in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core import messages
from core.values import Found, Hit, MeetingId, Where
from desktop import tips

Index = QModelIndex | QPersistentModelIndex

PLACES = 5
"""Hits of one meeting that are shown; the others are left out, so that one meeting does not hide the rest."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A meeting in which something was found; `marks` are the words in its title that were searched for."""

    meeting_id: MeetingId
    title: str
    day: str
    marks: tuple[tuple[int, int], ...] = ()


class Role(IntEnum):
    """What the rows say besides their text."""

    ROW = Qt.ItemDataRole.UserRole  # Heading | Hit
    MEETING_ID = Qt.ItemDataRole.UserRole + 1


class HitsModel(QAbstractListModel):
    """Meetings in the order of their best hits, each with its hits in the order of time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Heading | Hit] = []

    def set_found(self, found: Found) -> None:
        """Shows exactly this."""
        self.beginResetModel()
        self._rows = _arranged(found)
        self.endResetModel()

    def hits(self) -> Iterator[tuple[int, Hit]]:
        """Each hit with its row."""
        return ((place, row) for place, row in enumerate(self._rows) if isinstance(row, Hit))

    def place_of(self, row: Heading | Hit | None) -> QModelIndex:
        """Where a row stands that was there before; invalid where it has gone."""
        return self.index(self._rows.index(row)) if row in self._rows else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Meetings and hits together."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every row can be opened."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The title or text, and what `Role` names."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Role.ROW:
                return row
            case Role.MEETING_ID:
                return row.meeting_id
            case Qt.ItemDataRole.DisplayRole:
                return row.title if isinstance(row, Heading) else row.text
            case Qt.ItemDataRole.ToolTipRole:
                return tips.plain(f"{row.title}\n{row.day}" if isinstance(row, Heading) else row.text)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}, {row.day}" if isinstance(row, Heading) else f"{about(row)}: {row.text}"
        return None


def moment(hit: Hit) -> str:
    """When it was said, '' where that is not known."""
    return messages.clock(hit.second) if hit.second is not None else ""


def about(hit: Hit) -> str:
    """When it was said, and by whom, or where it stands."""
    return " · ".join(filter(None, (moment(hit), messages.found_in(hit))))


def _by_time(hit: Hit) -> tuple[bool, float]:
    return hit.second is not None, hit.second or 0.0


def _arranged(found: Found) -> list[Heading | Hit]:
    groups: dict[MeetingId, list[Hit]] = {}
    for hit in found.hits:
        groups.setdefault(hit.meeting_id, []).append(hit)
    rows: list[Heading | Hit] = []
    for meeting_id, hits in groups.items():
        first = hits[0]
        named = next((hit for hit in hits if hit.where is Where.HEADING and hit.text == first.of), None)
        rows.append(
            Heading(meeting_id, first.of, messages.day(first.started_at), named.marks if named else ())
        )
        best = sorted([hit for hit in hits if hit is not named][:PLACES], key=_by_time)
        rows.extend(best)
    return rows
