"""What a person can ask about where the library lies and how much room it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from core import messages, paths
from core.messages import _, ngettext
from core.settings import Settings
from core.tasks import Lane, State, Task, Tasks
from core.values import Job, Meeting, Stage, Storage
from desktop.bridge import Bridge
from desktop.commands.answers import Trouble, trouble
from desktop.commands.recordings import Recordings

if TYPE_CHECKING:
    from core.meetings import Copied, Library

Change = Callable[[], Job[paths.Folders]]
"""What is done with the library once nobody has it open here; it says where the library is then."""


CANNOT_MOVE = "cannot move"
"""The kind of trouble that moving the library met; the next try ends it."""


class Storing(Recordings):
    """The library's folder."""

    storage_known = Signal(object)  # Storage
    library_moving = Signal(object)  # Progress; at last None
    closing_wanted = Signal(object, object)
    """A `Change`: the window closes, has it done, and opens again; and what is called where the person rather stays."""

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._move: Task | None = None

    @property
    def is_moving(self) -> bool:
        """Whether the library is being copied to another folder."""
        return self._move is not None

    def look_at_storage(self) -> None:
        """Finds out, with `storage_known`, how much room everything takes."""

        def look(library: Library) -> Storage:
            from core import meetings

            return meetings.measure_storage(library)

        self._ask(look, self.storage_known.emit, lane=Lane.IO)

    def remove_sound(self, *meetings: Meeting) -> None:
        """Removes the sound of meetings for good; all else of them stays."""
        ids = [meeting.id for meeting in meetings]

        def job(library: Library) -> Job[int]:
            from core import meetings

            return meetings.remove_sound(library, ids)

        def ended(task: Task) -> None:
            if task.error:
                self.troubled.emit(trouble(task.error))
            elif task.state is State.DONE:
                freed = _("{size} were freed").format(size=messages.size(task.result))
                self.said.emit(freed if task.result else _("The sound is in use; nothing was deleted"), None)
            for meeting_id in ids:
                self._refresh(meeting_id)

        if self._shown in ids:
            self.close_sound()
        self._start(job, None, Lane.IO, told=lambda _task, _event: None, ended=ended)

    def erase_library(self) -> None:
        """Removes every meeting and all that was learned of the person; what is being recorded stays."""

        def job(library: Library) -> Job[int]:
            from core import meetings

            return meetings.erase(library)

        def ended(task: Task) -> None:
            if task.error:
                self.troubled.emit(trouble(task.error))
            elif task.state is State.DONE:
                gone = ngettext("{count} meeting was deleted", "{count} meetings were deleted", task.result)
                self.said.emit(gone.format(count=task.result), None)
            self.read_bin()
            self.read_action_items()

        self.close_sound()
        for task in self._tasks.alive():
            if task.meeting_id and task.stage is not Stage.RECORD:
                self._tasks.stop(task)
        self._start(job, None, Lane.IO, told=self._look_again, ended=ended)

    def tell_folder(self) -> None:
        """Tells where the library is now."""
        folder = paths.short(str(self.places.root))
        self.said.emit(_("The library is in “{folder}” now").format(folder=folder), None)

    def open_library_folder(self) -> None:
        """Shows the library's folder in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.places.root)))

    def move_library(self, folder: Path) -> None:
        """Copies the library into `folder` while it is in use, then closes the window to switch to the copy."""

        def job(library: Library) -> Job[Copied]:
            from core import meetings

            return meetings.copy_library(library.places, folder)

        def ended(task: Task) -> None:
            self._move = None
            self.library_moving.emit(None)
            if task.error:
                self.troubled.emit(replace(trouble(task.error), kind=CANNOT_MOVE))
            elif task.state is State.DONE:
                drop = partial(self._ask, partial(_dropped, copied=task.result), lane=Lane.IO)
                self._switch(partial(_switched, task.result), drop)

        if self._move is None and not self._recording_hinders():
            self.settled.emit(CANNOT_MOVE)
            self._move = self._start(job, Stage.MOVE, Lane.IO, ended=ended)

    def stop_moving(self) -> None:
        """Ends the copying; the library stays where it is, and nothing stays of the copy."""
        if self._move:
            self._tasks.stop(self._move)

    def use_library(self, folder: Path) -> None:
        """Opens the library in `folder` instead, a new one where there is none; the former stays as it is."""
        if not self._recording_hinders():
            self._switch(partial(_chosen, self.places, folder))

    def _switch(self, change: Change, stay: Callable[[], object] = lambda: None) -> None:
        # A recording may have begun while the library was copied.
        if self._recording_hinders():
            stay()
        else:
            self.closing_wanted.emit(change, stay)

    def _recording_hinders(self) -> bool:
        if self.is_recording:
            self.troubled.emit(
                Trouble(_("A recording is running."), _("Stop it before the library changes its folder."))
            )
        return self.is_recording


# --- on the lanes' threads -------------------------------------------------------------------------


def _switched(copied: Copied) -> Job[paths.Folders]:
    from core import meetings

    return (yield from meetings.switch_library(copied))


def _dropped(_library: Library, copied: Copied) -> None:
    from core import meetings

    meetings.drop_copy(copied)


def _chosen(places: paths.Folders, folder: Path) -> Job[paths.Folders]:
    from core import meetings

    yield from ()
    return meetings.use_library(places, folder)
