"""The page of a meeting that is being recorded: its text as it is made, or why there is none yet."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import (
    CALL,
    Channel,
    LiveText,
    Meeting,
    MeetingId,
    Segment,
    Stage,
    Transcript,
    TranscriptOptions,
)
from desktop.commands import Page
from desktop.models.states import Activity
from desktop.views.main_window import MainWindow
from desktop.views.meeting_page import MeetingPage
from tests.gui.hands import rows, sentences, wait_for

LISTENING, LATER = "Listening…", "The text comes when the recording has ended."


@pytest.fixture
def window(still: MainWindow) -> MainWindow:
    """Another meeting is shown before."""
    return still


@pytest.fixture
def running(store: Store, finished: MeetingId) -> Meeting:
    """A meeting that has just begun, as it is told."""
    return dataclasses.replace(
        store.meeting(finished),
        id=MeetingId("live"),
        recording_open=True,
        transcript_complete=False,
        has_minutes=False,
        channels=CALL,
    )


def live(text: str, meeting: str = "live") -> LiveText:
    return LiveText(MeetingId(meeting), text, 1.0, Channel.SYSTEM)


def text(page: MeetingPage) -> list[str]:
    return rows(page.transcript.segments)


@pytest.mark.parametrize(("live_text", "said"), [("on", LISTENING), ("mains", LATER), ("off", LATER)])
def test_before_the_first_word_it_says_what_to_expect(
    window: MainWindow, running: Meeting, live_text: str, said: str
) -> None:
    window.commands.change_settings(live_text=live_text)
    window.page.set_page(Page(running, None, None, ()))
    assert window.page.transcript.segments.count == 0
    assert window.page.tabs.currentWidget() is window.page._text
    assert said in sentences(window.page)
    # Once it is known whether somebody listens, that counts.
    window.page.set_live(live(""))
    assert LISTENING in sentences(window.page)
    window.page.set_live(None)
    assert LATER in sentences(window.page)


def test_what_is_said_appears_and_becomes_text(window: MainWindow, running: Meeting, qtbot: QtBot) -> None:
    page = window.page
    page.set_page(Page(running, None, None, ()))
    page.set_live(live("we move"))
    assert page.transcript.isVisible()
    assert text(page) == ["we move"]
    page.set_live(live("we move the"))
    window.commands.segments_added.emit(
        "live", (Segment(3.0, 5.0, " We move the release.", id=1, channel=Channel.SYSTEM),)
    )
    assert text(page) == ["We move the release."]
    page.set_live(live("hm"))
    page.set_live(live(""))
    wait_for(qtbot, lambda: text(page) == ["We move the release."])


def test_a_sentence_that_comes_to_nothing_leaves_the_page_listening(
    window: MainWindow, running: Meeting, qtbot: QtBot
) -> None:
    window.page.set_page(Page(running, None, None, ()))
    window.page.set_live(live("hm"))
    window.page.set_live(live(""))
    wait_for(qtbot, lambda: LISTENING in sentences(window.page))


def test_another_meeting_shows_nothing_of_it(window: MainWindow, finished: MeetingId) -> None:
    before = text(window.page)
    assert len(before) == 3
    window.page.set_live(live("we move"))
    assert text(window.page) == before
    # Nor does a sentence of the meeting that was shown before stay.
    window.page.set_live(live("we move", finished))
    window.commands.show(MeetingId(""))
    assert text(window.page) == []


def test_the_transcript_cannot_be_pointed_into_the_unfinished_sentence(
    window: MainWindow, running: Meeting, qtbot: QtBot
) -> None:
    page = window.page
    page.set_page(Page(running, None, None, ()))
    window.commands.segments_added.emit("live", (Segment(3.0, 5.0, "We move.", id=1),))
    page.set_live(live("and then"))
    page.go_to(0, 500.0)
    assert page.transcript.currentIndex().row() == 0
    page.transcript.setCurrentIndex(page.transcript.segments.index(1))
    qtbot.keyClick(page.transcript, Qt.Key.Key_F2)
    assert page.transcript.state() is not page.transcript.State.EditingState
    assert page.transcript.current_second() == 0.0
    page.transcript.setCurrentIndex(page.transcript.segments.index(0))
    qtbot.keyClick(page.transcript, Qt.Key.Key_F2)
    assert page.transcript.state() is page.transcript.State.EditingState
    qtbot.keyClick(page.transcript, Qt.Key.Key_Escape)


def test_while_it_is_recorded_no_progress_stands_above_the_text(window: MainWindow, running: Meeting) -> None:
    window.page.set_page(Page(running, None, None, ()))
    window.commands.activity_changed.emit("live", Activity(Stage.TRANSCRIBE, 0.4))
    assert not window.page.header.banner.isVisible()
    window.page.set_page(Page(dataclasses.replace(running, recording_open=False), None, None, ()))
    assert window.page.header.banner.isVisible()


def test_opened_while_it_runs_the_text_stays_at_its_end(
    window: MainWindow, running: Meeting, qtbot: QtBot
) -> None:
    page, view = window.page, window.page.transcript

    def said(number: int) -> Segment:
        return Segment(
            3.0 * number, 3.0 * number + 3, f" Sentence {number}.", id=number + 1, channel=Channel.SYSTEM
        )

    def last() -> str:
        return str(view.indexAt(view.viewport().rect().bottomLeft()).data())

    first = tuple(map(said, range(40)))
    begun = Transcript(1, running.id, TranscriptOptions(), "en", complete=False, segments=first)
    page.set_page(Page(running, begun, None, ()))
    wait_for(qtbot, lambda: last() == "Sentence 39.")
    # What was heard of another meeting before does not lead away from it.
    window.commands.played.emit(30.0)
    window.commands.segments_added.emit("live", (said(40),))
    wait_for(qtbot, lambda: last() == "Sentence 40.")
    # Nor does another version of the text.
    anew = dataclasses.replace(begun, id=2, segments=(*first, said(40), said(41)))
    page.set_page(Page(running, anew, None, ()))
    wait_for(qtbot, lambda: last() == "Sentence 41.")
