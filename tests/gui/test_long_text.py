"""A long text is shown from its first screens on, before all of it was read."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import MeetingId, Place, Segment, Source, TranscriptOptions
from desktop.app import collecting_out_of_sight
from desktop.commands import Page
from desktop.commands.pages import FIRST_SEGMENTS
from desktop.views import find_bar
from desktop.views.main_window import MainWindow
from tests.gui.conftest import OpenWindow
from tests.gui.hands import wait_for

COUNT = 2 * FIRST_SEGMENTS + 50


def long_meeting(store: Store, *, complete: bool = True) -> MeetingId:
    new = store.add_meeting("Long", datetime(2026, 3, 1, tzinfo=UTC), Source.IMPORT, duration=4.0 * COUNT)
    transcript = store.begin_transcript(new, TranscriptOptions(), "en")
    ana = store.add_speaker(new, "Ana")
    said = [
        Segment(4.0 * place, 4.0 * place + 3, f"line {place}", speaker_id=ana.id) for place in range(COUNT)
    ]
    store.add_segments(transcript, said, Place(4.0 * COUNT))
    if complete:
        store.complete_transcript(transcript)
    return new


def read(window: MainWindow, qtbot: QtBot, meeting_id: MeetingId) -> list[Page]:
    """The pages that come as the meeting is chosen, until all of its text is there."""
    pages: list[Page] = []
    window.commands._look.stop()  # what was written as the window opened would be read in between
    wait_for(qtbot, lambda: not window.commands._busy())
    window.commands.page_read.connect(pages.append)
    window.commands.show(MeetingId(""))
    window.commands.show(meeting_id)
    wait_for(qtbot, lambda: pages and not pages[-1].partial)
    window.commands.page_read.disconnect(pages.append)
    return pages


def test_the_beginning_is_shown_before_the_rest(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    meeting_id = long_meeting(store)
    window = open_the_window()
    segments, bar = window.page.transcript.segments, window.page.transcript.verticalScrollBar()
    wait_for(qtbot, lambda: segments.count == COUNT)
    beginning, whole = read(window, qtbot, meeting_id)
    assert beginning.partial
    assert beginning.transcript
    assert [one.text for one in beginning.transcript.segments] == [f"line {n}" for n in range(FIRST_SEGMENTS)]
    assert whole.transcript
    assert len(whole.transcript.segments) == segments.count == COUNT
    assert bar.value() == 0
    # Named from the first moment on, but how long who talks is only said of all of it.
    assert [one.speaker.name for one in beginning.talk] == ["Ana"]
    assert window.page.transcript.segments.voice(whole.transcript.segments[0]).name == "Ana"  # type: ignore[union-attr]


def test_the_window_answers_while_words_are_looked_for_in_a_long_text(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find_bar, "SLICE_SECONDS", 0.0)
    long_meeting(store)
    window = open_the_window()
    view, bar = window.page.transcript, window.page.text.bar
    wait_for(qtbot, lambda: view.segments.count == COUNT)
    bar.begin(replacing=False)
    measured = view.measured
    assert measured
    qtbot.keyClicks(bar.input, "line 4")
    assert bar.count.text() == ""  # not yet
    wait_for(qtbot, lambda: bar.count.text() == "1 of 61")
    qtbot.keyClicks(bar.input, "4")
    qtbot.keyClick(bar.input, Qt.Key.Key_Return)  # at once: what is left to be found is
    assert bar.count.text() == "2 of 11"
    assert view.currentIndex().data() == "line 440"
    # That the keyboard comes and goes is no reason to measure all of it again.
    view.setFocus()
    assert view.measured >= measured
    view.selectAll()
    assert len(view.selected()) == COUNT


def test_everything_is_looked_through_only_out_of_sight(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[None] = []
    before = gc.get_threshold()
    with collecting_out_of_sight(qapp):
        monkeypatch.setattr(gc, "collect", lambda: collected.append(None))
        assert gc.get_threshold()[2] > before[2]
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
        assert not collected
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
        assert len(collected) == 1
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert (len(collected), gc.get_threshold()) == (1, before)


def test_a_place_further_down_is_read_with_all_of_it(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    meeting_id = long_meeting(store)
    store.keep_place(meeting_id, 4.0 * (COUNT - 10))
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.transcript.segments.count == COUNT)
    assert not any(page.partial for page in read(window, qtbot, meeting_id))


def test_only_a_long_and_whole_text_has_a_beginning(store: Store) -> None:
    meeting_id = long_meeting(store)
    found = store.beginning(meeting_id, 10)
    whole = store.transcript(meeting_id)
    assert found
    assert whole
    assert found.segments == whole.segments[:10]
    assert store.beginning(meeting_id, COUNT) is None
    assert store.beginning(long_meeting(store, complete=False), 10) is None
    assert store.beginning(store.add_meeting("None", datetime.now(UTC), Source.IMPORT), 10) is None
