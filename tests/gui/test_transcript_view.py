"""A long transcript stays quick: text is laid out once, and again only where it or its width changed."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QFont, QTextLayout
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.values import CALL, Channel, LiveText, MeetingId, Segment, Speaker, Transcript, TranscriptOptions
from desktop import theme
from desktop.models.transcript import SEGMENT
from desktop.views import segment_delegate, segment_text
from desktop.views.transcript_view import TranscriptView
from tests.gui.hands import a_transcript_view

ROWS = 300
READABLE = 1000
"""Pixels: wider than lines get."""


def segments(first: int, count: int, words: str = "we move the release to April ") -> tuple[Segment, ...]:
    return tuple(
        Segment(5.0 * one, 5.0 * one + 4, words * (1 + one % 6), id=one)
        for one in range(first, first + count)
    )


@pytest.fixture(autouse=True)
def _no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The look of a window that another test opened may live on, and would mark what has the keyboard."""
    monkeypatch.setattr(theme, "show_ring", lambda *_widget, **_on: None)


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were laid out, in order."""
    texts: list[str] = []
    real = segment_text.lay_out

    def counted(
        text: str, font: QFont, width: int, formats: Sequence[QTextLayout.FormatRange]
    ) -> tuple[QTextLayout, int]:
        texts.append(text)
        return real(text, font, width, formats)

    monkeypatch.setattr(segment_delegate, "lay_out", counted)
    return texts


@pytest.fixture
def view(laid_out: list[str], qtbot: QtBot) -> TranscriptView:
    made = a_transcript_view(qtbot)
    made.resize(READABLE, 600)
    show(made, 1)
    made.show()
    settle()
    assert 0 < len(laid_out) == len(in_sight(made)) == made.measured
    laid_out.clear()
    return made


def in_sight(view: TranscriptView) -> list[int]:
    """The rows of which something is seen."""
    room = view.viewport().rect()
    every = range(view.segments.rowCount())
    return [row for row in every if view.visualRect(view.segments.index(row)).intersects(room)]


def show(view: TranscriptView, version: int) -> None:
    options = TranscriptOptions()
    view.segments.set_transcript(
        Transcript(version, MeetingId("a"), options, "en", False, segments(1000 * version, ROWS))
    )


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def test_what_is_not_in_sight_is_not_laid_out(view: TranscriptView, laid_out: list[str]) -> None:
    view.scrollToBottom()
    settle()
    shown = len(laid_out)
    assert shown <= len(in_sight(view)) + 1
    view.segments.add(segments(2000, 1, "the last words"))
    settle()
    assert len(laid_out) == shown + 1
    assert at_the_end(view)
    # Far away, at once.
    laid_out.clear()
    view.go_to(1150, 0.0)
    settle()
    assert 1150 in {view.segments.index(row).data(SEGMENT).id for row in in_sight(view)}
    assert len(laid_out) <= 2 * len(in_sight(view))


def test_wider_than_readable_nothing_is_laid_out_again(view: TranscriptView, laid_out: list[str]) -> None:
    view.resize(READABLE + 200, 500)
    settle()
    assert laid_out == []
    last = view.segments.index(ROWS - 1)
    assert view.visualRect(last).width() == view.viewport().width()


def test_narrower_text_is_higher_and_what_is_at_the_top_stays(view: TranscriptView) -> None:
    index = view.segments.index(53)
    view.scrollTo(index, TranscriptView.ScrollHint.PositionAtTop)
    settle()
    high = view.visualRect(index).height()
    view.resize(400, 600)
    settle()
    assert view.indexAt(QPoint(200, 0)) == index
    assert view.visualRect(index).height() > high


@pytest.mark.parametrize("step", [-40, -700, 40, 700])
def test_scrolling_moves_by_what_was_asked_though_heights_were_guessed(
    view: TranscriptView, step: int
) -> None:
    view.go_to(1150, 0.0)
    settle()
    index = view.currentIndex()
    before = view.visualRect(index).top()
    for _ in range(5):
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() + step)
        settle()
        view.verticalScrollBar().setValue(view.verticalScrollBar().value() - step)
        settle()
    assert view.visualRect(index).top() == before
    assert sum(view.visualRect(view.segments.index(row)).height() for row in in_sight(view)) >= 600


def test_a_correction_changes_the_height_of_its_row(view: TranscriptView, laid_out: list[str]) -> None:
    row = view.segments.index(0)
    high = view.visualRect(row).height()
    view.selectionModel().setCurrentIndex(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.segments.setData(row, "many more words " * 40)
    settle()
    assert len(laid_out) == 1
    assert view.visualRect(row).height() > high


def test_neighbours_that_change_are_told_at_once(view: TranscriptView) -> None:
    told: list[tuple[int, int]] = []
    view.segments.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    before = view.segments.segments
    ids = [before[row].id for row in (10, 11, 12, 19)]
    now = tuple(replace(one, text="other") if one.id in ids else one for one in before)
    view.segments.set_transcript(Transcript(1, MeetingId("a"), TranscriptOptions(), "en", False, now))
    assert told == [(10, 12), (19, 19)]
    assert [one.text for one in view.segments.segments].count("other") == 4


def test_another_font_is_measured_anew(view: TranscriptView, qapp: QApplication) -> None:
    # So narrow that the width of the lines does not follow from the font.
    view.resize(300, 600)
    settle()
    row = view.segments.index(0)
    high = view.visualRect(row).height()
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(2 * before.pointSizeF())
    try:
        qapp.setFont(larger)
        settle()
        assert view.visualRect(row).height() > high
    finally:
        qapp.setFont(before)


def test_only_some_screens_full_are_remembered(view: TranscriptView) -> None:
    for place in range(0, ROWS, 5):
        view.go_to(1000 + place, 0.0)
        settle()
    assert len(view._delegate._layouts) <= 200
    view.segments.set_transcript(None)
    settle()
    assert not view._delegate._layouts


def test_text_made_anew_is_shown_where_the_reader_was(view: TranscriptView) -> None:
    view.verticalScrollBar().setValue(3000)
    settle()
    shown = view.indexAt(QPoint(200, 0)).data(SEGMENT), view.visualRect(view.indexAt(QPoint(200, 0))).top()
    changed = [replace(one, id=one.id + 1000) for one in view.segments.segments]
    view.segments.set_transcript(
        Transcript(2, MeetingId("a"), TranscriptOptions(), "en", False, tuple(changed))
    )
    settle()
    index = view.indexAt(QPoint(200, 0))
    assert (index.data(SEGMENT).start, view.visualRect(index).top()) == (shown[0].start, shown[1])
    view.segments.set_transcript(
        Transcript(3, MeetingId("b"), TranscriptOptions(), "en", True, segments(1, ROWS))
    )
    settle()
    assert view.verticalScrollBar().value() == 0


# --- while it is recorded --------------------------------------------------------------------------


def heard(text: str) -> LiveText:
    return LiveText(MeetingId("a"), text, 1.0)


def at_the_end(view: TranscriptView) -> bool:
    return view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def top(view: TranscriptView) -> tuple[int, int]:
    """What stands at the top: the segment's id, and how many pixels of it are out of sight."""
    index = view.indexAt(QPoint(200, 0))
    return index.data(SEGMENT).id, view.visualRect(index).top()


def test_the_unfinished_sentence_is_followed_as_it_grows(view: TranscriptView, laid_out: list[str]) -> None:
    view.scrollToBottom()
    settle()
    laid_out.clear()
    for count in (1, 30, 90, 30):
        view.set_live(heard("and so " * count))
        settle()
        assert at_the_end(view)
    # Nothing else was laid out again for it.
    assert {text.replace("and so", "").strip() for text in laid_out} == {""}
    view.segments.add(segments(2000, 1, "the last words"))
    settle()
    assert at_the_end(view)


def test_who_has_scrolled_up_stays_there(view: TranscriptView) -> None:
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2 + 7)
    place = top(view)
    view.set_live(heard("and so " * 90))
    view.set_live(heard("and so"))
    view.segments.add(segments(2000, 3))
    # Said before what stands at the top of the view.
    view.segments.add([Segment(1.0, 2.0, "an early word " * 40, id=3000)])
    settle()
    assert top(view) == place
    assert not at_the_end(view)


def test_a_row_that_comes_between_takes_no_height_from_the_others(
    view: TranscriptView, laid_out: list[str]
) -> None:
    def heights() -> list[int]:
        return [view.visualRect(view.segments.index(row)).height() for row in range(view.segments.rowCount())]

    before = heights()
    view.segments.add([Segment(5002.0, 5003.0, "between " * 60, id=3000)])
    settle()
    assert set(laid_out) == {("between " * 60).strip()}
    after = heights()
    assert after[:1] + after[2:] == before
    assert after[1] > max(before)


def test_an_ended_sentence_stays_until_its_final_text_is_there(view: TranscriptView, qtbot: QtBot) -> None:
    view.scrollToBottom()
    view.set_live(heard("and so"))
    settle()
    high = view.verticalScrollBar().maximum()
    view.set_live(heard(""))
    settle()
    assert view.verticalScrollBar().maximum() == high
    view.segments.add(segments(2000, 1, "and so"))
    settle()
    assert view.verticalScrollBar().maximum() == high
    assert view.segments.rowCount() == ROWS + 1
    # One that comes to nothing goes by itself.
    view.set_live(heard("hm"))
    view.set_live(None)
    qtbot.waitUntil(lambda: view.segments.rowCount() == ROWS + 1)


def test_a_silent_channel_leaves_the_sentence_of_the_other_alone(
    view: TranscriptView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, others = CALL
    gone: list[object] = []
    view.segments.rowsRemoved.connect(lambda *_: gone.append(_))
    for timer in view._leaving.values():
        timer.setInterval(0)
    for words in ("the", "the budget", "the budget is"):
        view.set_live(LiveText(MeetingId("a"), "", 1.0, me))
        view.set_live(LiveText(MeetingId("a"), words, 1.0, others))
        qtbot.wait(10)
    assert not gone
    view.set_live(LiveText(MeetingId("a"), "yes", 1.0, me))
    assert view.segments.rowCount() == ROWS + 2
    view.set_live(LiveText(MeetingId("a"), "", 1.0, others))
    qtbot.waitUntil(lambda: view.segments.speaking == (me,))
    # Nobody listens any more.
    view.set_live(None)
    qtbot.waitUntil(lambda: view.segments.rowCount() == ROWS)


def test_a_smaller_view_still_follows(view: TranscriptView) -> None:
    view.scrollToBottom()
    view.resize(500, 300)
    settle()
    assert at_the_end(view)


def test_text_read_late_does_not_move_the_reader(view: TranscriptView, qtbot: QtBot) -> None:
    view.segments.set_transcript(None)
    view.segments.add(segments(1000, 200))
    settle()
    view.verticalScrollBar().setValue(3000)
    place = top(view)
    with qtbot.assertNotEmitted(view.segments.modelReset):
        show(view, 1)
    settle()
    assert top(view) == place


def test_who_speaks_is_named_before_the_text(qtbot: QtBot) -> None:
    made = a_transcript_view(qtbot)
    made.resize(READABLE, 400)
    made.segments.add(
        [
            Segment(0.0, 4.0, "Good morning", id=1, channel=Channel.MICROPHONE, speaker_id=7),
            Segment(5.0, 9.0, "Good morning", id=2, channel=Channel.SYSTEM),
        ]
    )
    made.show_speakers((), (Channel.MICROPHONE,))
    made.show()
    settle()

    def colors(row: int) -> set[str]:
        image = made.grab().toImage()
        place = made.visualRect(made.segments.index(row))
        points = itertools.product(
            range(place.left(), place.left() + 130), range(place.top(), place.bottom())
        )
        return {image.pixelColor(x, y).name().upper() for x, y in points}

    me, others = theme.SPEAKERS[:2]
    assert not {me, others} & colors(0)
    made.show_speakers((), CALL)
    settle()
    assert me in colors(0)
    assert others not in colors(0)
    assert others in colors(1)
    made.show_speakers((Speaker(7, 1, "Ana", colour=2),), CALL)
    settle()
    assert theme.SPEAKERS[2] in colors(0)
    assert others in colors(1)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert made.segments.index(0).data(role) == "00:00 Ana Good morning"
