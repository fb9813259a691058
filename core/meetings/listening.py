"""Listening to a meeting, the shape of its sound, and a first look at the microphone."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from core import errors, paths
from core.meetings.library import Library
from core.values import Channel, Job, MeetingId, Recording

if TYPE_CHECKING:
    from core.audio.playback import Playback

LOOKS_A_SECOND = 20


def playback(library: Library, meeting_id: MeetingId) -> Playback:
    """The meeting to be played, from where the person stopped listening.

    Raises `MeetingUnknown`, or `NothingToTranscribe` where it has no sound.
    """
    from core.audio.playback import Playback

    meeting = library.store.meeting(meeting_id)
    return Playback(library.audio_of(meeting), meeting.duration, meeting.listened)


def waveform(library: Library, meeting_id: MeetingId) -> Job[bytes]:
    """The meeting's peaks; tells `Peaks` as they come.

    Raises `MeetingUnknown`, `NothingToTranscribe` or an `Unreadable`.
    """
    from core.audio import waveform

    meeting = library.store.meeting(meeting_id)
    return (yield from waveform.peaks(library.audio_of(meeting)))


def try_microphone(microphone: str, seconds: float) -> Job[None]:
    """Hears this microphone ('' the default one) for so long, tells its level as `Recording`, and keeps nothing.

    Raises a `SoundProblem`, `StorageProblem` or `RecorderDied`.
    """
    from core.audio import ogg
    from core.audio.recorder import Recorder

    with tempfile.TemporaryDirectory(prefix=f"{paths.PROGRAM}-") as folder:
        path = Path(folder) / f"heard{ogg.SUFFIX}"
        recorder = Recorder.start(path, Path(folder) / "lock", (Channel.MICROPHONE,), microphone=microphone)
        try:
            state = recorder.state()
            until = state.elapsed + seconds
            while state.elapsed < until and not state.ended:
                time.sleep(1 / LOOKS_A_SECOND)
                state = recorder.state()
                yield Recording(MeetingId(""), state.elapsed, 0.0, state.sources)
        finally:
            state = recorder.stop()
    if state.problem:
        raise errors.from_failure(state.problem)
