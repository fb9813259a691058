"""Speech faster or slower at its own pitch, by FFmpeg's WSOLA (its filter `atempo`)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

from core.audio.media import Samples

BLENDED = 2.0
"""Up to here one `atempo` blends every sample; beyond it leaves some out (FFmpeg's documentation), so two share it."""


class Tempo:
    """Makes mono samples at `rate` Hz last 1 / `factor` as long; 1.0 leaves them as they are."""

    def __init__(self, rate: int, factor: float) -> None:
        self._rate = rate
        self._taken = 0
        self._graph: Graph | None = None
        if factor == 1.0:
            return
        self._graph = graph = Graph()
        times = max(1, math.ceil(abs(math.log(factor, BLENDED))))
        graph.link_nodes(
            graph.add_abuffer(sample_rate=rate, format="flt", layout="mono", time_base=Fraction(1, rate)),
            *(graph.add("atempo", f"{factor ** (1 / times):.6f}") for _ in range(times)),
            graph.add("abuffersink"),
        ).configure()

    def stretched(self, samples: Samples) -> Samples:
        """What is ready after these: nothing at first, as the filter looks some hundredths of a second ahead."""
        if self._graph is None:
            return samples
        frame = AudioFrame(format="flt", layout="mono", samples=len(samples))
        frame.sample_rate, frame.pts = self._rate, self._taken
        frame.planes[0].update(np.ascontiguousarray(samples, dtype=np.float32).tobytes())
        self._taken += len(samples)
        self._graph.push(frame)
        return _joined(self._pulled(self._graph))

    def rest(self) -> Samples:
        """What is left at the end; nothing comes after it."""
        if self._graph is None or not self._taken:
            return np.zeros(0, dtype=np.float32)
        self._graph.push(None)
        return _joined(self._pulled(self._graph))

    def _pulled(self, graph: Graph) -> Iterator[Samples]:
        while True:
            try:
                pulled = graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            assert isinstance(pulled, AudioFrame)
            yield np.asarray(pulled.to_ndarray(), dtype=np.float32).reshape(-1)


def _joined(pieces: Iterator[Samples]) -> Samples:
    return np.concatenate([np.zeros(0, dtype=np.float32), *pieces])
