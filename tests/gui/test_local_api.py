"""The local interface in the window: switched on and off, its token, and what is done through it shown at once."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import httpx2
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import Source
from desktop.views.main_window import MainWindow
from desktop.views.settings.about import AboutPage, LogDialog
from desktop.views.settings.local_api import LocalApiPage
from tests.gui.conftest import OpenWindow
from tests.gui.hands import titles, wait_for


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        found: int = free.getsockname()[1]
        return found


def test_it_is_switched_on_asked_and_off(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot, port: int
) -> None:
    meeting_id = store.add_meeting("Budget", datetime.now(UTC), Source.IMPORT)
    window = open_the_window()
    commands = window.commands
    page = LocalApiPage(commands)
    qtbot.addWidget(page)
    page.show()
    assert page.state.text() == "It is switched off."
    page.port.setValue(port)
    page.port.editingFinished.emit()
    page.switch.click()
    wait_for(qtbot, lambda: commands.address)
    assert page.state.text() == f"Answers at http://127.0.0.1:{port}"
    QApplication.clipboard().clear()
    page.copy.click()
    wait_for(qtbot, QApplication.clipboard().text)
    token = QApplication.clipboard().text()
    with httpx2.Client(
        base_url=f"{commands.address}/v1", headers={"Authorization": f"Bearer {token}"}
    ) as client:
        # A change through it shows in the open window.
        assert (
            client.patch(f"/meetings/{meeting_id}", json={"title": "Renamed from elsewhere"}).status_code
            == 200
        )
        wait_for(qtbot, lambda: "Renamed from elsewhere" in titles(window))
        assert client.patch("/settings", json={"preset": "fast"}).status_code == 200
        wait_for(qtbot, lambda: commands.settings.preset == "fast")
    page.switch.click()
    wait_for(qtbot, lambda: not commands.address and commands._server is None)
    assert page.state.text() == "It is switched off."


def test_a_port_that_is_taken_is_told(window: MainWindow, qtbot: QtBot) -> None:
    page = LocalApiPage(window.commands)
    qtbot.addWidget(page)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        window.commands.change_settings(api=True, api_port=taken.getsockname()[1])
        wait_for(qtbot, lambda: "another program does" in page.state.text())


def test_the_health_is_shown_and_copied_and_the_log_read(window: MainWindow, qtbot: QtBot) -> None:
    page = AboutPage(window.commands)
    qtbot.addWidget(page)
    wait_for(qtbot, page.copy.isEnabled)
    assert page.verdict.text() != "Looking…"
    page.copy.click()
    assert "Speech model: " in QApplication.clipboard().text()
    page.log.click()
    dialog = page.findChild(LogDialog)
    assert dialog
    wait_for(qtbot, dialog.lines.toPlainText)
    assert "health" in dialog.lines.toPlainText()
    dialog.close()
