"""Microphones: which there are, and sound from one of them, through PortAudio.

PortAudio's list is frozen when it is loaded, and loading it again stops open streams. So doors ask
`microphones`, which looks in a process of its own; `present` and `Input` are for the recorder's processes.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from core import errors
from core.audio import recorder
from core.audio.recording import RATE
from core.values import Microphone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LISTED_WITHIN = 20.0  # seconds; a sound server that does not answer must not hang the one who asks


def microphones() -> list[Microphone]:
    """The input devices connected right now, the system's default first.

    Raises `NoSoundSystem`, or `NoMicrophone` when there is none.
    """
    try:
        done = subprocess.run(
            recorder.command("microphones"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LISTED_WITHIN,
            check=False,
            **recorder.apart(),
        )
    except subprocess.TimeoutExpired as error:
        raise errors.NoSoundSystem from error
    if done.returncode:
        raise recorder.failure_in(done.stdout)
    return [Microphone(**device) for device in json.loads(done.stdout)]


def present() -> list[Microphone]:
    """The input devices as PortAudio found them when this process loaded it, the default first.

    Of one host interface only, since every other lists the same devices again; of ALSA's names those
    of hardware and a default that leads to some, the rest being plugins. Raises `NoSoundSystem` or `NoMicrophone`.
    """
    portaudio = _portaudio()
    default = _default(portaudio)
    found = []
    for device in portaudio.query_devices():
        if device["hostapi"] != default["hostapi"] or device["max_input_channels"] < 1:
            continue
        is_default = device["index"] == default["index"]
        plugin = (
            portaudio.query_hostapis(device["hostapi"])["name"] == "ALSA" and "(hw:" not in device["name"]
        )
        if plugin and not (is_default and _opens(portaudio, device, 1, int(device["default_samplerate"]))):
            continue
        rate = int(device["default_samplerate"])
        found.append(Microphone(device["name"], device["max_input_channels"], rate, is_default))
    if not found:
        raise errors.NoMicrophone
    return sorted(found, key=lambda microphone: not microphone.is_default)


def as_json(found: list[Microphone]) -> str:
    """`found` as `microphones` reads it."""
    return json.dumps([asdict(microphone) for microphone in found])


class Input:
    """Sound from one device, from now until `close`.

    `device` is a name PortAudio knows, or '' for the system's default; `rate` is in Hz, `name` the
    device's. Raises `NoSoundSystem`, `NoMicrophone` (also where the system refuses it) or `MicrophoneUnknown`.
    """

    def __init__(self, device: str, channels: int) -> None:
        portaudio = _portaudio()
        chosen = _chosen(portaudio, device)
        self.name = str(chosen["name"])
        self.overflows = 0
        self._blocks: SimpleQueue[NDArray[np.float32]] = SimpleQueue()
        try:
            self.rate = _rate(portaudio, chosen, channels)
            self._stream = portaudio.InputStream(
                device=chosen["index"],
                channels=channels,
                samplerate=self.rate,
                dtype="float32",
                latency="high",
                callback=self._take,
            )
            self._stream.start()
        except portaudio.PortAudioError as error:
            raise not_delivering(device) from error

    def _take(self, block: NDArray[np.float32], _frames: int, _time: Any, status: Any) -> None:
        # Runs in PortAudio's own real-time thread: nothing here may wait.
        if status.input_overflow:
            self.overflows += 1
        self._blocks.put(block.copy())

    @property
    def active(self) -> bool:
        """Whether the device may still deliver."""
        return bool(self._stream.active)

    @property
    def latency(self) -> float:
        """How many seconds after it was said a sound arrives."""
        return float(self._stream.latency)

    def take(self) -> list[NDArray[np.float32]]:
        """The blocks that arrived since the last call: float32, shape (frames, channels), in [-1, 1]."""
        blocks = []
        try:
            while True:
                blocks.append(self._blocks.get_nowait())
        except Empty:
            return blocks

    def wait(self, seconds: float) -> list[NDArray[np.float32]]:
        """The first block, as a list; empty when none came within `seconds`."""
        try:
            return [self._blocks.get(timeout=seconds)]
        except Empty:
            return []

    def close(self) -> None:
        """Lets go of the device; blocks already taken stay."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


def not_delivering(device: str) -> errors.SoundProblem:
    """What it means that `device`, as it was asked for, gives no sound."""
    return errors.MicrophoneUnknown(device) if device else errors.NoMicrophone()


def _portaudio() -> Any:
    try:
        import sounddevice
    except Exception as error:
        # OSError without the library; its own error class, not importable then, when it does not start.
        raise errors.NoSoundSystem from error
    return sounddevice


def _default(portaudio: Any) -> dict[str, Any]:
    try:
        return dict(portaudio.query_devices(kind="input"))
    except portaudio.PortAudioError as error:
        raise errors.NoMicrophone from error


def _chosen(portaudio: Any, device: str) -> dict[str, Any]:
    default = _default(portaudio)
    if not device:
        return default
    named = [d for d in portaudio.query_devices() if d["name"] == device and d["max_input_channels"] > 0]
    if not named:
        raise errors.MicrophoneUnknown(device)
    return dict(min(named, key=lambda d: bool(d["hostapi"] != default["hostapi"])))


def _rate(portaudio: Any, chosen: dict[str, Any], channels: int) -> int:
    """The rate of the file where the device has it: what ALSA names a default is not the device's own."""
    return RATE if _opens(portaudio, chosen, channels, RATE) else int(chosen["default_samplerate"])


def _opens(portaudio: Any, device: dict[str, Any], channels: int, rate: int) -> bool:
    try:
        portaudio.check_input_settings(
            device=device["index"], channels=channels, dtype="float32", samplerate=rate
        )
    except portaudio.PortAudioError:
        return False
    return True
