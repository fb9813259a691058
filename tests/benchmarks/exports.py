"""Exports: a meeting of four hours in every format, seconds and memory, each against plain text.

Each format is written by a process of its own, so that its memory is its own; Python and the imports are in its peak.
"""

from __future__ import annotations

import json
import subprocess
import sys

from core.values import SOUNDS, Format

HOURS = 4
SEGMENTS = 4 * 900
"""As many as four hours of talk have: one every four seconds, fifteen words each."""

MOST_SECONDS = 60.0
MOST_MEGABYTES = 600

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


def measured(kind: str) -> dict[str, float]:
    """What it takes to write a meeting in this format."""
    command = [sys.executable, "-c", WRITING, kind, str(SEGMENTS), str(3600 * HOURS)]
    found: dict[str, float] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
    )
    return found


def run() -> int:
    """Prints a line for each format; 1 where one takes too long or too much."""
    text = measured(Format.TEXT)
    print(f"{HOURS} hours, {SEGMENTS} segments; the time as a multiple of that of plain text")
    print(f"{'format':8} {'seconds':>8} {'ratio':>7} {'peak MB':>8} {'more MB':>8} {'file kB':>8}")
    missed = False
    for kind in Format:
        if kind in SOUNDS:
            continue
        one = text if kind is Format.TEXT else measured(kind)
        ratio = one["seconds"] / max(text["seconds"], 1e-3)
        memory = f"{one['peak']:8.0f} {one['more']:8.0f}"
        print(f"{kind:8} {one['seconds']:8.2f} {ratio:7.1f} {memory} {one['size'] / 1000:8.0f}")
        missed |= one["seconds"] > MOST_SECONDS or one["peak"] > MOST_MEGABYTES
    return int(missed)
