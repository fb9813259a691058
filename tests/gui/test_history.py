"""Undo and redo, as a person does it: by keys, by the menu, by the toast, and after having looked elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from core.store import Store
from core.values import MeetingId
from desktop.views.main_window import MainWindow
from tests.gui.hands import button, click, sentences, wait_for

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def undo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)


def redo(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)


def rename(qtbot: QtBot, window: MainWindow, title: str) -> None:
    window.actions_.rename.trigger()
    field = window.page.header.title
    qtbot.keyClicks(field, title)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_changes_are_undone_in_order_after_another_meeting_was_shown(
    page: MainWindow, store: Store, finished: MeetingId, other: MeetingId, qtbot: QtBot
) -> None:
    actions = page.actions_
    assert not actions.undo.isEnabled()
    rename(qtbot, page, "Spring")
    rename(qtbot, page, "Summer")
    wait_for(qtbot, lambda: store.meeting(finished).title == "Summer")
    assert actions.undo.text() == "Undo: Rename"
    page.commands.show(other)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Other")
    assert not actions.undo.isEnabled()
    page.commands.show(finished)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Summer")
    undo(qtbot, page)
    undo(qtbot, page)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Release")
    assert (actions.undo.isEnabled(), actions.redo.text()) == (False, "Redo: Rename")
    redo(qtbot, page)
    wait_for(qtbot, lambda: store.meeting(finished).title == "Spring")
    # A new change: what was taken back is gone.
    rename(qtbot, page, "Autumn")
    assert not actions.redo.isEnabled()
    undo(qtbot, page)
    wait_for(qtbot, lambda: store.meeting(finished).title == "Spring")


@pytest.fixture
def other(page: MainWindow, store: Store, finished: MeetingId) -> MeetingId:
    return store.add_meeting("Other", store.meeting(finished).started_at, store.meeting(finished).source)


def test_the_toast_takes_its_change_back_and_the_menu_says_which(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    page.actions_.tags.trigger()
    qtbot.keyClicks(page.page.header.tags.input, "team")
    qtbot.keyClick(page.page.header.tags.input, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: store.meeting(finished).tags == ("team",))
    click(qtbot, button(page.toast, "Undo"))
    wait_for(qtbot, lambda: store.meeting(finished).tags == ())
    assert "Undone: Change the tags" in sentences(page.toast)
    redo(qtbot, page)
    wait_for(qtbot, lambda: store.meeting(finished).tags == ("team",))


def test_in_a_field_the_keys_undo_what_is_being_typed(page: MainWindow, qtbot: QtBot) -> None:
    rename(qtbot, page, "Spring")
    page.actions_.rename.trigger()
    field = page.page.header.title
    qtbot.keyClicks(field, "typed")
    qtbot.keyClick(field, Qt.Key.Key_Z, CTRL)
    assert isinstance(page.focusWidget(), QLineEdit)
    assert field.text() == "Spring"
    assert page.actions_.undo.text() == "Undo: Rename"


def test_a_change_that_cannot_be_taken_back_is_said_and_forgotten(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    shown = store.transcript(finished)
    assert shown
    first = shown.segments[0]
    page.commands.edit_segment(finished, first.id, "as I heard it")
    wait_for(qtbot, lambda: page.page.transcript.segments.index(0).data() == "as I heard it")
    store.revise_transcript(finished, lambda found: found)
    undo(qtbot, page)
    wait_for(qtbot, lambda: "The text has changed in the meantime" in sentences(page.problems))
    assert not page.actions_.undo.isEnabled()
    assert not page.actions_.redo.isEnabled()


def test_a_star_is_given_and_taken_away_on_the_page(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    click(qtbot, button(page.page, "Give a star"))
    wait_for(qtbot, lambda: store.meeting(finished).starred)
    wait_for(qtbot, lambda: page.page.header.star.accessibleName() == "Take the star away")
    click(qtbot, button(page.page, "Take the star away"))
    wait_for(qtbot, lambda: not store.meeting(finished).starred)
