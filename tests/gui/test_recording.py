"""A recording made in the window from a microphone that really hears something."""

from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core import errors, meetings, paths, settings
from core.audio import media
from core.audio.recorder import Recorder
from core.meetings import Library
from core.settings import Settings
from core.store import Store
from core.values import (
    CALL,
    Channel,
    Job,
    LiveText,
    Meeting,
    MeetingId,
    Progress,
    Recording,
    Source,
    Stage,
    SummaryOptions,
    TranscriptOptions,
)
from desktop.commands import recordings
from desktop.commands.pages import everything
from desktop.models.meetings import Role
from desktop.views.main_window import MainWindow
from tests.gui.conftest import OpenWindow, ScriptedRecording
from tests.gui.hands import button, click, rows, sentences, titles, wait_for
from tests.microphone import VirtualMicrophone

TOP = Path(__file__).resolve().parents[2]
RATE = media.SAMPLE_RATE
SECONDS = 15


def start_recording(window: MainWindow, qtbot: QtBot) -> None:
    click(qtbot, button(window, "Record"))
    recorded(window, qtbot, 0.2)


def recorded(window: MainWindow, qtbot: QtBot, seconds: float) -> Recording:
    """The state of the recording once so many seconds are in it."""
    wait_for(qtbot, lambda: (now := window.commands.recording) and now.elapsed > seconds)
    assert window.record_bar.isVisible()
    recording = window.commands.recording
    assert recording
    return recording


def stop_recording(window: MainWindow, qtbot: QtBot) -> Meeting:
    """Presses Stop; the meeting as the library shows it then."""
    click(qtbot, button(window.record_bar, "Stop"))
    wait_for(qtbot, lambda: not window.record_bar.isVisible())
    row = window.library.model.newest()
    wait_for(qtbot, lambda: not row.data(Role.MEETING).recording_open)
    meeting = row.data(Role.MEETING)
    assert isinstance(meeting, Meeting)
    return meeting


def read(window: MainWindow) -> str:
    return " ".join(rows(window.page.transcript.segments)).lower()


def test_what_is_said_into_the_microphone_is_read_in_the_window(
    microphone: VirtualMicrophone, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    live: list[LiveText | None] = []
    window.commands.live_text_changed.connect(live.append)
    start_recording(window, qtbot)
    spoken = np.concatenate(list(islice(media.blocks(paths.SAMPLE, 0.0), SECONDS)))
    playing = microphone.begin(spoken, RATE)
    loudest = -90.0

    def heard() -> bool:
        nonlocal loudest
        if window.commands.recording:
            loudest = max(loudest, *(source.peak for source in window.commands.recording.sources))
        return playing.poll() is not None

    wait_for(qtbot, heard, 60)
    assert loudest > -30
    assert "saved" in sentences(window.record_bar)
    qtbot.keyClick(window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, lambda: "Bookmark set at 00:" in sentences(window.toast))
    # Before the end: the text is made while the recording runs.
    wait_for(qtbot, lambda: "release" in read(window), 120)
    assert window.commands.recording
    assert any(one and one.text for one in live)
    stop_recording(window, qtbot)
    wait_for(qtbot, lambda: window.library.model.newest().data(Role.MEETING).has_minutes, 120)
    assert window.library.model.newest().data(Role.MEETING).transcript_complete
    assert live[-1] is None
    assert "release" in read(window)
    assert titles(window)[0].startswith("Meeting of")


def test_without_a_microphone_a_sentence_says_what_to_do(
    no_microphone: VirtualMicrophone,
    store: Store,
    places: paths.Folders,
    open_the_window: OpenWindow,
    qtbot: QtBot,
) -> None:
    settings.save(Settings(sources="microphone"), places.settings)
    window = open_the_window()
    click(qtbot, button(window, "Record"))
    wait_for(qtbot, lambda: "No microphone was found. Connect one" in sentences(window.problems), 60)
    assert titles(window) == []
    assert window.actions_.record.isEnabled()


@pytest.fixture
def no_text(store: Store, places: paths.Folders) -> None:
    """Recordings are not turned into text while they run."""
    settings.save(Settings(live_text="off"), places.settings)


def test_a_pause_records_nothing(
    microphone: VirtualMicrophone, no_text: None, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    start_recording(window, qtbot)
    click(qtbot, button(window.record_bar, "Pause"))
    wait_for(qtbot, lambda: "Paused" in sentences(window.record_bar))
    qtbot.wait(1000)  # what was said before is still on its way
    recording = window.commands.recording
    assert recording
    at = recording.elapsed
    qtbot.wait(600)
    assert window.commands.recording
    assert window.commands.recording.elapsed == pytest.approx(at, abs=0.05)
    click(qtbot, button(window.record_bar, "Go on recording"))
    recorded(window, qtbot, at + 0.2)
    stop_recording(window, qtbot)


def test_a_recording_is_continued_into_the_same_meeting(
    microphone: VirtualMicrophone, no_text: None, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    start_recording(window, qtbot)
    first = stop_recording(window, qtbot)
    assert first.channels == CALL
    wait_for(qtbot, window.actions_.continue_recording.isEnabled)
    window.actions_.continue_recording.trigger()
    assert recorded(window, qtbot, first.duration + 0.5).meeting_id == first.id
    second = stop_recording(window, qtbot)
    assert second.id == first.id
    assert second.duration > first.duration + 0.5
    assert len(titles(window)) == 1


@pytest.fixture
def terminal(microphone: VirtualMicrophone, places: paths.Folders) -> Iterator[subprocess.Popen[bytes]]:
    """A recording started in a terminal."""
    paths.create(places)
    process = subprocess.Popen(
        [sys.executable, "-m", "core", "--data-dir", str(places.root), "record"],
        cwd=TOP,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("early", [True, False], ids=["before the window", "beside the window"])
def test_a_recording_of_the_terminal_is_shown_and_can_be_stopped(
    early: bool,
    no_text: None,
    store: Store,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    request: pytest.FixtureRequest,
) -> None:
    window = None if early else open_the_window()
    process: subprocess.Popen[bytes] = request.getfixturevalue("terminal")
    wait_for(qtbot, store.open_recordings)
    window = window or open_the_window()
    wait_for(qtbot, lambda: window.record_bar.isVisible())
    recorded(window, qtbot, 0.2)
    assert len(titles(window)) == 1
    meeting = stop_recording(window, qtbot)
    assert meeting.duration > 0.2
    wait_for(qtbot, lambda: process.poll() is not None)


def test_a_recording_of_the_terminal_goes_on_without_the_window(
    no_text: None,
    store: Store,
    terminal: subprocess.Popen[bytes],
    open_the_window: OpenWindow,
    places: paths.Folders,
    qtbot: QtBot,
) -> None:
    wait_for(qtbot, store.open_recordings)
    window = open_the_window()
    window.commands.change_settings(closing="stop")
    at = recorded(window, qtbot, 0.2).elapsed
    window.close()
    wait_for(qtbot, window.isHidden)  # once the settings are stored
    assert window.commands.close(20)
    (meeting,) = store.open_recordings()
    with Recorder.attach(places.audio / meeting.audio) as recorder:
        wait_for(qtbot, lambda: recorder.state().elapsed > at + 0.5)
    assert terminal.poll() is None
    terminal.send_signal(signal.SIGINT)
    assert terminal.wait(20) == 0
    assert not store.open_recordings()


# --- live text: when it is made, and what becomes of it when it cannot -----------------------------


class Transcriber:
    """Stands in for `meetings.transcribe`: counts how often it begins, and ends when the test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun = 0
        self.running = 0
        self.problem: Exception | None = None
        monkeypatch.setattr("core.meetings.transcribe", self.transcribe)

    def transcribe(self, library: Library, meeting_id: MeetingId) -> Job[None]:
        self.begun += 1
        self.running += 1
        try:
            if self.problem:
                raise self.problem
            while library.store.meeting(meeting_id).recording_open:
                yield LiveText(meeting_id, "so the budget", 1.5, Channel.MICROPHONE)
                time.sleep(0.01)  # a step takes its time
        finally:
            self.running -= 1


@pytest.fixture
def transcriber(scripted: ScriptedRecording, monkeypatch: pytest.MonkeyPatch) -> Transcriber:
    return Transcriber(monkeypatch)


def listening(open_the_window: OpenWindow, transcriber: Transcriber, qtbot: QtBot) -> MainWindow:
    """The window, which records, and makes the text of the recording."""
    window = open_the_window()
    window.commands.change_settings(live_text="on")
    start_recording(window, qtbot)
    wait_for(qtbot, lambda: transcriber.running == 1)
    return window


def looked(window: MainWindow, qtbot: QtBot) -> None:
    """Waits until the recording has looked several times whether its text can be made."""
    for _ in range(3):
        with qtbot.waitSignal(window.commands._power.timeout, timeout=20_000):
            pass


def test_text_is_made_as_the_settings_say_and_at_once_when_they_change(
    transcriber: Transcriber, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_the_window()
    live: list[LiveText | None] = []
    window.commands.live_text_changed.connect(live.append)
    start_recording(window, qtbot)
    assert transcriber.begun == 0
    window.commands.change_settings(live_text="on")
    wait_for(qtbot, lambda: live and live[-1] and live[-1].text == "so the budget")
    window.commands.change_settings(live_text="off")
    wait_for(qtbot, lambda: transcriber.running == 0)
    wait_for(qtbot, lambda: live[-1] is None)
    assert window.commands.recording
    assert transcriber.begun == 1


def test_on_battery_no_text_is_made_where_that_is_wanted(
    transcriber: Transcriber, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    battery = True
    monkeypatch.setattr("core.power.on_battery", lambda: battery)
    monkeypatch.setattr(recordings, "POWER_MILLISECONDS", 50)
    window = open_the_window()
    window.commands.change_settings(live_text="mains")
    start_recording(window, qtbot)
    looked(window, qtbot)
    assert transcriber.begun == 0
    battery = False
    wait_for(qtbot, lambda: transcriber.running == 1)
    battery = True
    wait_for(qtbot, lambda: transcriber.running == 0)
    assert window.commands.recording


def test_a_recording_goes_on_without_its_text_and_that_is_told_once(
    transcriber: Transcriber, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings, "POWER_MILLISECONDS", 50)
    transcriber.problem = errors.ModelMissing("large")
    window = open_the_window()
    told: list[str] = []
    window.commands.troubled.connect(lambda trouble: told.append(trouble.what))
    with qtbot.waitSignal(window.commands.settings_kept, timeout=20_000):
        window.commands.change_settings(live_text="on")
    start_recording(window, qtbot)
    wait_for(qtbot, lambda: told)
    looked(window, qtbot)
    (sentence,) = told
    assert sentence.startswith("The recording goes on, but its text has to wait until it has ended.")
    assert sentence.endswith("The speech model “large” is not on this machine.")
    assert window.commands.recording
    assert transcriber.begun == 1
    # Somebody who chose another model has the text again.
    transcriber.problem = None
    window.commands.change_settings(model="tiny.en")
    wait_for(qtbot, lambda: transcriber.running == 1)


def test_text_that_failed_does_not_begin_again_before_the_window_knows(
    transcriber: Transcriber, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = threading.Event()

    def transcribe(library: Library, meeting_id: MeetingId) -> Job[None]:
        assert fails.wait(20)
        transcriber.problem = errors.ModelMissing("large")
        return transcriber.transcribe(library, meeting_id)

    monkeypatch.setattr("core.meetings.transcribe", transcribe)
    window = open_the_window()
    told: list[object] = []
    window.commands.troubled.connect(told.append)
    start_recording(window, qtbot)
    with qtbot.waitSignal(window.commands.settings_kept, timeout=20_000):
        window.commands.change_settings(live_text="on")
    recording = window.commands.recording
    assert recording
    (live,) = (task for task in window.commands._tasks.alive() if task.meeting_id == recording.meeting_id)
    fails.set()
    until = time.monotonic() + 20
    while live in window.commands._tasks.alive() and time.monotonic() < until:
        time.sleep(0.001)  # no event reaches the window meanwhile
    window.commands._power.timeout.emit()
    wait_for(qtbot, lambda: told)
    wait_for(qtbot, lambda: not window.commands._live)
    assert (transcriber.begun, len(told)) == (1, 1)


def test_live_text_begins_anew_with_the_settings_that_the_library_has(
    transcriber: Transcriber, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_models: list[str] = []

    def transcribe(library: Library, meeting_id: MeetingId) -> Job[None]:
        with_models.append(library.settings.model)
        if not library.settings.model:
            raise errors.ModelMissing("large")
        return transcriber.transcribe(library, meeting_id)

    keep = Library.change_settings

    def slowly(library: Library, chosen: Settings) -> None:
        time.sleep(0.1)
        keep(library, chosen)

    monkeypatch.setattr("core.meetings.transcribe", transcribe)
    monkeypatch.setattr(Library, "change_settings", slowly)
    window = open_the_window()
    with qtbot.waitSignal(window.commands.settings_kept, timeout=20_000):
        window.commands.change_settings(live_text="on")
    start_recording(window, qtbot)
    wait_for(qtbot, lambda: window.commands._live_failed)
    window.commands.change_settings(model="tiny.en")
    wait_for(qtbot, lambda: transcriber.running == 1)
    assert with_models == ["", "tiny.en"]


# --- a recording that is continued, and what was being made of it ----------------------------------


@pytest.fixture
def recorded_before(scripted: ScriptedRecording, store: Store, places: paths.Folders) -> MeetingId:
    """A meeting whose recording has ended."""
    (places.audio / "before.ogg").write_bytes(b"sound")
    return store.add_meeting(
        "Before",
        datetime.now(UTC),
        Source.RECORDING,
        audio="before.ogg",
        duration=10.0,
        channels=(Channel.MICROPHONE,),
    )


class Worker:
    """Stands in for a stage that goes on until it is stopped; notes whether the recording was open when it began."""

    def __init__(self) -> None:
        self.begun: list[bool] = []
        self.running = 0

    def work(self, library: Library, meeting_id: MeetingId) -> Job[None]:
        self.begun.append(library.store.meeting(meeting_id).recording_open)
        self.running += 1
        try:
            while True:
                time.sleep(0.01)
                yield Progress(Stage.TRANSCRIBE, None)
        finally:
            self.running -= 1


@pytest.fixture(params=[Stage.TRANSCRIBE, Stage.SUMMARISE])
def worked_on(
    recorded_before: MeetingId,
    store: Store,
    scripted: ScriptedRecording,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> tuple[MainWindow, Worker]:
    """The window, which works on that meeting, and a recorder that does not begin yet."""
    worker = Worker()
    transcribing = request.param is Stage.TRANSCRIBE
    store.ask(recorded_before, request.param, TranscriptOptions() if transcribing else SummaryOptions())
    monkeypatch.setattr(f"core.meetings.{request.param.value}", worker.work)
    scripted.ready.clear()
    window = open_the_window()
    wait_for(qtbot, lambda: worker.running == 1 and window.actions_.continue_recording.isEnabled())
    return window, worker


def given_way(window: MainWindow, worker: Worker, qtbot: QtBot) -> None:
    """Waits until what was being made has ended and everything that follows from it has been answered."""
    wait_for(qtbot, lambda: worker.running == 0)
    for _ in range(3):
        with qtbot.waitSignal(window.commands.meetings_listed, timeout=20_000):
            window.commands._ask(everything, window.commands._listed)


def test_what_was_being_made_waits_for_the_continued_recording(
    worked_on: tuple[MainWindow, Worker], scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    window, worker = worked_on
    window.actions_.continue_recording.trigger()
    given_way(window, worker, qtbot)
    assert worker.begun == [False]
    scripted.ready.set()
    wait_for(qtbot, lambda: window.commands.recording)
    given_way(window, worker, qtbot)
    assert worker.begun == [False]  # the settings want no text while it is recorded
    stop_recording(window, qtbot)
    wait_for(qtbot, lambda: worker.begun == [False, False])


def test_what_was_being_made_is_carried_on_where_the_recording_does_not_begin(
    worked_on: tuple[MainWindow, Worker], scripted: ScriptedRecording, qtbot: QtBot
) -> None:
    window, worker = worked_on
    scripted.shown = dataclasses.replace(scripted.shown, sources=())
    window.actions_.continue_recording.trigger()
    given_way(window, worker, qtbot)
    assert worker.begun == [False]
    scripted.ready.set()
    wait_for(qtbot, lambda: worker.begun == [False, False])


def test_live_text_of_a_continued_recording_begins_with_its_sound(
    recorded_before: MeetingId,
    transcriber: Transcriber,
    scripted: ScriptedRecording,
    store: Store,
    open_the_window: OpenWindow,
    qtbot: QtBot,
) -> None:
    window = open_the_window()
    window.commands.change_settings(live_text="on")
    wait_for(qtbot, window.actions_.continue_recording.isEnabled)
    window.actions_.continue_recording.trigger()
    wait_for(qtbot, lambda: transcriber.running == 1)
    assert window.commands.recording
    assert store.meeting(recorded_before).recording_open


def test_live_text_that_still_catches_up_begins_anew_when_its_recording_is_continued(
    transcriber: Transcriber,
    scripted: ScriptedRecording,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    catches_up, step = threading.Event(), threading.Event()

    def transcribe(library: Library, meeting_id: MeetingId) -> Job[None]:
        yield from transcriber.transcribe(library, meeting_id)
        catches_up.set()
        step.wait(20)
        yield LiveText(meeting_id, "", 3.0)

    monkeypatch.setattr("core.meetings.transcribe", transcribe)
    window = listening(open_the_window, transcriber, qtbot)
    stop_recording(window, qtbot)
    wait_for(qtbot, catches_up.is_set)
    wait_for(qtbot, window.actions_.continue_recording.isEnabled)
    window.actions_.continue_recording.trigger()
    wait_for(qtbot, lambda: window.commands.recording)
    assert transcriber.begun == 1
    step.set()
    # Long before the next look at the power supply.
    wait_for(qtbot, lambda: transcriber.running == 1, recordings.POWER_MILLISECONDS / 3000)


def test_a_finished_import_does_not_turn_the_page_away_from_a_recording(
    transcriber: Transcriber,
    scripted: ScriptedRecording,
    open_the_window: OpenWindow,
    qtbot: QtBot,
) -> None:
    window = open_the_window()
    start_recording(window, qtbot)
    shown: list[str] = []
    window.commands.shown.connect(shown.append)
    window.commands.import_sample()
    wait_for(qtbot, lambda: len(titles(window)) == 2 and not window.commands._imports)
    wait_for(qtbot, lambda: transcriber.begun)
    assert shown == []


def test_no_second_transcription_begins_while_the_live_one_catches_up(
    transcriber: Transcriber,
    scripted: ScriptedRecording,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summarised: list[MeetingId] = []

    def transcribe(library: Library, meeting_id: MeetingId) -> Job[None]:
        yield from transcriber.transcribe(library, meeting_id)
        while not caught_up:
            yield LiveText(meeting_id, "", 3.0)
            time.sleep(0.01)
        library.store.finish(meeting_id, Stage.TRANSCRIBE)

    def summarise(_library: Library, meeting_id: MeetingId) -> Job[None]:
        summarised.append(meeting_id)
        yield from ()

    caught_up = False
    monkeypatch.setattr("core.meetings.transcribe", transcribe)
    monkeypatch.setattr("core.meetings.summarise", summarise)
    window = listening(open_the_window, transcriber, qtbot)
    meeting_id = MeetingId(window.commands.recording.meeting_id if window.commands.recording else "")
    window.commands._ask(lambda library: meetings.ask_for_text(library, meeting_id))
    stop_recording(window, qtbot)
    wait_for(qtbot, lambda: not window.commands._busy())
    assert (transcriber.begun, summarised) == (1, [])
    caught_up = True
    wait_for(qtbot, lambda: summarised)
    assert transcriber.begun == 1


def test_a_recording_that_could_not_be_noted_as_ended_is_later(
    microphone: VirtualMicrophone,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_given: object) -> bool:
        raise errors.DiskFull("meetings.db")

    monkeypatch.setattr("core.meetings.recordings.close_recording", full)
    monkeypatch.setattr(recordings, "RECOVER_MILLISECONDS", 50)
    window = open_the_window()
    start_recording(window, qtbot)
    click(qtbot, button(window.record_bar, "Stop"))
    wait_for(qtbot, lambda: "is full" in sentences(window.problems))
    wait_for(qtbot, lambda: not window.library.model.newest().data(Role.MEETING).recording_open)
    assert window.library.model.newest().data(Role.MEETING).duration > 0.1
