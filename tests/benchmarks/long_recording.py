"""An hour of two channels through the recording's writer, faster than real time, and a reader along with it.

Blocks of 10 ms as devices deliver them, a sync every second. Speech-like noise costs the encoder more than speech.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from core.audio import ogg, recording

SECONDS = 3600
CHANNELS = 2
BLOCK = recording.RATE // 100
LARGEST = 70e6
"""Bytes an hour and channel."""
GROWTH = 4e6
"""Bytes of memory after the first minute that are not growth."""
SLOWEST = 0.2
"""Of one core, so that the other work of a laptop leaves the recorder in time."""


def speech_like(
    seconds: float, channels: int, rate: int = recording.RATE, seed: int = 1
) -> NDArray[np.float32]:
    """Noise that swells and fades a few times a second, another in each channel; shape (frames, channels)."""
    time_of = np.arange(round(seconds * rate)) / rate
    noise = np.random.default_rng(seed).normal(0, 0.15, (len(time_of) + 7, channels))
    smooth = np.lib.stride_tricks.sliding_window_view(noise, 8, axis=0).sum(-1) / 3
    swell = np.maximum(0, np.sin(2 * np.pi * np.outer(time_of, 3.1 - 0.4 * np.arange(channels))))
    return np.asarray(smooth * swell, dtype=np.float32)


def run() -> int:
    """Prints memory at the start, middle and end, size, and speeds; 0 when all are as they must be."""
    sound = speech_like(20, CHANNELS)
    process = psutil.Process()
    memory: dict[int, int] = {}
    encoding = reading = syncing = late = 0.0
    heard = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"hour{ogg.SUFFIX}"
        writer = recording.RecordingWriter(path, CHANNELS)
        follower = recording.Follower(path)
        for second in range(SECONDS):
            begun = time.process_time()
            for place in range(0, recording.RATE, BLOCK):
                at = (second * recording.RATE + place) % len(sound)
                writer.write(sound[at : at + BLOCK])
            written = time.process_time()
            writer.sync()
            late = max(late, writer.written - writer.synced)
            synced = time.process_time()
            heard += len(follower.read())
            encoding += written - begun
            syncing += synced - written
            reading += time.process_time() - synced
            if second in {60, SECONDS // 2, SECONDS - 1}:
                memory[second] = process.memory_info().rss
        writer.close()
        heard += len(follower.read())
        follower.close()
        begun = time.process_time()
        length = recording.seconds(path)
        repaired = recording.repair(path)
        finding = time.process_time() - begun
        size = path.stat().st_size / CHANNELS * 3600 / SECONDS
    start, middle, end = (f"{value / 1e6:.1f}" for value in memory.values())
    growth = max(memory.values()) - min(memory.values())
    print(f"memory (MB): {start} after a minute, {middle} in the middle, {end} at the end")
    print(f"size: {size / 1e6:.1f} MB per hour and channel")
    print(
        f"processor time per second of sound: writing {encoding / SECONDS:.4f} s, syncing {syncing / SECONDS:.4f} s, "
        f"reading along {reading / SECONDS:.4f} s"
    )
    print(f"not yet on the disk after a sync: at most {late:.3f} s")
    print(
        f"length: {length} s written, {heard / 16_000} s read along; found and checked in {finding * 1000:.1f} ms"
    )
    complete = length == repaired == SECONDS == heard / 16_000
    flat = growth < GROWTH
    return int(not (complete and flat and size <= LARGEST and encoding < SLOWEST * SECONDS and late <= 0.25))
