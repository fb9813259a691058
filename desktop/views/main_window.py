"""The window: menus, tool bar or record bar, library, meeting page."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QWidget,
)

from core.messages import _
from core.values import Recording
from desktop import theme
from desktop.commands import Commands, Trouble
from desktop.views.actions import Actions, connect, enable
from desktop.views.feedback import Problems, Toast, copy_details
from desktop.views.library import LibraryView
from desktop.views.meeting_page import MeetingPage
from desktop.views.record_bar import RecordBar
from desktop.views.settings_dialog import SettingsDialog
from desktop.views.widgets import Question, action_button, button, column, file_dialog, label, row

MEDIA = "aac aiff amr avi flac m4a m4b mka mkv mov mp3 mp4 mpeg mpg oga ogg ogv opus ts wav weba webm wma wmv"
"""Endings that file dialogs offer first; any other file can be chosen too, what it is decides its content."""

PICTURE = 96


class MainWindow(QMainWindow):
    """Everything a person sees; `painted` comes once, when the first picture is on the screen."""

    painted = Signal()

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setWindowTitle(_("Meeting Transcriber"))
        self.setMinimumSize(theme.SMALLEST_WINDOW)
        self.setAcceptDrops(True)
        self.commands = commands
        self.actions_ = Actions(self)
        self._painted = False
        self._opened = False
        self.library = LibraryView(commands, self.actions_)
        self.page = MeetingPage(commands, self.actions_, self.library.model)
        self.record_bar = RecordBar(self.actions_)
        self.problems = Problems()
        self._header = QStackedWidget()
        self._header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._header.addWidget(self._toolbar())
        self._header.addWidget(self.record_bar)
        self._pages = QStackedWidget()
        self._loading = QFrame()
        self._loading.setObjectName("page")
        for page in (self._loading, self._empty_library(), self._nothing_chosen(), self.page):
            self._pages.addWidget(page)
        self._split = QSplitter()
        self._split.setChildrenCollapsible(False)
        self._split.setHandleWidth(1)
        self._split.addWidget(self.library)
        self._split.addWidget(self._pages)
        self._split.setStretchFactor(1, 1)
        self._split.setSizes([theme.SIDEBAR, theme.WINDOW_SIZE.width() - theme.SIDEBAR])
        central = QWidget()
        layout = column(self._header, self.problems, space=0)
        layout.addWidget(self._split, 1)
        central.setLayout(layout)
        self.setCentralWidget(central)
        self.toast = Toast(self)
        self._menus()
        self._connect()
        self._enable()
        self._state = QSettings(str(commands.places.root / "window.ini"), QSettings.Format.IniFormat)
        self._restore()

    # --- making ------------------------------------------------------------------------------------

    def _toolbar(self) -> QWidget:
        actions = self.actions_
        bar = QFrame()
        bar.setObjectName("toolbar")
        bar.setMinimumHeight(theme.BAR)
        line = row(
            action_button(actions.record, "danger"),
            action_button(actions.import_files),
            None,
            action_button(actions.settings, "quiet", words=False),
        )
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        bar.setLayout(line)
        return bar

    def _empty_library(self) -> QWidget:
        actions = self.actions_
        picture = QLabel()
        picture.setPixmap(theme.picture(PICTURE))
        sentence = label(_("Record a meeting or import one, and read what was said and decided."), wrap=True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        buttons = row(
            None,
            action_button(actions.record, "danger"),
            action_button(actions.import_files),
            None,
            space=theme.SPACE_3,
        )
        sample = button(
            actions.sample.text(), actions.sample.trigger, kind="link", tip=actions.sample.toolTip()
        )
        page = QFrame()
        page.setObjectName("page")
        layout = column(None, space=theme.SPACE_4)
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(sentence)
        layout.addLayout(buttons)
        layout.addWidget(sample, 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(2)
        layout.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        page.setLayout(layout)
        return page

    def _nothing_chosen(self) -> QWidget:
        sentence = label(_("Choose a meeting on the left."), "quietText")
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QFrame()
        page.setObjectName("page")
        page.setLayout(column(None, sentence, None))
        return page

    def _menus(self) -> None:
        actions = self.actions_
        bar = self.menuBar()
        groups: tuple[tuple[str, tuple[QAction | None, ...]], ...] = (
            (
                _("Library"),
                (
                    actions.record,
                    actions.import_files,
                    actions.sample,
                    None,
                    actions.settings,
                    None,
                    actions.quit,
                ),
            ),
            (
                _("Meeting"),
                (
                    actions.rename,
                    actions.note,
                    None,
                    actions.transcribe,
                    actions.minutes_offline,
                    actions.minutes_mistral,
                    None,
                    actions.export,
                    actions.copy,
                    None,
                    actions.delete,
                ),
            ),
            (_("Recording"), actions.of_recording),
            (_("View"), (actions.library, actions.summary, actions.transcript, actions.notes)),
        )
        for name, entries in groups:
            menu = bar.addMenu(name)
            menu.setToolTipsVisible(True)
            for entry in entries:
                if entry is None:
                    menu.addSeparator()
                else:
                    menu.addAction(entry)

    def _connect(self) -> None:
        commands, actions = self.commands, self.actions_
        connect(actions.record, commands.record)
        connect(actions.import_files, self._choose_files)
        connect(actions.sample, commands.import_sample)
        connect(actions.settings, self._open_settings)
        connect(actions.quit, self.close)
        connect(actions.pause, self._pause)
        connect(actions.bookmark, commands.bookmark)
        connect(actions.stop, commands.stop_recording)
        connect(actions.library, self.library.list.setFocus)
        commands.opened.connect(self._library_opened)
        commands.could_not_open.connect(self._show_closed)
        commands.meetings_listed.connect(self._show_page)
        commands.meeting_changed.connect(self._show_page)
        commands.meeting_gone.connect(self._show_page)
        commands.shown.connect(self._show_page)
        commands.page_read.connect(self._show_page)
        commands.recording_changed.connect(self._show_recording)
        commands.troubled.connect(self.problems.tell)
        commands.said.connect(self.toast.say)
        commands.copied.connect(lambda text: QGuiApplication.clipboard().setText(text))

    # --- what is shown -----------------------------------------------------------------------------

    def _library_opened(self) -> None:
        self._opened = True
        self._enable()

    def _show_closed(self, trouble: Trouble) -> None:
        """The library could not be opened: the page says why and what to do."""
        what, do = label(trouble.what, "heading", wrap=True), label(trouble.do, wrap=True)
        for text in (what, do):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = column(None, what, do, space=theme.SPACE_3)
        again = button(_("Try again"), self.commands.open, kind="main", tip=_("Open the library again"))
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignCenter)
        if trouble.details:
            layout.addWidget(copy_details(trouble.details), 0, Qt.AlignmentFlag.AlignCenter)
        layout.addStretch(2)
        layout.setContentsMargins(theme.SPACE_8, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        page = QFrame()
        page.setObjectName("page")
        page.setLayout(layout)
        self._pages.removeWidget(self._loading)
        self._loading.deleteLater()
        self._loading = page
        self._pages.insertWidget(0, page)
        self._pages.setCurrentWidget(page)

    def _show_page(self, _news: object = None) -> None:
        if self.page.is_wanted:
            if self._pages.currentWidget() is not self.page:
                # Else the keyboard would fall to the next field, which is the title.
                self.library.list.setFocus()
            self._pages.setCurrentWidget(self.page)
        elif self.library.model.rowCount():
            self._pages.setCurrentIndex(2)
        else:
            self._pages.setCurrentIndex(1)
        self._enable()

    def _show_recording(self, recording: Recording | None) -> None:
        if recording:
            self.record_bar.set_recording(recording)
        if (self._header.currentWidget() is self.record_bar) != bool(recording):
            self._header.setCurrentIndex(1 if recording else 0)
            self._enable()

    def _enable(self) -> None:
        actions = self.actions_
        recording = self.commands.recording is not None
        enable(actions.of_library, on=self._opened)
        actions.record.setEnabled(self._opened and not recording)
        enable(actions.of_recording, on=recording)
        enable(actions.of_meeting, on=self._opened and self.page.has_meeting)
        self.page.enable_fitting()

    # --- asking ------------------------------------------------------------------------------------

    def _pause(self) -> None:
        recording = self.commands.recording
        if recording:
            self.commands.pause_recording(paused=not recording.paused)

    def _choose_files(self) -> None:
        dialog = file_dialog(self, _("Import audio or video"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        endings = " ".join(f"*.{ending}" for ending in MEDIA.split())
        dialog.setNameFilters([_("Audio and video ({endings})").format(endings=endings), _("All files (*)")])
        dialog.filesSelected.connect(self.commands.import_files)
        dialog.open()

    def _open_settings(self) -> None:
        SettingsDialog(self.commands, self).open()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files of this machine."""
        if self._opened and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Imports what was dropped."""
        self.commands.import_files(_local_files(event))
        event.acceptProposedAction()

    # --- coming and going --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tells when the first picture is there."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Asks first while a recording runs."""
        if self.commands.recording and StopRecording(self).exec() != QDialog.DialogCode.Accepted:
            event.ignore()
            return
        if self._opened:
            self._state.setValue("geometry", self.saveGeometry())
            self._state.setValue("split", self._split.saveState())
            self._state.sync()
        event.accept()

    def _restore(self) -> None:
        self.resize(theme.WINDOW_SIZE)
        if geometry := self._state.value("geometry"):
            self.restoreGeometry(geometry)
        if split := self._state.value("split"):
            self._split.restoreState(split)


class StopRecording(Question):
    """Asks, when the window is closed while a recording runs, what is meant. Accepted: stop and keep it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            parent,
            _("A recording is running"),
            _("A recording is running. What was recorded is kept in any case."),
            yes=(_("Stop and keep the recording"), _("End it and close the window")),
            no=(_("Go on recording"), _("Leave the window open")),
        )


def _local_files(event: QDropEvent) -> Iterable[str]:
    return [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
