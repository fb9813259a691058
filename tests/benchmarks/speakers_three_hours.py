"""Three hours of many readers in one file: what telling their voices apart takes, in a process of its own.

The English recordings (see `word_error_rate`), one after the other, again and again, as `three_hours` does it.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from core import meetings, paths
from core.meetings import Library
from tests.benchmarks.three_hours import MINUTES, make_talk
from tests.benchmarks.word_error_rate import SPEECH_VARIABLE, recordings

MOST_MEMORY = 300e6
"""Bytes beyond what the process needs with the program's libraries loaded."""

MOST_TIME = 0.04
"""Share of the sound's length."""

_CHILD = """
import json, resource, sys, time
import numpy, onnxruntime
from core import meetings, paths, speech
from core.audio import media
from core.meetings import Library

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

library = Library(paths.folders(sys.argv[1]))
(meeting,) = library.store.meetings()
before, began = peak(), time.monotonic()
job = meetings.separate(library, meeting.id)
memory = []
try:
    while True:
        next(job)
        memory.append(peak())
except StopIteration as end:
    found = end.value
seconds = time.monotonic() - began
print(json.dumps([before, memory[len(memory) // 2], peak(), seconds, meeting.duration, len(found)]))
library.close()
"""


def run() -> int:
    """Measures it; 1 when a figure is not reached, 2 without recordings."""
    if not any(one.language == "en" for one in recordings()):
        print(f"Not measured: {SPEECH_VARIABLE} names no folder with recordings.")
        return 2
    with tempfile.TemporaryDirectory(prefix="mt-voices-") as name:
        sound = Path(name) / "long.ogg"
        make_talk(sound, MINUTES)
        library = Library(paths.folders(Path(name) / "data"))
        for _event in meetings.import_audio(library, sound):
            pass
        library.close()
        command = [sys.executable, "-c", _CHILD, str(library.places.root)]
        told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    before, half, peak, seconds, duration, voices = json.loads(told)
    print(
        f"  {duration / 60:.0f} minutes, {voices} voices: {seconds / duration:.3f} of the length of the sound"
    )
    beyond, half_way = (round((one - before) / 1e6) for one in (peak, half))
    print(f"  memory: {beyond} MB beyond {before / 1e6:.0f} MB, {half_way} MB half-way")
    return 0 if peak - before <= MOST_MEMORY and seconds <= MOST_TIME * duration else 1
