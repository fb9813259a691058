"""What the person said of who speaks, as facts about stretches of time, which every later run goes by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.spans import Stretch, without
from core.store.segments import segment_rows, shown_version
from core.store.tables import SegmentRow, SpeakerRow, TurnRow
from core.values import Channel, MeetingId, Turn

Spans = dict[str | None, list[Stretch]]
"""Who is heard when, by the channel."""


def say(session: Session, meeting_id: MeetingId, segment_ids: Iterable[int], speaker_id: int) -> None:
    """Notes that the person chose who says these segments."""
    rows = session.exec(select(SegmentRow).where(col(SegmentRow.id).in_(list(segment_ids)))).all()
    for row in rows:
        row.speaker_id = speaker_id
    _choose(session, meeting_id, rows, speaker_id)


def _choose(session: Session, meeting_id: MeetingId, segments: Iterable[SegmentRow], speaker_id: int) -> None:
    """Notes the person's choice for the time of these segments, in place of earlier ones for that time."""
    earlier = session.exec(
        select(TurnRow).where(TurnRow.meeting_id == meeting_id, col(TurnRow.chosen).is_(True))
    ).all()
    for channel, said in _by_channel(segments).items():
        chosen = [Stretch(start, end, speaker_id) for start, end in _united(said)]
        turns = [turn for turn in earlier if turn.channel == channel]
        before = set(map(_stretch, turns))
        left = set(without(before, chosen))
        for turn in turns:
            if _stretch(turn) not in left:
                session.delete(turn)
        _add(session, meeting_id, channel, [*sorted(left - before, key=_start), *chosen], chosen=True)


def choose_all(session: Session, meeting_id: MeetingId, speaker_id: int, into: int) -> None:
    """Notes as the person's choice that all that two speakers say is said by one of them, `into`.

    Where somebody else is heard at the same time that one's turn is kept too, so there it is only as it was found.
    """
    turns = session.exec(select(TurnRow).where(TurnRow.meeting_id == meeting_id)).all()
    both = [turn for turn in turns if turn.speaker_id in (speaker_id, into)]
    if not any(turn.speaker_id == speaker_id for turn in both):
        _choose_unheard(session, meeting_id, speaker_id, into)
    found = [turn for turn in both if not turn.chosen]
    others = _by_channel(
        turn for turn in turns if turn.speaker_id not in (speaker_id, into) and not turn.chosen
    )
    for channel, stretches in _by_channel(found).items():
        theirs = [Stretch(start, end, into) for start, end in _united(stretches)]
        alone = list(without(theirs, others.get(channel, ())))
        _add(session, meeting_id, channel, alone, chosen=True)
        _add(session, meeting_id, channel, without(theirs, alone), chosen=False)
    for turn in found:
        session.delete(turn)
    session.execute(update(TurnRow).where(col(TurnRow.speaker_id) == speaker_id).values(speaker_id=into))


def _choose_unheard(session: Session, meeting_id: MeetingId, speaker_id: int, into: int) -> None:
    """The same of one who has no turns: their voice went to somebody else, or none has been told apart yet."""
    row = session.get(SpeakerRow, speaker_id)
    if row and row.claims:
        chosen = _by_channel(
            session.exec(select(TurnRow).where(TurnRow.meeting_id == meeting_id, col(TurnRow.chosen))).all()
        )
        for channel, stretches in _claimed([row]).items():
            theirs = [Stretch(one.start, one.end, into) for one in stretches]
            _add(session, meeting_id, channel, without(theirs, chosen.get(channel, ())), chosen=True)
    elif version := shown_version(session, meeting_id):
        said = [row for row in segment_rows(session, version) if row.speaker_id == speaker_id]
        _choose(session, meeting_id, said, into)


# --- whom the person knows a speaker for -----------------------------------------------------------


def claim(session: Session, meeting_id: MeetingId, speaker: SpeakerRow) -> None:
    """Notes that the person said of a speaker, as heard now, who it is: a later run knows the voice by that time.

    What somebody who is heard now was known for goes over; who is not heard, as a run with a smaller number gave the
    voice to another one, keeps it.
    """
    session.flush()
    turns = session.exec(select(TurnRow).where(TurnRow.meeting_id == meeting_id)).all()
    heard = {turn.speaker_id for turn in turns}
    now = _by_channel(turn for turn in turns if turn.speaker_id == speaker.id)
    if not now and (version := shown_version(session, meeting_id)):
        now = _by_channel(row for row in segment_rows(session, version) if row.speaker_id == speaker.id)
    rows = session.exec(select(SpeakerRow).where(SpeakerRow.meeting_id == meeting_id)).all()
    others = [row for row in rows if row.claims and row is not speaker]
    own = _claimed([speaker])
    silent = _claimed(row for row in others if row.id not in heard)
    for row in others:
        if row.id in heard:
            row.claims = _listed(
                {
                    channel: list(without(stretches, now.get(channel, ())))
                    for channel, stretches in _claimed([row]).items()
                }
            )
    for channel, stretches in now.items():
        known = [*own.get(channel, ()), *silent.get(channel, ())]
        own.setdefault(channel, []).extend(without(stretches, known))
    speaker.claims = _listed(own)


def claims(speakers: Iterable[SpeakerRow]) -> tuple[Turn, ...]:
    """What speakers are known for, by time."""
    found = [
        Turn(one.start, one.end, one.who, Channel(channel) if channel else None)
        for channel, stretches in _claimed(speakers).items()
        for one in stretches
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def put_claims(speakers: Iterable[SpeakerRow], known: Sequence[Turn]) -> None:
    """Has speakers be known for what `claims` told."""
    for row in speakers:
        row.claims = [[one.channel, one.start, one.end] for one in known if one.speaker_id == row.id]


def _claimed(speakers: Iterable[SpeakerRow]) -> Spans:
    found: Spans = {}
    for row in speakers:
        for channel, start, end in row.claims:
            found.setdefault(channel, []).append(Stretch(start, end, row.id or 0))
    return found


def _listed(spans: Spans) -> list[list[str | float | None]]:
    return [[channel, one.start, one.end] for channel, stretches in spans.items() for one in stretches]


def _by_channel(rows: Iterable[TurnRow | SegmentRow]) -> Spans:
    found: Spans = {}
    for row in rows:
        found.setdefault(row.channel, []).append(_stretch(row))
    return found


def _stretch(row: TurnRow | SegmentRow) -> Stretch:
    return Stretch(row.start, row.end, row.speaker_id or 0)


def _start(stretch: Stretch) -> float:
    return stretch.start


def _united(stretches: Iterable[Stretch]) -> list[tuple[float, float]]:
    """The stretches as (start, end), those that overlap as one."""
    joined: list[tuple[float, float]] = []
    for one in sorted(stretches, key=lambda one: one.start):
        if joined and one.start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], one.end))
        else:
            joined.append((one.start, one.end))
    return joined


def _add(
    session: Session,
    meeting_id: MeetingId,
    channel: str | None,
    stretches: Iterable[Stretch],
    *,
    chosen: bool,
) -> None:
    session.add_all(
        TurnRow(
            meeting_id=meeting_id,
            speaker_id=one.who,
            channel=channel,
            start=one.start,
            end=one.end,
            chosen=chosen,
        )
        for one in stretches
    )
