"""Speaks `resources/sample/script.txt` into `meeting.ogg` with flite, a free synthesiser of Debian.

usage: python scripts/make_sample.py        (needs `apt-get install flite`)

The same script gives the same sound: nothing in it is left to chance.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

SAMPLE = Path(__file__).resolve().parent.parent / "resources" / "sample"
RATE = 16_000  # what these voices of flite speak at, in Hz
BIT_RATE = 32_000
LEVEL = 0.08  # root mean square of every turn, full scale 1: about -22 dB, as loud as a close microphone
PAUSES = (0.3, 0.8)  # seconds between two turns
BREATH = 0.45  # seconds between two sentences of one turn; flite's own pause is too short for full stops

# Voice of flite and how slowly it speaks; tried until the starter model understood every name and date.
VOICES = {"LINDA": ("slt", 1.0), "DANIEL": ("rms", 1.0), "ROBERT": ("awb", 1.0)}


def turns(script: str) -> Iterator[tuple[str, str]]:
    """(name, text) of each line `NAME: sentences` of `script`."""
    for line in script.splitlines():
        name, _, text = line.partition(": ")
        yield name, text


def speak(name: str, sentence: str) -> NDArray[np.float32]:
    """`sentence` in the voice of `name`: mono, `RATE`, at `LEVEL`, without silence around it.

    Raises FileNotFoundError where flite is not installed.
    """
    voice, stretch = VOICES[name]
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(
            [
                "flite",
                "-voice",
                voice,
                "--setf",
                f"duration_stretch={stretch}",
                "-t",
                sentence,
                "-o",
                file.name,
            ],
            check=True,
        )
        with wave.open(file.name) as sound:
            assert (sound.getframerate(), sound.getnchannels()) == (RATE, 1)
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / np.float32(32768)
    heard = np.flatnonzero(np.abs(samples) > 0.01)
    samples = samples[heard[0] : heard[-1] + RATE // 20]
    samples *= LEVEL / np.sqrt(np.mean(samples**2))
    return samples.clip(-1, 1)


def silence(seconds: float) -> NDArray[np.float32]:
    """Nothing, for so long."""
    return np.zeros(int(RATE * seconds), np.float32)


def meeting(script: str) -> NDArray[np.float32]:
    """The whole meeting: mono, `RATE`, with a pause after every turn."""
    chance = random.Random(script)
    parts = []
    for name, text in turns(script):
        for sentence in re.split(r"(?<=[.?]) ", text):
            parts += [speak(name, sentence), silence(BREATH)]
        parts[-1] = silence(chance.uniform(*PAUSES))
    return np.concatenate(parts)


def write(samples: NDArray[np.float32], path: Path, title: str, started_at: str) -> None:
    """`samples` as Ogg Opus; `started_at` is the file's own date, so that "by Friday" means one day."""
    with av.open(str(path), "w", format="ogg", options={"fflags": "+bitexact", "serial_offset": "1"}) as file:
        file.metadata.update({"title": title, "creation_time": started_at})
        stream = file.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="flt", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), 0
        file.mux(stream.encode(frame))
        file.mux(stream.encode(None))


def main() -> None:
    """Writes the file and says how long and how large it became."""
    facts = json.loads((SAMPLE / "facts.json").read_text(encoding="utf-8"))
    samples = meeting((SAMPLE / "script.txt").read_text(encoding="utf-8"))
    path = SAMPLE / "meeting.ogg"
    write(samples, path, facts["title"], facts["started_at"])
    print(f"{path}: {len(samples) / RATE:.1f} s, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
