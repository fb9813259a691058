"""This machine, as far as the speech engine's speed hangs on it: its processor, memory and graphics processor."""

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

from core.values import Machine, Model

if TYPE_CHECKING:
    from core.speech.windows import Samples

DEVICE_VARIABLE = "MEETING_TRANSCRIBER_DEVICE"
"""'cpu' in this variable of the environment leaves the graphics processor alone."""

MOST_THREADS = 8
"""More threads than this slow small models down."""

USUAL_TYPE = "int8_float32"
"""How is computed where nothing was measured: runs everywhere."""

CLEARLY = 1.1
"""How many times as fast another way has to be: the ways' texts differ a little, and so do two measurements."""

ROUNDS = 2
"""How often each way is tried, in turns: what else the machine does only slows down, so that the faster one counts."""

_FEATURES = ("sse4_1", "avx", "avx2", "fma", "avx512f", "avx512_vnni", "avx_vnni", "asimd")
"""What the engine's kernels choose by (CTranslate2's `cpu/cpu_info.cc`, oneDNN), as the kernel spells it."""

_CUDA_TYPES = ("float16", "int8_float16", "int8_float32", "float32")
"""Best first, where the graphics processor supports them."""

_CUDA_LIBRARIES = {
    "linux": ("libcublas.so.12", "libcudnn_ops.so.9", "libcudnn_cnn.so.9"),
    "win32": ("cublas64_12.dll", "cudnn_ops64_9.dll", "cudnn_cnn64_9.dll"),
}
"""What CTranslate2 4 loads when it first decodes; without cuDNN it ends the process, so that we look before."""


def unmeasured() -> Machine:
    """This machine with what is usual on one like it."""
    cuda_types, no_cuda = _cuda()
    return Machine(
        processor=_processor(),
        features=_features(),
        cores=cores(),
        engine=metadata.version("ctranslate2"),
        compute_type=USUAL_TYPE,
        threads=max(1, min(cores(), MOST_THREADS)),
        cuda_types=cuda_types,
        no_cuda=no_cuda,
    )


def measured(model: Model, sound: Samples) -> Generator[float, None, Machine]:
    """Decodes `sound` (mono float32 at 16 kHz) in every way that may be the fastest; yields the share that is done.

    The processor alone is measured. Returns the machine with the compute type and threads of the fastest way.
    Raises what CTranslate2 does.
    """
    import ctranslate2

    here = unmeasured()
    supported = ctranslate2.get_supported_compute_types("cpu")
    types = [(kind, here.threads) for kind in (USUAL_TYPE, "int8", "float32") if kind in supported]
    counts = sorted({max(1, here.cores // 2), min(here.cores, 2 * MOST_THREADS)} - {here.threads})
    steps, done = ROUNDS * (len(types) + len(counts) + 1), 0
    best = types[0]
    for stage in range(2):
        # The number of threads is looked for with the best type only.
        ways = [best, *((best[0], count) for count in counts)] if stage else types
        speeds = dict.fromkeys(ways, 0.0)
        for way in ways * ROUNDS:
            speeds[way] = max(speeds[way], _speed(model, sound, *way))
            done += 1
            yield done / steps
        fastest = max(ways, key=lambda way: speeds[way])
        if speeds[fastest] > speeds[ways[0]] * CLEARLY:
            best = fastest
    return replace(here, compute_type=best[0], threads=best[1], speed=round(speeds[best], 2))


def _speed(model: Model, sound: Samples, compute_type: str, threads: int) -> float:
    """Seconds of sound per second."""
    from core.speech.engine import open_model
    from core.speech.windows import SAMPLE_RATE

    whisper = open_model(model, "cpu", compute_type, threads)
    whisper.encode(whisper.feature_extractor(sound[: 30 * SAMPLE_RATE])[:, :3000])  # the first call sets up
    began = time.monotonic()
    segments, _info = whisper.transcribe(sound, language="en", beam_size=5, word_timestamps=True)
    for _segment in segments:
        pass
    return len(sound) / SAMPLE_RATE / (time.monotonic() - began)


# --- the processor and memory ----------------------------------------------------------------------


def cores() -> int:
    """How many processor cores this process may keep busy: those it is bound to, less where its quota is smaller."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota, period = (_limit("cpu.max").split() or ["max"])[:2] if _limit("cpu.max") else ("max", "1")
    if quota.isdigit():
        bound = min(bound, max(1, -(-int(quota) // int(period))))
    return bound


def memory() -> int:
    """Bytes of memory in this machine, or that this process may use of them."""
    import psutil

    limit = _limit("memory.max")
    total = int(psutil.virtual_memory().total)
    return min(total, int(limit)) if limit.isdigit() else total


def free_memory() -> int:
    """Bytes of memory that this process may still take."""
    import psutil

    free = int(psutil.virtual_memory().available)
    limit, used = _limit("memory.max"), _limit("memory.current")
    if limit.isdigit() and used.isdigit():
        cached = next(
            (
                int(line.split()[1])
                for line in _limit("memory.stat").splitlines()
                if line.startswith("inactive_file ")
            ),
            0,
        )
        free = min(free, int(limit) - int(used) + cached)
    return max(0, free)


def _limit(name: str) -> str:
    """What the control group of this process says (Linux, version 2), '' where there is none."""
    with suppress(OSError):
        own = next(
            (
                line[3:]
                for line in Path("/proc/self/cgroup").read_text().splitlines()
                if line.startswith("0::")
            ),
            "/",
        )
        for folder in (Path("/sys/fs/cgroup") / own.strip("/"), Path("/sys/fs/cgroup")):
            if (folder / name).is_file():
                return (folder / name).read_text().strip()
    return ""


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
    for library in _CUDA_LIBRARIES.get(sys.platform, ()):
        try:
            ctypes.CDLL(library)
        except OSError:
            return (), "libraries"
    return tuple(kind for kind in _CUDA_TYPES if kind in supported), ""
