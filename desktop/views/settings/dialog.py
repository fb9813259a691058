"""The settings: one dialog, a page per subject in a module of its own, every change kept at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QStackedWidget, QWidget

from core.messages import _
from desktop import theme
from desktop.commands import Commands
from desktop.views import tab_order
from desktop.views.entries import Entries
from desktop.views.feedback import Problems, Toast
from desktop.views.settings.about import AboutPage
from desktop.views.settings.backup import BackupPage
from desktop.views.settings.exports import ExportPage
from desktop.views.settings.general import GeneralPage
from desktop.views.settings.local_api import LocalApiPage
from desktop.views.settings.page import SettingsPage
from desktop.views.settings.recording import RecordingPage
from desktop.views.settings.shortcuts import ShortcutsPage
from desktop.views.settings.storage import StoragePage
from desktop.views.settings.summaries import SummariesPage
from desktop.views.settings.templates import TemplatesPage
from desktop.views.settings.transcription import TranscriptionPage
from desktop.views.settings.voices import VoicesPage
from desktop.views.widgets import column, fit, row

if TYPE_CHECKING:
    from desktop.views.main_window import MainWindow

PAGES: tuple[type[SettingsPage], ...] = (
    GeneralPage,
    RecordingPage,
    TranscriptionPage,
    VoicesPage,
    SummariesPage,
    TemplatesPage,
    ExportPage,
    BackupPage,
    StoragePage,
    ShortcutsPage,
    LocalApiPage,
    AboutPage,
)
"""In the order of the list."""

DIALOG = QSize(580, 580)
"""Without the list."""

WIDEST = 820
"""Beside the list, where large text makes it wide too: as much as a window of the usual size has room for."""

WIDEST_LIST = 260
PAGE_ROW = 36
BESIDE_NAMES = 60
"""What of the list's width its names do not have, a scroll bar among it."""

_Page = TypeVar("_Page", bound=SettingsPage)


class SettingsDialog(QDialog):
    """Shows `Commands.settings` and changes them."""

    def __init__(
        self, commands: Commands, parent: MainWindow, page: type[SettingsPage] = GeneralPage
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.pages = Entries("pages")
        self.pages.setAccessibleName(_("Settings pages"))
        self.pages.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.pages.setWordWrap(True)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for kind in PAGES:
            self.pages.addItem(kind.title())
        self._fit_list()
        self._commands = commands
        self.pages.currentRowChanged.connect(lambda row: self._stack.setCurrentWidget(self.page(PAGES[row])))
        self._window = parent
        self.problems = Problems()
        self.toast = Toast(self, lambda: QPoint(self.pages.width(), self.height()))
        commands.settled.connect(self.problems.forget)
        shown = column(self.problems, space=0)
        shown.addWidget(self._stack, 1)
        layout = row(self.pages, space=0)
        layout.addLayout(shown, 1)
        self.setLayout(layout)
        self.turn_to(page)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._bring)

    def showEvent(self, event: QShowEvent) -> None:
        """What the program tells is told here from now on: the window behind cannot be reached."""
        super().showEvent(event)
        self._window.front = self

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody closed here is told by the window."""
        super().hideEvent(event)
        self._window.front = self._window
        self.problems.hand_over(self._window.problems)

    def _bring(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Scrolls to the field that the keyboard comes to from elsewhere, as Qt does from field to field."""
        page = self._stack.currentWidget()
        if new and isinstance(page, SettingsPage) and page.isAncestorOf(new):
            page.ensureWidgetVisible(new, 0, theme.SPACE_2)

    def _fit_list(self) -> None:
        """Gives the list the room that its names take, however large the text is; long ones wrap beside the page."""
        metrics = self.pages.fontMetrics()
        items = [self.pages.item(place) for place in range(self.pages.count())]
        widest = max(metrics.horizontalAdvance(item.text()) for item in items) + BESIDE_NAMES
        width = min(widest, WIDEST_LIST)
        wrapped = QRect(0, 0, width - BESIDE_NAMES + theme.SPACE_1, 0)
        for item in items:
            high = metrics.boundingRect(wrapped, Qt.TextFlag.TextWordWrap, item.text()).height()
            item.setSizeHint(QSize(0, max(PAGE_ROW, high + 2 * theme.SPACE_2)))
        self.pages.setFixedWidth(width)
        # With room for all of them: a scroll bar would lie over their ends.
        wide = min(theme.grown(DIALOG.width()), WIDEST)
        all_of_them = sum(item.sizeHint().height() for item in items) + 2 * theme.SPACE_3
        fit(self, QSize(width + wide, max(DIALOG.height(), all_of_them)))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes through the page as it is read."""
        return tab_order.go_on(self, forward=forward) or super().focusNextPrevChild(forward)

    def page(self, kind: type[_Page]) -> _Page:
        """The page of this kind, which is made when it is first asked for: all of them take time."""
        for place in range(self._stack.count()):
            if isinstance(page := self._stack.widget(place), kind):
                return page
        made = kind(self._commands)
        if isinstance(made, ShortcutsPage):
            made.actions_ = self._window.actions_
        elif isinstance(made, StoragePage):
            made.export_all_wanted.connect(lambda: self._window.dialogs.export_all(self))
        self._stack.addWidget(made)
        return made

    def commit(self) -> None:
        """Keeps what is being written on any page."""
        for place in range(self._stack.count()):
            if isinstance(page := self._stack.widget(place), SettingsPage):
                page.commit()

    def turn_to(self, kind: type[SettingsPage]) -> None:
        """Shows the page of this kind."""
        self.pages.setCurrentRow(PAGES.index(kind))
