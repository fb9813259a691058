"""What a person can ask of the window, one method each, and the signals that follow.

The only part of the window that knows `core.meetings`, the store and the tasks. Questions and edits run one after
the other in the store lane, long jobs in theirs; nothing here blocks the interface thread, and
every signal is sent on it. Heavy parts of `core` are imported on a lane's thread.
"""

from __future__ import annotations

import dataclasses
import time
import traceback
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from PySide6.QtCore import QObject, QTimer, Signal

from core import errors, messages, paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Priority, State, Task, Tasks
from core.values import (
    Event,
    Failure,
    Job,
    Meeting,
    MeetingChanged,
    MeetingId,
    Minutes,
    Note,
    Notice,
    Progress,
    Recording,
    Segment,
    SegmentsAdded,
    Source,
    Stage,
    SummaryOptions,
    Transcript,
    Waiting,
    Work,
)
from desktop.bridge import Bridge
from desktop.models.meetings import Activity

if TYPE_CHECKING:
    from core.meetings import Library

_log = structlog.get_logger("window")
_T = TypeVar("_T")

MARKDOWN = ".md"

LOOK_MILLISECONDS = 1000
"""How often the library is asked what other programs changed."""

HELD_SECONDS = 10.0
"""After this time it is tried again to work on a meeting that another program works on."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the meeting page shows."""

    meeting: Meeting
    transcript: Transcript | None
    minutes: Minutes | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Import:
    """A file on its way into the library; `fraction` is 0 to 1."""

    number: int
    name: str
    fraction: float


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, in words; `details` are for a report of a fault of ours, else ''."""

    what: str
    do: str
    details: str = ""


@dataclass(eq=False, slots=True)
class _Reading:
    """A page that is being read, and the text that was stored since."""

    meeting_id: MeetingId
    since: list[Segment] = field(default_factory=list)


class Commands(QObject):
    """The window's one way to `core`."""

    opened = Signal()
    could_not_open = Signal(object)  # Trouble
    meetings_listed = Signal(object)  # tuple[Meeting, ...]
    meeting_changed = Signal(object)  # Meeting
    meeting_gone = Signal(str)
    shown = Signal(str)  # the meeting that the page is to show, '' for none
    page_read = Signal(object)  # Page
    segments_added = Signal(str, object)  # tuple[Segment, ...]
    activity_changed = Signal(str, object)  # Activity | None
    imports_changed = Signal(object)  # tuple[Import, ...]
    recording_changed = Signal(object)  # Recording | None
    troubled = Signal(object)  # Trouble
    said = Signal(str, object)  # a sentence, and what undoes it (a callable) or None
    copied = Signal(str)  # text for the clipboard
    settings_changed = Signal(object)  # Settings
    models_found = Signal(object)  # tuple[Model, ...]
    microphones_found = Signal(object)  # tuple[Microphone, ...]
    key_known = Signal(bool)  # whether there is a key for the remote provider

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__()
        self.places = places
        self.settings = settings
        self.has_key = False
        self.recording: Recording | None = None
        self._tasks = tasks
        self._bridge = bridge
        self._library: Library | None = None
        self._shown = MeetingId("")
        self._seen: dict[str, int] = {}
        self._revision = 0
        self._imports: dict[int, Import] = {}
        self._readings: list[_Reading] = []
        self._held: dict[MeetingId, float] = {}
        self._recorder: Task | None = None
        self._closing = False
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MILLISECONDS)
        self._look.timeout.connect(self._look_around)

    # --- open and close ----------------------------------------------------------------------------

    def open(self) -> None:
        """Opens the library, lists the meetings, repairs what a crash left, carries on."""

        def opening() -> Library:
            from core import logs
            from core.meetings import Library

            # Before the library, so that what keeps it from opening is in the log.
            paths.create(self.places)
            logs.start(self.places)
            return Library(self.places)

        def opened(library: Library) -> None:
            self._library = library
            self._ask(_everything, self._listed)
            self._run(partial(_recovered, library), repaired, could_not_repair, Lane.IO)

        def repaired(meetings: tuple[Meeting, ...]) -> None:
            # Not earlier: a recording that is just being started looks like one that a crash left.
            self.opened.emit()
            self._look.start()
            self.look_for_key()
            self._recovered(meetings)

        def could_not_repair(trouble: Trouble) -> None:
            repaired(())
            self.troubled.emit(trouble)

        self._run(opening, opened, self.could_not_open.emit)

    def _listed(self, answer: tuple[int, tuple[Meeting, ...]]) -> None:
        self._revision, meetings = answer
        self._seen = {meeting.id: meeting.revision for meeting in meetings}
        self.meetings_listed.emit(meetings)
        if meetings and not self._shown:
            self.show(meetings[0].id)

    def _recovered(self, meetings: tuple[Meeting, ...]) -> None:
        if meetings:
            self.said.emit(
                messages.notice(Notice("recovered", {"count": len(meetings), "title": meetings[0].title})),
                None,
            )
        self._ask(lambda library: library.store.work(), self._carry_on_all)

    def _carry_on_all(self, work: tuple[Work, ...]) -> None:
        for meeting_id in dict.fromkeys(one.meeting_id for one in work):
            self._refresh(meeting_id, carry_on=True)

    def close(self, seconds: float) -> bool:
        """Lets edits reach the store, stops every task, closes the library; waits `seconds` at most.

        False: a thread is still in the middle of a step, and only the end of the process ends it.
        """
        until = time.monotonic() + seconds
        self._closing = True
        self._look.stop()
        while self._busy() and time.monotonic() < until:
            time.sleep(0.005)
        ended = self._tasks.close(max(0.0, until - time.monotonic()))
        self._bridge.close()
        if self._library:
            self._library.close()
            self._library = None
        return ended

    # --- what is shown -----------------------------------------------------------------------------

    def show(self, meeting_id: MeetingId) -> None:
        """Shows this meeting; its transcription goes before the others'."""
        if meeting_id == self._shown:
            return
        self._shown = meeting_id
        for task in self._tasks.alive():
            if task.lane is Lane.COMPUTE:
                task.priority = self._priority(task.meeting_id)
        self.shown.emit(meeting_id)
        if meeting_id:
            self._read_page(meeting_id)

    def _read_page(self, meeting_id: MeetingId) -> None:
        reading = _Reading(meeting_id)
        self._readings.append(reading)
        self._ask(partial(_page, meeting_id=meeting_id), partial(self._page_answered, reading))

    def _page_answered(self, reading: _Reading, page: Page | None) -> None:
        # They are answered in order; one that failed is never answered.
        del self._readings[: self._readings.index(reading) + 1]
        if page is None:
            self._gone(reading.meeting_id)
        elif page.meeting.id == self._shown:
            self.page_read.emit(page)
            if reading.since:
                self.segments_added.emit(reading.meeting_id, tuple(reading.since))

    def _refresh(self, meeting_id: MeetingId, *, carry_on: bool = False) -> None:
        """Reads a meeting's row again, and its page where it is shown."""
        self._ask(
            partial(_meeting, meeting_id=meeting_id),
            partial(self._changed, meeting_id, carry_on=carry_on),
        )

    def _changed(self, meeting_id: MeetingId, meeting: Meeting | None, *, carry_on: bool = False) -> None:
        if meeting is None or meeting.deleted_at:
            self._gone(meeting_id)
            return
        self._seen[meeting_id] = meeting.revision
        self.meeting_changed.emit(meeting)
        if meeting_id == self._shown:
            self._read_page(meeting_id)
        if carry_on:
            self._carry_on(meeting)

    def _gone(self, meeting_id: MeetingId) -> None:
        self._seen.pop(meeting_id, None)
        self._held.pop(meeting_id, None)
        if meeting_id == self._shown:
            self.show(MeetingId(""))
        self.meeting_gone.emit(meeting_id)

    def _look_around(self) -> None:
        if self._busy():
            return
        self._ask(partial(_news, revision=self._revision), self._news)
        now = time.monotonic()
        for meeting_id in [held for held, due in self._held.items() if due <= now]:
            self._held[meeting_id] = now + HELD_SECONDS
            self._refresh(meeting_id, carry_on=True)

    def _news(self, answer: tuple[int, tuple[Meeting, ...]]) -> None:
        self._revision, meetings = answer
        for meeting in meetings:
            # What this program is doing itself has been shown as it happened.
            if self._seen.get(meeting.id) != meeting.revision and not self._tasks.of(meeting.id):
                self._changed(meeting.id, meeting)

    # --- import and record -------------------------------------------------------------------------

    def import_files(self, files: Iterable[str]) -> None:
        """Takes audio and video files into the library, then transcribes and summarises them."""
        for file in files:
            self._import(Path(file), Source.IMPORT)

    def import_sample(self) -> None:
        """Takes in the sample meeting that comes with the program."""
        self._import(paths.SAMPLE, Source.SAMPLE)

    def stop_import(self, number: int) -> None:
        """Leaves the import with this number; nothing stays behind."""
        for task in self._tasks.alive():
            if task.stage == Stage.IMPORT and task.number == number:
                self._tasks.stop(task)

    def _import(self, path: Path, source: Source) -> None:
        def job(library: Library) -> Job[MeetingId]:
            from core import meetings

            meeting_id = yield from meetings.import_audio(library, path, source=source)
            meetings.ask_for_text(library, meeting_id)
            return meeting_id

        name = path.name if source is Source.IMPORT else messages.sample_title()
        task = self._start(job, Stage.IMPORT, Lane.IO)
        if task:
            self._set_import(Import(task.number, name, 0.0))

    def _set_import(self, entry: Import) -> None:
        self._imports[entry.number] = entry
        self.imports_changed.emit(tuple(self._imports.values()))

    def _import_ended(self, task: Task) -> None:
        self._imports.pop(task.number, None)
        self.imports_changed.emit(tuple(self._imports.values()))
        if task.state is State.DONE:
            if not self._imports or not self._shown:
                self.show(task.result)
            self._refresh(task.result, carry_on=True)
        elif isinstance(task.error, errors.AlreadyImported):
            self._refresh(MeetingId(task.error.meeting_id))
            self.show(MeetingId(task.error.meeting_id))
            self.said.emit(messages.explain(task.error).what, None)
        elif task.error:
            self.troubled.emit(_trouble(task.error))

    def record(self) -> None:
        """Starts recording the chosen microphone."""
        if self._recorder is None:

            def job(library: Library) -> Job[MeetingId]:
                from core import meetings

                return meetings.record(library)

            self._recorder = self._start(job, Stage.RECORD, Lane.RECORD)

    def pause_recording(self, *, paused: bool) -> None:
        """Pauses the running recording, or goes on with it."""
        if self.recording:
            meeting_id = self.recording.meeting_id

            def pause(library: Library) -> None:
                from core import meetings

                meetings.pause_recording(library, meeting_id, paused=paused)

            # Where nothing else stands before it: what is not to be recorded cannot wait.
            self._ask(pause, lane=Lane.RECORD)

    def stop_recording(self) -> None:
        """Ends the running recording; its text follows."""
        if self._recorder:
            self._tasks.stop(self._recorder)

    def bookmark(self) -> None:
        """Marks this moment of the running recording."""
        if self.recording:
            self.add_note(self.recording.meeting_id, self.recording.elapsed, "")
            self.said.emit(
                _("Bookmark set at {time}").format(time=messages.clock(self.recording.elapsed)), None
            )

    def _recording_ended(self, task: Task) -> None:
        changed = task.latest.get(MeetingChanged)
        self.recording = self._recorder = None
        self.recording_changed.emit(None)
        if task.error:
            self.troubled.emit(_trouble(task.error))
        if isinstance(changed, MeetingChanged):
            self._refresh(changed.meeting_id, carry_on=True)

    # --- transcribe and summarise ------------------------------------------------------------------

    def stop(self, meeting_id: MeetingId) -> None:
        """Stops what is being done with a meeting, until `carry_on`."""
        task = self._tasks.of(meeting_id)
        if task is None or task.stage not in {Stage.TRANSCRIBE, Stage.SUMMARISE}:
            return
        stage = task.stage
        self._set_activity(meeting_id, Activity(stage, stopping=True))
        self._edit(meeting_id, lambda library: library.store.pause(meeting_id, stage, paused=True))
        self._tasks.stop(task)

    def carry_on(self, meeting_id: MeetingId) -> None:
        """Takes up again what was stopped."""

        def resume(library: Library) -> None:
            for stage in (Stage.TRANSCRIBE, Stage.SUMMARISE):
                library.store.pause(meeting_id, stage, paused=False)

        self._edit(meeting_id, resume, carry_on=True)

    def try_again(self, meeting_id: MeetingId) -> None:
        """Asks anew, as the settings now say, for what failed."""

        def ask(library: Library) -> None:
            for work in library.store.meeting(meeting_id).work:
                if work.failure:
                    transcribing = work.stage == Stage.TRANSCRIBE
                    options = library.transcript_options() if transcribing else library.summary_options()
                    library.store.ask(meeting_id, work.stage, options)

        self._edit(meeting_id, ask, carry_on=True)

    def transcribe(self, meeting_id: MeetingId) -> None:
        """Asks for the text and minutes of a meeting, as the settings now say."""

        def ask(library: Library) -> None:
            from core import meetings

            meetings.ask_for_text(library, meeting_id)

        self._edit(meeting_id, ask, carry_on=True)

    def make_minutes(self, meeting_id: MeetingId, provider: str) -> None:
        """Makes the minutes again, by `provider`."""
        model = self.settings.provider_model if provider != "offline" else ""
        options = SummaryOptions(provider=provider, model=model)
        self._edit(
            meeting_id,
            lambda library: library.store.ask(meeting_id, Stage.SUMMARISE, options),
            carry_on=True,
        )

    def _carry_on(self, meeting: Meeting) -> None:
        """Starts what was asked for, the text before the minutes, unless it is stopped, failed or running."""
        work = {one.stage: one for one in meeting.work}
        wanted = work.get(Stage.TRANSCRIBE) or work.get(Stage.SUMMARISE)
        if wanted is None or wanted.paused or wanted.failure:
            self._held.pop(meeting.id, None)
            return
        if self._tasks.of(meeting.id):
            return
        lane = Lane.COMPUTE if wanted.stage == Stage.TRANSCRIBE else Lane.IO
        if self._start(partial(_stage, work=wanted), wanted.stage, lane, meeting.id):
            self._set_activity(meeting.id, Activity(wanted.stage, queued=True))

    def _stage_ended(self, task: Task) -> None:
        meeting_id, stage = task.meeting_id, task.stage
        if meeting_id is None or stage is None:
            return
        self._set_activity(meeting_id, None)
        told = self._held.pop(meeting_id, None) is not None
        if isinstance(task.error, errors.MeetingBusy):
            self._held[meeting_id] = time.monotonic() + HELD_SECONDS
            if not told:
                self.said.emit(str(messages.explain(task.error)), None)
        elif task.error and not isinstance(task.error, errors.Problem):
            failure = Failure(type(task.error).__name__)
            self._edit(meeting_id, lambda library: library.store.fail(meeting_id, stage, failure))
            self.troubled.emit(_trouble(task.error))
        elif stage == Stage.SUMMARISE and task.state is State.DONE:
            self._tell_ready(meeting_id)
        self._refresh(meeting_id, carry_on=task.state is not State.FAILED)

    def _tell_ready(self, meeting_id: MeetingId) -> None:
        def tell(meeting: Meeting | None) -> None:
            if meeting:
                self.said.emit(_("The minutes of “{title}” are ready").format(title=meeting.title), None)

        self._ask(partial(_meeting, meeting_id=meeting_id), tell)

    def _set_activity(self, meeting_id: MeetingId, activity: Activity | None) -> None:
        self.activity_changed.emit(meeting_id, activity)

    # --- edits -------------------------------------------------------------------------------------

    def rename(self, meeting_id: MeetingId, title: str) -> None:
        """Gives a meeting another title."""
        self._edit(meeting_id, lambda library: library.store.rename(meeting_id, title))

    def edit_segment(self, meeting_id: MeetingId, segment_id: int, text: str) -> None:
        """Corrects a segment's text."""
        self._edit(meeting_id, lambda library: library.store.edit_segment(meeting_id, segment_id, text))

    def tick(self, meeting_id: MeetingId, line_id: int, *, done: bool) -> None:
        """Notes whether an action item is done."""
        self._edit(meeting_id, lambda library: library.store.tick(meeting_id, line_id, done=done))

    def add_note(self, meeting_id: MeetingId, at: float, text: str) -> None:
        """Keeps a note at second `at`; an empty one is a bookmark."""
        self._edit(meeting_id, lambda library: library.store.add_note(meeting_id, at, text))

    def edit_note(self, meeting_id: MeetingId, note_id: int, text: str) -> None:
        """Changes a note."""
        self._edit(meeting_id, lambda library: library.store.edit_note(meeting_id, note_id, text))

    def remove_note(self, meeting_id: MeetingId, note: Note) -> None:
        """Takes a note away; it can be undone."""
        self._edit(meeting_id, lambda library: library.store.remove_note(meeting_id, note.id))
        self.said.emit(_("Note removed"), partial(self.add_note, meeting_id, note.at, note.text))

    def delete(self, meeting: Meeting) -> None:
        """Moves a meeting to the bin; it can be undone."""
        task = self._tasks.of(meeting.id)
        if task:
            self._tasks.stop(task)
        self._edit(meeting.id, lambda library: library.store.bin(meeting.id))
        self.said.emit(
            _("“{title}” was moved to the bin").format(title=meeting.title),
            partial(self.restore, meeting.id),
        )

    def restore(self, meeting_id: MeetingId) -> None:
        """Brings a meeting back from the bin and shows it."""
        self._edit(meeting_id, lambda library: library.store.restore(meeting_id), carry_on=True)
        self.show(meeting_id)

    def _edit(
        self, meeting_id: MeetingId, change: Callable[[Library], object], *, carry_on: bool = False
    ) -> None:
        def changed(library: Library) -> None:
            change(library)

        self._ask(changed)
        if carry_on:
            # Asked for by the person, who is told anew if it cannot be done now.
            self._held.pop(meeting_id, None)
        self._refresh(meeting_id, carry_on=carry_on)

    # --- export ------------------------------------------------------------------------------------

    def export_name(self, meeting: Meeting) -> str:
        """The file name that is proposed for a meeting's Markdown."""
        from core.export import safe_name

        return safe_name(meeting.title) + MARKDOWN

    def export(self, meeting_id: MeetingId, file: Path) -> None:
        """Writes the meeting to `file`, whose name ends in `MARKDOWN`; a file that is there is replaced."""
        name = file.name.removesuffix(MARKDOWN)

        def job(library: Library) -> Job[tuple[Path, ...]]:
            from core import meetings

            return meetings.export(library, meeting_id, file.parent, ("md",), name=name)

        self._start(job, Stage.EXPORT, Lane.IO)

    def _export_ended(self, task: Task) -> None:
        if task.error:
            self.troubled.emit(_trouble(task.error))
        elif task.state is State.DONE:
            written: Path = task.result[0]
            self.said.emit(_("Exported to “{name}”").format(name=written.name), None)
            self.change_settings(export_folder=str(written.parent))

    def copy(self, meeting_id: MeetingId) -> None:
        """Puts the meeting's Markdown on the clipboard."""

        def text(library: Library) -> str:
            from core import meetings

            return meetings.as_text(library, meeting_id, "md")

        def done(markdown: str) -> None:
            self.copied.emit(markdown)
            self.said.emit(_("Copied as Markdown"), None)

        self._ask(text, done)

    # --- settings ----------------------------------------------------------------------------------

    def change_settings(self, **changes: Any) -> None:
        """Keeps these fields of the settings from now on."""
        self.settings = settings = dataclasses.replace(self.settings, **changes)
        self.settings_changed.emit(settings)
        self._ask(lambda library: library.change_settings(settings))

    def look_for_models(self) -> None:
        """Lists the speech models on this machine."""
        folders = self.settings.model_folders

        def models(_library: Library) -> Any:
            from core import speech

            return speech.installed(folders, self.places.models)

        self._ask(models, self.models_found.emit, lane=Lane.IO)

    def add_model(self, folder: str) -> None:
        """Adds the speech model in `folder` and chooses it."""

        def check(_library: Library) -> str:
            from core import speech
            from core.values import TranscriptOptions

            return speech.find_model(TranscriptOptions(model=folder), (), self.places.models).folder

        def add(checked: str) -> None:
            folders = (*(one for one in self.settings.model_folders if one != checked), checked)
            self.change_settings(model_folders=folders, model=checked)
            self.look_for_models()

        self._ask(check, add, lane=Lane.IO)

    def look_for_microphones(self) -> None:
        """Lists the microphones; where there is none, an empty list."""

        def found(_library: Library) -> Any:
            from core.audio import devices

            try:
                return tuple(devices.microphones())
            except errors.SoundProblem:
                return ()

        self._ask(found, self.microphones_found.emit, lane=Lane.IO)

    def look_for_key(self) -> None:
        """Finds out whether there is a key for the remote provider."""

        def known(_library: Library) -> bool:
            from core import credentials

            return bool(credentials.mistral_key())

        self._ask(known, self._key_known, lane=Lane.IO)

    def keep_key(self, key: str) -> None:
        """Keeps the remote provider's key, '' removes it."""

        def keep(_library: Library) -> bool:
            from core import credentials

            return credentials.keep_mistral_key(key)

        def kept(*, in_keyring: bool) -> None:
            # Without the kept key there may still be one in the environment.
            self.look_for_key()
            if key and not in_keyring:
                self.said.emit(_("This system has no keyring, so the key lasts until you quit"), None)

        self._ask(keep, lambda in_keyring: kept(in_keyring=in_keyring), lane=Lane.IO)

    def _key_known(self, known: bool) -> None:
        self.has_key = known
        self.key_known.emit(known)

    # --- faults ------------------------------------------------------------------------------------

    def tell(self, fault: Exception) -> None:
        """Tells the person of a fault of ours in the window itself."""
        self.troubled.emit(_trouble(fault))

    # --- running things ----------------------------------------------------------------------------

    def _busy(self) -> bool:
        return any(task.lane is Lane.STORE for task in self._tasks.alive())

    def _priority(self, meeting_id: MeetingId | None) -> Priority:
        return Priority.ON_SCREEN if meeting_id == self._shown else Priority.QUEUE

    def _ask(
        self,
        question: Callable[[Library], _T],
        then: Callable[[_T], None] = lambda _answer: None,
        *,
        lane: Lane = Lane.STORE,
    ) -> None:
        """Has `question` answered on a lane and `then` called with the answer; a failure is told."""
        library = self._library
        if library is not None:
            self._run(lambda: question(library), then, self.troubled.emit, lane)

    def _run(
        self,
        question: Callable[[], _T],
        then: Callable[[_T], None],
        failed: Callable[[Trouble], None],
        lane: Lane = Lane.STORE,
    ) -> None:
        def ended(task: Task) -> None:
            if task.state is State.DONE:
                self._bridge.carry(lambda: then(task.result))
            elif task.error:
                trouble = _trouble(task.error)
                self._bridge.carry(lambda: failed(trouble))

        if not self._closing:
            self._tasks.start(_at_once(question), lane=lane, on_end=ended)

    def _start(
        self,
        job: Callable[[Library], Job[Any]],
        stage: Stage,
        lane: Lane,
        meeting_id: MeetingId | None = None,
    ) -> Task | None:
        if self._library is None or self._closing:
            return None
        return self._tasks.start(
            _begun(job, self._library),
            stage=stage,
            lane=lane,
            meeting_id=meeting_id,
            priority=self._priority(meeting_id),
            on_event=lambda task, event: self._bridge.carry(partial(self._on_event, task, event)),
            on_end=lambda task: self._bridge.carry(partial(self._on_end, task)),
        )

    def _on_event(self, task: Task, event: Event) -> None:
        match event:
            case MeetingChanged(meeting_id):
                if task.stage == Stage.RECORD:
                    self.show(meeting_id)
                self._refresh(meeting_id)
            case Progress() if task.stage == Stage.IMPORT and task.number in self._imports:
                entry = self._imports[task.number]
                self._set_import(dataclasses.replace(entry, fraction=event.fraction or 0.0))
            case Progress() if task.meeting_id and not task.stopping:
                self._set_activity(task.meeting_id, Activity(event.stage, event.fraction, event.seconds_left))
            case Waiting() if task.meeting_id and task.stage and not task.stopping:
                self._set_activity(task.meeting_id, Activity(task.stage, waiting=event))
            case SegmentsAdded(meeting_id, segments):
                for reading in self._readings:
                    if reading.meeting_id == meeting_id:
                        reading.since += segments
                self.segments_added.emit(meeting_id, segments)
            case Recording():
                self.recording = event
                self.recording_changed.emit(event)
            case Notice():
                self.troubled.emit(Trouble(messages.notice(event), ""))

    def _on_end(self, task: Task) -> None:
        match task.stage:
            case Stage.IMPORT:
                self._import_ended(task)
            case Stage.RECORD:
                self._recording_ended(task)
            case Stage.EXPORT:
                self._export_ended(task)
            case _:
                self._stage_ended(task)


def _trouble(error: Exception) -> Trouble:
    explanation = messages.explain(error)
    expected = isinstance(error, errors.Problem)
    details = "" if expected else "".join(traceback.format_exception(error))
    return Trouble(explanation.what, explanation.do, details)


# --- on the lanes' threads -------------------------------------------------------------------------


def _at_once(question: Callable[[], _T]) -> Generator[Event, None, _T]:
    """A job of one step."""
    yield from ()
    return question()


def _begun(job: Callable[[Library], Job[_T]], library: Library) -> Job[_T]:
    """A job that is made, with what it imports, on its lane."""
    return (yield from job(library))


def _everything(library: Library) -> tuple[int, tuple[Meeting, ...]]:
    return library.store.revision(), library.store.meetings()


def _recovered(library: Library) -> tuple[Meeting, ...]:
    from core import meetings

    return meetings.recover(library)


def _meeting(library: Library, meeting_id: MeetingId) -> Meeting | None:
    try:
        return library.store.meeting(meeting_id)
    except errors.MeetingUnknown:
        return None


def _page(library: Library, meeting_id: MeetingId) -> Page | None:
    meeting = _meeting(library, meeting_id)
    if meeting is None:
        return None
    store = library.store
    return Page(meeting, store.transcript(meeting_id), store.minutes(meeting_id), store.notes(meeting_id))


def _news(library: Library, revision: int) -> tuple[int, tuple[Meeting, ...]]:
    now = library.store.revision()
    if now == revision:
        return now, ()
    found = (_meeting(library, meeting_id) for meeting_id in library.store.changed_since(revision))
    return now, tuple(meeting for meeting in found if meeting)


def _stage(library: Library, work: Work) -> Job[Any]:
    from core import meetings

    if work.stage == Stage.TRANSCRIBE:
        return meetings.transcribe(library, work.meeting_id)
    return meetings.summarise(library, work.meeting_id)
