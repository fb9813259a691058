"""Undo and redo, as a person does it: by keys, by the menu, by the toast, and after having looked elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from core.meetings import Library
from core.store import Store
from core.values import Job, MeetingId, Place, Segment, Source, Stage, SummaryOptions, TranscriptOptions, Work
from desktop.views.main_window import MainWindow
from desktop.views.note_field import NoteField
from tests.gui.conftest import OpenWindow, with_sound
from tests.gui.hands import button, click, sentences, titles, wait_for

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
    undo(qtbot, page)
    wait_for(qtbot, lambda: store.meeting(finished).starred)
    undo(qtbot, page)
    wait_for(qtbot, lambda: not store.meeting(finished).starred)


def test_without_a_meeting_in_sight_the_keys_bring_back_what_was_deleted_last(
    page: MainWindow, store: Store, finished: MeetingId, other: MeetingId, qtbot: QtBot
) -> None:
    actions = page.actions_
    rename(qtbot, page, "Spring")
    actions.delete.trigger()
    wait_for(qtbot, lambda: store.meeting(finished).deleted_at and not page.page.wanted)
    assert actions.undo.text() == "Undo: Move to bin"
    undo(qtbot, page)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Spring")
    assert store.meeting(finished).deleted_at is None
    redo(qtbot, page)
    wait_for(qtbot, lambda: not page.page.wanted)
    actions.bin.trigger()
    wait_for(qtbot, page.library.bin.restore.isEnabled)
    click(qtbot, page.library.bin.restore)
    wait_for(qtbot, lambda: page.page.header.title.text() == "Spring")
    undo(qtbot, page)
    wait_for(qtbot, lambda: store.meeting(finished).deleted_at)
    # What is gone for good is offered no more.
    page.commands.rename(other, "Autumn")
    page.commands.remove()
    wait_for(qtbot, lambda: not store.knows(finished) and actions.undo.text() == "Undo: Rename")


def test_what_several_meetings_were_given_is_one_change(
    page: MainWindow, store: Store, finished: MeetingId, other: MeetingId, qtbot: QtBot
) -> None:
    def tags() -> list[tuple[str, ...]]:
        return [store.meeting(one).tags for one in (finished, other)]

    store.set_tags(other, ["team"])
    wait_for(qtbot, lambda: page.library.model.count == 2)
    page.library.list.selectAll()
    wait_for(qtbot, page.several.isVisible)
    page.several.tag.setText("team")  # typed, its completion would pop up
    qtbot.keyClick(page.several.tag, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: tags() == [("team",), ("team",)])
    click(qtbot, button(page.several, "Star"))
    wait_for(qtbot, lambda: store.meeting(finished).starred and store.meeting(other).starred)
    undo(qtbot, page)
    wait_for(qtbot, lambda: not store.meeting(finished).starred and not store.meeting(other).starred)
    undo(qtbot, page)
    wait_for(qtbot, lambda: tags() == [(), ("team",)])
    redo(qtbot, page)
    wait_for(qtbot, lambda: tags() == [("team",), ("team",)])


def test_a_note_is_taken_back_while_it_is_being_written_and_what_one_wrote_in_it_at_once(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot
) -> None:
    def kept() -> list[str]:
        return [one.text for one in store.notes(finished)]

    def is_read() -> bool:
        shown = page.page._meeting
        return bool(shown and shown.revision == store.meeting(finished).revision)

    notes = page.page.notes
    page.actions_.note.trigger()
    qtbot.keyClicks(notes.input, "ask")
    wait_for(qtbot, lambda: kept() == ["ask"])
    page.actions_.undo.trigger()
    wait_for(qtbot, lambda: kept() == [] and notes.input.text() == "" and is_read())
    page.actions_.redo.trigger()
    wait_for(qtbot, lambda: kept() == ["ask"] and is_read())
    (field,) = (one for one in notes.findChildren(NoteField) if one is not notes.input)
    for keys, now in ((" Marc", "ask Marc"), (" again", "ask Marc again")):
        qtbot.keyClicks(field, keys)
        wait_for(qtbot, lambda now=now: kept() == [now])  # type: ignore[misc]
    qtbot.keyClick(field, Qt.Key.Key_Return)
    page.actions_.undo.trigger()
    wait_for(qtbot, lambda: kept() == ["ask"])
    page.actions_.redo.trigger()
    wait_for(qtbot, lambda: kept() == ["ask Marc again"])


@with_sound
def test_a_text_and_minutes_that_were_made_anew_are_taken_back(
    page: MainWindow, store: Store, finished: MeetingId, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def carry_out(library: Library, work: Work) -> Job[None]:
        yield from ()
        if work.stage is Stage.TRANSCRIBE:
            library.store.revise_transcript(
                finished, lambda found: [replace(one, text="anew") for one in found]
            )
        elif work.stage is Stage.SUMMARISE and (minutes := library.store.minutes(finished)):
            library.store.add_minutes(replace(minutes, title="Anew"))
        library.store.finish(finished, work.stage)

    def texts() -> list[str]:
        shown = store.transcript(finished)
        return [one.text for one in shown.segments] if shown else []

    def title() -> str:
        shown = store.minutes(finished)
        return shown.title if shown else ""

    monkeypatch.setattr("core.meetings.carry_out", carry_out)
    first = texts()
    page.actions_.transcribe.trigger()
    wait_for(qtbot, lambda: page.actions_.undo.text() == "Undo: Make the minutes again")
    assert (texts()[0], title()) == ("anew", "Anew")
    undo(qtbot, page)
    wait_for(qtbot, lambda: title() == "")
    assert page.actions_.undo.text() == "Undo: Transcribe again"
    undo(qtbot, page)
    wait_for(qtbot, lambda: texts() == first)
    redo(qtbot, page)
    wait_for(qtbot, lambda: texts()[0] == "anew")


def test_the_title_that_came_with_the_minutes_is_taken_back(
    store: Store, open_the_window: OpenWindow, qtbot: QtBot
) -> None:
    moment = datetime(2026, 3, 10, 9, tzinfo=UTC)
    meeting_id = store.add_meeting("REC_0042", moment, Source.IMPORT, duration=30.0, placeholder=True)
    transcript = store.begin_transcript(meeting_id, TranscriptOptions(), "en")
    said = ("Welcome to the spring budget meeting.", "We decided to keep the budget at forty thousand euros.")
    segments = [Segment(10.0 * place, 10.0 * place + 8, text) for place, text in enumerate(said)]
    store.add_segments(transcript, segments, Place(30.0), language="en")
    store.complete_transcript(transcript)
    store.ask(meeting_id, Stage.SUMMARISE, SummaryOptions())
    window = open_the_window()
    title, undone = window.page.header.title, window.actions_.undo
    wait_for(qtbot, lambda: undone.text() == "Undo: Take the title of the minutes")
    wait_for(qtbot, lambda: title.text() == "Spring budget meeting")
    wait_for(qtbot, lambda: titles(window) == ["Spring budget meeting"])
    undo(qtbot, window)
    wait_for(qtbot, lambda: title.text() == "REC_0042")
    redo(qtbot, window)
    wait_for(qtbot, lambda: title.text() == store.meeting(meeting_id).title == "Spring budget meeting")
