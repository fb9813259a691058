"""A long text is shown from its first screens on, before all of it was read."""

from __future__ import annotations

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import MeetingId, Place, Segment, Source, TranscriptOptions
from desktop.commands import Page
from desktop.commands.meetings import FIRST_SEGMENTS
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


def test_a_place_further_down_is_read_with_all_of_it(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    meeting_id = long_meeting(store)
    store.keep_place(meeting_id, 4.0 * (COUNT - 10))
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.transcript.segments.count == COUNT)
    assert [page.partial for page in read(window, qtbot, meeting_id)] == [False]


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
