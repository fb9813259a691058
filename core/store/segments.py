"""The segments of a version of a transcript as rows, and the evidence of minutes that points to them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select

from core.store.tables import LineRow, MinutesRow, SegmentRow, SpeakerRow, TranscriptRow
from core.values import Channel, MeetingId, Segment, Word, Words

_SHOWN = or_(col(SegmentRow.text) != "", col(SegmentRow.edited).is_(False))
"""What the person took out is kept without text, and is not shown."""


def shown_version(session: Session, meeting_id: MeetingId) -> TranscriptRow | None:
    """The version of the text that is shown."""
    return session.exec(
        select(TranscriptRow).where(
            TranscriptRow.meeting_id == meeting_id, col(TranscriptRow.active).is_(True)
        )
    ).first()


def segment_rows(
    session: Session, version: TranscriptRow, ids: Iterable[int] | None = None
) -> Sequence[SegmentRow]:
    """The segments of a version in order, or those of them with these `ids`.

    What the person took out is kept without text, so that a new transcription leaves it out too; it is not among them.
    """
    wanted = select(SegmentRow).where(SegmentRow.transcript_id == version.id, _SHOWN)
    if ids is not None:
        wanted = wanted.where(col(SegmentRow.id).in_(list(ids)))
    return session.exec(wanted.order_by(col(SegmentRow.start), col(SegmentRow.id))).all()


def segment_values(session: Session, meeting_id: str, rows: Iterable[SegmentRow]) -> tuple[Segment, ...]:
    """The segments of these rows, with the names of who says them."""
    named = session.exec(select(SpeakerRow.id, SpeakerRow.name).where(SpeakerRow.meeting_id == meeting_id))
    names = {speaker_id or 0: name for speaker_id, name in named}
    return tuple(_segment(row, names) for row in rows)


_SEGMENTS = """
SELECT segment.start, segment.end, segment.text, segment.words, segment.id, speaker.name, segment.speaker_id,
       segment.channel, segment.language, segment.log_probability, segment.no_speech, segment.doubt, segment.edited,
       segment.continues
FROM segment LEFT JOIN speaker ON speaker.id = segment.speaker_id
WHERE segment.transcript_id = ? AND (segment.text <> '' OR NOT segment.edited)
ORDER BY segment.start, segment.id LIMIT ?
"""


def shown_segments(session: Session, version: TranscriptRow, most: int = -1) -> tuple[Segment, ...]:
    """The segments of a version as `segment_rows` and `segment_values` give them, at `most` so many, but quickly.

    SQLite is asked itself, and words are taken apart when they are looked at.
    """
    connection: Any = session.connection().connection.dbapi_connection
    channels: dict[str | None, Channel | None] = {None: None, "": None, **{one.value: one for one in Channel}}
    found = connection.execute(_SEGMENTS, (version.id, most))
    return tuple(
        Segment(
            start, end, text, Words(words), new_id, name or "", speaker or 0, channels[channel],
            language, probability, no_speech, doubt, bool(edited), continues,
        )
        for (
            start, end, text, words, new_id, name, speaker, channel, language, probability, no_speech, doubt, edited,
            continues,
        ) in found
    )  # fmt: skip


def segment_row(transcript_id: int, segment: Segment) -> SegmentRow:
    """A new row for a segment."""
    return SegmentRow(transcript_id=transcript_id, **_fields(segment))


def put_segments(
    session: Session, version: TranscriptRow, before: Iterable[SegmentRow], after: Iterable[Segment]
) -> list[SegmentRow]:
    """The rows of `after`, which take the place of the rows `before`: one with the id of such a row changes it.

    Minutes that were made of the version point to what came of the segments, with the words that stand there now.
    """
    rows = {row.id: row for row in before}
    old = {row.id: _segment(row, {}) for row in rows.values()}
    put: list[SegmentRow] = []
    for segment in after:
        row = rows.pop(segment.id, None)
        if row is None:
            row = segment_row(version.id or 0, segment)
            row.id = segment.id or None  # that of a segment which is brought back
            session.add(row)
        elif _segment(row, {}) != replace(segment, speaker=""):
            for name, value in _fields(segment).items():
                setattr(row, name, value)
        put.append(row)
    for row in rows.values():
        session.delete(row)
    session.flush()
    _carry_evidence(session, version, old, put)
    return put


def keep_corrections(session: Session, shown: TranscriptRow, fresh_id: int) -> None:
    """Puts the corrected segments of `shown` in place of those of `fresh_id`, of their channel, that they cover.

    A segment is covered where its middle is. Where the channels are heard otherwise than before, its channel is the one
    in which most is heard meanwhile.
    """
    corrected = select(SegmentRow).where(
        SegmentRow.transcript_id == shown.id, col(SegmentRow.edited).is_(True)
    )
    fresh = session.get_one(TranscriptRow, fresh_id)
    for row in session.exec(corrected.order_by(col(SegmentRow.start), col(SegmentRow.id))).all():
        old = _in_channel_of(session, fresh, row)
        middle = (col(SegmentRow.start) + col(SegmentRow.end)) / 2
        session.execute(
            delete(SegmentRow).where(
                col(SegmentRow.transcript_id) == fresh_id,
                col(SegmentRow.channel).is_not_distinct_from(old.channel),
                middle >= old.start,
                middle <= old.end,
            )
        )
        session.add(segment_row(fresh_id, old))


def _in_channel_of(session: Session, version: TranscriptRow, row: SegmentRow) -> Segment:
    """The segment of `row` in a channel that `version` was made of: its own, else the one that says most meanwhile."""
    own = _segment(row, {})
    channels = [Channel(channel) if channel else None for channel, *_reached in version.places]
    if own.channel in channels:
        return own
    near = select(SegmentRow).where(
        SegmentRow.transcript_id == version.id,
        col(SegmentRow.start) < own.end,
        col(SegmentRow.end) > own.start,
    )
    said = dict.fromkeys(channels, 0.0)
    for one in session.exec(near).all():
        said[Channel(one.channel) if one.channel else None] += min(one.end, own.end) - max(
            one.start, own.start
        )
    return replace(own, channel=max(said, key=said.__getitem__))


def move_evidence(session: Session, before: TranscriptRow, after: TranscriptRow) -> None:
    """Has the minutes made of one version point to the same places of another one."""
    old = {segment.id: segment for segment in segment_rows(session, before)}
    new = segment_rows(session, after)
    same = {(one.channel, one.start, one.end): one.id for one in new}

    def moved(segment_id: int) -> list[int | None]:
        if segment_id not in old:
            return [segment_id]
        one = old[segment_id]
        if found := same.get((one.channel, one.start, one.end)):
            return [found]
        return [
            other.id
            for other in new
            if other.channel == one.channel and other.start < one.end and one.start < other.end
        ]

    for minutes in session.exec(select(MinutesRow).where(MinutesRow.transcript_id == before.id)).all():
        minutes.transcript_id = after.id
        for line in session.exec(select(LineRow).where(LineRow.minutes_id == minutes.id)).all():
            line.evidence = [
                {**one, "segments": list(dict.fromkeys(new for old in one["segments"] for new in moved(old)))}
                for one in line.evidence
            ]


def _carry_evidence(
    session: Session, version: TranscriptRow, old: Mapping[int | None, Segment], put: Sequence[SegmentRow]
) -> None:
    """Has evidence in segments `old` lie in what came of them, `put`."""
    kept = {row.id: row for row in put}
    new = [row for row in put if row.id not in old]
    changed = [row for row in put if row.id not in old or row.text != old[row.id].text]

    def beside(row: SegmentRow, one: Segment) -> bool:
        return row.channel == one.channel and row.start < one.end and one.start < row.end

    def came_of(segment_id: int) -> list[SegmentRow]:
        one = old[segment_id]
        if segment_id in kept:
            return [kept[segment_id], *(row for row in new if beside(row, one))]
        # What it said may have gone to one that was there before, too.
        found = [row for row in changed if beside(row, one)]
        return found or [row for row in put if beside(row, one)]

    wanted = select(LineRow).join(MinutesRow, col(MinutesRow.id) == col(LineRow.minutes_id))
    for line in session.exec(wanted.where(MinutesRow.transcript_id == version.id)).all():
        moved = []
        for one in line.evidence:
            ids: list[int] = []
            said_before: list[str] = []
            said_now: list[str] = []
            for segment_id in one["segments"]:
                if segment_id not in old:
                    ids.append(segment_id)
                    continue
                parts = came_of(segment_id)
                within = [row for row in parts if row.start < one["end"] and one["start"] < row.end]
                ids += [row.id or 0 for row in within or parts]
                said_before.append(old[segment_id].text.strip())
                said_now += [row.text.strip() for row in parts]
            quote = requoted(one["quote"], " ".join(said_before), " ".join(dict.fromkeys(said_now)))
            moved.append({**one, "segments": list(dict.fromkeys(ids)), "quote": quote})
        if moved != line.evidence:
            line.evidence = moved


def requoted(quote: str, before: str, after: str) -> str:
    """What became of the words `quote` when the text around them became `after`; `quote` where that is not known."""
    place = before.find(quote)
    if place < 0 or not quote or before == after:
        return quote
    old, new = re.findall(r"\S+", before), re.findall(r"\S+", after)
    first = len(before[:place].split())
    last = first + len(quote.split())
    begin = end = None
    for _tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if i1 <= first < i2 or (begin is None and first <= i1 < last):
            begin = j1 + (first - i1 if i2 - i1 == j2 - j1 else 0)
        if i1 < last <= i2:
            end = j1 + (last - i1) if i2 - i1 == j2 - j1 else j2
    return " ".join(new[begin:end]) or quote


def _fields(segment: Segment) -> dict[str, Any]:
    return {
        "start": segment.start,
        "end": segment.end,
        "text": segment.text,
        "words": _stored(segment.words),
        "speaker_id": segment.speaker_id or None,
        "channel": segment.channel,
        "language": segment.language,
        "log_probability": segment.log_probability,
        "no_speech": segment.no_speech,
        "doubt": segment.doubt,
        "edited": segment.edited,
        "continues": segment.continues,
    }


def _stored(words: Sequence[Word]) -> list[list[Any]]:
    if isinstance(words, Words):
        return words.lists()
    return [[word.start, word.end, word.text, word.probability] for word in words]


def _segment(row: SegmentRow, names: Mapping[int, str]) -> Segment:
    return Segment(
        id=row.id or 0,
        start=row.start,
        end=row.end,
        text=row.text,
        # As text, which is compared and let go at once: a long meeting has two hundred thousand.
        words=Words(json.dumps(row.words)),
        speaker=names.get(row.speaker_id or 0, ""),
        speaker_id=row.speaker_id or 0,
        channel=Channel(row.channel) if row.channel else None,
        language=row.language,
        log_probability=row.log_probability,
        no_speech=row.no_speech,
        doubt=row.doubt,
        edited=row.edited,
        continues=row.continues,
    )
