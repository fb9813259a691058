"""The window: menus, tool bar or record bar, library, meeting page; how it steps aside and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSettings, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

from core.messages import _
from core.values import LiveText, MeetingId, Recording, Source
from desktop import theme
from desktop.commands import Commands, Offer, Trouble
from desktop.views import tab_order
from desktop.views.actions import Actions, Hands, OwnKeys, connect, enable
from desktop.views.bringing_in import BringingIn
from desktop.views.dialogs import Dialogs, can_lose_sound
from desktop.views.drop_place import DropPlace
from desktop.views.empty_library import EmptyLibrary
from desktop.views.feedback import Problems, Toast
from desktop.views.leaving import Leaving
from desktop.views.library import LibraryView
from desktop.views.meeting_page import MeetingPage
from desktop.views.menus import fill_menus
from desktop.views.questions_view import QuestionsView
from desktop.views.recent_menu import RecentMenu
from desktop.views.record_bar import RecordBar
from desktop.views.record_menu import RecordMenu
from desktop.views.several_view import SeveralView
from desktop.views.tasks_view import TasksView
from desktop.views.tray import Tray
from desktop.views.undoing import Undoing
from desktop.views.widgets import (
    action_button,
    column,
    label,
    menu_button,
    row,
)

if TYPE_CHECKING:
    from desktop.views.first_run import FirstRun
    from desktop.views.settings.dialog import SettingsDialog

FIELD_PLACE = 3
"""Where the search field stands in the tool bar, behind what fills the room to its left."""


class MainWindow(QMainWindow):
    """Everything a person sees; `painted` comes once, when the first picture is on the screen."""

    painted = Signal()
    left = Signal()  # the person is done with the program

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setWindowTitle(_("Meeting Transcriber"))
        self.setMinimumSize(theme.SMALLEST_WINDOW)
        self.commands = commands
        commands.is_writing = self._is_writing
        self.actions_ = Actions(self)
        self.actions_.use(commands.settings.shortcuts)
        commands.settings_changed.connect(lambda changed: self.actions_.use(changed.shortcuts))
        for action in self.actions_.on_page:
            connect(
                action, self._turn_to_page
            )  # before the page does it, which would be where nobody sees it
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        OwnKeys(app, self)
        self._hands = Hands(commands.note_use, self)
        self._painted = False
        self._opened = False
        self._first_run: FirstRun | None = None
        self.leaving = Leaving(self)
        BringingIn(self, commands, self.actions_)
        self._record_menu = RecordMenu(commands, self.actions_)
        self.library = LibraryView(commands, self.actions_)
        self.dialogs = Dialogs(self)
        self.page = MeetingPage(commands, self.actions_, self.library.model)
        self.tasks = TasksView(commands)
        self.questions = QuestionsView(commands)
        self.several = SeveralView(commands, self.actions_, self.library.model)
        self.record_bar = RecordBar(self.actions_)
        self.problems = Problems()
        self._header = QStackedWidget()
        self._header.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._header.addWidget(self._toolbar())
        self._header.addWidget(self.record_bar)
        self._pages = QStackedWidget()
        self.empty = EmptyLibrary(commands, self.actions_)
        self._loading = QFrame()
        self._loading.setObjectName("page")
        for page in (
            self._loading,
            self.empty,
            self._nothing_chosen(),
            self.page,
            self.tasks,
            self.questions,
            self.several,
        ):
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
        self.toast = Toast(self, self._toast_corner)
        self.page.player.moved.connect(self.toast.settle)
        self._drop_place = DropPlace(self, commands)
        self.front: MainWindow | SettingsDialog = (
            self  # what the person has before them tells what there is to tell
        )
        self.tray = Tray(self, commands, self.actions_)
        self._state = QSettings(str(commands.places.root / "window.ini"), QSettings.Format.IniFormat)
        self.recent = RecentMenu(commands, self.library.model, self._state)
        self.recent.wanted.connect(self._open_meeting)
        self._undoing = Undoing(commands, self.actions_, self)
        fill_menus(self.menuBar(), self.actions_, self._record_menu, self.recent)
        self._connect()
        self._enable()
        self._restore()

    # --- making ------------------------------------------------------------------------------------

    def _toolbar(self) -> QWidget:
        actions = self.actions_
        bar = QFrame()
        bar.setObjectName("toolbar")
        bar.setMinimumHeight(theme.BAR)
        sources = menu_button("", _("Choose what is recorded"), "caret-down", self._record_menu)
        sources.setProperty("kind", "")
        line = row()
        line.addLayout(row(action_button(actions.record, "danger"), sources, space=theme.SPACE_1))
        line.addWidget(action_button(actions.import_files))
        line.addStretch(1)
        line.addWidget(self.library.field, 2)
        self._toolbar_line = line
        line.addStretch(1)
        line.addWidget(action_button(actions.settings, "quiet", words=False))
        line.setContentsMargins(theme.SPACE_4, theme.SPACE_2, theme.SPACE_4, theme.SPACE_2)
        bar.setLayout(line)
        return bar

    def _nothing_chosen(self) -> QWidget:
        sentence = label(_("Choose a meeting on the left."), "quietText")
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QFrame()
        page.setObjectName("page")
        page.setLayout(column(None, sentence, None))
        return page

    def _connect(self) -> None:
        commands, actions = self.commands, self.actions_
        connect(actions.record, commands.record)
        connect(actions.sample, commands.import_sample)
        connect(actions.quit, self.leaving.quit)
        connect(actions.continue_recording, self._continue_recording)
        connect(actions.tags, self._begin_tags)
        connect(actions.pause, self._pause)
        connect(actions.bookmark, self.page.bookmark)
        connect(actions.stop, commands.stop_recording)
        connect(actions.library, lambda: self.library.show_meetings(focus=True))
        connect(actions.tasks, self._turn_tasks)
        connect(actions.ask_all, self._turn_questions)
        self.library.found.ask_wanted.connect(self._ask_all)
        connect(actions.delete, self._delete)
        self.library.chosen.connect(self._leave_overview)
        self.library.selection_changed.connect(self._show_page)
        commands.place_wanted.connect(self._go_to)
        commands.turn_wanted.connect(self._open_meeting)
        commands.opened.connect(self._library_opened)
        commands.could_not_open.connect(self._show_closed)
        commands.meetings_listed.connect(self._show_page)
        commands.meeting_changed.connect(self._show_page)
        commands.meeting_gone.connect(self._show_page)
        commands.shown.connect(self._show_page)
        commands.page_read.connect(self._show_page)
        commands.recording_changed.connect(self._show_recording)
        commands.live_text_changed.connect(self._show_live_text)
        commands.troubled.connect(self._show_trouble)
        commands.settled.connect(self.problems.forget)
        self.tray.wanted.connect(self.come_up)
        self.tray.meeting_wanted.connect(self._open_meeting)
        commands.noticed.connect(lambda _meeting_id, text: self._say(text, None))
        commands.said.connect(self._say)
        commands.offered.connect(self._offer)
        commands.copied.connect(_to_clipboard)

    # --- what is shown -----------------------------------------------------------------------------

    def _library_opened(self) -> None:
        self._opened = self._drop_place.opened = True
        self._show_page()

    def _show_closed(self, trouble: Trouble) -> None:
        """The library could not be opened: the page says why and what to do."""
        from desktop.views.closed_library import ClosedLibrary

        page = ClosedLibrary(trouble, self.commands)
        self._pages.removeWidget(self._loading)
        self._loading.deleteLater()
        self._loading = page
        self._pages.insertWidget(0, page)
        self._pages.setCurrentWidget(page)

    def _open_meeting(self, meeting_id: str) -> None:
        """Shows a meeting wherever the window is just now."""
        self.library.show_meetings()
        self.actions_.tasks.setChecked(False)
        self.actions_.ask_all.setChecked(False)
        self.commands.show(MeetingId(meeting_id))
        self._show_page()

    def _show_page(self, _news: object = None) -> None:
        selection = self.library.selected()
        if self.actions_.tasks.isChecked():
            self._pages.setCurrentWidget(self.tasks)
        elif self.actions_.ask_all.isChecked():
            self._pages.setCurrentWidget(self.questions)
        elif len(selection) > 1:
            self.several.show_meetings(selection)
            self._pages.setCurrentWidget(self.several)
        elif self.page.wanted:
            if self._pages.currentWidget() is not self.page:
                # Else the keyboard would fall to the next field, which is the title.
                self.library.list.setFocus()
                theme.show_ring(self.library.list, on=False)  # no key has brought it there
            self._pages.setCurrentWidget(self.page)
        elif self.library.model.count:
            self._pages.setCurrentIndex(2)
        elif not self.commands.settings.welcomed:
            if self._opened:
                self._welcome()
        else:
            self._pages.setCurrentIndex(1)
            likely = self.commands.likely_language
            self.empty.offer.want(None if likely == "en" else likely)
        if self._opened and self.library.model.count and not self.commands.settings.welcomed:
            # Who has a meeting needs no first page any more, also once it is deleted.
            self.commands.change_settings(welcomed=True)
        self._enable()

    def _welcome(self) -> None:
        """Shows the first page, which is made only for who is new."""
        if self._first_run is None:
            from desktop.views.first_run import FirstRun  # not before the first painting

            self._first_run = FirstRun(self.commands, self.actions_)
            self._first_run.done.connect(self._welcomed)
            self._first_run.providers_wanted.connect(self.dialogs.open_summaries)
            self._welcome_page = QFrame()
            self._welcome_page.setObjectName("page")
            self._welcome_page.setLayout(column(self._first_run))
            self._pages.addWidget(self._welcome_page)
            self._first_run.language.setFocus()
        self._pages.setCurrentWidget(self._welcome_page)

    def _welcomed(self) -> None:
        self.commands.change_settings(welcomed=True)
        self._show_page()

    def _show_recording(self, recording: Recording | None) -> None:
        if recording:
            self.record_bar.set_recording(recording)
        if self.isHidden() and not self.leaving.certain and not self.tray.is_there():
            # The tray went: nothing is recorded unseen.
            self.showMinimized()
        if recording is None or self._header.currentWidget() is not self.record_bar:
            # None also where one is being started, or did not get to its first sound.
            self._header.setCurrentIndex(1 if recording else 0)
            if recording:
                # The tool bar gives way; the search does not. Nor are text and notes where nobody sees them.
                self.library.take_field()
                self._leave_overview()
            elif self.library.isAncestorOf(self.library.field):
                self._toolbar_line.insertWidget(FIELD_PLACE, self.library.field, 2)
                self.library.field.show()
            self._enable()

    def _show_live_text(self, text: LiveText | None) -> None:
        self.page.set_live(text)
        self.record_bar.set_behind(text.behind if text else None)

    def _say(self, text: str, undo: Callable[[], object] | None) -> None:
        self.front.toast.say(text, undo)

    def _offer(self, offer: Offer) -> None:
        self.front.toast.offer(offer)

    def _show_trouble(self, trouble: Trouble) -> None:
        self.front.problems.tell(trouble)
        if self.isMinimized():
            QApplication.alert(self)

    def _enable(self) -> None:
        actions = self.actions_
        free = self._opened and not self.commands.is_recording
        enable(actions.of_library, on=self._opened)
        actions.record.setEnabled(free)
        actions.record.setText(_("Starting…") if self.commands.is_starting else _("Record"))
        enable(actions.of_recording, on=self.commands.recording is not None)
        actions.bookmark.setEnabled(self.commands.recording is not None or self.page.has_meeting)
        enable(actions.of_meeting, on=self._opened and self.page.has_meeting)
        meeting = self.library.current()
        recorded = meeting is not None and meeting.source is Source.RECORDING and not meeting.recording_open
        actions.continue_recording.setEnabled(free and recorded)
        selection = self.library.selected()
        actions.star.setEnabled(self._opened and bool(selection))
        actions.tags.setEnabled(self._opened and (self.page.has_meeting or len(selection) > 1))
        actions.drop_sound.setEnabled(self._opened and any(map(can_lose_sound, selection)))
        actions.delete.setEnabled(self._opened and any(not one.recording_open for one in selection))
        self.page.enable_fitting()
        alone = self._pages.currentWidget() is self.page
        self._undoing.turn_to(self.page.wanted if alone else None)

    def _is_writing(self) -> bool:
        """Whether the keyboard is in a field with a text in it; the search stays where it is whatever is shown."""
        field = self.focusWidget()
        if isinstance(field, QLineEdit):
            return bool(field.text()) and field is not self.library.field
        if isinstance(field, (QPlainTextEdit, QTextEdit)):
            return not field.isReadOnly() and not field.document().isEmpty()
        return False

    def _toast_corner(self) -> QPoint:
        """Beside the foot of the side bar and above the player, which are used while something is told."""
        corner, player = self._pages.mapTo(self, self._pages.rect().bottomLeft()), self.page.player
        if player.isVisible():
            corner.setY(player.mapTo(self, QPoint(0, 0)).y())
        return corner

    # --- asking ------------------------------------------------------------------------------------

    def _turn_tasks(self) -> None:
        self.actions_.ask_all.setChecked(False)
        self._show_page()
        if self.actions_.tasks.isChecked():
            self.tasks.enter()

    def _turn_questions(self) -> None:
        self.actions_.tasks.setChecked(False)
        self._show_page()
        if self.actions_.ask_all.isChecked():
            self.questions.enter()

    def _ask_all(self, question: str) -> None:
        """Asks all meetings what was searched for."""
        self.actions_.ask_all.setChecked(True)
        self._turn_questions()
        self.questions.enter(question)

    def _leave_overview(self) -> None:
        """Turns from what is about all meetings to the one that is shown."""
        self.actions_.tasks.setChecked(False)
        self.actions_.ask_all.setChecked(False)
        self._show_page()

    def _turn_to_page(self) -> None:
        """Shows the one meeting in place of what is about all, or about the selected ones."""
        self.library.select_shown()
        self._leave_overview()

    def _begin_tags(self) -> None:
        """Has the person tag the meetings that are selected, else the one that is shown."""
        if self._pages.currentWidget() is self.several:
            self.several.begin_tag()
        else:
            self._turn_to_page()
            self.page.header.tags.begin()

    def _go_to(self, segment_id: int, second: float) -> None:
        self._leave_overview()
        self.page.go_to(segment_id, second)

    def _delete(self) -> None:
        """Moves what is selected to the bin, else the meeting that is shown."""
        if chosen := [one for one in self.library.selected() if not one.recording_open]:
            self.commands.delete(*chosen)

    def _pause(self) -> None:
        recording = self.commands.recording
        if recording:
            self.commands.pause_recording(paused=not recording.paused)

    def _continue_recording(self) -> None:
        meeting = self.library.current()
        if meeting:
            self.commands.continue_recording(meeting.id)

    def commit(self) -> None:
        """Keeps what the person is writing in the meeting that is shown."""
        self.page.commit()

    # --- coming and going --------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Sees from now on when the person does something in it, or holds files over it."""
        super().showEvent(event)
        for watching in (self._hands, self._drop_place):
            self.windowHandle().installEventFilter(watching)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tells when the first picture is there."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self.painted.emit)

    def come_up(self) -> None:
        """Brings the window before everything else, however hidden it is."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def step_aside(self) -> None:
        """Leaves the screen while the recording goes on: into the tray, or minimised where there is none."""
        if self.tray.is_there():
            self.hide()
        else:
            self.showMinimized()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the window as it is read."""
        return tab_order.go_on(self, forward=forward) or super().focusNextPrevChild(forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes, unless the person wants it to stay or is asked first."""
        if self.leaving.may_close():
            self._keep_state()
            event.accept()
            self.left.emit()
        else:
            event.ignore()

    def leave(self) -> None:
        """Ends the program now; a recording is ended and kept, unless it goes on with another door."""
        self.leaving.certain = True
        self.close()

    def _keep_state(self) -> None:
        if self._opened:
            self._state.setValue("geometry", self.saveGeometry())
            self._state.setValue("split", self._split.saveState())
            self._state.setValue("part", self.page.tabs.currentIndex())
            self._state.sync()

    def _restore(self) -> None:
        self.resize(theme.WINDOW_SIZE)
        if geometry := self._state.value("geometry"):
            self.restoreGeometry(geometry)
        if split := self._state.value("split"):
            self._split.restoreState(split)
        if last := self.recent.last():
            self.commands.begins_with = MeetingId(last)
            self.page.begin_with(MeetingId(last), int(str(self._state.value("part", -1))))


def _to_clipboard(text: str, html: str) -> None:
    """Puts a text on the clipboard, with the page that it is where it has a layout."""
    clipboard = QGuiApplication.clipboard()
    if not html:
        clipboard.setText(text)
        return
    # Made by Qt itself: data that Python made would bring the process down at its end (PySide 6.11). An editor's
    # would do too, but to lay out a long meeting takes it seconds.
    model = QStringListModel([""])
    data = model.mimeData([model.index(0)])
    data.clear()
    data.setText(text)
    data.setHtml(html)
    clipboard.setMimeData(data)
