"""What a person does, by clicks and keys, on the real window with the real core."""

from __future__ import annotations

import dataclasses
import threading
import time
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import locks, logs, paths, speech
from core.meetings import Library
from core.store import Store, schema
from core.tasks import Lane
from core.values import (
    Job,
    Meeting,
    MeetingId,
    Minutes,
    Place,
    Progress,
    Recording,
    Section,
    Segment,
    SegmentsAdded,
    Source,
    Stage,
    TranscriptOptions,
)
from desktop import commands
from desktop.app import telling
from desktop.commands import Import, pages
from desktop.commands import meetings as asked_of_meetings
from desktop.models.meetings import Role
from desktop.views.export_menu import ReplaceFile
from desktop.views.main_window import MainWindow
from desktop.views.widgets import OneLine
from tests.gui.conftest import OpenWindow
from tests.gui.decoder import SPOKEN, Decoder, Listener
from tests.gui.hands import LEFT, button, choose_in_dialog, click, drop, rows, sentences, titles, wait_for
from tests.sound_files import FIRST_TOPIC, beginning


def minutes_of(store: Store, meeting_id: MeetingId) -> Minutes:
    minutes = store.minutes(meeting_id)
    assert minutes
    return minutes


def is_done(minutes: Minutes) -> bool:
    return minutes.of(Section.ACTION_ITEMS)[0].done


# --- the main job, everything real -----------------------------------------------------------------


def test_from_a_dropped_file_to_exported_markdown(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    assert "Record a meeting or import one" in sentences(window)
    talk = beginning(tmp_path / "Release meeting.ogg", FIRST_TOPIC)
    drop(window, talk)
    wait_for(qtbot, lambda: titles(window) == ["Release meeting"])
    text = window.page.transcript.segments
    wait_for(qtbot, lambda: text.rowCount() > 0, 60)
    wait_for(qtbot, lambda: "are ready" in sentences(window.toast), 150)
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, lambda: "Decisions" in sentences(window.page.summary))
    said = " ".join(rows(text)).lower()
    assert "serious problems" in said
    assert "15th of april" in said
    assert "Made offline" in sentences(window.page.summary)

    chips = [one for one in window.page.summary.findChildren(QPushButton) if one.property("kind") == "chip"]
    qtbot.mouseClick(chips[0], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    assert window.page.transcript.isVisible()
    assert window.page.transcript.currentIndex().isValid()

    # A toast may have been followed by another by the time one looks.
    told: list[str] = []
    window.commands.said.connect(lambda text, _undo: told.append(text))
    exported = tmp_path / "minutes.md"
    window.actions_.markdown.trigger()
    choose_in_dialog(qtbot, window, exported)
    wait_for(qtbot, exported.exists)
    markdown = exported.read_text(encoding="utf-8")
    assert "Release meeting" in markdown
    assert "15th of April" in markdown
    wait_for(qtbot, lambda: any("Exported to “minutes.md”" in text for text in told))

    drop(window, talk)
    wait_for(qtbot, lambda: any("already in the library" in text for text in told))
    assert titles(window) == ["Release meeting"]


# --- import ----------------------------------------------------------------------------------------


def test_a_file_that_is_no_recording_gives_a_sentence(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    fake = tmp_path / "holiday.mp3"
    fake.write_bytes(b"this is not sound" * 100)
    qtbot.keyClick(window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    choose_in_dialog(qtbot, window, fake)
    wait_for(qtbot, lambda: "“holiday.mp3” is not an audio or video file." in sentences(window.problems))
    assert titles(window) == []
    assert not list(window.commands.places.audio.iterdir())
    click(qtbot, button(window.problems, "Close this message"))
    assert not window.problems.isVisible()


def test_several_failures_are_all_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    empty, text = tmp_path / "empty.wav", tmp_path / "text.wav"
    empty.touch()
    text.write_text("words")
    gone = [tmp_path / f"gone{number}.wav" for number in range(4)]
    folder = tmp_path / "folder"
    folder.mkdir()
    drop(window, empty, text, folder, *gone)
    told = ("“empty.wav” is empty", "“text.wav” is not", "is a folder", *(f"“{one.name}”" for one in gone))
    wait_for(qtbot, lambda: all(sentence in sentences(window.problems) for sentence in told))
    assert window.problems.height() < window.height() / 3


def test_the_sample_takes_the_keyboard_to_the_library_not_to_its_title(
    window: MainWindow, qtbot: QtBot, decoder: Decoder
) -> None:
    click(qtbot, button(window, "Try the sample meeting"))
    wait_for(qtbot, lambda: window.page.has_meeting)
    qtbot.keyClicks(window.focusWidget() or window, "zzz")
    assert window.page.header.title.text() == "Sample meeting"
    decoder.may_go.release(10)


def test_a_silent_file_says_that_nobody_speaks(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    silent = tmp_path / "silent.wav"
    with wave.open(str(silent), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16_000 * 3))
    drop(window, silent)
    wait_for(qtbot, lambda: "Nobody is heard in this file. Check" in sentences(window.page), 60)

    def meeting() -> Meeting:
        found = window.library.model.newest().data(Role.MEETING)
        assert isinstance(found, Meeting)
        return found

    wait_for(qtbot, lambda: not meeting().work, 60)
    for part in (window.actions_.transcript, window.actions_.summary):
        part.trigger()
        assert "Nobody is heard in this file. Check" in sentences(window.page)
        assert "follow" not in sentences(window.page)
    assert not window.page.header.banner.isVisible()


def test_a_running_import_can_be_clicked_away(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[int] = []
    monkeypatch.setattr(window.commands, "stop_import", stopped.append)
    window.commands.imports_changed.emit((Import(1, "a.mp3", 0.1), Import(2, "b.mp3", 0.0)))

    def buttons() -> list[QPushButton]:
        found = window.library.findChildren(QPushButton)
        return [one for one in found if one.accessibleName() == "Stop this import" and one.isVisible()]

    wait_for(qtbot, lambda: len(buttons()) == 2)
    second = buttons()[1]
    qtbot.mousePress(second, Qt.MouseButton.LeftButton)
    window.commands.imports_changed.emit((Import(2, "b.mp3", 0.6),))
    qtbot.mouseRelease(second, Qt.MouseButton.LeftButton)
    assert stopped == [2]
    assert [bar.value() for bar in window.library.findChildren(QProgressBar) if bar.isVisible()] == [60]
    window.commands.imports_changed.emit(())
    assert not second.isVisible()


def test_a_long_file_name_leaves_the_list_as_wide_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    window.library.resize(300, 500)
    wide = window.library.minimumSizeHint().width()
    window.commands.imports_changed.emit((Import(1, "what was said " * 20 + ".mp3", 0.1),))
    line = window.library.findChild(OneLine)
    assert line
    wait_for(qtbot, lambda: line.text().endswith("…"))
    assert window.library.minimumSizeHint().width() == wide
    assert line.toolTip().endswith(".mp3”")


# --- lanes -----------------------------------------------------------------------------------------


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What waits for it is held up until the test, or its end, opens it."""
    event = threading.Event()
    yield event
    event.set()


def test_a_pause_does_not_wait_for_imports(
    window: MainWindow, qtbot: QtBot, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        "core.meetings.pause_recording", lambda _library, one, paused: told.append((one, paused))
    )
    for _ in range(Lane.IO.value[1]):
        window.commands._ask(lambda _library: gate.wait(), lane=Lane.IO)
    window.commands._tasks.start(_until(gate), lane=Lane.RECORD)
    window.commands.recording = Recording(MeetingId("a"), 1.0, 0.0, ())
    window.commands.pause_recording(paused=True)
    wait_for(qtbot, lambda: told == [("a", True)], 5)
    gate.set()


def _until(gate: threading.Event) -> Job[None]:
    gate.wait()
    yield from ()


def test_an_edit_does_not_wait_for_repairs(
    finished: MeetingId,
    store: Store,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.meetings.recover", lambda _library: (gate.wait(), ())[1])
    window = open_the_window(wait=False)
    wait_for(qtbot, lambda: titles(window) == ["Release"])
    window.commands.rename(finished, "Spring release")
    wait_for(qtbot, lambda: store.meeting(finished).title == "Spring release", 5)
    gate.set()
    wait_for(qtbot, window.actions_.import_files.isEnabled)


def test_an_edit_before_the_library_is_open_is_kept(
    finished: MeetingId,
    store: Store,
    open_the_window: OpenWindow,
    qtbot: QtBot,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logs, "start", lambda *_: gate.wait())  # the first thing that opening does
    window = open_the_window(wait=False)
    # The list is read without opening all.
    wait_for(qtbot, lambda: titles(window) == ["Release"])
    window.commands.rename(finished, "Spring release")
    assert store.meeting(finished).title == "Release"
    gate.set()
    wait_for(qtbot, lambda: store.meeting(finished).title == "Spring release", 5)
    wait_for(qtbot, window.actions_.import_files.isEnabled)


def test_what_another_program_works_on_is_taken_up_later(
    page: MainWindow,
    store: Store,
    places: paths.Folders,
    finished: MeetingId,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asked_of_meetings, "HELD_SECONDS", 0.5)
    said: list[str] = []
    page.commands.said.connect(lambda text, _undo: said.append(text))
    tries: list[object] = []
    page.commands.activity_changed.connect(lambda _id, activity: tries.append(activity) if activity else None)
    before = store.minutes(finished)
    lock = locks.take(locks.path_of(places.locks, finished, Stage.SUMMARISE))
    assert lock
    try:
        page.actions_.minutes_offline.trigger()
        wait_for(qtbot, lambda: len(tries) >= 2)
        assert len([text for text in said if "is being worked on by another" in text]) == 1
    finally:
        lock.release()
    wait_for(qtbot, lambda: before and (now := store.minutes(finished)) and now.id != before.id)
    wait_for(qtbot, lambda: not page.commands._held)


# --- stop and carry on -----------------------------------------------------------------------------


def test_text_that_is_stored_while_a_page_is_read_is_shown(
    page: MainWindow,
    store: Store,
    finished: MeetingId,
    qtbot: QtBot,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meeting_id = store.add_meeting("Growing", datetime.now(UTC), Source.IMPORT, duration=30.0)
    transcript = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    read, was_read = pages.page, threading.Event()

    def slowly(library: Library, *, meeting_id: MeetingId) -> commands.Page | None:
        known = read(library, meeting_id)
        was_read.set()
        gate.wait()
        return known

    monkeypatch.setattr(pages, "page", slowly)
    page.commands.show(meeting_id)
    task = page.commands._tasks.start(_until(gate), lane=Lane.COMPUTE, meeting_id=meeting_id)
    wait_for(qtbot, was_read.is_set)
    stored = store.add_segments(transcript, [Segment(0.0, 8.0, SPOKEN[0])], Place(10.0), language="en")
    page.commands._on_event(task, SegmentsAdded(meeting_id, stored))
    gate.set()
    wait_for(qtbot, lambda: page.page.header.title.text() == "Growing")
    assert [page.page.transcript.segments.index(0).data()] == [SPOKEN[0]]


def test_text_comes_live_and_can_be_paused_and_goes_on(
    begun: MainWindow, qtbot: QtBot, decoder: Decoder
) -> None:
    assert "Transcribing" in sentences(begun.page)
    click(qtbot, button(begun.page, "Pause"))
    decoder.may_go.release()  # the step that was running ends
    wait_for(qtbot, lambda: "Paused at" in sentences(begun.page))
    row = begun.library.model.newest()
    assert row.data(Role.STATE).text.startswith("Paused at")
    reached = begun.page.transcript.segments.rowCount() * 10.0
    click(qtbot, button(begun.page, "Go on"))
    decoder.may_go.release(3)
    wait_for(qtbot, lambda: "Decisions" in sentences(begun.page) or row.data(Role.MEETING).has_minutes)
    assert decoder.starts == [0.0, reached]
    assert begun.page.transcript.segments.rowCount() == 3


def test_what_was_not_finished_goes_on_at_the_next_start(
    begun: MainWindow, qtbot: QtBot, decoder: Decoder, open_the_window: OpenWindow
) -> None:
    begun.close()
    for task in begun.commands._tasks.alive():
        begun.commands._tasks.stop(task)
    decoder.may_go.release()  # the step that was running ends, and no other begins
    assert begun.commands.close(20)
    again = open_the_window()
    decoder.may_go.release(3)
    wait_for(
        qtbot, lambda: (meeting := again.library.model.newest().data(Role.MEETING)) and meeting.has_minutes
    )
    assert decoder.starts[1] > 0


def test_a_failed_stage_says_why_and_can_be_tried_again(
    window: MainWindow, qtbot: QtBot, decoder: Decoder
) -> None:
    window.commands.change_settings(spoken_language="fr")
    click(qtbot, button(window, "Try the sample meeting"))
    wait_for(qtbot, lambda: "does not understand French. Add a model" in sentences(window.page))
    state = window.library.model.newest().data(Role.STATE)
    assert (state.tone, state.text) == ("danger", "The speech model “tiny.en” does not understand French.")
    window.commands.change_settings(spoken_language="en")
    decoder.may_go.release(3)
    click(qtbot, button(window.page, "Try again"))
    wait_for(qtbot, lambda: window.library.model.newest().data(Role.MEETING).has_minutes)


def test_a_fault_of_ours_shows_a_sentence_with_details_and_no_trace(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Listener:
        raise ZeroDivisionError("of a test")

    monkeypatch.setattr(speech, "Listener", broken)
    click(qtbot, button(window, "Try the sample meeting"))
    wait_for(qtbot, lambda: "Something went wrong in the program itself." in sentences(window.problems))
    wait_for(qtbot, lambda: "Something went wrong in the program itself." in sentences(window.page))
    assert "Traceback" not in sentences(window)
    click(qtbot, button(window.problems, "Copy details"))
    assert "ZeroDivisionError: of a test" in QGuiApplication.clipboard().text()
    assert button(window.page, "Try again")


def test_a_fault_in_the_window_is_told_once(window: MainWindow, qtbot: QtBot) -> None:
    hook = telling(window.commands)

    def faulty(divisor: int) -> None:
        try:
            print(1 / divisor)
        except ZeroDivisionError as error:
            hook(type(error), error, error.__traceback__)

    for _ in range(2):
        faulty(0)
    closing = [
        one
        for one in window.problems.findChildren(QPushButton)
        if one.accessibleName() == "Close this message"
    ]
    assert len(closing) == 1
    assert "Something went wrong in the program itself." in sentences(window.problems)
    click(qtbot, button(window.problems, "Copy details"))
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()


def test_minutes_that_are_made_in_parts_say_which(
    page: MainWindow, qtbot: QtBot, gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    def summarise(_library: Library, _meeting_id: MeetingId) -> Job[None]:
        while not gate.wait(0.02):
            yield Progress(Stage.SUMMARISE, 0.2, part=2, parts=5)

    monkeypatch.setattr("core.meetings.summarise", summarise)
    page.actions_.minutes_offline.trigger()
    wait_for(qtbot, lambda: "Writing minutes 20% · part 2 of 5" in sentences(page.page))
    click(qtbot, button(page.page, "Pause"))
    wait_for(qtbot, lambda: "Go on" in [one.text() for one in page.page.findChildren(QPushButton)])


# --- edits -----------------------------------------------------------------------------------------


def test_the_title_is_changed_in_place(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    title = page.page.header.title
    page.library.list.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, title.hasFocus)
    qtbot.keyClicks(title, "Spring release")
    qtbot.keyClick(title, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: titles(page) == [title.text()] == ["Spring release"])
    assert page.library.list.hasFocus()
    assert store.meeting(finished).title == "Spring release"
    page.actions_.rename.trigger()
    qtbot.keyClicks(title, "never mind")
    qtbot.keyClick(title, Qt.Key.Key_Escape)
    assert title.text() == "Spring release"


def test_an_action_item_is_ticked(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> None:
    assert "Daniel · Fri, Mar 13, 2026" in sentences(page.page.summary)
    assert "Not found in the transcript" in sentences(page.page.summary)
    box = page.page.summary.findChild(QCheckBox)
    assert box
    click_at = QPoint(8, box.height() // 2)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=click_at)
    wait_for(qtbot, lambda: is_done(minutes_of(store, finished)))
    store.tick(finished, minutes_of(store, finished).of(Section.ACTION_ITEMS)[0].id, done=False)
    wait_for(qtbot, lambda: not box.isChecked())
    assert box.isVisible()


def test_a_tick_keeps_the_focus(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> None:
    box = page.page.summary.findChild(QCheckBox)
    assert box
    box.setFocus()
    read: list[commands.Page] = []
    page.commands.page_read.connect(read.append)
    qtbot.keyClick(box, Qt.Key.Key_Space)
    wait_for(qtbot, lambda: any(one.minutes and is_done(one.minutes) for one in read))
    assert QApplication.focusWidget() is box


def test_a_segment_is_corrected_by_keys(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    view = page.page.transcript
    wait_for(qtbot, view.isVisible)
    view.setCurrentIndex(view.segments.index(1))

    def write(text: str, last: Qt.Key) -> None:
        qtbot.keyClick(view, Qt.Key.Key_F2)
        editor = view.findChild(QTextEdit)
        assert editor
        editor.selectAll()
        qtbot.keyClicks(editor, text)
        qtbot.keyClick(editor, last)
        wait_for(qtbot, lambda: view.findChild(QTextEdit) is None)

    write("not this", Qt.Key.Key_Escape)
    assert view.segments.index(1).data() == SPOKEN[1]
    write("Daniela sends the report.", Qt.Key.Key_Return)
    assert view.segments.index(1).data() == "Daniela sends the report."

    def stored() -> Segment:
        transcript = store.transcript(finished)
        assert transcript
        return transcript.segments[1]

    wait_for(qtbot, lambda: stored().edited)
    assert stored().text == "Daniela sends the report."


def test_transcribing_again_makes_a_new_version_and_keeps_corrections(
    begun: MainWindow, qtbot: QtBot, decoder: Decoder, store: Store
) -> None:
    decoder.may_go.release(2)
    row = begun.library.model.newest()
    wait_for(qtbot, lambda: row.data(Role.MEETING).has_minutes)
    meeting_id = row.data(Role.MEETING).id
    first = store.transcript(meeting_id)
    assert first
    begun.commands.edit_segment(meeting_id, first.segments[1].id, "As I heard it")
    begun.commands.change_settings(spoken_language="en")
    begun.actions_.transcribe.trigger()
    decoder.may_go.release(3)

    def again() -> bool:
        now = store.transcript(meeting_id)
        return bool(now and now.id != first.id and now.complete)

    wait_for(qtbot, again)
    shown = begun.page.transcript.segments
    wait_for(qtbot, lambda: not begun.commands._tasks.alive())
    assert rows(shown) == [SPOKEN[0], "As I heard it", SPOKEN[2]]


def test_an_edit_made_just_before_quitting_is_kept(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    page.commands.rename(finished, "Last words")
    page.close()
    assert page.commands.close(20)
    assert store.meeting(finished).title == "Last words"


def test_a_meeting_that_is_being_recorded_cannot_be_moved_to_the_bin(
    page: MainWindow, store: Store, finished: MeetingId
) -> None:
    assert page.actions_.delete.isEnabled()
    meeting = dataclasses.replace(store.meeting(finished), recording_open=True)
    page.commands.meeting_changed.emit(meeting)
    assert not page.actions_.delete.isEnabled()
    assert page.actions_.rename.isEnabled()


def test_deleting_can_be_undone(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> None:
    page.actions_.delete.trigger()
    wait_for(qtbot, lambda: titles(page) == [])
    assert "Record a meeting or import one" in sentences(page)
    assert [meeting.id for meeting in store.meetings(binned=True)] == [finished]
    click(qtbot, button(page.toast, "Undo"))
    wait_for(qtbot, lambda: titles(page) == ["Release"])
    wait_for(qtbot, lambda: "Move the release" in sentences(page.page))


def test_a_title_with_dots_is_exported_whole_and_replaces_nothing_unasked(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, tmp_path: Path
) -> None:
    page.commands.change_settings(export_folder=str(tmp_path))
    page.commands.rename(finished, "Release 2.1")
    wait_for(qtbot, lambda: page.page.header.title.text() == "Release 2.1")
    other = tmp_path / "Release 2.md"
    other.write_text("of somebody else")

    page.actions_.markdown.trigger()
    wait_for(qtbot, lambda: page.page.findChild(QFileDialog))
    name = page.page.findChild(QFileDialog).findChild(QLineEdit, "fileNameEdit")  # type: ignore[union-attr]
    assert name
    assert name.text() == "Release 2.1.md"
    qtbot.keyClick(name, Qt.Key.Key_Return)
    exported = tmp_path / "Release 2.1.md"
    wait_for(qtbot, exported.exists)
    wait_for(qtbot, lambda: page.page.findChild(QFileDialog) is None)

    exported.write_text("mine by now")
    for answer, kept in (("Leave it", True), ("Replace it", False)):
        page.actions_.markdown.trigger()
        choose_in_dialog(qtbot, page, tmp_path / "Release 2.1")
        wait_for(qtbot, lambda: page.page.findChild(ReplaceFile))
        question = page.page.findChild(ReplaceFile)
        assert question
        assert exported.read_text() == "mine by now"
        click(qtbot, button(question, answer))
        wait_for(qtbot, lambda: page.page.findChild(ReplaceFile) is None)
        wait_for(qtbot, lambda: (exported.read_text() == "mine by now") is kept)  # noqa: B023
    assert other.read_text() == "of somebody else"
    assert sorted(file.name for file in tmp_path.glob("*.md")) == ["Release 2.1.md", "Release 2.md"]


def test_copying_puts_markdown_on_the_clipboard(page: MainWindow, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().clear()
    page.actions_.copy.trigger()
    wait_for(qtbot, lambda: "Move the release to April" in QGuiApplication.clipboard().text())
    assert not list(page.commands.places.exports.iterdir())


def test_minutes_are_made_again(page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot) -> None:
    before = store.minutes(finished)
    assert not page.actions_.minutes_mistral.isEnabled()
    page.actions_.minutes_offline.trigger()
    wait_for(qtbot, lambda: before and (now := store.minutes(finished)) and now.id != before.id)


def test_changes_of_another_program_are_shown(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    store.rename(finished, "Renamed elsewhere")
    wait_for(qtbot, lambda: titles(page) == ["Renamed elsewhere"])
    wait_for(qtbot, lambda: page.page.header.title.text() == "Renamed elsewhere")


# --- the window itself -----------------------------------------------------------------------------


def test_a_library_from_the_future_is_explained(
    store: Store, places: paths.Folders, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    import sqlite3

    with sqlite3.connect(places.database) as database:
        database.execute("UPDATE alembic_version SET version_num='9999'")
    database.close()
    window = open_the_window(wait=False)
    wait_for(qtbot, lambda: "was made by a newer version" in sentences(window))
    assert not window.actions_.import_files.isEnabled()
    assert "LibraryFromFuture" in (places.logs / logs.FILE).read_text(encoding="utf-8")
    with sqlite3.connect(places.database) as database:
        database.execute("UPDATE alembic_version SET version_num=?", (schema.NEWEST,))
    database.close()
    click(qtbot, button(window, "Try again"))
    wait_for(qtbot, window.actions_.import_files.isEnabled)


def test_the_size_is_remembered(open_the_window: OpenWindow) -> None:
    first = open_the_window()
    # Without a screen there are 800 pixels, so that only a height can be told from the smallest one.
    first.resize(first.width(), 620)
    first.close()
    assert first.commands.close(20)
    assert open_the_window().height() == 620


def test_every_action_is_in_a_menu_and_says_what_it_does(window: MainWindow) -> None:
    def offered(menu: QWidget) -> Iterator[QAction]:
        for action in menu.actions():
            inner = action.menu()
            if isinstance(inner, QMenu):
                yield from offered(inner)
            else:
                yield action

    in_menus = set(offered(window.menuBar()))
    of_window = {action for action in window.actions() if action.text()}
    assert len(of_window) > 20
    assert of_window <= in_menus
    assert all(action.toolTip() and action.toolTip() != action.text() for action in of_window)
    keys = [action.shortcut().toString() for action in of_window if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))


def test_everything_is_reached_by_tab(page: MainWindow, qtbot: QtBot) -> None:
    page.activateWindow()
    page.library.list.setFocus()
    reached: set[QWidget] = set()
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is None or focus in reached:
            break
        reached.add(focus)
        assert focus.property("ring") is True
    QTest.mouseClick(page.windowHandle(), LEFT, pos=QPoint(page.width() - 5, 5))
    page.page.header.star.setFocus()  # as what a click has opened takes it
    assert not page.page.header.star.property("ring")
    names = {one.accessibleName() or getattr(one, "text", str)() for one in reached}
    assert {"Record", "Import…", "Settings…", "Title", "Export", "More"} <= names
    assert any(isinstance(one, QCheckBox) for one in reached)


def test_quitting_in_the_middle_of_a_step_is_quick(begun: MainWindow, qtbot: QtBot, decoder: Decoder) -> None:
    wait_for(qtbot, lambda: decoder.asked == 2)
    began = time.monotonic()
    begun.close()
    assert not begun.commands.close(0.5)
    assert time.monotonic() - began < 1.5
    decoder.may_go.release(100)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_the_meeting_and_its_part_that_were_shown_last_come_first(
    page: MainWindow, store: Store, finished: MeetingId, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    newer = store.add_meeting("Newer", datetime.now(UTC), Source.IMPORT)
    page.actions_.transcript.trigger()
    page.leave()
    assert page.commands.close(30)
    again = open_the_window()
    wait_for(qtbot, lambda: again.page.header.title.text() == "Release")
    assert again.page.tabs.tabText(again.page.tabs.currentIndex()) == "Transcript"
    # Only the first time: another meeting begins with its own first part.
    again.commands.show(newer)
    wait_for(qtbot, lambda: again.page.header.title.text() == "Newer")
    again.commands.show(finished)
    wait_for(qtbot, lambda: again.page.header.title.text() == "Release")
    assert again.page.tabs.tabText(again.page.tabs.currentIndex()) == "Summary"
