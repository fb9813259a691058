"""The two small networks that tell voices apart: who is heard in ten seconds of sound, and what a voice is like.

They come with the program (`resources/models/speakers`, where their sources and licences are told) and run in ONNX
Runtime on the processor.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core import errors, paths, power
from core.speech.filterbank import BINS

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000

WINDOW = 160_000
"""Samples that the activity network hears at once (ten seconds)."""

STEP = 270
"""Samples from one of its frames to the next (17 ms)."""

CENTRE = 495
"""The sample in the middle of what its first frame sees."""

VOICES = 3
"""Voices that it tells apart in a window."""

PRINT = 192
"""Numbers in a voice print."""

_HEARD = np.array(
    [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]],
    dtype=bool,
)
"""What its seven classes mean: nobody, one of three voices, two of them (pyannote's `Powerset`, 3, 2 at once)."""

FOLDER = paths.RESOURCES / "models" / "speakers"

_MOST_THREADS = 4
"""More do not make networks so small any faster."""


def activity(sound: Samples) -> NDArray[np.bool_]:
    """Which voices are heard when in a window, mono float32 at 16 kHz of at most `WINDOW` samples: (frames, `VOICES`).

    Which voice has which place is another matter in each window. Raises `SpeakerModelDamaged`.
    """
    padded = np.zeros(WINDOW, dtype=np.float32)
    padded[: len(sound)] = sound
    classes = _run("activity.onnx", "input", padded[None, None])[0]
    return np.asarray(_HEARD[classes.argmax(axis=1)])


def voice_print(features: Samples) -> Samples:
    """What a voice is like, as a unit vector of `PRINT` numbers, from `features` (frames, 80) where it is heard alone.

    The dot product of two is 1 where they are the same. Raises `SpeakerModelDamaged`.
    """
    assert features.shape[1] == BINS
    level = features - features.mean(axis=0)
    found = _run("voice.onnx", "feats", level[None])[0]
    return np.asarray(found / np.linalg.norm(found), dtype=np.float32)


def _run(name: str, entry: str, values: Samples) -> Any:
    return _session(name).run(None, {entry: np.ascontiguousarray(values, dtype=np.float32)})[0]


@cache
def _session(name: str) -> InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(_MOST_THREADS, power.physical_cores())
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads must not keep the cores from the recorder; stretches of all lengths must not fill the memory.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.enable_cpu_mem_arena = False
    path = FOLDER / name
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises classes of its own that it does not publish
        raise errors.SpeakerModelDamaged(str(path)) from error
