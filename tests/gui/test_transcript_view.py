"""A long transcript stays quick: text is laid out once, and again only where it or its width changed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.values import MeetingId, Segment, Transcript, TranscriptOptions
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
        Transcript(version, MeetingId("a"), options, "en", 0.0, False, segments(1000 * version, ROWS))
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
