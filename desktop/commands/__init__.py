"""What a person can ask of the window, one method each, and the signals that follow.

The only part of the window that knows `core.meetings`, the store and the tasks. Questions and edits run one after
the other in the store lane, long jobs in theirs; nothing here blocks the interface thread, and
every signal is sent on it. Heavy parts of `core` are imported on a lane's thread.

    Commands     opens and closes the library, and takes what jobs tell
    Storing      where the library lies, and how much room it takes
    Recordings   the recording and its live text
    Archives     backups, and what comes back from them
    Cutting      passages cut from a meeting, and brought back
    Inquiring    questions about a meeting, or about all
    Finding      the search, several meetings at once, the bin
    Speaking     who says what, and the voices that are remembered
    Wording      the person's changes to the text
    Edits        their other changes, with undo and redo
    Importing    what is brought in
    Transcribing the text as a whole
    Meetings     the meetings, and what is being done with them
    Listening    the sound of the meeting that is shown
    Choices      settings and what there is to choose from
    Interface    the local interface for other programs
    Diagnosis    this machine, the health of every part, the log
    Asking       questions and jobs on the lanes
"""

from __future__ import annotations

import dataclasses
import os
import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from core import messages, paths
from core.tasks import Lane, Task
from core.values import (
    Event,
    LiveText,
    Meeting,
    MeetingChanged,
    MeetingId,
    Notice,
    Progress,
    Recording,
    SegmentsAdded,
    Stage,
    Waiting,
    Work,
)
from desktop.commands.answers import (
    Consent,
    Draft,
    Import,
    Inquiry,
    Offer,
    Page,
    Remedy,
    Trouble,
    Vocabulary,
)
from desktop.commands.exports import MARKDOWN
from desktop.commands.interface import Interface
from desktop.commands.pages import everything
from desktop.commands.recordings import LONG_SILENCE
from desktop.models.states import Activity

if TYPE_CHECKING:
    from core.meetings import Library

__all__ = [
    "MARKDOWN",
    "Commands",
    "Consent",
    "Draft",
    "Import",
    "Inquiry",
    "Offer",
    "Page",
    "Remedy",
    "Trouble",
    "Vocabulary",
]

RECORDING_SECONDS = 10.0
"""How long quitting waits for a recording to end; it takes less than one, but the machine may be busy."""

PAINTED_MILLISECONDS = 20
"""After this time the list of meetings has been painted, as soon as there is nothing else to do."""


class Commands(Interface):
    """The window's one way to `core`."""

    opened = Signal()
    could_not_open = Signal(object)  # Trouble

    begins_with = MeetingId("")
    """The meeting that is shown first, where the library has it; else it is the newest."""

    # --- open and close ----------------------------------------------------------------------------

    def open(self) -> None:
        """Lists the meetings, opens the library, repairs what a crash left, follows what is recorded, carries on."""
        self._run(partial(_first_look, self.places), self._glanced, lambda _trouble: self._open_store())

    def _glanced(self, answer: tuple[int, tuple[Meeting, ...]] | None) -> None:
        """Shows what there is. Only then is the store opened: what it imports leaves the window no time to paint."""
        if answer and answer[1]:
            self._listed(answer)
            QTimer.singleShot(PAINTED_MILLISECONDS, self, self._open_store)
        else:
            self._open_store()

    def _open_store(self) -> None:
        again = False

        def opening() -> Library:
            nonlocal again
            from core import logs
            from core.audio import recorder
            from core.meetings import Library

            again = bool(os.environ.pop(recorder.WINDOW_AGAIN, ""))

            # Before the library, so that what keeps it from opening is in the log.
            paths.create(self.places)
            logs.start(self.places, "window")
            return Library(self.places)

        def opened(library: Library) -> None:
            self._library = library
            self._ask_early()
            if self._shown:
                self._read_shown()
            self._ask(everything, self._listed)
            self._ask(lambda library: library.store.unkept(), self._bring_back)
            self._attend()
            self._run(partial(_recovered, library), repaired, could_not_repair, Lane.IO)

        def repaired(meetings: tuple[Meeting, ...]) -> None:
            # Not earlier: a recording that is just being started looks like one that a crash left.
            self.opened.emit()
            self._look.start()
            self.watch_folder()
            self.back_up_if_due()
            self._checkup.start()
            self.fit_interface()
            self.look_for_recordings()
            self.look_for_key()
            self.look_for_models()
            self._index()
            self.remove_old()
            self.read_action_items()
            if again:
                self.troubled.emit(Trouble(messages.notice(Notice("window_again")), ""))
            self._recovered(meetings)

        def could_not_repair(trouble: Trouble) -> None:
            repaired(())
            self.troubled.emit(trouble)

        self._run(opening, opened, self.could_not_open.emit)

    def _index(self, more: bool = True) -> None:
        """Makes what a library from before there was a search has heard searchable, a piece at a time."""
        if more:
            self._ask(lambda library: library.store.index_some(), self._index, lane=Lane.IO)

    def _listed(self, answer: tuple[int, tuple[Meeting, ...]]) -> None:
        self._revision, meetings = answer
        before, self._seen = self._seen, {meeting.id: meeting.revision for meeting in meetings}
        self.meetings_listed.emit(meetings)
        if self._shown in before and before[self._shown] != self._seen.get(self._shown):
            # Its page may have been read just before another program changed it.
            self._read_page(self._shown)
        if meetings and not self._shown:
            known = any(meeting.id == self.begins_with for meeting in meetings)
            self.show(self.begins_with if known else meetings[0].id)

    def _recovered(self, meetings: tuple[Meeting, ...]) -> None:
        if meetings:
            self.said.emit(messages.notice(messages.recovered(meetings)), None)
        self._ask(lambda library: library.store.work(), self._carry_on_all)

    def _carry_on_all(self, work: tuple[Work, ...]) -> None:
        for meeting_id in dict.fromkeys(one.meeting_id for one in work):
            self._refresh(meeting_id, carry_on=True)

    def close(self, seconds: float) -> bool:
        """Lets edits reach the store, stops every task, closes the library, within `seconds`.

        A recording ends, unless it goes on with another door; see `holds_recording`. It is waited for longer: its
        recorder would open another window for one that goes without a word.
        False: a thread is still in the middle of a step, and only the end of the process ends it.
        """
        began = time.monotonic()
        self.close_sound()
        self._closing = True
        self.search("")
        self._look.stop()
        self._inbox.stop()
        self._due.stop()
        self._power.stop()
        self._checkup.stop()
        if self._recorder:
            self._tasks.stop(self._recorder)
        while (
            self._recorder and not self._recorder.state.final and time.monotonic() < began + RECORDING_SECONDS
        ):
            time.sleep(0.005)
        while self._busy() and time.monotonic() < began + seconds:
            time.sleep(0.005)
        ended = self._tasks.close(max(0.0, began + seconds - time.monotonic()))
        self._bridge.close()
        if self._library:
            self._library.close()
            self._library = None
        return ended

    # --- what jobs tell ----------------------------------------------------------------------------

    def _on_event(self, task: Task, event: Event) -> None:  # noqa: C901  one table, as match
        self._takes_turn(task)
        match event:
            case MeetingChanged(meeting_id):
                if task.stage == Stage.RECORD:
                    self._recording_began(meeting_id)
                self._refresh(meeting_id)
            case Recording():
                self._recording_goes_on(event)
            case LiveText():
                self._show_live_text(task, event)
            case Progress() if task.stage == Stage.IMPORT and task.number in self._imports:
                entry = self._imports[task.number]
                self._set_import(dataclasses.replace(entry, fraction=event.fraction or 0.0))
            case Progress() if task.stage == Stage.EXPORT:
                self.exporting.emit(event)
            case Progress() if task.stage == Stage.MOVE:
                self.library_moving.emit(event)
            case Progress() if task.stage in {Stage.BACKUP, Stage.RESTORE}:
                self.archiving.emit(event)
            case Progress() if task.meeting_id and not task.stopping and task.meeting_id != self._recorded:
                self._set_activity(task.meeting_id, _activity(event))
            case Waiting() if task.meeting_id and task.stage and not task.stopping:
                self._set_activity(task.meeting_id, Activity(task.stage, waiting=event))
            case SegmentsAdded(meeting_id, segments):
                for reading in self._readings:
                    if reading.meeting_id == meeting_id:
                        reading.since += segments
                self.segments_added.emit(meeting_id, segments)
            case Notice(kind) if kind == LONG_SILENCE:
                self._ask_about_silence(event)
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


def _activity(progress: Progress) -> Activity:
    return Activity(
        progress.stage,
        progress.fraction,
        progress.seconds_left,
        part=progress.part,
        parts=progress.parts,
        tokens=progress.tokens,
    )


# --- on the lanes' threads -------------------------------------------------------------------------


def _first_look(places: paths.Folders) -> tuple[int, tuple[Meeting, ...]] | None:
    from core.store import listing

    return listing.first_look(places.database)


def _recovered(library: Library) -> tuple[Meeting, ...]:
    from core import meetings

    return meetings.recover(library)
