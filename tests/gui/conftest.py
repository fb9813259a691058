"""The real window on a library of its own, closed at the end with everything it started."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import queue
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import credentials, errors, messages, paths, settings, speech
from core.meetings import Library
from core.settings import Settings
from core.store import Store
from core.values import (
    Channel,
    Devices,
    Evidence,
    Job,
    Line,
    MeetingChanged,
    MeetingId,
    Minutes,
    Notice,
    Place,
    Recording,
    Section,
    Segment,
    Source,
    SourceState,
    SummaryOptions,
    TranscriptOptions,
)
from desktop import theme
from desktop.app import open_window
from desktop.views.main_window import MainWindow
from tests.conftest import put_database
from tests.gui.decoder import SPOKEN, Decoder
from tests.gui.hands import button, click, wait_for
from tests.sound_files import beginning, make, tone

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

OpenWindow = Callable[..., MainWindow]


@pytest.fixture(autouse=True)
def _own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in (paths.DATA_DIR_VARIABLE, credentials.KEY_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(credentials, "_keys", {})
    monkeypatch.setattr(theme, "TOAST_MILLISECONDS", 120_000)  # not gone before a busy machine has looked
    yield
    messages.use_language("en")


@pytest.fixture(autouse=True)
def _silent_machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a sound system of its own a test finds none; each look at the real one is a process."""
    if "_sound_system" not in request.fixturenames:
        monkeypatch.setattr("core.audio.devices.devices", lambda: Devices(()))


@pytest.fixture
def places(tmp_path: Path) -> paths.Folders:
    """A data folder that does not exist yet."""
    return paths.folders(tmp_path / "library")


@pytest.fixture
def store(places: paths.Folders, empty_database: Path) -> Iterator[Store]:
    """The store of that folder, to fill it before the window opens."""
    paths.create(places)
    put_database(empty_database, places)
    opened = Store(places)
    yield opened
    opened.close()


@pytest.fixture
def open_the_window(qapp: QApplication, qtbot: QtBot, places: paths.Folders) -> Iterator[OpenWindow]:
    """Opens the window, and waits until its library is open too unless told otherwise."""
    windows: list[MainWindow] = []

    def opener(*, wait: bool = True, new: bool = False) -> MainWindow:
        """`new`: for somebody who sees the program for the first time."""
        window = open_window(qapp, places)
        if not new:
            window.commands.settings = dataclasses.replace(window.commands.settings, welcomed=True)
        windows.append(window)
        with qtbot.waitActive(window):
            window.activateWindow()
        if wait:
            # Repaired and listed, in whichever order: only then is the first page there.
            qtbot.waitUntil(
                lambda: window.actions_.import_files.isEnabled() and window._pages.currentIndex() > 0,
                timeout=20_000,
            )
        return window

    yield opener
    for window in windows:
        window.leave()
        assert window.commands.close(30)
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not [thread for thread in threading.enumerate() if thread.name in LANES]


LANES = {"compute", "io", "play", "record", "store", "search"}


class ScriptedRecording:
    """Stands in for the recorder where a test decides what happens to a recording; see `meetings.record`."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.events: queue.SimpleQueue[Notice | Exception | None] = queue.SimpleQueue()
        self.shown = Recording(
            MeetingId(""), 0.0, 0.0, (SourceState(Channel.MICROPHONE, "Blue Yeti", -30, -20),)
        )
        self.stopped = threading.Event()
        self.ready = threading.Event()  # its first sound is there
        self.ready.set()

    def record(self, library: Library, **asked: Any) -> Job[MeetingId]:
        """Goes on until it is stopped, or until `events` gives None (it ends by itself) or an error."""
        self.asked = asked
        assert self.ready.wait(20)
        if self.shown.sources == ():
            raise errors.NoMicrophone
        path = library.places.audio / "scripted.ogg"
        path.write_bytes(b"sound")
        if into := asked.get("into"):
            library.store.reopen_recording(into)
        meeting_id = into or library.store.add_meeting(
            "Scripted",
            datetime.now(UTC),
            Source.RECORDING,
            audio=path.name,
            recording_open=True,
            channels=(Channel.MICROPHONE,),
        )
        elapsed = 0.0
        try:
            yield MeetingChanged(meeting_id)
            while True:
                elapsed += 0.02
                yield dataclasses.replace(self.shown, meeting_id=meeting_id, elapsed=elapsed)
                with contextlib.suppress(queue.Empty):
                    event = self.events.get(timeout=0.02)
                    if event is None:
                        break
                    if isinstance(event, Exception):
                        raise event
                    yield event
        finally:
            self.stopped.set()
            library.store.close_recording(meeting_id, 20.0, 5)
        yield MeetingChanged(meeting_id)
        return meeting_id


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch, store: Store, places: paths.Folders) -> ScriptedRecording:
    """A recorder that does as the test says; no text is made of what it records."""
    recorder = ScriptedRecording()
    monkeypatch.setattr("core.meetings.record", recorder.record)
    settings.save(Settings(live_text="off"), places.settings)
    return recorder


@pytest.fixture
def window(open_the_window: OpenWindow) -> MainWindow:
    """The window on an empty library."""
    return open_the_window()


@pytest.fixture
def page(finished: MeetingId, open_the_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """The window with the finished meeting shown."""
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.has_meeting)
    return window


@pytest.fixture
def still(page: MainWindow) -> MainWindow:
    """The same, for a test that shows pages of its own: what is read of the library late does not replace them."""
    page.commands.page_read.disconnect(page.page.set_page)
    return page


with_sound = pytest.mark.parametrize("finished", ["release.flac"], indirect=True, ids=[""])
"""Has the meeting that is `finished` be one with sound."""


@pytest.fixture
def finished(store: Store, places: paths.Folders, request: pytest.FixtureRequest) -> MeetingId:
    """A meeting with a transcript of three segments, and minutes of a decision and an action item.

    It has no sound but where a test asks for it; see `with_sound`.
    """
    audio = getattr(request, "param", "")
    if audio:
        make(places.audio / audio, "flac", tone(30.0))
    meeting_id = store.add_meeting(
        "Release", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT, audio=audio, duration=30.0
    )
    transcript = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    segments = [Segment(10.0 * place, 10.0 * place + 8, text) for place, text in enumerate(SPOKEN)]
    stored = store.add_segments(transcript, segments, Place(30.0), language="en")
    store.complete_transcript(transcript)

    def said(place: int) -> tuple[Evidence, ...]:
        one = stored[place]
        return (Evidence((one.id,), one.start, one.end, one.text),)

    lines = (
        Line(Section.DECISIONS, "Move the release to April", said(0)),
        Line(Section.ACTION_ITEMS, "Send the test report", said(1), owner="Daniel", due=date(2026, 3, 13)),
        Line(Section.KEY_POINTS, "The budget is 40,000", supported=False),
    )
    moment = datetime(2026, 3, 10, 10, tzinfo=UTC)
    options = SummaryOptions()
    store.add_minutes(Minutes(meeting_id, options, "offline", "en", moment, "", lines, transcript.id))
    return meeting_id


@pytest.fixture(scope="session")
def short_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much of the sample meeting as a `Decoder` has text for: all of it is decoded by each stage anew."""
    return beginning(tmp_path_factory.mktemp("sample") / paths.SAMPLE.name, 10.0 * len(SPOKEN))


@pytest.fixture
def decoder(monkeypatch: pytest.MonkeyPatch, short_sample: Path) -> Iterator[Decoder]:
    """An engine that gives text when the test says so; voices are not told apart, which takes seconds."""
    stand_in = Decoder()
    monkeypatch.setattr(paths, "SAMPLE", short_sample)
    monkeypatch.setattr(speech, "Listener", stand_in.listener)
    monkeypatch.setattr(speech.Separator, "hear", lambda *_: None)
    yield stand_in
    stand_in.may_go.release(100)


@pytest.fixture
def begun(window: MainWindow, qtbot: QtBot, decoder: Decoder) -> MainWindow:
    """The sample imported by its button, with one segment of text made so far."""
    click(qtbot, button(window, "Try the sample meeting"))
    decoder.may_go.release()
    wait_for(qtbot, lambda: window.page.transcript.segments.rowCount() == 1)
    return window
