"""The rows of a meeting around a passage: what of them goes with it, what moves up, and how they come back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from core.editing import within, without
from core.store.segments import requoted, segment_row, segment_values, shown_version
from core.store.tables import (
    LineRow,
    MinutesRow,
    NoteRow,
    SegmentRow,
    SpeakerRow,
    TranscriptRow,
    TurnRow,
)
from core.values import MeetingId, Section

TEXT_LENGTH = 120
"""Characters by which a passage is recognised in the bin."""

NEAR = 0.001
"""Seconds within which two places are the same."""

Rows = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a passage was: seconds `start` to `end` before it was cut, `start` alone afterwards."""

    start: float
    end: float

    def closed(self, second: float) -> float:
        """Where a second is once the passage is cut."""
        if second <= self.start:
            return second
        return self.start if second <= self.end else round(second - (self.end - self.start), 6)

    def opened(self, second: float, *, ends: bool = False) -> float:
        """Where a second is once the passage is back; what begins at the place of the cut is behind it."""
        if second > self.start + NEAR or (not ends and second >= self.start - NEAR):
            return round(second + (self.end - self.start), 6)
        return second

    def holds(self, second: float) -> bool:
        """Whether a second lies in the passage."""
        return self.start - NEAR <= second < self.end - NEAR


def take_out(session: Session, meeting_id: MeetingId, gap: Gap) -> tuple[Rows, str]:
    """Takes what lies in the gap out of all versions and moves what lies behind it up.

    Comes back with what `put_back` needs, as JSON, and with how the text of the passage begins.
    """
    shown = shown_version(session, meeting_id)
    versions = session.exec(select(TranscriptRow.id).where(TranscriptRow.meeting_id == meeting_id)).all()
    kept: Rows = {"shown": shown.id if shown else 0, "versions": list(versions)}
    text = _said(session, meeting_id, shown, gap) if shown else ""
    texts = _cut_segments(session, meeting_id, gap, kept)
    _cut_lines(session, meeting_id, gap, texts, kept)
    _cut_turns(session, meeting_id, gap, kept)
    _cut_notes(session, meeting_id, gap, kept)
    session.flush()
    return kept, " ".join(text.split())[:TEXT_LENGTH]


def put_back(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    """Opens the gap again, with all that `take_out` took."""
    _restore_segments(session, meeting_id, gap, kept)
    _restore_lines(session, meeting_id, gap, kept)
    _restore_turns(session, meeting_id, gap, kept)
    _restore_notes(session, meeting_id, gap, kept)
    session.flush()


def move_reached(session: Session, meeting_id: MeetingId, moved: Callable[[float], float]) -> None:
    """Has each version reach as far as it did, at the times that there are now."""
    for version in session.exec(select(TranscriptRow).where(TranscriptRow.meeting_id == meeting_id)).all():
        version.places = [[channel, moved(reached), *told] for channel, reached, *told in version.places]
        version.reached = moved(version.reached)


# --- the text ----------------------------------------------------------------------------------------


def _segment_rows(session: Session, meeting_id: MeetingId, after: float) -> Sequence[SegmentRow]:
    """Those of all versions that end after a second, in order."""
    return session.exec(
        select(SegmentRow)
        .join(TranscriptRow, col(TranscriptRow.id) == col(SegmentRow.transcript_id))
        .where(TranscriptRow.meeting_id == meeting_id, col(SegmentRow.end) > after)
        .order_by(col(SegmentRow.start), col(SegmentRow.id))
    ).all()


def _said(session: Session, meeting_id: MeetingId, shown: TranscriptRow, gap: Gap) -> str:
    """What is said in the gap, as the version that is shown has it."""
    of_shown = (row for row in _segment_rows(session, meeting_id, gap.start) if row.transcript_id == shown.id)
    rows = [row for row in of_shown if row.start < gap.end]
    inside = (within(one, gap.start, gap.end) for one in segment_values(session, meeting_id, rows))
    return " ".join(one.text for one in inside if one)


def _cut_segments(
    session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows
) -> dict[int, tuple[str, str | None]]:
    """The text of each segment before and after, None where it went, by its id."""
    rows = _segment_rows(session, meeting_id, gap.start)
    texts: dict[int, tuple[str, str | None]] = {}
    kept["segments"], kept["clipped"] = [], []
    for row, segment in zip(rows, segment_values(session, meeting_id, rows), strict=True):
        left = without(segment, gap.start, gap.end)
        texts[segment.id] = row.text, left.text if left else None
        was = row.model_dump()
        if left is None:
            kept["segments"].append(was)
            session.delete(row)
            continue
        if left.text != row.text:
            row.text = left.text
        row.words = [
            [gap.closed(one.start), gap.closed(one.end), one.text, one.probability] for one in left.words
        ]
        row.start, row.end = gap.closed(row.start), gap.closed(row.end)
        if row.continues is not None:
            # Where that ended in the passage, what it was one with is not beside it any more.
            row.continues = None if gap.start < row.continues <= gap.end else gap.closed(row.continues)
        if segment.start < gap.end:
            kept["clipped"].append({"was": was, "now": [row.text, row.start, row.end]})
    return texts


def _restore_segments(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    clipped = {one["was"]["id"]: one for one in kept["clipped"]}
    for row in _segment_rows(session, meeting_id, gap.start - NEAR):
        one = clipped.get(row.id or 0)
        if one and one["now"] == [row.text, row.start, row.end]:
            del clipped[row.id or 0]
            for name in ("start", "end", "text", "words", "continues"):
                # What was cut by an earlier program does not know what it was one with.
                if getattr(row, name) != (was := one["was"].get(name)):
                    setattr(row, name, was)
            continue
        row.words = [
            [gap.opened(start), gap.opened(end, ends=True), text, probability]
            for start, end, text, probability in row.words
        ]
        row.start, row.end = gap.opened(row.start), gap.opened(row.end, ends=True)
        if row.continues is not None:
            row.continues = gap.opened(row.continues, ends=True)
    versions = set(session.exec(select(TranscriptRow.id).where(TranscriptRow.meeting_id == meeting_id)))
    speakers = set(session.exec(select(SpeakerRow.id).where(SpeakerRow.meeting_id == meeting_id)))
    shown = shown_version(session, meeting_id)
    # A version that was made since lacks what was said in the passage: it gets what the one shown before had.
    fresh = shown.id if shown and shown.id not in kept["versions"] else 0
    back = [_segment_of(one, speakers) for one in kept["segments"]]
    # Where the person changed what was left of a segment, the rest of it comes back on its own.
    for one in clipped.values():
        whole = segment_values(session, meeting_id, [_segment_of(one["was"], speakers)])[0]
        if inside := within(whole, gap.start, gap.end):
            back.append(segment_row(one["was"]["transcript_id"], inside))
    for row in back:
        if fresh and row.transcript_id == kept["shown"]:
            session.add(SegmentRow(**{**row.model_dump(exclude={"id"}), "transcript_id": fresh}))
        if row.transcript_id in versions:
            session.add(row)


def _segment_of(stored: Rows, speakers: set[int | None]) -> SegmentRow:
    speaker = stored["speaker_id"] if stored["speaker_id"] in speakers else None
    return SegmentRow(**{**stored, "speaker_id": speaker})


# --- the minutes -------------------------------------------------------------------------------------


def _line_rows(session: Session, meeting_id: MeetingId) -> Sequence[LineRow]:
    return session.exec(
        select(LineRow)
        .join(MinutesRow, col(MinutesRow.id) == col(LineRow.minutes_id))
        .where(MinutesRow.meeting_id == meeting_id)
        .order_by(col(LineRow.minutes_id), col(LineRow.position))
    ).all()


def _cut_lines(
    session: Session, meeting_id: MeetingId, gap: Gap, texts: Mapping[int, tuple[str, str | None]], kept: Rows
) -> None:
    kept["lines"], kept["evidence"] = [], {}
    lines = _line_rows(session, meeting_id)
    chapters = _chapter_ends(lines)
    for line in lines:
        if not line.evidence:
            continue
        parts = [_evidence_left(one, gap, texts) for one in line.evidence]
        left = [one for one in parts if one is not None]
        if not left and chapters.get(line.id or 0, 0.0) > gap.end:
            # The chapter began in the passage and goes on behind it.
            left = [{**line.evidence[-1], "segments": [], "quote": "", "start": gap.start, "end": gap.start}]
        if not left:
            kept["lines"].append(line.model_dump(mode="json"))
            session.delete(line)
        elif left != line.evidence:
            text = line.text if line.edited else _words_left(line.text, line.evidence, parts)
            if len(left) < len(line.evidence) or any(one["start"] < gap.end for one in line.evidence):
                kept["evidence"][str(line.id)] = [line.evidence, left, line.taken, line.text, text]
            line.evidence, line.taken = left, _taken_left(line.taken, parts)
            if text != line.text:
                line.text = text


def _words_left(text: str, evidence: Sequence[Rows], parts: Sequence[Rows | None]) -> str:
    """A line of the minutes without the words that it quotes and that were cut."""
    for one, left in zip(evidence, parts, strict=True):
        if left and one["quote"] and left["quote"] != one["quote"]:
            text = text.replace(one["quote"], left["quote"])
    return text


def _taken_left(taken: int | None, parts: Sequence[Rows | None]) -> int | None:
    """The place among what is left of the evidence of the words by which somebody took the task on."""
    if taken is None or taken >= len(parts) or parts[taken] is None:
        return None
    return sum(one is not None for one in parts[:taken])


def _chapter_ends(lines: Iterable[LineRow]) -> dict[int, float]:
    """The second at which each chapter ends, by its line: where the next one of its minutes begins."""
    found: dict[int, list[LineRow]] = {}
    for line in lines:
        if line.section == Section.CHAPTERS and line.evidence:
            found.setdefault(line.minutes_id, []).append(line)
    ends: dict[int, float] = {}
    for of_one in found.values():
        of_one.sort(key=lambda line: line.evidence[0]["start"])
        for line, following in zip(of_one, [*of_one[1:], None], strict=True):
            ends[line.id or 0] = following.evidence[0]["start"] if following else float("inf")
    return ends


def _evidence_left(one: Rows, gap: Gap, texts: Mapping[int, tuple[str, str | None]]) -> Rows | None:
    """What a proof is once the passage is cut; None where nothing of it is left."""
    ids = [number for number in one["segments"] if texts.get(number, ("", ""))[1] is not None]
    inside = one["start"] >= gap.start - NEAR and one["end"] <= gap.end + NEAR
    if inside or (one["segments"] and not ids):
        return None
    before = " ".join(texts[number][0].strip() for number in one["segments"] if number in texts)
    after = " ".join((texts[number][1] or "").strip() for number in ids if number in texts)
    quote = one["quote"]
    if quote in before and before != after:
        quote = requoted(quote, before, after)
        # Less than half of what was said proves nothing, and gives away what was cut.
        if quote not in after or 2 * len(quote.split()) < len(one["quote"].split()):
            return None
    return {
        **one,
        "segments": ids,
        "quote": quote,
        "start": gap.closed(one["start"]),
        "end": gap.closed(one["end"]),
    }


def _restore_lines(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    for line in _line_rows(session, meeting_id):
        before, left, taken, was, text = kept["evidence"].get(str(line.id), (None,) * 5)
        if before is not None and line.evidence == left:
            line.evidence, line.taken = before, taken
            if line.text == text != was:
                line.text = was
        else:
            line.evidence = [
                {**one, "start": gap.opened(one["start"]), "end": gap.opened(one["end"], ends=True)}
                for one in line.evidence
            ]
    versions = set(session.exec(select(MinutesRow.id).where(MinutesRow.meeting_id == meeting_id)))
    for stored in kept["lines"]:
        if stored["minutes_id"] in versions:
            due = date.fromisoformat(stored["due"]) if stored["due"] else None
            session.add(LineRow(**{**stored, "due": due}))


# --- who speaks, and what the person noted -------------------------------------------------------------


def _cut_turns(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    kept["turns"], kept["turned"] = [], {}
    wanted = select(TurnRow).where(TurnRow.meeting_id == meeting_id, col(TurnRow.end) > gap.start)
    for turn in session.exec(wanted).all():
        was = [turn.start, turn.end]
        now = [gap.closed(turn.start), gap.closed(turn.end)]
        if now[1] - now[0] <= NEAR:
            kept["turns"].append(turn.model_dump())
            session.delete(turn)
            continue
        turn.start, turn.end = now
        if was[0] < gap.end:
            kept["turned"][str(turn.id)] = [was, now]
    kept["claims"] = {}
    for row in session.exec(select(SpeakerRow).where(SpeakerRow.meeting_id == meeting_id)).all():
        moved = [[channel, gap.closed(start), gap.closed(end)] for channel, start, end in row.claims]
        left = [one for one in moved if one[2] - one[1] > NEAR]
        if left != row.claims:
            kept["claims"][str(row.id)] = [row.claims, left]
            row.claims = left


def _restore_turns(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    wanted = select(TurnRow).where(TurnRow.meeting_id == meeting_id, col(TurnRow.end) > gap.start - NEAR)
    for turn in session.exec(wanted).all():
        was, now = kept["turned"].get(str(turn.id), (None, None))
        if was and now == [turn.start, turn.end]:
            turn.start, turn.end = was
        else:
            turn.start, turn.end = gap.opened(turn.start), gap.opened(turn.end, ends=True)
    rows = session.exec(select(SpeakerRow).where(SpeakerRow.meeting_id == meeting_id)).all()
    for row in rows:
        before, left = kept.get("claims", {}).get(str(row.id), (None, None))
        if before is not None and left == row.claims:
            row.claims = before
        else:
            row.claims = [
                [channel, gap.opened(start), gap.opened(end, ends=True)] for channel, start, end in row.claims
            ]
    speakers = {row.id for row in rows}
    session.add_all(TurnRow(**one) for one in kept["turns"] if one["speaker_id"] in speakers)


def _cut_notes(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    kept["notes"], kept["noted"] = [], {}
    for note in session.exec(select(NoteRow).where(NoteRow.meeting_id == meeting_id)).all():
        if gap.holds(note.at) and note.bookmark:
            kept["notes"].append(note.model_dump())
            session.delete(note)
            continue
        if gap.holds(note.at):
            kept["noted"][str(note.id)] = note.at
        note.at = gap.closed(note.at)


def _restore_notes(session: Session, meeting_id: MeetingId, gap: Gap, kept: Rows) -> None:
    for note in session.exec(select(NoteRow).where(NoteRow.meeting_id == meeting_id)).all():
        note.at = kept["noted"].get(str(note.id)) or gap.opened(note.at)
    session.add_all(NoteRow(**one) for one in kept["notes"])
