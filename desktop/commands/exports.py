"""What a person can ask of the files that leave the library: previews, exports, copies, mails."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from PySide6.QtCore import QProcess, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from core import errors, messages, paths
from core.messages import _, ngettext
from core.settings import Settings, export_choices
from core.tasks import Lane, State, Task, Tasks
from core.values import Exported, Job, Meeting, MeetingId, Preview, Stage
from desktop import printing
from desktop.bridge import Bridge
from desktop.commands.answers import Trouble, trouble
from desktop.commands.wording import Wording

if TYPE_CHECKING:
    from core.meetings import FolderWatch, Library

WATCH_MILLISECONDS = 5000
"""How often the watched folder is looked into."""

EXAMPLE = paths.RESOURCES / "export" / "example.md.j2"
"""A template to begin with."""

MARKDOWN = ".md"
"""The ending of a Markdown file."""


class Exports(Wording):
    """Meetings as files and on the clipboard, as the settings say what of them."""

    formats_found = Signal(object)  # the names of the formats there are
    previewed = Signal(object)  # Preview, or Trouble where there is none
    exporting = Signal(object)  # Progress; at last None
    exported = Signal(object)  # the paths that were written
    copied = Signal(str, str)  # text, and HTML where it has a layout
    printable = Signal(str, str)  # the title as a file can be called, and the meeting as HTML

    def __init__(self, places: paths.Folders, settings: Settings, tasks: Tasks, bridge: Bridge) -> None:
        super().__init__(places, settings, tasks, bridge)
        self._previews = 0
        self._exporting: Task | None = None
        self._watch: FolderWatch | None = None
        self._watching: Task | None = None
        self._inbox = QTimer(self)
        self._inbox.setInterval(WATCH_MILLISECONDS)
        self._inbox.timeout.connect(self._look_into_folder)
        self.settings_kept.connect(self.watch_folder)

    def look_for_formats(self) -> None:
        """Lists the formats, those of the person's own templates too."""

        def formats(library: Library) -> tuple[str, ...]:
            from core import meetings

            return meetings.export_formats(library)

        self._ask(formats, self.formats_found.emit, lane=Lane.IO)

    def open_templates(self) -> None:
        """Shows the folder of the person's own templates; where it is empty it gets one to begin with."""

        def filled(library: Library) -> Path:
            from core import export

            folder = library.places.templates
            if not export.own_templates(folder):
                paths.write_private(folder / EXAMPLE.name, EXAMPLE.read_bytes())
            return folder

        def shown(folder: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
            self.look_for_formats()

        self._ask(filled, shown, lane=Lane.IO)

    def preview(self, meeting_id: MeetingId, kind: str) -> None:
        """Shows how a meeting would begin in a format."""
        choices = export_choices(self.settings)
        self._previews += 1
        wish = self._previews

        def shown(library: Library) -> Preview | Trouble:
            from core import meetings

            try:
                return meetings.preview(library, meeting_id, kind, choices)
            except errors.Problem as problem:
                return trouble(problem)

        def found(answer: Preview | Trouble) -> None:
            if wish == self._previews:  # nothing else was asked for meanwhile
                self.previewed.emit(answer)

        self._ask(shown, found, lane=Lane.IO)

    def export_name(self, meeting: Meeting) -> str:
        """The file name that is proposed for a meeting's Markdown."""
        from core.export import safe_name

        return safe_name(meeting.title) + MARKDOWN

    def export(self, meeting_id: MeetingId, file: Path) -> None:
        """Writes the meeting to `file`, whose name ends in `MARKDOWN`; a file that is there is replaced."""
        name = file.name.removesuffix(MARKDOWN)

        def job(library: Library) -> Job[Exported]:
            from core import meetings

            written = yield from meetings.export(library, meeting_id, file.parent, ("md",), name=name)
            return Exported(tuple(map(str, written)))

        self._start(job, Stage.EXPORT, Lane.IO)

    def export_meetings(self, meeting_ids: Sequence[MeetingId], folder: Path, formats: Sequence[str]) -> None:
        """Writes meetings into a folder, over nothing that is there, as the settings say."""
        choices, pattern = export_choices(self.settings), self.settings.export_name

        def job(library: Library) -> Job[Exported]:
            from core import meetings

            return meetings.export_many(
                library, meeting_ids, folder, formats, choices=choices, pattern=pattern or "{date} {title}"
            )

        self._exporting = self._start(job, Stage.EXPORT, Lane.IO)

    def stop_export(self) -> None:
        """Ends the export that runs; what is written stays."""
        if self._exporting:
            self._tasks.stop(self._exporting)

    def _export_ended(self, task: Task) -> None:
        self.exporting.emit(None)
        if task.error:
            self.troubled.emit(trouble(task.error))
        elif task.state is State.DONE:
            result: Exported = task.result
            for title, failure in result.failed:
                why = messages.explain(errors.from_failure(failure))
                self.troubled.emit(Trouble(f"{title}: {why.what}", why.do))
            if result.paths:
                self._tell_written(list(map(Path, result.paths)))

    def _tell_written(self, written: list[Path]) -> None:
        self.change_settings(export_folder=str(written[0].parent))
        self.exported.emit(tuple(written))
        if len(written) == 1:
            self.said.emit(_("Exported to “{name}”").format(name=written[0].name), None)
            return
        said = ngettext("{count} file in “{folder}”", "{count} files in “{folder}”", len(written))
        self.said.emit(said.format(count=len(written), folder=written[0].parent.name), None)

    def copy(self, meeting_id: MeetingId) -> None:
        """Puts the meeting's Markdown on the clipboard."""
        choices = export_choices(self.settings)

        def text(library: Library) -> str:
            from core import meetings

            return meetings.as_text(library, meeting_id, "md", choices)

        def done(markdown: str) -> None:
            self.copied.emit(markdown, "")
            self.said.emit(_("Copied as Markdown"), None)

        self._ask(text, done)

    def copy_rich(self, meeting_id: MeetingId) -> None:
        """Puts the meeting on the clipboard as mails and word processors take it."""
        choices = export_choices(self.settings)

        def page(library: Library) -> tuple[str, str]:
            from core import meetings

            html = meetings.rich_text(library, meeting_id, choices)
            return meetings.as_text(library, meeting_id, "txt", choices), html

        def done(both: tuple[str, str]) -> None:
            self.copied.emit(*both)
            self.said.emit(_("Copied with its layout"), None)

        self._ask(page, done, lane=Lane.IO)

    def prepare_print(self, meeting: Meeting) -> None:
        """Makes what is printed of a meeting."""
        choices = export_choices(self.settings)

        def page(library: Library) -> str:
            from core import meetings

            return meetings.rich_text(library, meeting.id, choices)

        # A printer to a file proposes this name for it.
        name = self.export_name(meeting).removesuffix(MARKDOWN)
        self._ask(page, lambda html: self.printable.emit(name, html), lane=Lane.IO)

    def print_out(self, chosen: dict[str, Any], html: str) -> None:
        """Prints a page as was chosen in the print dialog (`printing.options`)."""

        def done(printed: bool) -> None:
            if not printed:
                what, do = (
                    _("The meeting could not be printed."),
                    _("See to the printer, then print it again."),
                )
                self.troubled.emit(Trouble(what, do))
            elif chosen["file"]:
                self.said.emit(_("Printed to “{name}”").format(name=Path(chosen["file"]).name), None)
            else:
                self.said.emit(_("Sent to {printer}").format(printer=chosen["printer"]), None)

        self.said.emit(_("Printing…"), None)
        self._ask(lambda _library: printing.send(chosen, html), done, lane=Lane.IO)

    def mail(self, title: str, files: Sequence[Path]) -> None:
        """Opens a mail with these files, or, where the system cannot attach them, an empty one and their folder."""
        program = shutil.which("xdg-email") if sys.platform.startswith("linux") else None
        if program:
            attached = [part for file in files for part in ("--attach", str(file))]
            QProcess.startDetached(program, ["--utf8", "--subject", title, *attached])
            return
        QDesktopServices.openUrl(QUrl(f"mailto:?subject={quote(title)}"))
        self.show_files(files)

    def show_files(self, files: Sequence[Path]) -> None:
        """Shows files in the system's file manager."""
        if sys.platform == "win32":
            QProcess.startDetached("explorer", ["/select,", str(files[0])])
        elif sys.platform == "darwin":
            QProcess.startDetached("open", ["-R", *map(str, files)])
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(files[0].parent)))

    # --- the watched folder ------------------------------------------------------------------------

    def watch_folder(self) -> None:
        """Takes in what comes into the folder that the settings name, from now on; nothing where they name none."""
        folder = self.settings.watch_folder
        if not folder:
            self._watch = None
            self._inbox.stop()
        elif self._watch is None or self._watch.folder != Path(folder):
            self._ask(partial(_watch_of, folder=Path(folder)), self._watch_begins, lane=Lane.IO)

    def _watch_begins(self, watch: FolderWatch) -> None:
        if self.settings.watch_folder == str(watch.folder):
            self._watch = watch
            self._inbox.start()
            self._look_into_folder()

    def _look_into_folder(self) -> None:
        watch = self._watch
        if watch and self._watching is None:
            self._watching = self._start(
                lambda _library: watch.look(), Stage.IMPORT, Lane.IO, ended=self._looked
            )

    def _looked(self, task: Task) -> None:
        self._watching = None
        if task.error:
            self.troubled.emit(replace(trouble(task.error), kind="watched"))
        for meeting_id in task.result or ():
            self._refresh(meeting_id, carry_on=True)


# --- on the lanes' threads -------------------------------------------------------------------------


def _watch_of(library: Library, folder: Path) -> FolderWatch:
    from core import meetings

    return meetings.FolderWatch(library, folder)
