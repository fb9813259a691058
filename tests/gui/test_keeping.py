"""What a person is writing is kept, in the meeting that it belongs to, wherever the page turns meanwhile."""

from __future__ import annotations

import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QSessionManager
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from core import errors, settings
from core.store import Store
from core.values import MeetingId, Place, Segment, Source, TranscriptOptions, Unkept
from desktop.views.leaving import Unstored
from desktop.views.line_editor import LineEditor
from desktop.views.main_window import MainWindow
from desktop.views.segment_editor import Editor
from desktop.views.settings.dialog import SettingsDialog
from desktop.views.settings.exports import ExportPage
from desktop.views.settings.transcription import TranscriptionPage
from desktop.views.speaker_row import NameField
from tests.gui.conftest import OpenWindow, ScriptedRecording
from tests.gui.decoder import SPOKEN, Decoder
from tests.gui.hands import LEFT, button, click, drop, sentences, wait_for

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def other(store: Store, finished: MeetingId) -> MeetingId:
    """An older meeting without text."""
    return store.add_meeting("Stand-up", datetime(2026, 3, 9, 9, tzinfo=UTC), Source.IMPORT, duration=5.0)


@pytest.fixture
def page(other: MeetingId, page: MainWindow) -> MainWindow:
    """The window on the finished meeting, with another one in the list."""
    return page


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "Noise.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16_000 * 2))
    return path


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found
    return found


def line(window: MainWindow, text: str) -> QLabel:
    return next(one for one in window.page.summary.findChildren(QLabel) if one.accessibleName() == text)


def write_in_line(qtbot: QtBot, window: MainWindow, old: str, new: str) -> None:
    qtbot.mouseDClick(line(window, old), LEFT)
    qtbot.keyClicks(focus(), new)


def write_in_segment(qtbot: QtBot, window: MainWindow, row: int, new: str) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    view = window.page.transcript
    view.setCurrentIndex(view.segments.index(row))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClicks(focus(), new)


def open_in_list(qtbot: QtBot, window: MainWindow, meeting_id: MeetingId) -> None:
    view = window.library.list
    spot = view.visualRect(window.library.model.index_of(meeting_id)).center()
    qtbot.mouseClick(view.viewport(), LEFT, pos=spot)
    wait_for(qtbot, lambda: window.page._meeting and window.page._meeting.id == meeting_id)


def decided(store: Store, meeting_id: MeetingId) -> list[str]:
    minutes = store.minutes(meeting_id)
    assert minutes
    return [one.text for one in minutes.lines]


def said(store: Store, meeting_id: MeetingId) -> list[str]:
    text = store.transcript(meeting_id)
    assert text
    return [one.text for one in text.segments]


# --- lines of the minutes ----------------------------------------------------------------------------


def test_a_line_is_kept_when_another_one_is_begun_and_both_when_the_page_turns(
    page: MainWindow, store: Store, finished: MeetingId, other: MeetingId, qtbot: QtBot
) -> None:
    write_in_line(qtbot, page, "Move the release to April", "Move it to May")
    write_in_line(qtbot, page, "The budget is 40,000", "The budget is 50")
    wait_for(qtbot, lambda: "Move it to May" in decided(store, finished))
    # The first one is shown as it is now, the second one goes on being written.
    wait_for(qtbot, lambda: "Move it to May" in sentences(page.page.summary))
    qtbot.keyClicks(focus(), ",000")
    assert len([one for one in page.page.summary.findChildren(LineEditor) if one.isVisible()]) == 1
    open_in_list(qtbot, page, other)
    wait_for(qtbot, lambda: decided(store, finished)[2] == "The budget is 50,000")
    assert decided(store, finished)[:2] == ["Move it to May", "Send the test report"]


def test_a_line_is_kept_when_the_window_closes(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    write_in_line(qtbot, page, "Move the release to April", "Move it to May")
    page.close()
    assert page.commands.close(20)
    assert decided(store, finished)[0] == "Move it to May"


def test_a_line_is_written_on_in_minutes_that_were_made_anew(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    write_in_line(qtbot, page, "The budget is 40,000", "The budget is 50")
    before = store.minutes(finished)
    assert before
    page.commands.make_minutes(finished, provider="offline")
    wait_for(qtbot, lambda: page.page._minutes and page.page._minutes.id != before.id)
    qtbot.keyClicks(focus(), ",000")
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "The budget is 50,000" in decided(store, finished))
    # Neither the keyboard nor what was written falls to what is beside the minutes.
    assert focus() is page.page.summary or page.page.summary.isAncestorOf(focus())


# --- an import that ends -----------------------------------------------------------------------------


def test_an_import_that_ends_does_not_turn_the_page_of_who_is_writing(
    page: MainWindow, store: Store, finished: MeetingId, noise: Path, decoder: Decoder, qtbot: QtBot
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_T, CTRL)
    handle = page.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_M)
    drop(page, noise)
    wait_for(qtbot, lambda: "“Noise” was imported" in sentences(page.toast))
    assert page.page.header.title.text() == "m"
    QTest.keyClick(handle, Qt.Key.Key_E)
    QTest.keyClick(handle, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(finished).title == "me")
    click(qtbot, button(page.toast, "Open"))
    wait_for(qtbot, lambda: page.page.header.title.text() == "Noise")
    decoder.may_go.release(10)


def test_an_import_that_ends_is_shown_to_who_waits_for_it(
    page: MainWindow, noise: Path, decoder: Decoder, qtbot: QtBot
) -> None:
    QTest.mouseClick(page.windowHandle(), LEFT, pos=QPoint(2, 2))  # before the file was dropped
    drop(page, noise)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Noise")
    decoder.may_go.release(10)


# --- whatever turns the page -------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["title", "segment", "line", "tags", "participants"])
def test_what_is_written_stays_with_its_meeting_when_a_notification_opens_another(
    page: MainWindow, store: Store, finished: MeetingId, other: MeetingId, part: str, qtbot: QtBot
) -> None:
    if part == "title":
        qtbot.keyClick(page, Qt.Key.Key_T, CTRL)
        qtbot.keyClicks(focus(), "Mine")
    elif part == "segment":
        write_in_segment(qtbot, page, 0, " Mine")
    elif part == "line":
        write_in_line(qtbot, page, "Move the release to April", "Mine")
    elif part == "tags":
        page.actions_.tags.trigger()
        qtbot.keyClicks(focus(), "mine")
    else:
        page.actions_.speakers.trigger()
        page.page.speakers.show_part()
        page.page.speakers.participants.setFocus()
        qtbot.keyClicks(focus(), "Mine")
    page.tray.meeting_wanted.emit(other)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Stand-up")
    pressed: list[bool] = []
    page.actions_.record.triggered.connect(pressed.append)
    # What is typed on goes nowhere: into no field of the other meeting, and onto no button.
    assert not isinstance(focus(), (QLineEdit, Editor))
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_X)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_Space)
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_Return)
    kept = {
        "title": lambda: store.meeting(finished).title == "Mine",
        "segment": lambda: said(store, finished)[0].endswith(" Mine"),
        "line": lambda: decided(store, finished)[0] == "Mine",
        "tags": lambda: store.meeting(finished).tags == ("mine",),
        "participants": lambda: store.meeting(finished).participants == ("Mine",),
    }
    wait_for(qtbot, kept[part])
    assert pressed == []
    assert (store.meeting(other).title, store.meeting(other).tags) == ("Stand-up", ())


def test_a_title_is_kept_when_a_recording_begins_and_not_typed_into_its_title(
    scripted: ScriptedRecording, page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_T, CTRL)
    qtbot.keyClicks(focus(), "Mine")
    qtbot.keyClick(page, Qt.Key.Key_R, CTRL)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Scripted")
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_X)
    wait_for(qtbot, lambda: store.meeting(finished).title == "Mine")
    assert page.page.header.title.text() == "Scripted"
    page.commands.stop_recording()
    wait_for(qtbot, lambda: page.commands.recording is None)


def test_a_question_that_is_begun_waits_in_its_meeting(
    page: MainWindow, finished: MeetingId, other: MeetingId, qtbot: QtBot
) -> None:
    page.actions_.questions.trigger()
    qtbot.keyClicks(focus(), "Who decides")
    open_in_list(qtbot, page, other)
    assert page.page.questions.field.text() == ""
    open_in_list(qtbot, page, finished)
    assert page.page.questions.field.text() == "Who decides"


# --- the program dies, the disk is full, the text is made anew ------------------------------------------------------


@pytest.mark.parametrize("part", ["title", "tags", "participants", "segment", "line"])
def test_what_is_being_written_is_on_disk_until_it_is_kept_or_left(
    page: MainWindow, store: Store, finished: MeetingId, part: str, qtbot: QtBot
) -> None:
    def begin() -> None:
        if part == "title":
            qtbot.keyClick(page, Qt.Key.Key_T, CTRL)
            qtbot.keyClicks(focus(), "Mine")
        elif part == "segment":
            write_in_segment(qtbot, page, 0, " Mine")
        elif part == "tags":
            page.actions_.tags.trigger()
            qtbot.keyClicks(focus(), "Mine")
        elif part == "participants":
            page.actions_.speakers.trigger()
            page.page.speakers.show_part()
            page.page.speakers.participants.setFocus()
            qtbot.keyClicks(focus(), "Mine")
        else:
            page.actions_.summary.trigger()
            write_in_line(qtbot, page, "Move the release to April", "Mine")

    for end in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        begin()
        wait_for(qtbot, lambda: (found := store.unkept()) and found[0].texts[0].endswith("Mine"))
        (found,) = store.unkept()
        assert (found.meeting_id, found.field) == (finished, part)
        qtbot.keyClick(focus(), end)
        wait_for(qtbot, lambda: store.unkept() == ())


def test_a_killed_program_opens_again_where_the_person_was_writing(
    store: Store, finished: MeetingId, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    old = store.add_meeting("Stand-up", datetime(2026, 3, 9, 9, tzinfo=UTC), Source.IMPORT, duration=5.0)
    store.keep_unkept(Unkept(old, "title", 0, ("Stand-up of the te",)))
    window = open_the_window()
    title = window.page.header.title
    wait_for(qtbot, lambda: title.text() == "Stand-up of the te")
    assert "This was not kept. Enter keeps it, Esc leaves it." in sentences(window.toast)
    qtbot.keyClicks(focus(), "am")
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(old).title == "Stand-up of the team")
    wait_for(qtbot, lambda: store.unkept() == ())


@pytest.mark.parametrize("new", [False, True])
@pytest.mark.parametrize("part", ["segment", "line"])
def test_a_killed_program_opens_the_field_again(
    store: Store, finished: MeetingId, open_the_window: OpenWindow, part: str, new: bool, qtbot: QtBot
) -> None:
    text, minutes = store.transcript(finished), store.minutes(finished)
    assert text
    assert minutes
    if part == "segment":
        unkept = Unkept(finished, part, -text.segments[0].id if new else text.segments[0].id, ("Mine",))
    else:
        unkept = Unkept(
            finished, part, 0 if new else minutes.lines[0].id, ("Mine", "", "", "decisions", "decisions")
        )
    store.keep_unkept(unkept)
    window = open_the_window()
    wait_for(qtbot, lambda: isinstance(focus(), (Editor, QPlainTextEdit)))
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.unkept() == ())
    now = said if part == "segment" else decided
    wait_for(
        qtbot, lambda: now(store, finished).index("Mine") >= 0 if "Mine" in now(store, finished) else False
    )
    assert len(now(store, finished)) == 3 + new
    assert window.page.transcript.isVisible() == (part == "segment")


def test_a_killed_program_has_the_name_and_the_questions_that_were_begun(
    store: Store, finished: MeetingId, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    text = store.transcript(finished)
    assert text
    ana = store.add_speaker(finished, "Ana")
    store.set_speaker(finished, [text.segments[0].id], ana.id)
    store.keep_unkept(
        Unkept(finished, "question", 0, ("Who deci",)),
        Unkept(finished, "question", 1, ("When did",)),
        Unkept(finished, "speaker", ana.id, ("Ana Ma",)),
    )
    window = open_the_window()
    wait_for(qtbot, lambda: isinstance(focus(), NameField))
    qtbot.keyClicks(focus(), "ria")
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.speakers(finished)[0].name == "Ana Maria")
    # The questions stay begun until they are asked.
    wait_for(qtbot, lambda: [one.texts[0] for one in store.unkept()] == ["Who deci", "When did"])
    window.actions_.questions.trigger()
    assert window.page.questions.field.text() == "Who deci"
    qtbot.keyClicks(window.page.questions.field, "des")
    wait_for(qtbot, lambda: "Who decides" in [one.texts[0] for one in store.unkept()])
    qtbot.keyClick(window.page.questions.field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: [one.texts[0] for one in store.unkept()] == ["When did"])
    window.actions_.ask_all.trigger()
    assert window.questions.field.text() == "When did"


def test_a_correction_that_cannot_be_stored_stays_open_and_says_so(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise errors.DiskFull("meetings.db")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "change_segments", full)
        write_in_segment(qtbot, page, 1, " Mine")
        qtbot.keyClick(focus(), Qt.Key.Key_Return)
        wait_for(qtbot, lambda: "is full" in sentences(page.problems))
        wait_for(qtbot, lambda: isinstance(focus(), Editor))
    field = focus()
    assert isinstance(field, Editor)
    wait_for(qtbot, lambda: not page.commands._busy())
    assert field.toPlainText() == f"{SPOKEN[1]} Mine"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: said(store, finished)[1] == f"{SPOKEN[1]} Mine")


class Session:
    """Stands in for a session of the desktop that ends: what the program told it."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def allowsInteraction(self) -> bool:
        return True

    def release(self) -> None:
        self.told.append("release")

    def cancel(self) -> None:
        self.told.append("cancel")


def test_the_program_does_not_end_without_a_word_where_what_was_written_cannot_be_stored(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise errors.DiskFull("meetings.db")

    left: list[bool] = []
    page.left.connect(lambda: left.append(True))
    with monkeypatch.context() as patched:
        patched.setattr(Store, "set_tags", full)
        page.actions_.tags.trigger()
        qtbot.keyClicks(focus(), "mine")
        assert not page.close()
        wait_for(qtbot, lambda: page.findChild(Unstored))
        question = page.findChild(Unstored)
        assert question
        assert "is full" in sentences(question)
        click(qtbot, button(question, "Go back"))
        wait_for(qtbot, lambda: page.findChild(Unstored) is None)
        wait_for(qtbot, page.page.header.tags.input.isVisible)
        assert page.page.header.tags.input.text().strip() == "#mine"
        # Asked again as long as it is so, also before the library goes to another folder.
        stayed: list[bool] = []
        page.leaving.end(lambda: left.append(True), lambda: stayed.append(True))
        wait_for(qtbot, lambda: page.findChild(Unstored))
        question = page.findChild(Unstored)
        assert question
        click(qtbot, button(question, "Go back"))
        wait_for(qtbot, lambda: page.findChild(Unstored) is None)
        assert stayed == [True]
        wait_for(qtbot, page.page.header.tags.input.isVisible)
        # And where the session ends, as long as somebody can be asked.
        patched.setattr(Unstored, "exec", lambda _question: QDialog.DialogCode.Rejected)
        session = Session()
        page.leaving.end_session(cast("QSessionManager", session))
        assert session.told == ["release", "cancel"]
    wait_for(qtbot, page.page.header.tags.input.isVisible)
    assert not left
    page.leaving.end_session(cast("QSessionManager", Session()))
    assert left
    assert store.meeting(finished).tags == ("mine",)  # before the system ends the program
    assert page.commands.close(20)
    assert store.meeting(finished).tags == ("mine",)


def test_what_is_half_written_in_the_settings_is_kept_when_the_session_ends(
    page: MainWindow, store: Store, qtbot: QtBot
) -> None:
    dialog = SettingsDialog(page.commands, page, ExportPage)
    dialog.open()
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    words = dialog.page(TranscriptionPage).vocabulary.words
    wait_for(qtbot, words.isEnabled)
    words.insertPlainText("Ana Kov")
    name = dialog.page(ExportPage).name
    name.setFocus()
    name.selectAll()
    qtbot.keyClicks(name, "{title} of")
    page.leaving.end_session(cast("QSessionManager", Session()))
    assert settings.load(page.commands.places.settings).export_name == "{title} of"
    assert store.vocabulary("") == ("Ana Kov",)


def test_what_can_be_written_nowhere_any_more_is_shown(
    page: MainWindow, finished: MeetingId, qtbot: QtBot
) -> None:
    page.commands.edit_segment(finished, 99, "As I heard it")
    wait_for(qtbot, lambda: "What you wrote was not kept: “As I heard it”" in sentences(page.problems))


def test_a_correction_goes_on_in_a_text_that_was_made_anew(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    write_in_segment(qtbot, page, 1, " Mi")
    begun = store.begin_transcript(finished, TranscriptOptions(model="x"), "en")
    anew = [Segment(10.0 * place, 10.0 * place + 8, f"{text} (anew)") for place, text in enumerate(SPOKEN)]
    store.add_segments(begun, anew, Place(30.0), language="en")
    store.complete_transcript(begun)
    wait_for(qtbot, lambda: page.page.transcript.segments.index(0).data().endswith("(anew)"))
    qtbot.keyClicks(focus(), "ne")
    qtbot.keyClick(focus(), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: said(store, finished)[1] == f"{SPOKEN[1]} Mine")
    assert said(store, finished)[0] == f"{SPOKEN[0]} (anew)"
