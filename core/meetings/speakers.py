"""Separate: who said what, found by voice; what the person named, chose or merged stays through every run."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import structlog
from numpy.typing import NDArray

from core import editing, errors, messages, power
from core.audio import media
from core.meetings.library import Library, asked, held, stage_of
from core.meetings.pace import Pace
from core.meetings.turns import channel_of, said_by, split, told_apart
from core.meetings.voices import channel_sound, hear_speaker, recognised
from core.values import (
    SIDES,
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
    heard_apart,
)

if TYPE_CHECKING:
    from core.meetings.hearing import Sound
    from core.speech import Separated, Separator

Samples = NDArray[np.float32]

STEP = 5.0
"""Seconds of sound after which progress is told."""

FIRST_LOOK = 45.0
"""Seconds of a recording after which its voices are told apart for the first time, and between two times at least."""

LATER_LOOKS = 0.25
"""By which share of itself it grows between two times: what is found changes less and costs more."""

MORE_VOICES = 4
"""Voices that are looked for at most beyond the number of people, where the person gave several to one of them."""

_Result = TypeVar("_Result")
_log = structlog.get_logger("meetings")


def separate(
    library: Library, meeting_id: MeetingId, options: SpeakerOptions | None = None
) -> Job[tuple[Speaker, ...]]:
    """Tells the voices of a meeting apart and gives its text to them, segments cut where the voice changes.

    Of a recording of two sources only *the others* are told apart, each side of an imported talk by itself. A voice
    that was known before keeps its speaker; what the person chose stays. `options` None: those that were asked for,
    else what the person said about the meeting. Returns its speakers. Raises `SpeakerModelDamaged`, `Unreadable`,
    `NothingToTranscribe`, `MeetingBusy` or a `StorageProblem`; text, speakers and minutes then stay as they were.
    """
    meeting = library.store.meeting(meeting_id)
    wanted = options or asked(meeting, SpeakerOptions) or library.speaker_options(meeting_id)
    with stage_of(library, meeting, Stage.SEPARATE):
        with power.awake():
            heard = yield from _heard(library, meeting)
        for channel, separator in heard.items():
            separated = _separated(library, meeting, separator, wanted.count, channel)
            like = recognised(library, separated)
            change = partial(told_apart, found=separated, channel=channel, sounds_like=like)
            library.store.attribute(meeting_id, change)
        library.store.finish(meeting_id, Stage.SEPARATE, wanted)
    yield MeetingChanged(meeting_id)
    return library.store.speakers(meeting_id)


def name_speaker(library: Library, meeting_id: MeetingId, speaker_id: int, name: str) -> None:
    """Gives a speaker a name, or with '' takes it away.

    Raises `SpeakerNameTaken` where another one of the meeting has it.
    """
    wanted = " ".join(name.split())
    for one in library.store.speakers(meeting_id):
        if wanted and one.id != speaker_id and one.name.casefold() == wanted.casefold():
            raise errors.SpeakerNameTaken(one.name)
    library.store.rename_speaker(meeting_id, speaker_id, wanted)


def split_speaker(library: Library, meeting_id: MeetingId, speaker_id: int) -> Job[Speaker]:
    """Makes two speakers of one who is two people by voice; the one who says less is the new one, and returned.

    Later runs leave it so. Raises `OneVoiceOnly` where there is no second voice, else as `separate`.
    """
    from core.speech import are_two

    meeting = library.store.meeting(meeting_id)
    with held(library, meeting, Stage.SEPARATE):
        known = library.store.voices(meeting_id)
        speaker = next((one for one in known.speakers if one.id == speaker_id), None)
        if speaker is None:
            raise errors.SpeakerUnknown(str(speaker_id))
        channel = channel_of(known, speaker_id)
        heard = yield from hear_speaker(library, meeting, channel, said_by(known, speaker_id), 2)
        other = heard.turns_of(1)
        if not (other and are_two(heard.found.prints, heard.found.seconds)):
            raise errors.OneVoiceOnly(messages.speaker_label(speaker))
        change = partial(split, other=other, channel=channel)
        after = library.store.attribute(meeting_id, change)
    yield MeetingChanged(meeting_id)
    return max(after.speakers, key=lambda one: one.id)


def said_between(library: Library, meeting_id: MeetingId, start: float, end: float) -> tuple[int, ...]:
    """The ids of the segments said from one second to another; those that go on outside are cut between two words."""
    for second in (start, end):
        crossing = [one for one in _segments(library, meeting_id) if one.start < second < one.end]
        for segment in crossing:
            if len(editing.split_at(segment, second)) > 1:
                library.store.change_segments(
                    meeting_id,
                    [segment.id],
                    lambda found, second=second: editing.split_at(found[0], second),  # type: ignore[misc]
                )
    inside = (one for one in _segments(library, meeting_id) if start <= (one.start + one.end) / 2 <= end)
    return tuple(one.id for one in inside)


def _segments(library: Library, meeting_id: MeetingId) -> tuple[Segment, ...]:
    transcript = library.store.transcript(meeting_id)
    return transcript.segments if transcript else ()


def wanted_voices(people: int, channel: Channel | None) -> int | None:
    """How many voices are heard in a channel of a meeting of so many people, None where their number is not known.

    The person at this machine is one of them, but has a channel of their own. Of two sides nobody knows who has more.
    """
    if not people:
        return None
    if channel in SIDES["apart"]:
        return 1 if people <= len(SIDES["apart"]) else None
    return max(1, people - 1) if channel else people


def separated_channels(meeting: Meeting) -> tuple[Channel | None, ...]:
    """The channels in which there may be several voices, None where the sound is one mix."""
    return tuple(one for one in heard_apart(meeting.channels) if one is not Channel.MICROPHONE)


def _separated(
    library: Library, meeting: Meeting, heard: Separator, people: int, channel: Channel | None
) -> Separated:
    """The voices of so many people in a channel, 0 where their number is not known.

    Where the person gave two voices to one speaker, there are more voices than people.
    """
    wanted = wanted_voices(people, channel)
    found = heard.separated(wanted)
    known = library.store.voices(meeting.id)
    if wanted is None or not any(turn.chosen for turn in known.turns):
        return found
    for voices in range(wanted, wanted + MORE_VOICES):
        told = told_apart(known, found=found, channel=channel)
        speakers = {turn.speaker_id for turn in told.turns if turn.channel == channel}
        if len(speakers) >= wanted or len(found.prints) < voices:
            break
        found = heard.separated(voices + 1)
    return found


def _heard(library: Library, meeting: Meeting) -> Job[dict[Channel | None, Separator]]:
    """What there is to hear of the meeting's voices, channel by channel."""
    from core.speech import Separator

    path = library.audio_of(meeting)
    separators = {channel: Separator() for channel in separated_channels(meeting)}
    pace = Pace(0.0, meeting.duration)

    def hearing() -> Job[dict[Channel | None, Separator]]:
        told = reached = 0.0
        yield Progress(Stage.SEPARATE, 0.0)
        with closing(media.blocks(path, channels=max(1, len(meeting.channels)))) as sound:
            for block in sound:
                for channel, separator in separators.items():
                    separator.hear(channel_sound(block, meeting, channel))
                seconds = len(block) / media.SAMPLE_RATE
                reached += seconds
                pace.heard(seconds)
                if reached - told >= STEP:
                    told = reached
                    share = reached / meeting.duration if meeting.duration > 0 else 0.0
                    yield Progress(Stage.SEPARATE, min(1.0, share), pace.seconds_left(reached))
        for separator in separators.values():
            separator.end()
        return separators

    return (yield from pace.timed(hearing()))


# --- while it is recorded --------------------------------------------------------------------------


class LiveVoices:
    """Tells the voices of a running recording apart, coarsely: what is found is replaced when it has ended.

    Nothing that goes wrong here ends the transcription that it goes along with.
    """

    def __init__(self, library: Library, meeting: Meeting) -> None:
        self._library = library
        self._meeting = meeting
        (self._channel,) = separated_channels(meeting)
        self._separator: Separator | None = None
        self._due = FIRST_LOOK
        self._wanted = library.settings.tell_voices_apart
        self._changed = False

    def overhear(self, sound: Sound) -> Sound:
        """The same sound, from the beginning of the meeting on, heard on its way."""
        with closing(sound):
            while True:
                try:
                    block = next(sound)
                except StopIteration as end:
                    ended: tuple[float, float] = end.value
                    return ended
                if self._wanted and len(block):
                    self._hear(channel_sound(block, self._meeting, self._channel))
                yield block

    def told(self, job: Job[_Result]) -> Job[_Result]:
        """The events of a job, and that the meeting changed where its speakers did."""
        with closing(job):
            while True:
                try:
                    event = next(job)
                except StopIteration as end:
                    result: _Result = end.value
                    return result
                yield event
                if self._changed:
                    self._changed = False
                    yield MeetingChanged(self._meeting.id)

    def _hear(self, block: Samples) -> None:
        from core.speech import Separator

        try:
            if self._separator is None:
                self._separator = Separator()
            self._separator.hear(block)
            if self._separator.reached >= self._due:
                self._due = self._separator.reached + max(FIRST_LOOK, LATER_LOOKS * self._separator.reached)
                self._tell(self._separator)
        except Exception:  # noqa: BLE001  the text of a recording is worth more than who says it
            self._wanted = False
            _log.exception("voices of a recording could not be told apart")

    def _tell(self, separator: Separator) -> None:
        count = self._library.speaker_options(self._meeting.id).count
        found = _separated(self._library, self._meeting, separator, count, self._channel)
        change = partial(told_apart, found=found, channel=self._channel)
        self._library.store.attribute(self._meeting.id, change)
        self._changed = True
