"""Keys of the person's own: given in the settings, told where they are taken, kept, and taken back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit
from pytestqt.qtbot import QtBot

from core import paths, settings
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.shortcuts import ShortcutsPage
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences, wait_for

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def keys_page(window: MainWindow, qtbot: QtBot) -> ShortcutsPage:
    window.dialogs.open_settings(ShortcutsPage)
    dialog = window.findChild(SettingsDialog)
    assert dialog
    qtbot.waitExposed(dialog)
    page = dialog.page(ShortcutsPage)
    wait_for(qtbot, lambda: len(page.findChildren(QKeySequenceEdit)) == len(window.actions_.named))
    return page


def field(page: ShortcutsPage, action: str) -> QKeySequenceEdit:
    name = f"Shortcut of “{action}”"
    return next(one for one in page.findChildren(QKeySequenceEdit) if one.accessibleName() == name)


def press(qtbot: QtBot, edit: QKeySequenceEdit, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    edit.setFocus()
    with qtbot.waitSignal(edit.editingFinished, timeout=20_000):
        qtbot.keyClick(edit, key, modifier)


def test_keys_are_changed_and_kept(open_the_window: OpenWindow, qtbot: QtBot, places: paths.Folders) -> None:
    window = open_the_window()
    page = keys_page(window, qtbot)
    press(qtbot, field(page, "Search"), Qt.Key.Key_Y, CTRL)
    assert window.actions_.search.shortcut().toString() == "Ctrl+Y"
    assert window.library.field.toolTip() == "Search all meetings (Ctrl+Y)"
    wait_for(qtbot, lambda: settings.load(places.settings).shortcuts == ("search=Ctrl+Y",))
    with qtbot.waitActive(window):
        page.window().close()
        window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Y, CTRL)
    wait_for(qtbot, window.library.field.hasFocus)
    assert open_the_window().actions_.search.shortcut().toString() == "Ctrl+Y"


def test_taken_keys_are_told(window: MainWindow, qtbot: QtBot) -> None:
    page = keys_page(window, qtbot)
    press(qtbot, field(page, "Search"), Qt.Key.Key_R, CTRL)
    assert "Ctrl+R already belongs to “Record”" in sentences(page)
    assert field(page, "Search").keySequence().toString() == "Ctrl+K"
    assert window.actions_.search.shortcut().toString() == "Ctrl+K"
    press(qtbot, field(page, "Record"), Qt.Key.Key_R, CTRL | ALT | Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, field(page, "Search"), Qt.Key.Key_R, CTRL)
    assert "already belongs" not in sentences(page)
    assert window.actions_.search.shortcut().toString() == "Ctrl+R"


def test_keys_that_write_or_move_are_refused(window: MainWindow, qtbot: QtBot) -> None:
    page, plain = keys_page(window, qtbot), Qt.KeyboardModifier.NoModifier
    for key in (Qt.Key.Key_K, Qt.Key.Key_Escape, Qt.Key.Key_Down):
        press(qtbot, field(page, "Search"), key, plain)
        name = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
        assert f"{name} is needed to write and to move about. Hold Ctrl or Alt with it." in sentences(page)
        assert field(page, "Search").keySequence().toString() == "Ctrl+K"
    assert window.actions_.search.shortcut().toString() == "Ctrl+K"
    press(qtbot, field(page, "Search"), Qt.Key.Key_F9, plain)
    assert "is needed to write" not in sentences(page)
    # What an action usually has it may have again.
    press(qtbot, field(page, "Play"), Qt.Key.Key_F10, plain)
    press(qtbot, field(page, "Play"), Qt.Key.Key_Space, plain)
    assert window.actions_.play.shortcut().toString() == "Space"


def test_usual_keys_come_back(window: MainWindow, qtbot: QtBot) -> None:
    window.commands.change_settings(shortcuts=("record=Ctrl+Y", "search=", "unknown=Ctrl+W"))
    assert "Ctrl" not in window.library.field.toolTip()
    page = keys_page(window, qtbot)
    qtbot.keyClicks(page.filter, "search")
    assert not field(page, "Record").isVisible()
    click(qtbot, button(page, "Give “Search” its usual keys again"))
    assert window.actions_.search.shortcut().toString() == "Ctrl+K"
    assert window.actions_.record.shortcut().toString() == "Ctrl+Y"
    page.ensureWidgetVisible(button(page, "Reset all"))
    click(qtbot, button(page, "Reset all"))
    assert window.actions_.record.shortcut().toString() == "Ctrl+R"
    assert window.commands.settings.shortcuts == ()
    # The keyboard brings into sight what it comes to.
    page.filter.clear()

    def at_the_end() -> bool:
        page.ensureWidgetVisible(button(page, "Reset all"))
        return page.filter.visibleRegion().isEmpty()

    wait_for(qtbot, at_the_end)
    page.filter.setFocus()
    assert not page.filter.visibleRegion().isEmpty()


def test_no_two_actions_have_the_same_keys(window: MainWindow) -> None:
    given = [keys for keys in window.actions_.usual.values() if keys]
    assert sorted(given) == sorted(set(given))
