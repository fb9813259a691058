"""What a person can ask about a recording, and its text while it is made."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal

from core import errors, messages, paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, Priority, State, Task, Tasks
from core.values import (
    Failure,
    Job,
    LiveText,
    Meeting,
    MeetingId,
    Notice,
    Recording,
    Stage,
)
from desktop.bridge import Bridge
from desktop.commands.answers import Remedy, Trouble, trouble
from desktop.commands.archives import Archives
from desktop.models.states import Activity

if TYPE_CHECKING:
    from core.meetings import Library

POWER_MILLISECONDS = 10_000
"""How often a recording looks whether its text can be made now: the machine is on mains again, or the meeting free."""

RECOVER_MILLISECONDS = 3500
"""After this time recordings are looked for that nobody noted: more than `core` leaves to the door that began one."""

ATTEND_MILLISECONDS = 2000
"""After this time it is tried again to follow a recording that could not be reached."""

LONG_SILENCE = "long_silence"
HEARD_AGAIN = 5.0
"""Seconds: with less silence than this, the question whether a recording is forgotten has answered itself."""


class Recordings(Archives):
    """The one recording that is shown, whichever door started it."""

    recording_changed = Signal(object)  # Recording | None; None too when one is being started
    live_text_changed = Signal(object)  # LiveText | None

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self.recording: Recording | None = None
        self._recorder: Task | None = None
        self._recorded = MeetingId("")  # what it records, '' before its first block
        self._into = MeetingId("")  # what is about to be recorded on
        self.agreed = False
        """Whether the next recording begins with a note that who takes part agreed to it."""
        self._ours = True
        self._live: Task | None = None
        self._live_failed = False
        self._silence_asked = False
        self._power = QTimer(self)
        self._power.setInterval(POWER_MILLISECONDS)
        self._power.timeout.connect(self._fit_live_text)
        self.settings_kept.connect(self._try_live_text)
        self.meeting_changed.connect(self._notice_recording)

    @property
    def is_recording(self) -> bool:
        """Whether a recording runs or begins."""
        return self._recorder is not None

    @property
    def is_starting(self) -> bool:
        """Whether a recording was asked for here whose first sound is not there yet."""
        return self.is_recording and self._ours and self.recording is None

    @property
    def holds_recording(self) -> bool:
        """Whether a recording ends with this window: one of its own, or one that no other door shows any more."""
        if self._ours:
            return self.is_recording
        return self.recording is not None and self.recording.doors == 1

    # --- asked -------------------------------------------------------------------------------------

    def record(self) -> None:
        """Starts a recording of the sources that the settings name; what is played would be heard in it and ends."""
        self.pause_playing()
        self._record(None)

    def agree(self, agreed: bool) -> None:
        """That who takes part in the next recording agreed to it is noted with that one, or is not."""
        self.agreed = agreed

    def continue_recording(self, meeting_id: MeetingId) -> None:
        """Records on, into the meeting of an earlier recording; its text and minutes follow anew."""
        if self._recorder is None:
            self._into = meeting_id
            if task := self._tasks.of(meeting_id):
                # What is made of it now ends where the sound ended so far.
                self._tasks.stop(task)
        self._record(meeting_id)

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
        """Ends the running recording, whichever door began it; its text follows."""
        meeting_id = self._recorded
        if self._recorder and self._ours:
            self._tasks.stop(self._recorder)
        elif meeting_id:

            def stop(library: Library) -> None:
                from core import meetings

                meetings.stop_recording(library, meeting_id)

            # To leave it would not end it: the other door goes on.
            self._ask(stop, lane=Lane.RECORD)

    def bookmark(self) -> None:
        """Marks this moment of the running recording."""
        if self.recording:
            self.add_note(self.recording.meeting_id, self.recording.elapsed, "", bookmark=True)
            self.said.emit(
                _("Bookmark set at {time}").format(time=messages.clock(self.recording.elapsed)), None
            )

    def look_for_recordings(self) -> None:
        """Shows, soon, a recording that runs and was not noted, and closes what nobody records any more.

        Not at once: one that has just begun may still be noted by the door that began it.
        """
        QTimer.singleShot(RECOVER_MILLISECONDS, self._recover)

    # --- following a recording ---------------------------------------------------------------------

    def _record(self, into: MeetingId | None) -> None:
        agreed, self.agreed = self.agreed, False

        def job(library: Library) -> Job[MeetingId]:
            from core import meetings

            return meetings.record(library, into=into, consent=agreed, window=self._window())

        self._follow(job)

    def _window(self) -> list[str]:
        """What opens this window again, on the same library."""
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "desktop"]
        return [*program, "--data-dir", str(self.places.root)]

    def _follow(self, job: Callable[[Library], Job[Any]], *, ours: bool = True) -> None:
        if self._recorder is None:
            self._ours, self._live_failed = ours, False
            self._recorder = self._start(job, Stage.RECORD, Lane.RECORD)
            self.recording_changed.emit(None)

    def _notice_recording(self, meeting: Meeting) -> None:
        if meeting.recording_open:
            self._attend()

    def _attend(self) -> None:
        """Follows a recording that another door started, as if it had been started here."""

        def found(running: tuple[MeetingId, ...]) -> None:
            if running:
                self._follow(partial(_attended, meeting_id=running[0]), ours=False)

        if self._recorder is None:
            self._ask(_running, found)

    def _recording_began(self, meeting_id: MeetingId) -> None:
        if self._recorded != meeting_id:
            import structlog  # not before the first painting

            log = structlog.get_logger("window")
            log.info("recording shown", meeting=meeting_id, started_here=self._ours)
            self._recorded, self._into = meeting_id, MeetingId("")
            self.show(meeting_id)
            self._power.start()
            self._fit_live_text()

    def _recording_goes_on(self, recording: Recording) -> None:
        self.recording = recording
        self.recording_changed.emit(recording)
        if self._silence_asked and recording.silent < HEARD_AGAIN:
            self._settle_silence()

    def _ask_about_silence(self, notice: Notice) -> None:
        self._silence_asked = True
        stop = Remedy(_("Stop recording"), _("End the recording and transcribe it"), self.stop_recording)
        self.troubled.emit(Trouble(messages.notice(notice), "", kind=LONG_SILENCE, remedy=stop))

    def _settle_silence(self) -> None:
        self._silence_asked = False
        self.settled.emit(LONG_SILENCE)

    def _recording_ended(self, task: Task) -> None:
        meeting_id = self._recorded or self._into
        self._recorded = self._into = MeetingId("")
        self.recording = self._recorder = None
        self._power.stop()
        self._settle_silence()
        self._set_priorities()
        self.recording_changed.emit(None)
        if self._live:
            # It catches up, and is from now on the meeting's ordinary transcription.
            self._set_activity(meeting_id, Activity(Stage.TRANSCRIBE))
        if not self._ours and not meeting_id and isinstance(task.error, errors.RecorderDied):
            # It is just beginning or ending.
            QTimer.singleShot(ATTEND_MILLISECONDS, self._attend)
            return
        if task.error:
            self.troubled.emit(trouble(task.error))
        if meeting_id and (task.error or (task.state is State.DONE and not _by_silence(task))):
            self.noticed.emit(meeting_id, _("The recording has ended"))
        if meeting_id and task.error:
            # It could not be noted as ended perhaps, for want of space.
            self.look_for_recordings()
        if meeting_id:
            self._refresh(meeting_id, carry_on=True)
        self._attend()

    def _recover(self) -> None:
        library = self._library
        if library is not None:
            self._run(
                partial(_recovered, library),
                self._recovered_later,
                lambda _trouble: self.look_for_recordings(),
                Lane.IO,
            )

    def _recovered_later(self, answer: tuple[tuple[Meeting, ...], bool]) -> None:
        closed, left = answer
        for meeting in closed:
            self._refresh(meeting.id, carry_on=True)
        if left:
            self.look_for_recordings()

    # --- its text while it is made -----------------------------------------------------------------

    def _carry_on(self, meeting: Meeting) -> None:
        # What is about to be recorded on is not open yet, but its text would end where the sound ended so far.
        if meeting.id not in {self._into, self._recorded}:
            super()._carry_on(meeting)

    def _try_live_text(self) -> None:
        """Gives it another chance: what kept it from being made may have been chosen anew."""
        self._live_failed = False
        self._fit_live_text()

    def _fit_live_text(self) -> None:
        """Has the recording turned into text while it runs or not, as the settings and the power supply say."""
        if self._recorded and self.settings.live_text == "mains":
            self._ask(_on_battery, lambda battery: self._set_live_text(on=not battery), lane=Lane.IO)
        else:
            self._set_live_text(on=self.settings.live_text == "on")

    def _set_live_text(self, *, on: bool) -> None:
        meeting_id = self._recorded
        if not meeting_id:
            return
        if not on and self._live:
            self._tasks.stop(self._live)
        elif (
            on and not self._live_failed and not self._tasks.of(meeting_id) and not self._listens(meeting_id)
        ):
            job = partial(_transcribed, meeting_id=meeting_id)
            self._live = self._start(job, Stage.TRANSCRIBE, Lane.COMPUTE, meeting_id, Priority.LIVE)

    def _listens(self, meeting_id: MeetingId) -> bool:
        """Whether its text is being made: its task may have ended, but how that ended is not known here yet."""
        return self._live is not None and self._live.meeting_id == meeting_id

    def _priority(self, meeting_id: MeetingId | None) -> Priority:
        if meeting_id and meeting_id == self._recorded:
            return Priority.LIVE
        return super()._priority(meeting_id)

    def _show_live_text(self, task: Task, text: LiveText) -> None:
        if task is self._live:
            self.live_text_changed.emit(text)

    def _stage_ended(self, task: Task) -> None:
        live = task is self._live
        if live:
            self._live = None
            self.live_text_changed.emit(None)
        if task.meeting_id != self._recorded:
            super()._stage_ended(task)
        elif not live or task.state is State.STOPPED:
            # What was being made of an earlier part of this recording has given way, or the settings have changed.
            self._set_activity(self._recorded, None)
            self._fit_live_text()
        elif task.error and not isinstance(task.error, errors.MeetingBusy | errors.MeetingUnknown):
            # A recording without a sound is forgotten while its text is still listened for.
            self._live_failed = True
            self.troubled.emit(_no_live_text(task.error))


def _by_silence(task: Task) -> bool:
    last = task.latest.get(Notice)
    return isinstance(last, Notice) and last.kind == "ended_by_silence"


def _no_live_text(error: Exception) -> Trouble:
    expected = isinstance(error, errors.Problem)
    failure = errors.to_failure(error) if isinstance(error, errors.Problem) else Failure(type(error).__name__)
    notice = Notice("no_live_text", {"failure": failure})
    return Trouble(messages.notice(notice), "", "" if expected else trouble(error).details)


# --- on the lanes' threads -------------------------------------------------------------------------


def _running(library: Library) -> tuple[MeetingId, ...]:
    from core import meetings

    return meetings.running(library)


def _recovered(library: Library) -> tuple[tuple[Meeting, ...], bool]:
    """The recordings that were closed now, and whether there are others that nobody records and that could not be."""
    from core import meetings

    closed = meetings.recover(library)
    live = meetings.running(library)
    return closed, any(meeting.id not in live for meeting in library.store.open_recordings())


def _attended(library: Library, meeting_id: MeetingId) -> Job[MeetingId]:
    from core import meetings

    return meetings.attend(library, meeting_id)


def _transcribed(library: Library, meeting_id: MeetingId) -> Job[Any]:
    from core import meetings

    return meetings.transcribe(library, meeting_id)


def _on_battery(_library: Library) -> bool:
    from core import power

    return power.on_battery()
