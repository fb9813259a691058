"""The text of a recording while it grows: a real file, a real lock and the real engine, but no sound card."""

from __future__ import annotations

import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from core import errors, locks, meetings, paths, speech
from core.audio import media, recording
from core.meetings import Library, echoes, hearing, speakers, transcripts
from core.meetings.echoes import OwnText
from core.meetings.recordings import close_recording
from core.settings import Settings
from core.speech import Batch, listener, networks
from core.values import (
    Channel,
    Event,
    Job,
    LiveText,
    MeetingChanged,
    MeetingId,
    Segment,
    SegmentsAdded,
    Source,
    Stage,
    Transcript,
    TranscriptOptions,
    Word,
)
from tests.benchmarks.word_error_rate import transcribe, word_errors, words
from tests.conftest import finished

Samples = NDArray[np.float32]
RATE = media.SAMPLE_RATE
CUTS = (0.0, 10.3, 13.5, 19.0, 26.5)
"""Seconds of the sample meeting between two sentences, where a pause of a second is put in."""
SECONDS = CUTS[-1] + len(CUTS) - 1
HALF = 15
"""A second in one of these pauses."""
PIECE = 0.75
"""Seconds by which a recording grows at once."""


@pytest.fixture(scope="module")
def sound() -> Samples:
    meeting = np.concatenate(list(media.blocks(paths.SAMPLE)))
    pause = np.zeros(RATE, dtype=np.float32)
    sentences = [meeting[round(begin * RATE) : round(end * RATE)] for begin, end in itertools.pairwise(CUTS)]
    return np.concatenate([part for sentence in sentences for part in (sentence, pause)])


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sound comes faster than in real life, so it is looked at more often, however slow this machine is."""
    monkeypatch.setattr(hearing, "LOOK", 0.01)
    monkeypatch.setattr(transcripts, "CHECK", 0.05)
    monkeypatch.setattr(listener, "INTERIM_EVERY", 2.5)
    monkeypatch.setattr(listener, "INTERIM_COSTS", 0.0)


class Tape:
    """A recording that is being made: it grows when told to, and holds its lock until it ends."""

    def __init__(self, library: Library, channels: Sequence[Channel] = (Channel.MICROPHONE,)) -> None:
        self.library = library
        self.id = MeetingId("live")
        self.path = library.places.audio / "live.ogg"
        self._width = len(channels)
        self._begin(append=False)
        library.store.add_meeting(
            "Live",
            datetime.now(UTC),
            Source.RECORDING,
            audio=self.path.name,
            recording_open=True,
            channels=channels,
            meeting_id=self.id,
        )

    def _begin(self, *, append: bool) -> None:
        lock = locks.take(locks.path_of(self.library.places.locks, self.id, Stage.RECORD))
        assert lock
        self._lock = lock
        self._writer = recording.RecordingWriter(self.path, self._width, RATE, append=append)

    def write(self, sound: Samples) -> None:
        self._writer.write(sound.reshape(-1, self._width).copy())

    def end(self) -> None:
        self._writer.close()
        self._lock.release()
        close_recording(self.library, self.id, self.path)

    def go_on(self) -> None:
        self._begin(append=True)
        self.library.store.reopen_recording(self.id)

    def leave(self) -> None:
        """Its recorder and who started that are killed."""
        self._writer.close()
        self._lock.release()


def pieces(sound: Samples) -> Iterator[Samples]:
    for begin in range(0, len(sound), round(PIECE * RATE)):
        yield sound[begin : begin + round(PIECE * RATE)]


def follow(job: Job[Transcript], tape: Tape, sound: Samples) -> list[Event]:
    """What the job tells while `sound` is recorded, as fast as it hears it."""
    told: list[Event] = []
    for piece in pieces(sound):
        tape.write(piece)
        told.append(next(job))
        while not isinstance(told[-1], LiveText) or told[-1].behind > 4.0:
            told.append(next(job))
    return told


def text(segments: Sequence[Segment]) -> list[str]:
    return words(" ".join(segment.text for segment in segments))


def transcript_of(library: Library, meeting_id: MeetingId) -> Transcript:
    transcript = library.store.transcript(meeting_id)
    assert transcript
    return transcript


@pytest.fixture(scope="module")
def normal(sound: Samples) -> list[Segment]:
    """What the normal run hears of it."""
    options = TranscriptOptions()
    batches = transcribe([sound], speech.find_model(options, (), paths.RESOURCES), options)
    return [segment for batch in batches for segment in batch.segments]


def close_to(heard: Sequence[Segment], normal: Sequence[Segment]) -> bool:
    return word_errors(text(normal), text(heard)) <= 0.08 * len(text(normal))


def in_order(segments: Sequence[Segment]) -> bool:
    times = [time for segment in segments for word in segment.words for time in (word.start, word.end)]
    return times == sorted(times)


def test_text_comes_while_it_is_recorded_and_is_complete_after(
    library: Library, sound: Samples, normal: list[Segment]
) -> None:
    tape = Tape(library)
    job = meetings.transcribe(library, tape.id)
    told = follow(job, tape, sound)
    final = [segment for event in told if isinstance(event, SegmentsAdded) for segment in event.segments]
    assert len(final) >= 4
    assert text(final)[:2] == ["good", "morning"]
    sentences = {event.text for event in told if isinstance(event, LiveText)}
    assert any("topics" in sentence for sentence in sentences)
    assert "" in sentences
    part = transcript_of(library, tape.id)
    assert not part.complete
    assert part.segments == tuple(final)
    assert part.reached > SECONDS - 10

    tape.end()
    whole: Transcript = finished(job)
    assert whole.complete
    assert whole.segments[: len(final)] == tuple(final)
    assert close_to(whole.segments, normal)
    assert in_order(whole.segments)
    assert {segment.channel for segment in whole.segments} == {None}
    assert whole.reached == pytest.approx(SECONDS, abs=0.01)


def test_a_stop_is_noticed_while_nothing_is_said_or_recorded(library: Library, sound: Samples) -> None:
    tape = Tape(library)
    job = meetings.transcribe(library, tape.id)
    follow(job, tape, np.zeros(RATE, dtype=np.float32))
    for _step in range(3):
        began = time.monotonic()
        event = next(job)
        assert time.monotonic() - began < 1.0
        assert isinstance(event, LiveText)
        assert event.text == ""
    job.close()
    tape.end()


def test_stopped_and_started_again_it_carries_on(
    library: Library, sound: Samples, normal: list[Segment]
) -> None:
    tape = Tape(library)
    half = HALF * RATE
    job = meetings.transcribe(library, tape.id)
    follow(job, tape, sound[:half])
    job.close()
    part = transcript_of(library, tape.id)
    assert part.segments
    assert not part.complete

    tape.write(sound[half:])
    again = meetings.transcribe(library, tape.id)
    next(again)
    tape.end()
    whole: Transcript = finished(again)
    assert whole.id == part.id
    assert whole.segments[: len(part.segments)] == part.segments
    assert close_to(whole.segments, normal)
    assert in_order(whole.segments)


def test_a_recording_that_is_continued_is_transcribed_on(
    library: Library, sound: Samples, normal: list[Segment]
) -> None:
    tape = Tape(library)
    tape.write(sound[: HALF * RATE])
    job = meetings.transcribe(library, tape.id)
    next(job)
    tape.end()
    first: Transcript = finished(job)
    assert first.complete

    tape.go_on()
    assert not transcript_of(library, tape.id).complete
    job = meetings.transcribe(library, tape.id)
    told = follow(job, tape, sound[HALF * RATE :])
    assert any(isinstance(event, SegmentsAdded) for event in told)
    tape.end()
    whole: Transcript = finished(job)
    assert whole.id == first.id
    assert whole.segments[: len(first.segments)] == first.segments
    assert close_to(whole.segments, normal)
    assert library.store.meeting(tape.id).duration == pytest.approx(SECONDS, abs=0.1)


def wishes(library: Library, meeting_id: MeetingId) -> list[Any]:
    return [work.options for work in library.store.meeting(meeting_id).work if work.stage is Stage.TRANSCRIBE]


def half_heard(library: Library, sound: Samples) -> tuple[Tape, Job[Transcript]]:
    """A recording of the first half of `sound`, which has ended, and its transcription, which has begun."""
    tape = Tape(library)
    tape.write(sound[: HALF * RATE])
    tape.end()
    job = meetings.transcribe(library, tape.id)
    while not isinstance(next(job), SegmentsAdded):
        pass
    return tape, job


def test_what_is_recorded_on_during_a_normal_run_is_transcribed_after(
    library: Library, sound: Samples, normal: list[Segment]
) -> None:
    tape, job = half_heard(library, sound)
    tape.go_on()
    tape.write(sound[HALF * RATE :])
    part: Transcript = finished(job)
    assert not part.complete
    assert wishes(library, tape.id)
    tape.end()
    whole: Transcript = finished(meetings.transcribe(library, tape.id))
    assert whole.id == part.id
    assert whole.complete
    assert whole.reached == pytest.approx(library.store.meeting(tape.id).duration, abs=0.01)
    assert close_to(whole.segments, normal)
    assert wishes(library, tape.id) == []


def test_a_run_hears_on_what_was_added_and_leaves_another_wish(
    library: Library, sound: Samples, normal: list[Segment]
) -> None:
    tape, job = half_heard(library, sound)
    begun = transcript_of(library, tape.id)
    library.change_settings(Settings(spoken_language="en"))
    tape.go_on()
    tape.write(sound[HALF * RATE :])
    tape.end()
    whole: Transcript = finished(job)
    assert whole.id == begun.id
    assert whole.complete
    assert whole.reached == pytest.approx(library.store.meeting(tape.id).duration, abs=0.01)
    assert close_to(whole.segments, normal)
    assert wishes(library, tape.id) == [TranscriptOptions(language="en")]


def test_a_live_run_follows_a_recording_continued_while_it_ended(
    library: Library, sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = Tape(library)
    job = meetings.transcribe(library, tape.id)
    follow(job, tape, sound[: 4 * RATE])
    tape.end()
    complete = library.store.complete_transcript

    def late(*arguments: Any) -> bool:
        monkeypatch.setattr(library.store, "complete_transcript", complete)
        tape.go_on()
        return complete(*arguments)

    monkeypatch.setattr(library.store, "complete_transcript", late)
    begun = transcript_of(library, tape.id)
    while not isinstance(next(job), MeetingChanged):
        pass
    assert not transcript_of(library, tape.id).complete
    follow(job, tape, sound[4 * RATE : 10 * RATE])
    tape.end()
    whole: Transcript = finished(job)
    assert (whole.id, whole.complete) == (begun.id, True)
    assert whole.reached == pytest.approx(10.0, abs=0.1)


def test_a_recording_that_nobody_makes_or_closes_is_not_waited_for(
    library: Library, sound: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "LEFT", 0.1)
    tape = Tape(library)
    library.store.ask(tape.id, Stage.TRANSCRIBE, TranscriptOptions())
    tape.write(sound[: 4 * RATE])
    tape.leave()
    part: Transcript = finished(meetings.transcribe(library, tape.id))
    assert part.segments
    assert not part.complete
    assert wishes(library, tape.id) == [TranscriptOptions()]
    (recovered,) = meetings.recover(library)
    whole: Transcript = finished(meetings.transcribe(library, tape.id))
    assert (whole.id, whole.complete) == (part.id, True)
    assert whole.reached == pytest.approx(recovered.duration, abs=0.01)


WORKER = """
import sys
from core import meetings, paths
from core.values import SegmentsAdded
library = meetings.Library(paths.folders(sys.argv[1]))
for event in meetings.transcribe(library, sys.argv[2]):
    if isinstance(event, SegmentsAdded):
        print("added", flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a kill without warning")
def test_killed_while_it_follows_a_normal_run_carries_on(
    library: Library, sound: Samples, normal: list[Segment]
) -> None:
    tape = Tape(library)
    tape.write(sound[: HALF * RATE])
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(library.places.root), tape.id], stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout
    with worker:
        assert worker.stdout.readline() == "added\n"
        worker.send_signal(signal.SIGKILL)
    tape.write(sound[HALF * RATE :])
    tape.end()
    part = transcript_of(library, tape.id)
    assert part.segments
    assert not part.complete
    assert [work.stage for work in library.store.meeting(tape.id).work if work.stage is Stage.TRANSCRIBE]
    whole: Transcript = finished(meetings.transcribe(library, tape.id))
    assert whole.complete
    assert whole.segments[: len(part.segments)] == part.segments
    assert close_to(whole.segments, normal)


def test_without_its_model_the_recording_is_untouched(library: Library, sound: Samples) -> None:
    tape = Tape(library)
    tape.write(sound[: 5 * RATE])
    before = tape.path.read_bytes()
    with pytest.raises(errors.ModelMissing):
        finished(meetings.transcribe(library, tape.id, TranscriptOptions(model="base")))
    assert tape.path.read_bytes() == before
    assert tape.id in meetings.running(library)
    assert library.store.transcript(tape.id) is None
    tape.write(sound[5 * RATE : 8 * RATE])
    tape.end()
    assert library.store.meeting(tape.id).duration == pytest.approx(8.0, abs=0.1)


# --- two channels --------------------------------------------------------------------------------

BOTH = (Channel.MICROPHONE, Channel.SYSTEM)


@pytest.fixture(scope="module")
def talk(sound: Samples) -> Samples:
    """Others speak first, leaking into the microphone 20 dB down, then the person."""
    turn = 10 * RATE
    others, me = np.zeros(2 * turn, np.float32), np.zeros(2 * turn, np.float32)
    others[:turn] = sound[:turn]
    me[turn:] = sound[HALF * RATE :][:turn]
    leak = 0.1 * np.concatenate([np.zeros(RATE // 10, np.float32), others[: -RATE // 10]])
    noise = np.random.default_rng(1).normal(0, 3e-4, len(me)).astype(np.float32)
    return np.stack([me + leak + noise, others], axis=1)


def by_channel(transcript: Transcript) -> dict[Channel | None, list[str]]:
    return {
        channel: text([one for one in transcript.segments if one.channel is channel])
        for channel in {one.channel for one in transcript.segments}
    }


def check_talk(transcript: Transcript) -> None:
    said = by_channel(transcript)
    assert set(said) == set(BOTH)
    assert said[Channel.SYSTEM][:5] == ["good", "morning", "lets", "begin", "we"]
    assert "serious" in said[Channel.MICROPHONE]
    assert not {"topics", "budget", "customer"} & set(said[Channel.MICROPHONE])
    assert {place.channel for place in transcript.places} == set(BOTH)
    assert transcript.reached == pytest.approx(20.0, abs=0.01)


def test_each_channel_is_heard_by_itself_and_no_echo_is_written_down(library: Library, talk: Samples) -> None:
    tape = Tape(library, BOTH)
    job = meetings.transcribe(library, tape.id)
    told = follow(job, tape, talk)
    heard = {event.channel for event in told if isinstance(event, LiveText) and event.text}
    assert Channel.SYSTEM in heard
    tape.end()
    check_talk(finished(job))


def test_two_channels_carried_on_are_as_never_stopped(library: Library, talk: Samples) -> None:
    tape = Tape(library, BOTH)
    tape.write(talk)
    tape.end()
    job = meetings.transcribe(library, tape.id)
    for event in job:
        if isinstance(event, SegmentsAdded):
            break
    job.close()
    carried: Transcript = finished(meetings.transcribe(library, tape.id))
    check_talk(carried)
    whole: Transcript = finished(meetings.transcribe(library, tape.id, TranscriptOptions(language="en")))
    assert whole.id != carried.id

    def facts(transcript: Transcript) -> list[Any]:
        return sorted(map(repr, (replace(one, id=0) for one in transcript.segments)))

    assert facts(whole) == facts(carried)


@pytest.mark.parametrize("stretch", [(10.0, 20.0), (0.0, 20.0)], ids=["one channel", "both"])
def test_of_two_channels_a_stretch_is_heard_again_without_echo(
    stretch: tuple[float, float], library: Library, talk: Samples
) -> None:
    tape = Tape(library, BOTH)
    tape.write(talk)
    tape.end()
    whole: Transcript = finished(meetings.transcribe(library, tape.id))

    def spoil(segments: Sequence[Segment]) -> list[Segment]:
        return [
            replace(one, text="nonsense", words=()) if stretch[0] <= one.start else one for one in segments
        ]

    library.store.revise_transcript(tape.id, spoil)
    new: Transcript = finished(meetings.transcribe_again(library, tape.id, *stretch))
    check_talk(new)
    assert "nonsense" not in text(new.segments)
    assert len(by_channel(new)[Channel.SYSTEM]) == pytest.approx(
        len(by_channel(whole)[Channel.SYSTEM]), abs=3
    )


def test_a_live_run_hears_two_channels_from_shortly_before_its_place(
    library: Library, talk: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcripts, "RUN_UP", 0.5)
    starts: list[float] = []

    class Follower(recording.Follower):
        def __init__(self, path: Path, start: float) -> None:
            starts.append(start)
            super().__init__(path, start)

    monkeypatch.setattr(recording, "Follower", Follower)
    tape = Tape(library, BOTH)
    job = meetings.transcribe(library, tape.id)
    follow(job, tape, talk[: 12 * RATE])
    while transcript_of(library, tape.id).reached <= 1.0:
        next(job)
    job.close()
    part = transcript_of(library, tape.id)
    job = meetings.transcribe(library, tape.id)
    follow(job, tape, talk[12 * RATE :])
    tape.end()
    check_talk(finished(job))
    assert starts == [0.0, part.reached - 0.5]


def test_a_recording_of_two_channels_that_is_none_is_damaged(library: Library) -> None:
    tape = Tape(library, BOTH)
    tape.leave()
    tape.path.write_bytes(b"")
    with pytest.raises(errors.DamagedMedia):
        finished(meetings.transcribe(library, tape.id))


def line(start: float, *said: str) -> Segment:
    spoken = tuple(
        Word(start + 0.4 * place, start + 0.4 * place + 0.3, f" {word}", 0.9)
        for place, word in enumerate(said)
    )
    return Segment(start, spoken[-1].end, " ".join(said), spoken)


OTHERS = [line(10.0, "So", "the", "budget", "is", "fine,"), line(12.1, "isn't", "it?")]


@pytest.mark.parametrize(
    ("segment", "is_echo"),
    [
        (line(10.2, "The", "budget", "is", "find."), True),
        (line(10.2, "so", "the", "budget", "is", "fine", "isn't", "it"), True),
        (line(14.5, "The", "budget", "is", "fine."), False),
        (line(10.2, "No,", "I", "do", "not", "think", "it", "is."), False),
        (line(10.3, "Yes."), False),
        (line(10.6, "Budget", "is."), False),  # two people do say so little at once
        (line(10.3, "…"), False),
    ],
)
def test_an_echo_says_the_same_at_the_same_time(segment: Segment, is_echo: bool) -> None:
    assert echoes.repeats(segment, OTHERS) is is_echo


# --- who speaks ------------------------------------------------------------------------------------


def test_voices_are_told_apart_while_it_is_recorded(
    library: Library, sound: Samples, normal: list[Segment], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speakers, "FIRST_LOOK", 15.0)
    tape = Tape(library)
    job = meetings.transcribe(library, tape.id)
    told = follow(job, tape, sound)
    assert len([event for event in told if isinstance(event, MeetingChanged)]) > 1
    first, second = library.store.speakers(tape.id)
    # Named while it is recorded.
    library.store.rename_speaker(tape.id, first.id, "Linda")
    tape.end()
    whole: Transcript = finished(job)
    assert close_to(whole.segments, normal)
    assert in_order(whole.segments)
    assert whole.segments[0].speaker == "Linda"
    # The last words came after the last look; they are given to somebody when the recording has ended.
    assert second.id in {one.speaker_id for one in whole.segments if one.start > HALF}


def test_where_voices_cannot_be_told_apart_the_text_comes_all_the_same(
    library: Library, sound: Samples, normal: list[Segment], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_sound: Samples) -> Samples:
        raise RuntimeError("a fault in a native library")

    monkeypatch.setattr(networks, "activity", broken)
    tape = Tape(library)
    job = meetings.transcribe(library, tape.id)
    # The fault comes with the first window of ten seconds.
    follow(job, tape, sound[: 12 * RATE])
    tape.end()
    whole: Transcript = finished(job)
    assert whole.complete
    assert text(whole.segments)[:12] == text(normal)[:12]
    assert library.store.speakers(tape.id) == ()


def test_the_first_word_or_two_are_an_echo_where_there_is_one() -> None:
    def batch(said: Segment) -> Batch:
        return Batch((said,), said.end, "en", ())

    def heard(start: float, *, echoing: bool, channel: Channel = Channel.MICROPHONE) -> list[Segment]:
        own = OwnText(())
        words = (Word(start, start + 0.4, " Good", 0.9), Word(start + 0.4, start + 0.9, " morning.", 0.9))
        said = Segment(start, start + 0.9, "Good morning.", words=words)
        first = Segment(1.0, 1.5, "Hello.", words=(Word(1.0, 1.5, " Hello.", 0.9),))
        own.of(Channel.SYSTEM, batch(first))
        own.of(Channel.SYSTEM, batch(said))
        return own.of(channel, batch(said), echoing=echoing)

    assert heard(2.0, echoing=True) == []
    assert len(heard(2.0, echoing=False)) == 1, "two people greet at once"
    assert len(heard(20.0, echoing=True)) == 1, "the echo is silenced by then"
