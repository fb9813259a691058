"""This machine, as far as the speech engine's speed hangs on it: its processor and its graphics processor."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import time
from collections.abc import Generator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from core import power
from core.values import Machine, Model

if TYPE_CHECKING:
    from core.speech.detector import Samples

DEVICE_VARIABLE = "MEETING_TRANSCRIBER_DEVICE"
"""'cpu' in this variable of the environment leaves the graphics processor alone."""

MOST_THREADS = 8
"""More threads than this slow small models down."""

USUAL_TYPE = "int8_float32"
"""How is computed where nothing was measured: runs everywhere."""

CLEARLY = 1.1
"""How many times as fast as the usual way another one has to be: two measurements of the same one differ."""

ROUNDS = 3
"""How often each way is tried, in turns: what else the machine does only slows down, so that the fastest one counts."""

_FEATURES = ("sse4_1", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "asimd")
"""What the engine's kernels choose by (CTranslate2's `cpu/cpu_info.cc`, oneDNN), as the kernel spells it."""

_CUDA_TYPES = ("float16", "int8_float16", "int8_float32", "float32")
"""Best first, where the graphics processor supports them."""

_CUBLAS = {"linux": "libcublas.so.12", "win32": "cublas64_12.dll"}
"""The one library that CTranslate2 4.8 needs and does not bring: it loads it when it first decodes."""


def unmeasured() -> Machine:
    """This machine with what is usual on one like it."""
    cuda_types, no_cuda = _cuda()
    return Machine(
        processor=_processor(),
        features=_features(),
        cores=power.cores(),
        engine=metadata.version("ctranslate2"),
        compute_type=USUAL_TYPE,
        threads=min(power.cores(), MOST_THREADS),
        cuda_types=cuda_types,
        no_cuda=no_cuda,
    )


def measured(model: Model, sound: Samples) -> Generator[float, None, Machine]:
    """Decodes `sound` (mono float32 at 16 kHz) in every way that may be the fastest; yields the share that is done.

    The graphics processor is measured too where there is one. Returns the machine with the compute type and threads
    of the processor's fastest way, and the speed of what will be used. Raises what CTranslate2 does on the processor.
    """
    import ctranslate2

    here = unmeasured()
    ways = [(USUAL_TYPE, here.threads)]
    if "float32" in ctranslate2.get_supported_compute_types("cpu"):
        ways.append(("float32", here.threads))
    # Fewer threads than cores are faster while other programs keep these busy: that says nothing of the machine.
    counts = {power.physical_cores(), min(here.cores, 2 * MOST_THREADS)} - {here.threads}
    ways += [(USUAL_TYPE, count) for count in sorted(counts)]
    speeds = dict.fromkeys(ways, 0.0)
    for done, way in enumerate(ways * ROUNDS, 1):
        speeds[way] = max(speeds[way], _speed(model, sound, *way))
        yield done / (ROUNDS * len(ways))
    fastest = max(ways, key=lambda way: speeds[way])
    best = fastest if speeds[fastest] > speeds[ways[0]] * CLEARLY else ways[0]
    here = replace(here, compute_type=best[0], threads=best[1], speed=round(speeds[best], 2))
    return _on_cuda(here, model, sound) if here.cuda_types else here


def _on_cuda(here: Machine, model: Model, sound: Samples) -> Machine:
    """`here` with the graphics processor's speed, or without that processor where it fails."""
    try:
        speeds = [_speed(model, sound, here.cuda_types[0], here.threads, "cuda") for _ in range(ROUNDS)]
    except (RuntimeError, ValueError, OSError, MemoryError):
        return replace(here, cuda_types=(), no_cuda="failed")
    return replace(here, speed=round(max(speeds), 2))


def _speed(model: Model, sound: Samples, compute_type: str, threads: int, device: str = "cpu") -> float:
    """Seconds of sound per second."""
    from core.speech.detector import SAMPLE_RATE
    from core.speech.engine import open_model

    whisper = open_model(model, device, compute_type, threads)
    whisper.encode(whisper.feature_extractor(sound[: 30 * SAMPLE_RATE])[:, :3000])  # the first call sets up
    began = time.monotonic()
    segments, _info = whisper.transcribe(sound, language="en", beam_size=5, word_timestamps=True)
    for _segment in segments:
        pass
    return len(sound) / SAMPLE_RATE / (time.monotonic() - began)


# --- the processor ---------------------------------------------------------------------------------


@cache
def _processor() -> str:
    return _cpuinfo("model name") or platform.processor() or platform.machine()


@cache
def _features() -> tuple[str, ...]:
    flags = (_cpuinfo("flags") or _cpuinfo("Features")).split()
    return tuple(feature for feature in _FEATURES if feature in flags)


def _cpuinfo(name: str) -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            field, _colon, value = line.partition(":")
            if field.strip() == name:
                return value.strip()
    return ""


# --- the graphics processor ------------------------------------------------------------------------


@cache
def _cuda() -> tuple[tuple[str, ...], str]:
    """The compute types that CUDA offers, best first; where there are none, a key of `core.messages` saying why."""
    if os.environ.get(DEVICE_VARIABLE) == "cpu":
        return (), "unwanted"
    import ctranslate2

    try:
        if ctranslate2.get_cuda_device_count() == 0:
            return (), "none"
        supported = ctranslate2.get_supported_compute_types("cuda")
    except (RuntimeError, ValueError):  # a driver that is older than the library, a build without CUDA
        return (), "driver"
    try:
        if cublas := _CUBLAS.get(sys.platform):
            ctypes.CDLL(cublas)
    except OSError:
        return (), "libraries"
    return tuple(kind for kind in _CUDA_TYPES if kind in supported), ""
