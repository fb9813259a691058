"""Record: a meeting exists from its first block, and whatever happens to a recording, it is kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import structlog

from core import errors, locks, messages, power
from core.audio import ogg
from core.audio.recorder import Recorder, RecorderState, channels_of, clear, session_file
from core.meetings.cuts import sweep_cuts
from core.meetings.imports import sweep
from core.meetings.library import Library, ask_for_text
from core.meetings.models import sweep_models
from core.meetings.moving import finish_moves
from core.store.meetings import new_id
from core.values import Channel, Job, Meeting, MeetingChanged, MeetingId, Notice, Recording, Source

_log = structlog.get_logger("meetings")

STATES_PER_SECOND = 25
"""How often a running recording is asked for its state."""

NOTED_WITHIN = 3.0
"""Seconds after which a running recording that is not in the library has lost the door that would have noted it."""

LONG_SILENCE = 900.0
"""Seconds without a voice after which the person is asked whether the recording is forgotten, and again each time."""


def record(
    library: Library,
    *,
    channels: Sequence[Channel] = (),
    microphone: str = "",
    title: str = "",
    into: MeetingId | None = None,
    consent: bool = False,
    window: Sequence[str] = (),
) -> Job[MeetingId]:
    """Records until it is stopped; `into` continues the recording of that meeting, in its own channels.

    Without `channels` or `microphone` (a device's name) those of the settings. With `consent` it is noted that who
    takes part agreed. `window` is the command that opens the
    window again should it die. Yields `Recording` some 25 times a second. Returns only when the recording ended by
    itself; a problem that ended it is raised after everything recorded was kept. Raises a `SoundProblem`,
    `MeetingBusy`, `NotRecorded`, `NothingToTranscribe` or `StorageProblem`.
    """
    started = datetime.now(UTC)
    meeting_id = into or new_id()
    lock = library.record_lock(meeting_id)
    if into:
        meeting = library.store.meeting(into)
        if meeting.source is not Source.RECORDING:
            raise errors.NotRecorded(meeting.title)
        if locks.is_held(lock):
            raise errors.MeetingBusy(meeting.title)
        path, kept = library.audio_of(meeting), meeting.channels or (Channel.MICROPHONE,)
    else:
        path, kept = (
            library.places.audio / f"{meeting_id}{ogg.SUFFIX}",
            tuple(channels) or library.channels(),
        )
    # The meeting is noted once its lock is held: another door would take it for a recording that nobody holds.
    recorder = Recorder.start(
        path,
        lock,
        kept,
        microphone=microphone or library.settings.microphone,
        window=window,
        append=bool(into),
    )
    try:
        if into:
            library.store.reopen_recording(into)
            library.store.restore(into)
        else:
            library.store.add_meeting(
                title or messages.recording_title(started),
                started,
                Source.RECORDING,
                audio=path.name,
                recording_open=True,
                channels=kept,
                meeting_id=meeting_id,
                placeholder=not title,
            )
        if consent:
            note_consent(library, meeting_id, library.store.meeting(meeting_id).duration)
    except BaseException:
        # What was recorded meanwhile stays: the next start notes it.
        recorder.stop()
        raise
    return (yield from _followed(library, meeting_id, path, recorder))


def note_consent(library: Library, meeting_id: MeetingId, at: float) -> None:
    """Notes at second `at` that those who take part agreed to be recorded, and that they did so now."""
    participants = library.store.meeting(meeting_id).participants
    library.store.add_note(meeting_id, at, messages.consent(participants, datetime.now().astimezone()))


def attend(library: Library, meeting_id: MeetingId) -> Job[MeetingId]:
    """Follows a recording that is running, as `record` does; the last door that leaves it ends it.

    Raises `RecorderDied` where none is running.
    """
    path = library.audio_of(library.store.meeting(meeting_id))
    return (yield from _followed(library, meeting_id, path, Recorder.attach(path), attended=True))


def running(library: Library) -> tuple[MeetingId, ...]:
    """The meetings that are being recorded right now, by whatever door."""
    return tuple(
        meeting.id
        for meeting in library.store.open_recordings()
        if locks.is_held(library.record_lock(meeting.id))
    )


def _followed(
    library: Library, meeting_id: MeetingId, path: Path, recorder: Recorder, *, attended: bool = False
) -> Job[MeetingId]:
    asked = 0.0
    ended_for = 0.0
    leaves, others = False, attended
    try:
        with power.awake():
            yield MeetingChanged(meeting_id)
            while not (state := recorder.state()).ended:
                others = state.doors > 1
                yield _told(meeting_id, state)
                limit = 60.0 * library.settings.stop_after_silence
                if limit and state.silent >= limit:
                    ended_for = state.silent
                    break
                if state.silent >= asked + LONG_SILENCE:
                    asked = state.silent
                    yield Notice("long_silence", {"seconds": state.silent})
                asked = min(asked, state.silent)
                time.sleep(1 / STATES_PER_SECOND)
    except GeneratorExit:
        # Whoever else shows it goes on.
        leaves = attended and others
        raise
    finally:
        if leaves:
            recorder.close()
        else:
            try:
                state = recorder.stop()
            finally:
                close_recording(library, meeting_id, path)
    if state.problem:
        raise errors.from_failure(state.problem)
    if ended_for:
        yield Notice("ended_by_silence", {"seconds": ended_for})
    yield MeetingChanged(meeting_id)
    return meeting_id


def _told(meeting_id: MeetingId, state: RecorderState) -> Recording:
    return Recording(
        meeting_id,
        elapsed=state.elapsed,
        unsaved=state.unsaved,
        sources=state.sources,
        paused=state.paused,
        gaps=state.gaps,
        room=state.room,
        silent=state.silent,
        doors=state.doors,
    )


def recording_state(library: Library, meeting_id: MeetingId) -> Recording:
    """Where the running recording of a meeting stands. Raises `RecorderDied`."""
    with Recorder.attach(library.places.audio / library.store.meeting(meeting_id).audio) as recorder:
        return _told(meeting_id, recorder.state())


def pause_recording(library: Library, meeting_id: MeetingId, *, paused: bool) -> None:
    """Pauses the running recording of a meeting, or goes on with it. Raises `RecorderDied`."""
    with Recorder.attach(library.places.audio / library.store.meeting(meeting_id).audio) as recorder:
        if paused:
            recorder.pause()
        else:
            recorder.resume()


def stop_recording(library: Library, meeting_id: MeetingId) -> None:
    """Ends the running recording of a meeting, whichever door began it. Raises `RecorderDied`."""
    with Recorder.attach(library.places.audio / library.store.meeting(meeting_id).audio) as recorder:
        recorder.stop()


def close_recording(library: Library, meeting_id: MeetingId, path: Path) -> None:
    """Repairs the file where needed, notes its length and that its text is wanted; once, whichever door comes first.

    A recording in which nothing was begun, neither a sound nor a note, is forgotten. One that cannot be
    repaired is kept as it is.
    """
    with locks.hold(library.record_lock(meeting_id)):
        _closed(library, meeting_id, path)


def _closed(library: Library, meeting_id: MeetingId, path: Path) -> bool:
    """Closes a recording whose lock is held; whether it was open and is kept."""
    store = library.store
    if not store.knows(meeting_id) or not store.meeting(meeting_id).recording_open:
        return False
    from core.audio import recording

    clear(path)
    size = path.stat().st_size if path.exists() else 0
    try:
        duration = recording.repair(path) if size else 0.0
    except errors.DamagedMedia as problem:
        _log.warning("recording not repaired", meeting=meeting_id, problem=str(problem))
        duration = 0.0
    begun = size > recording.BEGINNING or store.notes(meeting_id) or store.transcript(meeting_id)
    if not duration and not begun:
        store.remove(meeting_id)
        path.unlink(missing_ok=True)
        return False
    store.close_recording(meeting_id, duration, size and path.stat().st_size)
    if size:
        ask_for_text(library, meeting_id)
    return True


def recover(library: Library) -> tuple[Meeting, ...]:
    """Closes and repairs every recording that nobody holds any more; comes back with those that gave sound.

    Also removes what imports, cuts and copies of models that were killed had written, and ends a move of the library
    that was; their originals are untouched.
    """
    recovered = []
    sweep(library)
    sweep_cuts(library)
    sweep_models(library)
    finish_moves(library.places)
    _adopt(library)
    for meeting in library.store.open_recordings():
        try:
            lock = locks.take(library.record_lock(meeting.id))
            if lock is None:
                continue
            try:
                if _closed(library, meeting.id, library.places.audio / meeting.audio):
                    recovered.append(library.store.meeting(meeting.id))
            finally:
                lock.release()
        except errors.Problem as problem:
            _log.warning("recording not recovered", meeting=meeting.id, problem=str(problem))
    return tuple(recovered)


def _adopt(library: Library) -> None:
    """Notes recordings, begun or continued, whose program ended before it could."""
    for path in library.places.audio.glob(f"*{ogg.SUFFIX}"):
        meeting_id = MeetingId(path.name.partition(".")[0])
        known, session = library.store.knows(meeting_id), session_file(path)
        if known and not session.exists():
            continue
        held = locks.is_held(library.record_lock(meeting_id))
        if held and not (session.exists() and time.time() - session.stat().st_mtime > NOTED_WITHIN):
            continue
        if known:
            if not library.store.meeting(meeting_id).recording_open:
                library.store.reopen_recording(meeting_id)
            continue
        began = datetime.fromtimestamp((session if session.exists() else path).stat().st_mtime, UTC)
        library.store.add_meeting(
            messages.recording_title(began),
            began,
            Source.RECORDING,
            audio=path.name,
            recording_open=True,
            channels=channels_of(path),
            meeting_id=meeting_id,
            placeholder=True,
        )
