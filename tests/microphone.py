"""A microphone for tests: a PulseAudio server of their own, with a sink whose monitor is recorded."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

NEEDED = ("pulseaudio", "pactl", "paplay", "parec")


class VirtualMicrophone:
    """What is played here is what the default microphone hears."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._listener: subprocess.Popen[bytes] | None = None
        self._playing: list[subprocess.Popen[bytes]] = []

    def play(self, sound: Path | NDArray[np.float32], rate: int = 48_000) -> None:
        """Plays a WAV file, or mono samples at `rate` Hz, and returns when it has been heard."""
        self.begin(sound, rate).wait(timeout=600)

    def begin(self, sound: Path | NDArray[np.float32], rate: int = 48_000) -> subprocess.Popen[bytes]:
        """Like `play`, but returns at once."""
        if not isinstance(sound, Path):
            file = Path(self.environment["XDG_RUNTIME_DIR"]) / f"{time.monotonic_ns()}.wav"
            with wave.open(str(file), "wb") as writer:
                writer.setparams((1, 2, rate, 0, "NONE", ""))
                writer.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
            sound = file
        playing = subprocess.Popen(["paplay", "--device=meeting", str(sound)], env=self._whole_environment())
        self._playing.append(playing)
        return playing

    def hush(self) -> None:
        """Ends whatever is still playing."""
        while self._playing:
            playing = self._playing.pop()
            playing.terminate()
            playing.wait(timeout=10)

    @property
    def plugged(self) -> bool:
        """Whether there is a microphone."""
        return "meeting.monitor" in self._pactl("list", "short", "sources")

    def unplug(self) -> None:
        """Pulls the microphone out."""
        self._pactl("unload-module", "module-null-sink")
        self.rest()

    def plug(self) -> None:
        """Connects the microphone and makes it the default."""
        self._pactl("load-module", "module-null-sink", "sink_name=meeting", "rate=48000")
        self._pactl("set-default-source", "meeting.monitor")
        # Where nobody asks for less, a null sink gives its sound in pieces of two seconds.
        self._listener = subprocess.Popen(
            ["parec", "--device=meeting.monitor", "--latency-msec=20"],
            env=self._whole_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def rest(self) -> None:
        """Ends what keeps the microphone awake."""
        if self._listener is not None:
            self._listener.terminate()
            self._listener.wait(timeout=10)
            self._listener = None

    def _whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _pactl(self, *arguments: str) -> str:
        return subprocess.run(
            ["pactl", *arguments], env=self._whole_environment(), check=True, capture_output=True, text=True
        ).stdout


def _missing() -> str:
    """Why there can be no virtual microphone here, or ''."""
    if sys.platform != "linux":
        return "the virtual microphone needs PulseAudio on Linux"
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking:
        return (
            f"the virtual microphone needs {', '.join(lacking)} (apt-get install pulseaudio pulseaudio-utils)"
        )
    plugins = list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so"))
    if not plugins:
        return "the virtual microphone needs ALSA's PulseAudio plugin (apt-get install libasound2-plugins)"
    return ""


@contextlib.contextmanager
def _server(folder: Path) -> Iterator[dict[str, str]]:
    """A PulseAudio server in `folder`; yields the environment in which it is the one that is used."""
    address = folder / "native"
    environment = {
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "PULSE_SERVER": f"unix:{address}",
    }
    server = subprocess.Popen(
        [
            "pulseaudio",
            "-n",
            "--daemonize=no",
            "--system=false",
            "--exit-idle-time=-1",
            "--use-pid-file=false",
            "--disable-shm=true",
            "-L",
            f"module-native-protocol-unix socket={address}",
        ],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 10
        while not address.exists() and server.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        assert address.exists(), "PulseAudio did not start"
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=10)


@pytest.fixture(scope="session")
def _sound_system() -> Iterator[VirtualMicrophone]:
    if reason := _missing():
        pytest.skip(reason)
    # Not under pytest's own folder: a socket's path must be short.
    with tempfile.TemporaryDirectory(prefix="mt-test-") as folder, _server(Path(folder)) as environment:
        virtual = VirtualMicrophone(environment)
        yield virtual
        virtual.rest()


@pytest.fixture
def no_microphone(
    _sound_system: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> Iterator[VirtualMicrophone]:
    """A sound system without any microphone; `plug` connects one."""
    for name, value in _sound_system.environment.items():
        monkeypatch.setenv(name, value)
    if _sound_system.plugged:
        _sound_system.unplug()
    yield _sound_system
    _sound_system.hush()


@pytest.fixture
def microphone(
    _sound_system: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> Iterator[VirtualMicrophone]:
    """A microphone that hears what a test plays, and is the system's default."""
    for name, value in _sound_system.environment.items():
        monkeypatch.setenv(name, value)
    if not _sound_system.plugged:
        _sound_system.plug()
    yield _sound_system
    _sound_system.hush()
