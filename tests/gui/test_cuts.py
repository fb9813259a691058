"""A passage cut in the window: asked for, undone, done again, brought back from the bin, and let go with it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from core import messages, paths
from core.store import Store
from core.values import MeetingId, Place, Segment, Source, TranscriptOptions
from desktop.views.main_window import MainWindow
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, rows, sentences, wait_for
from tests.gui.test_editor import come_back
from tests.sound_files import make, tone

CTRL = Qt.KeyboardModifier.ControlModifier
SAID = ["Good morning.", "My salary is a secret.", "So it stays.", "On to the budget."]


@pytest.fixture
def meeting_id(store: Store, places: paths.Folders) -> MeetingId:
    path = make(places.audio / "tuesday.opus", "libopus", tone(20.0, 48_000), rate=48_000, container="ogg")
    moment = datetime(2026, 3, 10, 9, tzinfo=UTC)
    new = store.add_meeting(
        "Tuesday", moment, Source.IMPORT, audio=path.name, duration=20.0, size=path.stat().st_size
    )
    begun = store.begin_transcript(new, TranscriptOptions(), "en")
    said = [Segment(5.0 * place, 5.0 * place + 4, text) for place, text in enumerate(SAID)]
    store.add_segments(begun, said, Place(20.0), language="en")
    store.complete_transcript(begun)
    return new


@pytest.fixture
def window(meeting_id: MeetingId, open_the_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    found = open_the_window()
    wait_for(qtbot, lambda: found.page.transcript.segments.count == len(SAID))
    qtbot.keyClick(found, Qt.Key.Key_2, CTRL)
    return found


def text(window: MainWindow) -> list[str]:
    return rows(window.page.transcript.segments)


def cut(qtbot: QtBot, window: MainWindow, first: int, last: int) -> None:
    view = window.page.transcript
    view.setFocus()
    view.setCurrentIndex(view.segments.index(first))
    view.selectionModel().select(view.segments.index(last), QItemSelectionModel.SelectionFlag.Select)
    qtbot.keyClick(view, Qt.Key.Key_X, CTRL)
    wait_for(qtbot, lambda: "goes from the sound" in sentences(window))
    assert "from 00:05 to 00:14 (9 s)" in sentences(window)
    click(qtbot, button(window, "Cut the passage"))
    come_back(qtbot, window)
    wait_for(qtbot, lambda: text(window) == [SAID[0], SAID[3]])


def test_a_passage_is_cut_undone_and_cut_again(
    qtbot: QtBot, window: MainWindow, store: Store, meeting_id: MeetingId
) -> None:
    cut(qtbot, window, 1, 2)
    wait_for(qtbot, lambda: "A passage of 9 s was cut" in sentences(window))
    click(qtbot, button(window, "Undo"))
    wait_for(qtbot, lambda: text(window) == SAID)
    wait_for(qtbot, lambda: window.library.bin_button.text() == "Bin")
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    wait_for(qtbot, lambda: text(window) == [SAID[0], SAID[3]])
    wait_for(
        qtbot, lambda: messages.clock(store.meeting(meeting_id).duration) in sentences(window.page.player)
    )
    assert store.meeting(meeting_id).duration < 12
    wait_for(qtbot, lambda: window.library.bin_button.text() == "Bin (1)")
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    wait_for(qtbot, lambda: text(window) == SAID)
    wait_for(qtbot, lambda: "00:20" in sentences(window.page.player))
    assert store.cuts() == ()


def test_it_comes_back_from_the_bin_or_goes_with_it(
    qtbot: QtBot, window: MainWindow, store: Store, meeting_id: MeetingId
) -> None:
    cut(qtbot, window, 1, 2)
    library = window.library
    wait_for(qtbot, lambda: library.bin_button.text() == "Bin (1)")
    click(qtbot, library.bin_button)
    wait_for(qtbot, lambda: library.bin.cuts.count() == 1)
    assert library.bin.cuts.item(0).text() == "Tuesday, from 00:05: My salary is a secret. So it stays."
    assert "30 days" in sentences(library)
    click(qtbot, button(library.bin, "Bring back"))
    wait_for(qtbot, lambda: "is back in “Tuesday”" in sentences(window))
    wait_for(qtbot, lambda: text(window) == SAID)
    wait_for(qtbot, lambda: "The bin is empty." in sentences(library))
    # The place of the passage is shown, and the step is no step of the history any more.
    wait_for(qtbot, lambda: window.page.transcript.current_second() == 5.0)
    assert not window.commands.can_undo(meeting_id)

    cut(qtbot, window, 1, 2)
    wait_for(qtbot, lambda: library.bin.cuts.count() == 1)
    library.bin.cuts.setFocus()
    click(qtbot, library.bin.remove)
    assert "1 cut passage is removed." in sentences(library.bin)
    click(qtbot, button(library.bin, "Remove for good"))
    come_back(qtbot, window)
    wait_for(qtbot, lambda: "The bin is empty." in sentences(library))
    assert store.cuts() == ()
    # It cannot be undone any more, which is said.
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    wait_for(qtbot, lambda: "not in the bin any more" in sentences(window))
    assert text(window) == [SAID[0], SAID[3]]
