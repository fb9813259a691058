"""The settings' list of speech models, as a person uses it."""

from __future__ import annotations

import dataclasses
import json

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.speech import machine
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.transcription import TranscriptionPage
from tests.gui.hands import button, click, sentences, wait_for
from tests.hub_server import Hub, Status


def opened(window: MainWindow) -> SettingsDialog:
    """The settings with the page of models shown."""
    dialog = SettingsDialog(window.commands, window, TranscriptionPage)
    dialog.open()
    return dialog


def offers(dialog: SettingsDialog) -> set[str]:
    """What the list's buttons do that can be clicked."""
    found = dialog.page(TranscriptionPage).model_list.findChildren(QPushButton)
    return {one.accessibleName() for one in found if one.isVisible() and one.isEnabled()}


def test_a_model_is_got_refused_tried_again_used_and_removed(
    window: MainWindow, hub: Hub, qtbot: QtBot
) -> None:
    hub.faults[""] = [Status(404)]
    dialog = opened(window)
    listed, download = (
        dialog.page(TranscriptionPage).model_list,
        dialog.page(TranscriptionPage).model_list.download,
    )
    wait_for(qtbot, lambda: "Download “base.en”" in offers(dialog))
    assert "Download “tiny.en”" not in offers(dialog)
    click(qtbot, button(listed, "Download “base.en”"))
    wait_for(qtbot, lambda: "has no speech model “base.en”" in download.state.text())
    assert download.button.text() == "Try again"
    click(qtbot, download.button)
    wait_for(qtbot, lambda: download.state.text() == "“base.en” is here now.")
    folder = window.commands.places.models / "base.en"
    assert (folder / "model.bin").read_bytes() == hub.files["model.bin"]
    assert window.commands.settings.model == ""
    wait_for(qtbot, lambda: "Use “base.en”" in offers(dialog))
    click(qtbot, button(listed, "Use “base.en”"))
    assert window.commands.settings.model == "base.en"
    assert dialog.page(TranscriptionPage).models.currentText().startswith("base.en")
    wait_for(qtbot, lambda: "Use “tiny.en”" in offers(dialog))
    assert "Use “base.en”" not in offers(dialog)
    click(qtbot, button(listed, "Remove “base.en”"))
    wait_for(qtbot, lambda: "Download “base.en”" in offers(dialog))
    assert not folder.exists()
    assert window.commands.settings.model == ""


def test_one_download_at_a_time_and_it_can_be_stopped(window: MainWindow, hub: Hub, qtbot: QtBot) -> None:
    hub.pause = 0.05
    dialog = opened(window)
    listed, download = (
        dialog.page(TranscriptionPage).model_list,
        dialog.page(TranscriptionPage).model_list.download,
    )
    wait_for(qtbot, lambda: "Download “base.en”" in offers(dialog))
    click(qtbot, button(listed, "Download “base.en”"))
    wait_for(qtbot, lambda: download.button.isVisible() and download.button.text() == "Stop")
    assert "Download “base”" not in offers(dialog)
    click(qtbot, download.button)
    wait_for(qtbot, lambda: not download.isVisible())
    wait_for(qtbot, lambda: "Download “base”" in offers(dialog))
    assert not (window.commands.places.models / "base.en").exists()
    wait_for(qtbot, lambda: "Go on downloading “base.en”" in offers(dialog))
    click(qtbot, button(listed, "Remove what was downloaded of “base.en”"))
    wait_for(qtbot, lambda: "Download “base.en”" in offers(dialog))
    assert not [*window.commands.places.models.iterdir()]


def test_each_says_what_it_takes_here_once_that_is_measured(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measure() -> None:
        here = dataclasses.replace(machine.unmeasured(), speed=10.0)
        kept = window.commands.places.root / "machine.json"
        kept.write_text(json.dumps(dataclasses.asdict(here)))
        window.commands.look_at_machine()

    monkeypatch.setattr(window.commands, "measure_machine", measure)
    dialog = opened(window)
    listed = dialog.page(TranscriptionPage).model_list
    wait_for(qtbot, lambda: "278 MB of memory" in sentences(listed))
    assert "an hour takes" not in sentences(listed)
    click(qtbot, listed.measure)
    wait_for(qtbot, lambda: "an hour takes about 6 min · 278 MB of memory" in sentences(listed))
    assert "an hour takes about 4 h · 3.3 GB of memory" in sentences(listed)
    assert not listed.measure.isVisible()
