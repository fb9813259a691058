"""Records for five minutes while transcriptions keep two cores busy, and looks for a single lost frame.

A steady tone is played into the microphone; where a frame of it is lost or doubled its phase jumps. The program runs
one transcription at a time, which leaves a part of the second core free; here there are two, so that the recorder has
to take its time from others. The player and the sound server, which has no real-time priority here, may come too late
themselves: another program captures the same sound, and a jump that it hears too is not the recorder's.
"""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from core import meetings, paths
from core.audio import media
from core.audio.recorder import Recorder
from core.audio.recording import RATE
from core.meetings import Library
from core.tasks import Lane, Tasks
from core.values import Channel, Job, Source, TranscriptOptions
from tests.microphone import sound_system

SECONDS = 300.0
TONE = 440.0
JUMP = 0.2
"""Radians; one lost frame of 48 kHz turns the tone by 0.06, one lost packet of 10 ms by more than 2. Between steps of
20 ms a clean recording turns by less than 0.02."""


def run() -> int:
    """1 when the recorder lost a frame or the machine was not busy enough to tell."""
    with tempfile.TemporaryDirectory(prefix="mt-load-") as root, sound_system(Path(root)) as microphone:
        os.environ.update(microphone.environment)
        path, lock = Path(root) / "load.ogg", Path(root) / "load.record"
        libraries = [Library(paths.folders(Path(root) / f"data{number}")) for number in range(2)]
        lanes = (Tasks(), Tasks())
        for tasks, library in zip(lanes, libraries, strict=True):
            tasks.start(_endless(library), lane=Lane.COMPUTE)
        microphone.begin(_tone(SECONDS + 30), RATE)
        captured = Path(root) / "witness.raw"
        with (
            microphone.witness(captured),
            Recorder.start(path, lock, [Channel.MICROPHONE]) as recorder,
        ):
            began = time.monotonic()
            psutil.cpu_percent()
            while (now := time.monotonic()) < began + SECONDS:
                state = recorder.state()
                time.sleep(min(1.0, began + SECONDS - now))
            busy = psutil.cpu_percent()
            lasted = time.monotonic() - began
            state = recorder.stop()
        for tasks in lanes:
            tasks.close(30)
        for library in libraries:
            library.close()
        jumps = phase_jumps(np.concatenate(list(media.blocks(path))), media.SAMPLE_RATE)
        others = phase_jumps(np.fromfile(captured, "<i2").astype(np.float32), RATE)
    print(f"{lasted:.0f} s recorded while the cores were busy at {busy:.0f} %")
    print(
        f"{state.gaps} gaps told, {jumps} jumps found, {others} by the other program, "
        f"{state.elapsed - lasted:+.2f} s longer than the clock"
    )
    lost = jumps > others or (state.gaps and not others)
    return int(bool(lost or busy < 80 or abs(state.elapsed - lasted) > 1.0))


def _tone(seconds: float) -> NDArray[np.float32]:
    at = np.arange(int(seconds * RATE)) / RATE
    return (0.25 * np.sin(2 * np.pi * TONE * at)).astype(np.float32)


def _endless(library: Library) -> Job[None]:
    """Transcribes the sample again and again."""
    meeting_id = yield from meetings.import_audio(library, paths.SAMPLE, source=Source.SAMPLE)
    for number in itertools.count():
        yield from meetings.transcribe(library, meeting_id, TranscriptOptions(vocabulary=(f"run {number}",)))


def phase_jumps(sound: NDArray[np.float32], rate: int) -> int:
    """At how many places the tone's phase does not go on as it was, leaving out the first and last second."""
    step = rate // 50
    at = np.arange(len(sound)) / rate
    turned = sound * np.exp(-2j * np.pi * TONE * at)
    whole = len(turned) // step * step
    phases = np.angle(turned[:whole].reshape(-1, step).mean(axis=1))[50:-50]
    # The server's clock and ours differ a little, so that the phase drifts evenly.
    turns = np.diff(np.unwrap(phases))
    return int(np.sum(np.abs(turns - np.median(turns)) > JUMP))
