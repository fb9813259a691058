"""The bar says in words what a person must know of a running recording."""

from __future__ import annotations

import dataclasses

import pytest

from core.values import MeetingId, Recording
from desktop.views.main_window import MainWindow
from tests.gui.conftest import OpenWindow
from tests.gui.hands import sentences

WHOLE = Recording(MeetingId("a"), 65.0, 1.0, ((-20.0, -10.0),))


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("paused", [False, True])
def test_everything_fits_into_the_smallest_window(
    open_the_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, language: str, paused: bool
) -> None:
    monkeypatch.setenv("LANG", language)
    window = open_the_window()
    running = dataclasses.replace(WHOLE, elapsed=3 * 3600.0, unsaved=40.0, overflows=12, paused=paused)
    window.commands.recording_changed.emit(running)
    assert window.record_bar.minimumSizeHint().width() <= window.minimumWidth()


def test_gaps_in_the_sound_are_told(window: MainWindow) -> None:
    window.commands.recording_changed.emit(WHOLE)
    assert window.record_bar.isVisible()
    assert "gap" not in sentences(window.record_bar)
    for count, told in ((1, "1 gap in the sound"), (3, "3 gaps in the sound")):
        window.commands.recording_changed.emit(dataclasses.replace(WHOLE, overflows=count))
        assert told in sentences(window.record_bar)
    assert window.record_bar._gaps_icon.isVisible()
    window.commands.recording_changed.emit(WHOLE)
    assert "gap" not in sentences(window.record_bar)
