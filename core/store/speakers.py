"""Who speaks in a meeting, and when."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from core.store.choices import choose_all, claim, claims, put_claims, say
from core.store.database import Database
from core.store.owners import call, called, fill_owners, rename_owners
from core.store.pieces import cut_again, join_pieces
from core.store.segments import put_segments, segment_rows, segment_values, shown_segments, shown_version
from core.store.tables import MeetingRow, SegmentRow, SpeakerRow, TurnRow, VoiceRow
from core.values import Channel, MeetingId, Segment, Speaker, Turn, Voices


class SpeakerStore(Database):
    """What the store answers about speakers, and what it notes of them."""

    def speakers(self, meeting_id: MeetingId) -> tuple[Speaker, ...]:
        """Those of a meeting, by their numbers."""
        with self._reading() as session:
            return _speakers(session, meeting_id)

    def turns(self, meeting_id: MeetingId) -> tuple[Turn, ...]:
        """Who is heard when, by time: what was found by voice, and what the person chose."""
        with self._reading() as session:
            return _turns(session, meeting_id)

    def add_speaker(self, meeting_id: MeetingId, name: str = "") -> Speaker:
        """A new speaker of a meeting."""
        with self._writing(meeting_id) as session:
            return _speaker(_added(session, meeting_id, name=plain_name(name)), {})

    def rename_speaker(self, meeting_id: MeetingId, speaker_id: int, name: str) -> None:
        """Gives a speaker a name, or with '' takes it away; action items of the old name go by the new one."""
        with self._speaking(meeting_id) as session:
            row = _row(session, meeting_id, speaker_id)
            if row is None:
                return
            before, row.name = row.name, plain_name(name)
            row.voice_id, row.certainty = None, 0.0
            rename_owners(session, meeting_id, before, row.name)
            if row.name:
                claim(session, meeting_id, row)
            else:
                row.claims = []

    def colour_speaker(self, meeting_id: MeetingId, speaker_id: int, colour: int) -> None:
        """Gives a speaker another of the window's colours."""
        with self._writing(meeting_id) as session:
            if row := _row(session, meeting_id, speaker_id):
                row.colour = colour
                claim(session, meeting_id, row)

    def reject_voice(self, meeting_id: MeetingId, speaker_id: int) -> None:
        """Notes that a speaker is not who it sounds like, which is not suggested again."""
        with self._writing(meeting_id) as session:
            if row := _row(session, meeting_id, speaker_id):
                row.certainty = 0.0
                claim(session, meeting_id, row)

    def set_me(self, meeting_id: MeetingId, speaker_id: int) -> None:
        """Notes that this speaker and no other one is the person at this machine; 0: none is."""
        with self._writing(meeting_id) as session:
            for row in _speaker_rows(session, meeting_id):
                row.is_me = row.id == speaker_id
                if row.is_me:
                    claim(session, meeting_id, row)

    def merge_speakers(self, meeting_id: MeetingId, speaker_id: int, into: int) -> None:
        """Notes that two speakers are one, `into`; the other one goes. Voices told apart anew later stay one."""
        with self._speaking(meeting_id) as session:
            one, other = _row(session, meeting_id, into), _row(session, meeting_id, speaker_id)
            if one is None or other is None or one is other:
                return
            choose_all(session, meeting_id, speaker_id, into)
            session.execute(
                update(SegmentRow).where(col(SegmentRow.speaker_id) == speaker_id).values(speaker_id=into)
            )
            one.name = one.name or other.name
            one.is_me = one.is_me or other.is_me
            if one.name:
                one.voice_id, one.certainty = None, 0.0
            rename_owners(session, meeting_id, other.name, one.name)
            session.delete(other)
            claim(session, meeting_id, one)

    def set_speaker(self, meeting_id: MeetingId, segment_ids: Iterable[int], speaker_id: int) -> None:
        """Notes who says these segments, as the person chose: what is found by voice later does not change it."""
        with self._speaking(meeting_id) as session:
            if _row(session, meeting_id, speaker_id) is None:
                return
            say(session, meeting_id, segment_ids, speaker_id)

    def choose_speaker(self, meeting_id: MeetingId, segment_ids: Iterable[int], name: str) -> None:
        """Notes that the one of this name says these segments, see `set_speaker`; a new speaker where nobody has it.

        Capitals make no difference to a name. Without segments nobody is made.
        """
        wanted, given = plain_name(name), list(segment_ids)
        if not given:
            return
        with self._speaking(meeting_id) as session:
            known = [one for one in _speaker_rows(session, meeting_id) if _same(one.name, wanted)]
            known.sort(key=lambda one: one.name != wanted)
            speaker_id = known[0].id if known else _added(session, meeting_id, name=wanted).id
            say(session, meeting_id, given, speaker_id or 0)

    def attribute(self, meeting_id: MeetingId, change: Callable[[Voices], Voices]) -> Voices:
        """Keeps what was found by voice and gives what is known then; `change` makes it of what is known before.

        No edit can come in between. `change` gives all turns, and all speakers: a new one has an id below zero, which
        turns and segments refer to; one that is left out goes, unless the person named or chose it. Its segments are
        those of the text shown: one that was split gives its id to its first part, the others have 0; minutes that
        point to it point to its parts. A segment gets the speaker that the person chose for its time, else the one
        that `change` gives it, else that of its turns (`speaker_of`) or of its channel. What was
        cut where the voice changes, and comes out as it was, keeps its id.
        """
        with self._speaking(meeting_id) as session:
            version = shown_version(session, meeting_id)
            before = segment_rows(session, version) if version else []
            found = change(_voices(session, meeting_id, segment_values(session, meeting_id, before)))
            chosen_ids = {turn.speaker_id for turn in found.turns if turn.chosen}
            ids = _put_speakers(session, meeting_id, found.speakers, chosen_ids)
            turns = [turn for turn in _named(found.turns, ids) if turn.speaker_id]
            _put_turns(session, meeting_id, turns)
            if version is not None:
                chosen = [turn for turn in turns if turn.chosen]
                earlier = {(row.channel, row.start, row.end, row.text): row.id or 0 for row in before}
                parts = [
                    replace(one, id=one.id or earlier.get((one.channel, one.start, one.end, one.text), 0))
                    for one in _named(found.segments, ids)
                ]
                spoken = _spoken(parts, chosen)
                nobodys = _spoken([one for one in spoken if not one.speaker_id], turns)
                waiting = iter(_of_channels(session, meeting_id, nobodys))
                put_segments(
                    session, version, before, [one if one.speaker_id else next(waiting) for one in spoken]
                )
            return _known(session, meeting_id)

    def voices(self, meeting_id: MeetingId) -> Voices:
        """All that is known of who speaks, as `restore_voices` takes it."""
        with self._reading() as session:
            return _known(session, meeting_id)

    def restore_voices(self, meeting_id: MeetingId, before: Voices) -> None:
        """Makes speakers, turns and owners what they were, and has each segment said by who said its time then.

        Segments that were cut where the voice changes, or joined, since then are what they were.
        """
        with self._speaking(meeting_id) as session:
            rows = {row.id: row for row in _speaker_rows(session, meeting_id)}
            for speaker_id in rows.keys() - {one.id for one in before.speakers}:
                session.delete(rows[speaker_id])
            session.flush()
            for one in before.speakers:
                row = rows.get(one.id) or SpeakerRow(id=one.id, meeting_id=meeting_id, number=one.number)
                row.name, row.number, row.colour, row.is_me = one.name, one.number, one.colour, one.is_me
                row.channel = one.channel
                _sound_like(session, row, one)
                session.add(row)
            session.flush()
            put_claims(_speaker_rows(session, meeting_id), before.claims)
            _put_turns(session, meeting_id, before.turns)
            if version := shown_version(session, meeting_id):
                said = {one.id: one.speaker_id for one in before.segments}
                stretches = [Turn(one.start, one.end, one.speaker_id, one.channel) for one in before.segments]
                rows_now = cut_again(session, version, before.segments)
                now = segment_values(session, meeting_id, rows_now)
                then = _spoken([replace(one, speaker_id=0) for one in now], stretches)
                for segment, spoken in zip(rows_now, then, strict=True):
                    segment.speaker_id = said.get(segment.id or 0, spoken.speaker_id) or None
            call(session, meeting_id, before.owners)

    @contextmanager
    def _speaking(self, meeting_id: MeetingId) -> Iterator[Session]:
        """A change of who says what, which the owners of action items follow."""
        with self._writing(meeting_id) as session:
            yield session
            join_pieces(session, meeting_id)
            fill_owners(session, meeting_id)


_Spoken = TypeVar("_Spoken", Segment, Turn)


def _named(spoken: Iterable[_Spoken], ids: Mapping[int, int]) -> list[_Spoken]:
    """Segments or turns with the ids that their speakers have now, 0 for those that are gone."""
    return [replace(one, speaker_id=ids.get(one.speaker_id, 0)) for one in spoken]


# --- what other stages do with it ----------------------------------------------------------------


def attributed(session: Session, meeting_id: MeetingId, segments: Sequence[Segment]) -> list[Segment]:
    """New segments with who says them: as chosen or found for their time, else the one voice of their channel."""
    if not segments:
        return []
    start, end = min(one.start for one in segments), max(one.end for one in segments)
    heard = _turns(session, meeting_id, col(TurnRow.start) < end, col(TurnRow.end) > start)
    return _of_channels(session, meeting_id, _spoken(segments, heard))


def _of_channels(session: Session, meeting_id: MeetingId, spoken: Sequence[Segment]) -> list[Segment]:
    """The segments, those of nobody with the one voice that their channel has."""
    channels = {one.channel: 0 for one in spoken if one.channel and not one.speaker_id}
    for channel in channels:
        channels[channel] = _of_channel(session, meeting_id, channel)
    return [
        one if one.speaker_id or not one.channel else replace(one, speaker_id=channels[one.channel])
        for one in spoken
    ]


def plain_name(name: str) -> str:
    """A name as it is kept: on one line, without blanks around it."""
    return " ".join(name.split())


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def speaker_of(segment: Segment, turns: Iterable[Turn]) -> int:
    """Who is heard for most of a segment, 0 where none of the turns of its channel touches it.

    What the person chose for half of it counts before what was found.
    """
    shares: dict[bool, dict[int, float]] = {True: {}, False: {}}
    for turn in turns:
        common = min(turn.end, segment.end) - max(turn.start, segment.start)
        if turn.channel == segment.channel and common > 0:
            of = shares[turn.chosen]
            of[turn.speaker_id] = of.get(turn.speaker_id, 0.0) + common
    if sum(shares[True].values()) < (segment.end - segment.start) / 2:
        del shares[True]
    return next((max(found, key=found.__getitem__) for found in shares.values() if found), 0)


def _spoken(segments: Sequence[Segment], turns: Sequence[Turn]) -> list[Segment]:
    """The segments, each with the speaker of its turns; one that none touches keeps its own."""
    waiting = sorted(turns, key=lambda turn: -turn.start)
    open_turns: list[Turn] = []
    found: dict[int, int] = {}
    for place, segment in sorted(enumerate(segments), key=lambda one: one[1].start):
        while waiting and waiting[-1].start < segment.end:
            open_turns.append(waiting.pop())
        open_turns = [turn for turn in open_turns if turn.end > segment.start]
        found[place] = speaker_of(segment, open_turns)
    return [
        replace(segment, speaker_id=found[place] or segment.speaker_id)
        for place, segment in enumerate(segments)
    ]


# --- rows ----------------------------------------------------------------------------------------


def _known(session: Session, meeting_id: MeetingId) -> Voices:
    version = shown_version(session, meeting_id)
    return _voices(session, meeting_id, shown_segments(session, version) if version else ())


def _voices(session: Session, meeting_id: MeetingId, segments: tuple[Segment, ...]) -> Voices:
    return Voices(
        _speakers(session, meeting_id),
        _turns(session, meeting_id),
        segments,
        called(session, meeting_id),
        claims(_speaker_rows(session, meeting_id)),
    )


def _speakers(session: Session, meeting_id: MeetingId) -> tuple[Speaker, ...]:
    rows = _speaker_rows(session, meeting_id)
    wanted = {row.voice_id for row in rows if row.voice_id}
    names = session.exec(select(VoiceRow.id, VoiceRow.name).where(col(VoiceRow.id).in_(wanted)))
    known = {voice_id or 0: name for voice_id, name in names} if wanted else {}
    return tuple(_speaker(row, known) for row in rows)


def _put_turns(session: Session, meeting_id: MeetingId, turns: Iterable[Turn]) -> None:
    session.execute(delete(TurnRow).where(col(TurnRow.meeting_id) == meeting_id))
    session.add_all(_turn_row(meeting_id, turn) for turn in turns)
    session.flush()


def _speaker_rows(session: Session, meeting_id: MeetingId) -> Sequence[SpeakerRow]:
    return session.exec(
        select(SpeakerRow).where(SpeakerRow.meeting_id == meeting_id).order_by(col(SpeakerRow.number))
    ).all()


def _turns(session: Session, meeting_id: MeetingId, *there: ColumnElement[bool]) -> tuple[Turn, ...]:
    # Their columns alone: a long meeting has thousands, and they are read for every page.
    rows = session.execute(
        sqlalchemy.select(
            col(TurnRow.start),
            col(TurnRow.end),
            col(TurnRow.speaker_id),
            col(TurnRow.channel),
            col(TurnRow.chosen),
        )
        .where(col(TurnRow.meeting_id) == meeting_id, *there)
        .order_by(col(TurnRow.start), col(TurnRow.id))
    )
    return tuple(
        Turn(start, end, speaker_id, channel=Channel(channel) if channel else None, chosen=chosen)
        for start, end, speaker_id, channel, chosen in rows
    )


def _row(session: Session, meeting_id: MeetingId, speaker_id: int) -> SpeakerRow | None:
    row = session.get(SpeakerRow, speaker_id)
    return row if row and row.meeting_id == meeting_id else None


def _added(session: Session, meeting_id: MeetingId, **fields: Any) -> SpeakerRow:
    """A new speaker with the next number. Who stands for a channel has its colour, anybody else the first one free."""
    rows = _speaker_rows(session, meeting_id)
    meeting, channel = session.get(MeetingRow, meeting_id), fields.get("channel")
    # The sides of a talk have their colours before anybody is heard in them.
    sides = meeting.channels if meeting and len(meeting.channels) > 1 else ()
    taken = {row.colour for row in rows} | {Channel(one).place for one in sides if one != channel}
    place = channel.place if channel else 0
    colour = next(one for one in itertools.count(place) if one not in taken)
    number = max((row.number for row in rows), default=0) + 1
    row = SpeakerRow(meeting_id=meeting_id, number=number, colour=colour, **fields)
    session.add(row)
    session.flush()
    return row


def _of_channel(session: Session, meeting_id: MeetingId, channel: Channel) -> int:
    """The speaker that stands for a channel, made where there is none.

    The person at this machine goes by the name that was given last to who that is.
    """
    known = session.exec(
        select(SpeakerRow.id).where(SpeakerRow.meeting_id == meeting_id, SpeakerRow.channel == channel)
    ).first()
    if known:
        return known
    is_me = channel is Channel.MICROPHONE
    name = name_of_me(session) if is_me else ""
    return _added(session, meeting_id, name=name, is_me=is_me, channel=channel).id or 0


def name_of_me(session: Session) -> str:
    """The name that was given last to the person at this machine, '' where nobody gave one."""
    named = select(SpeakerRow.name).where(col(SpeakerRow.is_me).is_(True), SpeakerRow.name != "")
    return session.exec(named.order_by(col(SpeakerRow.id).desc())).first() or ""


def _put_speakers(
    session: Session, meeting_id: MeetingId, speakers: Iterable[Speaker], chosen: Collection[int]
) -> dict[int, int]:
    """Has the meeting have these speakers; the ids that they have now by those that they came with.

    Those that are `chosen`, or of whom the person said who they are, stay.
    """
    given = list(speakers)
    ids = {one.id: one.id for one in given}
    for row in _speaker_rows(session, meeting_id):
        if row.id in ids:
            continue
        if row.name or row.claims or row.channel or row.id in chosen:
            ids[row.id or 0] = row.id or 0
        else:
            session.delete(row)
    session.flush()
    for one in given:
        if known := _row(session, meeting_id, one.id):
            known.name, known.colour, known.is_me = one.name, one.colour, one.is_me
            _sound_like(session, known, one)
        else:
            fields = {"name": one.name, "is_me": one.is_me, "channel": one.channel}
            new = _added(session, meeting_id, **fields)
            _sound_like(session, new, one)
            ids[one.id] = new.id or 0
    return ids


def _sound_like(session: Session, row: SpeakerRow, speaker: Speaker) -> None:
    """Notes whom a speaker sounds like, nobody where that voice was forgotten meanwhile."""
    known = bool(speaker.voice_id) and session.get(VoiceRow, speaker.voice_id) is not None
    row.voice_id, row.certainty = (speaker.voice_id, speaker.certainty) if known else (None, 0.0)


def _speaker(row: SpeakerRow, voices: Mapping[int, str]) -> Speaker:
    return Speaker(
        id=row.id or 0,
        number=row.number,
        name=row.name,
        colour=row.colour,
        is_me=row.is_me,
        channel=Channel(row.channel) if row.channel else None,
        voice_id=row.voice_id or 0,
        suggested=voices.get(row.voice_id or 0, ""),
        certainty=row.certainty,
    )


def _turn_row(meeting_id: MeetingId, turn: Turn) -> TurnRow:
    return TurnRow(
        meeting_id=meeting_id,
        speaker_id=turn.speaker_id,
        channel=turn.channel,
        start=turn.start,
        end=turn.end,
        chosen=turn.chosen,
    )
