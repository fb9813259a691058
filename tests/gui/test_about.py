"""The page about this machine: facts to copy, and a measurement that shows when it has ended."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.speech import machine
from core.values import Machine
from desktop.views.guide import Guide
from desktop.views.main_window import MainWindow
from desktop.views.settings.about import AboutPage


def test_the_facts_are_shown_copied_and_measured_again(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(_model: object, _sound: object) -> Generator[float, None, Machine]:
        yield 1.0
        return replace(machine.unmeasured(), threads=3, speed=12.5)

    monkeypatch.setattr(machine, "measured", measured)
    with qtbot.waitSignal(window.commands.machine_known, timeout=20_000):
        page = AboutPage(window.commands)
    qtbot.addWidget(page)
    assert machine.unmeasured().processor in page.facts.text()
    qtbot.waitUntil(page.copy.isEnabled, timeout=30_000)
    page.copy.click()
    assert page.facts.text() in QApplication.clipboard().text()
    with qtbot.waitSignal(window.commands.machine_known, timeout=20_000):
        page.measure.click()
        assert page.measure.text() == "Measuring…"
    assert page.measure.text() == "Measure again"
    assert "12.5 times as fast as speech" in page.facts.text()


def test_the_guide_is_read_in_the_program(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    guide = window.findChild(Guide)
    assert guide
    assert "## " not in guide.text.toPlainText()
    assert "Try the sample meeting" in guide.text.toPlainText()
    window.actions_.guide.trigger()
    assert window.findChildren(Guide) == [guide]
    guide.close()
