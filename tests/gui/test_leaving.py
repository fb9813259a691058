"""Closing, hiding and ending the window while a recording runs, and what is told while it is hidden."""

from __future__ import annotations

import dataclasses
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QDialog, QMenu
from pytestqt.qtbot import QtBot

from core import errors, settings
from core.audio.recorder import WINDOW_AGAIN
from core.meetings import Library
from core.store import Store
from core.values import (
    Channel,
    Job,
    MeetingChanged,
    MeetingId,
    Notice,
    Recording,
    Source,
    SourceState,
    Trouble,
)
from desktop.views.leaving import Closing, StopRecording
from desktop.views.main_window import MainWindow
from desktop.views.tray import Tray
from tests.gui.conftest import OpenWindow, ScriptedRecording
from tests.gui.hands import button, click, sentences, wait_for


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A desktop with a tray; what its messages say."""
    said: list[str] = []
    monkeypatch.setattr(Tray, "is_there", lambda _tray: True)
    monkeypatch.setattr(
        "PySide6.QtWidgets.QSystemTrayIcon.showMessage",
        lambda _icon, _title, text, *_more: said.append(text),
    )
    return said


@pytest.fixture
def recording(scripted: ScriptedRecording, open_the_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """The window while a recording runs."""
    window = open_the_window()
    click(qtbot, button(window, "Record"))
    wait_for(qtbot, lambda: window.commands.recording)
    return window


def closes(window: MainWindow) -> list[bool]:
    """What becomes of the program: True is added when the window has left."""
    left: list[bool] = []
    window.left.connect(lambda: left.append(True))
    return left


def asked(qtbot: QtBot, window: MainWindow, kind: type[QDialog]) -> QDialog:
    wait_for(qtbot, lambda: window.findChild(kind))
    question = window.findChild(kind)
    assert question
    wait_for(qtbot, question.isVisible)
    return question


def gone(qtbot: QtBot, window: MainWindow, kind: type[QDialog]) -> None:
    wait_for(qtbot, lambda: window.findChild(kind) is None)


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


# --- closing ---------------------------------------------------------------------------------------


def test_closing_asks_once_and_remembers_to_keep_recording_in_the_tray(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    left = closes(recording)
    assert not recording.close()
    assert not recording.close()
    question = asked(qtbot, recording, Closing)
    assert len(recording.findChildren(Closing)) == 1
    box = question.findChild(QCheckBox)
    assert box
    assert box.text() == "Remember my choice"
    assert box.isChecked()
    click(qtbot, button(question, "Keep recording in the tray"))
    wait_for(qtbot, recording.isHidden)
    assert not scripted.stopped.is_set()
    kept = recording.commands.places.settings
    wait_for(qtbot, lambda: settings.load(kept).closing == "keep")
    recording.tray.wanted.emit()
    assert recording.isVisible()
    gone(qtbot, recording, Closing)
    assert not recording.close()
    assert recording.isHidden()
    assert recording.findChild(Closing) is None
    assert not left


def test_without_a_tray_closing_minimises(
    recording: MainWindow, scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    assert not recording.close()
    question = asked(qtbot, recording, Closing)
    box = question.findChild(QCheckBox)
    assert box
    box.setChecked(False)
    click(qtbot, button(question, "Keep recording, minimised"))
    wait_for(qtbot, recording.isMinimized)
    assert recording.commands.settings.closing == ""
    assert not scripted.stopped.is_set()
    recording.come_up()
    assert not recording.isMinimized()


def test_stop_and_close_keeps_the_recording(
    recording: MainWindow, scripted: ScriptedRecording, store: Store, qtbot: QtBot
) -> None:
    left = closes(recording)
    recording.commands.change_settings(closing="stop")
    recording.close()
    wait_for(qtbot, lambda: left == [True])  # once that is stored
    assert recording.isHidden()
    assert recording.commands.close(10)
    assert scripted.stopped.is_set()
    assert [meeting.recording_open for meeting in store.meetings()] == [False]


def test_cancelling_changes_nothing(recording: MainWindow, scripted: ScriptedRecording, qtbot: QtBot) -> None:
    assert not recording.close()
    click(qtbot, button(asked(qtbot, recording, Closing), "Cancel"))
    gone(qtbot, recording, Closing)
    assert recording.isVisible()
    assert recording.commands.recording
    assert recording.commands.settings.closing == ""


def test_a_recording_that_ends_during_the_question_leaves_the_window_open(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    recording.close()
    question = asked(qtbot, recording, Closing)
    scripted.events.put(None)
    wait_for(qtbot, lambda: recording.commands.recording is None)
    click(qtbot, button(question, "Keep recording in the tray"))
    assert recording.isVisible()


def test_quitting_asks_even_where_closing_does_not(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    left = closes(recording)
    recording.commands.change_settings(closing="keep")
    recording.close()
    assert recording.isHidden()
    recording.actions_.quit.trigger()
    question = asked(qtbot, recording, StopRecording)
    assert recording.isVisible()
    click(qtbot, button(question, "Go on recording"))
    gone(qtbot, recording, StopRecording)
    assert recording.commands.recording
    recording.actions_.quit.trigger()
    click(qtbot, button(asked(qtbot, recording, StopRecording), "Stop and quit"))
    wait_for(qtbot, lambda: left == [True])
    assert recording.commands.close(10)
    assert scripted.stopped.is_set()


def test_the_window_comes_back_when_the_tray_goes(
    recording: MainWindow, told: list[str], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording.commands.change_settings(closing="keep")
    recording.close()
    assert recording.isHidden()
    monkeypatch.setattr(Tray, "is_there", lambda _tray: False)
    wait_for(qtbot, recording.isMinimized)


# --- a recording that begins -----------------------------------------------------------------------


@pytest.fixture
def starting(scripted: ScriptedRecording, open_the_window: OpenWindow, qtbot: QtBot) -> Iterator[MainWindow]:
    """The window while a recording begins, whose first sound the test gives by `scripted.ready`."""
    window = open_the_window()
    scripted.ready.clear()
    click(qtbot, button(window, "Record"))
    yield window
    scripted.ready.set()


def test_who_pressed_record_sees_at_once_that_it_begins(
    starting: MainWindow, scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    record = starting.actions_.record
    assert (record.text(), record.isEnabled()) == ("Starting…", False)
    assert button(starting, "Starting…").text() == "Starting"  # as Qt has it on a button
    assert not starting.actions_.stop.isEnabled()
    scripted.ready.set()
    wait_for(qtbot, starting.record_bar.isVisible)
    assert (record.text(), record.isEnabled()) == ("Record", False)
    click(qtbot, button(starting, "Stop"))
    wait_for(qtbot, record.isEnabled)


def test_a_recording_that_cannot_begin_can_be_tried_again(
    starting: MainWindow, scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    scripted.shown = dataclasses.replace(scripted.shown, sources=())
    scripted.ready.set()
    record = starting.actions_.record
    wait_for(qtbot, record.isEnabled)
    assert record.text() == "Record"
    assert "No microphone was found" in sentences(starting.problems)


def test_closing_and_quitting_ask_while_it_begins(
    starting: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    left = closes(starting)
    starting.actions_.quit.trigger()
    click(qtbot, button(asked(qtbot, starting, StopRecording), "Go on recording"))
    gone(qtbot, starting, StopRecording)
    assert not starting.close()
    click(qtbot, button(asked(qtbot, starting, Closing), "Keep recording in the tray"))
    wait_for(qtbot, starting.isHidden)
    scripted.ready.set()
    wait_for(qtbot, lambda: starting.commands.recording)
    assert not left


# --- a recording of another door -------------------------------------------------------------------


class Elsewhere:
    """Stands in for a recording that a terminal made: how it was left, and whether it was ended."""

    def __init__(self, library: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.doors = 2
        self.left = threading.Event()
        self.ended = threading.Event()
        self.meeting_id = library.add_meeting(
            "Elsewhere", datetime.now(UTC), Source.RECORDING, audio="elsewhere.ogg", recording_open=True
        )
        monkeypatch.setattr(
            "core.meetings.running", lambda _: () if self.ended.is_set() else (self.meeting_id,)
        )
        monkeypatch.setattr("core.meetings.recover", lambda _: ())
        monkeypatch.setattr("core.meetings.attend", self.attend)
        monkeypatch.setattr("core.meetings.stop_recording", lambda _library, _id: self.ended.set())

    def attend(self, library: Library, meeting_id: MeetingId) -> Job[MeetingId]:
        try:
            yield MeetingChanged(meeting_id)
            while not self.ended.wait(0.02):
                yield Recording(meeting_id, 5.0, 0.0, (), doors=self.doors)
        finally:
            self.left.set()
        library.store.close_recording(meeting_id, 20.0, 5)
        return meeting_id


@pytest.fixture
def elsewhere(scripted: ScriptedRecording, store: Store, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    return Elsewhere(store, monkeypatch)


@pytest.mark.parametrize("closing", ["", "keep", "stop"])
@pytest.mark.parametrize("how", ["close", "quit"])
def test_leaving_does_not_end_what_another_door_records(
    elsewhere: Elsewhere, open_the_window: OpenWindow, qtbot: QtBot, closing: str, how: str
) -> None:
    window = open_the_window()
    window.commands.change_settings(closing=closing)
    wait_for(qtbot, lambda: window.commands.recording)
    left = closes(window)
    if how == "close":
        window.close()
    else:
        window.actions_.quit.trigger()
    wait_for(qtbot, lambda: left == [True])
    assert window.commands.close(10)
    assert elsewhere.left.is_set()
    assert not elsewhere.ended.is_set()


def test_the_last_door_asks_before_it_ends_a_recording(
    elsewhere: Elsewhere, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    elsewhere.doors = 1
    window = open_the_window()
    wait_for(qtbot, lambda: window.commands.recording)
    assert not window.close()
    click(qtbot, button(asked(qtbot, window, Closing), "Cancel"))
    gone(qtbot, window, Closing)


def test_stop_ends_what_another_door_records(
    elsewhere: Elsewhere, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    wait_for(qtbot, lambda: window.commands.recording)
    click(qtbot, button(window.record_bar, "Stop"))
    wait_for(qtbot, window.actions_.record.isEnabled)
    assert elsewhere.ended.is_set()


# --- the tray --------------------------------------------------------------------------------------


def test_the_tray_shows_the_state_and_its_menu_acts(
    scripted: ScriptedRecording,
    open_the_window: OpenWindow,
    told: list[str],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def pause(_library: object, _meeting_id: str, *, paused: bool) -> None:
        scripted.shown = dataclasses.replace(scripted.shown, paused=paused)

    monkeypatch.setattr("core.meetings.pause_recording", pause)
    window = open_the_window()
    menu, icon = window.tray.menu, window.tray.icon

    def choose(text: str) -> None:
        next(action for action in menu.actions() if action.text() == text).trigger()

    pictures = {"idle": icon.icon().cacheKey()}
    assert icon.toolTip() == "Meeting Transcriber"
    assert entries(menu) == ["Record", "Open the window", "Quit"]
    choose("Record")
    wait_for(qtbot, lambda: icon.toolTip().startswith("Recording · 00:0"))
    assert entries(menu) == ["Pause", "Bookmark", "Stop", "Open the window", "Quit"]
    pictures["recording"] = icon.icon().cacheKey()
    window.hide()
    choose("Bookmark")
    wait_for(qtbot, lambda: "Bookmark set at 00:00" in told)
    choose("Pause")
    wait_for(qtbot, lambda: icon.toolTip().startswith("Recording paused at 00:0"))
    assert entries(menu)[0] == "Go on recording"
    pictures["paused"] = icon.icon().cacheKey()
    assert len(set(pictures.values())) == 3
    choose("Go on recording")
    wait_for(qtbot, lambda: icon.toolTip().startswith("Recording · "))
    choose("Open the window")
    assert window.isVisible()
    choose("Stop")
    wait_for(qtbot, lambda: icon.toolTip() == "Meeting Transcriber")
    assert entries(menu)[0] == "Record"
    assert scripted.stopped.is_set()


def test_the_pictures_of_the_states_differ(window: MainWindow) -> None:
    pictures = {
        name: window.tray.picture(name).pixmap(22, 22).toImage() for name in ("idle", "recording", "paused")
    }
    assert not pictures["idle"].isNull()
    assert pictures["idle"] != pictures["recording"] != pictures["paused"]


def test_what_happens_is_told_while_the_window_is_hidden(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    lost = SourceState(Channel.MICROPHONE, "Blue Yeti", -90, -90, Trouble.LOST)
    scripted.shown = dataclasses.replace(scripted.shown, sources=(lost,), room=600.0)
    wait_for(qtbot, lambda: recording.commands.recording and recording.commands.recording.room)
    assert told == []  # seen in the window
    scripted.shown = dataclasses.replace(scripted.shown, sources=(dataclasses.replace(lost, trouble=None),))
    recording.hide()
    wait_for(
        qtbot, lambda: recording.commands.recording and not recording.commands.recording.sources[0].trouble
    )
    scripted.shown = dataclasses.replace(scripted.shown, sources=(lost,))
    wait_for(qtbot, lambda: any("“Blue Yeti” is gone" in text for text in told))
    scripted.events.put(errors.DiskFull("/disk/scripted.ogg"))
    wait_for(qtbot, lambda: any("is full" in text for text in told))
    assert told[2:] == ["The recording has ended"]
    recording.tray.icon.messageClicked.emit()
    assert recording.isVisible()


def test_a_recording_that_ends_by_itself_is_told(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    recording.hide()
    scripted.events.put(None)
    wait_for(qtbot, lambda: "The recording has ended" in told)
    assert recording.isHidden()


def test_a_window_that_takes_the_place_of_a_dead_one_says_so(
    open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WINDOW_AGAIN, "1")
    window = open_the_window()
    wait_for(qtbot, lambda: "The recording went on; nothing is lost." in sentences(window.problems))
    assert WINDOW_AGAIN not in os.environ  # what this window starts is no such window


# --- silence ---------------------------------------------------------------------------------------


def silence(scripted: ScriptedRecording, qtbot: QtBot, window: MainWindow) -> None:
    scripted.shown = dataclasses.replace(scripted.shown, silent=900.0)
    wait_for(qtbot, lambda: window.commands.recording and window.commands.recording.silent)
    scripted.events.put(Notice("long_silence", {"seconds": 900.0}))
    wait_for(qtbot, lambda: "Nobody has been heard for 15 min. Are you still" in sentences(window.problems))


def test_after_long_silence_the_recording_can_be_stopped_at_once(
    recording: MainWindow, scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    silence(scripted, qtbot, recording)
    click(qtbot, button(recording.problems, "Stop recording"))
    wait_for(qtbot, lambda: recording.commands.recording is None)
    assert scripted.stopped.is_set()
    assert recording.problems.isHidden()


def test_the_question_goes_when_somebody_is_heard(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    recording.hide()
    scripted.shown = dataclasses.replace(scripted.shown, silent=900.0)
    scripted.events.put(Notice("long_silence", {"seconds": 900.0}))
    wait_for(qtbot, lambda: any("Are you still recording?" in text for text in told))
    recording.come_up()
    assert recording.problems.isVisible()
    scripted.shown = dataclasses.replace(scripted.shown, silent=0.0)
    wait_for(qtbot, recording.problems.isHidden)


def test_the_end_by_silence_is_told_once(
    recording: MainWindow, scripted: ScriptedRecording, told: list[str], qtbot: QtBot
) -> None:
    recording.hide()
    scripted.events.put(Notice("ended_by_silence", {"seconds": 1800.0}))
    scripted.events.put(None)
    wait_for(qtbot, lambda: recording.commands.recording is None)
    assert told == ["The recording was ended because nobody had been heard for 30 min."]


# --- what is recorded ------------------------------------------------------------------------------


def test_the_record_menu_remembers_sources_and_microphone(
    scripted: ScriptedRecording, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.values import Devices, Microphone

    found = Devices((Microphone("Headset", True), Microphone("Blue & Yeti")), "Speakers")
    monkeypatch.setattr("core.audio.devices.devices", lambda: found)
    window = open_the_window()
    menu = window._record_menu
    texts: Callable[[], list[str]] = lambda: [action.text() for action in menu.actions()]  # noqa: E731
    assert window.actions_.sources["both"].isChecked()
    menu.aboutToShow.emit()
    wait_for(qtbot, lambda: "Blue && Yeti" in texts())
    next(action for action in menu.actions() if action.text() == "Blue && Yeti").trigger()
    window.actions_.sources["microphone"].trigger()
    kept = window.commands.places.settings
    wait_for(qtbot, lambda: settings.load(kept).sources == "microphone")
    assert settings.load(kept).microphone == "Blue & Yeti"
    monkeypatch.setattr("core.audio.devices.devices", lambda: Devices((), "", "no_output"))
    menu.aboutToShow.emit()
    wait_for(qtbot, lambda: not window.actions_.sources["system"].isEnabled())
    assert "no loudspeaker" in window.actions_.sources["system"].toolTip()
    assert texts()[-1] == "Blue && Yeti"
    agreed = next(action for action in menu.actions() if action.text() == "Everybody agreed to be recorded")
    agreed.trigger()
    for expected in (True, False):
        window.actions_.record.trigger()
        wait_for(qtbot, lambda: window.commands.recording)
        assert scripted.asked["consent"] is expected
        assert not agreed.isChecked()
        window.actions_.stop.trigger()
        wait_for(qtbot, lambda: not window.commands.is_recording)


def test_a_recording_is_continued_into_its_meeting(
    recording: MainWindow, scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    first = recording.commands.recording
    assert first
    again = recording.actions_.continue_recording
    assert not again.isEnabled()
    recording.actions_.stop.trigger()
    wait_for(qtbot, again.isEnabled)
    again.trigger()
    wait_for(qtbot, lambda: recording.commands.recording)
    assert scripted.asked["into"] == first.meeting_id
    assert scripted.asked["window"][-2:] == ["--data-dir", str(recording.commands.places.root)]


def test_the_keyboard_stands_on_what_keeps_recording(recording: MainWindow, qtbot: QtBot) -> None:
    recording.close()
    question = asked(qtbot, recording, Closing)
    wait_for(qtbot, lambda: QApplication.activeModalWidget() is question)
    wait_for(qtbot, button(question, "Keep recording, minimised").hasFocus)
