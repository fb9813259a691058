"""The settings dialog shows what is really chosen, also where that is not there."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from core import credentials, paths
from core.meetings import Library
from core.values import Cost, Devices, Microphone, Model, Models
from desktop.views.main_window import MainWindow
from desktop.views.settings import recording
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.general import GeneralPage
from desktop.views.settings.recording import RecordingPage
from desktop.views.settings.transcription import TranscriptionPage
from tests.gui.hands import wait_for

SMALL = Model("small", "/models/small", (), 480_000_000)
TINY = Model("tiny.en", "/bundled/model", ("en",), 71_000_000, built_in=True)


def entries(dialog: SettingsDialog, found: tuple[Model, ...]) -> tuple[dict[str, str], str]:
    """What the models' box offers, and which of it is chosen."""
    costs = {model.name: Cost(1, None) for model in found}
    dialog.page(TranscriptionPage).commands.models_found.emit(Models(found, (), (), costs, ""))
    box = dialog.page(TranscriptionPage).models
    offered = {str(box.itemData(place)): box.itemText(place) for place in range(box.count())}
    return offered, box.currentText()


def opened(window: MainWindow, qtbot: QtBot, **chosen: object) -> SettingsDialog:
    """The dialog with these settings, after it has looked around by itself."""
    window.commands.change_settings(**chosen)
    with qtbot.waitSignals([window.commands.models_found, window.commands.devices_found], timeout=20_000):
        dialog = SettingsDialog(window.commands, window, RecordingPage)
        dialog.open()
        dialog.page(TranscriptionPage)  # is made, and looks around
    return dialog


def test_a_model_is_kept_by_its_own_name(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    offered, chosen = entries(dialog, (TINY, SMALL))
    assert list(offered) == ["", "small"]
    assert chosen.startswith("tiny.en")
    dialog.page(TranscriptionPage).models.activated.emit(1)
    assert window.commands.settings.model == "small"
    assert entries(dialog, (TINY, SMALL))[1].startswith("small")


def test_without_the_starter_the_first_model_is_not_taken_for_it(window: MainWindow, qtbot: QtBot) -> None:
    offered, chosen = entries(opened(window, qtbot), (SMALL,))
    assert offered["small"].startswith("small")
    assert offered[""] == chosen == "The program's own model (not found)"


@pytest.mark.parametrize("model", ["tiny.en", "/bundled/model"])
def test_a_model_chosen_by_name_or_folder_is_found(window: MainWindow, qtbot: QtBot, model: str) -> None:
    offered, chosen = entries(opened(window, qtbot, model=model), (TINY, SMALL))
    assert list(offered) == [model, "small"]
    assert chosen.startswith("tiny.en ·")


def test_what_is_chosen_and_missing_is_shown_as_such(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, model="/gone/large", microphone="Desk", spoken_language="ca")
    assert entries(dialog, (TINY,))[1] == "large (not found)"
    window.commands.devices_found.emit(Devices((Microphone("Lamp"),)))
    assert dialog.page(RecordingPage).microphones.currentText() == "Desk (not found)"
    assert dialog.page(RecordingPage).microphones.currentData() == "Desk"
    assert dialog.page(TranscriptionPage).spoken.currentText() == "Catalan"
    assert (
        opened(window, qtbot, spoken_language="qqq").page(TranscriptionPage).spoken.currentText()
        == "qqq (not found)"
    )


def offered(box: QComboBox) -> list[str]:
    return [box.itemText(place) for place in range(box.count())]


def field(dialog: SettingsDialog, name: str) -> QComboBox:
    """The field that is read out so."""
    return next(one for one in dialog.findChildren(QComboBox) if one.accessibleName() == name)


def choose(box: QComboBox, text: str) -> None:
    """Chooses an entry as a person does."""
    box.setCurrentText(text)
    box.activated.emit(box.currentIndex())


def test_everything_about_recording_can_be_chosen(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    for name, words, setting, value in (
        ("What is recorded", "System sound only", "sources", "system"),
        ("Text is made", "While recording, but not on battery", "live_text", "mains"),
        ("Text is made", "After the recording", "live_text", "off"),
        ("Stop by itself when nobody is heard for", "30 min", "stop_after_silence", 30),
        ("Closing the window while recording", "Go on recording in the background", "closing", "keep"),
    ):
        choose(field(dialog, name), words)
        assert getattr(window.commands.settings, setting) == value
    again = opened(window, qtbot)
    assert field(again, "Stop by itself when nobody is heard for").currentText() == "30 min"
    assert (
        field(again, "Closing the window while recording").currentText()
        == "Go on recording in the background"
    )
    # Nothing to choose for who records the system's sound alone.
    assert not again.page(RecordingPage).microphones.isEnabled()
    choose(again.page(RecordingPage).sources, "Microphone and system sound")
    assert again.page(RecordingPage).microphones.isEnabled()


def test_the_list_of_microphones_follows_what_is_plugged_in(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, microphone="Desk")
    found = window.commands.devices_found.emit
    found(Devices((Microphone("Lamp", is_default=True), Microphone("Desk")), "Speakers"))
    assert offered(dialog.page(RecordingPage).microphones) == ["The system's default (Lamp)", "Lamp", "Desk"]
    assert dialog.page(RecordingPage).microphones.currentText() == "Desk"
    assert dialog.page(RecordingPage).system.text() == "System sound · Speakers"
    found(Devices((Microphone("Lamp", is_default=True),), "", "no_output"))
    assert dialog.page(RecordingPage).microphones.currentText() == "Desk (not found)"
    assert (
        dialog.page(RecordingPage)
        .system.text()
        .startswith("The sound of this machine cannot be recorded. There is no loudspeaker")
    )
    assert window.commands.settings.microphone == "Desk"
    found(Devices((Microphone("Desk"),)))
    assert dialog.page(RecordingPage).microphones.currentText() == "Desk"


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_an_open_list_is_not_changed_under_the_hand(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.show()
    window.commands.devices_found.emit(Devices((Microphone("Lamp"),)))
    dialog.page(RecordingPage).microphones.showPopup()
    window.commands.devices_found.emit(Devices(()))
    assert "Lamp" in offered(dialog.page(RecordingPage).microphones)
    dialog.page(RecordingPage).microphones.hidePopup()
    window.commands.devices_found.emit(Devices(()))
    assert "Lamp" not in offered(dialog.page(RecordingPage).microphones)


def test_it_looks_for_devices_again_and_again_while_they_are_shown(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Devices] = []
    monkeypatch.setattr(recording, "LOOK_MILLISECONDS", 10)

    def look() -> None:
        looks.append(Devices(()))
        window.commands.devices_found.emit(looks[-1])

    monkeypatch.setattr(window.commands, "look_for_devices", look)
    dialog = SettingsDialog(window.commands, window)
    dialog.open()
    qtbot.wait(50)
    # An answer to somebody else is no reason either.
    window.commands.devices_found.emit(Devices(()))
    qtbot.wait(50)
    assert not looks
    dialog.turn_to(RecordingPage)
    wait_for(qtbot, lambda: len(looks) > 3)
    dialog.turn_to(GeneralPage)
    count = len(looks)
    qtbot.wait(100)
    assert len(looks) == count
    dialog.turn_to(RecordingPage)
    dialog.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    count = len(looks)
    qtbot.wait(100)
    assert len(looks) == count


def test_a_dialog_that_is_gone_follows_no_change(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    window.commands.change_settings(preset="best")  # what fails in a slot fails the test


def test_a_long_page_can_be_scrolled(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    dialog.resize(720, 240)
    with qtbot.waitActive(dialog):
        dialog.show()
        dialog.activateWindow()
    last = field(dialog, "Closing the window while recording")
    assert last.visibleRegion().isEmpty()
    dialog.page(RecordingPage).sources.setFocus()
    for _ in range(4):
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    assert dialog.focusWidget() is last
    assert not last.visibleRegion().isEmpty()


def test_without_the_kept_key_that_of_the_environment_counts(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = window.commands
    commands.keep_key("for this session")
    wait_for(qtbot, lambda: commands.has_key)
    monkeypatch.setenv(credentials.KEY_VARIABLE, "of the environment")
    with qtbot.waitSignal(commands.key_known, timeout=20_000) as known:
        commands.keep_key("")
    assert known.args == [True]
    monkeypatch.delenv(credentials.KEY_VARIABLE)
    with qtbot.waitSignal(commands.key_known, timeout=20_000) as known:
        commands.keep_key("")
    assert known.args == [False]


def test_what_another_program_chooses_is_shown(
    window: MainWindow, qtbot: QtBot, places: paths.Folders
) -> None:
    dialog = opened(window, qtbot, preset="best")
    other = Library(places)
    other.change_settings(dataclasses.replace(other.settings, appearance="dark", model="small"))
    other.close()
    wait_for(qtbot, lambda: window.commands.settings.appearance == "dark")
    assert (window.commands.settings.preset, window.commands.settings.model) == ("best", "small")
    assert entries(dialog, (TINY, SMALL))[1].startswith("small")
