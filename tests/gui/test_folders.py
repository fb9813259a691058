"""A folder that is dropped on the window: all that is in it, once the person has seen how much that is."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.views.main_window import MainWindow
from desktop.views.widgets import Question
from tests.gui.decoder import Decoder
from tests.gui.hands import button, click, drop, sentences, titles, wait_for
from tests.sound_files import make, tone


def asked(window: MainWindow, qtbot: QtBot) -> Question:
    wait_for(qtbot, lambda: [one for one in window.findChildren(Question) if one.isVisible()])
    return next(one for one in window.findChildren(Question) if one.isVisible())


def test_a_folder_is_imported_once_its_number_is_seen(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, decoder: Decoder
) -> None:
    folder = tmp_path / "dictaphone"
    (folder / "older").mkdir(parents=True)
    make(folder / "Budget.wav", "pcm_s16le", tone(), rate=16_000)
    make(folder / "older" / "Stand-up.wav", "pcm_s16le", tone(2), rate=16_000)
    (folder / "cover.png").touch()
    (folder / ".hidden.wav").touch()
    drop(window, folder)
    question = asked(window, qtbot)
    assert "2 files can be imported from the folder." in sentences(question)
    click(qtbot, button(question, "Import nothing"))
    assert titles(window) == []
    drop(window, folder)
    click(qtbot, button(asked(window, qtbot), "Import all"))
    decoder.may_go.release(100)
    wait_for(qtbot, lambda: sorted(titles(window)) == ["Budget", "Stand-up"])
