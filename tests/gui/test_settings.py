"""The settings dialog shows what is really chosen, also where that is not there."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from core import credentials
from core.speech import models
from core.values import Microphone, Model
from desktop.views import settings_dialog
from desktop.views.main_window import MainWindow
from desktop.views.settings_dialog import SettingsDialog
from tests.gui.hands import wait_for

SMALL = Model("small", "/models/small", (), 480_000_000)
TINY = Model("tiny.en", "/bundled/model", ("en",), 71_000_000)


def entries(dialog: SettingsDialog, found: tuple[Model, ...]) -> tuple[dict[str, str], str]:
    """What the models' box offers, and which of it is chosen."""
    dialog._commands.models_found.emit(found)
    box = dialog.models
    offered = {str(box.itemData(place)): box.itemText(place) for place in range(box.count())}
    return offered, box.currentText()


def opened(window: MainWindow, qtbot: QtBot, **chosen: str) -> SettingsDialog:
    """The dialog with these settings, after it has looked around by itself."""
    window.commands.change_settings(**chosen)
    with qtbot.waitSignals([window.commands.models_found, window.commands.microphones_found], timeout=20_000):
        return SettingsDialog(window.commands, window)


def test_the_starter_is_the_one_that_core_means() -> None:
    assert settings_dialog.STARTER == models.STARTER


def test_a_model_is_kept_by_its_own_name(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    offered, chosen = entries(dialog, (TINY, SMALL))
    assert list(offered) == ["", "small"]
    assert chosen.startswith("tiny.en")
    dialog.models.activated.emit(1)
    assert window.commands.settings.model == "small"
    assert entries(dialog, (TINY, SMALL))[1].startswith("small")


def test_without_the_starter_the_first_model_is_not_taken_for_it(window: MainWindow, qtbot: QtBot) -> None:
    offered, chosen = entries(opened(window, qtbot), (SMALL,))
    assert offered["small"].startswith("small")
    assert (offered[""], chosen) == ("tiny.en (not found)", "tiny.en (not found)")


@pytest.mark.parametrize("model", ["tiny.en", "/bundled/model"])
def test_a_model_chosen_by_name_or_folder_is_found(window: MainWindow, qtbot: QtBot, model: str) -> None:
    offered, chosen = entries(opened(window, qtbot, model=model), (TINY, SMALL))
    assert list(offered) == [model, "small"]
    assert chosen.startswith("tiny.en ·")


def test_what_is_chosen_and_missing_is_shown_as_such(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, model="/gone/large", microphone="Desk", spoken_language="ca")
    assert entries(dialog, (TINY,))[1] == "large (not found)"
    window.commands.microphones_found.emit((Microphone("Lamp", 1, 48_000),))
    assert dialog.microphones.currentText() == "Desk (not found)"
    assert dialog.microphones.currentData() == "Desk"
    assert dialog.spoken.currentText() == "Catalan"
    assert opened(window, qtbot, spoken_language="qqq").spoken.currentText() == "qqq (not found)"


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
