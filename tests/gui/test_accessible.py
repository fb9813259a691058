"""Every control of the window has a name and says what it does, can be reached by keys, and fits large text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollBar,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import messages
from core.store import Store
from core.values import Minutes, SummaryOptions
from desktop import theme
from desktop.views.export_sheet import ExportSheet
from desktop.views.main_window import MainWindow
from desktop.views.parts_sheet import PartsSheet
from desktop.views.settings.dialog import PAGES, SettingsDialog
from desktop.views.settings.page import SettingsPage
from tests.gui.conftest import OpenWindow
from tests.gui.hands import wait_for
from tests.gui.test_library import NOW, put, task

ROUNDS = 100
"""So many looks, a moment apart, something may still be cut off while it is laid out."""

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)


@pytest.fixture
def window(store: Store, open_the_window: OpenWindow) -> MainWindow:
    todo = (task("Call them", "Marc"),)
    long = put(store, "Budget review", 0, "we begin", "hire a second tester", todo=todo)
    # A second version, so that they are offered, and with as many words above it as there can be.
    store.add_minutes(Minutes(long, SummaryOptions("mistral"), "offline", "en", NOW, "Budget review", todo))
    put(store, "Stand-up", 1, "good morning")
    return open_the_window()


def surfaces(qtbot: QtBot, window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """The window with each of its parts in turn, and the dialogs, each shown."""
    wait_for(qtbot, lambda: window.page.has_meeting)
    for action in ("summary", "transcript", "notes", "todo", "speakers", "questions", "queue"):
        getattr(window.actions_, action).trigger()
        yield action, window
    window.library.field.setText("tester")
    wait_for(qtbot, lambda: window.library.found.model.rowCount())
    yield "search", window
    window.library.field.clear()
    window.actions_.bin.trigger()
    yield "bin", window
    window.actions_.bin.trigger()
    window.actions_.tasks.trigger()
    wait_for(qtbot, lambda: window.tasks.model.rowCount())
    yield "tasks", window
    window.actions_.tasks.trigger()
    window.actions_.ask_all.trigger()
    yield "questions of all", window
    window.actions_.ask_all.trigger()
    window.library.list.selectAll()
    yield "several", window
    for page in PAGES:
        dialog = SettingsDialog(window.commands, window, page)
        dialog.open()
        yield f"settings {page.__name__}", dialog
        dialog.close()
    sheet = ExportSheet(window.commands, window.library.selected(), window)
    sheet.open()
    yield "export", sheet
    sheet.close()
    parts = PartsSheet(["/a/1.wav", "/a/2.wav"], window)
    parts.open()
    yield "parts", parts
    parts.close()


def controls(root: QWidget) -> Iterator[QWidget]:
    for one in root.findChildren(QWidget):
        if not isinstance(one, CONTROLS) or not one.isVisible() or isinstance(one, QScrollBar):
            continue
        # What Qt puts inside its own controls speaks for itself, or is spoken for by them.
        inside = one.parentWidget()
        if isinstance(inside, (QLineEdit, QAbstractSpinBox, QComboBox, QAbstractItemView)) or (
            one.objectName().startswith("qt_") or type(one).__name__ in {"QHeaderView", "QTableCornerButton"}
        ):
            continue
        yield one


def told(one: QWidget) -> str:
    said = one.accessibleName() or getattr(one, "text", str)()
    return f"{type(one).__name__} “{said}” in {type(one.parent()).__name__}"


def test_every_control_has_a_name_a_role_and_a_tool_tip(qtbot: QtBot, window: MainWindow) -> None:
    nameless, untold, low = set(), set(), set()
    for where, surface in surfaces(qtbot, window):
        for one in controls(surface):
            read = QAccessible.queryAccessibleInterface(one)
            if not read.text(QAccessible.Text.Name).strip() or read.role() == QAccessible.Role.NoRole:
                nameless.add(f"{where}: {told(one)}")
            if isinstance(one, QAbstractButton) and not one.toolTip():
                untold.add(f"{where}: {told(one)}")
            if (
                isinstance(one, (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox))
                and one.height() < theme.HIT
            ):
                low.add(f"{where}: {told(one)} has {one.height()} pixels")
    assert not nameless
    assert not untold
    assert not low


def test_every_control_is_reached_by_keys(qtbot: QtBot, window: MainWindow) -> None:
    unreached = set()
    for where, surface in surfaces(qtbot, window):
        for one in controls(surface):
            if one.isEnabled() and not one.focusPolicy() & Qt.FocusPolicy.TabFocus:
                unreached.add(f"{where}: {told(one)}")
    assert not unreached


def test_the_focus_goes_through_the_window_as_it_is_read(qtbot: QtBot, window: MainWindow) -> None:
    """Tab goes from the tool bar to the library and then into the page, and comes to everything before it repeats."""
    window.library.list.setCurrentIndex(window.library.model.newest())
    wait_for(qtbot, lambda: window.page.has_meeting)
    window.actions_.summary.trigger()
    wait_for(qtbot, lambda: any(one.isVisible() for one in window.page.summary.findChildren(QCheckBox)))
    wait_for(
        qtbot, lambda: not window.commands._readings
    )  # the beginning is shown first, and again with the rest
    window.library.field.setFocus()
    reached: list[QWidget] = []
    while (one := QApplication.focusWidget()) not in reached:
        assert one
        reached.append(one)
        qtbot.keyClick(one, Qt.Key.Key_Tab)
    page = window.page
    (ticked,) = page.summary.findChildren(QCheckBox)
    in_order = (window.library.field, window.library.list, page.header.title, page.tabs.tabBar(), ticked)
    places = [reached.index(part) for part in in_order]
    assert places == sorted(places)
    assert set(reached) >= {
        one
        for one in controls(window)
        if one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and not one.focusProxy()
    }
    qtbot.keyClick(one, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is reached[-1]
    window.actions_.notes.trigger()
    page.notes.setFocus()  # as a whole, as a page that a key has turned to may have it
    qtbot.keyClick(page.notes, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.notes.input


def test_large_text_is_not_cut(qtbot: QtBot, qapp: QApplication, window: MainWindow) -> None:
    usual = qapp.font()
    large = QFont(usual)
    large.setPointSizeF(2 * usual.pointSizeF())
    cut: set[str] = set()
    try:
        qapp.setFont(large)
        look = theme.Theme(qapp, "light", window)
        window.resize(theme.WINDOW_SIZE)
        for where, surface in surfaces(qtbot, window):
            # What a page lists once it is shown, or is told of a moment later, is laid out in a later round.
            for _round in range(ROUNDS):
                qapp.processEvents()
                found = _cut_in(surface)
                if not found:
                    break
                qtbot.wait(20)
            cut |= {f"{where}: {one}" for one in found}
            if isinstance(surface, SettingsDialog) and sideways(surface):
                cut.add(f"{where}: scrolls sideways")
            if where == "several":  # the settings in the smallest window, and in the language of longer words
                window.resize(theme.SMALLEST_WINDOW)
                messages.use_language("fr")
            if surface is window and window.width() > theme.WINDOW_SIZE.width():
                cut.add(f"{where}: the window is {window.width()} pixels wide")
        look.deleteLater()
    finally:
        qapp.setFont(usual)
    assert not cut, "\n".join(sorted(cut))


def sideways(dialog: SettingsDialog) -> bool:
    """Whether the page that is shown needs sideways scrolling."""
    bars = (one.horizontalScrollBar() for one in dialog.findChildren(SettingsPage) if one.isVisible())
    return any(bar.maximum() > 0 for bar in bars)


def _cut_in(surface: QWidget) -> set[str]:
    """What is cut off in a surface, in words."""
    return {
        told(one)
        for one in surface.findChildren(QWidget)
        if one.isVisible() and (_is_cut(one) or _juts_out(one)) and not _scrolls(one)
    }


def _is_cut(one: QWidget) -> bool:
    """Whether words of a label or button do not fit into it and are not told in full otherwise."""
    if isinstance(one, QLabel):
        if one.wordWrap():
            return one.heightForWidth(one.width()) > one.height() + 1
        text = one.text()
        wide = one.fontMetrics().horizontalAdvance(text) > one.width() + 1
        return bool(text) and (wide or one.fontMetrics().height() > one.height() + 2)
    if isinstance(one, QListWidget) and one.objectName() == "pages":
        return any(map(_name_is_cut, map(one.item, range(one.count()))))
    if isinstance(one, QComboBox) and one.currentText():
        return one.fontMetrics().horizontalAdvance(one.currentText()) > one.width()
    if isinstance(one, QToolButton) and one.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
        return False
    if isinstance(one, QAbstractButton) and one.text():
        lines = one.text().replace("&", "").split("\n")
        wide = max(map(one.fontMetrics().horizontalAdvance, lines)) > one.width()
        return wide or len(lines) * one.fontMetrics().height() > one.height() + 2
    return False


def _name_is_cut(item: QListWidgetItem) -> bool:
    """Whether the name of a page has no room in the list, wrapped where it is long."""
    pages = item.listWidget()
    room = QRect(0, 0, pages.viewport().width() - 2 * theme.SPACE_3, 0)
    needed = pages.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, item.text())
    return needed.width() > room.width() or needed.height() > item.sizeHint().height()


def _scrolls(one: QWidget) -> bool:
    """Whether it lies in something whose scroll bar brings the rest of it into sight."""
    above = one.parentWidget()
    while above is not None:
        if isinstance(above, QAbstractScrollArea):
            off = above.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            return not off and above.horizontalScrollBar().maximum() > 0
        above = above.parentWidget()
    return False


def _juts_out(one: QWidget) -> bool:
    """Whether the side of a label or button with words is outside of what it lies in, and no scroll bar leads there."""
    if not isinstance(one, (QLabel, QAbstractButton, QComboBox)) or (
        isinstance(one, (QLabel, QAbstractButton)) and not one.text()
    ):
        return False
    above = one.parentWidget()
    while above is not None and not one.isWindow():
        left = one.mapTo(above, QPoint(0, 0)).x()
        if left < -1 or left + one.width() > above.width() + 1:
            return True
        if above.isWindow():
            return False
        above = above.parentWidget()
    return False
