"""The application: record, import, transcribe, summarise, export, each a job any door can run.

A job yields events and returns its result. Stopping is not asking for the next item: `finally` then
closes what was open, and everything stored so far stays. Questions and edits need no job; they go
to `library.store`.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from difflib import SequenceMatcher
from functools import partial
from pathlib import Path
from typing import TypeVar

import structlog

from core import credentials, errors, locks, messages, paths
from core import export as exports
from core import settings as chosen
from core.audio import media, recording
from core.audio.recorder import Recorder, clear
from core.store import Store
from core.store.store import new_id
from core.summary import Draft, Request
from core.values import (
    Event,
    Job,
    Line,
    Meeting,
    MeetingChanged,
    MeetingId,
    Minutes,
    Notice,
    Progress,
    Recording,
    SegmentsAdded,
    Source,
    Stage,
    SummaryOptions,
    Transcript,
    TranscriptOptions,
)

_log = structlog.get_logger("meetings")

STATES_PER_SECOND = 25
"""How often a running recording is asked for its state."""

COPY_BYTES = 1 << 20

UNFINISHED = ".part"
"""The ending of an imported file while it is copied."""

_Options = TypeVar("_Options", TranscriptOptions, SummaryOptions)


class Library:
    """One open data folder: its places, its store and its settings."""

    def __init__(self, places: paths.Folders) -> None:
        """Opens it, making what is missing. Raises a `StorageProblem`."""
        paths.create(places)
        self.places = places
        self.settings = chosen.load(places.settings)
        self.store = Store(places)

    def change_settings(self, settings: chosen.Settings) -> None:
        """Keeps `settings` from now on. Raises `FolderNotWritable` or `DiskFull`."""
        chosen.save(settings, self.places.settings)
        self.settings = settings

    def audio_of(self, meeting: Meeting) -> Path:
        """The meeting's audio file. Raises `NothingToTranscribe` where it has none."""
        path = self.places.audio / meeting.audio
        if not meeting.audio or not path.is_file():
            raise errors.NothingToTranscribe(meeting.title)
        return path

    def transcript_options(self) -> TranscriptOptions:
        """What the settings say about new transcripts."""
        return TranscriptOptions(model=self.settings.model, language=self.settings.spoken_language)

    def summary_options(self) -> SummaryOptions:
        """What the settings say about new minutes."""
        remote = self.settings.provider != "offline"
        return SummaryOptions(
            provider=self.settings.provider, model=self.settings.provider_model if remote else ""
        )

    def close(self) -> None:
        """Closes the store."""
        self.store.close()


def recover(library: Library) -> tuple[Meeting, ...]:
    """Closes and repairs every recording that nobody holds any more; comes back with those that gave sound.

    Also removes what imports that were killed had copied; their originals are untouched.
    """
    recovered = []
    _sweep(library)
    _adopt(library)
    for meeting in library.store.open_recordings():
        lock = locks.take(locks.path_of(library.places.locks, meeting.id, Stage.RECORD))
        if lock is None:
            continue
        try:
            # It may have been closed properly before the lock was free.
            if not library.store.meeting(meeting.id).recording_open:
                continue
            if _close_recording(library, meeting.id, library.places.audio / meeting.audio):
                recovered.append(library.store.meeting(meeting.id))
        except errors.Problem as problem:
            _log.warning("recording not recovered", meeting=meeting.id, problem=str(problem))
        finally:
            lock.release()
    return tuple(recovered)


def _sweep(library: Library) -> None:
    for copied in library.places.audio.glob(f".*{UNFINISHED}"):
        digest = copied.name[1 : -len(UNFINISHED)]
        if locks.is_held(_import_lock(library, digest)):
            continue
        meeting = library.store.meeting_with_digest(digest)
        if meeting and not (kept := library.places.audio / meeting.audio).exists():
            paths.rename(copied, kept)
        else:
            copied.unlink(missing_ok=True)


def _adopt(library: Library) -> None:
    """Makes meetings of recordings whose program ended after their first block and before it could note them."""
    for session in library.places.audio.glob("*.ogg.session"):
        path = session.with_suffix("")
        meeting_id = MeetingId(path.stem)
        held = locks.is_held(locks.path_of(library.places.locks, meeting_id, Stage.RECORD))
        if held or not path.exists() or library.store.knows(meeting_id):
            continue
        began = datetime.fromtimestamp(session.stat().st_mtime, UTC)
        library.store.add_meeting(
            messages.recording_title(began),
            began,
            Source.RECORDING,
            audio=path.name,
            recording_open=True,
            meeting_id=meeting_id,
        )


def ask_for_text(library: Library, meeting_id: MeetingId) -> None:
    """Notes that a new meeting is to be transcribed and summarised, as the settings say."""
    library.store.ask(meeting_id, Stage.TRANSCRIBE, library.transcript_options())
    library.store.ask(meeting_id, Stage.SUMMARISE, library.summary_options())


# --- record ----------------------------------------------------------------------------------------


def record(library: Library, *, device: str = "", title: str = "") -> Job[MeetingId]:
    """Records `device` ('' is the chosen or default microphone) until it is stopped.

    Yields `Recording` some 25 times a second. Returns only when the recording ended by itself; a problem that
    ended it is raised after everything recorded was kept. Raises a `SoundProblem` or `StorageProblem`.
    """
    started = datetime.now(UTC)
    meeting_id = new_id()
    path = library.places.audio / f"{meeting_id}.ogg"
    lock = locks.path_of(library.places.locks, meeting_id, Stage.RECORD)
    # The meeting is added once its lock is held: another door would take it for a recording that nobody holds.
    recorder = Recorder.start(path, lock, device or library.settings.microphone)
    try:
        library.store.add_meeting(
            title or messages.recording_title(started),
            started,
            Source.RECORDING,
            audio=path.name,
            recording_open=True,
            meeting_id=meeting_id,
        )
    except BaseException:
        recorder.stop()
        path.unlink(missing_ok=True)
        raise
    try:
        yield MeetingChanged(meeting_id)
        while not (state := recorder.state()).ended:
            yield Recording(
                meeting_id,
                elapsed=state.elapsed,
                unsaved=state.unsaved,
                levels=state.levels,
                paused=state.paused,
                overflows=state.overflows,
            )
            time.sleep(1 / STATES_PER_SECOND)
    finally:
        try:
            state = recorder.stop()
        finally:
            _close_recording(library, meeting_id, path)
    if state.problem:
        raise errors.from_failure(state.problem)
    yield MeetingChanged(meeting_id)
    return meeting_id


def pause_recording(library: Library, meeting_id: MeetingId, *, paused: bool) -> None:
    """Pauses the running recording of a meeting, or goes on with it. Raises `RecorderDied`."""
    with Recorder.attach(library.places.audio / library.store.meeting(meeting_id).audio) as recorder:
        if paused:
            recorder.pause()
        else:
            recorder.resume()


def _close_recording(library: Library, meeting_id: MeetingId, path: Path) -> bool:
    """Repairs the file where needed, notes its length and that its text is wanted.

    A recording without a sound is forgotten (False).
    """
    clear(path)
    duration = recording.repair(path) if path.exists() else 0.0
    if not duration:
        library.store.remove(meeting_id)
        path.unlink(missing_ok=True)
        return False
    library.store.close_recording(meeting_id, duration, path.stat().st_size)
    ask_for_text(library, meeting_id)
    return True


# --- import ----------------------------------------------------------------------------------------


def import_audio(library: Library, path: Path, *, source: Source = Source.IMPORT) -> Job[MeetingId]:
    """Copies the sound of an audio or video file into the library; the original is left alone.

    Raises an `Unreadable`, `AlreadyImported` or `StorageProblem`, and then leaves nothing behind.
    """
    found = media.probe(path)
    digest = yield from _digest(path)
    beside = library.places.audio / f".{digest}{UNFINISHED}"
    with locks.hold(_import_lock(library, digest)):
        known = library.store.meeting_with_digest(digest)
        if known:
            if known.deleted_at:
                library.store.restore(known.id)
                yield MeetingChanged(known.id)
            if (library.places.audio / known.audio).exists():
                raise errors.AlreadyImported(known.id, known.title)
        meeting_id = known.id if known else new_id()
        kept = library.places.audio / (
            known.audio if known else f"{meeting_id}{media.kept_suffix(path, found)}"
        )
        try:
            duration = yield from media.keep_track(path, found, beside)
            if not known:
                library.store.add_meeting(
                    _readable(path.stem) if source is Source.IMPORT else messages.sample_title(),
                    found.recorded_at or datetime.fromtimestamp(path.stat().st_mtime, UTC),
                    source,
                    audio=kept.name,
                    original_name=_readable(path.name),
                    digest=digest,
                    duration=duration,
                    size=beside.stat().st_size,
                    meeting_id=meeting_id,
                )
            paths.rename(beside, kept)
        except OSError as error:
            raise paths.storage_problem(error, kept) from error
        finally:
            beside.unlink(missing_ok=True)
    yield MeetingChanged(meeting_id)
    if media.ends_early(kept, found, duration):
        yield Notice("ends_early", {"name": _readable(path.name), "reached": duration})
    return meeting_id


def _readable(name: str) -> str:
    """A file's name as text, also where the file system holds bytes that are none."""
    return os.fsencode(name).decode("utf-8", "replace")


def _import_lock(library: Library, digest: str) -> Path:
    """The same content is imported by one door at a time."""
    return library.places.locks / f"{digest}.{Stage.IMPORT}"


def _digest(path: Path) -> Job[str]:
    """The SHA-256 of the file's content, in hexadecimal."""
    total = path.stat().st_size
    done = 0
    digest = hashlib.sha256()
    shown = -1
    try:
        with path.open("rb") as file:
            while piece := file.read(COPY_BYTES):
                digest.update(piece)
                done += len(piece)
                if (percent := 30 * done // total) != shown:
                    shown = percent
                    yield Progress(Stage.IMPORT, percent / 100)
    except OSError as error:
        raise errors.DamagedMedia(str(path)) from error
    return digest.hexdigest()


# --- transcribe ------------------------------------------------------------------------------------


def transcribe(
    library: Library, meeting_id: MeetingId, options: TranscriptOptions | None = None
) -> Job[Transcript]:
    """Turns the meeting's sound into text, storing each stretch as it comes; carries on where it was stopped.

    `options` None: those that were asked for, else the settings'. A complete transcript made with
    the same options is not replaced. Raises a `ModelProblem`, `Unreadable`, `NothingToTranscribe`,
    `MeetingBusy` or `StorageProblem`; what was stored before stays.
    """
    from core import speech

    meeting = library.store.meeting(meeting_id)
    wanted = options or _asked(meeting, TranscriptOptions) or library.transcript_options()
    with _stage(library, meeting, Stage.TRANSCRIBE):
        done = library.store.transcript(meeting_id)
        if done and done.complete and done.options == wanted:
            library.store.finish(meeting_id, Stage.TRANSCRIBE)
            return done
        path = library.audio_of(meeting)
        model = speech.find_model(wanted, library.settings.model_folders, library.places.models)
        transcript = library.store.unfinished_transcript(meeting_id, wanted)
        transcript = transcript or library.store.begin_transcript(meeting_id, wanted, wanted.language)
        yield MeetingChanged(meeting_id)
        yield Progress(Stage.TRANSCRIBE, _share(transcript.reached, meeting.duration))
        pace = _Pace(transcript.reached, meeting.duration)
        reached = transcript.reached
        sound = media.blocks(path, transcript.reached)
        for batch in speech.transcribe(
            sound,
            model,
            wanted,
            start=transcript.reached,
            language=transcript.language,
            prompt=transcript.prompt,
        ):
            reached = batch.reached
            stored = library.store.add_segments(
                transcript, batch.segments, reached, language=batch.language, prompt=batch.prompt
            )
            if stored:
                yield SegmentsAdded(meeting_id, stored)
            yield Progress(Stage.TRANSCRIBE, _share(reached, meeting.duration), pace.seconds_left(reached))
        library.store.complete_transcript(transcript, max(reached, meeting.duration))
        complete = library.store.transcript(meeting_id)
        if complete and complete.doubtful:
            yield Notice("hardly_understood", {"model": model.name, "languages": model.languages})
        library.store.finish(meeting_id, Stage.TRANSCRIBE)
    yield MeetingChanged(meeting_id)
    if complete is None:
        raise errors.MeetingUnknown(meeting_id)
    return complete


def _share(reached: float, duration: float) -> float:
    return min(1.0, reached / duration) if duration else 0.0


class _Pace:
    """How fast a stage goes, in seconds of audio per second, weighing the newest steps most."""

    def __init__(self, reached: float, duration: float) -> None:
        self._duration = duration
        self._marks = [(time.monotonic(), reached)]

    def seconds_left(self, reached: float) -> float | None:
        """The seconds still needed; None before the first step is measured."""
        self._marks = [*self._marks[-19:], (time.monotonic(), reached)]
        (began, first), (now, last) = self._marks[0], self._marks[-1]
        if last <= first or now <= began:
            return None
        return max(0.0, self._duration - last) * (now - began) / (last - first)


# --- summarise -------------------------------------------------------------------------------------


def summarise(library: Library, meeting_id: MeetingId, options: SummaryOptions | None = None) -> Job[Minutes]:
    """Writes the meeting's minutes and stores them as its newest version, with what the person touched kept.

    When a remote provider fails, the offline summary stands in (`made_by` says so) and a
    `Notice('offline_instead')` tells why; but where a remote provider made the minutes shown so far,
    they stay and its `RemoteProblem` is raised. What the provider answered before it failed is kept, and not asked
    for again the next time. Raises `NothingSaid`, `MeetingBusy` or a `StorageProblem`.
    """
    meeting = library.store.meeting(meeting_id)
    wanted = options or _asked(meeting, SummaryOptions) or library.summary_options()
    with _stage(library, meeting, Stage.SUMMARISE):
        transcript = library.store.transcript(meeting_id)
        if transcript is None or not any(segment.text.strip() for segment in transcript.segments):
            if transcript and transcript.complete:
                # Trying again would not help: the wish is fulfilled as far as it can be.
                library.store.finish(meeting_id, Stage.SUMMARISE)
            raise errors.NothingSaid(meeting.title)
        request = Request(
            segments=transcript.segments,
            title=meeting.title,
            started_at=meeting.started_at,
            language=wanted.language or transcript.language,
            notes=library.store.notes(meeting_id),
            options=wanted,
        )
        yield Progress(Stage.SUMMARISE, None)
        draft, made_by = yield from _draft(library, meeting_id, request)
        minutes = library.store.add_minutes(
            Minutes(
                meeting_id=meeting_id,
                options=wanted,
                made_by=made_by,
                language=draft.language,
                created_at=datetime.now(UTC),
                title=draft.title,
                lines=draft.lines,
                transcript_id=transcript.id,
            ),
            keep_touched,
        )
        library.store.finish(meeting_id, Stage.SUMMARISE)
    yield MeetingChanged(meeting_id)
    return minutes


def _draft(
    library: Library, meeting_id: MeetingId, request: Request
) -> Generator[Event, None, tuple[Draft, str]]:
    """The draft and who really made it."""
    from core.summary import offline

    if request.options.provider == "offline":
        return (yield from offline.summarise(request)), "offline"
    from core.summary import mistral

    try:
        address = library.settings.provider_address
        # The key is Mistral's: another server never sees it.
        key = "" if address else credentials.mistral_key()
        if not key and not address:
            raise errors.KeyMissing(request.options.provider)
        draft = yield from mistral.summarise(
            request,
            key,
            address,
            size=library.settings.provider_context,
            recall=partial(library.store.kept_part, meeting_id),
            keep=partial(library.store.keep_part, meeting_id),
        )
    except errors.RemoteProblem as problem:
        _log.warning("remote summary failed", problem=str(problem))
        earlier = library.store.minutes(meeting_id)
        if earlier and earlier.made_by != "offline":
            # Better ones are there already; a failure takes nothing away.
            raise
        yield Notice(
            "offline_instead",
            {"provider": request.options.provider, "failure": errors.to_failure(problem)},
        )
        return (yield from offline.summarise(request)), "offline"
    return draft, request.options.provider


SAME_LINE = 0.6
"""From this likeness of their texts on (difflib's ratio), a new line says what an old one said."""


def keep_touched(earlier: Sequence[Line], fresh: Sequence[Line]) -> tuple[Line, ...]:
    """`fresh` with the edited and ticked lines of `earlier`: each takes the place of its like, or is added."""
    lines = list(fresh)
    for old in earlier:
        if not (old.edited or old.done):
            continue
        likeness = [
            SequenceMatcher(None, old.text.casefold(), line.text.casefold()).ratio()
            if line.section == old.section and not line.edited
            else 0.0
            for line in lines
        ]
        place = max(range(len(lines)), key=likeness.__getitem__, default=None)
        if place is not None and likeness[place] >= SAME_LINE:
            kept = dataclasses.replace(lines[place], done=old.done)
            lines[place] = dataclasses.replace(kept, text=old.text, edited=True) if old.edited else kept
        else:
            lines.append(old)
    return tuple(lines)


# --- export ----------------------------------------------------------------------------------------


def export(
    library: Library,
    meeting_id: MeetingId,
    folder: Path,
    formats: Sequence[str] = ("md",),
    *,
    name: str = "",
) -> Job[tuple[Path, ...]]:
    """Writes the meeting into `folder` in each format; returns the files' paths.

    Without a `name` (no ending) a free one is made from date and title; with one, a file of that name is replaced.
    Raises `FormatUnknown` or a `StorageProblem`; a file is written whole or not at all.
    """
    known = document(library, meeting_id)
    written: list[Path] = []
    for place, kind in enumerate(formats):
        yield Progress(Stage.EXPORT, place / len(formats))
        written.append(exports.write(known, folder, kind, name=name))
    yield Progress(Stage.EXPORT, 1.0)
    return tuple(written)


def document(library: Library, meeting_id: MeetingId) -> exports.Document:
    """All that is known of a meeting. Raises `MeetingUnknown`."""
    store = library.store
    return exports.Document(
        meeting=store.meeting(meeting_id),
        transcript=store.transcript(meeting_id),
        minutes=store.minutes(meeting_id),
        notes=store.notes(meeting_id),
    )


def as_text(library: Library, meeting_id: MeetingId, kind: str) -> str:
    """The meeting in the format `kind`, for the clipboard or a terminal. Raises `MeetingUnknown` or `FormatUnknown`."""
    return exports.render(document(library, meeting_id), kind)


# --- shared ----------------------------------------------------------------------------------------


def _asked(meeting: Meeting, kind: type[_Options]) -> _Options | None:
    return next((work.options for work in meeting.work if isinstance(work.options, kind)), None)


@contextmanager
def _stage(library: Library, meeting: Meeting, stage: Stage) -> Iterator[None]:
    """Holds the lock of a stage of a meeting, and keeps with the wish for it why it failed."""
    lock = locks.take(locks.path_of(library.places.locks, meeting.id, stage))
    if lock is None:
        raise errors.MeetingBusy(meeting.title)
    try:
        library.store.fail(meeting.id, stage, None)
        yield
    except errors.Problem as problem:
        library.store.fail(meeting.id, stage, errors.to_failure(problem))
        raise
    finally:
        lock.release()
