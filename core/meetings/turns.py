"""Whose turn it is: what was found by voice is taken into what is known of a meeting's speakers, and text cut by it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core import editing
from core.spans import Stretch, in_common, seconds_of, without
from core.values import Channel, Segment, Speaker, Talk, Turn, Voices

if TYPE_CHECKING:
    from core.speech import Separated

MOSTLY = 0.5
"""Share of a voice that the person gave to one speaker, from which on it is that one's voice."""

SAME = 1 / 3
"""Share of the shorter of two that they have in common, from which on a voice is taken for an earlier one."""

SAMPLE_SECONDS = 5.0
"""Seconds in which a person knows a voice."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """That a voice sounds like a `KnownVoice`, with a certainty from 0 to 1."""

    voice_id: int
    certainty: float


def told_apart(
    known: Voices, *, found: Separated, channel: Channel | None, sounds_like: Sequence[Likeness | None] = ()
) -> Voices:
    """What is known of a meeting's voices once those `found` in one channel, or in the mix, are taken in.

    `sounds_like` is the known voice that each of them is like.
    """
    chosen = [stretch_of(turn) for turn in known.turns if turn.chosen and turn.channel == channel]
    heard = [Stretch(turn.start, turn.end, turn.voice) for turn in found.turns]
    whose = _whose(known, heard, chosen, channel, len(found.prints))
    new = [Speaker(one, 0) for one in sorted(whose, reverse=True) if one < 0]
    like = {whose[voice]: one for voice, one in enumerate(sounds_like) if one}
    turns = [Turn(one.start, one.end, whose[one.who], channel) for one in heard]
    stay = [turn for turn in known.turns if turn.chosen or turn.channel != channel]
    heard_still = {*whose, *(turn.speaker_id for turn in stay)}
    speakers = [one for one in known.speakers if one.id in heard_still] + new
    return Voices(
        speakers=tuple(_suggested(one, like.get(one.id)) for one in speakers),
        turns=(*stay, *turns),
        segments=tuple(_cut(known.segments, turns, chosen, channel)),
    )


def _suggested(speaker: Speaker, like: Likeness | None) -> Speaker:
    """The speaker with whom it sounds like now, unless its name is known or the person said that it is not that one."""
    if speaker.name or speaker.is_me:
        return replace(speaker, voice_id=0, certainty=0.0)
    refused = speaker.voice_id if not speaker.certainty else 0
    if like is None or like.voice_id == refused:
        return replace(speaker, voice_id=refused, certainty=0.0)
    return replace(speaker, voice_id=like.voice_id, certainty=like.certainty)


def cut_anew(known: Voices) -> Voices:
    """The same with the segments cut and given to the turns that are known already, as for text that is new."""
    segments = known.segments
    for channel in {turn.channel for turn in known.turns}:
        turns = [turn for turn in known.turns if turn.channel == channel]
        chosen = [stretch_of(turn) for turn in turns if turn.chosen]
        segments = tuple(_cut(segments, [turn for turn in turns if not turn.chosen], chosen, channel))
    return replace(known, segments=segments)


def _cut(
    segments: Sequence[Segment], turns: Sequence[Turn], chosen: Sequence[Stretch], channel: Channel | None
) -> Iterator[Segment]:
    """The segments, those of `channel` cut where the speaker changes, each with its speaker, 0 for nobody."""
    from core.speech import VoiceTurn, attributed

    stretches = [*without(map(stretch_of, turns), chosen), *chosen]
    # Speakers that are new have ids below zero, which `attributed` keeps for nobody.
    whose = sorted({one.who for one in stretches})
    voices = [
        VoiceTurn(one.start, one.end, whose.index(one.who))
        for one in sorted(stretches, key=lambda one: one.start)
    ]
    # What a run before this one cut is cut anew, but for what the person gave to somebody.
    moved = {(one.start, one.end) for one in chosen}
    spoken = editing.pieces(
        [one for one in segments if one.channel == channel],
        lambda *both: moved.isdisjoint((one.start, one.end) for one in both),
    )
    yield from (one for one in segments if one.channel != channel)
    for segment, voice in attributed(list(map(editing.whole, spoken)), voices):
        yield replace(segment, speaker_id=whose[voice] if voice >= 0 else 0)


def stretch_of(one: Turn | Segment) -> Stretch:
    """When a speaker is heard in a turn or a segment."""
    return Stretch(one.start, one.end, one.speaker_id)


def _whose(
    known: Voices,
    heard: Sequence[Stretch],
    chosen: Sequence[Stretch],
    channel: Channel | None,
    count: int,
) -> list[int]:
    """The speaker of each voice: one that was known, or a new one with an id below zero."""
    found = [-1 - voice for voice in range(count)]
    seconds = seconds_of(heard)
    for (voice, speaker), common in in_common(heard, chosen).items():
        if common > MOSTLY * seconds[voice]:
            found[voice] = speaker
    claimed = [stretch_of(one) for one in known.claims if one.channel == channel]
    before = _before(known, chosen, claimed, channel, count)
    lengths = seconds_of(before)
    known_by = _nearest([one for one in heard if found[one.who] < 0], claimed)
    pairs = sorted(in_common(heard, before).items(), key=lambda pair: -pair[1])
    taken: set[int] = set()
    for (voice, speaker), common in pairs:
        enough = common >= SAME * min(seconds[voice], lengths[speaker])
        meant = known_by.get(speaker, voice) == voice
        if found[voice] < 0 and speaker not in taken and meant and enough:
            found[voice] = speaker
            taken.add(speaker)
    return found


def _nearest(heard: Sequence[Stretch], claimed: Sequence[Stretch]) -> dict[int, int]:
    """The voice in which most is heard of what each speaker is known for; -1 where nothing of it is.

    One who took in another voice in a run with a smaller number is not known by that one's time.
    """
    found = dict.fromkeys((one.who for one in claimed), -1)
    for (voice, speaker), _common in sorted(in_common(heard, claimed).items(), key=lambda pair: pair[1]):
        found[speaker] = voice
    return found


def _before(
    known: Voices,
    chosen: Sequence[Stretch],
    claimed: Sequence[Stretch],
    channel: Channel | None,
    count: int,
) -> list[Stretch]:
    """Who was heard when: as the person chose, else as they said who that is, else as it was found last.

    A voice that was named keeps its time where a run with a smaller number gave that to another one. Where voices were
    never told apart, what was found is who each segment was given to. A channel's own speaker is all that is heard
    there, so it is one of several voices only where the person gave it a name.
    """
    one_of_them = {one.id for one in known.speakers if count == 1 or one.name or not one.channel}
    turns = [turn for turn in known.turns if not turn.chosen and turn.channel == channel]
    found = [*map(stretch_of, turns)] or [stretch_of(one) for one in known.segments if one.channel == channel]
    told = [*chosen, *without(claimed, chosen)]
    return [one for one in (*told, *without(found, told)) if one.who in one_of_them]


# --- what one speaker says ------------------------------------------------------------------------


def channel_of(known: Voices, speaker_id: int) -> Channel | None:
    """The channel in which a speaker is heard for the longest."""
    heard = [(channel, said) for channel, said in _heard(known).items()]
    longest = max(heard, key=lambda one: seconds_of(one[1]).get(speaker_id, 0.0), default=(None, []))
    return longest[0]


def said_by(known: Voices, speaker_id: int) -> list[Stretch]:
    """When a speaker is heard in that channel, by time: their turns and segments as one."""
    heard = _heard(known).get(channel_of(known, speaker_id), [])
    return [one for one in heard if one.who == speaker_id]


def alone(known: Voices, speaker_id: int) -> list[Stretch]:
    """When nobody else is heard there at the same time."""
    return _alone(_heard(known).get(channel_of(known, speaker_id), []), speaker_id)


def talk(known: Voices, remembered: Collection[str] = ()) -> tuple[Talk, ...]:
    """How long each speaker is heard, the longest first; `remembered` are the names of known voices.

    A channel's speaker whose voices are told apart, and who says nothing any more, is left out.
    """
    heard, names = _heard(known), {name.casefold() for name in remembered}
    found: list[Talk] = []
    for speaker in known.speakers:
        theirs = [said for said in heard.values() if any(one.who == speaker.id for one in said)]
        seconds = sum(seconds_of(said)[speaker.id] for said in theirs)
        sample = next(filter(None, (_sample(said, speaker.id) for said in theirs)), None)
        is_known = bool(speaker.name) and speaker.name.casefold() in names
        if speaker.name or seconds:
            found.append(Talk(speaker, seconds, sample, remembered=is_known))
    return tuple(sorted(found, key=lambda one: (-one.seconds, one.speaker.number)))


def split(known: Voices, *, other: Sequence[Stretch], channel: Channel | None) -> Voices:
    """What is known once these stretches are said by somebody new, as the person wants it."""
    new = [Turn(one.start, one.end, -1, channel, chosen=True) for one in other]
    left = [
        replace(turn, start=part.start, end=part.end)
        for turn in known.turns
        if turn.channel == channel
        for part in without([stretch_of(turn)], other)
    ]
    elsewhere = [turn for turn in known.turns if turn.channel != channel]
    turns = tuple(sorted((*elsewhere, *left, *new), key=lambda turn: turn.start))
    return cut_anew(replace(known, speakers=(*known.speakers, Speaker(-1, 0)), turns=turns))


def _heard(known: Voices) -> dict[Channel | None, list[Stretch]]:
    """Who is heard when in each channel, by time: turns as chosen, else as found; without any found, the segments."""
    found: dict[Channel | None, list[Stretch]] = {}
    said: list[Turn | Segment] = [*known.turns, *known.segments]
    for channel in dict.fromkeys(one.channel for one in said):
        turns = [turn for turn in known.turns if turn.channel == channel]
        chosen = [stretch_of(turn) for turn in turns if turn.chosen]
        by_voice = [stretch_of(turn) for turn in turns if not turn.chosen] or [
            stretch_of(one) for one in known.segments if one.channel == channel and one.speaker_id
        ]
        found[channel] = sorted((*without(by_voice, chosen), *chosen), key=lambda one: one.start)
    return found


def _alone(heard: Sequence[Stretch], who: int) -> list[Stretch]:
    others = [one for one in heard if one.who != who]
    return list(without((one for one in heard if one.who == who), others))


def _sample(heard: Sequence[Stretch], who: int) -> tuple[float, float] | None:
    """Where some seconds of a speaker can be heard, as (start, end) in the meeting; None where nothing is."""
    stretches = _alone(heard, who) or [one for one in heard if one.who == who]
    best = max(stretches, key=lambda one: min(one.end - one.start, SAMPLE_SECONDS), default=None)
    return (best.start, min(best.end, best.start + SAMPLE_SECONDS)) if best else None
