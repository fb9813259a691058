"""A transcript's rows, one per segment; they grow at the end while the text is being made."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core import messages
from core.values import Segment, Transcript

Index = QModelIndex | QPersistentModelIndex
SEGMENT = int(Qt.ItemDataRole.UserRole)


class TranscriptModel(QAbstractListModel):
    """Segments in order of time. A change made by the person is told by `corrected(segment id, text)`."""

    corrected = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._segments: list[Segment] = []
        self._transcript_id = 0
        self._complete = False

    def set_transcript(self, transcript: Transcript | None) -> None:
        """Shows this version; segments that came in since it was read stay, and so do the views' places."""
        new = list(transcript.segments) if transcript else []
        same = transcript is not None and transcript.id == self._transcript_id
        if transcript is not None and same and not transcript.complete:
            newest = max((segment.id for segment in new), default=0)
            new += [segment for segment in self._segments if segment.id > newest]
        self._complete = transcript is not None and transcript.complete
        self._transcript_id = transcript.id if transcript else 0
        if same and [one.id for one in self._segments] == [one.id for one in new[: len(self._segments)]]:
            self._replace(new)
            return
        self.beginResetModel()
        self._segments = new
        self.endResetModel()

    def _replace(self, new: list[Segment]) -> None:
        for place, segment in enumerate(self._segments):
            if segment != new[place]:
                self._segments[place] = new[place]
                self.dataChanged.emit(self.index(place), self.index(place))
        self._append(new[len(self._segments) :])

    def add(self, segments: Sequence[Segment]) -> None:
        """Adds text just made, unless the version shown is complete and this belongs to the next one."""
        if self._complete:
            return
        newest = max((segment.id for segment in self._segments), default=0)
        self._append([segment for segment in segments if segment.id > newest])

    def _append(self, segments: Sequence[Segment]) -> None:
        if segments:
            first = len(self._segments)
            self.beginInsertRows(QModelIndex(), first, first + len(segments) - 1)
            self._segments += segments
            self.endInsertRows()

    def row_of(self, segment_id: int, second: float = 0.0) -> QModelIndex:
        """The segment's row; where the text was made anew, the row heard at `second`."""
        for place, segment in enumerate(self._segments):
            if segment.id == segment_id:
                return self.index(place)
        place = bisect_right(self._segments, second, key=lambda segment: segment.start) - 1
        return self.index(max(0, place)) if self._segments else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many segments."""
        return 0 if parent.isValid() else len(self._segments)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every segment can be corrected."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, and the `core.values.Segment` under `SEGMENT`."""
        if not index.isValid() or index.row() >= len(self._segments):
            return None
        segment = self._segments[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole}:
            return segment.text.strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{messages.clock(segment.start)} {segment.text.strip()}"
        return segment if role == SEGMENT else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes the person's text over at once and tells it; an empty or equal one changes nothing."""
        text = str(value).strip() if value is not None else ""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or not text:
            return False
        segment = self._segments[index.row()]
        if text == segment.text.strip():
            return False
        self._segments[index.row()] = dataclasses.replace(segment, text=text, edited=True)
        self.dataChanged.emit(index, index)
        self.corrected.emit(segment.id, text)
        return True
