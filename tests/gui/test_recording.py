"""A recording made in the window from a microphone that really hears something."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import paths
from core.audio import media
from desktop.models.meetings import Role
from desktop.views.main_window import MainWindow, StopRecording
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, sentences, titles, wait_for
from tests.microphone import VirtualMicrophone

RATE = 16_000
SECONDS = 15


def start_recording(window: MainWindow, qtbot: QtBot) -> None:
    click(qtbot, button(window, "Record"))
    wait_for(qtbot, lambda: window.record_bar.isVisible() and window.commands.recording)
    wait_for(qtbot, lambda: window.commands.recording and window.commands.recording.elapsed > 0.2)


def test_what_is_said_into_the_microphone_is_read_in_the_window(
    microphone: VirtualMicrophone, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    start_recording(window, qtbot)
    spoken = np.concatenate(list(islice(media.blocks(paths.SAMPLE, 0.0), SECONDS)))
    playing = microphone.begin(spoken, RATE)
    loudest = -90.0

    def heard() -> bool:
        nonlocal loudest
        if window.commands.recording:
            loudest = max(loudest, *(peak for _mean, peak in window.commands.recording.levels))
        return playing.poll() is not None

    wait_for(qtbot, heard, 60)
    assert loudest > -30
    assert "saved" in sentences(window.record_bar)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, lambda: "Bookmark set at 00:1" in sentences(window.toast))
    click(qtbot, button(window.record_bar, "Stop"))
    wait_for(qtbot, lambda: not window.record_bar.isVisible())
    text = window.page.transcript.segments

    def read() -> str:
        return " ".join(str(text.index(row).data()) for row in range(text.rowCount())).lower()

    wait_for(qtbot, lambda: window.library.model.newest().data(Role.MEETING).transcript_complete, 120)
    wait_for(qtbot, lambda: "release" in read())
    assert titles(window)[0].startswith("Meeting of")


def test_without_a_microphone_a_sentence_says_what_to_do(
    no_microphone: VirtualMicrophone, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    click(qtbot, button(window, "Record"))
    wait_for(qtbot, lambda: "No microphone was found. Connect one" in sentences(window.problems), 60)
    assert titles(window) == []
    assert window.actions_.record.isEnabled()


def test_closing_while_recording_asks_and_keeps(
    microphone: VirtualMicrophone, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    start_recording(window, qtbot)

    def answer(text: str) -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, StopRecording)
        click(qtbot, button(dialog, text))

    QTimer.singleShot(200, lambda: answer("Go on recording"))
    assert not window.close()
    assert window.isVisible()
    QTimer.singleShot(200, lambda: answer("Stop and keep the recording"))
    assert window.close()
    assert window.commands.close(20)
    again = open_the_window()
    wait_for(qtbot, lambda: len(titles(again)) == 1)
    meeting = again.library.model.newest().data(Role.MEETING)
    assert meeting.duration > 0.2
    assert not meeting.recording_open


def test_a_pause_records_nothing(
    microphone: VirtualMicrophone, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    start_recording(window, qtbot)
    click(qtbot, button(window.record_bar, "Pause"))
    wait_for(qtbot, lambda: "Paused" in sentences(window.record_bar))
    recording = window.commands.recording
    assert recording
    at = recording.elapsed
    qtbot.wait(600)
    assert window.commands.recording
    assert window.commands.recording.elapsed == pytest.approx(at, abs=0.05)
    click(qtbot, button(window.record_bar, "Go on recording"))
    wait_for(qtbot, lambda: window.commands.recording and window.commands.recording.elapsed > at + 0.2)
    click(qtbot, button(window.record_bar, "Stop"))
    wait_for(qtbot, lambda: not window.record_bar.isVisible())
