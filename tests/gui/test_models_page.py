"""The settings' list of speech models, as a person uses it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from core.speech import models
from desktop.views.main_window import MainWindow
from desktop.views.settings_dialog import SettingsDialog
from tests.gui.hands import wait_for
from tests.hub_server import Hub, Status


def the(dialog: SettingsDialog, tip: str) -> QPushButton:
    """The button that is read out so."""
    return next(one for one in dialog.model_list.findChildren(QPushButton) if one.accessibleName() == tip)


def offers(dialog: SettingsDialog) -> set[str]:
    """What the list's visible buttons do."""
    found = dialog.model_list.findChildren(QPushButton)
    return {one.accessibleName() for one in found if one.isVisibleTo(dialog.model_list)}


def test_a_model_is_got_refused_tried_again_used_and_removed(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import close_session

    starter = models._starter_folder()
    assert starter
    files = {file.name: file.read_bytes() for file in starter.iterdir() if file.is_file()}
    close_session()
    with Hub(files, {"": [Status(404)]}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        dialog = SettingsDialog(window.commands, window)
        wait_for(qtbot, lambda: "Download “base.en”" in offers(dialog))
        assert "Download “tiny.en”" not in offers(dialog)
        the(dialog, "Download “base.en”").click()
        wait_for(qtbot, lambda: "has no speech model “base.en”" in dialog.model_list.state.text())
        dialog.model_list.again.click()
        wait_for(qtbot, lambda: window.commands.settings.model == "base.en")
        wait_for(qtbot, lambda: "Remove “base.en”" in offers(dialog))
    close_session()
    folder = window.commands.places.models / "base.en"
    assert (folder / "model.bin").read_bytes() == files["model.bin"]
    assert dialog.models.currentText().startswith("base.en")
    the(dialog, "Remove “base.en”").click()
    wait_for(qtbot, lambda: "Download “base.en”" in offers(dialog))
    assert not folder.exists()
    assert window.commands.settings.model == ""
