"""What a person can ask about where the library lies and how much room it takes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices

from core import paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, State, Task, Tasks
from core.values import Job, Stage, Storage
from desktop.bridge import Bridge
from desktop.commands.answers import Trouble, trouble
from desktop.commands.recordings import Recordings

if TYPE_CHECKING:
    from core.meetings import Copied, Library

Change = Callable[[], Job[paths.Folders]]
"""What is done with the library once nobody has it open here; it says where the library is then."""


class Storing(Recordings):
    """The library's folder."""

    storage_known = Signal(object)  # Storage
    library_moving = Signal(object)  # Progress; at last None
    closing_wanted = Signal(object)  # Change: the window closes, has it done, and opens again

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
                self.troubled.emit(trouble(task.error))
            elif task.state is State.DONE:
                self._switch(partial(_switched, task.result))

        if self._move is None and not self._recording_hinders():
            self._move = self._start(job, Stage.MOVE, Lane.IO, ended=ended)

    def stop_moving(self) -> None:
        """Ends the copying; the library stays where it is, and nothing stays of the copy."""
        if self._move:
            self._tasks.stop(self._move)

    def use_library(self, folder: Path) -> None:
        """Opens the library in `folder` instead, a new one where there is none; the former stays as it is."""
        if not self._recording_hinders():
            self._switch(partial(_chosen, self.places, folder))

    def _switch(self, change: Change) -> None:
        # A recording may have begun while the library was copied.
        if not self._recording_hinders():
            self.closing_wanted.emit(change)

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


def _chosen(places: paths.Folders, folder: Path) -> Job[paths.Folders]:
    from core import meetings

    yield from ()
    return meetings.use_library(places, folder)
