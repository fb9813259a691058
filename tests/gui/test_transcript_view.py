"""A long transcript stays quick: text is laid out once, and again only where it or its width changed."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint
from PySide6.QtGui import QImage, QTextLayout
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.values import Channel, LiveText, MeetingId, Segment, Transcript, TranscriptOptions
from desktop import theme
from desktop.models.transcript import SEGMENT
from desktop.views.delegates import SegmentDelegate
from desktop.views.transcript_view import TranscriptView

ROWS = 300
READABLE = 1000
"""Pixels: wider than lines get."""


def segments(first: int, count: int, words: str = "we move the release to April ") -> tuple[Segment, ...]:
    return tuple(
        Segment(5.0 * one, 5.0 * one + 4, words * (1 + one % 6), id=one)
        for one in range(first, first + count)
    )


@pytest.fixture
def laid_out(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were laid out, in order."""
    texts: list[str] = []
    real = SegmentDelegate._laid_out

    def counted(delegate: SegmentDelegate, text: str) -> tuple[QTextLayout, int]:
        texts.append(text)
        return real(delegate, text)

    monkeypatch.setattr(SegmentDelegate, "_laid_out", counted)
    # Painting lays out too, but only what is in sight.
    monkeypatch.setattr(SegmentDelegate, "paint", lambda *_: None)
    return texts


@pytest.fixture
def view(laid_out: list[str], qtbot: QtBot) -> TranscriptView:
    made = TranscriptView()
    qtbot.addWidget(made)
    made.resize(READABLE, 600)
    show(made, 1)
    made.show()
    settle()
    assert len(laid_out) == ROWS
    laid_out.clear()
    return made


def show(view: TranscriptView, version: int) -> None:
    options = TranscriptOptions()
    view.segments.set_transcript(
        Transcript(version, MeetingId("a"), options, "en", False, segments(1000 * version, ROWS))
    )


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def test_a_segment_that_is_added_is_the_only_one_laid_out(view: TranscriptView, laid_out: list[str]) -> None:
    view.scrollToBottom()
    view.segments.add(segments(2000, 1, "the last words"))
    settle()
    assert set(laid_out) == {"the last words" * 3}
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_wider_than_readable_nothing_is_laid_out_again(view: TranscriptView, laid_out: list[str]) -> None:
    view.resize(READABLE + 200, 500)
    settle()
    assert laid_out == []
    last = view.segments.index(ROWS - 1)
    view.scrollToBottom()
    assert view.visualRect(last).width() == view.viewport().width()


def test_narrower_everything_is(view: TranscriptView, laid_out: list[str]) -> None:
    row = view.segments.index(5)
    high = view.visualRect(row).height()
    view.resize(400, 600)
    settle()
    assert len(laid_out) == ROWS
    assert view.visualRect(row).height() > high


def test_a_correction_changes_the_height_of_its_row(view: TranscriptView, laid_out: list[str]) -> None:
    row = view.segments.index(0)
    high = view.visualRect(row).height()
    view.selectionModel().setCurrentIndex(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    view.segments.setData(row, "many more words " * 40)
    settle()
    assert len(laid_out) == 1
    assert view.visualRect(row).height() > high


def test_another_font_is_measured_anew(view: TranscriptView, laid_out: list[str], qapp: QApplication) -> None:
    # So narrow that the width of the lines does not follow from the font.
    view.resize(300, 600)
    settle()
    laid_out.clear()
    row = view.segments.index(0)
    high = view.visualRect(row).height()
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(2 * before.pointSizeF())
    try:
        qapp.setFont(larger)
        settle()
        assert len(laid_out) == ROWS
        assert view.visualRect(row).height() > high
    finally:
        qapp.setFont(before)


def test_only_what_is_shown_is_remembered(view: TranscriptView, laid_out: list[str]) -> None:
    for version in range(2, 5):
        show(view, version)
        settle()
    assert len(laid_out) == 3 * ROWS
    view.segments.set_transcript(None)
    assert not view._delegate._sizes


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
    heights = [view.sizeHintForIndex(view.segments.index(row)).height() for row in range(ROWS)]
    view.segments.add([Segment(5002.0, 5003.0, "between " * 60, id=3000)])
    settle()
    assert set(laid_out) == {("between " * 60).strip()}
    after = [view.sizeHintForIndex(view.segments.index(row)).height() for row in range(ROWS + 1)]
    assert after[:1] + after[2:] == heights
    assert after[1] > max(heights)


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
    me, others = Channel
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


def test_two_channels_are_named_before_the_text(qtbot: QtBot) -> None:
    made = TranscriptView()
    qtbot.addWidget(made)
    made.resize(READABLE, 400)
    made.segments.add(
        [
            Segment(0.0, 4.0, "Good morning", id=1, channel=Channel.MICROPHONE),
            Segment(5.0, 9.0, "Good morning", id=2, channel=Channel.SYSTEM),
        ]
    )
    made.show_channels((Channel.MICROPHONE,))
    made.show()
    settle()
    alone = made.grab().toImage()
    made.show_channels(tuple(Channel))
    settle()
    named = made.grab().toImage()

    def colors(image: QImage, row: int) -> set[str]:
        place = made.visualRect(made.segments.index(row))
        points = itertools.product(
            range(place.left(), place.left() + 130), range(place.top(), place.bottom())
        )
        return {image.pixelColor(x, y).name().upper() for x, y in points}

    me, others = theme.CHANNELS
    assert me in colors(named, 0)
    assert others not in colors(named, 0)
    assert others in colors(named, 1)
    assert not {me, others} & colors(alone, 0)
