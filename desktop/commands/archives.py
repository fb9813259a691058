"""What a person can ask of the whole library as one file: a backup now and from time to time, and bringing one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from core import messages, paths
from core.messages import _
from core.settings import Settings
from core.tasks import Lane, State, Task, Tasks
from core.values import Job, Restored, Stage
from desktop.bridge import Bridge
from desktop.commands.answers import trouble
from desktop.commands.cutting import Cutting

if TYPE_CHECKING:
    from core.meetings import Library

DUE_MILLISECONDS = 30 * 60 * 1000
"""How often is looked whether a backup is due."""


class Archives(Cutting):
    """Backups and what is restored from them; one at a time."""

    archiving = Signal(object)  # Progress; at last None

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._archive: Task | None = None
        self._due = QTimer(self)
        self._due.setInterval(DUE_MILLISECONDS)
        self._due.timeout.connect(self.back_up_if_due)
        self.settings_kept.connect(self.back_up_if_due)

    def back_up_if_due(self) -> None:
        """Backs up where the settings want it by now; looks again from time to time."""

        def due(library: Library) -> bool:
            from core import meetings

            return meetings.backup_is_due(library)

        def answered(is_due: bool) -> None:
            if is_due:
                self._begin_backup(quiet=True)

        self._due.start()
        if self.settings.backup_days:
            self._ask(due, answered, lane=Lane.IO)

    def back_up(self) -> None:
        """Backs up now."""
        self._begin_backup(quiet=False)

    def _begin_backup(self, *, quiet: bool) -> None:
        def job(library: Library) -> Job[Path]:
            from core import meetings

            return meetings.back_up(library)

        def ended(task: Task) -> None:
            self._archive_ended(task)
            if task.state is State.DONE and not quiet:
                self.said.emit(_("Backed up to “{name}”").format(name=task.result.name), None)

        if self._archive is None:
            self._archive = self._start(job, Stage.BACKUP, Lane.IO, ended=ended)

    def restore_archive(self, path: Path) -> None:
        """Brings in what the library does not have of an archive."""

        def job(library: Library) -> Job[Restored]:
            from core import meetings

            return meetings.restore(library, path)

        def ended(task: Task) -> None:
            self._archive_ended(task)
            if task.state is State.DONE:
                self.said.emit(messages.restored(task.result), None)
                for meeting_id in task.result.added:
                    self._refresh(meeting_id)

        if self._archive is None:
            self._archive = self._start(job, Stage.RESTORE, Lane.IO, ended=ended)

    def stop_archive(self) -> None:
        """Ends the backup, of which nothing stays, or the restoring, of which all that is whole stays."""
        if self._archive:
            self._tasks.stop(self._archive)

    def _archive_ended(self, task: Task) -> None:
        self._archive = None
        self.archiving.emit(None)
        if task.error:
            self.troubled.emit(trouble(task.error))
