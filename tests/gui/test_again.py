"""A doubtful stretch in the transcript: its reason in words, and the ways to transcribe it again."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from core.values import MeetingId, Segment, Transcript, TranscriptOptions, Word
from desktop.views.delegates import _underlined
from desktop.views.transcript_view import TranscriptView

SEGMENTS = (
    Segment(0.0, 2.0, "Good morning.", id=1),
    Segment(2.0, 4.0, "Thank you. Thank you.", id=2, doubt="repeated"),
    Segment(4.0, 6.0, "", id=3, doubt="unheard"),
)


def view(qtbot: QtBot, *, complete: bool = True) -> TranscriptView:
    shown = TranscriptView()
    qtbot.addWidget(shown)
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
    assert shown.segments.index(2).data() == "[inaudible]"
    assert shown.segments.index(2).data(Qt.ItemDataRole.EditRole) == ""
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
    again = submenu(menu, 0)
    ways = ((again, {"preset": "best"}), (submenu(again, 1), {"preset": "best", "model": "base"}))
    for place, options in ways:
        with qtbot.waitSignal(shown.again_wanted) as wanted:
            place.actions()[0].trigger()
        assert wanted.args == [2.0, 6.0, options]
    with qtbot.waitSignal(shown.again_wanted) as wanted:
        submenu(again, 2).actions()[0].trigger()
    assert wanted.args[2]["language"]


def test_unfinished_text_is_not_transcribed_again(qtbot: QtBot) -> None:
    shown = view(qtbot, complete=False)
    shown.selectAll()
    assert shown.menu() is None


def test_a_segment_with_an_underlined_word_is_drawn(qtbot: QtBot) -> None:
    def picture(probability: float) -> QImage:
        word = Word(0.0, 1.0, "maybe", probability)
        shown = TranscriptView()
        qtbot.addWidget(shown)
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
    (span,) = _underlined(Segment(0.0, 2.0, "🎉 maybe", words))
    assert (span.start, span.length) == (3, 5)
