"""The networks as they ship say what they say in full precision, but for noise; see `scripts/speaker_models.py`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core import paths
from core.audio import media
from core.speech.filterbank import features
from core.speech.networks import SAMPLE_RATE, WINDOW, Samples, activity, voice_print

TOLD = Path(__file__).parents[2] / "data" / "full_precision.npz"

WINDOWS = 4
"""Windows of ten seconds of the sample meeting in which it is compared who is active."""

STRETCHES = ((1, 3), (4, 6), (7, 9), (12, 14), (16, 18), (20, 22), (29, 31), (32, 34), (36, 38), (38, 40))
"""Seconds of it in which one of three people speaks: what that voice is like is compared."""

LINDA = slice(0, 3)


def sample() -> Samples:
    """As much of the sample meeting as is compared."""
    return np.concatenate(list(media.blocks(paths.SAMPLE))[:42])[: WINDOWS * WINDOW]


def activities(sound: Samples) -> NDArray[np.bool_]:
    """Which voices are active when, in each window."""
    return np.array([activity(sound[WINDOW * place :][:WINDOW]) for place in range(WINDOWS)])


def prints(sound: Samples) -> Samples:
    """What each stretch's voice is like."""
    stretches = (sound[begin * SAMPLE_RATE : end * SAMPLE_RATE] for begin, end in STRETCHES)
    return np.array([voice_print(features(one)) for one in stretches])


def test_the_networks_say_what_they_say_in_full_precision() -> None:
    told, sound = np.load(TOLD), sample()
    same_frames = (activities(sound) == told["activities"]).all(axis=2).mean()
    assert same_frames > 0.992
    full, ours = told["prints"].astype(np.float32), prints(sound)
    noise = 1 - np.einsum("ij,ij->i", full, ours)
    assert noise.max() < 0.015
    # Far less than what lies between two stretches of one voice, let alone of two.
    one_voice = 1 - (full[LINDA] @ full[LINDA].T)[np.triu_indices(3, 1)]
    assert noise.max() < one_voice.min() / 10
    assert np.abs(full @ full.T - ours @ ours.T).max() < 0.04


def test_the_library_that_runs_them_tells_its_maker_nothing(tmp_path: Path) -> None:
    """What it means to tell lies in a file below the person's home."""
    load = "from core.speech import detector, networks; networks._session('voice.onnx'); detector.Detector()"
    set_by_hand = {"ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME", "XDG_DATA_HOME"}
    around = {name: value for name, value in os.environ.items() if name not in set_by_hand}
    subprocess.run([sys.executable, "-c", load], env=around | {"HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []
