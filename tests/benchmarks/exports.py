"""Exports: a meeting of four hours in every format, seconds and memory, each against plain text.

Each is made by a process of its own, so that its memory is its own; Python and the imports are in its peak. The sound's
formats are measured beside decoding that sound and doing nothing with it; cutting a passage beside copying the file.
Printing and the clipboard are measured by how long the window stood.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from core.audio.recording import RecordingWriter
from core.audio.splice import Stretch, splice
from core.values import SOUNDS, Format
from tests.benchmarks.long_recording import speech_like

HOURS = 4
SEGMENTS = 10_000

MOST_SECONDS = 60.0
MOST_MEGABYTES = 600
MOST_MILLISECONDS = 50
"""How long the window may stand."""

WRITING = """
import json, resource, sys, time
from core import export
from tests.handed_on import long
document = long(int(sys.argv[2]), float(sys.argv[3]))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
size = len(export.render(document, sys.argv[1]))
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"seconds": seconds, "size": size, "peak": peak / 1024, "more": (peak - before) / 1024}))
"""

HEARING = """
import json, resource, shutil, sys, time
from pathlib import Path
from core.audio import encode, media, splice
from core.values import Format
what, path, target = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
length = media.measure(path)
cut = [splice.Stretch(path, 0.0, length / 3), splice.Stretch(path, length / 2, length)]
job = {
    "decode": lambda: media.blocks(path),
    "copy": lambda: shutil.copyfile(path, target) and (),
    "audio": lambda: encode.copy(path, target),
    "opus": lambda: encode.compress(path, target, Format.OPUS, length),
    "mp3": lambda: encode.compress(path, target, Format.MP3, length),
    "cut": lambda: splice.splice(cut, target, 2),
}[what]
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
for _step in job():
    pass
seconds = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
size = target.stat().st_size if target.exists() else 0
print(json.dumps({"seconds": seconds, "size": size, "peak": peak / 1024, "more": (peak - before) / 1024}))
"""

STANDING = """
import json, os, sys, tempfile, time
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from core import meetings, paths
from core.tasks import Lane, Tasks
from core.values import Place, TranscriptOptions
from desktop import printing
from desktop.views.main_window import _to_clipboard
from tests.handed_on import MEETING, long

def fill(library):
    new = library.store.add_meeting(MEETING.title, MEETING.started_at, MEETING.source, duration=float(sys.argv[2]))
    begun = library.store.begin_transcript(new, TranscriptOptions(), "en")
    said = [one for one in long(int(sys.argv[1]), float(sys.argv[2])).transcript.segments]
    for one in said:
        object.__setattr__(one, "id", 0)
        object.__setattr__(one, "speaker_id", 0)
    library.store.add_segments(begun, said, Place(float(sys.argv[2])), language="en")
    library.store.complete_transcript(begun)
    return new

application = QApplication([])
with tempfile.TemporaryDirectory() as folder:
    library = meetings.Library(paths.folders(folder))
    new = fill(library)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(Path(folder) / "printed.pdf"))
    chosen, tasks = printing.options(printer), Tasks()
    stood, last = [0.0], [time.perf_counter()]
    def tick():
        now = time.perf_counter()
        stood[0] = max(stood[0], now - last[0])
        last[0] = now
    timer = QTimer(interval=1)
    timer.timeout.connect(tick)
    timer.start()
    def run(job):
        task = tasks.start(job, lane=Lane.IO)
        while not task.state.final:
            application.processEvents()
        return task.result
    def waits():
        for _step in range(100):
            time.sleep(0.05)
            yield None
    def made():
        yield from ()
        return meetings.as_text(library, new, "txt"), meetings.rich_text(library, new)
    def printed(html):
        yield from ()
        return printing.send(chosen, html)
    run(waits())
    idle, stood[0] = stood[0], 0.0
    begun = time.perf_counter()
    text, html = run(made())
    _to_clipboard(text, html)
    application.processEvents()
    done = run(printed(html))
    seconds = time.perf_counter() - begun
    assert done and (Path(folder) / "printed.pdf").stat().st_size
    tasks.close(5)
    library.close()
print(json.dumps({"seconds": seconds, "stood": 1000 * stood[0], "idle": 1000 * idle}), flush=True)
os._exit(0)
"""


def measured(code: str, *given: object) -> dict[str, float]:
    """What a process of its own tells of itself."""
    command = [sys.executable, "-c", code, *map(str, given)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(output.splitlines()[-1])
    return found


def row(name: str, one: dict[str, float], beside: dict[str, float]) -> None:
    """Prints a line of the table."""
    ratio = one["seconds"] / max(beside["seconds"], 1e-3)
    memory = f"{one['peak']:8.0f} {one['more']:8.0f}"
    print(f"{name:8} {one['seconds']:8.2f} {ratio:7.1f} {memory} {one['size'] / 1000:9.0f}", flush=True)


def call(path: Path) -> None:
    """A call of two channels, as our recorder writes it: the same minutes, over and over."""
    minutes = path.with_name("minutes.ogg")
    writer = RecordingWriter(minutes, 2)
    writer.write(speech_like(20.0, 2))
    writer.close()
    for _step in splice([Stretch(minutes, 0.0, 20.0)] * (180 * HOURS), path, 2):
        pass


def run() -> int:
    """Prints a line for each format; 1 where one takes too long or too much."""
    text = measured(WRITING, Format.TEXT, SEGMENTS, 3600 * HOURS)
    print(f"{HOURS} hours, {SEGMENTS} segments; the time as a multiple of that of plain text")
    print(f"{'format':8} {'seconds':>8} {'ratio':>7} {'peak MB':>8} {'more MB':>8} {'file kB':>9}")
    missed = False
    for kind in Format:
        if kind in SOUNDS:
            continue
        one = text if kind is Format.TEXT else measured(WRITING, kind, SEGMENTS, 3600 * HOURS)
        row(kind, one, text)
        missed |= one["seconds"] > MOST_SECONDS or one["peak"] > MOST_MEGABYTES
    with tempfile.TemporaryDirectory() as folder:
        path, target = Path(folder) / "call.ogg", Path(folder) / "target"
        call(path)
        print(f"{HOURS} hours of sound, two channels; as multiples of decoding it, and of copying the file")
        for names, base in ((("decode", "opus", "mp3"), "decode"), (("copy", "audio", "cut"), "copy")):
            beside: dict[str, float] = {}
            for name in names:
                target.unlink(missing_ok=True)
                one = measured(HEARING, name, path, target)
                beside = one if name == base else beside
                row(name, one, beside)
                missed |= one["peak"] > MOST_MEGABYTES
    window = measured(STANDING, SEGMENTS, 3600 * HOURS)
    print(
        f"printed and on the clipboard after {window['seconds']:.1f} s; the window stood {window['stood']:.0f} ms "
        f"at most, {window['idle']:.0f} ms while nothing was done"
    )
    return int(missed or window["stood"] > MOST_MILLISECONDS)
