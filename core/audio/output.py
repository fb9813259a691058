"""Where sound is played: the machine's default output through PortAudio, or, where there is none, a silent clock."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any

import numpy as np
import structlog

from core.audio.media import Samples

_log = structlog.get_logger("output")

SILENT_RATE = 16_000
"""Hz of the silent clock."""

RAMP_SECONDS = 0.005
"""A sound that begins, ends or changes its loudness at once clicks."""


class Output:
    """Takes samples and gives them away in real time, to nobody: the silent clock where there is no sound device.

    One thread writes; `heard` may be asked from any.
    """

    silent = True

    def __init__(self, rate: int = SILENT_RATE) -> None:
        self.rate = rate
        """Samples a second."""
        self.volume = 1.0
        """How loud, 0 to 1."""
        self._lock = threading.Lock()
        self._pieces: deque[Samples] = deque()
        self._waiting = 0
        self._taken = 0
        self._given = 0
        self._paused = True
        self._loudness = 0.0
        # When sample `_first` is heard, on the monotonic clock; None while nothing runs.
        self._since: float | None = None
        self._first = 0

    def write(self, samples: Samples) -> None:
        """Adds samples behind those that wait."""
        with self._lock:
            self._pieces.append(samples)
            self._waiting += len(samples)
            self._given += len(samples)

    @property
    def waiting(self) -> int:
        """How many samples are still to be played."""
        with self._lock:
            return self._waiting

    @property
    def given(self) -> int:
        """How many samples were written so far, those that were dropped too."""
        return self._given

    def drop(self) -> None:
        """Forgets what waits."""
        with self._lock:
            self._pieces.clear()
            self._taken += self._waiting
            self._waiting = 0
            self._since = None

    def pause(self, *, paused: bool) -> None:
        """Holds still, or goes on."""
        with self._lock:
            if paused != self._paused:
                self._paused = paused
                self._since = None

    def advance(self) -> None:
        """Takes what is due by now."""
        now = time.monotonic()
        with self._lock:
            if not self._paused and self._since is not None:
                self._take(round((now - self._since) * self.rate))
            self._since = now

    def heard(self) -> int:
        """How many samples were heard so far, those that were dropped too."""
        return self._taken

    @property
    def works(self) -> bool:
        """Whether it still plays."""
        return True

    def close(self) -> None:
        """Gives the device back."""

    def _take(self, count: int) -> Samples:
        """The next samples, at most `count`, in the loudness that is wanted. The lock is held."""
        taken: list[Samples] = []
        left = count
        while left > 0 and self._pieces:
            piece = self._pieces.popleft()
            if len(piece) > left:
                self._pieces.appendleft(piece[left:])
                piece = piece[:left]
            taken.append(piece)
            left -= len(piece)
        got = count - max(0, left)
        self._waiting -= got
        self._taken += got
        return np.concatenate(taken) if taken else np.zeros(0, dtype=np.float32)


class Speakers(Output):
    """The machine's default output."""

    silent = False

    def __init__(self) -> None:
        """Opens it. Raises whatever PortAudio and its loader raise: `open_output` knows what that means."""
        import sounddevice

        # PortAudio's list of devices is as old as its start; in this process nothing else uses it.
        sounddevice._terminate()  # noqa: SLF001  there is no public way
        sounddevice._initialize()  # noqa: SLF001
        device = sounddevice.query_devices(kind="output")
        super().__init__(round(device["default_samplerate"]))
        self._channels = min(2, device["max_output_channels"])
        self._stream = sounddevice.OutputStream(
            samplerate=self.rate,
            channels=self._channels,
            dtype="float32",
            latency="high",
            callback=self._play,
        )
        self._stream.start()

    def _play(self, target: Any, count: int, moments: Any, _status: object) -> None:
        """PortAudio's own thread asks for `count` frames; no file is read here and nothing waited for."""
        with self._lock:
            if self._paused and self._loudness == 0.0:
                target.fill(0.0)
                self._since = None
                return
            first = self._taken
            samples = self._take(count)
            self._since = time.monotonic() + (moments.outputBufferDacTime - moments.currentTime)
            self._first = first
            wanted = 0.0 if self._paused else self.volume
            before, self._loudness = self._loudness, wanted
        target[len(samples) :] = 0.0
        if len(samples):
            ramp = min(len(samples), round(RAMP_SECONDS * self.rate))
            loudness = np.full(len(samples), wanted, dtype=np.float32)
            loudness[:ramp] = np.linspace(before, wanted, ramp, dtype=np.float32)
            target[: len(samples)] = (np.clip(samples, -1.0, 1.0) * loudness)[:, None]

    def advance(self) -> None:
        """PortAudio asks by itself."""

    def heard(self) -> int:
        """How many samples have left the loudspeaker, as far as PortAudio knows its delay."""
        with self._lock:
            if self._since is None:
                return self._taken
            passed = round((time.monotonic() - self._since) * self.rate)
            return max(0, min(self._taken, self._first + passed))

    @property
    def works(self) -> bool:
        """Whether PortAudio still plays: a device may be pulled out."""
        return bool(self._stream.active)

    def close(self) -> None:
        """Gives the device back."""
        self._stream.close()


def open_output() -> Output:
    """The machine's default output; a silent clock where there is none."""
    try:
        return Speakers()
    except Exception as error:  # noqa: BLE001  OSError without the library; its own class cannot be imported then
        _log.info("no sound output", reason=type(error).__name__)
        return Output()
