"""What a person brings into the library: sound, video, transcripts, one by one or as the parts of a meeting."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from core import errors, messages, paths
from core.settings import Settings
from core.tasks import Lane, State, Task, Tasks
from core.values import Job, MeetingId, Source, Stage
from desktop.bridge import Bridge
from desktop.commands.answers import Import, trouble
from desktop.commands.transcribing import Transcribing

if TYPE_CHECKING:
    from core.meetings import Library


class Importing(Transcribing):
    """The imports that run, and what becomes of them."""

    folders_read = Signal(object)  # tuple[str, ...], the files of folders that can be imported
    imports_changed = Signal(object)  # tuple[Import, ...]

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._imports: dict[int, Import] = {}

    def import_files(self, files: Iterable[str]) -> None:
        """Takes audio, video and transcripts into the library, then makes what text and minutes they lack.

        What lies in folders is looked for first, and told by `folders_read`. Before the library is open, it waits.
        """
        given = [Path(file) for file in files]
        if self._library is None:
            self._early.append(lambda: self.import_files(map(str, given)))
            return
        folders = [path for path in given if path.is_dir()]
        for path in given:
            if path not in folders:
                self._import(path, Source.IMPORT)
        if folders:
            self._ask(lambda _library: _files_in(folders), partial(self._folders_read, folders), lane=Lane.IO)

    def _folders_read(self, folders: list[Path], files: tuple[str, ...]) -> None:
        if files:
            self.folders_read.emit(files)
        else:
            for folder in folders:
                self._import(folder, Source.IMPORT)  # which says what is wrong with it

    def import_parts(self, files: Iterable[str]) -> None:
        """Takes several files in as the parts of one meeting, in their order."""
        parts = [*map(Path, files)]

        def job(library: Library) -> Job[MeetingId]:
            from core import meetings

            meeting_id = yield from meetings.import_parts(library, parts)
            meetings.ask_for_text(library, meeting_id)
            return meeting_id

        task = self._start(job, Stage.IMPORT, Lane.IO)
        if task:
            self._set_import(Import(task.number, parts[0].name, 0.0))

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

            if path.suffix.lower().removeprefix(".") in paths.TRANSCRIPTS:
                return (yield from meetings.import_transcript(library, path))
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
        entry = self._imports.pop(task.number, None)
        since = entry.since if entry else 0.0
        self.imports_changed.emit(tuple(self._imports.values()))
        if task.state is State.DONE:
            recording = any(other.stage == Stage.RECORD for other in self._tasks.alive())
            if not self._shown or not (self._imports or recording):
                self._show_or_offer(task.result, since)
            self._refresh(task.result, carry_on=True)
        elif isinstance(task.error, errors.AlreadyImported):
            meeting_id, told = MeetingId(task.error.meeting_id), messages.explain(task.error).what
            self._refresh(meeting_id)
            self.said.emit(told, None)
            self._show_or_offer(meeting_id, since, told)
        elif task.error:
            self.troubled.emit(trouble(task.error))


# --- on the lanes' threads -------------------------------------------------------------------------


def _files_in(folders: list[Path]) -> tuple[str, ...]:
    """Every file in the folders, and in those within them, that can be imported."""
    known = paths.MEDIA | paths.TRANSCRIPTS
    found = (
        Path(folder) / name
        for top in folders
        for folder, _within, names in os.walk(top)
        for name in names
        if not name.startswith(".") and Path(name).suffix.lower().removeprefix(".") in known
    )
    return tuple(map(str, sorted(found)))
