"""The window with a large library, beside an empty window of the same run: its start, its search, its idle rest.

Two thousand meetings with a million segments are made first. The starts are timed from before the process is made to
the first painting, and to that of the listed library; the processes take turns. Searches are timed in the store, to the
first hits and to the ranked ones. Idle is the processor time of the open window over some seconds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core import paths
from core.store import Store
from tests.benchmarks.made_library import make

MEETINGS, SEGMENTS = 2000, 500
ROUNDS = 7
IDLE_SECONDS = 20.0

FIRST_PAINT, LIBRARY_PAINT, FIRST_HITS, IDLE = 4.0, 8.0, 0.05, 0.01
"""The goals: times the empty window, times the empty window, seconds, share of a core."""

SEARCHES = (
    "budget",
    "the",
    "th",
    "bu",
    "budget test",
    '"next week"',
    "budget speaker:ana",
    "the tag:finance",
    "zzzz",
)

EMPTY = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", time.time(), flush=True)
        QTimer.singleShot(0, app.quit)

app = QApplication([])
window = Window()
window.resize(1180, 760)
window.show()
app.exec()
"""

OURS = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from core import paths
from desktop.app import open_window

app = QApplication([])
window = open_window(app, paths.folders(Path(sys.argv[1])))
window.painted.connect(lambda: print("painted", time.time(), flush=True))

def listed(_meetings):
    window.library.list.viewport().repaint()
    print("library", time.time(), flush=True)
    if len(sys.argv) == 2:
        app.quit()

window.commands.meetings_listed.connect(listed)
if len(sys.argv) > 2:
    QTimer.singleShot(round(1000 * float(sys.argv[2])), app.quit)
    def clock():
        print("used", time.process_time(), time.time(), flush=True)
    QTimer.singleShot(8000, clock)
    app.aboutToQuit.connect(clock)
app.exec()
window.commands.close(5)
"""


def started(code: str, *arguments: str) -> dict[str, float]:
    """Seconds from before the start of a process to what it tells."""
    began = time.time()
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=120, check=True
    )
    told = (line.split() for line in run.stdout.splitlines())
    return {name: float(moment) - began for name, moment, *_rest in told if name != "used"}


def idle(root: Path) -> float:
    """The share of a core that the window takes while nobody does anything."""
    run = subprocess.run(
        [sys.executable, "-c", OURS, str(root), str(8 + IDLE_SECONDS)],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    (first, begin), (last, end) = (
        map(float, line.split()[1:]) for line in run.stdout.splitlines() if line.startswith("used")
    )
    return (last - first) / (end - begin)


def searched(places: paths.Folders) -> float:
    """Prints how long each search takes; the seconds to the first hits of the slowest."""
    store = Store(places)
    slowest = 0.0
    for asked in SEARCHES:
        firsts, lasts, hits = [], [], 0
        for _round in range(5):
            began = time.perf_counter()
            times = []
            for found in store.search(asked):
                times.append(time.perf_counter() - began)
                hits = len(found.hits)
            firsts.append(times[0])
            lasts.append(times[-1])
        slowest = max(slowest, statistics.median(firsts))
        print(
            f"search {asked!r:24} first {1000 * statistics.median(firsts):6.1f} ms, "
            f"ranked {1000 * statistics.median(lasts):6.1f} ms, {hits} hits"
        )
    store.close()
    return slowest


def run() -> int:
    """Prints the figures; 1 where one of them misses its goal."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        places = paths.folders(Path(folder) / "library")
        began = time.perf_counter()
        make(places, MEETINGS, SEGMENTS)
        size = places.database.stat().st_size / 1e6
        print(
            f"{MEETINGS} meetings of {SEGMENTS} segments, {size:.0f} MB, in {time.perf_counter() - began:.0f} s"
        )
        empty, first, library = [], [], []
        for _round in range(ROUNDS):
            empty.append(started(EMPTY)["painted"])
            ours = started(OURS, str(places.root))
            first.append(ours["painted"])
            library.append(ours["library"])
        beside = statistics.median(empty)
        painted, listed = statistics.median(first) / beside, statistics.median(library) / beside
        print(f"empty window painted after {beside:.3f} s")
        print(
            f"first painting {statistics.median(first):.3f} s: {painted:.1f} times (goal {FIRST_PAINT:.0f})"
        )
        print(
            f"painted library {statistics.median(library):.3f} s: {listed:.1f} times (goal {LIBRARY_PAINT:.0f})"
        )
        hits = searched(places)
        print(f"slowest first hits {1000 * hits:.0f} ms (goal {1000 * FIRST_HITS:.0f} ms)")
        rest = idle(places.root)
        print(f"idle: {rest:.2%} of a core (goal {IDLE:.0%})")
    return int(painted > FIRST_PAINT or listed > LIBRARY_PAINT or hits > FIRST_HITS or rest > IDLE)
