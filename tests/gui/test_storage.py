"""The page about the library's folder: what it takes, the bin, and who may be sent text."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core import paths
from core.meetings import moving
from core.store import Store
from core.values import Place, Segment, Source, TranscriptOptions
from desktop import app as desktop_app
from desktop.views.export_sheet import ExportSheet
from desktop.views.main_window import MainWindow
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.storage import StoragePage
from desktop.views.widgets import Question
from tests.gui.conftest import OpenWindow, ScriptedRecording
from tests.gui.hands import button, click, sentences, titles, wait_for
from tests.gui.test_folders import asked
from tests.gui.test_library import put
from tests.gui.test_settings import choose
from tests.sound_files import make, tone


def opened(window: MainWindow, qtbot: QtBot) -> StoragePage:
    """The page, once it has looked around."""
    dialog = SettingsDialog(window.commands, window, StoragePage)
    with qtbot.waitSignal(window.commands.storage_known, timeout=20_000):
        dialog.open()
    return dialog.page(StoragePage)


def test_it_says_what_there_is_and_empties_the_bin(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "Stand-up", 0, "good morning")
    store.bin(put(store, "Old", 3, "nobody needs this"))
    window = open_the_window()
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    page = opened(window, qtbot)
    assert str(window.commands.places.root) in sentences(page)
    for kind in ("Texts and minutes", "Recordings", "Free on this disk"):
        assert kind in sentences(page)
    assert "1 meeting · 0 bytes" in sentences(page)
    click(qtbot, button(page, "Open the folder"))
    assert [url.toLocalFile() for url in shown] == [str(window.commands.places.root)]
    click(qtbot, button(page, "Export all meetings…"))
    sheet = window.findChild(ExportSheet)
    assert sheet
    assert sheet.windowTitle() == "Export “Stand-up”"  # and not what is in the bin
    sheet.reject()
    click(qtbot, button(page, "Empty the bin…"))
    click(qtbot, button(asked(window, qtbot), "Remove for good"))
    wait_for(qtbot, lambda: "The bin is empty." in sentences(page))
    assert not button(page, "Empty the bin…").isEnabled()
    assert [meeting.title for meeting in store.meetings()] == ["Stand-up"]
    assert store.meetings(binned=True) == ()


def test_the_sound_of_a_meeting_goes_by_the_menu(
    store: Store, places: paths.Folders, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    make(places.audio / "talk.flac", "flac", tone(2.0))
    meeting_id = store.add_meeting(
        "Talk", datetime.now(UTC), Source.IMPORT, audio="talk.flac", duration=2.0, size=4_000_000
    )
    transcript = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    store.add_segments(transcript, [Segment(0, 2, "good morning")], Place(2.0))
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.has_meeting)
    assert not window.actions_.drop_sound.isEnabled()  # its text is not whole
    store.complete_transcript(transcript)
    wait_for(qtbot, window.actions_.drop_sound.isEnabled)
    window.actions_.drop_sound.trigger()
    question = asked(window, qtbot)
    assert "The sound of “Talk” (4 MB) is deleted for good." in sentences(question)
    click(qtbot, button(question, "Delete the sound"))
    wait_for(qtbot, lambda: "were freed" in sentences(window.toast))
    assert list(places.audio.iterdir()) == []
    wait_for(qtbot, lambda: not window.actions_.drop_sound.isEnabled() and not window.page.player.isVisible())
    assert "without sound" in sentences(window.page.header)
    actions = window.actions_
    assert not any(one.isEnabled() for one in (actions.transcribe, actions.stretch, actions.translate))
    actions.transcript.trigger()
    text = window.page.transcript
    assert text.segments.count == 1
    text.selectAll()
    assert text.menu() is None  # nothing can be transcribed again
    assert store.work() == ()


def test_everything_goes_at_once(store: Store, open_the_window: OpenWindow, qtbot: QtBot) -> None:
    put(store, "Stand-up", 0, "good morning")
    store.bin(put(store, "Old", 3, "nobody needs this"))
    store.remember_voice("Ana", bytes(16), 3.0)
    store.set_vocabulary(["Nordwind"])
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.has_meeting)
    page = opened(window, qtbot)
    click(qtbot, button(page, "Delete everything…"))
    click(qtbot, button(asked(window, qtbot), "Keep everything"))
    assert len(store.meetings()) == 1
    wait_for(qtbot, lambda: not [one for one in window.findChildren(Question) if one.isVisible()])
    click(qtbot, button(page, "Delete everything…"))
    click(qtbot, button(asked(window, qtbot), "Delete everything for good"))
    wait_for(qtbot, lambda: "2 meetings were deleted" in sentences(page.window()))
    assert not window.toast.isVisible()  # it lies behind the settings
    assert store.meetings() == store.meetings(binned=True) == ()
    assert store.known_voices() == ()
    assert store.vocabularies() == {}
    wait_for(qtbot, lambda: titles(window) == [])
    wait_for(qtbot, lambda: not page.export_all.isEnabled())


def test_sound_goes_by_itself_as_the_page_says(
    store: Store, places: paths.Folders, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    store.set_tags(put(store, "Interview", 0, "good morning"), ["Hiring"])
    old = store.add_meeting("Old", datetime(2020, 1, 1, tzinfo=UTC), Source.IMPORT, audio="old.flac")
    store.complete_transcript(store.begin_transcript(old, TranscriptOptions(), "en"))
    (places.audio / "old.flac").write_bytes(bytes(1000))
    os.utime(places.audio / "old.flac", (1e9, 1e9))
    window = open_the_window()
    page = opened(window, qtbot)
    assert page.days.currentText() == "Always"
    choose(page.days, "90 days")
    goes = "At the next start the sound of 1 meeting is deleted (1 kB)."
    wait_for(qtbot, lambda: goes in sentences(page))
    choose(page.of_tag, "#Hiring")
    assert page.days.currentText() == "As all meetings"
    choose(page.days, "30 days")
    assert window.commands.settings.sound_rules == ("=90", "hiring=30")
    choose(page.of_tag, "All meetings")
    assert page.days.currentText() == "90 days"
    choose(page.of_tag, "#Hiring")
    choose(page.days, "As all meetings")
    assert list(window.commands.settings.sound_rules) == ["=90"]


def test_consent_is_shown_and_taken_back(window: MainWindow, qtbot: QtBot) -> None:
    page = opened(window, qtbot)
    assert "Neither sound nor text leaves this machine." in sentences(page)
    window.commands.change_settings(consents=("mistral", "http://desk:1234"))
    assert "Text may be sent to Mistral, http://desk:1234." in sentences(page)
    click(qtbot, button(page, "Ask me again"))
    assert "Neither sound nor text" in sentences(page)
    assert window.commands.settings.consents == ()


# --- another folder --------------------------------------------------------------------------------

Steps = Generator[None, None, None]


@pytest.fixture
def run_by_hand(places: paths.Folders, qapp: QApplication) -> Iterator[Callable[[Callable[[], Steps]], int]]:
    """Runs the whole program while a person does something step by step; its exit code."""
    handlers = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    hook = sys.excepthook

    def run(steps: Callable[[], Steps]) -> int:
        faults: list[BaseException] = []
        going = steps()

        def step() -> None:
            try:
                next(going)
            except StopIteration:
                timer.stop()
            except BaseException as fault:
                faults.append(fault)
                timer.stop()
                qapp.exit(1)

        timer = QTimer()
        timer.timeout.connect(step)
        timer.start(20)
        code = desktop_app.run(str(places.root))
        if faults:
            raise faults[0]
        return code

    yield run
    sys.excepthook = hook
    for one, handler in handlers.items():
        signal.signal(one, handler)


def shown_window(root: Path) -> MainWindow | None:
    """The window that is open on this folder, once its library is."""
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    ready = (one for one in windows if one.isVisible() and one.actions_.import_files.isEnabled())
    return next((one for one in ready if one.commands.places.root == root), None)


def chosen(page: QWidget, path: Path) -> None:
    """Types a path into the file dialog of the page and presses Enter."""
    dialog = page.findChild(QFileDialog)
    assert dialog
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    assert name
    name.setText(str(path))
    QTest.keyClick(name, Qt.Key.Key_Return)


def test_the_library_moves_by_a_button_and_the_window_opens_there(
    store: Store,
    places: paths.Folders,
    tmp_path: Path,
    run_by_hand: Callable[[Callable[[], Steps]], int],
    qtbot: QtBot,
) -> None:
    put(store, "Stand-up", 0, "good morning")
    store.close()
    (tmp_path / "disk").mkdir()
    there = tmp_path / "disk" / moving.NAME
    seen: list[str] = []

    def person() -> Steps:
        while not (window := shown_window(places.root)):
            yield
        window.dialogs.open_settings(StoragePage)
        yield
        page = window.findChild(StoragePage)
        assert page
        click(qtbot, button(page, "Move…"))
        yield
        chosen(page, tmp_path / "disk")
        while not (second := shown_window(there)):
            yield
        while not titles(second):
            yield
        seen.extend(titles(second))
        # Back to a folder where there is nothing yet.
        second.dialogs.open_settings(StoragePage)
        yield
        page = second.findChild(StoragePage)
        assert page
        click(qtbot, button(page, "Use another folder…"))
        yield
        (tmp_path / "private").mkdir()
        chosen(page, tmp_path / "private")
        while not (third := shown_window(tmp_path / "private")):
            yield
        seen.extend(titles(third))
        third.leave()

    assert run_by_hand(person) == 0
    assert seen == ["Stand-up"]
    assert [file.name for file in places.root.iterdir()] == ["library-folder"]
    assert paths.folders(places.root).root == tmp_path / "private"
    assert (there / "meetings.db").is_file()


def test_a_library_whose_disk_is_away_is_not_taken_for_an_empty_one(
    places: paths.Folders, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    places.root.mkdir()
    away = tmp_path / "stick" / moving.NAME
    places.pointer.write_text(str(away))
    window = desktop_app.open_window(qapp, paths.folders(places.root))
    qtbot.addWidget(window)
    wait_for(qtbot, lambda: f"The library is not in “{away}”." in sentences(window))
    assert button(window, "Use another folder…").isVisible()
    assert not away.exists()
    assert window.commands.close(20)


def test_while_recording_the_folder_stays(
    scripted: ScriptedRecording, open_the_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_the_window()
    window.commands.move_library(tmp_path / "first")
    window.commands.record()  # before the copy is known to be ready
    wait_for(qtbot, lambda: window.commands.recording)
    wait_for(qtbot, lambda: not window.commands.is_moving and not (tmp_path / "first" / moving.NAME).exists())
    window.commands.move_library(tmp_path / "disk")
    window.commands.use_library(tmp_path / "disk")
    assert "Stop it before the library changes its folder." in sentences(window)
    assert not (tmp_path / "disk").exists()
