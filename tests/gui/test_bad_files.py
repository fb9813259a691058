"""What the window says to files that give no sound."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from core import paths
from desktop.views.main_window import MainWindow
from tests.gui.hands import drop, sentences, titles, wait_for
from tests.sound_files import make, tone


def test_five_bad_files_dropped_at_once_are_told_each(
    window: MainWindow, places: paths.Folders, qtbot: QtBot, tmp_path: Path
) -> None:
    files = [tmp_path / name for name in ("empty.mp3", "notes.mp3", "cut.mp4", "folder.wav", "gone.ogg")]
    empty, notes, cut, folder, _gone = files
    empty.touch()
    notes.write_text("These are the minutes of a meeting.\n" * 200)
    whole = make(tmp_path / "whole.mp4", "aac", tone(rate=48_000), rate=48_000).read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    folder.mkdir()
    drop(window, *files)
    said = (
        "“empty.mp3” is empty.",
        "“notes.mp3” is not an audio or video file.",
        "“cut.mp4” is damaged or incomplete; no sound could be read from it.",
        "“folder.wav” is a folder.",
        "gone.ogg",
    )
    wait_for(qtbot, lambda: all(one in sentences(window) for one in said))
    assert titles(window) == []
    assert not list(places.audio.iterdir())
