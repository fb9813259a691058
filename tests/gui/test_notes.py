"""What is typed into a note is on the disk within a second, whatever becomes of the window."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core import paths
from core.store import Store
from core.values import MeetingId, Note, Recording
from desktop.commands import Draft, Page
from desktop.views.main_window import MainWindow
from desktop.views.note_field import NoteField
from desktop.views.notes_view import NotesView
from desktop.views.soon import KEEP_MILLISECONDS
from tests.gui.hands import LEFT, button, click, wait_for

MEETING = MeetingId("a")


class Scripted:
    """Commands that note what they are asked for, and store a draft only when told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []
        self.draft = Draft(MeetingId(""), 0.0)

    def write_note(self, draft: Draft, text: str) -> None:
        if text != draft.text:
            self.asked.append(("write", draft.meeting_id, draft.at, text))
            self.draft, draft.text = draft, text

    def edit_note(self, meeting_id: str, note_id: int, text: str, *, goes_on: bool) -> None:
        self.asked.append(("edit on" if goes_on else "edit", meeting_id, note_id, text))

    def remove_note(self, meeting_id: str, note: Note) -> None:
        self.asked.append(("remove", meeting_id, note.id))


@pytest.fixture
def commands() -> Scripted:
    return Scripted()


@pytest.fixture
def second() -> list[float]:
    """The second that is being recorded, to change."""
    return [42.0]


@pytest.fixture
def view(commands: Scripted, second: list[float], qtbot: QtBot) -> NotesView:
    made = NotesView(commands, lambda: second[0])  # type: ignore[arg-type]
    qtbot.addWidget(made)
    made.show_notes(MEETING, ())
    made.show()
    made.activateWindow()
    return made


def fields(view: NotesView) -> list[NoteField]:
    return [one for one in view.findChildren(NoteField) if one is not view.input and one.isVisible()]


def texts(view: NotesView) -> list[str]:
    QApplication.processEvents()
    return [one.text() for one in fields(view)]


def test_a_note_is_kept_while_it_is_written_with_the_second_it_began(
    view: NotesView, commands: Scripted, second: list[float], qtbot: QtBot
) -> None:
    qtbot.keyClicks(view.input, "ask ")
    second[0] = 44.0
    assert commands.asked == []
    wait_for(qtbot, lambda: commands.asked == [("write", MEETING, 42.0, "ask")], 2)
    commands.draft.id = 7
    view.show_notes(MEETING, (Note(42.0, "ask", id=7),))
    assert texts(view) == []
    qtbot.keyClicks(view.input, "Marc")
    wait_for(qtbot, lambda: commands.asked[1:] == [("write", MEETING, 42.0, "ask Marc")], 2)
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    assert view.input.text() == ""
    assert texts(view) == ["ask Marc"]
    assert len(commands.asked) == 2
    qtbot.keyClicks(view.input, "next")
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    assert commands.asked[2:] == [("write", MEETING, 44.0, "next")]


def test_writing_on_without_a_rest_does_not_put_it_off(
    view: NotesView, commands: Scripted, qtbot: QtBot
) -> None:
    for _ in range(2 * KEEP_MILLISECONDS // 50):
        qtbot.keyClicks(view.input, "a")
        qtbot.wait(50)
    assert commands.asked


def test_what_is_typed_while_it_is_being_stored_follows(
    view: NotesView, commands: Scripted, qtbot: QtBot
) -> None:
    qtbot.keyClicks(view.input, "ask")
    wait_for(qtbot, lambda: commands.asked, 2)
    qtbot.keyClicks(view.input, " Marc")
    # Another meeting is shown before it is stored.
    view.show_notes(MeetingId("b"), ())
    assert commands.asked == [("write", MEETING, 42.0, "ask"), ("write", MEETING, 42.0, "ask Marc")]
    assert view.input.text() == ""


def test_a_note_that_is_emptied_is_none(view: NotesView, commands: Scripted, qtbot: QtBot) -> None:
    qtbot.keyClicks(view.input, "a")
    qtbot.keyClick(view.input, Qt.Key.Key_Backspace)
    qtbot.wait(KEEP_MILLISECONDS + 100)
    assert commands.asked == []
    qtbot.keyClicks(view.input, "b")
    wait_for(qtbot, lambda: commands.asked, 2)
    first = commands.draft
    qtbot.keyClick(view.input, Qt.Key.Key_Backspace)
    assert commands.asked[1:] == [("write", MEETING, 42.0, "")]
    qtbot.keyClicks(view.input, "c")
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    assert commands.asked[2:] == [("write", MEETING, 42.0, "c")]
    assert commands.draft is not first


@pytest.mark.parametrize("leave", ["other meeting", "hidden"])
def test_nothing_typed_is_left_behind(view: NotesView, commands: Scripted, qtbot: QtBot, leave: str) -> None:
    view.show_notes(MEETING, (Note(1.0, "old", id=1),))
    QApplication.processEvents()
    qtbot.keyClicks(view.input, "new")
    qtbot.keyClicks(fields(view)[0], "er")
    if leave == "hidden":
        view.hide()
    else:
        view.show_notes(MeetingId("b"), (Note(2.0, "other", id=2),))
    assert sorted(commands.asked) == [("edit", MEETING, 1, "older"), ("write", MEETING, 42.0, "new")]


def test_an_old_note_is_changed_as_one_types(view: NotesView, commands: Scripted, qtbot: QtBot) -> None:
    view.show_notes(MEETING, (Note(1.0, "ask", id=1),))
    QApplication.processEvents()
    field = fields(view)[0]
    qtbot.keyClicks(field, " Marc")
    wait_for(qtbot, lambda: commands.asked == [("edit", MEETING, 1, "ask Marc")], 2)
    # Read before the last keys: the person writes on undisturbed.
    qtbot.keyClicks(field, "us")
    view.show_notes(MEETING, (Note(1.0, "ask Marc", id=1),))
    assert field.text() == "ask Marcus"
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert commands.asked[1:] == [("edit on", MEETING, 1, "ask Marcus")]
    qtbot.keyClicks(field, "!")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert commands.asked[2:] == [("edit", MEETING, 1, "ask Marcus!")]


def test_taking_all_words_out_counts_when_the_line_is_left(
    view: NotesView, commands: Scripted, qtbot: QtBot
) -> None:
    view.show_notes(MEETING, (Note(1.0, "ask", id=1), Note(2.0, "", id=2, bookmark=True)))
    QApplication.processEvents()
    note, bookmark = fields(view)
    note.setFocus()
    note.selectAll()
    qtbot.keyClick(note, Qt.Key.Key_Backspace)
    qtbot.wait(KEEP_MILLISECONDS + 100)
    assert commands.asked == []
    qtbot.keyClick(note, Qt.Key.Key_Return)
    assert commands.asked == [("remove", MEETING, 1)]
    # A bookmark that was given words and lost them is a bookmark again.
    bookmark.setFocus()
    qtbot.keyClicks(bookmark, "here")
    wait_for(qtbot, lambda: commands.asked[1:] == [("edit", MEETING, 2, "here")], 2)
    bookmark.selectAll()
    qtbot.keyClick(bookmark, Qt.Key.Key_Backspace)
    qtbot.keyClick(bookmark, Qt.Key.Key_Return)
    assert commands.asked[2:] == [("edit on", MEETING, 2, "")]


def test_a_note_is_markdown_of_several_lines(view: NotesView, commands: Scripted, qtbot: QtBot) -> None:
    low = view.input.sizeHint().height()
    QApplication.clipboard().setText("## Risks\n- budget is late\n- **tester** missing")
    qtbot.keyClick(view.input, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(view.input, "- <b>who</b> ![asks](file:///etc/hostname)")
    assert view.input.sizeHint().height() > 2 * low
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    written = "## Risks\n- budget is late\n- **tester** missing\n- <b>who</b> ![asks](file:///etc/hostname)"
    assert commands.asked == [("write", MEETING, 42.0, written)]
    assert view.input.text() == ""
    commands.draft.id = 7
    view.show_notes(MEETING, (Note(42.0, written, id=7),))
    QApplication.processEvents()
    (field,) = fields(view)
    # Read, it is what it means; nothing that it names is fetched, and HTML is only text.
    assert field.toPlainText().splitlines()[:3] == ["Risks", "budget is late", "tester missing"]
    assert "<b>who</b>" in field.toPlainText()
    picture = QUrl("file:///etc/hostname")
    shown = field.document().resource(QTextDocument.ResourceType.ImageResource.value, picture)
    assert shown.size() == QSize(1, 1)
    # Written in, it is what was written.
    click(qtbot, field)
    wait_for(qtbot, field.hasFocus)
    assert field.toPlainText() == field.text() == written
    assert not field.currentCharFormat().font().bold()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, view.input.hasFocus)
    assert "**" not in field.toPlainText()
    assert field.text() == written
    assert len(commands.asked) == 1


def test_a_long_note_is_wrapped_and_all_of_it_seen(view: NotesView, qtbot: QtBot) -> None:
    view.resize(400, 600)
    view.show_notes(MEETING, (Note(1.0, "one line after the other " * 20, id=1),))
    (field,) = (one for one in view.findChildren(NoteField) if one is not view.input)
    wait_for(qtbot, lambda: field.height() > 4 * field.fontMetrics().height())
    assert field.verticalScrollBar().maximum() == 0
    assert field.horizontalScrollBar().maximum() == 0


@pytest.mark.qt_log_ignore("grabbing the keyboard", extend=True)
def test_links_are_opened_by_mouse_and_keyboard_and_nothing_else_of_a_note_is(
    view: NotesView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    text = "https://example.org/a?b=1&c=2 and [the plan](https://example.org/plan) or [a file](file:///etc/passwd)"
    view.show_notes(MEETING, (Note(1.0, text, 1),))
    view.resize(900, 600)
    wait_for(qtbot, lambda: fields(view))
    (field,) = fields(view)
    wait_for(qtbot, lambda: field.width() > 600)

    def at(words: str) -> QPoint:
        return field.cursorRect(field.document().find(words)).center() - QPoint(8, 0)

    for words in ("example.org", "the plan", "a file"):
        qtbot.mouseMove(field.viewport(), at(words))
        qtbot.mouseClick(field.viewport(), LEFT, pos=at(words))
    assert opened == ["https://example.org/a?b=1&c=2", "https://example.org/plan"]
    # What is no link to the outside is written in, like the rest of it.
    assert field.hasFocus()
    assert field.text() == text
    asked = QContextMenuEvent(
        QContextMenuEvent.Reason.Keyboard, QPoint(9, 9), field.mapToGlobal(QPoint(9, 9))
    )
    QApplication.sendEvent(field.viewport(), asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entries = [one for one in menu.actions() if one.text().startswith("Open ")]
    assert [one.text() for one in entries] == [
        "Open https://example.org/a?b=1&&c=2",
        "Open https://example.org/plan",
    ]
    entries[1].trigger()
    menu.close()
    assert opened[2:] == ["https://example.org/plan"]


# --- in the window, on the disk --------------------------------------------------------------------


def test_what_is_typed_is_in_the_store_before_enter(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    wait_for(qtbot, page.page.notes.input.hasFocus)
    for typed, kept in (("ask Marc", "ask Marc"), (" and Daniel", "ask Marc and Daniel")):
        qtbot.keyClicks(page.page.notes.input, typed)
        wait_for(qtbot, lambda kept=kept: [one.text for one in store.notes(finished)] == [kept], 5)  # type: ignore[misc]
    assert page.page.notes.input.text() == "ask Marc and Daniel"
    qtbot.keyClick(page.page.notes.input, Qt.Key.Key_Return)
    assert texts(page.page.notes) == ["ask Marc and Daniel"]
    click(qtbot, button(page.page.notes, "Remove this note"))
    wait_for(qtbot, lambda: store.notes(finished) == ())
    click(qtbot, button(page.toast, "Undo"))
    wait_for(qtbot, lambda: [one.text for one in store.notes(finished)] == ["ask Marc and Daniel"])


def test_what_is_written_in_a_note_outlasts_other_notes(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    first = store.add_note(finished, 5.0, "ask Marc")
    page.actions_.notes.trigger()
    view = page.page.notes

    wait_for(qtbot, lambda: texts(view) == ["ask Marc"])
    field = fields(view)[0]
    field.setFocus()
    qtbot.keyClicks(field, " again")
    before = store.add_note(finished, 2.0, "earlier")
    wait_for(qtbot, lambda: texts(view) == ["ask Marc again", "earlier"])
    assert QApplication.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "ask Marc again" in [note.text for note in store.notes(finished)])
    store.edit_note(finished, first.id, "ask Marie")
    store.remove_note(finished, before.id)
    wait_for(qtbot, lambda: texts(view) == ["ask Marie"])
    assert fields(view) == [field]
    # Another meeting is shown, by itself, while the person writes.
    qtbot.keyClicks(field, " and Daniel")
    page.commands.show(MeetingId(""))
    wait_for(qtbot, lambda: [note.text for note in store.notes(finished)] == ["ask Marie and Daniel"])


def test_closing_the_window_keeps_what_was_typed_last(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    page.actions_.note.trigger()
    qtbot.keyClicks(page.page.notes.input, "last words")
    page.close()
    assert page.commands.close(20)
    assert [one.text for one in store.notes(finished)] == ["last words"]


def test_closing_keeps_what_was_typed_while_the_first_words_were_stored(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    add = Store.add_note

    def slow(store: Store, meeting_id: MeetingId, at: float, text: str) -> Note:
        begun.set()
        assert go_on.wait(20)
        return add(store, meeting_id, at, text)

    monkeypatch.setattr(Store, "add_note", slow)
    page.actions_.note.trigger()
    qtbot.keyClicks(page.page.notes.input, "The budget is")
    wait_for(qtbot, begun.is_set)
    qtbot.keyClicks(page.page.notes.input, " forty thousand")
    page.close()
    go_on.set()
    assert page.commands.close(20)
    assert [one.text for one in store.notes(finished)] == ["The budget is forty thousand"]


def test_an_emptied_note_goes_and_can_be_had_again(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    def kept() -> list[str]:
        return [one.text for one in store.notes(finished)]

    page.actions_.note.trigger()
    qtbot.keyClicks(page.page.notes.input, "ask")
    wait_for(qtbot, lambda: kept() == ["ask"])
    page.page.notes.input.selectAll()
    qtbot.keyClick(page.page.notes.input, Qt.Key.Key_Backspace)
    wait_for(qtbot, lambda: kept() == [])
    click(qtbot, button(page.toast, "Undo"))
    wait_for(qtbot, lambda: kept() == ["ask"])


def test_notes_stand_beside_the_text_while_it_is_recorded(
    still: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    meeting = store.meeting(finished)
    running = Page(dataclasses.replace(meeting, recording_open=True), None, None, ())
    page = window = still
    view = page.page.notes
    page.page.set_page(running)
    page.commands.recording = Recording(finished, 31.5, 0.5, ())
    window.actions_.note.trigger()
    assert view.isVisible()
    assert page.page._transcript_or_empty.isVisible()
    wait_for(qtbot, view.input.hasFocus)
    qtbot.keyClicks(view.input, "ask")
    # It ends while the person is writing, who writes on.
    page.page.set_page(dataclasses.replace(running, meeting=meeting))
    page.commands.recording = None
    assert page.page.tabs.currentWidget() is view
    wait_for(qtbot, view.input.hasFocus)
    qtbot.keyClicks(view.input, " Marc")
    qtbot.keyClick(view.input, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: [(one.at, one.text) for one in store.notes(finished)] == [(31.5, "ask Marc")])


def test_a_narrow_page_has_the_notes_below_the_text(
    qtbot: QtBot, still: MainWindow, store: Store, finished: MeetingId
) -> None:
    page = still
    running = dataclasses.replace(store.meeting(finished), recording_open=True)
    page.page.set_page(Page(running, None, None, ()))
    for width, below in ((1180, False), (860, True)):
        page.resize(width, 600)
        text, notes = page.page._transcript_or_empty, page.page.notes

        def placed(text: QWidget = text, notes: QWidget = notes, *, below: bool = below) -> bool:
            under = notes.geometry().top() >= text.geometry().bottom()
            beside = notes.geometry().left() >= text.geometry().right()
            return (under, beside) == (below, not below)

        wait_for(qtbot, placed)


TYPING = """
import sys
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from core import paths
from desktop.app import open_window

app = QApplication([])
window = open_window(app, paths.folders(sys.argv[1]))
while not window.page.has_meeting:
    QTest.qWait(10)
window.actions_.note.trigger()
for key in "ask Marc about the budget":
    QTest.keyClicks(window.page.notes.input, key)
    QTest.qWait(20)
print("typed", flush=True)
QTest.qWait(60_000)
"""


def test_a_killed_window_has_kept_what_was_typed(
    store: Store, finished: MeetingId, places: paths.Folders, qtbot: QtBot
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TYPING, str(places.root)], stdout=subprocess.PIPE, text=True
    ) as window:
        assert window.stdout
        assert window.stdout.readline() == "typed\n"
        # The person rests for a moment, in the middle of the line.
        wait_for(qtbot, lambda: [one.text for one in store.notes(finished)] == ["ask Marc about the budget"])
        window.kill()
    reread = Store(places)
    assert [one.text for one in reread.notes(finished)] == ["ask Marc about the budget"]
    reread.close()


def test_the_consent_is_noted_and_can_be_said_better(page: MainWindow, store: Store, qtbot: QtBot) -> None:
    page.actions_.consent.trigger()
    meeting_id = store.meetings()[0].id
    wait_for(qtbot, lambda: store.notes(meeting_id))
    (note,) = store.notes(meeting_id)
    assert note.text.startswith("Consent, ")
    assert note.text.endswith(": everybody agreed to the recording.")
    assert note.at == 0.0
    assert page.page.notes.isVisible()
    page.actions_.undo.trigger()
    wait_for(qtbot, lambda: not store.notes(meeting_id))
    store.set_participants(meeting_id, ["Ana", "Marc"])
    wait_for(qtbot, lambda: page.page._meeting and page.page._meeting.participants)
    page.actions_.consent.trigger()
    wait_for(qtbot, lambda: store.notes(meeting_id))
    assert store.notes(meeting_id)[0].text.endswith(": agreed to the recording: Ana, Marc.")
