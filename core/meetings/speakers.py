"""Separate: who said what, found by voice; what the person named, chose or merged stays through every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from core import power
from core.audio import media
from core.meetings.library import Library, asked, stage_of
from core.meetings.pace import Pace
from core.values import (
    Channel,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Progress,
    Segment,
    Speaker,
    SpeakerOptions,
    Stage,
    Turn,
    Voices,
)

if TYPE_CHECKING:
    from core.speech import Separated, Separator

STEP = 5.0
"""Seconds of sound after which progress is told."""

MOSTLY = 0.5
"""Share of a voice that the person gave to one speaker, from which on it is that one's voice."""

SAME = 1 / 3
"""Share of the shorter of two that they have in common, from which on a voice is taken for an earlier one."""


def separate(
    library: Library, meeting_id: MeetingId, options: SpeakerOptions | None = None
) -> Job[tuple[Speaker, ...]]:
    """Tells the voices of a meeting apart and gives its text to them, segments cut where the voice changes.

    Of a recording of two sources only *the others* are told apart. A voice that was known before keeps its speaker;
    what the person chose stays. `options` None: those that were asked for, else what the person said about the
    meeting. Returns its speakers. Raises `SpeakerModelDamaged`, `Unreadable`, `NothingToTranscribe`, `MeetingBusy` or
    a `StorageProblem`; text, speakers and minutes then stay as they were.
    """
    meeting = library.store.meeting(meeting_id)
    wanted = options or asked(meeting, SpeakerOptions) or library.speaker_options(meeting_id)
    channel = separated_channel(meeting)
    # The person at this machine is counted too, but has a channel of their own.
    count = max(1, wanted.count - 1) if channel and wanted.count else wanted.count
    with stage_of(library, meeting, Stage.SEPARATE):
        with power.awake():
            found = yield from _heard(library, meeting)
        separated = found.separated(count or None)
        known = library.store.attribute(meeting_id, partial(told_apart, found=separated, channel=channel))
        library.store.finish(meeting_id, Stage.SEPARATE, wanted)
    yield MeetingChanged(meeting_id)
    return known.speakers


def separated_channel(meeting: Meeting) -> Channel | None:
    """The channel in which there may be several voices, None where the sound is one mix."""
    return Channel.SYSTEM if len(meeting.channels) > 1 else None


def _heard(library: Library, meeting: Meeting) -> Job[Separator]:
    """What there is to hear of the meeting's voices."""
    from core.speech import Separator

    path = library.audio_of(meeting)
    separator, pace = Separator(), Pace(0.0, meeting.duration)

    def hearing() -> Job[Separator]:
        told = reached = 0.0
        yield Progress(Stage.SEPARATE, 0.0)
        with closing(media.blocks(path, channels=max(1, len(meeting.channels)))) as sound:
            for block in sound:
                one = block.reshape(len(block), -1)
                place = meeting.channels.index(Channel.SYSTEM) if one.shape[1] > 1 else 0
                separator.hear(np.ascontiguousarray(one[:, place]))
                seconds = len(block) / media.SAMPLE_RATE
                reached += seconds
                pace.heard(seconds)
                if reached - told >= STEP:
                    told = reached
                    share = reached / meeting.duration if meeting.duration > 0 else 0.0
                    yield Progress(Stage.SEPARATE, min(1.0, share), pace.seconds_left(reached))
        separator.end()
        return separator

    return (yield from pace.timed(hearing()))


# --- whose voice it is ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: float
    end: float
    who: int


def told_apart(known: Voices, *, found: Separated, channel: Channel | None) -> Voices:
    """What is known of a meeting's voices once those `found` in one channel, or in the mix, are taken in."""
    chosen = [_stretch(turn) for turn in known.turns if turn.chosen and turn.channel == channel]
    heard = [_Stretch(turn.start, turn.end, turn.voice) for turn in found.turns]
    whose = _whose(known, heard, chosen, channel, len(found.prints))
    stay = {one.id for one in known.speakers} & set(whose)
    new = tuple(Speaker(one, 0) for one in sorted(whose, reverse=True) if one < 0)
    turns = [Turn(one.start, one.end, whose[one.who], channel) for one in heard]
    return Voices(
        speakers=tuple(one for one in known.speakers if one.id in stay) + new,
        turns=tuple(turns),
        segments=tuple(_cut(known.segments, turns, chosen, channel)),
    )


def cut_anew(known: Voices) -> Voices:
    """The same with the segments cut and given to the turns that are known already, as for text that is new."""
    segments = known.segments
    for channel in {turn.channel for turn in known.turns}:
        turns = [turn for turn in known.turns if turn.channel == channel]
        chosen = [_stretch(turn) for turn in turns if turn.chosen]
        segments = tuple(_cut(segments, [turn for turn in turns if not turn.chosen], chosen, channel))
    return replace(known, segments=segments)


def _cut(
    segments: Sequence[Segment], turns: Sequence[Turn], chosen: Sequence[_Stretch], channel: Channel | None
) -> Iterator[Segment]:
    """The segments, those of `channel` cut where the speaker changes, each with its speaker, 0 for nobody."""
    from core.speech import VoiceTurn, attributed

    stretches = [*_without(map(_stretch, turns), chosen), *chosen]
    # Speakers that are new have ids below zero, which `attributed` keeps for nobody.
    whose = sorted({one.who for one in stretches})
    voices = [
        VoiceTurn(one.start, one.end, whose.index(one.who))
        for one in sorted(stretches, key=lambda one: one.start)
    ]
    yield from (one for one in segments if one.channel != channel)
    for segment, voice in attributed([one for one in segments if one.channel == channel], voices):
        yield replace(segment, speaker_id=whose[voice] if voice >= 0 else 0)


def _stretch(one: Turn | Segment) -> _Stretch:
    return _Stretch(one.start, one.end, one.speaker_id)


def _without(stretches: Iterable[_Stretch], others: Sequence[_Stretch]) -> Iterator[_Stretch]:
    """What is left of the stretches outside the others."""
    by_time = sorted(others, key=lambda other: other.start)
    for one in stretches:
        start = one.start
        for other in by_time:
            if other.end <= start or other.start >= one.end:
                continue
            if other.start > start:
                yield replace(one, start=start, end=other.start)
            start = max(start, other.end)
        if start < one.end:
            yield replace(one, start=start)


def _whose(
    known: Voices,
    heard: Sequence[_Stretch],
    chosen: Sequence[_Stretch],
    channel: Channel | None,
    count: int,
) -> list[int]:
    """The speaker of each voice: one that was known, or a new one with an id below zero."""
    found = [-1 - voice for voice in range(count)]
    seconds = _seconds(heard)
    for (voice, speaker), common in _in_common(heard, chosen).items():
        if common > MOSTLY * seconds[voice]:
            found[voice] = speaker
    before = _before(known, channel, count)
    lengths = _seconds(before)
    pairs = sorted(_in_common(heard, before).items(), key=lambda pair: -pair[1])
    taken: set[int] = set()
    for (voice, speaker), common in pairs:
        enough = common >= SAME * min(seconds[voice], lengths[speaker])
        if found[voice] < 0 and speaker not in taken and enough:
            found[voice] = speaker
            taken.add(speaker)
    return found


def _before(known: Voices, channel: Channel | None, count: int) -> list[_Stretch]:
    """Who was heard when, as it was found before.

    Where voices were never told apart, that is who each segment was given to. A channel's own speaker is all that is
    heard there, so it is one of several voices only where the person gave it a name.
    """
    names = {one.id: one for one in known.speakers}
    turns = [turn for turn in known.turns if not turn.chosen and turn.channel == channel]
    before = [*map(_stretch, turns)] or [
        _stretch(one) for one in known.segments if one.channel == channel and one.speaker_id
    ]
    return [
        one
        for one in before
        if (speaker := names.get(one.who)) and (count == 1 or speaker.name or not speaker.channel)
    ]


def _seconds(stretches: Iterable[_Stretch]) -> dict[int, float]:
    found: dict[int, float] = defaultdict(float)
    for one in stretches:
        found[one.who] += one.end - one.start
    return found


def _in_common(some: Sequence[_Stretch], others: Sequence[_Stretch]) -> dict[tuple[int, int], float]:
    """For how many seconds each of the ones is heard at the same time as each of the others."""
    found: dict[tuple[int, int], float] = defaultdict(float)
    waiting = sorted(others, key=lambda one: -one.start)
    near: list[_Stretch] = []
    for one in sorted(some, key=lambda one: one.start):
        while waiting and waiting[-1].start < one.end:
            near.append(waiting.pop())
        near = [other for other in near if other.end > one.start]
        for other in near:
            common = min(one.end, other.end) - max(one.start, other.start)
            if common > 0:
                found[one.who, other.who] += common
    return found
