"""The page about the library's folder: what it takes, the bin, and who may be sent text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from core.store import Store
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.storage import StoragePage
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences, wait_for
from tests.gui.test_folders import asked
from tests.gui.test_library import put


def opened(window: MainWindow, qtbot: QtBot) -> StoragePage:
    """The page, once it has looked around."""
    dialog = SettingsDialog(window.commands, window, StoragePage)
    with qtbot.waitSignal(window.commands.storage_known, timeout=20_000):
        dialog.open()
    return dialog.page(StoragePage)


def test_it_says_what_there_is_and_empties_the_bin(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "Stand-up", 0, "good morning")
    store.bin(put(store, "Old", 3, "nobody needs this"))
    window = open_the_window()
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    page = opened(window, qtbot)
    assert str(window.commands.places.root) in sentences(page)
    for kind in ("Texts and minutes", "Recordings", "Free on this disk"):
        assert kind in sentences(page)
    assert "1 meeting · 0 bytes" in sentences(page)
    click(qtbot, button(page, "Open the folder"))
    assert [url.toLocalFile() for url in shown] == [str(window.commands.places.root)]
    click(qtbot, button(page, "Empty the bin…"))
    click(qtbot, button(asked(window, qtbot), "Remove for good"))
    wait_for(qtbot, lambda: "The bin is empty." in sentences(page))
    assert not button(page, "Empty the bin…").isEnabled()
    assert [meeting.title for meeting in store.meetings()] == ["Stand-up"]
    assert store.meetings(binned=True) == ()


def test_consent_is_shown_and_taken_back(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, qtbot)
    assert "Neither sound nor text leaves this machine." in sentences(page)
    window.commands.change_settings(consents=("mistral", "http://desk:1234"))
    assert "Text may be sent to Mistral, http://desk:1234." in sentences(page)
    click(qtbot, button(page, "Ask me again"))
    assert "Neither sound nor text" in sentences(page)
    assert window.commands.settings.consents == ()
