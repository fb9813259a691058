"""The transcript of ten thousand segments in the window, beside Qt's own list of the same texts in an empty window.

What is measured runs off screen, and each figure is the median of some rounds: from the choice of the meeting to its
painted text, with the longest time in which the window answered nothing; a screen further down; a split in the middle
until it is stored and shown; a word found. The plain list is measured in the same rounds.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QApplication, QListView, QMainWindow, QWidget

from core import paths
from core.store import Store
from core.values import MeetingId, Place, Segment, Source, TranscriptOptions, Word
from desktop.app import collecting_out_of_sight, open_window
from desktop.views.main_window import MainWindow

SEGMENTS = 10_000
ROUNDS = 7
PAGES = 100

OPENS = 200.0
"""Milliseconds from the choice of the meeting to its painted text."""
STALL = 50.0
"""Milliseconds in which the window may answer nothing."""

_TEXT = "We move the release to April because the translation is late and the report needs two more weeks "


def run() -> int:
    """Prints the figures; 0 where the meeting opens in time and nothing blocks the window."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as folder, collecting_out_of_sight(app):
        places = paths.folders(Path(folder))
        long, short = _library(places)
        window = open_window(app, places)
        _until(lambda: window.page.has_meeting)
        _until(lambda: not window.commands._busy())
        texts = [segment.text for segment in _read(places, long)]
        figures: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            for name, value in {**_plain(texts), **_ours(window, long, short)}.items():
                figures.setdefault(name, []).append(value)
        window.leave()
        window.commands.close(30)
    middle = {name: statistics.median(values) for name, values in figures.items()}
    for name, value in middle.items():
        spread = f"{min(figures[name]):.1f} to {max(figures[name]):.1f}"
        print(f"{name:45} {value:8.1f} ms  ({spread})")
    print(
        f"{'opens, of the plain list in an empty window':45} {middle['opens'] / middle['plain list opens']:8.2f} times"
    )
    reached = middle["opens"] <= OPENS and middle["longest without an answer"] <= STALL
    return 0 if reached else 1


def _library(places: paths.Folders) -> tuple[MeetingId, MeetingId]:
    """A meeting of ten thousand segments with word times, and one of a single segment, which is shown first."""
    paths.create(places)
    store = Store(places)
    made = []
    for day, count in ((1, SEGMENTS), (2, 1)):
        duration = 4.0 * count
        new = store.add_meeting(
            f"Meeting {count}", datetime(2026, 3, day, tzinfo=UTC), Source.IMPORT, duration=duration
        )
        begun = store.begin_transcript(new, TranscriptOptions(), "en")
        store.add_segments(begun, [_segment(place) for place in range(count)], Place(duration), language="en")
        store.complete_transcript(begun)
        made.append(new)
    store.close()
    return made[0], made[1]


def _segment(place: int) -> Segment:
    words = (_TEXT * (1 + place % 3)).split()[: 6 + 7 * place % 31]
    start, step = 4.0 * place, 3.5 / len(words)
    times = tuple(
        Word(
            start + number * step, start + (number + 0.9) * step, f" {word}", 0.3 if number % 9 == 4 else 0.9
        )
        for number, word in enumerate(words)
    )
    return Segment(start, start + 3.5, " ".join(words), times, doubt="improbable" if place % 50 == 7 else "")


def _read(places: paths.Folders, meeting_id: MeetingId) -> tuple[Segment, ...]:
    store = Store(places)
    shown = store.transcript(meeting_id)
    store.close()
    assert shown
    return shown.segments


def _ours(window: MainWindow, long: MeetingId, short: MeetingId) -> dict[str, float]:
    """The figures of one round, in milliseconds."""
    view = window.page.transcript
    figures = {}
    window.commands.show(short)
    _until(lambda: view.segments.count == 1 and not window.commands._busy())
    heart = _Heart()
    painted = _Painted(view.viewport())
    began = time.perf_counter()
    window.commands.show(long)
    _until(lambda: view.segments.count > 1)
    painted.wait()
    figures["opens"] = 1000 * (time.perf_counter() - began)
    _until(lambda: view.segments.count >= SEGMENTS)
    figures["opens, the whole text"] = 1000 * (time.perf_counter() - began)
    figures["longest without an answer"] = heart.ended()
    _until(lambda: not window.commands._busy())
    figures["a screen further down"] = _paged(view)
    figures["goes to the last quarter"] = _timed(view, lambda: view.go_to(0, 4.0 * SEGMENTS * 0.77))
    bar = window.page.text.bar
    bar.begin(replacing=False)
    figures["finds a word in it"] = _timed(view, lambda: bar.input.setText("translation"))
    bar.input.clear()
    bar.leave()
    middle = view.segments.segments[SEGMENTS // 2]
    count = view.segments.count
    heart = _Heart()
    began = time.perf_counter()
    window.commands.split_segment(long, middle.id, middle.text, len(middle.text) // 2)
    _until(lambda: view.segments.count == count + 1)
    figures["splits one in the middle"] = 1000 * (time.perf_counter() - began)
    figures["longest without an answer, splitting"] = heart.ended()
    window.commands.undo(long)
    _until(lambda: view.segments.count == count and not window.commands._busy())
    return figures


def _plain(texts: list[str]) -> dict[str, float]:
    """The same of Qt's own list, its lines broken, in an empty window."""
    window = QMainWindow()
    window.resize(1180, 760)
    window.show()
    _until(window.isVisible)
    began = time.perf_counter()
    view = QListView()
    view.setWordWrap(True)
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setModel(QStringListModel(texts, view))
    painted = _Painted(view.viewport())
    window.setCentralWidget(view)
    painted.wait()
    opened = 1000 * (time.perf_counter() - began)
    figures = {"plain list opens": opened, "plain list, a screen further down": _paged(view)}
    window.close()
    window.deleteLater()
    QApplication.processEvents()
    return figures


def _paged(view: QListView) -> float:
    """Milliseconds to paint a screen further down, the slowest but one of many."""
    bar = view.verticalScrollBar()
    bar.setValue(0)
    times = [_timed(view, lambda: bar.setValue(bar.value() + view.viewport().height())) for _ in range(PAGES)]
    return sorted(times)[-2]


def _timed(view: QListView, change: Callable[[], object]) -> float:
    """Milliseconds until a change is painted."""
    began = time.perf_counter()
    change()
    view.viewport().repaint()
    return 1000 * (time.perf_counter() - began)


def _until(true: Callable[[], bool], seconds: float = 60) -> None:
    began = time.monotonic()
    while not true():
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        if time.monotonic() > began + seconds:
            raise TimeoutError
        time.sleep(0.0005)


class _Painted(QObject):
    """Waits until a widget is painted next."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        self._seen = False
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Notes when it is painted."""
        if event.type() == QEvent.Type.Paint:
            self._seen = True
        return False

    def wait(self) -> None:
        """Until it was painted after now."""
        self._seen = False
        self._widget.update()
        _until(lambda: self._seen)
        self._widget.removeEventFilter(self)


class _Heart(QTimer):
    """Beats every few milliseconds while the window answers."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self._longest = 0.0
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.timeout.connect(self._beat)
        self.start(2)

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last)
        self._last = now

    def ended(self) -> float:
        """The longest time between two beats, in milliseconds."""
        self.stop()
        self._beat()
        return 1000 * self._longest
