"""A doubtful stretch in the transcript: its reason in words, and the ways to transcribe it again."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, Qt
from PySide6.QtGui import QFontMetrics, QImage
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from core import messages, paths
from core.meetings import Library
from core.store import Store
from core.values import (
    Job,
    MeetingChanged,
    MeetingId,
    Progress,
    Segment,
    Stage,
    Transcript,
    TranscriptOptions,
    Word,
)
from desktop import theme
from desktop.models.transcript import SEGMENT
from desktop.views.main_window import MainWindow
from desktop.views.segment_text import underlined
from desktop.views.transcript_view import TranscriptView
from tests.gui.conftest import OpenWindow, with_sound
from tests.gui.hands import a_transcript_view, button, click, sentences, wait_for

of_the_menu = pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard")

SEGMENTS = (
    Segment(0.0, 2.0, "Good morning.", id=1),
    Segment(2.0, 4.0, "Thank you. Thank you.", id=2, doubt="repeated"),
    Segment(4.0, 6.0, "", id=3, doubt="unheard"),
)


def view(qtbot: QtBot, *, complete: bool = True) -> TranscriptView:
    shown = a_transcript_view(qtbot)
    shown.segments.has_sound = True
    shown.segments.set_transcript(
        Transcript(1, MeetingId("a"), TranscriptOptions(), "en", complete, SEGMENTS)
    )
    shown.resize(700, 400)
    shown.show()
    return shown


def submenu(menu: QMenu, place: int) -> QMenu:
    found = menu.actions()[place].menu()
    assert isinstance(found, QMenu)
    return found


def test_a_doubtful_stretch_says_why_and_has_room_for_it(qtbot: QtBot) -> None:
    shown = view(qtbot)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert "perhaps it was not said" in shown.segments.index(1).data(role)
    assert shown.segments.index(1).data(Qt.ItemDataRole.ToolTipRole) == messages.doubt(SEGMENTS[1])
    assert shown.segments.index(2).data() == "[inaudible]"
    assert shown.segments.index(2).data(Qt.ItemDataRole.EditRole) == ""
    assert shown.segments.setData(shown.segments.index(2), "Good evening.")
    assert shown.segments.index(2).data(role) == "00:04 Good evening."
    plain, marked = (shown.sizeHintForRow(row) for row in (0, 1))
    assert marked > plain


def test_the_selected_stretch_is_transcribed_again(qtbot: QtBot) -> None:
    shown = view(qtbot)
    assert shown.menu() is None
    shown.models = ("base",)
    for row in (1, 2):
        shown.selectionModel().select(shown.segments.index(row), QItemSelectionModel.SelectionFlag.Select)
    menu = shown.menu()
    assert menu
    french = next(one for one in submenu(menu, 2).actions() if one.text() == "French")
    for action, options in (
        (menu.actions()[0], ["", ""]),
        (submenu(menu, 1).actions()[0], ["base", ""]),
        (french, ["", "fr"]),
    ):
        with qtbot.waitSignal(shown.again_wanted) as wanted:
            action.trigger()
        assert wanted.args == [2.0, 6.0, *options]


@of_the_menu
def test_a_doubtful_stretch_has_a_button_that_opens_the_menu(qtbot: QtBot) -> None:
    shown = view(qtbot)
    row = shown.visualRect(shown.segments.index(1))
    reason = messages.doubt(SEGMENTS[1])
    metrics = QFontMetrics(theme.meta_font())
    behind = sum(metrics.horizontalAdvance(words) + theme.SPACE_3 for words in (reason, "Listen")) + 8
    left = shown._delegate._text_place(row).left()
    before = metrics.horizontalAdvance(reason) + theme.SPACE_3 + 8
    with qtbot.waitSignal(shown.listen_wanted) as heard:
        spot = QPoint(left + before, row.bottom() - 12)
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert heard.args == [2.0, SEGMENTS[1].end]  # and no further
    for place, opens in ((QPoint(left + behind, row.bottom() - 12), True), (row.center(), False)):
        qtbot.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert isinstance(QApplication.activePopupWidget(), QMenu) is opens
        if opens:
            with qtbot.waitSignal(shown.again_wanted) as wanted:
                qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Down)
                qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Return)
            assert wanted.args == [2.0, 4.0, "", ""]


def test_unfinished_text_is_not_transcribed_again(qtbot: QtBot) -> None:
    shown = view(qtbot, complete=False)
    shown.selectAll()
    assert shown.menu() is None


def test_a_segment_with_an_underlined_word_is_drawn(qtbot: QtBot) -> None:
    def picture(probability: float) -> QImage:
        word = Word(0.0, 1.0, "maybe", probability)
        shown = a_transcript_view(qtbot)
        shown.segments.set_transcript(
            Transcript(
                1,
                MeetingId("a"),
                TranscriptOptions(),
                "en",
                True,
                (Segment(0.0, 1.0, "maybe", (word,), id=1),),
            )
        )
        shown.resize(400, 80)
        return shown.grab().toImage()

    sure, unsure = picture(0.9), picture(0.1)
    assert sure != unsure
    # The letters are the same: only the line below them differs.
    letters = QRect(0, 0, 400, 16)
    assert sure.copy(letters) == unsure.copy(letters)


def test_words_hardly_understood_are_underlined() -> None:
    words = (Word(0.0, 1.0, " 🎉", 0.9), Word(1.0, 2.0, " maybe", 0.2))
    (span,) = underlined(Segment(0.0, 2.0, "🎉 maybe", words), "🎉 maybe")
    assert (span.start, span.length) == (3, 5)


# --- in the whole window, on the sample meeting ----------------------------------------------------


@pytest.fixture
def at_sample(
    sample: tuple[Library, MeetingId], places: paths.Folders, open_the_window: OpenWindow, qtbot: QtBot
) -> MainWindow:
    """The window with the finished sample meeting: its second segment is misheard, its last one said by nobody."""
    finished, meeting_id = sample
    shutil.copytree(finished.places.root, places.root)

    def spoil(segments: Sequence[Segment]) -> list[Segment]:
        first, second, *others = segments
        end = finished.store.meeting(meeting_id).duration
        silent = Segment(end + 5, end + 6, "Thank you.", language="en")
        return [first, replace(second, text="nonsense", words=()), *others, silent]

    store = Store(places)
    store.revise_transcript(meeting_id, spoil)
    store.close()
    window = open_the_window()
    wait_for(qtbot, lambda: window.page.transcript.segments.count)
    return window


def more_carefully(qtbot: QtBot, window: MainWindow, segment: Segment) -> None:
    """Goes to the segment, opens the menu, and chooses "Transcribe again, more carefully" there."""
    shown = window.page.transcript
    window.page.go_to(segment.id, segment.start)
    assert shown.currentIndex().data(SEGMENT) == segment
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(window, Qt.Key.Key_T, modifiers)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitExposed(menu):
        action = menu.actions()[0]
    assert action.text() == "Transcribe again, more carefully"
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    wait_for(qtbot, window.isActiveWindow)


def segments(window: MainWindow) -> list[Segment]:
    model = window.page.transcript.segments
    return [model.index(row).data(SEGMENT) for row in range(model.rowCount())]


def chips_lead_to_segments(qtbot: QtBot, window: MainWindow) -> None:
    """Each piece of evidence in the minutes shows the very segment that holds its second."""

    def chips() -> list[QPushButton]:
        qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
        buttons = window.page.summary.findChildren(QPushButton)
        return [one for one in buttons if one.isVisible() and one.property("kind") == "chip"]

    wait_for(qtbot, chips)
    for place in range(len(chips())):
        chip = chips()[place]
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
        segment = window.page.transcript.currentIndex().data(SEGMENT)
        assert messages.clock(segment.start) <= chip.text() <= messages.clock(segment.end)


@of_the_menu
def test_a_stretch_of_the_sample_is_transcribed_again_and_taken_back(
    at_sample: MainWindow, qtbot: QtBot
) -> None:
    window = at_sample
    old = segments(window)
    assert old[1].text == "nonsense"
    more_carefully(qtbot, window, old[1])
    wait_for(qtbot, lambda: "The stretch was transcribed again" in sentences(window.toast), 60)
    wait_for(qtbot, lambda: segments(window) != old)
    texts = [one.text for one in segments(window)]
    assert texts[0] == old[0].text
    assert texts[-1] == old[-1].text
    assert "nonsense" not in texts
    chips_lead_to_segments(qtbot, window)

    click(qtbot, button(window.toast, "Undo"))
    wait_for(qtbot, lambda: segments(window) == old)
    chips_lead_to_segments(qtbot, window)


@of_the_menu
def test_a_stretch_without_new_text_stays_and_is_told(at_sample: MainWindow, qtbot: QtBot) -> None:
    window = at_sample
    old = segments(window)
    silent = old[-1]
    more_carefully(qtbot, window, silent)
    wait_for(qtbot, lambda: "No new text was found in this stretch" in sentences(window.problems), 60)
    assert segments(window) == old
    assert not window.toast.isVisible()


@of_the_menu
@with_sound
def test_the_keyboard_reaches_the_menu_and_what_was_asked_meanwhile_follows(
    page: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = page
    meeting = window.library.current()
    assert meeting
    ends, begun = threading.Event(), threading.Event()

    def again(_library: Library, meeting_id: MeetingId, *_stretch: float, **_options: str) -> Job[None]:
        yield Progress(Stage.TRANSCRIBE, None)
        assert ends.wait(20)
        yield MeetingChanged(meeting_id)

    def transcribe(library: Library, meeting_id: MeetingId) -> Job[None]:
        begun.set()
        library.store.finish(meeting_id, Stage.TRANSCRIBE)
        yield MeetingChanged(meeting_id)

    monkeypatch.setattr("core.meetings.transcribe_again", again)
    monkeypatch.setattr("core.meetings.transcribe", transcribe)
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    wait_for(qtbot, lambda: window.page.transcript.models)
    qtbot.keyClick(window, Qt.Key.Key_T, modifiers)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(window.page.transcript.again_wanted) as wanted:
        menu.actions()[0].trigger()
    assert wanted.args == [0.0, 8.0, "", ""]
    menu.close()
    wait_for(qtbot, lambda: "Transcribing" in sentences(window.page))
    window.commands.transcribe(meeting.id)
    wait_for(qtbot, lambda: not window.commands._busy())
    assert not begun.is_set()
    ends.set()
    wait_for(qtbot, begun.is_set)
