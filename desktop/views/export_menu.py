"""Taking a meeting elsewhere: what the page offers under Export and Share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QWidget

from core.messages import _
from core.values import Meeting
from desktop import printing
from desktop.commands import MARKDOWN, Commands
from desktop.views.actions import Actions, connect
from desktop.views.widgets import Question, file_dialog


class ExportMenu(QMenu):
    """What can be made of the meeting that was shown last; its actions work without the menu too."""

    def __init__(self, commands: Commands, actions: Actions, parent: QWidget) -> None:
        super().__init__(_("Export"), parent)
        self.setToolTipsVisible(True)
        self._commands = commands
        self._page = parent
        self._meeting: Meeting | None = None
        self._to_send: Meeting | None = None
        self.addActions([actions.export, actions.markdown])
        connect(actions.markdown, self._choose)
        connect(actions.copy, lambda: self._with(lambda meeting: commands.copy(meeting.id)))
        connect(actions.copy_rich, lambda: self._with(lambda meeting: commands.copy_rich(meeting.id)))
        connect(actions.print_out, lambda: self._with(commands.prepare_print))
        connect(actions.send, self._send)
        commands.printable.connect(self._print)
        commands.exported.connect(self._exported)

    def show_meeting(self, meeting: Meeting | None) -> None:
        """Offers this one from now on."""
        self._meeting = meeting

    def _with(self, call: Callable[[Meeting], object]) -> None:
        if self._meeting:
            call(self._meeting)

    def _choose(self) -> None:
        meeting = self._meeting
        if meeting is None:
            return
        dialog = file_dialog(self._page, _("Export as Markdown"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_("Markdown files (*.md)"))
        # The name may still get its ending; it is asked about once it is whole.
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        folder = self._commands.settings.export_folder or str(self._commands.places.exports)
        dialog.setDirectory(folder)
        dialog.selectFile(self._commands.export_name(meeting))
        dialog.fileSelected.connect(lambda file: self._export(meeting, Path(file)))
        dialog.open()

    def _export(self, meeting: Meeting, chosen: Path) -> None:
        """Writes to the chosen file, with the ending if it has none; asks before it replaces one."""
        file = chosen if chosen.name.endswith(MARKDOWN) else chosen.with_name(chosen.name + MARKDOWN)
        if not file.exists():
            self._commands.export(meeting.id, file)
            return
        question = ReplaceFile(file.name, self._page)
        question.accepted.connect(lambda: self._commands.export(meeting.id, file))
        question.open()

    def _send(self) -> None:
        if self._meeting:
            self._to_send = self._meeting
            self._commands.export_meetings((self._meeting.id,), self._commands.places.exports, ("pdf",))

    def _exported(self, files: tuple[Path, ...]) -> None:
        if self._to_send and files[0].parent == self._commands.places.exports:
            self._commands.mail(self._to_send.title, files)
        self._to_send = None

    def _print(self, title: str, html: str) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(title)
        dialog = QPrintDialog(printer, self._page)
        dialog.setWindowTitle(_("Print"))

        def answered(answer: int) -> None:
            if answer == QDialog.DialogCode.Accepted:
                self._commands.print_out(printing.options(printer), html)
            dialog.deleteLater()

        dialog.finished.connect(answered)
        dialog.setModal(True)
        dialog.show()


class ReplaceFile(Question):
    """Asks whether a file is to be replaced. Accepted: it is."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(
            parent,
            _("The file exists already"),
            _("“{name}” exists already. Its content would be lost.").format(name=name),
            yes=(_("Replace it"), _("Write the meeting in its place")),
            no=(_("Leave it"), _("Export nothing")),
        )
