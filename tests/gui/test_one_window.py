"""The window as a process of its own: started twice, killed, hung, ended by the system."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import errors, locks, logs, paths
from core.audio.recorder import Recorder
from core.store import Store
from core.values import Meeting
from desktop import single
from desktop.app import OpenedFiles
from desktop.single import FirstWindow, first_window
from tests.benchmarks.kills import WINDOW, windows
from tests.conftest import until
from tests.gui.conftest import OpenWindow
from tests.gui.hands import wait_for
from tests.microphone import VirtualMicrophone
from tests.sound_files import make, tone

TOP = Path(__file__).resolve().parents[2]

FROM_A_TERMINAL = """
import signal, sys
from desktop import app

signal.signal(signal.SIGHUP, signal.{})
sys.exit(app.run(sys.argv[1]))
"""

UNNOTED = """
import time
from core.store import Store

Store.add_meeting = lambda *_given, **_more: time.sleep(600)
"""
"""Put before `WINDOW`: it is killed before it has noted the recording that it began."""

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(store: Store, places: paths.Folders) -> Iterator[Start]:
    """Starts a window in a process of its own, by default as a person does."""
    started: list[subprocess.Popen[bytes]] = []

    def starter(*command: str) -> subprocess.Popen[bytes]:
        program = command or ("-m", "desktop", "--data-dir")
        process = subprocess.Popen(
            [sys.executable, *program, str(places.root)],
            cwd=TOP,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
        started.append(process)
        return process

    yield starter
    for meeting in store.open_recordings():
        # Or it would open another window.
        with (
            contextlib.suppress(errors.RecorderDied),
            Recorder.attach(places.audio / meeting.audio) as recorder,
        ):
            recorder.stop()
    for process in started:
        process.kill()
        process.wait()
    for window in windows(places):
        window.kill()


def is_open(places: paths.Folders) -> bool:
    return places.locks.is_dir() and locks.is_held(places.locks / single.LOCK)


# --- one window ------------------------------------------------------------------------------------


@pytest.fixture
def first(places: paths.Folders) -> Iterator[FirstWindow]:
    right = first_window(places)
    assert right
    yield right
    right.close()


def test_a_second_start_brings_the_first_window_up(
    first: FirstWindow, open_the_window: OpenWindow, start: Start, qtbot: QtBot
) -> None:
    window = open_the_window()
    first.asked.connect(window.come_up)
    window.hide()
    second = start()
    wait_for(qtbot, lambda: second.poll() is not None)
    assert second.returncode == 0
    assert window.isVisible()
    window.showMinimized()
    wanted: list[tuple[str, ...]] = []
    first.asked.connect(wanted.append)
    third = start("-m", "desktop", "open", "interview.m4a", "/tmp/note.mp3", "--data-dir")
    wait_for(qtbot, lambda: third.poll() is not None)
    assert not window.isMinimized()
    assert wanted == [(str(TOP / "interview.m4a"), "/tmp/note.mp3")]


def test_a_window_takes_in_what_it_was_started_with(start: Start, store: Store, tmp_path: Path) -> None:
    sound = make(tmp_path / "interview.wav", "pcm_s16le", tone())
    window = start("-m", "desktop", "open", str(sound), "--data-dir")
    until(store.meetings, 30)
    window.terminate()
    assert window.wait(10) == 0


def test_macos_tells_what_to_open_by_an_event(qapp: QApplication) -> None:
    files = OpenedFiles(qapp, qapp)
    told: list[str] = []
    files.opened.connect(told.append)
    qapp.sendEvent(qapp, QFileOpenEvent("/tmp/interview.m4a"))
    qapp.removeEventFilter(files)
    assert told == ["/tmp/interview.m4a"]


def test_of_two_started_at_once_one_stays(start: Start, places: paths.Folders) -> None:
    both = start(), start()
    until(lambda: [one.poll() for one in both].count(0) == 1, 30)
    stays = next(one for one in both if one.poll() is None)
    assert is_open(places)
    time.sleep(0.5)
    assert stays.poll() is None
    stays.terminate()
    assert stays.wait(10) == 0
    assert not is_open(places)


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signal")
@pytest.mark.parametrize(("before", "ends"), [("SIG_DFL", True), ("SIG_IGN", False)], ids=["", "nohup"])
def test_closing_its_terminal_ends_the_window_unless_that_is_to_be_ignored(
    start: Start, places: paths.Folders, qapp: object, before: str, ends: bool
) -> None:
    window = start("-c", FROM_A_TERMINAL.format(before))
    until(lambda: is_open(places), 30)
    assert first_window(places) is None  # it answers
    window.send_signal(signal.SIGHUP)
    if ends:
        assert window.wait(10) == 0
        assert not is_open(places)
    else:
        assert first_window(places) is None
        assert window.poll() is None


def test_a_killed_window_leaves_nothing_in_the_way(start: Start, places: paths.Folders) -> None:
    killed = start()
    until(lambda: is_open(places), 30)
    killed.kill()
    killed.wait()
    right = first_window(places)
    assert right
    assert right._lock
    right.close()


def test_a_window_that_hangs_is_waited_for_only_so_long(
    start: Start, places: paths.Folders, monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    hangs = start()
    until(lambda: is_open(places), 30)
    hangs.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(single, "HELP_SECONDS", 0.5)
    monkeypatch.setattr(single, "ANSWER_MILLISECONDS", 200)
    began = time.monotonic()
    right = first_window(places)
    assert 0.5 <= time.monotonic() - began < 2
    assert right
    right.close()


def test_where_nothing_can_be_written_the_window_opens_to_say_so(
    places: paths.Folders, monkeypatch: pytest.MonkeyPatch, qapp: object
) -> None:
    def full(_places: paths.Folders) -> None:
        raise errors.DiskFull(str(places.root))

    monkeypatch.setattr(paths, "create", full)
    right = first_window(places)
    assert right
    right.close()


# --- a recording outlives its window ---------------------------------------------------------------


def the_recording(store: Store) -> Meeting | None:
    found = store.open_recordings()
    return found[0] if found else None


def shown(places: paths.Folders) -> int:
    """How many windows have shown a recording."""
    return (places.logs / logs.FILE).read_text(encoding="utf-8").count("recording shown")


def test_a_killed_window_is_opened_again_and_the_recording_is_whole(
    microphone: VirtualMicrophone, start: Start, store: Store, places: paths.Folders
) -> None:
    window = start("-c", WINDOW)
    until(lambda: the_recording(store), 30)
    meeting = the_recording(store)
    assert meeting
    sound = places.audio / meeting.audio
    until(lambda: shown(places) == 1, 30)
    with Recorder.attach(sound) as recorder:
        until(lambda: recorder.state().elapsed > 1, 30)
    killed = time.monotonic()
    window.kill()
    window.wait()
    until(lambda: shown(places) == 2, 60)
    (again,) = windows(places)
    with Recorder.attach(sound) as recorder:
        elapsed = recorder.state().elapsed
    assert elapsed > 1 + time.monotonic() - killed - 0.5
    again.terminate()
    again.wait(20)
    until(lambda: not windows(places), 30)
    kept = store.meeting(meeting.id)
    assert not kept.recording_open
    assert kept.duration >= elapsed


def test_a_recording_that_a_killed_window_could_not_note_is_shown_by_the_next(
    microphone: VirtualMicrophone, start: Start, store: Store, places: paths.Folders
) -> None:
    window = start("-c", UNNOTED + WINDOW)
    until(lambda: list(places.audio.glob("*.session")), 30)
    window.kill()
    window.wait()
    start()
    until(lambda: shown(places) == 1, 30)
    meeting = the_recording(store)
    assert meeting
    # The recorder has started one too, which makes way for the other.
    until(lambda: len(windows(places)) == 1, 30)
    (window_again,) = windows(places)
    window_again.terminate()
    until(lambda: not windows(places), 30)
    assert not store.meeting(meeting.id).recording_open
    assert store.meeting(meeting.id).duration > 1
