"""The queue in the window: its order, pauses, what another program does, and what a restart keeps."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from core import locks, paths
from core.store import Store
from core.store.meetings import new_id
from core.values import (
    Meeting,
    MeetingId,
    Queued,
    Source,
    Stage,
    SummaryOptions,
    TranscriptOptions,
    Work,
)
from desktop.models.meetings import Role
from desktop.models.queue import QueueModel
from desktop.models.states import Activity
from desktop.views.main_window import MainWindow
from desktop.views.queue_view import QueueView
from tests.gui.conftest import OpenWindow
from tests.gui.decoder import Decoder
from tests.gui.hands import button, click, rows, sentences, wait_for

NAMES = ("Budget", "Hiring", "Launch")


@pytest.fixture
def asked(store: Store, places: paths.Folders, short_sample: Path) -> dict[str, MeetingId]:
    """Three meetings of which text and minutes are asked for, by their titles, in this order."""
    ids = {}
    for number, name in enumerate(NAMES):
        ids[name] = new_id()
        audio = places.audio / f"{ids[name]}.ogg"
        shutil.copy(short_sample, audio)
        began = datetime(2026, 3, 10, tzinfo=UTC) - timedelta(days=number)
        store.add_meeting(name, began, Source.IMPORT, audio=audio.name, duration=30.0, meeting_id=ids[name])
        store.ask(ids[name], Stage.TRANSCRIBE, TranscriptOptions(language="en"))
        store.ask(ids[name], Stage.SUMMARISE, SummaryOptions())
    return ids


@pytest.fixture
def working(
    asked: dict[str, MeetingId], open_the_window: OpenWindow, decoder: Decoder, qtbot: QtBot
) -> MainWindow:
    """The window at work on the first of them, with the queue open."""
    window = open_the_window()
    wait_for(qtbot, lambda: decoder.asked == 1)
    wait_for(qtbot, lambda: rows(window.library.queue.model) == list(NAMES))
    window.actions_.queue.trigger()
    return window


def states(queue: QueueView) -> list[str]:
    return [queue.model.index(row).data(Role.STATE).text for row in range(queue.model.rowCount())]


def test_the_rows_of_the_queue(qtmodeltester: ModelTester) -> None:
    model = QueueModel()
    meetings = [
        Meeting(new_id(), name, datetime(2026, 3, 10, tzinfo=UTC), Source.IMPORT, duration=30.0)
        for name in NAMES
    ]
    queued = [
        Queued(one, Work(place, one.id, Stage.TRANSCRIBE, TranscriptOptions(), place), False, 60.0)
        for place, one in enumerate(meetings)
    ]
    model.set_queue(queued)
    qtmodeltester.check(model)
    model.set_activity(meetings[0].id, Activity(Stage.TRANSCRIBE, 0.5))
    model.set_queue(queued[::-1])
    qtmodeltester.check(model)
    assert rows(model) == list(NAMES[::-1])
    model.set_queue([])
    qtmodeltester.check(model)


def titles_of(store: Store) -> list[str]:
    return list(dict.fromkeys(store.meeting(work.meeting_id).title for work in store.work()))


def choose(queue: QueueView, title: str) -> None:
    queue.list.setCurrentIndex(queue.model.index(rows(queue.model).index(title)))


def test_the_queue_says_what_runs_and_what_waits(working: MainWindow, qtbot: QtBot, decoder: Decoder) -> None:
    queue = working.library.queue
    wait_for(qtbot, lambda: states(queue)[0].startswith("Transcribing"))
    assert all(state.startswith("Waiting") for state in states(queue)[1:])
    assert queue.head.accessibleName().startswith("3 in the queue")
    assert queue.list.hasFocus()
    decoder.may_go.release(100)
    wait_for(qtbot, lambda: queue.head.text() == "Queue", 60)
    assert "Nothing is waiting" in sentences(queue)


def test_keys_change_the_order_and_the_store_keeps_it(
    working: MainWindow, store: Store, qtbot: QtBot, decoder: Decoder
) -> None:
    queue = working.library.queue
    choose(queue, "Launch")
    qtbot.keyClick(queue.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert rows(queue.model) == ["Budget", "Launch", "Hiring"]
    wait_for(qtbot, lambda: titles_of(store) == ["Budget", "Launch", "Hiring"])
    qtbot.keyClick(queue.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    wait_for(qtbot, lambda: titles_of(store) == list(NAMES))
    assert queue.list.currentIndex().data() == "Launch"
    assert not queue.down.isEnabled()
    click(qtbot, queue.up)
    wait_for(qtbot, lambda: titles_of(store) == ["Budget", "Launch", "Hiring"])
    done: list[str] = []
    working.commands.segments_added.connect(lambda meeting_id, _text: done.append(meeting_id))
    decoder.may_go.release(100)
    wait_for(qtbot, lambda: not queue.model.rowCount(), 60)
    order = [store.meeting(meeting_id).title for meeting_id in dict.fromkeys(done)]
    assert order == ["Budget", "Launch", "Hiring"]


def test_a_row_that_is_dropped_before_another_moves_there(
    working: MainWindow, store: Store, qtbot: QtBot
) -> None:
    model = working.library.queue.model
    assert model.moveRow(QModelIndex(), 2, QModelIndex(), 0)
    assert not model.moveRow(QModelIndex(), 1, QModelIndex(), 2)  # where it is
    wait_for(qtbot, lambda: titles_of(store) == ["Launch", "Budget", "Hiring"])


def test_a_meeting_is_paused_and_goes_on_where_it_was(
    working: MainWindow, asked: dict[str, MeetingId], store: Store, qtbot: QtBot, decoder: Decoder
) -> None:
    queue = working.library.queue
    choose(queue, "Budget")
    wait_for(qtbot, lambda: decoder.asked)
    qtbot.keyClick(queue.list, Qt.Key.Key_Space)
    decoder.may_go.release()  # the batch that was being made is kept
    wait_for(qtbot, lambda: states(queue)[0] == "Paused at 33%")
    wait_for(qtbot, lambda: states(queue)[1].startswith("Transcribing"))
    click(qtbot, button(queue, "Go on (Space)"))
    decoder.may_go.release(100)
    wait_for(qtbot, lambda: not queue.model.rowCount(), 60)
    transcript = store.transcript(asked["Budget"])
    assert transcript
    assert [segment.start for segment in transcript.segments] == [0.0, 10.0, 20.0]


def test_all_is_paused_also_after_the_next_start(
    working: MainWindow, open_the_window: OpenWindow, store: Store, qtbot: QtBot, decoder: Decoder
) -> None:
    click(qtbot, button(working.library.queue, "Pause all"))
    decoder.may_go.release()
    wait_for(qtbot, lambda: all(work.paused for work in store.work()))
    wait_for(qtbot, lambda: not working.commands._tasks.alive())
    working.leave()
    assert working.commands.close(20)
    again = open_the_window()
    again.actions_.queue.trigger()
    queue = again.library.queue
    wait_for(qtbot, lambda: states(queue) == ["Paused at 33%", "Paused", "Paused"])
    decoder.may_go.release(100)
    click(qtbot, button(queue, "Go on with all"))
    wait_for(qtbot, lambda: not queue.model.rowCount(), 60)


def test_what_is_taken_out_of_the_queue_can_be_put_back(
    working: MainWindow, asked: dict[str, MeetingId], store: Store, qtbot: QtBot
) -> None:
    queue = working.library.queue
    choose(queue, "Hiring")
    qtbot.keyClick(queue.list, Qt.Key.Key_Delete)
    wait_for(qtbot, lambda: rows(queue.model) == ["Budget", "Launch"])
    assert not store.meeting(asked["Hiring"]).work
    assert store.meeting(asked["Hiring"]).audio
    click(qtbot, button(working.toast, "Undo"))
    wait_for(qtbot, lambda: rows(queue.model) == ["Budget", "Launch", "Hiring"])


def test_what_another_program_does_is_said(
    working: MainWindow, asked: dict[str, MeetingId], places: paths.Folders, store: Store, qtbot: QtBot
) -> None:
    queue = working.library.queue
    lock = locks.take(locks.path_of(places.locks, asked["Launch"], Stage.TRANSCRIBE))
    assert lock
    store.move_work(asked["Launch"], asked["Hiring"])  # as another program would
    wait_for(qtbot, lambda: rows(queue.model) == ["Budget", "Launch", "Hiring"])
    wait_for(qtbot, lambda: states(queue)[1] == "In progress in another window")
    lock.release()
    store.pause_work([asked["Budget"]], paused=True)
    wait_for(qtbot, lambda: states(queue)[0] == "Pausing")


def test_the_order_survives_quitting_in_the_middle(
    working: MainWindow,
    asked: dict[str, MeetingId],
    open_the_window: OpenWindow,
    store: Store,
    qtbot: QtBot,
    decoder: Decoder,
) -> None:
    working.commands.move(asked["Launch"], asked["Hiring"])
    wait_for(qtbot, lambda: titles_of(store) == ["Budget", "Launch", "Hiring"])
    working.close()
    decoder.may_go.release()  # the batch that was being made is kept, and no other begins
    assert working.commands.close(20)
    again = open_the_window()
    done: list[str] = []
    again.commands.segments_added.connect(lambda meeting_id, _text: done.append(meeting_id))
    decoder.may_go.release(100)
    wait_for(qtbot, lambda: not store.work(), 60)
    order = [store.meeting(meeting_id).title for meeting_id in dict.fromkeys(done)]
    assert order == ["Budget", "Launch", "Hiring"]
    assert decoder.starts == [0.0, 10.0, 0.0, 0.0]
