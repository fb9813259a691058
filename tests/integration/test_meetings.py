"""The long jobs with real components: from sound to minutes, and what is left when something goes wrong."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from core import credentials, errors, locks, logs, meetings, messages, paths
from core import settings as chosen
from core.audio import media, recorder, recording
from core.meetings import Library
from core.meetings.imports import COPYING, UNFINISHED, _import_lock
from core.speech import sentences
from core.summary import addresses
from core.values import (
    Channel,
    Event,
    Job,
    Line,
    MeetingChanged,
    MeetingId,
    Minutes,
    Notice,
    Progress,
    Section,
    SegmentsAdded,
    Source,
    Stage,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
)
from tests.benchmarks.word_error_rate import word_errors, words
from tests.mistral_server import Answer, Server, Status
from tests.mistral_server import minutes as answer

SAMPLE = paths.SAMPLE.parent
FACTS: dict[str, Any] = json.loads((SAMPLE / "facts.json").read_text(encoding="utf-8"))
SCRIPT = re.sub(r"(?m)^[A-Z]+: ", "", (SAMPLE / "script.txt").read_text(encoding="utf-8"))


def run(job: Job[Any]) -> tuple[list[Event], Any]:
    events: list[Event] = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


def result(job: Job[Any]) -> Any:
    return run(job)[1]


def key_words(text: str) -> set[str]:
    return {word for word in words(text) if len(word) > 3 or word.isdigit()}


def said(transcript: Transcript | None) -> list[object]:
    """The transcript without its ids."""
    assert transcript
    return [replace(segment, id=0) for segment in transcript.segments]


@pytest.fixture
def whole(sample: tuple[Library, MeetingId]) -> Transcript:
    """The uninterrupted transcript of the sample."""
    library, meeting_id = sample
    transcript = library.store.transcript(meeting_id)
    assert transcript
    return transcript


@pytest.fixture
def imported(library: Library) -> MeetingId:
    return MeetingId(result(meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE)))


@pytest.fixture
def transcribed(library: Library, imported: MeetingId, whole: Transcript) -> MeetingId:
    """A meeting of one's own with the sample's transcript."""
    begun = library.store.begin_transcript(imported, TranscriptOptions(), "en")
    library.store.add_segments(begun, whole.segments, whole.places[0], language="en")
    library.store.complete_transcript(begun)
    return imported


# --- the whole way -------------------------------------------------------------------------------


def test_the_sample_becomes_its_own_text(sample: tuple[Library, MeetingId], whole: Transcript) -> None:
    library, meeting_id = sample
    heard = words(" ".join(segment.text for segment in whole.segments))
    reference = words(SCRIPT)
    assert word_errors(reference, heard) / len(reference) < 0.10
    assert whole.complete
    assert whole.language == "en"
    meeting = library.store.meeting(meeting_id)
    assert (meeting.title, meeting.source) == ("Sample meeting", Source.SAMPLE)
    assert meeting.started_at == datetime.fromisoformat(FACTS["started_at"])
    assert meeting.duration == pytest.approx(media.measure(paths.SAMPLE), abs=0.01)
    assert whole.reached == pytest.approx(meeting.duration, abs=0.1)
    assert meeting.work == ()


def test_every_word_has_its_place(sample: tuple[Library, MeetingId], whole: Transcript) -> None:
    library, meeting_id = sample
    duration = library.store.meeting(meeting_id).duration
    end = 0.0
    for segment in whole.segments:
        assert end <= segment.start < segment.end <= duration + 0.1
        if not segment.text:
            assert segment.doubt == "unheard"
            continue
        assert (segment.start, segment.end) == (segment.words[0].start, segment.words[-1].end)
        assert "".join(word.text for word in segment.words).strip() == segment.text
        for word in segment.words:
            assert end <= word.start <= word.end
            assert 0 <= word.probability <= 1
            end = word.end


@pytest.fixture
def minutes(sample: tuple[Library, MeetingId]) -> Minutes:
    library, meeting_id = sample
    found = library.store.minutes(meeting_id)
    assert found
    return found


def line_of(lines: tuple[Line, ...], fact: dict[str, str]) -> Line | None:
    """The line whose quotes hold most of the fact's own words."""
    wanted = key_words(fact["text"])
    for line in lines:
        if len(wanted & key_words(line.text)) >= 0.7 * len(wanted):
            return line
    return None


@pytest.mark.parametrize("fact", FACTS["decisions"], ids=lambda fact: fact["text"])
def test_each_decision_is_in_the_minutes(fact: dict[str, str], minutes: Minutes) -> None:
    assert line_of(minutes.of(Section.DECISIONS), fact)


@pytest.mark.parametrize("fact", FACTS["action_items"], ids=lambda fact: fact["text"])
def test_each_action_item_is_in_the_minutes_with_its_owner_and_date(
    fact: dict[str, str], minutes: Minutes
) -> None:
    line = line_of(minutes.of(Section.ACTION_ITEMS), fact)
    assert line
    assert fact["owner"] in line.owner
    assert line.due is not None
    assert line.due.isoformat() == fact["due"]


@pytest.mark.parametrize("fact", FACTS["open_questions"], ids=lambda fact: fact["text"])
def test_each_open_question_is_in_the_minutes(fact: dict[str, str], minutes: Minutes) -> None:
    assert line_of(minutes.of(Section.OPEN_QUESTIONS), fact)


def test_every_line_was_said_where_it_says(minutes: Minutes, whole: Transcript) -> None:
    segments = {segment.id: segment for segment in whole.segments}
    assert len(minutes.lines) > 8
    assert minutes.made_by == "offline"
    for line in minutes.lines:
        assert line.supported
        assert line.evidence
        for evidence in line.evidence:
            stretch = [segments[number] for number in evidence.segment_ids]
            assert words(evidence.quote)
            assert " ".join(words(evidence.quote)) in " ".join(
                words(" ".join(segment.text for segment in stretch))
            )
            assert stretch[0].start - 0.1 <= evidence.start < evidence.end <= stretch[-1].end + 0.1


def test_the_exported_markdown_has_what_was_decided(
    sample: tuple[Library, MeetingId], tmp_path: Path
) -> None:
    library, meeting_id = sample
    events, written = run(meetings.export(library, meeting_id, tmp_path / "out"))
    assert events[-1] == Progress(Stage.EXPORT, 1.0)
    (path,) = written
    text = path.read_text(encoding="utf-8")
    assert text == meetings.as_text(library, meeting_id, "md")
    assert path.name == "2026-03-10 Sample meeting.md"
    parts = dict(zip(*[iter(re.split(r"(?m)^## (.+)$", text)[1:])] * 2, strict=True))
    for heading, facts in (("Decisions", "decisions"), ("Action items", "action_items")):
        lines = [line for line in parts[heading].splitlines() if line.startswith("- ")]
        for fact in FACTS[facts]:
            wanted = key_words(fact["text"])
            fitting = [line for line in lines if len(wanted & key_words(line)) >= 0.7 * len(wanted)]
            assert fitting
            assert "owner" not in fact or any(fact["owner"] in line for line in fitting)
    assert "**00:0" in parts["Transcript"]


# --- import --------------------------------------------------------------------------------------


def test_an_import_tells_how_far_it_is_and_is_private(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "Board meeting.ogg"
    shutil.copyfile(paths.SAMPLE, path)
    before = path.read_bytes()
    events, meeting_id = run(meetings.import_audio(library, path))
    shares = [event.fraction for event in events if isinstance(event, Progress)]
    assert shares == sorted(share for share in shares if share is not None)
    assert events[-1] == MeetingChanged(meeting_id)
    meeting = library.store.meeting(meeting_id)
    assert (meeting.title, meeting.original_name, meeting.source) == (
        "Board meeting",
        "Board meeting.ogg",
        Source.IMPORT,
    )
    kept = library.audio_of(meeting)
    assert kept.parent == library.places.audio
    assert kept.read_bytes() == before == path.read_bytes()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert meeting.size == len(before)


def test_the_same_content_is_known_again(library: Library, imported: MeetingId, tmp_path: Path) -> None:
    copied = tmp_path / "another name.opus"
    shutil.copyfile(paths.SAMPLE, copied)
    with pytest.raises(errors.AlreadyImported) as caught:
        run(meetings.import_audio(library, copied))
    assert caught.value == errors.AlreadyImported(imported, "Sample meeting")
    assert len(list(library.places.audio.iterdir())) == 1
    library.store.bin(imported)
    with pytest.raises(errors.AlreadyImported):
        run(meetings.import_audio(library, copied))
    assert library.store.meeting(imported).deleted_at is None
    assert len(library.store.meetings()) == 1


def test_a_failed_or_stopped_import_leaves_nothing(library: Library, tmp_path: Path) -> None:
    text = tmp_path / "notes.mp3"
    text.write_text("not a sound " * 1000)
    with pytest.raises(errors.NotMedia):
        run(meetings.import_audio(library, text))
    job = meetings.import_audio(library, paths.SAMPLE)
    while not list(library.places.audio.iterdir()):
        next(job)
    job.close()
    assert list(library.places.audio.iterdir()) == []
    assert library.store.meetings() == ()
    assert library.store.work() == ()


FULL = """
import resource, sys
from pathlib import Path
from core import errors, meetings, paths
library = meetings.Library(paths.folders(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    list(meetings.import_audio(library, Path(sys.argv[2])))
except errors.DiskFull as problem:
    print(problem)
print(len(list(library.places.audio.iterdir())), len(library.store.meetings()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on Linux or macOS: a limit for files")
def test_a_full_disk_while_importing_leaves_nothing(library: Library) -> None:
    full = subprocess.run(
        [sys.executable, "-c", FULL, str(library.places.root), str(paths.SAMPLE), "300000"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert full.stdout.startswith("DiskFull(")
    assert full.stdout.endswith("\n0 0\n")
    assert result(meetings.import_audio(library, paths.SAMPLE))


# --- transcribe ----------------------------------------------------------------------------------


def test_stopped_in_the_middle_and_carried_on_it_is_the_same_text(
    library: Library, imported: MeetingId, whole: Transcript
) -> None:
    library.store.ask(imported, Stage.TRANSCRIBE, TranscriptOptions())
    job = meetings.transcribe(library, imported)
    assert any(isinstance(event, SegmentsAdded) for event in job)
    job.close()
    part = library.store.transcript(imported)
    assert part
    assert 0 < part.reached < whole.reached
    assert not part.complete
    assert said(part) == said(whole)[: len(part.segments)]
    assert [work.stage for work in library.store.work()] == [Stage.TRANSCRIBE]

    events, _transcript = run(meetings.transcribe(library, imported))
    shares = [event.fraction or 0.0 for event in events if isinstance(event, Progress)]
    assert shares == sorted(shares)
    assert shares[0] == pytest.approx(part.reached / library.store.meeting(imported).duration)
    assert said(library.store.transcript(imported)) == said(whole)
    assert library.store.work() == ()
    assert any(event.seconds_left is not None for event in events if isinstance(event, Progress))


def test_what_was_hardly_understood_is_told(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Speech backwards stands for any language that the model does not know.

    The engine guesses at it by chance, at 0.5 at the most in the runs seen; clear speech is above 0.9.
    """
    monkeypatch.setattr(sentences, "DOUBTFUL", 0.85)
    sound = np.concatenate(list(media.blocks(paths.SAMPLE)))[: 15 * media.SAMPLE_RATE][::-1]
    file = tmp_path / "backwards.ogg"
    writer = recording.RecordingWriter(file, 1, media.SAMPLE_RATE)
    writer.write(sound.reshape(-1, 1).copy())
    writer.close()
    meeting_id = MeetingId(result(meetings.import_audio(library, file)))
    library.store.ask(meeting_id, Stage.TRANSCRIBE, TranscriptOptions())
    with pytest.raises(errors.NotEnglish) as caught:
        run(meetings.transcribe(library, meeting_id))
    assert caught.value == errors.NotEnglish("tiny.en")
    assert library.store.transcript(meeting_id) is None
    assert library.store.meeting(meeting_id).language == ""
    (work,) = library.store.work()
    assert work.failure == errors.to_failure(caught.value)
    assert library.audio_of(library.store.meeting(meeting_id)).is_file()

    events, transcript = run(meetings.transcribe(library, meeting_id, TranscriptOptions(language="en")))
    assert transcript.doubtful
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert "tiny.en” knows English only" in messages.notice(notice)
    (written,) = result(meetings.export(library, meeting_id, tmp_path))
    assert messages.doubtful_text(transcript) in written.read_text(encoding="utf-8")


def test_a_finished_transcript_is_not_made_again(library: Library, transcribed: MeetingId) -> None:
    before = library.store.transcript(transcribed)
    library.store.ask(transcribed, Stage.TRANSCRIBE, TranscriptOptions())
    events, after = run(meetings.transcribe(library, transcribed))
    assert after == before
    assert events == []
    assert library.store.work() == ()


def test_why_it_failed_is_kept_with_the_wish_and_goes_with_the_next_try(
    library: Library, imported: MeetingId
) -> None:
    library.store.ask(imported, Stage.TRANSCRIBE, TranscriptOptions(language="fr"))
    with pytest.raises(errors.LanguageNotSpoken) as caught:
        run(meetings.transcribe(library, imported))
    (work,) = library.store.work()
    assert work.failure == errors.to_failure(caught.value)
    assert library.store.transcript(imported) is None
    library.store.ask(imported, Stage.TRANSCRIBE, TranscriptOptions())
    job = meetings.transcribe(library, imported)
    next(job)
    (work,) = library.store.work()
    assert work.failure is None
    job.close()


def test_a_meeting_whose_sound_is_gone(library: Library, imported: MeetingId) -> None:
    library.audio_of(library.store.meeting(imported)).unlink()
    with pytest.raises(errors.NothingToTranscribe):
        run(meetings.transcribe(library, imported))


HOLDER = """
import sys
from core import meetings, paths
library = meetings.Library(paths.folders(sys.argv[1]))
job = meetings.transcribe(library, sys.argv[2])
next(job)
print("holding", flush=True)
sys.stdin.readline()
job.close()
library.close()
"""


def test_two_processes_never_do_the_same(library: Library, imported: MeetingId) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(library.places.root), imported],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    with holder:
        try:
            assert holder.stdout.readline() == "holding\n"
            with pytest.raises(errors.MeetingBusy) as caught:
                run(meetings.transcribe(library, imported))
            assert caught.value.title == "Sample meeting"
        finally:
            holder.communicate("go\n", timeout=30)
    job = meetings.transcribe(library, imported)
    assert next(job) == MeetingChanged(imported)
    job.close()


# --- summarise -----------------------------------------------------------------------------------


def test_a_meeting_without_words_has_no_minutes(library: Library, imported: MeetingId) -> None:
    with pytest.raises(errors.NothingSaid):
        run(meetings.summarise(library, imported))
    library.store.ask(imported, Stage.SUMMARISE, SummaryOptions())
    with pytest.raises(errors.NothingSaid):
        run(meetings.summarise(library, imported))
    (work,) = library.store.work()
    assert work.failure == errors.to_failure(errors.NothingSaid("Sample meeting"))
    begun = library.store.begin_transcript(imported, TranscriptOptions(), "en")
    library.store.complete_transcript(begun)
    with pytest.raises(errors.NothingSaid):
        run(meetings.summarise(library, imported))
    assert library.store.work() == ()  # complete and silent: there is nothing to try again


def test_what_a_person_touched_survives(library: Library, transcribed: MeetingId) -> None:
    first: Minutes = result(meetings.summarise(library, transcribed))
    decision, action = first.of(Section.DECISIONS)[0], first.of(Section.ACTION_ITEMS)[0]
    rewritten = first.of(Section.KEY_POINTS)[0]
    confirmed = replace(decision, text=decision.text + " (confirmed)", edited=True)
    library.store.edit_line(transcribed, confirmed)
    other = "Quite another thing altogether, as only I know"
    library.store.edit_line(transcribed, replace(rewritten, text=other, edited=True))
    library.store.tick(transcribed, action.id, done=True)
    second: Minutes = result(meetings.summarise(library, transcribed))
    assert second.id != first.id
    texts = [line.text for line in second.of(Section.DECISIONS)]
    assert decision.text + " (confirmed)" in texts
    assert decision.text not in texts
    assert len(texts) == len(first.of(Section.DECISIONS))
    assert [line.text for line in second.of(Section.ACTION_ITEMS) if line.done] == [action.text]
    assert any(line.edited and "as only I know" in line.text for line in second.of(Section.KEY_POINTS))
    assert library.store.minutes(transcribed) == second


@pytest.fixture
def logged(library: Library) -> Iterator[Path]:
    import structlog

    logs.start(library.places)
    yield library.places.logs / logs.FILE
    logs.stop()
    structlog.reset_defaults()


KEY = "k3y-that-nobody-may-read"


def test_when_the_remote_provider_fails_the_offline_minutes_stand_in(
    library: Library, transcribed: MeetingId, logged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(credentials.KEY_VARIABLE, KEY)
    with Server([Status(401)]) as server:
        monkeypatch.setattr(addresses, "MISTRAL", server.address)
        library.change_settings(chosen.Settings(provider="mistral", consents=("mistral",)))
        events, minutes = run(meetings.summarise(library, transcribed))
    (notice,) = [event for event in events if isinstance(event, Notice)]
    failure = errors.to_failure(errors.KeyRefused("mistral"))
    assert notice == Notice("offline_instead", {"provider": "mistral", "failure": failure})
    assert minutes.made_by == "offline"
    assert minutes.options.provider == "mistral"
    assert len(minutes.of(Section.DECISIONS)) >= 3
    assert library.store.minutes(transcribed) == minutes
    assert len(server.requests) == 1
    assert KEY in str(server.headers)
    log = logged.read_text(encoding="utf-8")
    assert "KeyRefused" in log
    assert KEY not in log
    transcript = library.store.transcript(transcribed)
    assert transcript
    for segment in transcript.segments:
        assert not segment.text or segment.text not in log
    for spoken in ("exhibition", "Daniel", "Sample meeting"):
        assert spoken not in log


def test_a_remote_provider_that_fails_takes_no_better_minutes_away(
    library: Library, transcribed: MeetingId
) -> None:
    with Server([Answer(answer("The release"))]) as server:
        library.change_settings(chosen.Settings(provider_address=server.address))
        first = result(meetings.summarise(library, transcribed, SummaryOptions("server", "m")))
    with Server([Status(422)]) as server:
        library.change_settings(chosen.Settings(provider_address=server.address))
        with pytest.raises(errors.RemoteRefused):
            run(meetings.summarise(library, transcribed, SummaryOptions("server", "m")))
    assert library.store.minutes(transcribed) == first


def test_without_a_key_the_remote_provider_is_not_asked(library: Library, transcribed: MeetingId) -> None:
    events, minutes = run(meetings.summarise(library, transcribed, SummaryOptions("mistral", "m")))
    (notice,) = [event for event in events if isinstance(event, Notice)]
    assert notice.details["failure"] == errors.to_failure(errors.KeyMissing("mistral"))
    assert minutes.made_by == "offline"


def test_a_remote_provider_that_answers_makes_the_minutes(
    library: Library, transcribed: MeetingId, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = library.store.transcript(transcribed)
    assert transcript
    spoken = next(segment for segment in transcript.segments if "exhibition" in segment.text)
    monkeypatch.setenv(credentials.KEY_VARIABLE, KEY)
    line = {"text": "Skip the exhibition", "segment_ids": [spoken.id], "quote": spoken.text}
    with Server([Answer(answer("The release", decisions=[line]))]) as server:
        library.change_settings(chosen.Settings(provider_address=server.address))
        options = SummaryOptions("server", "mistral-small-latest")
        events, minutes = run(meetings.summarise(library, transcribed, options))
    assert not any(isinstance(event, Notice) for event in events)
    assert KEY not in str(server.headers)
    assert (minutes.made_by, minutes.title) == ("server", "The release")
    (decision,) = minutes.of(Section.DECISIONS)
    assert (decision.text, decision.supported) == ("Skip the exhibition", True)
    assert decision.evidence[0].segment_ids == (spoken.id,)


# --- recordings that were left open --------------------------------------------------------------


def open_recording(library: Library, title: str, *, whole: bool = False) -> MeetingId:
    """As a crash leaves it: the file cut in mid-page, the meeting still open."""
    meeting_id = MeetingId(title)
    path = library.places.audio / f"{title}.ogg"
    content = paths.SAMPLE.read_bytes()
    path.write_bytes(content if whole else content[: len(content) // 2])
    library.store.add_meeting(
        title,
        datetime.now(UTC),
        Source.RECORDING,
        audio=path.name,
        recording_open=True,
        meeting_id=meeting_id,
    )
    return meeting_id


def test_a_recording_that_nobody_holds_is_repaired(library: Library) -> None:
    left = open_recording(library, "left")
    held = open_recording(library, "held")
    silent = open_recording(library, "silent")
    (library.places.audio / "silent.ogg").write_bytes(b"")
    gone = open_recording(library, "gone")
    (library.places.audio / "gone.ogg").unlink()
    before = (library.places.audio / "held.ogg").read_bytes()
    lock = locks.take(locks.path_of(library.places.locks, held, Stage.RECORD))
    assert lock

    recovered = meetings.recover(library)

    assert [meeting.id for meeting in recovered] == [left]
    meeting = library.store.meeting(left)
    path = library.audio_of(meeting)
    assert not meeting.recording_open
    assert meeting.duration == pytest.approx(recording.seconds(path)) == pytest.approx(80, abs=30)
    assert meeting.size == path.stat().st_size
    with av.open(str(path)) as file:
        frames = [frame.samples / frame.sample_rate for frame in file.decode(audio=0)]
    assert sum(frames) == pytest.approx(meeting.duration, abs=0.1)
    assert [(work.meeting_id, work.stage) for work in library.store.work()] == [
        (left, Stage.TRANSCRIBE),
        (left, Stage.SEPARATE),
        (left, Stage.SUMMARISE),
    ]
    assert library.store.meeting(held).recording_open
    assert (library.places.audio / "held.ogg").read_bytes() == before
    for nothing in (silent, gone):
        with pytest.raises(errors.MeetingUnknown):
            library.store.meeting(nothing)
    assert not (library.places.audio / "silent.ogg").exists()
    lock.release()
    assert [meeting.id for meeting in meetings.recover(library)] == [held]
    assert meetings.recover(library) == ()


def test_a_recording_that_was_never_noted_becomes_a_meeting(library: Library) -> None:
    """Killed between the recorder's first block and the note of it: there is a file and its session, no meeting."""
    meeting_id = open_recording(library, "Lost")
    path = library.audio_of(library.store.meeting(meeting_id))
    library.store.remove(meeting_id)
    recorder.session_file(path).write_text('{"channels": ["system"]}')
    recovered = meetings.recover(library)
    assert [(meeting.id, meeting.channels) for meeting in recovered] == [(meeting_id, (Channel.SYSTEM,))]
    assert recovered[0].duration > 0
    assert not recorder.session_file(path).exists()
    assert meetings.recover(library) == ()


def test_a_recording_whose_head_is_damaged_is_kept(library: Library) -> None:
    meeting_id = open_recording(library, "Bits")
    path = library.audio_of(library.store.meeting(meeting_id))
    damaged = bytearray(path.read_bytes())
    damaged[40] ^= 1
    path.write_bytes(damaged)
    (recovered,) = meetings.recover(library)
    assert recovered.id == meeting_id
    assert path.stat().st_size > 100_000
    assert meetings.recover(library) == ()


def test_notes_outlive_a_recording_without_a_sound(library: Library) -> None:
    meeting_id = open_recording(library, "Typed")
    (library.places.audio / "Typed.ogg").unlink()
    library.store.add_note(meeting_id, 3.0, "ask Marc")
    (recovered,) = meetings.recover(library)
    assert (recovered.id, recovered.duration, recovered.work) == (meeting_id, 0.0, ())
    assert [note.text for note in library.store.notes(meeting_id)] == ["ask Marc"]


def test_a_recording_that_left_nothing_but_its_sound_becomes_a_meeting(library: Library) -> None:
    meeting_id = open_recording(library, "Sound")
    library.store.remove(meeting_id)
    (recovered,) = meetings.recover(library)
    assert (recovered.id, recovered.source) == (meeting_id, Source.RECORDING)
    assert meetings.recover(library) == ()


def test_one_recording_that_cannot_be_read_keeps_no_other_from_being_closed(library: Library) -> None:
    odd, good = open_recording(library, "odd"), open_recording(library, "zgood")
    (library.places.audio / "odd.ogg").unlink()
    (library.places.audio / "odd.ogg").mkdir()
    assert good in [meeting.id for meeting in meetings.recover(library)]
    assert library.store.knows(odd)


def test_a_continued_recording_that_was_never_noted_keeps_what_was_added(library: Library) -> None:
    meeting_id = open_recording(library, "On", whole=True)
    path = library.audio_of(library.store.meeting(meeting_id))
    library.store.close_recording(meeting_id, 1.0, 1)
    recorder.session_file(path).write_text("{}")
    (recovered,) = meetings.recover(library)
    assert recovered.duration == pytest.approx(recording.seconds(path)) != 1.0
    assert meetings.recover(library) == ()


def test_what_a_killed_import_had_copied_is_removed_and_a_running_one_left_alone(library: Library) -> None:
    dead, running = (
        [library.places.audio / f".{name}{ending}" for ending in (COPYING, UNFINISHED)]
        for name in ("dead", "running")
    )
    for file in (*dead, *running):
        file.write_bytes(b"half")
    with locks.hold(_import_lock(library, "running")):
        meetings.recover(library)
    assert set(library.places.audio.iterdir()) == set(running)


def test_an_import_killed_before_its_last_step_is_finished(library: Library) -> None:
    library.store.add_meeting(
        "Talk", datetime.now(UTC), Source.IMPORT, audio="talk.ogg", digest="d1", meeting_id=MeetingId("talk")
    )
    copied = library.places.audio / f".d1{UNFINISHED}"
    copied.write_bytes(b"all of it")
    meetings.recover(library)
    assert library.audio_of(library.store.meeting("talk")).read_bytes() == b"all of it"
    assert not copied.exists()


def test_half_a_copy_never_stands_for_the_sound(library: Library, imported: MeetingId) -> None:
    kept = library.audio_of(library.store.meeting(imported))
    kept.unlink()
    job = meetings.import_audio(library, paths.SAMPLE)
    while not (copied := list(library.places.audio.iterdir())):
        next(job)
    job.close()
    copied[0].write_bytes(paths.SAMPLE.read_bytes()[:100_000])  # what a kill leaves
    meetings.recover(library)
    assert list(library.places.audio.iterdir()) == []
    assert result(meetings.import_audio(library, paths.SAMPLE)) == imported
    assert kept.read_bytes() == paths.SAMPLE.read_bytes()


def test_lost_sound_is_put_back_by_importing_it_again(library: Library, imported: MeetingId) -> None:
    kept = library.audio_of(library.store.meeting(imported))
    content = kept.read_bytes()
    kept.unlink()
    assert result(meetings.import_audio(library, paths.SAMPLE)) == imported
    assert kept.read_bytes() == content
    assert len(library.store.meetings()) == 1


def test_the_same_content_twice_at_once_becomes_one_meeting(library: Library) -> None:
    lock = _import_lock(library, hashlib.sha256(paths.SAMPLE.read_bytes()).hexdigest())
    first = meetings.import_audio(library, paths.SAMPLE)
    while not locks.is_held(lock):
        next(first)
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(result, meetings.import_audio(library, paths.SAMPLE))
        run(first)
        assert isinstance(second.exception(timeout=30), errors.AlreadyImported)
    assert len(library.store.meetings()) == 1
    assert len(list(library.places.audio.iterdir())) == 1


def test_one_recording_that_cannot_be_repaired_does_not_keep_the_library_shut(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_recording(library, "bad")
    open_recording(library, "good")
    repair = recording.repair

    def refused(path: Path) -> float:
        if path.stem == "bad":
            raise errors.NotPermitted(str(path))
        return repair(path)

    monkeypatch.setattr(recording, "repair", refused)
    assert [meeting.title for meeting in meetings.recover(library)] == ["good"]
    assert library.store.meeting("bad").recording_open
    assert not locks.is_held(locks.path_of(library.places.locks, MeetingId("bad"), Stage.RECORD))


# --- recording -----------------------------------------------------------------------------------


def test_a_start_that_fails_leaves_nothing(library: Library, no_microphone: object) -> None:
    with pytest.raises(errors.SoundProblem):
        run(meetings.record(library, channels=[Channel.MICROPHONE]))
    assert library.store.meetings() == ()
    assert list(library.places.audio.iterdir()) == []


def test_while_it_starts_another_door_does_not_take_it_for_left(
    library: Library, microphone: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.audio.recorder import Recorder

    start = Recorder.start

    def watched(*arguments: Any, **named: Any) -> Recorder:
        assert meetings.recover(library) == ()
        started = start(*arguments, **named)
        assert meetings.recover(library) == ()
        return started

    monkeypatch.setattr(Recorder, "start", watched)
    job = meetings.record(library, title="Stand-up")
    changed = next(job)
    assert isinstance(changed, MeetingChanged)
    assert meetings.recover(library) == ()
    assert library.store.meeting(changed.meeting_id).recording_open
    job.close()
    meeting = library.store.meeting(changed.meeting_id)
    assert (meeting.title, meeting.source, meeting.recording_open) == ("Stand-up", Source.RECORDING, False)
    assert meeting.duration > 0
    assert library.audio_of(meeting).stat().st_size == meeting.size
    assert [path.name for path in library.places.audio.iterdir()] == [meeting.audio]


# --- the library ---------------------------------------------------------------------------------


def test_settings_are_kept_and_used(library: Library, tmp_path: Path) -> None:
    settings = chosen.Settings(
        model="small", spoken_language="fr", provider="mistral", provider_model="large"
    )
    library.change_settings(settings)
    again = Library(library.places)
    assert again.settings == settings
    assert again.transcript_options() == TranscriptOptions("small", "fr")
    assert again.summary_options() == SummaryOptions("mistral", "large")
    again.change_settings(replace(settings, provider="offline"))
    assert again.summary_options() == SummaryOptions()
    library.change_settings(replace(settings, preset="fast"))
    assert library.changed_elsewhere() == {"provider": "offline"}
    assert library.settings == replace(settings, provider="offline", preset="fast")
    assert library.changed_elsewhere() == {}
    assert again.changed_elsewhere() == {"preset": "fast"}
    again.close()


@pytest.mark.skipif(os.name != "posix", reason="only on Linux or macOS: file modes")
def test_everything_in_the_library_is_private(library: Library, transcribed: MeetingId) -> None:
    result(meetings.summarise(library, transcribed))
    result(meetings.export(library, transcribed, library.places.exports))
    library.change_settings(chosen.Settings())
    modes = {
        path.relative_to(library.places.root).as_posix(): path.stat().st_mode & 0o777
        for path in library.places.root.rglob("*")
    }
    assert {mode for name, mode in modes.items() if (library.places.root / name).is_dir()} == {0o700}
    assert {mode for name, mode in modes.items() if (library.places.root / name).is_file()} == {0o600}
    assert len(modes) >= 10
