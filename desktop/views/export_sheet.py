"""The export sheet: formats, what is in them, how it looks, where it goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QGridLayout,
    QLineEdit,
    QListWidgetItem,
    QProgressBar,
    QScrollArea,
    QTextBrowser,
    QWidget,
)

from core import messages
from core.messages import _, ngettext
from core.values import SOUNDS, Format, Meeting, Preview, Progress, Section
from desktop import theme
from desktop.commands import Commands, Trouble
from desktop.views import tab_order
from desktop.views.entries import Entries
from desktop.views.widgets import (
    announce,
    button,
    choice,
    column,
    file_dialog,
    fit,
    hand_keyboard,
    label,
    row,
)

SHEET = QSize(960, 660)
CHOICES_WIDTH = 310
FORMATS_HEIGHT = 168
ROWS = 5
WAIT_MILLISECONDS = 150
"""How long after a change the preview is made anew."""

PARTS = (
    Section.OVERVIEW,
    Section.DECISIONS,
    Section.ACTION_ITEMS,
    Section.KEY_POINTS,
    Section.OPEN_QUESTIONS,
    Section.CHAPTERS,
    Section.NOTES,
)


def parts() -> dict[str, str]:
    """What can be left out of an export, by its name in the settings, in words."""
    return {
        **{str(section): messages.section_label(section) for section in PARTS},
        "transcript": _("Transcript"),
        "speakers": _("Who speaks"),
        "times": _("Times"),
    }


def choose_folder(owner: QWidget, title: str, now: str) -> QFileDialog:
    """A dialog that asks for a folder."""
    dialog = file_dialog(owner, title)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setDirectory(now)
    return dialog


class ExportSheet(QDialog):
    """Writes one meeting or several as files; what is chosen here is kept in the settings."""

    def __init__(self, commands: Commands, meetings: Sequence[Meeting], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, SHEET)
        self._commands = commands
        self._meetings = tuple(meetings)
        self._busy = False
        self._written: tuple[Path, ...] = ()
        title = (
            _("Export “{title}”").format(title=meetings[0].title)
            if len(meetings) == 1
            else ngettext("Export {count} meeting", "Export {count} meetings", len(meetings)).format(
                count=len(meetings)
            )
        )
        self.setWindowTitle(title)
        self.formats = Entries("formats")
        self.formats.setAccessibleName(_("Formats"))
        self.formats.setToolTip(_("Tick the formats that are written; the chosen one is shown beside"))
        self.formats.setFixedHeight(FORMATS_HEIGHT)
        self.templates = button(
            _("Own templates…"),
            self._open_templates,
            kind="link",
            tip=_("Open the folder whose files are formats too"),
        )
        self._watches_templates = False
        self.boxes: dict[str, QCheckBox] = {}
        self.words = QCheckBox(_("Words as they were heard"))
        self.words.setToolTip(_("Write what was heard, without your corrections"))
        self.properties = QCheckBox(_("Properties for Obsidian"))
        self.properties.setToolTip(_("Begin Markdown with title, date, participants and tags"))
        self.language = choice()
        self.preview = QTextBrowser()
        self.preview.setAccessibleName(_("Preview"))
        self.preview.setOpenLinks(False)
        self.folder = QLineEdit(commands.settings.export_folder or str(commands.places.exports))
        self.folder.setReadOnly(True)
        self.folder.setAccessibleName(_("Folder"))
        self.name = QLineEdit(commands.settings.export_name)
        self.name.setAccessibleName(_("File name"))
        self.name.setToolTip(_("{title}, {date}, {time}, {year}, {month} and {day} are filled in"))
        self.told = label("", "meta", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(_("Progress"))
        self.progress.setRange(0, 1000)
        self.progress.hide()
        self.export = button(_("Export"), self._export, kind="main", tip=_("Write the files"))
        self.export.setDefault(True)
        self.stop = button(_("Stop"), commands.stop_export, tip=_("Stop; what is written stays"))
        self.show_files = button(
            _("Show in folder"),
            lambda: commands.show_files(self._written),
            kind="link",
            tip=_("Open the folder"),
        )
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(WAIT_MILLISECONDS)
        self._wait.timeout.connect(self._ask_preview)
        self._lay_out()
        self._connect()
        commands.look_for_formats()
        self._enable()

    def _lay_out(self) -> None:
        settings = self._commands.settings
        boxes = QGridLayout()
        boxes.setSpacing(theme.SPACE_1)
        for place, (name, text) in enumerate(parts().items()):
            box = self.boxes[name] = QCheckBox(text)
            box.setToolTip(_("Whether this is written too"))
            box.setChecked(name not in settings.export_without)
            boxes.addWidget(box, place % ROWS, place // ROWS)
        self.words.setChecked(settings.export_words == "heard")
        self.properties.setChecked(settings.export_properties)
        boxes.addWidget(self.words, ROWS, 0, 1, 2)
        boxes.addWidget(self.properties, ROWS + 1, 0, 1, 2)
        self.language.setAccessibleName(_("Language of the headings"))
        self.language.setToolTip(_("Language of the headings"))
        self.language.addItem(_("The program's language"), "")
        for code in messages.LANGUAGES:
            self.language.addItem(messages.language_name(code), code)
        self.language.setCurrentIndex(self.language.findData(settings.export_language))
        choices = column()
        choices.addLayout(row(label(_("Formats"), "heading"), None, self.templates))
        choices.addLayout(column(self.formats, theme.SPACE_3, label(_("Content"), "heading")))
        choices.addLayout(boxes)
        choices.addLayout(column(theme.SPACE_3, label(_("Language of the headings")), self.language, None))
        choices.setContentsMargins(0, 0, theme.SPACE_4, 0)
        inside = QWidget()
        inside.setLayout(choices)
        left = QScrollArea()
        left.setWidgetResizable(True)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left.setWidget(inside)
        # As wide as large text needs it, with room for the scroll bar.
        wide = inside.minimumSizeHint().width() + left.verticalScrollBar().sizeHint().width()
        left.setFixedWidth(max(CHOICES_WIDTH, wide))
        preview = label(_("Preview"), "heading")
        preview.setMinimumHeight(self.templates.sizeHint().height())  # as the heading beside it
        right = column(preview)
        right.addWidget(self.preview, 1)
        change = button(_("Change…"), self._choose_folder, tip=_("Choose another folder"))
        where = QGridLayout()
        where.setSpacing(theme.SPACE_2)
        where.addWidget(label(_("Folder")), 0, 0)
        where.addWidget(self.folder, 0, 1)
        where.addWidget(change, 0, 2)
        where.addWidget(label(_("File name")), 1, 0)
        where.addWidget(self.name, 1, 1)
        end = row()
        end.addLayout(column(self.told, self.progress, space=theme.SPACE_1), 1)
        close = button(_("Close"), self.close, tip=_("Leave without writing anything more"))
        for control in (self.show_files, self.stop, close, self.export):
            end.addWidget(control)
        both = row(left, space=theme.SPACE_4)
        both.addLayout(right, 1)
        whole = column(space=theme.SPACE_4)
        whole.addLayout(both, 1)
        whole.addLayout(where)
        whole.addLayout(end)
        whole.setContentsMargins(theme.SPACE_6, theme.SPACE_4, theme.SPACE_6, theme.SPACE_4)
        self.setLayout(whole)

    def _connect(self) -> None:
        commands = self._commands
        commands.formats_found.connect(self._show_formats)
        commands.previewed.connect(self._show_preview)
        commands.exporting.connect(self._show_progress)
        commands.exported.connect(self._show_written)
        self.formats.currentItemChanged.connect(lambda *_items: self._wait.start())
        self.formats.itemChanged.connect(lambda _item: self._keep_formats())
        for box in (*self.boxes.values(), self.words, self.properties):
            box.toggled.connect(lambda _on: self._keep())
        self.language.activated.connect(lambda _place: self._keep())
        self.name.editingFinished.connect(self._keep)

    # --- what is chosen ----------------------------------------------------------------------------

    def chosen(self) -> tuple[str, ...]:
        """The names of the formats that are ticked."""
        items = map(self.formats.item, range(self.formats.count()))
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() == Qt.CheckState.Checked
        )

    def _show_formats(self, formats: tuple[str, ...]) -> None:
        items = map(self.formats.item, range(self.formats.count()))
        if formats == tuple(item.data(Qt.ItemDataRole.UserRole) for item in items):
            return
        ticked = self.chosen() if self.formats.count() else self._commands.settings.export_formats
        self.formats.blockSignals(True)
        self.formats.clear()
        for kind in formats:
            item = QListWidgetItem(messages.format_label(kind), self.formats)
            item.setData(Qt.ItemDataRole.UserRole, kind)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if kind in ticked else Qt.CheckState.Unchecked)
        self.formats.blockSignals(False)
        first = next((place for place, kind in enumerate(formats) if kind in ticked), 0)
        self.formats.setCurrentRow(first)
        self._enable()

    def _open_templates(self) -> None:
        self._watches_templates = True
        self._commands.open_templates()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the sheet as it is read."""
        return tab_order.go_on(self, forward=forward) or super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        """Begins with what is written."""
        super().showEvent(event)
        self.formats.setFocus(Qt.FocusReason.OtherFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Whoever comes back from the folder of the templates finds them among the formats."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self._watches_templates:
            self._commands.look_for_formats()

    def _keep_formats(self) -> None:
        self._commands.change_settings(export_formats=self.chosen())
        self._enable()

    def _keep(self) -> None:
        self._commands.change_settings(
            export_without=tuple(name for name, box in self.boxes.items() if not box.isChecked()),
            export_words="heard" if self.words.isChecked() else "corrected",
            export_properties=self.properties.isChecked(),
            export_language=self.language.currentData(),
            export_name=self.name.text().strip() or "{date} {title}",
        )
        self._wait.start()

    def _choose_folder(self) -> None:
        dialog = choose_folder(self, _("Choose where files are written"), self.folder.text())
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()

    # --- what it looks like ------------------------------------------------------------------------

    def _ask_preview(self) -> None:
        item = self.formats.currentItem()
        if item:
            self._commands.preview(self._meetings[0].id, str(item.data(Qt.ItemDataRole.UserRole)))

    def _show_preview(self, shown: Preview | Trouble) -> None:
        if isinstance(shown, Trouble):
            self.preview.setPlainText(f"{shown.what} {shown.do}")
        elif shown.kind in SOUNDS:
            meeting = self._meetings[0]
            self.preview.setPlainText(_sound(meeting, shown.kind))
        elif shown.rich:
            more = f"\n\n*{_('… and so on')}*" if shown.cut else ""
            self.preview.setMarkdown(shown.text + more)
        else:
            more = f"\n{_('… and so on')}" if shown.cut else ""
            self.preview.setPlainText(shown.text + more)

    # --- writing -----------------------------------------------------------------------------------

    def _export(self) -> None:
        ids = [meeting.id for meeting in self._meetings]
        self._written = ()
        self.told.clear()
        self._busy = True
        self._commands.export_meetings(ids, Path(self.folder.text()), self.chosen())
        self._enable()

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is None:
            self._busy = False
            self._enable()
            return
        self.progress.setValue(round(1000 * (progress.fraction or 0.0)))
        part = messages.part_label(progress.part, progress.parts)
        self.told.setText(" · ".join(filter(None, (_("Exporting"), part))))

    def _show_written(self, files: tuple[Path, ...]) -> None:
        self._written = files
        said = ngettext("{count} file in “{folder}”", "{count} files in “{folder}”", len(files))
        self.told.setText(said.format(count=len(files), folder=files[0].parent))
        announce(self.told)
        self._enable()

    def _enable(self) -> None:
        busy = self._busy
        if busy:
            self.stop.show()
            hand_keyboard([self.export], self.stop)
        self.export.setEnabled(bool(self.chosen()) and not busy)
        if not busy:
            hand_keyboard([self.stop], self.export)
        self.progress.setVisible(busy)
        self.stop.setVisible(busy)
        self.show_files.setVisible(bool(self._written) and not busy)


def _sound(meeting: Meeting, kind: str) -> str:
    if not meeting.audio:
        return _("This meeting has no sound.")
    bits = {Format.OPUS: 24_000, Format.MP3: 48_000}
    size = messages.size(round(meeting.duration * bits[Format(kind)] / 8) if kind in bits else meeting.size)
    return _("{length} of sound, about {size}").format(length=messages.length(meeting.duration), size=size)
