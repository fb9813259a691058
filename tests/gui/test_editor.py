"""The transcript editor as a person uses it: by clicks and keys, with what each leaves in the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import MeetingId, Place, Segment, Source, TranscriptOptions, Word
from desktop.models.transcript import SEGMENT
from desktop.views.main_window import MainWindow
from desktop.views.segment_editor import Editor
from desktop.views.transcript_view import TranscriptView
from tests.gui.conftest import OpenWindow
from tests.gui.hands import button, click, rows, sentences, wait_for

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
of_the_menu = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing the keyboard)")

SAID = (
    "Good morning everybody.",
    "Then Anna sends the report.",
    "The budget is late, says Anna.",
    "Nobody knows why.",
    "Annabel asks Anna.",
)


@pytest.fixture
def meeting_id(store: Store) -> MeetingId:
    new = store.add_meeting("Tuesday", datetime(2026, 3, 10, 9, tzinfo=UTC), Source.IMPORT, duration=50.0)
    begun = store.begin_transcript(new, TranscriptOptions(), "en")

    def segment(place: int, text: str) -> Segment:
        start = 10.0 * place
        words = tuple(
            Word(start + number, start + number + 0.8, f" {word}", 0.9)
            for number, word in enumerate(text.split())
        )
        return Segment(start, words[-1].end, text, words, doubt="improbable" if place in {1, 3} else "")

    store.add_segments(
        begun, [segment(place, text) for place, text in enumerate(SAID)], Place(50.0), language="en"
    )
    store.complete_transcript(begun)
    return new


@pytest.fixture
def editor(meeting_id: MeetingId, open_the_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.transcript.segments.count == len(SAID))
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    return window


def stored(store: Store, meeting_id: MeetingId) -> tuple[Segment, ...]:
    shown = store.transcript(meeting_id)
    assert shown
    return shown.segments


def text(window: MainWindow) -> list[str]:
    return rows(window.page.transcript.segments)


def select(window: MainWindow, *places: int) -> TranscriptView:
    view = window.page.transcript
    view.setFocus()
    view.setCurrentIndex(view.segments.index(places[0]))
    for place in places[1:]:
        view.selectionModel().select(view.segments.index(place), QItemSelectionModel.SelectionFlag.Select)
    return view


def field(window: MainWindow) -> Editor:
    found = window.page.transcript.findChild(Editor)
    assert found
    return found


def undo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)


def press(
    qtbot: QtBot,
    window: MainWindow,
    *keys: Qt.Key,
    held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    for key in keys:
        qtbot.keyClick(window.page.transcript, key, held)


def come_back(qtbot: QtBot, window: MainWindow) -> None:
    """Off screen nobody gives the keyboard back to the window when a menu closes."""
    with qtbot.waitActive(window):
        window.activateWindow()


def test_enter_opens_the_text_enter_keeps_it_and_esc_leaves_it(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    select(editor, 0)
    press(qtbot, editor, Qt.Key.Key_Return)
    qtbot.keyClicks(field(editor), " Hello.")
    qtbot.keyClick(field(editor), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: stored(store, meeting_id)[0].text == f"{SAID[0]} Hello.")
    assert editor.page.transcript.hasFocus()
    press(qtbot, editor, Qt.Key.Key_Down)
    press(qtbot, editor, Qt.Key.Key_F2)
    qtbot.keyClicks(field(editor), "nonsense")
    qtbot.keyClick(field(editor), Qt.Key.Key_Escape)
    assert text(editor)[1] == SAID[1]
    undo(qtbot, editor)
    wait_for(qtbot, lambda: text(editor) == list(SAID) and not stored(store, meeting_id)[0].edited)


def test_the_field_lies_over_the_text_and_grows_with_what_is_written(
    editor: MainWindow, qtbot: QtBot
) -> None:
    view = select(editor, 1)
    press(qtbot, editor, Qt.Key.Key_F2)
    written = field(editor)
    place = view._delegate._text_place(view.visualRect(view.segments.index(1)))
    assert written.viewport().mapTo(view.viewport(), QPoint(0, 0)).x() == place.left()
    assert written.viewport().width() == place.width()
    before = written.height()
    qtbot.keyClicks(written, "more and more words " * 15)
    assert written.height() > before
    assert written.verticalScrollBar().maximum() == 0


def test_a_text_is_split_at_the_cursor_and_joined_again(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    before = stored(store, meeting_id)
    select(editor, 1)
    press(qtbot, editor, Qt.Key.Key_F2)
    for _ in "the report.":
        qtbot.keyClick(field(editor), Qt.Key.Key_Left)
    qtbot.keyClick(field(editor), Qt.Key.Key_Return, CTRL)
    wait_for(qtbot, lambda: text(editor)[1:3] == ["Then Anna sends", "the report."])
    left, right = stored(store, meeting_id)[1:3]
    assert (left.id, left.end, right.start, right.end) == (before[1].id, 13.0, 13.0, before[1].end)
    assert editor.actions_.undo.text() == "Undo: Split"
    # Deleting over the beginning of the second joins them.
    select(editor, 2)
    press(qtbot, editor, Qt.Key.Key_F2)
    qtbot.keyClick(field(editor), Qt.Key.Key_Home)
    qtbot.keyClick(field(editor), Qt.Key.Key_Backspace)
    wait_for(qtbot, lambda: text(editor) == list(SAID))
    assert stored(store, meeting_id)[1] == replace(before[1], edited=True)
    undo(qtbot, editor)
    wait_for(qtbot, lambda: len(text(editor)) == 6)
    undo(qtbot, editor)
    wait_for(qtbot, lambda: stored(store, meeting_id) == before)


def test_several_are_merged_and_deleted_and_come_back(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    before = stored(store, meeting_id)
    select(editor, 0, 2)
    press(qtbot, editor, Qt.Key.Key_J, held=CTRL)
    wait_for(qtbot, lambda: text(editor)[0] == " ".join(SAID[:3]))
    select(editor, 1)
    press(qtbot, editor, Qt.Key.Key_J, held=CTRL | SHIFT)
    wait_for(qtbot, lambda: text(editor) == [" ".join(SAID[:4]), SAID[4]])
    select(editor, 0, 1)
    press(qtbot, editor, Qt.Key.Key_Delete)
    wait_for(qtbot, lambda: stored(store, meeting_id) == ())
    assert "2 texts deleted" in sentences(editor.toast)
    click(qtbot, button(editor.toast, "Undo"))
    wait_for(qtbot, lambda: len(text(editor)) == 2)
    for _ in range(2):
        undo(qtbot, editor)
    wait_for(qtbot, lambda: stored(store, meeting_id) == before)
    wait_for(qtbot, lambda: text(editor) == list(SAID))


def test_new_text_is_written_below_and_left_again(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    select(editor, 3)
    press(qtbot, editor, Qt.Key.Key_I, held=CTRL)
    assert len(text(editor)) == 6
    qtbot.keyClick(field(editor), Qt.Key.Key_Escape)
    assert text(editor) == list(SAID)
    select(editor, 3)
    press(qtbot, editor, Qt.Key.Key_I, held=CTRL)
    # Something else is read meanwhile: what is being written stays.
    editor.commands.rename(meeting_id, "Wednesday")
    wait_for(qtbot, lambda: editor.page.header.title.text() == "Wednesday")
    qtbot.keyClicks(field(editor), "Perhaps Marc does.")
    qtbot.keyClick(field(editor), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: len(stored(store, meeting_id)) == 6)
    new = stored(store, meeting_id)[4]
    assert (new.text, new.start, new.end) == ("Perhaps Marc does.", 32.8, 40.0)
    wait_for(qtbot, lambda: editor.page.transcript.segments.index(4).data(SEGMENT) == new)
    # It is what is selected, and what a key takes out; what comes next is selected then.
    assert editor.page.transcript.selected() == [new]
    press(qtbot, editor, Qt.Key.Key_Delete)
    wait_for(qtbot, lambda: text(editor) == list(SAID))
    assert [one.text for one in editor.page.transcript.selected()] == [SAID[4]]
    undo(qtbot, editor)
    wait_for(qtbot, lambda: len(text(editor)) == 6)
    undo(qtbot, editor)
    wait_for(qtbot, lambda: text(editor) == list(SAID))


def test_emptied_text_is_taken_out(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    select(editor, 0)
    press(qtbot, editor, Qt.Key.Key_F2)
    field(editor).selectAll()
    qtbot.keyClick(field(editor), Qt.Key.Key_Delete)
    qtbot.keyClick(field(editor), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: text(editor) == list(SAID[1:]))
    undo(qtbot, editor)
    wait_for(qtbot, lambda: text(editor) == list(SAID))


@of_the_menu
def test_who_speaks_is_chosen_from_the_menu_or_by_a_new_name(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    select(editor, 0, 1)
    press(qtbot, editor, Qt.Key.Key_U, held=CTRL)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    name = menu.findChild(QLineEdit)
    assert name
    qtbot.keyClicks(name, "Ana")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: [one.speaker for one in stored(store, meeting_id)] == ["Ana", "Ana", "", "", ""])
    role = Qt.ItemDataRole.AccessibleTextRole
    wait_for(qtbot, lambda: editor.page.transcript.segments.index(1).data(role).startswith("00:10 Ana"))
    come_back(qtbot, editor)
    select(editor, 4)
    press(qtbot, editor, Qt.Key.Key_U, held=CTRL)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.actions()[0].text() == "Ana"
    menu.actions()[0].trigger()
    menu.close()
    come_back(qtbot, editor)
    wait_for(qtbot, lambda: stored(store, meeting_id)[4].speaker == "Ana")
    for _ in range(2):
        undo(qtbot, editor)
    wait_for(qtbot, lambda: not any(one.speaker_id for one in stored(store, meeting_id)))
    assert store.speakers(meeting_id) == ()
    assert store.turns(meeting_id) == ()
    for _ in range(2):
        qtbot.keyClick(editor, Qt.Key.Key_Z, CTRL | SHIFT)
    wait_for(
        qtbot, lambda: [one.speaker for one in stored(store, meeting_id)] == ["Ana", "Ana", "", "", "Ana"]
    )


@of_the_menu
def test_the_context_menu_splits_at_the_word(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    view = select(editor, 1)
    spot = word_spot(view, 1, "report")
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, view.viewport().mapToGlobal(spot))
    QApplication.sendEvent(view.viewport(), asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitExposed(menu):
        assert not menu.grab().isNull()
    split = next(action for action in menu.actions() if action.text() == "Split here")
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(split).center())
    wait_for(qtbot, lambda: text(editor)[1:3] == ["Then Anna sends the", "report."])


def word_spot(view: TranscriptView, row: int, word: str) -> QPoint:
    """Where a word stands in the view."""
    index = view.segments.index(row)
    layout, _height = view._delegate._laid_out(index)
    found: Any = layout.lineAt(0).cursorToX(str(index.data()).index(word))
    left = view._delegate._text_place(view.visualRect(index))
    return QPoint(left.left() + round(found[0]) + 3, left.top() + 8)


def test_a_click_on_a_word_plays_there_and_what_is_heard_is_marked_and_followed(
    editor: MainWindow, qtbot: QtBot
) -> None:
    view = select(editor, 0)
    with qtbot.waitSignal(view.listen_wanted) as heard:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=word_spot(view, 1, "sends"))
    assert heard.args == [12.0, None]
    # Nothing is heard of a double click, and of a slow one what its first half began is taken back.
    spot = word_spot(view, 1, "sends")
    with qtbot.assertNotEmitted(view.listen_wanted), qtbot.assertNotEmitted(view.listening_unwanted):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert not view._second_click.isActive()
    qtbot.keyClick(field(editor), Qt.Key.Key_Escape)
    with qtbot.waitSignal(view.listen_wanted):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    with qtbot.waitSignal(view.listening_unwanted):
        qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.keyClick(field(editor), Qt.Key.Key_Escape)
    with qtbot.assertNotEmitted(view.listen_wanted):
        qtbot.mouseClick(
            view.viewport(), Qt.MouseButton.LeftButton, pos=word_spot(view, 1, "report") + QPoint(200, 0)
        )
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, SHIFT, pos=word_spot(view, 2, "budget"))
    quiet = view.grab().toImage()
    editor.page.player.playing.emit(12.5)
    assert view._delegate.heard == (view.segments.index(1).data(SEGMENT).id, 2)
    assert view.grab().toImage() != quiet
    editor.page.player.playing.emit(18.0)  # nobody speaks
    assert view.grab().toImage() == quiet
    with qtbot.waitSignal(view.listen_wanted) as heard:
        select(editor, 2)
        press(qtbot, editor, Qt.Key.Key_Space, held=SHIFT)
    assert heard.args == [20.0, None]


def test_what_is_played_stays_in_sight_until_the_person_looks_elsewhere(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    begun = store.begin_transcript(meeting_id, TranscriptOptions(model="x"), "en")
    many = [Segment(10.0 * place, 10.0 * place + 8, "the budget is late " * 8) for place in range(60)]
    store.add_segments(begun, many, Place(600.0), language="en")
    store.complete_transcript(begun)
    view = editor.page.transcript
    wait_for(qtbot, lambda: view.segments.count == 60)

    def in_sight(row: int) -> bool:
        return view.viewport().rect().contains(view.visualRect(view.segments.index(row)))

    for row in range(40):
        editor.page.player.playing.emit(10.0 * row + 1)
        assert in_sight(row)
    view.verticalScrollBar().triggerAction(view.verticalScrollBar().SliderAction.SliderToMinimum)
    editor.page.player.playing.emit(401.0)
    assert not in_sight(40)
    assert in_sight(0)
    # Back where it is heard, it is followed again.
    view.scrollTo(view.segments.index(40))
    editor.page.player.playing.emit(403.0)
    editor.page.player.playing.emit(500.0)
    assert in_sight(50)


def test_doubtful_texts_are_gone_through_with_a_key(editor: MainWindow, qtbot: QtBot) -> None:
    view = editor.page.transcript
    qtbot.keyClick(editor, Qt.Key.Key_1, CTRL)
    at = []
    for held in (Qt.KeyboardModifier.NoModifier,) * 3 + (SHIFT,):
        qtbot.keyClick(editor, Qt.Key.Key_F8, held)
        at.append(view.currentIndex().row())
    assert at == [1, 3, 1, 3]
    assert view.hasFocus()


def test_what_is_selected_is_copied_with_times(editor: MainWindow, store: Store, qtbot: QtBot) -> None:
    select(editor, 1, 3)
    press(qtbot, editor, Qt.Key.Key_C, held=CTRL)
    assert QGuiApplication.clipboard().text() == f"[00:10] {SAID[1]}\n[00:30] {SAID[3]}"


# --- find and replace --------------------------------------------------------------------------------


def test_words_are_found_one_after_the_other(editor: MainWindow, qtbot: QtBot) -> None:
    bar = editor.page.text.bar
    select(editor, 2)
    qtbot.keyClick(editor, Qt.Key.Key_F, CTRL)
    assert bar.isVisible()
    assert not bar.other.isVisible()
    qtbot.keyClicks(bar.input, "anna")
    # From what was selected on.
    assert (bar.count.text(), editor.page.transcript.currentIndex().row()) == ("2 of 4", 2)
    qtbot.keyClick(bar.input, Qt.Key.Key_Return)
    qtbot.keyClick(bar.input, Qt.Key.Key_Return)
    assert (bar.count.text(), editor.page.transcript.currentIndex().row()) == ("4 of 4", 4)
    qtbot.keyClick(bar.input, Qt.Key.Key_Return)
    assert bar.count.text() == "1 of 4"
    qtbot.keyClick(bar.input, Qt.Key.Key_Return, SHIFT)
    assert bar.count.text() == "4 of 4"
    click(qtbot, bar.whole)
    assert bar.count.text().endswith("of 3")
    click(qtbot, bar.case)
    assert bar.count.text() == "Not found"
    qtbot.keyClick(bar.input, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert editor.page.transcript.hasFocus()


def test_words_are_replaced_one_by_one_and_all_at_once(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    bar = editor.page.text.bar
    select(editor, 0)
    qtbot.keyClick(editor, Qt.Key.Key_H, CTRL)
    qtbot.keyClicks(bar.input, "Anna")
    click(qtbot, bar.whole)
    qtbot.keyClicks(bar.other, "Ana")
    click(qtbot, button(bar, "Replace"))
    wait_for(qtbot, lambda: stored(store, meeting_id)[1].text == "Then Ana sends the report.")
    wait_for(qtbot, lambda: bar.count.text() == "1 of 2")
    click(qtbot, button(bar, "Replace all"))
    wait_for(
        qtbot, lambda: text(editor)[2:] == ["The budget is late, says Ana.", SAID[3], "Annabel asks Ana."]
    )
    assert "2 places replaced" in sentences(editor.toast)
    wait_for(qtbot, lambda: bar.count.text() == "Not found")
    undo(qtbot, editor)
    wait_for(qtbot, lambda: text(editor)[2:] == list(SAID[2:]))
    wait_for(qtbot, lambda: bar.count.text() == "1 of 2")


def test_places_are_replaced_as_fast_as_a_held_key_repeats(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    bar = editor.page.text.bar
    select(editor, 0)
    qtbot.keyClick(editor, Qt.Key.Key_H, CTRL)
    qtbot.keyClicks(bar.input, "anna")
    qtbot.keyClick(bar.input, Qt.Key.Key_Tab)
    assert bar.other.hasFocus()
    qtbot.keyClicks(bar.other, "Johanna")
    for _ in range(6):  # there are four
        qtbot.keyClick(bar.other, Qt.Key.Key_Return)
        qtbot.wait(5)
    new = [one.replace("Anna", "Johanna") for one in SAID]
    new[4] = "Johannabel asks Johanna."
    wait_for(qtbot, lambda: [one.text for one in stored(store, meeting_id)] == new)
    wait_for(qtbot, lambda: not editor.commands._busy() and text(editor) == new)
    assert bar.count.text() == "No more below"
    for _ in range(4):
        undo(qtbot, editor)
    wait_for(qtbot, lambda: [one.text for one in stored(store, meeting_id)] == list(SAID))


# --- names -------------------------------------------------------------------------------------------


def correct(qtbot: QtBot, window: MainWindow, row: int, text: str) -> None:
    select(window, row)
    press(qtbot, window, Qt.Key.Key_F2)
    field(window).selectAll()
    qtbot.keyClicks(field(window), text)
    qtbot.keyClick(field(window), Qt.Key.Key_Return)


def test_a_corrected_name_is_offered_for_all_of_the_meeting_and_remembered(
    editor: MainWindow, store: Store, meeting_id: MeetingId, qtbot: QtBot
) -> None:
    correct(qtbot, editor, 1, "Then Ana sends the report.")
    wait_for(qtbot, lambda: "“Anna” stands 2 more times." in sentences(editor.toast))
    click(qtbot, button(editor.toast, "Replace all"))
    wait_for(
        qtbot, lambda: text(editor)[2:] == ["The budget is late, says Ana.", SAID[3], "Annabel asks Ana."]
    )
    assert store.vocabulary() == ("Ana",)
    undo(qtbot, editor)
    wait_for(qtbot, lambda: text(editor)[2:] == list(SAID[2:]))
    assert store.vocabulary() == ()


def test_a_name_that_stands_once_is_only_remembered(editor: MainWindow, store: Store, qtbot: QtBot) -> None:
    correct(qtbot, editor, 4, "Anabel asks Anna.")
    wait_for(qtbot, lambda: "Listen for “Anabel” in the next meetings?" in sentences(editor.toast))
    click(qtbot, button(editor.toast, "Remember the name"))
    wait_for(qtbot, lambda: store.vocabulary() == ("Anabel",))


def test_every_sign_of_an_action_is_there(editor: MainWindow) -> None:
    for action in editor.actions_.of_text + editor.actions_.of_meeting:
        if not action.icon().isNull():
            assert not action.icon().pixmap(16).isNull()
