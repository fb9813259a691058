"""The files that become the parts of one meeting, in the order in which they are heard."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QListWidgetItem, QWidget

from core import paths
from core.messages import _, ngettext
from desktop import theme, tips
from desktop.views.actions import KeysOf
from desktop.views.entries import Entries
from desktop.views.widgets import button, column, file_dialog, fit, label, row

SHEET = QSize(520, 400)
FILE = Qt.ItemDataRole.UserRole


def choose_parts(parent: QWidget, title: str) -> QFileDialog:
    """A dialog that asks for several audio or video files."""
    dialog = file_dialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    endings = " ".join(f"*.{ending}" for ending in sorted(paths.MEDIA))
    dialog.setNameFilters([_("Audio and video ({endings})").format(endings=endings), _("All files (*)")])
    return dialog


class PartsSheet(QDialog):
    """Puts them into another order by mouse or keys; they come by their names, part 2 before part 10."""

    import_wanted = Signal(object)  # tuple[str, ...]

    def __init__(self, files: Iterable[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Import as one meeting"))
        fit(self, SHEET)
        says = label(_("The files are heard one after the other, in this order."), wrap=True)
        self.list = Entries("parts")
        self.list.setAccessibleName(_("Parts of the meeting"))
        self.list.setToolTip(_("Drag a file to its place, or move it with Alt+Up and Alt+Down"))
        self.list.setDragDropMode(QListWidget.DragDropMode.InternalMove)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.up = button(
            "", lambda: self._move(-1), kind="quiet", icon="arrow-up", tip=_("Move the file up (Alt+Up)")
        )
        self.down = button(
            "",
            lambda: self._move(1),
            kind="quiet",
            icon="arrow-down",
            tip=_("Move the file down (Alt+Down)"),
        )
        self.leave_out = button(
            "", self._leave_out, kind="quiet", icon="trash", tip=_("Leave the file out (Del)")
        )
        self.more = button(_("Add files…"), self._choose_more, tip=_("Choose more files"))
        self.bring_in = button(
            _("Import"), self._import, kind="main", tip=_("Make one meeting of the files, in this order")
        )
        close = button(_("Cancel"), self.reject, tip=_("Import nothing"))
        beside = column(self.up, self.down, self.leave_out, None, space=theme.SPACE_1)
        middle = row(space=theme.SPACE_2)
        middle.addWidget(self.list, 1)
        middle.addLayout(beside)
        layout = column(says, space=theme.SPACE_4)
        layout.addLayout(middle, 1)
        layout.addLayout(row(self.more, None, close, self.bring_in))
        layout.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_4)
        self.setLayout(layout)
        KeysOf(
            self.list,
            {"Alt+Up": lambda: self._move(-1), "Alt+Down": lambda: self._move(1), "Del": self._leave_out},
        )
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        self.list.model().rowsMoved.connect(lambda *_where: self._enable())
        self._add(files)
        self.list.setFocus()

    def files(self) -> tuple[str, ...]:
        """The files in their order."""
        return tuple(str(self.list.item(place).data(FILE)) for place in range(self.list.count()))

    def _add(self, files: Iterable[str]) -> None:
        there = set(self.files())
        for file in sorted(set(files) - there, key=_natural):
            item = QListWidgetItem(Path(file).name, self.list)
            item.setData(FILE, file)
            item.setToolTip(tips.plain(file))
            item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsDropEnabled)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        self._enable()

    def _move(self, step: int) -> None:
        place = self.list.currentRow()
        if 0 <= place + step < self.list.count() and place >= 0:
            self.list.insertItem(place + step, self.list.takeItem(place))
            self.list.setCurrentRow(place + step)

    def _leave_out(self) -> None:
        if self.list.currentRow() >= 0:
            self.list.takeItem(self.list.currentRow())
            self._enable()

    def _choose_more(self) -> None:
        dialog = choose_parts(self, _("Add files"))
        dialog.filesSelected.connect(self._add)
        dialog.open()

    def _import(self) -> None:
        self.import_wanted.emit(self.files())
        self.accept()

    def _enable(self) -> None:
        place, count = self.list.currentRow(), self.list.count()
        self.up.setEnabled(place > 0)
        self.down.setEnabled(0 <= place < count - 1)
        self.leave_out.setEnabled(place >= 0)
        self.bring_in.setEnabled(count > 0)
        words = ngettext("Import {count} file", "Import {count} files", count)
        self.bring_in.setText(words.format(count=count) if count else _("Import"))


def _natural(file: str) -> list[tuple[int, str]]:
    """By the name as people count: its numbers by their size."""
    return [
        (int(part), "") if part.isdecimal() else (0, part)
        for part in re.split(r"(\d+)", Path(file).name.casefold())
    ]
