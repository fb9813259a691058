"""A microphone and an output for tests: a PulseAudio server of their own, with sinks whose monitors are recorded."""

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
    """What is played here is what the default microphone hears, or what the machine plays to its default output.

    The sound server has two sinks: `meeting`, whose monitor is the microphone, and `system`, the output.
    """

    def __init__(self, folder: Path) -> None:
        self.environment = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "PULSE_SERVER": f"unix:{folder / 'native'}",
        }
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self._modules: dict[str, str] = {}
        self._playing: list[subprocess.Popen[bytes]] = []

    # --- sound ---------------------------------------------------------------------------------------

    def play(self, sound: Path | NDArray[np.float32], rate: int = 48_000, sink: str = "meeting") -> None:
        """Plays a WAV file, or mono samples at `rate` Hz, and returns when it has been heard."""
        self.begin(sound, rate, sink).wait(timeout=600)

    def begin(
        self, sound: Path | NDArray[np.float32], rate: int = 48_000, sink: str = "meeting"
    ) -> subprocess.Popen[bytes]:
        """Like `play`, but returns at once."""
        if not isinstance(sound, Path):
            file = self._folder / f"{time.monotonic_ns()}.wav"
            with wave.open(str(file), "wb") as writer:
                writer.setparams((1, 2, rate, 0, "NONE", ""))
                writer.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
            sound = file
        playing = subprocess.Popen(["paplay", f"--device={sink}", str(sound)], env=self._whole_environment())
        self._playing.append(playing)
        return playing

    def hush(self) -> None:
        """Ends whatever is still playing."""
        while self._playing:
            playing = self._playing.pop()
            playing.terminate()
            playing.wait(timeout=10)

    def mute(self, *, muted: bool = True, sink: str = "meeting") -> None:
        """Mutes what is heard of a sink, or lets it be heard again."""
        self._pactl("set-source-mute", f"{sink}.monitor", str(int(muted)))

    @contextlib.contextmanager
    def witness(self, file: Path, sink: str = "meeting") -> Iterator[None]:
        """Captures what a sink plays into `file` too, 16 bit, mono, 48 kHz, as long as the block runs."""
        command = ["parec", f"--device={sink}.monitor", "--rate=48000", "--channels=1", "--latency-msec=20"]
        with (
            file.open("wb") as captured,
            subprocess.Popen(command, env=self._whole_environment(), stdout=captured) as capture,
        ):
            yield
            capture.kill()

    # --- devices -------------------------------------------------------------------------------------

    @property
    def plugged(self) -> bool:
        """Whether there is a microphone."""
        return "meeting" in self._modules

    def unplug(self) -> None:
        """Pulls the microphone out."""
        self.remove("meeting")

    def plug(self) -> None:
        """Connects the microphone and makes it the default."""
        self.add("meeting")
        self.prefer(source="meeting.monitor")

    def add(self, sink: str) -> None:
        """Connects another output; what is played to it can be recorded from `{sink}.monitor`."""
        self._modules[sink] = self._pactl(
            "load-module",
            "module-null-sink",
            f"sink_name={sink}",
            "rate=48000",
            "norewinds=1",  # or it gives its sound in pieces of two seconds
            f"sink_properties=device.description={sink.title()}",
        ).strip()

    def connect(self, name: str) -> None:
        """Connects another microphone, called `name` in capitals; it hears what is played to the sink `name`."""
        self.add(name)
        self._pactl(
            "load-module",
            "module-remap-source",
            f"source_name={name}",
            f"master={name}.monitor",
            "remix=no",
            f"source_properties=device.description={name.upper()}",
        )

    def remove(self, sink: str) -> None:
        """Takes an output away, and the microphone that hears it."""
        self._pactl("unload-module", self._modules.pop(sink))

    def prefer(self, *, sink: str = "", source: str = "") -> None:
        """Makes a sink the default output, a source the default microphone."""
        if sink:
            self._pactl("set-default-sink", sink)
        if source:
            self._pactl("set-default-source", source)

    @contextlib.contextmanager
    def combined(self, *sinks: str) -> Iterator[str]:
        """A sink that plays to several at the same moment."""
        module = self._pactl("load-module", "module-combine-sink", f"slaves={','.join(sinks)}").strip()
        try:
            yield "combined"
        finally:
            self._pactl("unload-module", module)

    # --- the server ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the sound server, with the output."""
        address = self._folder / "native"
        address.unlink(missing_ok=True)
        self._server = subprocess.Popen(
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
            env=self._whole_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 10
        while not address.exists() and self._server.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        assert address.exists(), "PulseAudio did not start"
        self.add("system")
        self.prefer(sink="system")

    def admit_all(self) -> str:
        """Lets every user of this machine in; the address that they use."""
        self._folder.chmod(0o755)
        address = self._folder / "all"
        self._pactl("load-module", "module-native-protocol-unix", "auth-anonymous=1", f"socket={address}")
        address.chmod(0o777)
        return f"unix:{address}"

    def crash(self) -> None:
        """Kills the sound server."""
        if self._server is None:
            return
        self._server.kill()
        self._server.wait(timeout=10)
        self._server = None
        self._modules.clear()

    def reset(self, *, plugged: bool) -> None:
        """Makes everything as a test expects it."""
        if self._server is None:
            self.start()
        if plugged != self.plugged:
            if plugged:
                self.plug()
            else:
                self.unplug()
        for sink in self._modules.keys() - {"meeting", "system"}:
            self.remove(sink)
        for sink in self._modules:
            self.mute(muted=False, sink=sink)
        self.prefer(sink="system", source="meeting.monitor" if plugged else "")

    def _whole_environment(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _pactl(self, *arguments: str) -> str:
        return subprocess.run(
            ["pactl", *arguments], env=self._whole_environment(), check=True, capture_output=True, text=True
        ).stdout


def lacking() -> str:
    """Why there can be no virtual microphone here, or ''."""
    if sys.platform != "linux":
        return "the virtual microphone needs PulseAudio on Linux"
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking:
        return (
            f"the virtual microphone needs {', '.join(lacking)} (apt-get install pulseaudio pulseaudio-utils)"
        )
    return ""


@contextlib.contextmanager
def sound_system(folder: Path) -> Iterator[VirtualMicrophone]:
    """A sound server in `folder`, whose path must be short as a socket's, with a microphone and an output."""
    virtual = VirtualMicrophone(folder)
    virtual.start()
    try:
        virtual.plug()
        yield virtual
        virtual.hush()
    finally:
        virtual.crash()


@pytest.fixture(scope="session")
def _sound_system() -> Iterator[VirtualMicrophone]:
    if reason := lacking():
        pytest.skip(reason)
    # Not under pytest's own folder, whose path is long.
    with (
        tempfile.TemporaryDirectory(prefix="mt-test-") as folder,
        sound_system(Path(folder)) as virtual,
    ):
        yield virtual


@pytest.fixture
def no_microphone(
    _sound_system: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> Iterator[VirtualMicrophone]:
    """A sound system with an output and without any microphone; `plug` connects one."""
    yield from _used(_sound_system, monkeypatch, plugged=False)


@pytest.fixture
def microphone(
    _sound_system: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> Iterator[VirtualMicrophone]:
    """A microphone that hears what a test plays, and is the system's default, beside an output."""
    yield from _used(_sound_system, monkeypatch, plugged=True)


def _used(
    virtual: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch, *, plugged: bool
) -> Iterator[VirtualMicrophone]:
    for name, value in virtual.environment.items():
        monkeypatch.setenv(name, value)
    virtual.reset(plugged=plugged)
    yield virtual
    virtual.hush()
