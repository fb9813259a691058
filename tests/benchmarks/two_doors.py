"""The real window and the terminal write into one library at once, 1,000 times: nothing may be lost, nobody troubled.

The window writes a note at each turn of its event loop, the terminal by one verb after the other, as two people would.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from core import paths
from core.meetings import Library
from core.values import MeetingId, Source

WRITES = 500
"""The writes of each."""

WINDOW = """
import sys
from PySide6.QtCore import QTimer
from core.values import MeetingId
from desktop import app

open_window, (folder, meeting, count) = app.open_window, sys.argv[1:]

def opened(*given):
    window = open_window(*given)
    writes = iter(range(int(count)))
    timer = QTimer(window)

    def write():
        number = next(writes, None)
        if number is not None:
            window.commands.add_note(MeetingId(meeting), float(number), f"window {number}")
        elif not window.commands._busy():
            timer.stop()
            print("done", flush=True)
            sys.stdin.readline()
            window.leave()

    timer.timeout.connect(write)
    window.commands.opened.connect(timer.start)
    window.commands.troubled.connect(lambda trouble: print("troubled", trouble, flush=True))
    return window

app.open_window = opened
sys.exit(app.run(folder))
"""

TERMINAL = """
import sys
from core import terminal
folder, meeting, count = sys.argv[1:]
for number in range(int(count)):
    if terminal.run(["--data-dir", folder, "notes", meeting, "--add", f"terminal {number}", "--at", str(number)]):
        print("troubled", number, flush=True)
print("done", flush=True)
"""


def _started(code: str, *given: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *given],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run() -> int:
    """0 when every write is there and neither door told of any trouble."""
    with tempfile.TemporaryDirectory(prefix="mt-doors-") as name:
        library = Library(paths.folders(Path(name) / "data"))
        meeting_id = library.store.add_meeting("Budget", datetime.now(UTC), Source.IMPORT)
        began = time.monotonic()
        told = _written(str(library.places.root), meeting_id)
        seconds = time.monotonic() - began
        kept = [note.text for note in library.store.notes(meeting_id)]
        library.close()
    wanted = {f"{door} {number}" for door in ("window", "terminal") for number in range(WRITES)}
    lost = wanted - set(kept)
    locked = [line for line in told if "locked" in line or "troubled" in line]
    print(
        f"{len(wanted)} writes in {seconds:.0f} s: {len(lost)} lost, {len(kept) - len(set(kept))} twice, "
        f"{len(locked)} troubles"
    )
    print(*locked[:5], sep="\n", end="")
    return int(bool(lost or locked) or len(kept) != len(wanted))


def _written(folder: str, meeting_id: MeetingId) -> list[str]:
    """All that both programs printed."""
    window, terminal = (_started(code, folder, meeting_id, str(WRITES)) for code in (WINDOW, TERMINAL))
    out, err = terminal.communicate(timeout=600)
    said, complained = window.communicate("\n", timeout=600)
    return [*out.splitlines(), *err.splitlines(), *said.splitlines(), *complained.splitlines()]


if __name__ == "__main__":
    sys.exit(run())
