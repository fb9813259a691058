"""A transcript's rows, one per segment and one for each sentence that is being said while it is recorded."""

from __future__ import annotations

import dataclasses
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import groupby, takewhile
from math import inf, nextafter
from operator import is_
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core import messages
from core.values import Channel, LiveText, Segment, Speaker, Transcript

Index = QModelIndex | QPersistentModelIndex
SEGMENT = int(Qt.ItemDataRole.UserRole)


DRAFT = -1
"""The id of a segment that the person is writing and that is not stored yet."""


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """Who says something, in words, and the place of their colour."""

    name: str
    colour: int


class TranscriptModel(QAbstractListModel):
    """Segments in order of time, then the unfinished sentences: one for each channel that is speaking.

    A change made by the person is told by `corrected(segment id, text)`, or for a new segment by
    `inserted(id of the one before it or 0, id of the one behind it or 0, text)`.
    """

    corrected = Signal(int, str)
    inserted = Signal(int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._segments: list[Segment] = []
        self._live: dict[Channel | None, LiveText] = {}
        self._speakers: dict[int, Voice] = {}
        self._sides: dict[Channel, Voice] = {}
        self._transcript_id = 0
        self._meeting_id = ""
        self._complete = False
        self.has_sound = False
        """Whether what was said can be heard."""

    @property
    def segments(self) -> Sequence[Segment]:
        """Those that are shown, in their order; a draft is among them."""
        return self._segments

    def said(self, first: int, last: int) -> Sequence[Segment | LiveText]:
        """What stands in these rows, the last one included."""
        behind = len(self._segments)
        live = list(self._live.values())
        return [*self._segments[first : last + 1], *live[max(0, first - behind) : max(0, last + 1 - behind)]]

    @property
    def meeting_id(self) -> str:
        """Whose text is shown, '' before it was read."""
        return self._meeting_id

    @property
    def count(self) -> int:
        """How many segments there are; an unfinished sentence is none."""
        return len(self._segments)

    @property
    def growing(self) -> bool:
        """Whether more text may come."""
        return not self._complete

    @property
    def can_be_made_again(self) -> bool:
        """Whether a stretch of the text can be transcribed again."""
        return self._complete and self.has_sound

    @property
    def speaking(self) -> tuple[Channel | None, ...]:
        """The channels whose unfinished sentence is shown, in the order of the rows."""
        return tuple(self._live)

    def set_speakers(self, speakers: Iterable[Speaker], channels: tuple[Channel, ...] = ()) -> None:
        """Names who says what; what nobody is known to say goes by the channel it was heard in, of these `channels`.

        A channel goes by the speaker who stands for it, where there is one.
        """
        known = list(speakers)
        voices = {one.id: Voice(messages.speaker_label(one), one.colour) for one in known}
        sides = {channel: Voice(messages.channel_name(channel), channel.place) for channel in channels}
        sides |= {one.channel: voices[one.id] for one in known if one.channel and one.channel in sides}
        if (voices, sides) != (self._speakers, self._sides):
            self._speakers, self._sides = voices, sides
            if self._segments:
                self.dataChanged.emit(self.index(0), self.index(len(self._segments) - 1))

    @property
    def voices(self) -> Sequence[Voice]:
        """Everybody who can stand before a text, once each."""
        return list(dict.fromkeys([*self._speakers.values(), *self._sides.values()]))

    def voice(self, said: Segment | LiveText) -> Voice | None:
        """Who says it, None where that is not known."""
        known = self._speakers.get(said.speaker_id) if isinstance(said, Segment) else None
        return known or (self._sides.get(said.channel) if said.channel else None)

    def set_transcript(self, transcript: Transcript | None) -> None:
        """Shows this version; segments that came in since it was read stay, and so do the views' places."""
        new = list(transcript.segments) if transcript else []
        # 0: text that came in before its version was read.
        same = transcript is not None and self._transcript_id in {0, transcript.id}
        if transcript is not None and same and not transcript.complete:
            newest = max((segment.id for segment in new), default=0)
            new += [segment for segment in self._segments if segment.id > newest]
        if same:
            new += [segment for segment in self._segments if segment.id == DRAFT and not segment.text]
            self._name_draft(new)
        new.sort(key=_order)
        self._complete = transcript is not None and transcript.complete
        self._transcript_id = transcript.id if transcript else 0
        if same and self._become(new):
            self._meeting_id = transcript.meeting_id if transcript else ""
            return
        self.beginResetModel()
        self._segments = new
        self._meeting_id = transcript.meeting_id if transcript else ""
        self.endResetModel()

    def _name_draft(self, new: Sequence[Segment]) -> None:
        """A draft that is stored now keeps its row, and so what is selected."""
        row = next((row for row, one in enumerate(self._segments) if one.id == DRAFT and one.text), None)
        if row is None:
            return
        known = {one.id for one in self._segments}
        alike = (one for one in new if one.id not in known and one.text == self._segments[row].text)
        if stored := next(alike, None):
            self._segments[row] = stored
            self.dataChanged.emit(self.index(row), self.index(row))

    def _become(self, new: Sequence[Segment]) -> bool:
        """Removes, changes and adds single rows until these are shown; False where their order is another one."""
        if len(new) == len(self._segments) and all(map(is_, new, self._segments)):
            return True
        known = {segment.id: segment for segment in new}
        stays = [segment.id for segment in self._segments if segment.id in known]
        before = set(stays)
        if [segment.id for segment in new if segment.id in before] != stays:
            return False
        row = len(self._segments) - 1
        while row >= 0:
            last = row
            while row >= 0 and self._segments[row].id not in known:
                row -= 1
            if row < last:
                self.beginRemoveRows(QModelIndex(), row + 1, last)
                del self._segments[row + 1 : last + 1]
                self.endRemoveRows()
            row -= 1
        shown, self._segments = self._segments, [known[segment.id] for segment in self._segments]
        changed = (
            place for place, (now, old) in enumerate(zip(self._segments, shown, strict=True)) if now != old
        )
        # Neighbours at once: views do work at every signal.
        for _offset, run in groupby(enumerate(changed), lambda one: one[1] - one[0]):
            places = [place for _number, place in run]
            self.dataChanged.emit(self.index(places[0]), self.index(places[-1]))
        self._insert(segment for segment in new if segment.id not in before)
        return True

    def add(self, segments: Iterable[Segment]) -> None:
        """Adds text just made, unless the version shown is complete and this belongs to the next one.

        It stands for the unfinished sentence of its channel, which goes.
        """
        if self._complete:
            return
        newest = max((segment.id for segment in self._segments), default=0)
        new = [segment for segment in segments if segment.id > newest]
        for channel in {segment.channel for segment in new}:
            self.end_live(channel)
        self._insert(new)

    def _insert(self, segments: Iterable[Segment]) -> None:
        """Puts each where it was said: what is heard in one channel may come after later words of another."""
        left = sorted(segments, key=_order)
        while left:
            place = bisect_right(self._segments, _order(left[0]), key=_order)
            below = self._segments[place] if place < len(self._segments) else None
            run = list(takewhile(lambda one: below is None or _order(one) < _order(below), left))  # noqa: B023
            self.beginInsertRows(QModelIndex(), place, place + len(run) - 1)
            self._segments[place:place] = run
            self.endInsertRows()
            left = left[len(run) :]

    def set_live(self, live: LiveText) -> None:
        """Shows the sentence that is being said in a channel, in place of the one before; '' takes its row away."""
        before = self._live.get(live.channel)
        if not live.text.strip():
            self.end_live(live.channel)
        elif before is None:
            row = self.rowCount()
            self.beginInsertRows(QModelIndex(), row, row)
            self._live[live.channel] = live
            self.endInsertRows()
        elif live.text != before.text:
            self._live[live.channel] = live
            changed = self.index(self._live_row(live.channel))
            self.dataChanged.emit(changed, changed)

    def end_live(self, channel: Channel | None) -> None:
        """Takes the row of this channel's unfinished sentence away, if there is one."""
        if channel in self._live:
            row = self._live_row(channel)
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._live[channel]
            self.endRemoveRows()

    def _live_row(self, channel: Channel | None) -> int:
        return len(self._segments) + self.speaking.index(channel)

    def row_of(self, segment_id: int, second: float = 0.0) -> QModelIndex:
        """The segment's row; where the text was made anew, the row heard at `second`."""
        for place, segment in enumerate(self._segments):
            if segment.id == segment_id:
                return self.index(place)
        place = bisect_right(self._segments, second, key=lambda segment: segment.start) - 1
        return self.index(max(0, place)) if self._segments else QModelIndex()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Segments and unfinished sentences."""
        return 0 if parent.isValid() else len(self._segments) + len(self._live)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Every segment can be corrected; an unfinished sentence is only read."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if index.row() >= len(self._segments):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The text, and under `SEGMENT` the `core.values.Segment`, or the `LiveText` of one of the last rows."""
        if not index.isValid() or index.row() >= self.rowCount():
            return None
        place = index.row() - len(self._segments)
        said = self._segments[index.row()] if place < 0 else self._live[self.speaking[place]]
        if role == SEGMENT:
            return said
        text = messages.said(said) if isinstance(said, Segment) else said.text.strip()
        if role == Qt.ItemDataRole.EditRole:
            return said.text.strip()
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        reason = messages.doubt(said) if isinstance(said, Segment) else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return reason  # where the row is too narrow for it
        if role == Qt.ItemDataRole.AccessibleTextRole:
            voice = self.voice(said)
            parts = (
                messages.clock(said.start) if isinstance(said, Segment) else "",
                voice.name if voice else messages.channel_name(said.channel) if said.channel else "",
                text,
                reason,
            )
            return " ".join(part for part in parts if part)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Takes the person's text over at once and tells it; one without words takes the segment out.

        An equal one changes nothing.
        """
        text = " ".join(str(value or "").split())
        if role != Qt.ItemDataRole.EditRole or not self.flags(index) & Qt.ItemFlag.ItemIsEditable:
            return False
        row, segment = index.row(), self._segments[index.row()]
        if segment.id == DRAFT:
            if not text:
                return False
            self._segments[row] = dataclasses.replace(segment, text=text)
            before = self._segments[row - 1].id if row else 0
            behind = self._segments[row + 1].id if row + 1 < len(self._segments) else 0
            self.dataChanged.emit(index, index)
            self.inserted.emit(before, behind, text)
            return True
        if text == segment.text.strip():
            return False
        if text:
            self._segments[row] = dataclasses.replace(segment, text=text, edited=True, doubt="")
            self.dataChanged.emit(index, index)
        self.corrected.emit(segment.id, text)
        return True

    def write(self, segment_id: int, text: str) -> Segment:
        """Shows another text of a segment, which is being stored; the segment as it is now."""
        row = next(row for row, one in enumerate(self._segments) if one.id == segment_id)
        written = dataclasses.replace(self._segments[row], text=text, edited=True, doubt="")
        self._segments[row] = written
        self.dataChanged.emit(self.index(row), self.index(row))
        return written

    def begin_draft(self, row: int) -> QModelIndex:
        """A new segment behind a row, for the person to write; it goes with `end_draft` or the next version."""
        beside = self._segments[row]
        start = nextafter(beside.start, inf)  # in the order of the rows it comes next
        draft = Segment(start, beside.end, "", id=DRAFT, speaker_id=beside.speaker_id, channel=beside.channel)
        self.beginInsertRows(QModelIndex(), row + 1, row + 1)
        self._segments.insert(row + 1, draft)
        self.endInsertRows()
        return self.index(row + 1)

    def end_draft(self) -> None:
        """Takes a draft without words away."""
        for row, segment in enumerate(self._segments):
            if segment.id == DRAFT and not segment.text:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._segments[row]
                self.endRemoveRows()
                return


def _order(segment: Segment) -> tuple[float, int]:
    return segment.start, segment.id
